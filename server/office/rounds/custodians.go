package rounds

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"wellwave/server/access"
	"wellwave/server/office/signedin"
	"wellwave/server/page"
	"wellwave/surveys"
	"wellwave/surveys/store"
)

// Custodians keep the three keys to the answers of the staff survey. The office makes the keys, shows each once, and
// checks that it can be read back.
type Custodians struct {
	frames *signedin.Frames
	store  *store.Store
	pages  *page.Renderer
	now    func() time.Time
}

// keepers is how many custodians there are.
const keepers = 3

func custodiansPath(study surveys.StudyID) string { return signedin.StudyPath(study) + "/custodians" }

func custodianPath(study surveys.StudyID, number int) string {
	return custodiansPath(study) + "/" + strconv.Itoa(number)
}

// proved counts the custodians who have shown that their key can be read back.
func proved(custodians []surveys.StaffCustodian) int {
	n := 0
	for _, keeper := range custodians {
		if keeper.Proved {
			n++
		}
	}
	return n
}

// keeperAt returns the custodian with a number; without a name there is none.
func keeperAt(custodians []surveys.StaffCustodian, number int) surveys.StaffCustodian {
	for _, keeper := range custodians {
		if keeper.Number == number {
			return keeper
		}
	}
	return surveys.StaffCustodian{Number: number}
}

// whoKeeps lists the three custodians, or who is missing, as a sentence does.
func whoKeeps(custodians []surveys.StaffCustodian) string {
	var names []string
	for number := 1; number <= keepers; number++ {
		if name := keeperAt(custodians, number).Name; name != "" {
			names = append(names, name)
		} else {
			names = append(names, "nobody yet as custodian "+strconv.Itoa(number))
		}
	}
	return andList(names)
}

// keyState says how far the key of a custodian has come, and the kind of its badge.
func keyState(keeper surveys.StaffCustodian) (says, kind string) {
	switch {
	case keeper.Name == "":
		return "no key yet", "plain"
	case !keeper.Proved:
		return "not read back yet", "warn"
	default:
		return "read back", "good"
	}
}

// keeperFacts list who keeps which key.
func keeperFacts(custodians []surveys.StaffCustodian) []page.Fact {
	var facts []page.Fact
	for number := 1; number <= keepers; number++ {
		keeper := keeperAt(custodians, number)
		says, _ := keyState(keeper)
		if keeper.Name != "" {
			says = keeper.Name + ", key " + says
		}
		facts = append(facts, page.Fact{Term: "Custodian " + strconv.Itoa(number), Text: says})
	}
	return facts
}

// frame is the frame of a page about custodians.
func (h *Custodians) frame(c echo.Context, title string, study *surveys.Study, state surveys.StudyState) signedin.Frame {
	f := h.frames.Study(c, title, study, state)
	f.Crumbs = []page.Link{{Label: "Staff rounds", URL: roundsPath(study.ID)}}
	for i := range f.Tabs {
		f.Tabs[i].Current = f.Tabs[i].URL == roundsPath(study.ID) // which they are a part of
	}
	if at := custodiansPath(study.ID); c.Request().URL.Path != at {
		f.Crumbs = append(f.Crumbs, page.Link{Label: "Custodians", URL: at})
	}
	return f
}

// List handles GET /office/studies/:study/custodians.
func (h *Custodians) List(c echo.Context) error {
	study, state, err := signedin.FindStudy(c, h.store)
	if err != nil {
		return err
	}
	custodians, err := h.store.ListCustodians(c.Request().Context(), study.ID)
	if err != nil {
		return err
	}
	p := &custodiansPage{Frame: h.frame(c, "Custodians", study, state), ByServer: study.StaffSurvey.Sealing == surveys.ByServer}
	team := access.Team.Has(access.Account(c))
	for number := 1; number <= keepers; number++ {
		keeper := keeperAt(custodians, number)
		view := keeperView{Number: strconv.Itoa(number), Name: keeper.Name}
		view.State, view.Kind = keyState(keeper)
		if at := custodianPath(study.ID, number); team {
			view.MakeURL, view.Make = at, signedin.YesNo(keeper.Name == "", "Make a key", "Replace the key")
			if keeper.Name != "" {
				view.ProofURL = at + "/proof"
			}
		}
		p.Keepers = append(p.Keepers, view)
	}
	return h.pages.Send(c, http.StatusOK, p)
}

// custodian is one of a study's three, with or without a key.
type custodian struct {
	surveys.StaffCustodian
	study *surveys.Study
	state surveys.StudyState
}

func (k custodian) path() string { return custodianPath(k.study.ID, k.Number) }

// find returns the custodian of the address.
func (h *Custodians) find(c echo.Context) (custodian, error) {
	study, state, err := signedin.FindStudy(c, h.store)
	if err != nil {
		return custodian{}, err
	}
	number, err := strconv.Atoi(c.Param("number"))
	if err != nil || number < 1 || number > keepers {
		return custodian{}, echo.ErrNotFound
	}
	custodians, err := h.store.ListCustodians(c.Request().Context(), study.ID)
	return custodian{keeperAt(custodians, number), study, state}, err
}

// Ask handles GET /office/studies/:study/custodians/:number: who is to keep a key.
func (h *Custodians) Ask(c echo.Context) error {
	k, err := h.find(c)
	if err != nil {
		return err
	}
	return h.pages.Send(c, http.StatusOK, h.newPage(c, k))
}

func (h *Custodians) newPage(c echo.Context, k custodian) *custodianNewPage {
	p := &custodianNewPage{Frame: h.frame(c, fmt.Sprintf("Make a key for custodian %d", k.Number), k.study, k.state)}
	p.Narrow = true
	p.Action, p.CancelURL, p.Form = k.path(), custodiansPath(k.study.ID), signedin.NewFormID()
	p.Keeper = page.TextField{ID: "name", Label: "Who keeps this key", Autocomplete: "off", Hint: "A name that colleagues know. The team and the certificate of a round name them."}
	if k.Name != "" {
		p.Title = "Replace the key of " + k.Name + "?"
		p.Replaced = k.Name
		p.Keeper.Value = k.Name
		p.Tick = page.Clause{ID: "replace", Value: k.Recipient, Text: "Replace the key of " + k.Name}
	}
	return p
}

type custodianForm struct {
	Name    string `form:"name"`
	Replace string `form:"replace"` // the public half of the key that the page asked about, where its box was ticked
	ID      string `form:"form"`    // see once
}

// MakeKey handles POST /office/studies/:study/custodians/:number and shows the key, once.
func (h *Custodians) MakeKey(c echo.Context) error {
	k, err := h.find(c)
	if err != nil {
		return err
	}
	var form custodianForm
	if err := page.Bind(c, &form); err != nil {
		return err
	}
	made := surveys.StaffCustodian{Number: k.Number, Name: form.Name}
	refuse := func(status int, errors ...page.FieldError) error {
		if k, err = h.find(c); err != nil { // another may have made a key by now
			return err
		}
		p := h.newPage(c, k)
		p.Keeper.Value, p.Tick.Ticked, p.Errors = form.Name, form.Replace == k.Recipient, errors
		for _, fault := range errors {
			switch fault.Field {
			case p.Keeper.ID:
				p.Keeper.Error = fault.Text
			case p.Tick.ID:
				p.Tick.Error = fault.Text
			}
		}
		return h.pages.Send(c, status, p)
	}
	if err := made.Check(); err != nil {
		return refuse(http.StatusBadRequest, page.FieldError{Field: "name", Text: err.Error()})
	}
	var key string
	again, err := signedin.Once(c, h.store, form.ID, func(ctx context.Context) (err error) {
		key, err = h.store.MakeCustodianKey(ctx, access.Account(c).ID, k.study.ID, made, form.Replace)
		return err
	})
	switch {
	case again:
		return refuse(http.StatusConflict, page.FieldError{Text: "The button was pressed twice, and nothing was done the second time. The key is made, and was shown once. " +
			"If you cannot see it in another window, make another key in its place."})
	case surveys.KindOf(err) == surveys.Conflict:
		return refuse(http.StatusConflict, page.FieldError{Field: "replace", Text: err.Error()})
	case err != nil:
		return err
	}
	return h.showKey(c, k, made.Name, key)
}

// showKey shows a key as text and as a square, on a page to print.
func (h *Custodians) showKey(c echo.Context, k custodian, name, key string) error {
	drawn, err := page.QRCodeOf("key", key)
	if err != nil {
		return err
	}
	p := &custodianKeyPage{Frame: h.frame(c, "The key of "+name, k.study, k.state), Number: strconv.Itoa(k.Number), Study: k.study.Title,
		Made: page.SayDay(h.now(), k.study.Zone), Groups: groupKey(key), QR: drawn, Replaces: k.Name != "",
		ProofURL: k.path() + "/proof", BackURL: custodiansPath(k.study.ID)}
	p.Narrow = true
	return h.pages.Send(c, http.StatusOK, p)
}

// AskProof handles GET /office/studies/:study/custodians/:number/proof.
func (h *Custodians) AskProof(c echo.Context) error {
	k, err := h.find(c)
	if err != nil {
		return err
	}
	if k.Name == "" {
		return c.Redirect(http.StatusSeeOther, custodiansPath(k.study.ID))
	}
	return h.pages.Send(c, http.StatusOK, h.proofPage(c, k))
}

// proofPage asks for a key. It never holds one that somebody gave.
func (h *Custodians) proofPage(c echo.Context, k custodian) *custodianProofPage {
	p := &custodianProofPage{Frame: h.frame(c, "Read back the key of "+k.Name, k.study, k.state), Action: k.path() + "/proof", CancelURL: custodiansPath(k.study.ID),
		Key: keyField(store.KeyFields[0], "The key of "+k.Name), Proved: k.Proved}
	p.Narrow = true
	return p
}

type proofForm struct {
	Key string `form:"first" validate:"max=4096"` // the name in store.KeyFields
}

// Prove handles POST /office/studies/:study/custodians/:number/proof. The key is compared and forgotten.
func (h *Custodians) Prove(c echo.Context) error {
	k, err := h.find(c)
	if err != nil {
		return err
	}
	if k.Name == "" {
		return c.Redirect(http.StatusSeeOther, custodiansPath(k.study.ID))
	}
	var form proofForm
	var key string
	if err = page.Bind(c, &form); err == nil {
		key, err = readKey(c, store.KeyFields[0], form.Key)
	}
	if err == nil {
		err = h.store.ProveCustodianKey(context.WithoutCancel(c.Request().Context()), access.Account(c).ID, k.study.ID, k.Number, key)
	}
	if kind := surveys.KindOf(err); kind == surveys.Invalid {
		p := h.proofPage(c, k)
		p.Errors = page.ShowErrors(page.AboutField(err, p.Key.ID), &p.Key)
		return h.pages.Send(c, page.KindStatus[kind], p)
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, custodiansPath(k.study.ID))
}
