package participant

import (
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"wellwave/server/page"
	"wellwave/server/question"
	"wellwave/server/sealed"
	"wellwave/surveys"
)

// The anonymous survey of practice staff: page one, all questions on one page, thanks. Nothing is kept between the two
// but what stands in the page, and nothing but the answers is stored when they are sent.

// round is one request to the staff survey.
type round struct {
	surveys.StaffRound
	sess   sealed.Ticket
	words  question.Wording
	reader page.Reader
}

func (r *round) base(title string) page.Base {
	return r.words.Base(title, r.Study, r.State, r.reader.Reading)
}

func newRound(found surveys.StaffRound, sess sealed.Ticket, r page.Reader) *round {
	words := question.WordingFor(r, found.Study, found.Questionnaire, found.State)
	found.Study = found.Study.In(words.Language)
	found.Wave = found.Study.WaveIn(found.Wave, words.Language)
	return &round{StaffRound: found, sess: sess, words: words, reader: r}
}

type roundHandler func(echo.Context, *round) error

// Staffer lets a handler see the round that the session's card is for. A form names its card by a handle, as every
// page of a response does.
func (h *Handlers) Staffer(next roundHandler) echo.HandlerFunc {
	return func(c echo.Context) error {
		sess, ok := h.Cookies.Ticket(c)
		posted := c.Request().Method == http.MethodPost
		if !ok || sess.Audience != surveys.Staff || posted && !h.Sealer.Owns(sess, c.FormValue("handle")) {
			return h.moved(c, sess, ok)
		}
		opened := surveys.Opened{Audience: sess.Audience, Study: sess.Study, Wave: sess.Wave, Site: sess.Site, StaffCode: sess.Card}
		found, err := h.Store.StaffRound(c.Request().Context(), opened)
		if err != nil && surveys.KindOf(err) != surveys.Closed {
			return err
		}
		r := newRound(found, sess, page.ReaderOf(c))
		if err != nil {
			return h.Pages.Send(c, http.StatusGone, r.closed(err))
		}
		return next(c, r)
	}
}

// closed says why nothing can be answered.
func (r *round) closed(why error) *closedPage {
	return &closedPage{Base: r.base(r.words.Say("This survey is not open")), Reason: r.words.Problem(why),
		Advice: r.words.Say("Nothing was stored. To report a safety incident or a near miss, use your practice’s own reporting system or your health board.")}
}

// spent answers a card that was used up. Whoever pressed the button twice sees this page too, and nothing may tell us
// whether it is them.
func (r *round) spent() *closedPage {
	return &closedPage{Base: r.base(r.words.Say("This card has been used")), Reason: r.words.Say("Each card works once, and answers were sent with this one."),
		Advice: r.words.Say("If you have just pressed the button twice, all is well: your answers arrived. If not, ask for another card.")}
}

// ShowStaffWelcome handles GET /staff/.
func (h *Handlers) ShowStaffWelcome(c echo.Context, r *round) error {
	return h.Pages.Send(c, http.StatusOK, &staffWelcomePage{
		Base:   r.base(r.Wave.Title),
		Length: r.words.LengthSentence(r.Questionnaire),
		Shown: r.words.Say("No single answer, ever. The study team may show averages of a practice only when at least 8 people and half of its staff have answered; " +
			"with fewer, the practice is counted together with at least two others."),
	})
}

// ShowStaffSurvey handles GET /staff/survey.
func (h *Handlers) ShowStaffSurvey(c echo.Context, r *round) error {
	return h.Pages.Send(c, http.StatusOK, h.surveyPage(r, r.sheet(nil)))
}

func (r *round) sheet(form url.Values) *sheet {
	nothing := func(string) surveys.Value { return surveys.Value{} }
	sh := readSheet(r.Questionnaire, question.WholeOf(r.Questionnaire), r.words, form, nothing, func(string) bool { return true })
	sh.grids = r.Wave.Grids && !r.reader.Easy
	return sh
}

func (h *Handlers) surveyPage(r *round, sh *sheet) *allPage {
	p := &allPage{Base: r.base(r.Wave.Title), BackURL: "/staff/", Action: "/staff/survey", Submit: r.words.Say("Send my answers"),
		Handle: h.Sealer.Handle(r.sess), Sections: sh.sections()}
	p.SendsAnswers = true
	p.Errors = sh.wrong()
	return p
}

// SendStaffSurvey handles POST /staff/survey. Until all is well, what was typed stands in the page and nowhere else.
func (h *Handlers) SendStaffSurvey(c echo.Context, r *round) error {
	form, err := c.FormParams()
	if err != nil {
		return err
	}
	sh := r.sheet(form)
	if page.ReadsAnew(c) {
		return h.Pages.Send(c, http.StatusOK, h.surveyPage(r, sh))
	}
	if sh.again() {
		return h.sheetAgain(c, h.surveyPage(r, sh), sh)
	}
	err = h.Store.SubmitStaff(c.Request().Context(), surveys.StaffSubmission{
		StaffCode: r.sess.Card, Language: r.words.Language, Answers: sh.complete(),
	})
	if kind := surveys.KindOf(err); kind == surveys.NotFound || kind == surveys.Conflict || kind == surveys.Closed {
		return h.Pages.Send(c, http.StatusGone, r.spent())
	}
	if err != nil {
		return err
	}
	h.Cookies.DropTicket(c)
	return c.Redirect(http.StatusSeeOther, "/staff/thanks")
}

// ShowStaffThanks handles GET /staff/thanks. It belongs to no card, because the card is spent.
func (h *Handlers) ShowStaffThanks(c echo.Context) error {
	return h.Pages.Send(c, http.StatusOK, &staffThanksPage{page.PublicBase(page.ReaderOf(c), "Thank you")})
}
