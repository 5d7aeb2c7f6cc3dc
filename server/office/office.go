// Package office has the pages of people who sign in: the university team, practices at their desk, and those who enter
// answers. Each noun has a receiver in the file named after it, and New builds them all.
package office

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"wellwave/server/access"
	"wellwave/server/page"
	"wellwave/server/tickets"
	"wellwave/surveys"
	"wellwave/surveys/monitor"
	"wellwave/surveys/store"
)

// Config is what the pages work with.
type Config struct {
	Store          *store.Store
	Pages          *page.Renderer
	Sessions       *access.Sessions
	Cookies        *tickets.Cookies
	BaseURL        *url.URL // the address that people type
	Log            *slog.Logger
	Now            func() time.Time
	SignIns        []access.DemoSignIn
	DemoCustodians []access.DemoCustodian
	SendsMail      bool   // of alerts
	KioskPath      string // where a browser goes that has become a kiosk
	// Space tells the room on the database's disk, where it is known.
	Space func() (surveys.Space, bool)
}

// Handlers are the receivers of the handlers.
type Handlers struct {
	Frames *Frames

	SigningIn *SigningIn
	Accounts  *Accounts
	Audit     *Audit
	Own       *Own

	Studies     *Studies
	Monitor     *Monitor
	Rounds      *Rounds
	Findings    *Findings
	Custodians  *Custodians
	Releases    *Releases
	Alerts      *Alerts
	Withdrawals *Withdrawals
	Papers      *Papers
	Queries     *Queries
	People      *People
	Proposals   *Proposals

	Desk            *Desk
	PracticeReports *PracticeReports
	Kiosks          *Kiosks
	Entry           *Entry
}

// New gives each receiver the fields that it needs. It fails for an address that passkeys cannot be made for.
func New(c Config) (*Handlers, error) {
	keys, err := newPasskeys(c.Sessions, c.BaseURL)
	if err != nil {
		return nil, err
	}
	frames := &Frames{store: c.Store, log: c.Log, now: c.Now, space: c.Space}
	return &Handlers{
		Frames: frames,

		SigningIn: &SigningIn{frames: frames, store: c.Store, pages: c.Pages, sessions: c.Sessions, passkeys: keys, cookies: c.Cookies, signIns: c.SignIns},
		Accounts:  &Accounts{frames: frames, store: c.Store, pages: c.Pages, baseURL: c.BaseURL},
		Audit:     &Audit{frames: frames, store: c.Store, pages: c.Pages},
		Own:       &Own{frames: frames, store: c.Store, pages: c.Pages, sessions: c.Sessions, passkeys: keys},

		Studies:     &Studies{frames: frames, store: c.Store, pages: c.Pages, now: c.Now},
		Monitor:     &Monitor{frames: frames, store: c.Store, pages: c.Pages},
		Rounds:      &Rounds{frames: frames, store: c.Store, pages: c.Pages, baseURL: c.BaseURL, now: c.Now, inTheOpen: c.DemoCustodians},
		Custodians:  &Custodians{frames: frames, store: c.Store, pages: c.Pages, now: c.Now},
		Findings:    &Findings{frames: frames, store: c.Store, pages: c.Pages},
		Releases:    &Releases{frames: frames, store: c.Store, pages: c.Pages, now: c.Now},
		Alerts:      &Alerts{frames: frames, store: c.Store, pages: c.Pages, baseURL: c.BaseURL, now: c.Now, sendsMail: c.SendsMail},
		Withdrawals: &Withdrawals{frames: frames, store: c.Store, pages: c.Pages, sessions: c.Sessions, now: c.Now},
		Queries:     &Queries{frames: frames, store: c.Store, pages: c.Pages},
		People:      &People{frames: frames, store: c.Store, pages: c.Pages},
		Proposals:   &Proposals{frames: frames, store: c.Store, pages: c.Pages, now: c.Now},
		Papers:      &Papers{frames: frames, store: c.Store, pages: c.Pages},

		Desk:            &Desk{frames: frames, store: c.Store, pages: c.Pages, cookies: c.Cookies, baseURL: c.BaseURL, now: c.Now},
		PracticeReports: &PracticeReports{frames: frames, store: c.Store, pages: c.Pages},
		Kiosks:          &Kiosks{frames: frames, store: c.Store, pages: c.Pages, sessions: c.Sessions, cookies: c.Cookies, now: c.Now, path: c.KioskPath},
		Entry:           &Entry{frames: frames, store: c.Store, pages: c.Pages, sessions: c.Sessions, now: c.Now},
	}, nil
}

// linkAddress is the address that opens a link or code.
func linkAddress(base *url.URL, code string) string { return base.JoinPath("s", code).String() }

// sendAs starts a reply that a browser keeps as a file.
func sendAs(c echo.Context, kind, name string) {
	header := c.Response().Header()
	header.Set(echo.HeaderContentType, kind)
	header.Set(echo.HeaderContentDisposition, fmt.Sprintf("attachment; filename=%q", name))
	c.Response().WriteHeader(http.StatusOK)
}

// count is a cell with a whole number.
func count(n int) page.Cell { return page.NumberCell(strconv.Itoa(n)) }

func shareOf(n, of int) string {
	if of == 0 {
		return ""
	}
	return monitor.FormatPercent(float64(n) / float64(of))
}

func yesNo(condition bool, yes, no string) string {
	if condition {
		return yes
	}
	return no
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}
