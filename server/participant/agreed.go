package participant

import (
	"bytes"
	"fmt"
	"net/http"

	"github.com/labstack/echo/v4"

	"wellwave/server/withdrawal"
	"wellwave/surveys"
	"wellwave/surveys/report"
)

// ShowAgreed handles GET /q/:handle/agreed. It can be read at any time, whatever the state of the study and of the person.
func (h *Consent) ShowAgreed(c echo.Context, v *visit) error {
	if v.ticket.Lent() {
		return c.Redirect(http.StatusSeeOther, v.path(""))
	}
	copied, err := h.store.ConsentCopy(c.Request().Context(), v.ticket.Enrolment)
	if surveys.KindOf(err) == surveys.NotFound {
		return c.Redirect(http.StatusSeeOther, v.path(""))
	}
	if err != nil {
		return err
	}
	p := &agreedPage{Base: v.base(v.words.Say("What you agreed to")), Number: copied.Label, Intro: copied.Text.Intro,
		Given: copied.Says(v.words.Pack), BackURL: v.path("")}
	if pack := copied.Pack(); pack.Direction == "ltr" {
		p.PDFURL = v.path("agreed.pdf")
	}
	if pack := copied.Pack(); pack.Language != v.words.Language {
		p.TextLanguage, p.TextDirection = pack.Language, pack.Direction
	}
	for _, clause := range copied.Text.Clauses {
		p.Clauses = append(p.Clauses, agreedClause{clause.Text, copied.Agreed(clause.ID)})
	}
	if v.Left != 0 {
		withdrawn := withdrawal.WithdrawnOf(v.words.Pack, surveys.Withdrawn{History: []surveys.Withdrawal{copied.Left}}, v.Study)
		p.Withdrawn = &withdrawn
		return h.pages.Send(c, http.StatusOK, p)
	}
	p.WithdrawalSays, p.LockedSays, p.WithdrawURL = v.words.Say(surveys.LeavingSays), v.words.Say(surveys.LockedSays), v.path("withdraw")
	p.Levels = withdrawal.Person{ErasureDays: v.Study.ErasureDays}.Levels(v.words.Pack, "")
	return h.pages.Send(c, http.StatusOK, p)
}

// DownloadAgreed handles GET /q/:handle/agreed.pdf.
func (h *Consent) DownloadAgreed(c echo.Context, v *visit) error {
	if v.ticket.Lent() { // it would stay on the kiosk
		return c.Redirect(http.StatusSeeOther, v.path(""))
	}
	copied, err := h.store.ConsentCopy(c.Request().Context(), v.ticket.Enrolment)
	if err != nil {
		return err
	}
	if copied.Pack().Direction != "ltr" { // our PDFs cannot be written from right to left; the page can be printed
		return c.Redirect(http.StatusSeeOther, v.path("agreed"))
	}
	var pdf bytes.Buffer
	if err := report.WriteConsentCopy(&pdf, copied); err != nil {
		return fmt.Errorf("write a consent copy: %w", err)
	}
	c.Response().Header().Set(echo.HeaderContentDisposition, `attachment; filename="what-you-agreed-to.pdf"`)
	return c.Blob(http.StatusOK, "application/pdf", pdf.Bytes())
}
