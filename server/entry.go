package server

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"wellwave/surveys"
	"wellwave/surveys/locale"
)

// Entering answers from paper and on the telephone: for data entry and interviewers alone. What was answered in another way
// is never shown here, and of two entries of one paper only a third person sees both.

const entryPath = "/entry"

func entryPersonPath(id surveys.EnrolmentID) string { return entryPath + "/people/" + string(id) }

// listEntry handles GET /entry. With a study and a number it leads to that person.
func (s *Server) listEntry(c echo.Context) error {
	ctx := c.Request().Context()
	studies, err := s.store.ListStudies(ctx)
	if err != nil {
		return err
	}
	p := &entryListPage{officePage: s.officeFrame(c, "Enter answers"), Empty: "No paper waits for a second entry or a decision."}
	p.Study = selectField{ID: "study", Label: "Study"}
	p.Number = textField{ID: "label", Label: "Study number", Value: strings.TrimSpace(c.QueryParam("label")), Class: "ww-input--medium", Autocomplete: "off",
		Hint: "It stands at the head of a person’s own paper and at the foot of every page of it."}
	p.Agree = tableView{ID: "agreement", Caption: "How often two entries agree", Heads: heads("Study", "#Items compared", "#Items equal", "#Agreement")}
	byID := make(map[surveys.StudyID]*surveys.Study, len(studies))
	for _, study := range studies {
		full, _, err := s.store.Study(ctx, study.ID)
		if err != nil {
			return err
		}
		byID[study.ID] = full
		p.Study.Options = append(p.Study.Options, choice{Value: string(study.ID), Label: study.Title, Chosen: string(study.ID) == c.QueryParam("study")})
		compared, equal, err := s.store.EntryAgreement(ctx, study.ID)
		if err != nil {
			return err
		}
		if compared > 0 {
			p.Agree.Rows = append(p.Agree.Rows, row(head(study.Title), count(compared), count(equal), numberCell(shareOf(equal, compared))))
		}
	}
	status := http.StatusOK
	if c.QueryParams().Has("label") {
		person, err := s.store.FindEnrolmentByLabel(ctx, surveys.StudyID(c.QueryParam("study")), p.Number.Value)
		if err == nil {
			return c.Redirect(http.StatusSeeOther, entryPersonPath(person.ID))
		}
		if surveys.KindOf(err) != surveys.NotFound {
			return err
		}
		status = http.StatusNotFound
		p.Number.Error = "Nobody in this study has this number."
		p.Errors = []fieldError{{"label", p.Number.Error}}
	}
	papers, err := s.store.ListPapers(ctx)
	if err != nil {
		return err
	}
	p.Waiting = waitingTable(byID, papers, accountOf(c).ID)
	return s.pages.page(c, status, p)
}

// waitingTable lists papers with what can be done about each.
func waitingTable(studies map[surveys.StudyID]*surveys.Study, papers []surveys.EnteredPaper, by surveys.AccountID) tableView {
	n := make(map[surveys.PaperState]int)
	t := tableView{ID: "waiting", Heads: heads("Study number", "Study", "Wave", "Waits for", "First entry", "")}
	t.Heads[5] = hiddenHead("What to do")
	for i := range papers {
		paper := &papers[i]
		study := studies[paper.Study]
		if study == nil || len(paper.Entries) == 0 {
			continue
		}
		n[paper.State]++
		wave, _ := study.Wave(paper.Wave)
		says, action := paperStands(paper, by)
		t.Rows = append(t.Rows, row(tableCell{Text: paper.Label, URL: entryPersonPath(paper.Enrolment), Head: true}, cell(study.Title), cell(wave.Title),
			cell(says), cell(shortDay(paper.Entries[0].At, study.Zone)), linkCell(action.Label, action.URL, "for "+paper.Label)))
	}
	t.Caption = fmt.Sprintf("Papers that wait: %d for a second entry, %d for a decision", n[surveys.EnteredOnce], n[surveys.EntriesDiffer])
	return t
}

// paperStands says what a paper waits for, and what an account can do about that.
func paperStands(paper *surveys.EnteredPaper, by surveys.AccountID) (says string, action navLink) {
	switch paper.State {
	case surveys.EnteredOnce:
		if paper.CheckSecond(by) != nil {
			return "a second entry, by somebody else than you", navLink{}
		}
		return "a second entry", navLink{Label: "Enter it again", URL: entryPersonPath(paper.Enrolment) + "/" + string(paper.Wave) + "/paper"}
	case surveys.EntriesDiffer:
		if paper.CheckDecide(by) != nil {
			return "a decision, by a third person", navLink{}
		}
		return "a decision between two entries", navLink{Label: "Decide", URL: entryPath + "/papers/" + paper.ID}
	default:
		return "being taken in, within minutes", navLink{}
	}
}

// entryFrame is the frame of a page about one person.
func (s *Server) entryFrame(c echo.Context, title string, who person) officePage {
	p := officePage{basePage: s.officeBase(c, accountOf(c), title), Crumbs: []navLink{{Label: "Enter answers", URL: entryPath}}}
	p.Name, p.Colour = who.study.Title, barColour(who.study.Colour)
	p.Banners = studyBanners(p.pack(), who.study.Demo, who.state, false)
	if here := entryPersonPath(who.ID); c.Request().URL.Path != here {
		p.Crumbs = append(p.Crumbs, navLink{Label: "Person " + who.Label, URL: here})
	}
	return p
}

// showEntryPerson handles GET /entry/people/:enrolment.
func (s *Server) showEntryPerson(c echo.Context) error {
	who, err := s.findPerson(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	list, err := s.store.ListDue(ctx, who.Study, who.Enrolment.Site, s.now())
	if err != nil {
		return err
	}
	papers, err := s.store.ListPapers(ctx)
	if err != nil {
		return err
	}
	p := &entryPersonPage{officePage: s.entryFrame(c, "Person "+who.Label, who), Facts: personFacts(who), Done: s.popDone(c, who), DeskURL: who.path()}
	for _, d := range list {
		if d.Enrolment != who.ID {
			continue
		}
		sitting, err := s.store.Sitting(ctx, who.ID, d.Wave)
		if err != nil {
			return err
		}
		p.Waves = append(p.Waves, viewEntryWave(&sitting, d, papers, accountOf(c).ID, s.now()))
	}
	return s.pages.page(c, http.StatusOK, p)
}

// viewEntryWave says what can be entered at a wave.
func viewEntryWave(sitting *surveys.Sitting, d surveys.Due, papers []surveys.EnteredPaper, by surveys.AccountID, now time.Time) entryWave {
	state := stateCell(d, now)
	v := entryWave{ID: string(d.Wave), Heading: sitting.Wave.Title, State: state.Text, Kind: state.Badge}
	at := entryPersonPath(d.Enrolment) + "/" + string(d.Wave)
	err := sitting.CheckEntry()
	switch surveys.KindOf(err) {
	case 0:
	case surveys.Forbidden:
		v.Says = err.Error()
		v.Actions = []navLink{{Label: "Enter what they agreed to", URL: at + "/consent"}}
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
	v.Actions = []navLink{{Label: "Enter from paper", URL: at + "/paper"}, {Label: "Enter on the telephone", URL: at + "/telephone"}}
	return v
}

// sessionEntered is where the account's session keeps what became of an entry until the next page has said it. It stands in
// no address, because an address stays in the browser's history.
const sessionEntered = "entered"

// entryDone goes on from an entry to the page of its person, which says what became of it.
func (s *Server) entryDone(c echo.Context, id surveys.EnrolmentID, done surveys.EntryOutcome) error {
	q := url.Values{"person": {string(id)}, "done": {done.State.String()}, "aside": {strconv.Itoa(len(done.Refused))}, "late": {strconv.Itoa(done.LateDays)}}
	if done.Alert {
		q.Set("alert", "yes")
	}
	s.sessions.Put(c.Request().Context(), sessionEntered, q.Encode())
	return c.Redirect(http.StatusSeeOther, entryPersonPath(id))
}

// popDone says once what became of the entry that led to this person's page.
func (s *Server) popDone(c echo.Context, who person) []string {
	q, err := url.ParseQuery(s.sessions.PopString(c.Request().Context(), sessionEntered))
	if err != nil || q.Get("person") != string(who.ID) {
		return nil
	}
	return doneSays(q, who.study.Safety)
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
	if q.Get("alert") != "" {
		says = append(says, "One of the answers calls for the study’s safety plan. An alert was raised at once.")
		if plan != nil {
			says = append(says, "If they are on the telephone, say to them: “"+plan.Text+"”")
		}
	}
	if n, err := strconv.Atoi(q.Get("aside")); err == nil && n > 0 {
		says = append(says, plural(n, "answer is", "answers are")+" kept aside, because after the other answers the question was not for this person.")
	}
	if n, err := strconv.Atoi(q.Get("late")); err == nil && n > 0 {
		says = append(says, "It counts as given "+plural(n, "day", "days")+" after closing, and is marked as late.")
	}
	return says
}

// showEntryConsent handles GET /entry/people/:enrolment/:wave/consent.
func (s *Server) showEntryConsent(c echo.Context) error {
	who, wave, err := s.findPersonWave(c)
	if err != nil {
		return err
	}
	if who.Consented {
		return c.Redirect(http.StatusSeeOther, entryPersonPath(who.ID))
	}
	return s.pages.page(c, http.StatusOK, s.entryConsentPage(c, who, wave, nil))
}

func (s *Server) entryConsentPage(c echo.Context, who person, wave surveys.Wave, form url.Values) *entryConsentPage {
	text := who.study.Consent
	p := &entryConsentPage{officePage: s.entryFrame(c, "What person "+who.Label+" agreed to", who), Version: text.Version, Intro: text.Intro,
		Action: entryPersonPath(who.ID) + "/" + string(wave.ID) + "/consent", CancelURL: entryPersonPath(who.ID)}
	p.Narrow = true
	p.Day = textField{ID: "day", Label: "On which day?", Hint: "Day, month and year as on the paper, such as 31032026. If it is not known, leave it empty: then today counts.",
		Value: form.Get("day"), InputMode: "numeric", Autocomplete: "off", Class: "ww-input--medium"}
	for _, clause := range text.Clauses {
		view := clauseView{ID: "clause-" + clause.ID, Value: clause.ID, Text: clause.Text, Optional: !clause.Required}
		for _, ticked := range form["clause"] {
			view.Ticked = view.Ticked || ticked == clause.ID
		}
		p.Clauses = append(p.Clauses, view)
	}
	return p
}

// enterConsent handles POST /entry/people/:enrolment/:wave/consent.
func (s *Server) enterConsent(c echo.Context) error {
	who, wave, err := s.findPersonWave(c)
	if err != nil {
		return err
	}
	if who.Consented { // pressed twice
		return c.Redirect(http.StatusSeeOther, entryPersonPath(who.ID))
	}
	form, err := c.FormParams()
	if err != nil {
		return err
	}
	p := s.entryConsentPage(c, who, wave, form)
	given := surveys.ConsentGiven{Version: form.Get("version"), Language: locale.Source, Clauses: form["clause"], Sitting: newSitting(), By: accountOf(c).ID}
	if typed := strings.TrimSpace(form.Get("day")); typed != "" {
		day, ok := surveys.ReadDay(typed)
		if given.On, err = time.ParseInLocation(time.DateOnly, day, who.study.Zone); !ok || err != nil || given.On.After(s.now()) {
			p.Day.Error = "This is not a day that has come. Type it as on the paper, such as 31032026."
			p.Errors = []fieldError{{p.Day.ID, p.Day.Error}}
			return s.pages.page(c, http.StatusBadRequest, p)
		}
		given.On = surveys.Noon(given.On)
	}
	err = s.store.Consent(context.WithoutCancel(c.Request().Context()), who.ID, wave.ID, given)
	if surveys.KindOf(err) == surveys.Invalid {
		p.Errors = []fieldError{{"clause-" + who.study.Consent.Clauses[0].ID, "They can take part only if they ticked every statement that is needed. If they did not, ask the study team."}}
		return s.pages.page(c, http.StatusBadRequest, p)
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, entryPersonPath(who.ID))
}
