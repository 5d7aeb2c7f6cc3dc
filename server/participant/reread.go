package participant

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"wellwave/server/page"
)

// Reread answers the buttons that change how somebody reads. A page of questions sends what was typed along: its handler
// takes it and, because of ReadsAnew, shows the page again. Any other page is simply shown again.
func Reread(secure bool, next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		page.ChangeReading(c, secure)
		if !sendsTyped(c) {
			if handle := c.Param("handle"); handle != "" && page.AsksForHelp(c) {
				return c.Redirect(http.StatusSeeOther, "/q/"+url.PathEscape(handle)+"/help")
			}
			return c.Redirect(http.StatusSeeOther, "/"+strings.TrimLeft(c.Request().URL.EscapedPath(), `/\`)) // never to another host
		}
		return next(c)
	}
}

// sendsTyped reports whether the page of a request sends along what was typed. Pages without a form of their own match the
// route of a question, but without a number.
func sendsTyped(c echo.Context) bool {
	return slices.Contains(typedRoutes, c.Path()) && strings.Trim(c.Param("number"), "0123456789") == ""
}

var typedRoutes = []string{"/q/:handle/consent", "/q/:handle/:number", "/q/:handle/grid-:number", "/q/:handle/all", "/q/:handle/next-:number", "/staff/survey"}

// afterReading leads on once a page has taken what was typed: back to the page, or to the page where somebody says who
// helps.
func (v *visit) afterReading(c echo.Context, address string) error {
	if page.AsksForHelp(c) {
		address = "help"
	}
	return c.Redirect(http.StatusSeeOther, v.path(address))
}
