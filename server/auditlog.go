package server

import (
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"wellwave/surveys"
)

// auditPageSize is how many entries one page of the audit trail shows.
const auditPageSize = 100

// showAudit handles GET /office/audit.
func (h *officeHandlers) showAudit(c echo.Context) error {
	ctx := c.Request().Context()
	study := surveys.StudyID(c.QueryParam("study"))
	// One entry more than a page tells whether there are older ones.
	entries, err := h.store.ListAudit(ctx, study, c.QueryParam("before"), auditPageSize+1)
	if err != nil {
		return err
	}
	p := &auditPage{officePage: h.officeFrame(c, "Audit trail"), Filtered: study != ""}
	if p.Study, err = h.studyFilter(c, study); err != nil {
		return err
	}
	if len(entries) > auditPageSize {
		entries = entries[:auditPageSize]
		p.OlderURL = "/office/audit?" + url.Values{"study": {string(study)}, "before": {entries[auditPageSize-1].ID}}.Encode()
	}
	if p.Entries, err = h.auditTable(c, "Entries", entries); err != nil {
		return err
	}
	return h.pages.page(c, http.StatusOK, p)
}

func (h *officeHandlers) studyFilter(c echo.Context, chosen surveys.StudyID) (selectField, error) {
	f := selectField{ID: "study", Label: "Study", Options: []choice{{Label: "All studies and none"}}}
	studies, err := h.store.ListStudies(c.Request().Context())
	if err != nil {
		return f, err
	}
	for _, entry := range studies {
		f.Options = append(f.Options, choice{Value: string(entry.ID), Label: entry.Title, Chosen: entry.ID == chosen})
	}
	return f, nil
}

// auditTable shows entries with the names of the accounts that made them.
func (h *officeHandlers) auditTable(c echo.Context, caption string, entries []surveys.AuditEntry) (tableView, error) {
	t := tableView{ID: "entries", Caption: caption, Heads: heads("When", "Who", "What", "Study", "Of", "Detail")}
	accounts, err := h.store.ListAccounts(c.Request().Context())
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
			by = "the server"
		}
		object := e.Object
		if name := names[surveys.AccountID(e.Object)]; name != "" {
			object = name
		}
		t.Rows = append(t.Rows, row(head(sayTime(e.At, homeZone)), cell(by), cell(e.Action), cell(string(e.Study)), cell(object), cell(e.Detail)))
	}
	return t, nil
}
