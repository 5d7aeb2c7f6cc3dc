package tickets

import (
	"context"
	"crypto/cipher"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"wellwave/surveys"
)

// Cookies keeps sealed texts in browsers.
type Cookies struct {
	Sealer *Sealer
	Secure bool // people reach the server over https
	Now    func() time.Time
	// End ends what a ticket rests on.
	End func(context.Context, surveys.Basis) error
}

// cookie returns a cookie, with the __Host- prefix over https, so that no neighbouring host can plant one.
func (k *Cookies) cookie(name, value string) *http.Cookie {
	if k.Secure {
		name = "__Host-" + name
	}
	return &http.Cookie{Name: name, Value: value, Path: "/", Secure: k.Secure, HttpOnly: true, SameSite: http.SameSiteLaxMode}
}

const (
	ticketCookie = "ww_link"
	kioskCookie  = "ww_kiosk"
)

// Ticket returns the ticket in the request's cookie.
func (k *Cookies) Ticket(c echo.Context) (Ticket, bool) {
	cookie, err := c.Cookie(k.cookie(ticketCookie, "").Name)
	if err != nil {
		return Ticket{}, false
	}
	ticket, ok := k.Sealer.Open(cookie.Value, k.Now())
	if !ok || k.Now().Sub(ticket.Issued) > ticket.Life() {
		return Ticket{}, false
	}
	return ticket, true
}

// SetTicket puts a ticket on the device.
func (k *Cookies) SetTicket(c echo.Context, ticket Ticket) {
	c.SetCookie(k.cookie(ticketCookie, k.Sealer.Seal(ticket)))
}

// DropTicket takes the ticket off the device and ends it, so that a copy of it is worth nothing. A card of the staff survey
// can be used again on another device until it is spent, and nothing is written down about it.
func (k *Cookies) DropTicket(c echo.Context) error {
	if ticket, ok := k.Ticket(c); ok && ticket.Audience != surveys.Staff {
		if err := k.End(c.Request().Context(), ticket.Basis()); err != nil {
			return err
		}
	}
	k.drop(c, ticketCookie)
	return nil
}

func (k *Cookies) drop(c echo.Context, name string) {
	cookie := k.cookie(name, "")
	cookie.MaxAge = -1
	c.SetCookie(cookie)
}

// kioskClaim says which kiosk a browser is and, once the PIN was typed, holds the proof of that.
type kioskClaim struct {
	Kiosk surveys.KioskID
	Study surveys.StudyID
	Site  surveys.SiteID
	Proof string
}

// Kiosk returns what the request's cookie says of the kiosk that it comes from.
func (k *Cookies) Kiosk(c echo.Context) (kioskClaim, bool) {
	cookie, err := c.Cookie(k.cookie(kioskCookie, "").Name)
	if err != nil {
		return kioskClaim{}, false
	}
	plain, ok := k.Sealer.unseal(cookie.Value, surveys.KioskLife, func(key sealKey) cipher.AEAD { return key.kiosks })
	lines := strings.Split(plain, "\n")
	if !ok || len(lines) != 4 {
		return kioskClaim{}, false
	}
	return kioskClaim{surveys.KioskID(lines[0]), surveys.StudyID(lines[1]), surveys.SiteID(lines[2]), lines[3]}, true
}

// SetKiosk makes the browser a kiosk. With a proof it is open for colleagues.
func (k *Cookies) SetKiosk(c echo.Context, device surveys.KioskDevice, proof string) {
	text := strings.Join([]string{string(device.ID), string(device.Study), string(device.Site), proof}, "\n")
	key := k.Sealer.keys[0]
	cookie := k.cookie(kioskCookie, key.seal(key.kiosks, text))
	cookie.MaxAge = int(device.EndsAt.Sub(k.Now()).Seconds())
	c.SetCookie(cookie)
}

// DropKiosk makes the browser an ordinary one.
func (k *Cookies) DropKiosk(c echo.Context) { k.drop(c, kioskCookie) }
