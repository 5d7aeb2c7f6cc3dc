// Package entry has the pages on which answers from paper and from the telephone are typed.
package entry

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"wellwave/server/access"
	"wellwave/server/office/signedin"
	"wellwave/server/page"
	"wellwave/server/tickets"
	"wellwave/surveys"
	"wellwave/surveys/locale"
	"wellwave/surveys/store"
)

// Config is what the pages work with.
type Config struct {
	Frames   *signedin.Frames
	Store    *store.Store
	Pages    *page.Renderer
	Sessions *access.Sessions
	Now      func() time.Time
}

// Entry is where data entry and interviewers type answers from paper and on the telephone. What was answered in another way
// is never shown there, and only a third person sees both entries of one paper.
type Entry struct {
	frames   *signedin.Frames
	store    *store.Store
	pages    *page.Renderer
	sessions *access.Sessions
	now      func() time.Time
}

// New gives the receiver of the handlers the fields that it needs.
func New(c Config) *Entry {
	return &Entry{frames: c.Frames, store: c.Store, pages: c.Pages, sessions: c.Sessions, now: c.Now}
}

// List handles GET /entry. With a study and a number it leads to that person.
func (h *Entry) List(c echo.Context) error {
	ctx := c.Request().Context()
	studies, err := signedin.ListStudies(c, h.store)
	if err != nil {
		return err
	}
	p := &entryListPage{Frame: h.frames.Plain(c, "Enter answers"), Empty: "No paper waits for a second entry or a decision."}
	p.Study = page.SelectField{ID: "study", Label: "Study"}
	p.Number = page.TextField{ID: "label", Label: "Study number", Value: strings.TrimSpace(c.QueryParam("label")), Class: "ww-input--medium", Autocomplete: "off",
		Hint: "It stands at the head of a person’s own paper and at the foot of every page of it."}
	p.Agree = page.Table{ID: "agreement", Caption: "How often two entries agree", Heads: page.Heads("Study", "#Items compared", "#Items equal", "#Agreement")}
	byID := make(map[surveys.StudyID]*surveys.Study, len(studies))
	for _, study := range studies {
		full, _, err := h.store.Study(ctx, study.ID)
		if err != nil {
			return err
		}
		byID[study.ID] = full
		p.Study.Options = append(p.Study.Options, page.Choice{Value: string(study.ID), Label: study.Title, Chosen: string(study.ID) == c.QueryParam("study")})
		compared, equal, err := h.store.EntryAgreement(ctx, study.ID)
		if err != nil {
			return err
		}
		if compared > 0 {
			p.Agree.Rows = append(p.Agree.Rows, page.Row(page.HeadCell(study.Title), signedin.CountCell(compared), signedin.CountCell(equal), page.NumberCell(signedin.ShareOf(equal, compared))))
		}
	}
	status := http.StatusOK
	if c.QueryParams().Has("label") {
		enrolment, err := h.store.FindEnrolmentByLabel(ctx, surveys.StudyID(c.QueryParam("study")), p.Number.Value)
		if err == nil && !access.Account(c).SeesStudy(enrolment.Study) {
			err = surveys.Errorf(surveys.NotFound, "The account does not see this study.")
		}
		if err == nil {
			return c.Redirect(http.StatusSeeOther, signedin.EntryPersonPath(enrolment.ID))
		}
		if status, p.Number.Error, err = signedin.NotFoundNumber(err); err != nil {
			return err
		}
		p.Errors = []page.FieldError{{Field: "label", Text: p.Number.Error}}
	}
	papers, err := h.store.ListPapers(ctx)
	if err != nil {
		return err
	}
	p.Waiting = waitingTable(byID, papers, access.Account(c).ID)
	return h.pages.Send(c, status, p)
}

// waitingTable lists papers with what can be done about each.
func waitingTable(studies map[surveys.StudyID]*surveys.Study, papers []surveys.EnteredPaper, by surveys.AccountID) page.Table {
	n := make(map[surveys.PaperState]int)
	t := page.Table{ID: "waiting", Heads: page.Heads("Study number", "Study", "Wave", "Waits for", "First entry", "")}
	t.Heads[5] = page.HiddenHead("What to do")
	for i := range papers {
		paper := &papers[i]
		study := studies[paper.Study]
		if study == nil || len(paper.Entries) == 0 {
			continue
		}
		n[paper.State]++
		wave, _ := study.Wave(paper.Wave)
		says, action := paperStands(paper, by)
		t.Rows = append(t.Rows, page.Row(page.Cell{Text: paper.Label, URL: signedin.EntryPersonPath(paper.Enrolment), Head: true}, page.TextCell(study.Title), page.TextCell(wave.Title),
			page.TextCell(says), page.TextCell(page.ShortDay(paper.Entries[0].At, study.Zone)), page.LinkCell(action.Label, action.URL, "for "+paper.Label)))
	}
	t.Caption = fmt.Sprintf("Papers that wait: %d for a second entry, %d for a decision", n[surveys.EnteredOnce], n[surveys.EntriesDiffer])
	return t
}

// paperStands says what a paper waits for, and what an account can do about that.
func paperStands(paper *surveys.EnteredPaper, by surveys.AccountID) (says string, action page.Link) {
	switch paper.State {
	case surveys.EnteredOnce:
		if paper.CheckSecond(by) != nil {
			return "a second entry, by somebody else than you", page.Link{}
		}
		return "a second entry", page.Link{Label: "Enter it again", URL: signedin.EntryPersonPath(paper.Enrolment) + "/" + string(paper.Wave) + "/paper"}
	case surveys.EntriesDiffer:
		if paper.CheckDecide(by) != nil {
			return "a decision, by a third person", page.Link{}
		}
		return "a decision between two entries", page.Link{Label: "Decide", URL: signedin.EntryPath + "/papers/" + paper.ID}
	default:
		return "being taken in, within minutes", page.Link{}
	}
}

// ShowPerson handles GET /entry/people/:enrolment.
func (h *Entry) ShowPerson(c echo.Context) error {
	who, err := signedin.FindPerson(c, h.store)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	list, err := h.store.ListDueOf(ctx, who.ID, h.now())
	if err != nil {
		return err
	}
	papers, err := h.store.ListPapers(ctx)
	if err != nil {
		return err
	}
	p := &entryPersonPage{Frame: h.frames.Entry(c, "Person "+who.Label, who), Facts: who.Facts(), Done: h.popDone(c, who), DeskURL: who.Path()}
	for _, d := range list {
		occasion, err := h.store.Occasion(ctx, who.ID, d.Wave)
		if err != nil {
			return err
		}
		p.Waves = append(p.Waves, viewEntryWave(&occasion, d, papers, access.Account(c).ID, h.now()))
	}
	return h.pages.Send(c, http.StatusOK, p)
}

// viewEntryWave says what can be entered at a wave.
func viewEntryWave(occasion *surveys.Occasion, d surveys.Due, papers []surveys.EnteredPaper, by surveys.AccountID, now time.Time) entryWave {
	state := signedin.StateCell(d, now)
	v := entryWave{ID: string(d.Wave), Heading: occasion.Wave.Title, State: state.Text, Kind: state.Badge}
	at := signedin.EntryPersonPath(d.Enrolment) + "/" + string(d.Wave)
	err := occasion.CheckEntry()
	switch surveys.KindOf(err) {
	case 0:
	case surveys.Forbidden:
		v.Says = err.Error()
		v.Actions = []page.Link{{Label: "Enter what they agreed to", URL: at + "/consent"}}
		return v
	default:
		v.Says = err.Error()
		return v
	}
	for i := range papers {
		if papers[i].Enrolment != d.Enrolment || papers[i].Wave != d.Wave || len(papers[i].Entries) == 0 {
			continue
		}
		says, action := paperStands(&papers[i], by)
		v.Says = "The paper waits for " + says + "."
		if papers[i].State == surveys.EntriesAgree {
			v.Says = "The paper is " + says + "."
		}
		if action.URL != "" {
			v.Actions = append(v.Actions, action)
		}
		return v
	}
	v.Actions = []page.Link{{Label: "Enter from paper", URL: at + "/paper"}, {Label: "Enter on the telephone", URL: at + "/telephone"}}
	return v
}

// sessionEntered is where the account's session keeps what became of an entry until the next page has said it. It is not in
// the address, because addresses stay in the browser's history.
const sessionEntered = "entered"

// done leads from an entry to the page of its person, which says what became of the entry.
func (h *Entry) done(c echo.Context, id surveys.EnrolmentID, done surveys.EntryOutcome) error {
	q := url.Values{"person": {string(id)}, "done": {done.State.String()}, "aside": {strconv.Itoa(len(done.Refused))}, "late": {strconv.Itoa(done.LateDays)}}
	if done.Alert {
		q.Set("alert", "yes")
	}
	if done.Queried {
		q.Set("queried", "yes")
	}
	h.sessions.Put(c.Request().Context(), sessionEntered, q.Encode())
	return c.Redirect(http.StatusSeeOther, signedin.EntryPersonPath(id))
}

// popDone says once what became of the entry that led to this person's page.
func (h *Entry) popDone(c echo.Context, who signedin.Person) []string {
	q, err := url.ParseQuery(h.sessions.PopString(c.Request().Context(), sessionEntered))
	if err != nil || q.Get("person") != string(who.ID) {
		return nil
	}
	return doneSays(q, who.TheirStudy.Safety)
}

// doneSays words what became of an entry.
func doneSays(q url.Values, plan *surveys.SafetyPlan) []string {
	state, ok := surveys.ParsePaperState(q.Get("done"))
	if !ok {
		return nil
	}
	says := []string{map[surveys.PaperState]string{
		surveys.EnteredOnce:    "The first entry is kept. Somebody else makes the second.",
		surveys.EntriesDiffer:  "The two entries differ. A third person decides which is right.",
		surveys.EntriesAgree:   "The two entries agree, and the questionnaire is taken in within minutes.",
		surveys.PaperSubmitted: "The questionnaire is entered and received by the study.",
	}[state]}
	if q.Get("queried") != "" {
		says = append(says, "They had answered this wave completely already, so both are kept, and a data manager decides which counts. Until then the one of the earlier day stands.")
	}
	if q.Get("alert") != "" {
		says = append(says, "One of the answers calls for the study’s safety plan. An alert was raised at once.")
		if plan != nil {
			says = append(says, "If they are on the telephone, say to them: “"+plan.Text+"”")
		}
	}
	if n, err := strconv.Atoi(q.Get("aside")); err == nil && n > 0 {
		says = append(says, signedin.Plural(n, "answer is", "answers are")+" kept aside, because after the other answers the question was not for this person.")
	}
	if n, err := strconv.Atoi(q.Get("late")); err == nil && n > 0 {
		says = append(says, "It counts as given "+signedin.Plural(n, "day", "days")+" after closing, and is marked as late.")
	}
	return says
}

// ShowConsent handles GET /entry/people/:enrolment/:wave/consent.
func (h *Entry) ShowConsent(c echo.Context) error {
	who, wave, err := signedin.FindPersonWave(c, h.store)
	if err != nil {
		return err
	}
	if who.Consented {
		return c.Redirect(http.StatusSeeOther, signedin.EntryPersonPath(who.ID))
	}
	return h.pages.Send(c, http.StatusOK, h.consentPage(c, who, wave, entryConsentForm{}))
}

type entryConsentForm struct {
	Version string   `form:"version"`
	Clauses []string `form:"clause"` // that are ticked
	Day     string   `form:"day"`    // as typed
}

func (h *Entry) consentPage(c echo.Context, who signedin.Person, wave surveys.Wave, form entryConsentForm) *entryConsentPage {
	text := who.TheirStudy.Consent
	p := &entryConsentPage{Frame: h.frames.Entry(c, "What person "+who.Label+" agreed to", who), Version: text.Version, Intro: text.Intro,
		Action: signedin.EntryPersonPath(who.ID) + "/" + string(wave.ID) + "/consent", CancelURL: signedin.EntryPersonPath(who.ID)}
	p.Narrow = true
	p.Day = page.TextField{ID: "day", Label: "On which day?", Hint: "Day, month and year as on the paper, such as 31032026. If it is not known, leave it empty: then today counts.",
		Value: form.Day, InputMode: "numeric", Autocomplete: "off", Class: "ww-input--medium"}
	for _, clause := range text.Clauses {
		p.Clauses = append(p.Clauses, page.Clause{ID: "clause-" + clause.ID, Value: clause.ID, Text: clause.Text, Optional: !clause.Required,
			Ticked: slices.Contains(form.Clauses, clause.ID)})
	}
	return p
}

// EnterConsent handles POST /entry/people/:enrolment/:wave/consent.
func (h *Entry) EnterConsent(c echo.Context) error {
	who, wave, err := signedin.FindPersonWave(c, h.store)
	if err != nil {
		return err
	}
	if who.Consented { // pressed twice
		return c.Redirect(http.StatusSeeOther, signedin.EntryPersonPath(who.ID))
	}
	var form entryConsentForm
	if err := page.Bind(c, &form); err != nil {
		return err
	}
	p := h.consentPage(c, who, wave, form)
	given := surveys.ConsentGiven{Version: form.Version, Language: locale.Source, Clauses: form.Clauses, Sitting: tickets.NewSitting(), By: access.Account(c).ID}
	if typed := strings.TrimSpace(form.Day); typed != "" {
		day, ok := surveys.ReadDay(typed)
		if given.On, err = surveys.ParseDay(day, who.TheirStudy.Zone); !ok || err != nil || given.On.After(h.now()) {
			p.Day.Error = "This is not a day that has come. Type it as on the paper, such as 31032026."
			p.Errors = []page.FieldError{{Field: p.Day.ID, Text: p.Day.Error}}
			return h.pages.Send(c, http.StatusBadRequest, p)
		}
		given.On = surveys.Noon(given.On)
	}
	err = h.store.Consent(context.WithoutCancel(c.Request().Context()), who.ID, wave.ID, given)
	if tooEarly := signedin.FieldOf(err, "day"); tooEarly != "" {
		p.Day.Error = tooEarly
		p.Errors = []page.FieldError{{Field: p.Day.ID, Text: p.Day.Error}}
		return h.pages.Send(c, http.StatusBadRequest, p)
	}
	if surveys.KindOf(err) == surveys.Invalid {
		p.Errors = []page.FieldError{{Field: "clause-" + who.TheirStudy.Consent.Clauses[0].ID, Text: "They can take part only if they ticked every statement that is needed. If they did not, ask the study team."}}
		return h.pages.Send(c, http.StatusBadRequest, p)
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, signedin.EntryPersonPath(who.ID))
}
