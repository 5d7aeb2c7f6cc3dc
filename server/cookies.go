package server

import (
	"crypto/cipher"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"wellwave/surveys"
)

// cookies keeps in browsers what the server sealed.
type cookies struct {
	sealer *sealer
	secure bool // people reach the server over https
	now    func() time.Time
}

// cookie carries the __Host- prefix where it may, so that no neighbouring host can plant one.
func (k *cookies) cookie(name, value string) *http.Cookie {
	if k.secure {
		name = "__Host-" + name
	}
	return &http.Cookie{Name: name, Value: value, Path: "/", Secure: k.secure, HttpOnly: true, SameSite: http.SameSiteLaxMode}
}

const (
	sessionCookie = "ww_link"
	kioskCookie   = "ww_kiosk"
)

// session returns the session in the request's cookie.
func (k *cookies) session(c echo.Context) (session, bool) {
	cookie, err := c.Cookie(k.cookie(sessionCookie, "").Name)
	if err != nil {
		return session{}, false
	}
	sess, ok := k.sealer.open(cookie.Value, k.now())
	if !ok || k.now().Sub(sess.Issued) > sess.life() {
		return session{}, false
	}
	return sess, true
}

// setSession opens a session on the device.
func (k *cookies) setSession(c echo.Context, sess session) {
	c.SetCookie(k.cookie(sessionCookie, k.sealer.seal(sess)))
}

// dropSession takes the session off the device.
func (k *cookies) dropSession(c echo.Context) { k.drop(c, sessionCookie) }

func (k *cookies) drop(c echo.Context, name string) {
	cookie := k.cookie(name, "")
	cookie.MaxAge = -1
	c.SetCookie(cookie)
}

// kioskClaim says which tablet a browser is and, where the PIN was typed, proves that.
type kioskClaim struct {
	Kiosk surveys.KioskID
	Study surveys.StudyID
	Site  surveys.SiteID
	Proof string
}

// kiosk returns what the request's cookie says of the tablet that it comes from.
func (k *cookies) kiosk(c echo.Context) (kioskClaim, bool) {
	cookie, err := c.Cookie(k.cookie(kioskCookie, "").Name)
	if err != nil {
		return kioskClaim{}, false
	}
	plain, ok := k.sealer.unseal(cookie.Value, func(key sealKey) cipher.AEAD { return key.kiosks })
	lines := strings.Split(plain, "\n")
	if !ok || len(lines) != 4 {
		return kioskClaim{}, false
	}
	return kioskClaim{surveys.KioskID(lines[0]), surveys.StudyID(lines[1]), surveys.SiteID(lines[2]), lines[3]}, true
}

// setKiosk makes the browser a tablet's, opened for colleagues where proof is not empty.
func (k *cookies) setKiosk(c echo.Context, device surveys.KioskDevice, proof string) {
	text := strings.Join([]string{string(device.ID), string(device.Study), string(device.Site), proof}, "\n")
	key := k.sealer.keys[0]
	cookie := k.cookie(kioskCookie, key.seal(key.kiosks, text))
	cookie.MaxAge = int(device.EndsAt.Sub(k.now()).Seconds())
	c.SetCookie(cookie)
}

// dropKiosk makes the browser an ordinary one.
func (k *cookies) dropKiosk(c echo.Context) { k.drop(c, kioskCookie) }
