package desk

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"wellwave/server/access"
	"wellwave/server/office/signedin"
	"wellwave/server/page"
	"wellwave/server/tickets"
	"wellwave/surveys"
	"wellwave/surveys/store"
)

// Desk is where a practice enrols people, sees who is due, and gives links and codes.
type Desk struct {
	frames  *signedin.Frames
	store   *store.Store
	pages   *page.Renderer
	cookies *tickets.Cookies
	baseURL *url.URL // that links and codes lead to
	now     func() time.Time
}

// Show handles GET /desk: a practice's own site, and for others the choice of one.
func (h *Desk) Show(c echo.Context) error {
	account := access.Account(c)
	if account.Role == surveys.Practice {
		return c.Redirect(http.StatusSeeOther, signedin.SitePath(account.Study, account.Site))
	}
	studies, err := signedin.ListStudies(c, h.store)
	if err != nil {
		return err
	}
	p := &deskSitesPage{Frame: h.frames.Plain(c, "Choose a site")}
	for _, study := range studies {
		t := page.Table{ID: "study-" + string(study.ID), Caption: study.Title, Heads: page.Heads("Site", "Id")}
		for _, site := range study.Sites {
			t.Rows = append(t.Rows, page.Row(page.Cell{Text: site.Title, URL: signedin.SitePath(study.ID, site.ID), Head: true}, page.TextCell(string(site.ID))))
		}
		p.Studies = append(p.Studies, t)
	}
	return h.pages.Send(c, http.StatusOK, p)
}

// dueFilter is one part of the list.
type dueFilter struct {
	word, label string
	urgencies   []surveys.Urgency
	empty       string
}

// dueFilters are the parts of the list; the first is shown unless another is asked for.
var dueFilters = []dueFilter{
	{"todo", "To do", []surveys.Urgency{surveys.Overdue, surveys.DueNow}, "Nobody is due just now."},
	{"later", "Not yet due", []surveys.Urgency{surveys.DueLater, surveys.DueUnknown}, "Nobody is waiting for a later wave."},
	{"done", "Done", []surveys.Urgency{surveys.NothingDue}, "Nothing is done yet."},
	{"all", "All", []surveys.Urgency{surveys.Overdue, surveys.DueNow, surveys.DueLater, surveys.DueUnknown, surveys.NothingDue}, "Nobody is enrolled at this site yet."},
}

// ShowSite handles GET /desk/sites/:study/:site.
func (h *Desk) ShowSite(c echo.Context) error {
	study, state, site, err := signedin.FindSite(c, h.store)
	if err != nil {
		return err
	}
	now := h.now()
	list, err := h.store.ListDue(c.Request().Context(), study.ID, site.ID, now)
	if err != nil {
		return err
	}
	p := &duePage{Frame: h.frames.Site(c, site.Title, study, state, site), Site: site.Title, AnyPeople: len(list) > 0}
	p.Action, p.EnrolURL = signedin.SitePath(study.ID, site.ID), signedin.SitePath(study.ID, site.ID)+"/enrol"
	if access.KioskKeepers.Has(access.Account(c)) {
		p.KiosksURL = p.Action + "/kiosks"
	}
	if p.Results, err = h.results(c, study, site); err != nil {
		return err
	}
	p.Search = strings.TrimSpace(c.QueryParam("label"))
	p.Filter = c.QueryParam("show")
	at := max(0, slices.IndexFunc(dueFilters, func(f dueFilter) bool { return f.word == p.Filter }))
	filter := dueFilters[at]
	if p.Search != "" && p.Filter == "" {
		filter = dueFilters[len(dueFilters)-1] // somebody who is searched for may be in any part
	}
	p.Filter = filter.word
	list = slices.DeleteFunc(list, func(d surveys.Due) bool {
		return p.Search != "" && !strings.Contains(strings.ToLower(d.Label), strings.ToLower(p.Search))
	})
	for _, f := range dueFilters {
		n := 0
		for _, d := range list {
			if slices.Contains(f.urgencies, d.Urgency(now)) {
				n++
			}
		}
		query := url.Values{"show": {f.word}}
		if p.Search != "" {
			query.Set("label", p.Search)
		}
		p.Filters = append(p.Filters, page.Link{Label: fmt.Sprintf("%s (%d)", f.label, n), URL: p.Action + "?" + query.Encode(), Current: f.word == p.Filter})
	}
	p.Empty = filter.empty
	if p.Search != "" {
		p.Empty = "No study number here contains “" + p.Search + "”."
	}
	list = slices.DeleteFunc(list, func(d surveys.Due) bool { return !slices.Contains(filter.urgencies, d.Urgency(now)) })
	p.People = dueTable(study, list, now)
	return h.pages.Send(c, http.StatusOK, p)
}

// results are the links to what the practice may read of the staff survey; nothing for those who may not, and before a round
// is reported.
func (h *Desk) results(c echo.Context, study *surveys.Study, site surveys.Site) ([]page.Link, error) {
	if !access.PracticeReaders.Has(access.Account(c)) || !signedin.HasRounds(study) {
		return nil, nil
	}
	rounds, err := h.store.ReportedRounds(c.Request().Context(), study.ID)
	if err != nil {
		return nil, err
	}
	var links []page.Link
	for _, round := range rounds {
		links = append(links, page.Link{Label: round.Title, URL: signedin.PracticeReportPath(study.ID, site.ID, round.ID)})
	}
	return links, nil
}

// dueTable lists people with the most urgent first.
func dueTable(study *surveys.Study, list []surveys.Due, now time.Time) page.Table {
	slices.SortFunc(list, func(a, b surveys.Due) int { return a.Compare(b, now) })
	t := page.Table{ID: "due", Caption: "People and waves", Heads: page.Heads("Study number", "Wave", "State", "Due", "Open until", "Link", "Answers")}
	for _, d := range list {
		wave, _ := study.Wave(d.Wave)
		dueOn, until := "", ""
		if d.HasWindow {
			dueOn, until = page.ShortDay(d.Window.Due, study.Zone), page.ShortDay(surveys.AddDays(d.Window.Closes, -1), study.Zone)
		}
		t.Rows = append(t.Rows, page.Row(page.Cell{Text: d.Label, URL: "/desk/people/" + string(d.Enrolment), Head: true}, page.TextCell(wave.Title), signedin.StateCell(d, now),
			page.TextCell(dueOn), page.TextCell(until), page.TextCell(signedin.YesNo(d.Invited, "given", "none")), page.TextCell(signedin.YesNo(d.Begun, "begun", "none"))))
	}
	return t
}

// simdVersion is the edition of the Scottish Index of Multiple Deprivation that practices look deciles up in.
const simdVersion = "2020v2"

// AskEnrolment handles GET /desk/sites/:study/:site/enrol.
func (h *Desk) AskEnrolment(c echo.Context) error {
	study, state, site, err := signedin.FindSite(c, h.store)
	if err != nil {
		return err
	}
	return h.pages.Send(c, http.StatusOK, h.enrolPage(c, study, state, site, enrolForm{}))
}

func (h *Desk) enrolPage(c echo.Context, study *surveys.Study, state surveys.StudyState, site surveys.Site, form enrolForm) *enrolPage {
	p := &enrolPage{Frame: h.frames.Site(c, "Enrol a person", study, state, site)}
	p.Narrow = true
	p.Action, p.CancelURL = signedin.SitePath(study.ID, site.ID)+"/enrol", signedin.SitePath(study.ID, site.ID)
	p.Label = page.TextField{ID: "label", Label: "Study number", Value: form.Label, Autocomplete: "off", Class: "ww-input--medium",
		Hint: "Your practice’s own number for this person in this study. Never a name, a CHI or NHS number, or an e-mail address."}
	p.Decile = page.SelectField{ID: "decile", Label: "SIMD decile", Options: []page.Choice{{Label: "Not known"}},
		Hint: "Optional: the deprivation tenth of the person’s postcode, from SIMD " + simdVersion + ". The postcode itself is not entered."}
	for n := 1; n <= 10; n++ {
		label := fmt.Sprint(n)
		switch n {
		case 1:
			label += ", most deprived"
		case 10:
			label += ", least deprived"
		}
		p.Decile.Options = append(p.Decile.Options, page.Choice{Value: fmt.Sprint(n), Label: label, Chosen: n == form.Decile})
	}
	return p
}

type enrolForm struct {
	Label  string `form:"label" validate:"required"`
	Decile int    `form:"decile" validate:"min=0,max=10"`
	Other  string `form:"other"` // the number once more, of which somebody has said that it is another person's than the one alike
}

// Enrol handles POST /desk/sites/:study/:site/enrol.
func (h *Desk) Enrol(c echo.Context) error {
	study, state, site, err := signedin.FindSite(c, h.store)
	if err != nil {
		return err
	}
	var form enrolForm
	var enrolled surveys.Enrolment
	var alike page.Clause
	if err = page.Bind(c, &form); err == nil {
		alike, err = h.alike(c, study, form)
	}
	if err == nil {
		enrolled, err = h.store.EnrolOnce(c.Request().Context(), access.Account(c).ID, form.enrolment(study.ID, site.ID))
	}
	if kind := surveys.KindOf(err); kind == surveys.Invalid || kind == surveys.Conflict {
		p := h.enrolPage(c, study, state, site, form)
		p.Errors, p.Other = page.ShowErrors(page.AboutField(err, "label"), &p.Label), alike
		return h.pages.Send(c, page.KindStatus[kind], p)
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/desk/people/"+string(enrolled.ID))
}

// alike asks about a number that may be another form of one that the study has: 007 beside 7. It fails with Conflict until
// somebody has said of this very number that it is another person's, for which it returns the box to tick.
func (h *Desk) alike(c echo.Context, study *surveys.Study, form enrolForm) (page.Clause, error) {
	numbers, err := h.store.ListStudyNumbers(c.Request().Context(), study.ID)
	number := surveys.StudyNumber(form.Label)
	other := surveys.AlikeTo(number, numbers)
	if err != nil || other == "" || form.Other == number {
		return page.Clause{}, err
	}
	question := fmt.Sprintf("The study has number %s already. If %s is the same person, do not add them again; if not, tick the box.", other, number)
	box := page.Clause{ID: "other", Value: number, Text: fmt.Sprintf("%s and %s are two people", other, number), Error: question}
	return box, &surveys.Error{Kind: surveys.Conflict, Message: question, Fields: map[string]string{box.ID: question}}
}

func (f enrolForm) enrolment(study surveys.StudyID, site surveys.SiteID) surveys.NewEnrolment {
	n := surveys.NewEnrolment{Study: study, Site: site, Label: strings.TrimSpace(f.Label), SIMDDecile: f.Decile}
	if f.Decile > 0 {
		n.SIMDVersion = simdVersion
	}
	return n
}
