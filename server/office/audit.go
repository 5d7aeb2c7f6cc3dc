package office

import (
	"cmp"
	"context"
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"wellwave/server/access"
	"wellwave/server/office/signedin"
	"wellwave/server/page"
	"wellwave/surveys"
	"wellwave/surveys/store"
)

// Audit is who did what.
type Audit struct {
	frames *signedin.Frames
	store  *store.Store
	pages  *page.Renderer
}

// auditPageSize is how many entries one page of the audit trail shows.
const auditPageSize = 100

// Show handles GET /office/audit.
func (h *Audit) Show(c echo.Context) error {
	ctx := c.Request().Context()
	study := surveys.StudyID(c.QueryParam("study"))
	account := access.Account(c)
	if study != "" && !account.SeesStudy(study) {
		return echo.ErrNotFound
	}
	// One entry more than a page shows tells whether there are older ones.
	list := h.store.ListAudit
	if study == "" && !account.SeesEvery() {
		list = func(ctx context.Context, _ surveys.StudyID, before string, limit int) ([]surveys.AuditEntry, error) {
			return h.store.ListAuditOf(ctx, account.Grant.Studies, before, limit)
		}
	}
	entries, err := list(ctx, study, c.QueryParam("before"), auditPageSize+1)
	if err != nil {
		return err
	}
	p := &auditPage{Frame: h.frames.Plain(c, "Audit trail"), Filtered: study != ""}
	if p.Study, err = h.studyFilter(c, study); err != nil {
		return err
	}
	if len(entries) > auditPageSize {
		entries = entries[:auditPageSize]
		p.OlderURL = "/office/audit?" + url.Values{"study": {string(study)}, "before": {entries[auditPageSize-1].ID}}.Encode()
	}
	if p.Entries, err = auditTable(c, h.store, "Entries", entries); err != nil {
		return err
	}
	return h.pages.Send(c, http.StatusOK, p)
}

func (h *Audit) studyFilter(c echo.Context, chosen surveys.StudyID) (page.SelectField, error) {
	f := page.SelectField{ID: "study", Label: "Study", Options: []page.Choice{{Label: signedin.YesNo(access.Account(c).SeesEvery(), "All studies and none", "All studies")}}}
	studies, err := signedin.ListStudies(c, h.store)
	if err != nil {
		return f, err
	}
	for _, entry := range studies {
		f.Options = append(f.Options, page.Choice{Value: string(entry.ID), Label: entry.Title, Chosen: entry.ID == chosen})
	}
	return f, nil
}

// auditTable shows entries with the names of the accounts that made them.
func auditTable(c echo.Context, kept *store.Store, caption string, entries []surveys.AuditEntry) (page.Table, error) {
	t := page.Table{ID: "entries", Caption: caption, Heads: page.Heads("When", "Who", "What", "Study", "Of", "Detail")}
	accounts, err := kept.ListAccounts(c.Request().Context())
	if err != nil {
		return t, err
	}
	names := make(map[surveys.AccountID]string, len(accounts))
	for _, a := range accounts {
		names[a.ID] = a.Name
	}
	for _, e := range entries {
		by := names[e.By]
		if e.By == "" {
			by = cmp.Or(e.From.Says(""), "the server")
		}
		object := e.Object
		if name := names[surveys.AccountID(e.Object)]; name != "" {
			object = name
		}
		t.Rows = append(t.Rows, page.Row(page.HeadCell(page.SayTime(e.At, page.HomeZone)), page.TextCell(by), page.TextCell(e.Action), page.TextCell(string(e.Study)), page.TextCell(object), page.TextCell(e.Detail)))
	}
	return t, nil
}

// auditPage is one page of the audit trail.
type auditPage struct {
	signedin.Frame
	Study    page.SelectField
	Filtered bool
	Entries  page.Table
	OlderURL string
}

func (*auditPage) Template() string { return "office/audit" }
