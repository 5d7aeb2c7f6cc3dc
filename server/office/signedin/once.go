package signedin

import (
	"context"
	"crypto/rand"
	"errors"

	"github.com/labstack/echo/v4"

	"wellwave/server/page"
	"wellwave/surveys"
	"wellwave/surveys/store"
)

// NewFormID returns the id of a form that may be carried out once.
func NewFormID() page.HiddenField { return page.HiddenField{Name: "form", Value: rand.Text()} }

// Once carries out the form with this id. If the form was sent before, it does nothing and again is true. When a button is
// pressed twice the browser gives up the first request, which is finished anyway. A form that failed can be sent again.
func Once(c echo.Context, kept *store.Store, id string, do func(context.Context) error) (again bool, err error) {
	ctx := context.WithoutCancel(c.Request().Context())
	if id == "" {
		return false, surveys.Errorf(surveys.Invalid, "This page was not complete when it was sent. Open it again and press the button once more.")
	}
	first, err := kept.ClaimForm(ctx, id)
	if err != nil || !first {
		return err == nil, err
	}
	if err := do(ctx); err != nil {
		return false, errors.Join(err, kept.ReturnForm(ctx, id))
	}
	return false, nil
}
