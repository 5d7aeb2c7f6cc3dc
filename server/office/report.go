package office

import (
	"bytes"
	"fmt"

	"github.com/labstack/echo/v4"

	"wellwave/server/office/signedin"
	"wellwave/surveys/report"
)

// DownloadReport handles GET /office/studies/:study/report.pdf.
func (h *Monitor) DownloadReport(c echo.Context) error {
	study, _, err := signedin.FindStudy(c, h.store)
	if err != nil {
		return err
	}
	m, err := h.store.Monitor(c.Request().Context(), study.ID)
	if err != nil {
		return err
	}
	var content bytes.Buffer // buffered, so that an error can still be answered with a page
	if err := report.WriteResponse(&content, m, report.Internal); err != nil {
		return fmt.Errorf("draw the report: %w", err)
	}
	signedin.SendAs(c, "application/pdf", string(study.ID)+"-report.pdf")
	_, err = c.Response().Write(content.Bytes())
	return err
}
