package signedin

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/labstack/echo/v4"

	"wellwave/surveys/report"
)

// ReadUpload returns the file that was chosen in a field, and nothing where none was. Its size is bounded by the route's body
// limit.
func ReadUpload(c echo.Context, field string) ([]byte, error) {
	upload, err := c.FormFile(field)
	if errors.Is(err, http.ErrMissingFile) || errors.Is(err, http.ErrNotMultipart) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read upload: %w", err)
	}
	file, err := upload.Open()
	if err != nil {
		return nil, fmt.Errorf("open upload: %w", err)
	}
	defer file.Close()
	data, err := io.ReadAll(file)
	if err != nil {
		return nil, fmt.Errorf("read upload: %w", err)
	}
	return data, nil
}

// SendAs starts a reply that a browser keeps as a file.
func SendAs(c echo.Context, kind, name string) {
	header := c.Response().Header()
	header.Set(echo.HeaderContentType, kind)
	header.Set(echo.HeaderContentDisposition, fmt.Sprintf("attachment; filename=%q", name))
	c.Response().WriteHeader(http.StatusOK)
}

// SendPaper sends a questionnaire as it is printed.
func SendPaper(c echo.Context, p report.Paper) error {
	var content bytes.Buffer // buffered, so that an error can still be answered with a page
	if err := report.WritePaper(&content, p); err != nil {
		return fmt.Errorf("draw a questionnaire: %w", err)
	}
	SendAs(c, "application/pdf", fmt.Sprintf("%s-%s-%s.pdf", p.Study.ID, p.Wave.ID, p.Language))
	_, err := c.Response().Write(content.Bytes())
	return err
}
