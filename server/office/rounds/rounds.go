package rounds

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"wellwave/server/access"
	"wellwave/server/office/signedin"
	"wellwave/server/page"
	"wellwave/surveys"
	"wellwave/surveys/store"
)

// Rounds are the waves of the anonymous staff survey, from their plan in the study file to what may be shown of them.
type Rounds struct {
	frames    *signedin.Frames
	store     *store.Store
	pages     *page.Renderer
	baseURL   *url.URL // that the cards lead to
	now       func() time.Time
	inTheOpen []access.DemoCustodian // of demonstrations
}

// round is a round with the study that it belongs to.
type round struct {
	surveys.Round
	study *surveys.Study
	state surveys.StudyState
	now   time.Time
}

func roundsPath(study surveys.StudyID) string { return signedin.StudyPath(study) + "/rounds" }

func (r round) path() string { return roundsPath(r.study.ID) + "/" + string(r.Wave.ID) }

// list returns the rounds of the study of the address.
func (h *Rounds) list(c echo.Context) ([]round, *surveys.Study, surveys.StudyState, error) {
	study, state, err := signedin.FindStudy(c, h.store)
	if err != nil {
		return nil, nil, 0, err
	}
	found, err := h.store.Rounds(c.Request().Context(), study.ID)
	rounds := make([]round, len(found))
	for i := range found {
		rounds[i] = round{found[i], study, state, h.now()}
	}
	return rounds, study, state, err
}

// find returns the round of the address.
func (h *Rounds) find(c echo.Context) (round, error) {
	rounds, _, _, err := h.list(c)
	if err != nil {
		return round{}, err
	}
	for _, r := range rounds {
		if string(r.Wave.ID) == c.Param("wave") {
			return r, nil
		}
	}
	return round{}, echo.ErrNotFound
}

// frame is the frame of a page below that of the rounds.
func (h *Rounds) frame(c echo.Context, title string, r round) signedin.Frame {
	f := h.frames.Study(c, title, r.study, r.state)
	f.Crumbs = []page.Link{{Label: "Staff rounds", URL: roundsPath(r.study.ID)}}
	if c.Request().URL.Path != r.path() {
		f.Crumbs = append(f.Crumbs, page.Link{Label: r.Wave.Title, URL: r.path()})
	}
	return f
}

// List handles GET /office/studies/:study/rounds.
func (h *Rounds) List(c echo.Context) error {
	rounds, study, state, err := h.list(c)
	if err != nil {
		return err
	}
	custodians, err := h.store.ListCustodians(c.Request().Context(), study.ID)
	if err != nil {
		return err
	}
	p := &roundsPage{Frame: h.frames.Study(c, "Staff rounds", study, state)}
	for _, r := range rounds {
		view := roundView{ID: string(r.Wave.ID), Title: r.Wave.Title, URL: r.path()}
		view.Stage, view.Kind = r.stageSays()
		view.Facts = []page.Fact{{Term: "Dates", Text: signedin.WindowSays(study, r.Wave)}, {Term: "Answers", Text: r.countSays()}}
		view.Next, _ = r.next(custodians)
		p.Rounds = append(p.Rounds, view)
	}
	if len(rounds) > 0 && (study.StaffSurvey.Sealing == surveys.ByCustodians || len(custodians) > 0) {
		p.CustodiansURL, p.Keepers = custodiansPath(study.ID), keeperFacts(custodians)
	}
	return h.pages.Send(c, http.StatusOK, p)
}

// Show handles GET /office/studies/:study/rounds/:wave.
func (h *Rounds) Show(c echo.Context) error {
	r, err := h.find(c)
	if err != nil {
		return err
	}
	p, err := h.page(c, r)
	if err != nil {
		return err
	}
	return h.pages.Send(c, http.StatusOK, p)
}

func (h *Rounds) page(c echo.Context, r round) (*roundPage, error) {
	custodians, err := h.store.ListCustodians(c.Request().Context(), r.study.ID)
	if err != nil {
		return nil, err
	}
	team := access.Team.Has(access.Account(c))
	p := &roundPage{Frame: h.frame(c, r.Wave.Title, r), Window: signedin.WindowSays(r.study, r.Wave), Steps: r.steps(), Count: r.countSays(),
		Protects: r.protects(), Keepers: r.Custodians}
	says, links := r.next(custodians)
	if p.Next = says; team || r.Stage == surveys.RoundReported {
		p.Links = links
	}
	if r.Stage == surveys.RoundPlanned && r.Sealing == surveys.ByCustodians {
		p.CustodiansURL = custodiansPath(r.study.ID)
	}
	if team && r.Stage != surveys.RoundReported && r.Programme != "" {
		p.AverageURL = r.path() + "/average"
	}
	if r.Certificate != nil {
		p.Certificate = certificateFacts(*r.Certificate, r.study)
	}
	if r.Stage <= surveys.RoundOpen {
		p.PosterURL = r.path() + "/poster.pdf"
		if team && r.takesCards() {
			p.CardsURL = r.path() + "/cards"
		}
	}
	if r.Stage == surveys.RoundOpen && !r.over() {
		p.Reminder = r.reminder()
	}
	if team && r.Stage <= surveys.RoundOpen {
		p.Action = r.path()
		for _, site := range r.Sites {
			p.Sites = append(p.Sites, r.siteRow(site))
		}
		return p, nil
	}
	p.Table = r.siteTable()
	return p, nil
}

// siteRow is a practice whose headcount and contact can be changed.
func (r round) siteRow(site surveys.RoundSite) roundSiteView {
	view := roundSiteView{ID: string(site.Site), Title: r.study.SiteTitle(site.Site), Cards: strconv.Itoa(site.Cards), Note: staffNote(site)}
	view.Staff = cellField{page.TextField{ID: "staff-" + view.ID, Label: "Headcount", Class: "ww-input--short", InputMode: "numeric"}, "staff", view.Title}
	if site.Staff > 0 {
		view.Staff.Value = strconv.Itoa(site.Staff)
	}
	view.Contact = cellField{page.TextField{ID: "contact-" + view.ID, Label: "Contact", Value: site.Contact}, "contact", view.Title}
	if r.takesCards() && site.Staff > 0 {
		view.CardsURL = cardsPath(r.study.ID, r.Wave.ID, site.Site)
	}
	return view
}

// siteTable is the practices of a round for whoever may not change them, and once the round is closed with their answers.
func (r round) siteTable() page.Table {
	t := page.Table{ID: "practices", Caption: "Practices in this round", Heads: page.Heads("Practice", "#Headcount", "Contact in the practice", "#Cards made")}
	closed := r.Stage >= surveys.RoundClosed
	if closed {
		t.Heads = append(t.Heads, page.Heads("#Answers")...)
	}
	for _, site := range r.Sites {
		name := page.HeadCell(r.study.SiteTitle(site.Site))
		name.Note = staffNote(site)
		staff := page.NumberCell("not given")
		if site.Staff > 0 {
			staff = signedin.CountCell(site.Staff)
		}
		row := page.Row(name, staff, page.TextCell(site.Contact), signedin.CountCell(site.Cards))
		if closed {
			row.Cells = append(row.Cells, page.NumberCell(answersSay(site)))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// sitesForm is the table of practices: three values a row, in its order.
type sitesForm struct {
	Site    []string `form:"site" validate:"max=1000"`
	Staff   []string `form:"staff" validate:"max=1000"`
	Contact []string `form:"contact" validate:"max=1000"`
}

// SetSites handles POST /office/studies/:study/rounds/:wave. Only what was changed is written, so that what somebody else
// changed meanwhile stays.
func (h *Rounds) SetSites(c echo.Context) error {
	r, err := h.find(c)
	if err != nil {
		return err
	}
	var form sitesForm
	if err := page.Bind(c, &form); err != nil {
		return err
	}
	if len(form.Staff) != len(form.Site) || len(form.Contact) != len(form.Site) {
		return surveys.Errorf(surveys.Invalid, "This page was not complete when it was sent. Open it again and press the button once more.")
	}
	p, err := h.page(c, r)
	if err != nil {
		return err
	}
	var changed []surveys.RoundSite
	for i, id := range form.Site {
		site, view := r.site(id), p.site(id)
		if site == nil || view == nil {
			continue // a practice that has left the study file, or a round that was closed
		}
		next := view.read(*site, form.Staff[i], form.Contact[i])
		if next != *site {
			changed = append(changed, next)
		}
		p.Errors = append(p.Errors, view.faults()...)
	}
	if len(p.Errors) > 0 {
		return h.pages.Send(c, http.StatusBadRequest, p)
	}
	if err := h.store.SetRoundSites(c.Request().Context(), access.Account(c).ID, r.study.ID, r.Wave.ID, changed); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, r.path())
}

// site returns a practice of the round, or nil.
func (r round) site(id string) *surveys.RoundSite {
	for i := range r.Sites {
		if string(r.Sites[i].Site) == id {
			return &r.Sites[i]
		}
	}
	return nil
}

func (p *roundPage) site(id string) *roundSiteView {
	for i := range p.Sites {
		if p.Sites[i].ID == id {
			return &p.Sites[i]
		}
	}
	return nil
}

// read returns the practice as a row of the table has it, and notes beside the row's fields what cannot be.
func (v *roundSiteView) read(site surveys.RoundSite, staff, contact string) surveys.RoundSite {
	v.Staff.Value, v.Contact.Value = staff, contact
	given := surveys.RoundSite{Contact: contact}
	if err := given.Check(); err != nil {
		v.Contact.Error = err.Error()
	}
	n, err := strconv.Atoi(strings.TrimSpace(staff))
	if err != nil && strings.TrimSpace(staff) != "" {
		n = -1 // which no headcount is
	}
	headcount := surveys.RoundSite{Staff: n}
	if err := headcount.Check(); err != nil {
		v.Staff.Error = err.Error()
	}
	site.Staff, site.Contact = n, given.Contact
	return site
}

// faults are the lines of the error summary about a row.
func (v *roundSiteView) faults() (faults []page.FieldError) {
	for _, field := range []cellField{v.Staff, v.Contact} {
		if field.Error != "" {
			faults = append(faults, page.FieldError{Field: field.ID, Text: v.Title + ": " + field.Error})
		}
	}
	return faults
}
