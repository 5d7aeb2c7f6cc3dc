package rounds

import (
	"context"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"wellwave/server/access"
	"wellwave/server/office/signedin"
	"wellwave/server/page"
	"wellwave/surveys"
	"wellwave/surveys/store"
)

// The steps of a round, none of which can be taken back. At another stage than a step begins at, its page leads to the
// round's own, which says how far the round has come; so does a button that was pressed twice.

// ConfirmSetUp handles GET /office/studies/:study/rounds/:wave/set-up.
func (h *Rounds) ConfirmSetUp(c echo.Context) error {
	r, err := h.find(c)
	if err != nil {
		return err
	}
	if r.Stage != surveys.RoundPlanned {
		return c.Redirect(http.StatusSeeOther, r.path())
	}
	p, err := h.setUpPage(c, r)
	if err != nil {
		return err
	}
	return h.pages.Send(c, http.StatusOK, p)
}

func (h *Rounds) setUpPage(c echo.Context, r round) (*signedin.ConfirmPage, error) {
	custodians, err := h.store.ListCustodians(c.Request().Context(), r.study.ID)
	if err != nil {
		return nil, err
	}
	p := &signedin.ConfirmPage{Frame: h.frame(c, "Set "+r.Wave.Title+" up?", r), Action: r.path() + "/set-up", CancelURL: r.path(), Button: "Set the round up"}
	p.Narrow = true
	if r.Sealing == surveys.ByServer {
		p.Says = []string{"This study’s file says that the server keeps the answers of its rounds readable, in no order and beside nothing that says whose they are.",
			"That is frozen for this round now: if the study file asks for custodians later, this round stays as it is.", showing(r.study)}
		return p, nil
	}
	p.Says = []string{"From its first answer on, the round is sealed. Who can open it is frozen now: " + whoKeeps(custodians) + ". Any two of them can, once the round is closed. " +
		"A key that is made or replaced later does not open this round.",
		showing(r.study),
		"After this the cards can be made. Headcounts and contacts can still be changed until the round is closed."}
	p.Warning = "If two of these three keys are lost, nobody can ever read the answers of this round."
	return p, nil
}

// SetUp handles POST /office/studies/:study/rounds/:wave/set-up. Where a custodian is missing the same page says so.
func (h *Rounds) SetUp(c echo.Context) error {
	r, err := h.find(c)
	if err != nil {
		return err
	}
	if r.Stage != surveys.RoundPlanned {
		return c.Redirect(http.StatusSeeOther, r.path())
	}
	err = h.store.SetUpRound(context.WithoutCancel(c.Request().Context()), access.Account(c).ID, r.study.ID, r.Wave.ID)
	if surveys.KindOf(err) == surveys.Conflict {
		p, pageErr := h.setUpPage(c, r)
		if pageErr != nil {
			return pageErr
		}
		p.Errors = page.ShowErrors(err)
		return h.pages.Send(c, http.StatusConflict, p)
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, r.path())
}

// ConfirmClose handles GET /office/studies/:study/rounds/:wave/close.
func (h *Rounds) ConfirmClose(c echo.Context) error {
	r, err := h.find(c)
	if err != nil {
		return err
	}
	if r.Stage != surveys.RoundOpen {
		return c.Redirect(http.StatusSeeOther, r.path())
	}
	return h.pages.Send(c, http.StatusOK, h.closePage(c, r))
}

func (h *Rounds) closePage(c echo.Context, r round) *signedin.ConfirmPage {
	p := &signedin.ConfirmPage{Frame: h.frame(c, "Close "+r.Wave.Title+"?", r), Action: r.path() + "/close", CancelURL: r.path(), Button: "Close the round", Alarm: true}
	p.Narrow = true
	p.Says = []string{"No more answers are taken, and the cards that were not used stop working for good. Whoever is answering at this moment can no longer send it."}
	if r.Sealing == surveys.ByCustodians {
		p.Says = append(p.Says, "The answers stay sealed until two of their three custodians open them: "+andList(r.Custodians)+".")
	} else {
		p.Says = append(p.Says, "The server has kept the answers of this round, so nobody has to open them afterwards.")
	}
	p.Says = append(p.Says, "Headcounts can no longer be changed, because they decide what may be shown.")
	p.Warning = "A closed round cannot be opened for answers again."
	if !r.over() {
		p.Warning += " Its last day, " + r.lastDay() + ", has not passed yet, and the cards say that they work until then."
	}
	p.Tick = page.Clause{ID: "sure", Value: "true", Text: "Close this round for good"}
	return p
}

type closeForm struct {
	Sure bool `form:"sure" validate:"required"`
}

// Close handles POST /office/studies/:study/rounds/:wave/close.
func (h *Rounds) Close(c echo.Context) error {
	r, err := h.find(c)
	if err != nil {
		return err
	}
	if r.Stage != surveys.RoundOpen {
		return c.Redirect(http.StatusSeeOther, r.path())
	}
	var form closeForm
	if err := page.Bind(c, &form); surveys.KindOf(err) == surveys.Invalid {
		p := h.closePage(c, r)
		p.Tick.Error = "Tick the box if you want to close the round"
		p.Errors = []page.FieldError{{Field: p.Tick.ID, Text: p.Tick.Error}}
		return h.pages.Send(c, http.StatusBadRequest, p)
	} else if err != nil {
		return err
	}
	if err := h.store.CloseRound(context.WithoutCancel(c.Request().Context()), access.Account(c).ID, r.study.ID, r.Wave.ID); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, r.path())
}

// AskKeys handles GET /office/studies/:study/rounds/:wave/open.
func (h *Rounds) AskKeys(c echo.Context) error {
	r, err := h.find(c)
	if err != nil {
		return err
	}
	if r.Stage != surveys.RoundClosed {
		return c.Redirect(http.StatusSeeOther, r.path())
	}
	return h.pages.Send(c, http.StatusOK, h.openPage(c, r))
}

// openPage asks for two keys. It never holds one that somebody gave.
func (h *Rounds) openPage(c echo.Context, r round) *roundOpenPage {
	p := &roundOpenPage{Frame: h.frame(c, "Open the answers of "+r.Wave.Title, r), Action: r.path() + "/open", CancelURL: r.path(), Keepers: andList(r.Custodians)}
	p.Narrow = true
	p.Typed = signedin.TypedField(string(r.study.ID))
	p.First, p.Second = keyField(store.KeyFields[0], "First key"), keyField(store.KeyFields[1], "Second key")
	if !r.study.Demo {
		return p
	}
	for _, keeper := range h.inTheOpen {
		if keeper.Study == r.study.ID {
			p.InTheOpen = append(p.InTheOpen, page.Fact{Term: keeper.Name, Text: keeper.Key})
		}
	}
	return p
}

type openForm struct {
	First  string `form:"first" validate:"max=4096"`
	Second string `form:"second" validate:"max=4096"`
	Typed  string `form:"typed"`
}

// Open handles POST /office/studies/:study/rounds/:wave/open. The keys are used and forgotten.
func (h *Rounds) Open(c echo.Context) error {
	r, err := h.find(c)
	if err != nil {
		return err
	}
	if r.Stage != surveys.RoundClosed {
		return c.Redirect(http.StatusSeeOther, r.path())
	}
	var form openForm
	err = page.Bind(c, &form)
	if p := h.openPage(c, r); err == nil && !signedin.WasTyped(form.Typed, string(r.study.ID), &p.Typed, &p.Errors) {
		return h.pages.Send(c, http.StatusBadRequest, p)
	}
	if err == nil {
		err = h.open(c, r, form)
	}
	if kind := surveys.KindOf(err); kind == surveys.Invalid {
		p := h.openPage(c, r)
		p.Errors = page.ShowErrors(err, &p.First, &p.Second)
		nameKeys(p.Errors, p.First, p.Second)
		return h.pages.Send(c, page.KindStatus[kind], p)
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, r.path())
}

// nameKeys says in an error summary which key each line is about.
func nameKeys(errors []page.FieldError, fields ...page.TextField) {
	for i, fault := range errors {
		for _, f := range fields {
			if fault.Field == f.ID && !strings.HasPrefix(fault.Text, f.Label) {
				errors[i].Text = f.Label + ": " + strings.ToLower(fault.Text[:1]) + fault.Text[1:]
			}
		}
	}
}

func (h *Rounds) open(c echo.Context, r round, form openForm) error {
	var keys [2]string
	for i, typed := range [2]string{form.First, form.Second} {
		var err error
		if keys[i], err = readKey(c, store.KeyFields[i], typed); err != nil {
			return err
		}
	}
	return h.store.OpenRound(context.WithoutCancel(c.Request().Context()), access.Account(c).ID, r.study.ID, r.Wave.ID, keys)
}

// andList lists names as a sentence does.
func andList(names []string) string {
	switch last := len(names) - 1; last {
	case -1:
		return "nobody"
	case 0:
		return names[0]
	default:
		return strings.Join(names[:last], ", ") + " and " + names[last]
	}
}
