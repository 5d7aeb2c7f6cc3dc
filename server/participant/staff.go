package participant

import (
	"cmp"
	"crypto/rand"
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"wellwave/server/page"
	"wellwave/server/question"
	"wellwave/server/tickets"
	"wellwave/surveys"
	"wellwave/surveys/store"
)

// Staff is the anonymous survey of practice staff: page one, all questions on one page, thanks. Nothing is kept between the
// two except what is in the page, and only the answers are stored when they are sent.
type Staff struct {
	store   *store.Store
	pages   *page.Renderer
	cookies *tickets.Cookies
	sealer  *tickets.Sealer
	visits  *Visits
}

// round is one request to the staff survey.
type round struct {
	surveys.StaffRound
	ticket tickets.Ticket
	page   string // id of the page that was sent; empty before
	words  question.Wording
	reader page.Reader
}

func (r *round) base(title string) page.Base {
	return r.words.Base(title, r.Study, r.State, r.reader.Reading)
}

func newRound(found surveys.StaffRound, ticket tickets.Ticket, r page.Reader) *round {
	words := question.WordingFor(r, found.Study, found.Questionnaire, found.State)
	found.Study = found.Study.In(words.Language)
	found.Wave = found.Study.WaveIn(found.Wave, words.Language)
	return &round{StaffRound: found, ticket: ticket, words: words, reader: r}
}

type roundHandler func(echo.Context, *round) error

type staffForm struct {
	Handle string `form:"handle"` // of the card that the page was opened with
	Page   string `form:"page"`   // random, by which a second press of the page's button is told
}

// Staffer lets a handler see the round that the ticket's card is for. A form names its card by a handle, as every
// page of a response does.
func (h *Staff) Staffer(next roundHandler) echo.HandlerFunc {
	return func(c echo.Context) error {
		var form staffForm
		if err := page.Bind(c, &form); err != nil {
			return err
		}
		ticket, ok := h.cookies.Ticket(c)
		posted := c.Request().Method == http.MethodPost
		if posted && form.Page != "" {
			arrived, err := h.store.StaffArrived(c.Request().Context(), form.Page)
			if err != nil {
				return err
			}
			if arrived {
				return c.Redirect(http.StatusSeeOther, "/staff/thanks")
			}
		}
		if !ok || ticket.Audience != surveys.Staff || posted && !h.sealer.Owns(ticket, form.Handle) {
			return h.visits.moved(c, ticket, ok)
		}
		opened := surveys.Opened{Audience: ticket.Audience, Study: ticket.Study, Wave: ticket.Wave, Site: ticket.Site, StaffCode: ticket.Card}
		found, err := h.store.StaffRound(c.Request().Context(), opened)
		if err != nil && surveys.KindOf(err) != surveys.Closed {
			return err
		}
		r := newRound(found, ticket, page.ReaderOf(c))
		r.page = form.Page
		if err != nil {
			return h.pages.Send(c, http.StatusGone, r.closed(err))
		}
		return next(c, r)
	}
}

// closed is the page that says why nothing can be answered.
func (r *round) closed(why error) *closedPage {
	return &closedPage{Base: r.base(r.words.Say("This survey is not open")), Reason: r.words.Problem(why),
		Advice: r.words.Say("Nothing was stored. To report a safety incident or a near miss, use your practice’s own reporting system or your health board.")}
}

// unusable answers a card that cannot be used, and tells nothing about it. A second press of the same page's button never
// comes here.
func (r *round) unusable() *closedPage {
	return &closedPage{Base: r.base(r.words.Say("This card cannot be used")),
		Reason: r.words.Say("Each card works once. This one was used already, or is not one of this survey’s."),
		Advice: r.words.Say("Nothing was stored from this page. If you have not answered yet, please take another card.")}
}

// ShowWelcome handles GET /staff/.
func (h *Staff) ShowWelcome(c echo.Context, r *round) error {
	return h.pages.Send(c, http.StatusOK, &staffWelcomePage{
		Base:   r.base(r.Wave.Title),
		Length: r.words.LengthSentence(r.Questionnaire),
		Shown: r.words.Say("No single answer, ever. The study team may show averages of a practice only when at least 8 people and half of its staff have answered; " +
			"with fewer, the practice is counted together with at least two others."),
		About:      r.storedAbout(),
		ShownAbout: r.shownAbout(),
		Protection: r.protection(),
	})
}

// protection says in plain words what keeps the answers from being read, sentence by sentence, and from whom.
func (r *round) protection() []string {
	if r.Sealing == surveys.ByCustodians {
		return []string{
			r.words.Say("Your answers are locked as they arrive, and nobody can read them until the round is closed: not your practice, not the study team, not whoever runs the server."),
			r.words.Say("Three people each keep a key, and it takes two of them to open a closed round. All answers of the round are then mixed, and what was locked is destroyed."),
			r.words.Say("The server’s database notes when something locked was stored. Nothing connects that with an answer that can be read."),
		}
	}
	return []string{
		r.words.Say("The server mixes the answers again and again, so that their order says nothing. Whoever runs the server can read answers, but cannot tell whose they are."),
	}
}

// ShowSurvey handles GET /staff/survey.
func (h *Staff) ShowSurvey(c echo.Context, r *round) error {
	return h.pages.Send(c, http.StatusOK, h.surveyPage(r, r.sheet(nil)))
}

func (r *round) sheet(form url.Values) *sheet {
	nothing := func(string) surveys.Value { return surveys.Value{} }
	sh := readSheet(r.Questionnaire, question.WholeOf(r.Questionnaire), r.words, form, nothing, func(string) bool { return true }, nil)
	sh.grids = r.Wave.Grids && !r.reader.Easy
	return sh
}

func (h *Staff) surveyPage(r *round, sh *sheet) *allPage {
	p := &allPage{Base: r.base(r.Wave.Title), BackURL: "/staff/", Action: "/staff/survey", Submit: r.words.Say("Send my answers"),
		Handle: h.sealer.Handle(r.ticket), Page: cmp.Or(r.page, rand.Text()), Sections: append(sh.sections(), r.aboutStaff(sh.form)...)}
	p.SendsAnswers = true
	p.Errors = sh.wrong()
	return p
}

// SendSurvey handles POST /staff/survey. Until everything is right, what was typed is kept in the page only.
func (h *Staff) SendSurvey(c echo.Context, r *round) error {
	form, err := c.FormParams()
	if err != nil {
		return err
	}
	sh := r.sheet(form)
	if page.ReadsAnew(c) {
		return h.pages.Send(c, http.StatusOK, h.surveyPage(r, sh))
	}
	if sh.again() {
		return sheetAgain(c, h.pages, h.surveyPage(r, sh), sh)
	}
	err = h.store.SubmitStaff(c.Request().Context(), surveys.StaffSubmission{
		StaffCode: r.ticket.Card, Page: r.page, Language: r.words.Language, Answers: sh.complete(), Attributes: attributesOf(form),
	})
	switch surveys.KindOf(err) {
	case surveys.NotFound:
		return h.pages.Send(c, http.StatusGone, r.unusable())
	case surveys.Closed:
		return h.pages.Send(c, http.StatusGone, r.closed(err))
	}
	if err != nil {
		return err
	}
	if err := h.cookies.DropTicket(c); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/staff/thanks")
}

// ShowThanks handles GET /staff/thanks. It does not depend on a card, because the card is used up.
func (h *Staff) ShowThanks(c echo.Context) error {
	return h.pages.Send(c, http.StatusOK, &staffThanksPage{page.PublicBase(page.ReaderOf(c), "Thank you")})
}
