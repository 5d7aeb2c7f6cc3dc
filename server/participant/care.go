package participant

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"wellwave/surveys"
)

// cares reports whether what was just saved leads to the page with the safety plan's text: once, when it raised an alert.
func (v *visit) cares(receipt surveys.Receipt) bool { return receipt.Alert && v.Study.Safety != nil }

// ShowCare handles GET /q/:handle/care. The page says nothing about any answer and leads back to the questions.
func (h *Questions) ShowCare(c echo.Context, v *visit) error {
	if v.Study.Safety == nil {
		return c.Redirect(http.StatusSeeOther, v.path(""))
	}
	return h.pages.Send(c, http.StatusOK, &carePage{Base: v.base(v.words.Say("Thank you for telling us")), Text: v.Study.Safety.Text, NextURL: v.path("")})
}
