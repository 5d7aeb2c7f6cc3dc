package participant

import (
	"time"

	"github.com/labstack/echo/v4"

	"wellwave/server/page"
	"wellwave/server/tickets"
	"wellwave/surveys"
	"wellwave/surveys/store"
)

// kioskPass is what a request proves: which kiosk it comes from and, with a proof, that the PIN was typed.
type kioskPass struct {
	surveys.KioskDevice
	proof string
}

// kiosks finds the kiosk that a request comes from.
type kiosks struct {
	store   *store.Store
	cookies *tickets.Cookies
	now     func() time.Time
	secure  bool // people reach the server over https
}

// find returns the kiosk of a request. It fails with NotFound if the browser is not a kiosk, or if the kiosk was revoked or
// has expired.
func (k *kiosks) find(c echo.Context) (kioskPass, error) {
	notFound := surveys.Errorf(surveys.NotFound, "this tablet is not set up")
	claim, ok := k.cookies.Kiosk(c)
	if !ok {
		return kioskPass{}, notFound
	}
	device, err := k.store.FindKiosk(c.Request().Context(), claim.Kiosk)
	if err != nil {
		return kioskPass{}, err
	}
	if !device.Works(k.now()) || device.Study != claim.Study || device.Site != claim.Site {
		return kioskPass{}, notFound
	}
	return kioskPass{device, claim.Proof}, nil
}

// here returns the kiosk of a request, if it comes from one.
func (k *kiosks) here(c echo.Context) (kioskPass, bool) {
	pass, err := k.find(c)
	return pass, err == nil
}

// clear takes off a kiosk what whoever had it leaves: the ticket, which ends, and how they read.
func (k *kiosks) clear(c echo.Context) error {
	if err := k.cookies.DropTicket(c); err != nil {
		return err
	}
	c.SetCookie(page.ForgottenReading(k.secure))
	return nil
}
