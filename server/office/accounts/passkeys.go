package accounts

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/netip"
	"net/url"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"
	"github.com/labstack/echo/v4"

	"wellwave/server/access"
	"wellwave/surveys"
)

// passkeys asks browsers for passkeys. What it has asked is kept in the browser's session until the browser answers; the
// question and the answer are JSON in a page and in a form, so that a page needs nothing but a script for the two.
type passkeys struct {
	sessions *access.Sessions
	lib      *webauthn.WebAuthn
}

// sessionPasskey is where the session keeps what was asked.
const sessionPasskey = "passkey"

// newPasskeys returns nil for an address at which browsers know no passkeys: one without a name.
func newPasskeys(sessions *access.Sessions, base *url.URL) (*passkeys, error) {
	if _, err := netip.ParseAddr(base.Hostname()); err == nil {
		return nil, nil
	}
	lib, err := webauthn.New(&webauthn.Config{RPID: base.Hostname(), RPDisplayName: "wellwave", RPOrigins: []string{base.Scheme + "://" + base.Host}})
	if err != nil {
		return nil, fmt.Errorf("prepare passkeys: %w", err)
	}
	return &passkeys{sessions, lib}, nil
}

// keyHolder is an account as the library sees it.
type keyHolder struct {
	surveys.Account
	credentials []webauthn.Credential
}

func (h keyHolder) WebAuthnID() []byte                         { return []byte(h.ID) }
func (h keyHolder) WebAuthnName() string                       { return h.Email }
func (h keyHolder) WebAuthnDisplayName() string                { return h.Name }
func (h keyHolder) WebAuthnCredentials() []webauthn.Credential { return h.credentials }

func newKeyHolder(account surveys.Account, known []surveys.Passkey) (keyHolder, error) {
	h := keyHolder{Account: account}
	for _, key := range known {
		var credential webauthn.Credential
		if err := json.Unmarshal([]byte(key.Credential), &credential); err != nil {
			return h, fmt.Errorf("read a passkey: %w", err)
		}
		h.credentials = append(h.credentials, credential)
	}
	return h, nil
}

// askNew returns the question for a new passkey.
func (p *passkeys) askNew(c echo.Context, account surveys.Account, known []surveys.Passkey) (string, error) {
	holder, err := newKeyHolder(account, known)
	if err != nil {
		return "", err
	}
	exclude := webauthn.Credentials(holder.credentials).CredentialDescriptors()
	creation, asked, err := p.lib.BeginRegistration(holder, webauthn.WithExclusions(exclude),
		webauthn.WithAuthenticatorSelection(protocol.AuthenticatorSelection{ResidentKey: protocol.ResidentKeyRequirementDiscouraged, UserVerification: protocol.VerificationRequired}))
	if err != nil {
		return "", fmt.Errorf("ask for a passkey: %w", err)
	}
	return p.keep(c, asked, creation.Response)
}

// ask returns the question for a passkey that the account has, nothing where it has none.
func (p *passkeys) ask(c echo.Context, account surveys.Account, known []surveys.Passkey) (string, error) {
	if p == nil || len(known) == 0 {
		return "", nil
	}
	holder, err := newKeyHolder(account, known)
	if err != nil {
		return "", err
	}
	assertion, asked, err := p.lib.BeginLogin(holder, webauthn.WithUserVerification(protocol.VerificationRequired))
	if err != nil {
		return "", fmt.Errorf("ask for a passkey: %w", err)
	}
	return p.keep(c, asked, assertion.Response)
}

func (p *passkeys) keep(c echo.Context, asked *webauthn.SessionData, question any) (string, error) {
	kept, err := json.Marshal(asked)
	if err != nil {
		return "", fmt.Errorf("keep what a passkey was asked: %w", err)
	}
	text, err := json.Marshal(question)
	if err != nil {
		return "", fmt.Errorf("ask for a passkey: %w", err)
	}
	p.sessions.Put(c.Request().Context(), sessionPasskey, string(kept))
	return string(text), nil
}

// asked returns what was asked, once.
func (p *passkeys) asked(c echo.Context) (webauthn.SessionData, bool) {
	var asked webauthn.SessionData
	err := json.Unmarshal([]byte(p.sessions.PopString(c.Request().Context(), sessionPasskey)), &asked)
	return asked, err == nil
}

// refusedPasskey is said of every answer that does not do. Why not helps nobody at the page.
func refusedPasskey(field string) error {
	message := "The passkey was not accepted. Try it once more."
	return &surveys.Error{Kind: surveys.Invalid, Message: message, Fields: map[string]string{field: message}}
}

// readNew returns the passkey of a browser's answer.
func (p *passkeys) readNew(c echo.Context, account surveys.Account, answer string) (surveys.Passkey, error) {
	asked, ok := p.asked(c)
	parsed, err := protocol.ParseCredentialCreationResponseBytes([]byte(answer))
	if !ok || err != nil {
		return surveys.Passkey{}, refusedPasskey("name")
	}
	credential, err := p.lib.CreateCredential(keyHolder{Account: account}, asked, parsed)
	if err != nil {
		return surveys.Passkey{}, refusedPasskey("name")
	}
	return newPasskey(credential)
}

// read returns which of the account's passkeys answered, as it is from now on.
func (p *passkeys) read(c echo.Context, account surveys.Account, known []surveys.Passkey, answer string) (surveys.Passkey, error) {
	holder, err := newKeyHolder(account, known)
	if err != nil {
		return surveys.Passkey{}, err
	}
	asked, ok := p.asked(c)
	parsed, err := protocol.ParseCredentialRequestResponseBytes([]byte(answer))
	if !ok || err != nil {
		return surveys.Passkey{}, refusedPasskey("one-time")
	}
	credential, err := p.lib.ValidateLogin(holder, asked, parsed)
	if err != nil || credential.Authenticator.CloneWarning { // a copy of the key has been used before this one
		return surveys.Passkey{}, refusedPasskey("one-time")
	}
	return newPasskey(credential)
}

func newPasskey(credential *webauthn.Credential) (surveys.Passkey, error) {
	text, err := json.Marshal(credential)
	if err != nil {
		return surveys.Passkey{}, fmt.Errorf("keep a passkey: %w", err)
	}
	return surveys.Passkey{ID: base64.RawURLEncoding.EncodeToString(credential.ID), Credential: string(text)}, nil
}
