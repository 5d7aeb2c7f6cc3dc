// Package accounts has the pages of signing in, of everybody's own account, and of the accounts that an administrator keeps.
package accounts

import (
	"net/url"

	"wellwave/server/access"
	"wellwave/server/office/signedin"
	"wellwave/server/page"
	"wellwave/server/tickets"
	"wellwave/surveys/store"
)

// Config is what the pages work with.
type Config struct {
	Frames   *signedin.Frames
	Store    *store.Store
	Pages    *page.Renderer
	Sessions *access.Sessions
	Cookies  *tickets.Cookies
	BaseURL  *url.URL // of links for setting up, and what passkeys are made for
	SignIns  []access.DemoSignIn
}

// Handlers are the receivers of the handlers.
type Handlers struct {
	SigningIn *SigningIn
	Own       *Own
	Accounts  *Accounts
}

// New gives each receiver the fields that it needs. It fails for an address that passkeys cannot be made for.
func New(c Config) (*Handlers, error) {
	keys, err := newPasskeys(c.Sessions, c.BaseURL)
	if err != nil {
		return nil, err
	}
	return &Handlers{
		SigningIn: &SigningIn{frames: c.Frames, store: c.Store, pages: c.Pages, sessions: c.Sessions, passkeys: keys, cookies: c.Cookies, signIns: c.SignIns},
		Own:       &Own{frames: c.Frames, store: c.Store, pages: c.Pages, sessions: c.Sessions, passkeys: keys},
		Accounts:  &Accounts{frames: c.Frames, store: c.Store, pages: c.Pages, baseURL: c.BaseURL},
	}, nil
}

// Pages lists the pages.
func Pages() []page.Page {
	return []page.Page{
		&signInPage{}, &setUpPage{}, &againPage{}, &goOnPage{}, &ownPage{}, &sessionsPage{}, &passwordPage{}, &secondPage{}, &factorPage{}, &codesPage{},
		&accountsPage{}, &accountNewPage{}, &accountLinkPage{}, &accountPage{}, &grantPage{},
	}
}
