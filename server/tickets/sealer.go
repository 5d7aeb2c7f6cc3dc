// Package tickets makes texts for browsers to keep that nobody can read or make without the server's keys: the ticket to a
// participant's response, the token with which a device delivers answers, and what a kiosk is.
//
// A response is named in addresses and forms by a handle, so that a page left open cannot write into the response of
// somebody whose link was opened in the same browser since.
package tickets

import (
	"context"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"golang.org/x/crypto/chacha20poly1305"

	"wellwave/surveys"
)

// Sealer seals tickets and names responses. It seals with its first key, and opens with that and with those that were rotated:
// as long after that as what they sealed may still be in use.
type Sealer struct {
	keys []sealKey
	Now  func() time.Time
}

// deliveryGrace is how long after a rotation what waits on devices is still taken with the token that it has. Then its owner
// is asked to open the link again, and it is taken with a new one.
const deliveryGrace = 30 * 24 * time.Hour

type sealKey struct {
	id       string
	retired  time.Time // zero for the key in use
	tickets  cipher.AEAD
	delivery cipher.AEAD // of another key, so that one kind of text cannot be used as another
	kiosks   cipher.AEAD
	loaded   cipher.AEAD
	handles  []byte
}

// NewSealer returns a sealer with the keys that load returns, newest first.
func NewSealer(ctx context.Context, load func(context.Context) ([]surveys.Key, error)) (*Sealer, error) {
	secrets, err := load(ctx)
	if err != nil {
		return nil, fmt.Errorf("load sealing keys: %w", err)
	}
	if len(secrets) == 0 {
		return nil, fmt.Errorf("load sealing keys: there is none")
	}
	s := &Sealer{keys: make([]sealKey, 0, len(secrets)), Now: time.Now}
	for _, secret := range secrets {
		key, err := newSealKey(secret)
		if err != nil {
			return nil, fmt.Errorf("sealing key %s: %w", secret.ID, err)
		}
		s.keys = append(s.keys, key)
	}
	return s, nil
}

func newSealKey(secret surveys.Key) (sealKey, error) {
	key := sealKey{id: secret.ID, retired: secret.RetiredAt}
	var err error
	if key.tickets, err = newBox(secret.Secret, "wellwave session"); err != nil {
		return sealKey{}, err
	}
	if key.delivery, err = newBox(secret.Secret, "wellwave delivery"); err != nil {
		return sealKey{}, err
	}
	if key.kiosks, err = newBox(secret.Secret, "wellwave kiosk"); err != nil {
		return sealKey{}, err
	}
	if key.loaded, err = newBox(secret.Secret, "wellwave loaded"); err != nil {
		return sealKey{}, err
	}
	key.handles, err = hkdf.Key(sha256.New, secret.Secret, nil, "wellwave handle", sha256.Size)
	return key, err
}

func newBox(secret []byte, purpose string) (cipher.AEAD, error) {
	key, err := hkdf.Key(sha256.New, secret, nil, purpose, chacha20poly1305.KeySize)
	if err != nil {
		return nil, err
	}
	return chacha20poly1305.NewX(key)
}

// NewSitting returns the id of a new sitting.
func NewSitting() string {
	var id [16]byte
	_, _ = rand.Read(id[:]) // never fails since Go 1.24
	return hex.EncodeToString(id[:])
}

// Seal returns the cookie's text for a ticket.
func (s *Sealer) Seal(ticket Ticket) string {
	key := s.keys[0]
	return key.seal(key.tickets, ticket.encode())
}

// SealLoaded returns the text by which a tablet that is handed over without a network asks for the ticket afterwards. It is
// none of the texts that a participant's cookie holds.
func (s *Sealer) SealLoaded(ticket Ticket) string {
	key := s.keys[0]
	return key.seal(key.loaded, ticket.encode())
}

// OpenLoaded returns the ticket that SealLoaded sealed for a tablet, as Open does.
func (s *Sealer) OpenLoaded(text string, now time.Time) (ticket Ticket, ok bool) {
	return s.open(text, now, func(key sealKey) cipher.AEAD { return key.loaded })
}

// seal returns key id, dot, sealed text.
func (k sealKey) seal(box cipher.AEAD, plain string) string {
	nonce := make([]byte, box.NonceSize(), 256)
	_, _ = rand.Read(nonce) // never fails since Go 1.24
	sealed := box.Seal(nonce, nonce, []byte(plain), []byte(k.id))
	return k.id + "." + base64.RawURLEncoding.EncodeToString(sealed)
}

// Open returns the ticket in a cookie's text. ok is false for one that is forged, damaged, too old or sealed with a
// key that is gone.
func (s *Sealer) Open(text string, now time.Time) (ticket Ticket, ok bool) {
	return s.open(text, now, func(key sealKey) cipher.AEAD { return key.tickets })
}

func (s *Sealer) open(text string, now time.Time, boxOf func(sealKey) cipher.AEAD) (ticket Ticket, ok bool) {
	plain, ok := s.unseal(text, ticketLife, boxOf)
	if !ok {
		return Ticket{}, false
	}
	ticket, ok = decodeTicket(plain)
	if !ok || now.Sub(ticket.Issued) > ticketLife {
		return Ticket{}, false
	}
	return ticket, true
}

// unseal opens a text that seal returned. The text names its key, and boxOf chooses which box of that key to use. A key that
// was rotated opens it for the time of grace.
func (s *Sealer) unseal(text string, grace time.Duration, boxOf func(sealKey) cipher.AEAD) (plain string, ok bool) {
	id, encoded, found := strings.Cut(text, ".")
	if !found {
		return "", false
	}
	key, found := s.key(id)
	if !found || !key.retired.IsZero() && s.Now().Sub(key.retired) > grace {
		return "", false
	}
	box := boxOf(key)
	sealed, err := base64.RawURLEncoding.DecodeString(encoded)
	if err != nil || len(sealed) < box.NonceSize() {
		return "", false
	}
	nonce, closed := sealed[:box.NonceSize()], sealed[box.NonceSize():]
	opened, err := box.Open(closed[:0], nonce, closed, []byte(id))
	return string(opened), err == nil
}

func (s *Sealer) key(id string) (sealKey, bool) {
	for _, key := range s.keys {
		if key.id == id {
			return key, true
		}
	}
	return sealKey{}, false
}

// Handle names the response of a ticket in addresses and forms: short, and meaningless to anybody else.
func (s *Sealer) Handle(ticket Ticket) string { return s.keys[0].handle(ticket) }

// Owns reports whether handle names the response of this ticket, under any key.
func (s *Sealer) Owns(ticket Ticket, handle string) bool {
	for _, key := range s.keys {
		if hmac.Equal([]byte(key.handle(ticket)), []byte(handle)) {
			return true
		}
	}
	return false
}

func (k sealKey) handle(ticket Ticket) string {
	mac := hmac.New(sha256.New, k.handles)
	for _, part := range []string{string(ticket.Study), string(ticket.Wave), string(ticket.Enrolment), ticket.Card} {
		_, _ = mac.Write([]byte(part)) // a hash never fails
		_, _ = mac.Write([]byte{0})
	}
	return hex.EncodeToString(mac.Sum(nil)[:8])
}
