package participant

import (
	"context"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"wellwave/server/access"
	"wellwave/server/page"
	"wellwave/server/question"
	"wellwave/server/tickets"
	"wellwave/surveys"
	"wellwave/surveys/store"
)

// Visits check whose response a request is for and whether it is open, before a handler of a response runs.
type Visits struct {
	store      *store.Store
	pages      *page.Renderer
	sessions   *access.Sessions
	cookies    *tickets.Cookies
	sealer     *tickets.Sealer
	kiosks     *kiosks
	logTrouble func(echo.Context, page.Trouble, error)
}

// visit is one request to a response: whose it is, and everything that its pages need to know.
type visit struct {
	surveys.Occasion
	ticket tickets.Ticket
	handle string
	device string // the sitting of the browser's worker, if the request proves one
	shared bool   // an account is signed in in this browser, and must not see the answers
	words  question.Wording
	reader page.Reader
	saved  map[string]surveys.Value // by this request, and so not in Occasion yet
}

// path returns the address of one of the response's pages.
func (v *visit) path(page string) string { return "/q/" + v.handle + "/" + page }

// base is the frame of the response's pages.
func (v *visit) base(title string) page.Base {
	base := v.words.Base(title, v.Study, v.State, v.reader.Reading)
	base.Own = v.ownLinks()
	base.Aids = v.reader.Aids(v.words.Pack, !v.ticket.Lent())
	if v.ticket.Lent() {
		base.Kiosk = page.KioskFrame{On: true, LeaveAction: v.path("leave")}
	}
	return base
}

// publicBase is the frame of a page that belongs to no study, in the language of the response's pages.
func (v *visit) publicBase(title string) page.Base {
	return page.PublicBaseIn(v.words.Pack, v.reader.Reading, title)
}

func newVisit(occasion surveys.Occasion, ticket tickets.Ticket, handle string, r page.Reader) *visit {
	words := question.WordingFor(r, occasion.Study, occasion.Questionnaire, occasion.State)
	words.Listen = words.Say(surveys.AidLabel(surveys.AidListened))
	occasion.Study = occasion.Study.In(words.Language)
	occasion.Wave = occasion.Study.WaveIn(occasion.Wave, words.Language)
	return &visit{Occasion: occasion, ticket: ticket, handle: handle, words: words, reader: r}
}

// closed returns the page that says why nothing can be answered, or nil.
func (v *visit) closed() *closedPage {
	say := v.words.Say
	page := func(title, reason, advice string) *closedPage {
		return &closedPage{Base: v.base(say(title)), Reason: reason, Advice: advice}
	}
	ask := say("If you have a question, ask the study team: %s", v.Study.Contact)
	switch {
	case v.Left != 0:
		return page("You have left the study", say("You asked to leave this study, so there is nothing more to answer."), ask)
	case v.State == surveys.Draft:
		return page("This study has not opened yet", say("Nothing can be answered yet."), ask)
	case !v.HasWindow:
		return page("This questionnaire is not open yet", say("It follows some months after the first questionnaire, which has not been answered yet."), ask)
	case !v.Now.Before(v.Window.Closes):
		return page("This questionnaire has closed", say("It could be answered until %s. Everything that you sent is kept; what arrived after that day is marked as received after closing.",
			v.day(v.Window.Closes.Add(-time.Second))), ask)
	case !v.State.Takes():
		return page("This study has closed", say("No more answers are taken. Everything that you sent is kept."), ask)
	case v.Now.Before(v.Window.Opens):
		return page("This questionnaire is not open yet", say("You can answer it from %s. Keep your link until then.", v.day(v.Window.Opens)), ask)
	default:
		return nil
	}
}

// day writes a moment as a day in the study's zone.
func (v *visit) day(t time.Time) string { return v.words.Day(t.In(v.Study.Zone)) }

// withHandle returns the same visit under another handle.
func (v *visit) withHandle(handle string) *visit {
	other := *v
	other.handle = handle
	return &other
}

// nextPage returns where a questionnaire is gone on with when it is opened. Veiled questions come later: the server is asked
// for them by somebody who goes on, and not by opening a link.
func (v *visit) nextPage() string {
	switch {
	case v.Finished:
		return "thanks"
	case !v.Consented, !v.begun():
		return "welcome"
	}
	if step := v.walk(-1, v.waitsHere, v.listed); step != "check" || !v.anyVeiled() {
		return step
	}
	return "welcome" // from where somebody asks what comes next
}

type visitHandler func(echo.Context, *visit) error

// Visitor gives a handler the response that the ticket is for, if the handle in the address names it too.
func (h *Visits) Visitor(next visitHandler) echo.HandlerFunc {
	return func(c echo.Context) error {
		ticket, ok := h.cookies.Ticket(c)
		if !ok || ticket.Audience == surveys.Staff || !h.sealer.Owns(ticket, c.Param("handle")) {
			return h.moved(c, ticket, ok)
		}
		v, err := h.open(c.Request().Context(), ticket, c.Param("handle"), page.ReaderOf(c))
		if err == nil {
			v.device, v.shared = deviceSitting(c), h.sessions.OnDevice(c)
			c.SetRequest(c.Request().WithContext(store.RestingOn(c.Request().Context(), ticket.Basis())))
			err = next(c, v)
		}
		if surveys.KindOf(err) == surveys.Unauthenticated { // before the request, or while it was under way
			return h.moved(c, tickets.Ticket{}, false)
		}
		if err != nil && c.Request().Method == http.MethodPost && page.TroubleOf(err).Status >= http.StatusInternalServerError {
			return h.unsaved(c, v, err)
		}
		return err
	}
}

// open returns a visit with a ticket. It fails with Unauthenticated where what the ticket rests on was taken back.
func (h *Visits) open(ctx context.Context, ticket tickets.Ticket, handle string, r page.Reader) (*visit, error) {
	occasion, err := h.store.OccasionOn(ctx, ticket.Basis(), ticket.Enrolment, ticket.Wave)
	if err != nil {
		return nil, err
	}
	return newVisit(occasion, ticket, handle, r), nil
}

// stands reports whether what a ticket rests on was not taken back.
func (h *Visits) stands(c echo.Context, ticket tickets.Ticket) bool {
	if ticket.Audience == surveys.Staff {
		return true
	}
	_, err := h.store.OccasionOn(c.Request().Context(), ticket.Basis(), ticket.Enrolment, ticket.Wave)
	return err == nil
}

// foresee is open for a ticket that is not handed out yet, or not any more.
func (h *Visits) foresee(ctx context.Context, ticket tickets.Ticket, handle string, r page.Reader) (*visit, error) {
	occasion, err := h.store.Occasion(ctx, ticket.Enrolment, ticket.Wave)
	if err != nil {
		return nil, err
	}
	return newVisit(occasion, ticket, handle, r), nil
}

// WhileOpen answers with the reason if the response takes no answers now. What is posted still goes through: the store keeps
// what arrives late, and what was still on its way when somebody left, unless they forbade it.
func (h *Visits) WhileOpen(next visitHandler) visitHandler {
	return func(c echo.Context, v *visit) error {
		if p := v.closed(); p != nil && (c.Request().Method != http.MethodPost || v.Left >= surveys.StopCollection) {
			return h.pages.Send(c, http.StatusGone, p)
		}
		return next(c, v)
	}
}

// Consented sends somebody who has not consented yet to what comes before the questions. What they typed stays on the page.
func (h *Visits) Consented(next visitHandler) visitHandler {
	return func(c echo.Context, v *visit) error {
		if !v.Consented && c.Request().Method == http.MethodPost {
			return h.beforeConsent(c, v)
		}
		if !v.Consented {
			return c.Redirect(http.StatusSeeOther, v.path(""))
		}
		return next(c, v)
	}
}
