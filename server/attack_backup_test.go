package server_test

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"wellwave/server/servertest"
	"wellwave/server/tickets"
	"wellwave/surveys"
	"wellwave/surveys/rootkey"
	"wellwave/surveys/store"
	"wellwave/surveys/store/storetest"
)

// thief is somebody who has read a backup, and wants to get at the server that goes on running.
type thief struct {
	*servertest.Room
	keys           []surveys.Key // what stands in the backup about keys, with the ids that sealed texts name
	hashes         []string      // of typed codes and staff cards
	victim         surveys.EnrolmentID
	typed          surveys.Invitation // the victim's, unknown to the thief
	card           string             // likewise
	key            rootkey.Key
	session, codes [][]byte // the secrets, as the root key opens them
}

func newThief(t *testing.T) *thief {
	t.Helper()
	db := storetest.SQLite(t)
	th := &thief{Room: servertest.NewRoomOn(t, func(clock func() time.Time) *store.Store { return db.Open(t, storetest.Clock(clock)) })}
	th.victim = th.Enrol("P1")
	th.typed = th.Invite(th.victim, "baseline")
	b := th.Browser()
	b.Begin(th.typed.Link).Send()
	b.Send("ease_1", "3").Wants(200, "/3")
	cards, err := th.Store.MakeStaffCodes(t.Context(), "", "kinds", "round-1", "north", 3)
	if err != nil {
		t.Fatal(err)
	}
	th.card = cards[0]
	backup := filepath.Join(t.TempDir(), "backup.db")
	if err := th.Store.Backup(t.Context(), backup); err != nil {
		t.Fatal(err)
	}
	file, err := store.KeyFile(db.DSN, db.KeyFile)
	if err != nil {
		t.Fatal(err)
	}
	if th.key, err = rootkey.Read(file); err != nil {
		t.Fatal(err)
	}
	th.read(backup)
	return th
}

// read takes from the backup what it says of keys, and the hashes that a search would look for.
func (th *thief) read(backup string) {
	th.T.Helper()
	db, err := sql.Open("sqlite3", "file:"+backup+"?mode=ro&immutable=1")
	if err != nil {
		th.T.Fatal(err)
	}
	defer func() { _ = db.Close() }() // it was only read
	rows, err := db.Query("SELECT id, purpose, secret FROM server_keys")
	if err != nil {
		th.T.Fatal(err)
	}
	defer func() { _ = rows.Close() }() // Err tells
	for rows.Next() {
		var id, purpose, secret string
		if err := rows.Scan(&id, &purpose, &secret); err != nil {
			th.T.Fatal(err)
		}
		th.keys = append(th.keys, surveys.Key{ID: id, Secret: []byte(secret)})
		opened, err := th.key.Open("server key "+purpose, id, secret)
		if err != nil {
			th.T.Fatal(err)
		}
		switch purpose {
		case "sealing":
			th.session = append(th.session, opened)
		case "codes":
			th.codes = append(th.codes, opened)
		}
	}
	for _, query := range []string{"SELECT code_hash FROM invitations", "SELECT code_hash FROM staff_codes"} {
		found, err := db.Query(query)
		if err != nil {
			th.T.Fatal(err)
		}
		for found.Next() {
			var hash string
			if err := found.Scan(&hash); err != nil {
				th.T.Fatal(err)
			}
			th.hashes = append(th.hashes, hash)
		}
		_ = found.Close() // Err tells
		if err := errorOf(rows, found); err != nil {
			th.T.Fatal(err)
		}
	}
}

func errorOf(rows ...*sql.Rows) error {
	for _, r := range rows {
		if err := r.Err(); err != nil {
			return err
		}
	}
	return nil
}

// guesses are the secrets that could be made of what stands in the backup: as older versions stored them, and in every way
// that is as easy.
func (th *thief) guesses() (secrets [][]byte) {
	for _, key := range th.keys {
		_, text, _ := strings.Cut(string(key.Secret), ".")
		for _, reading := range []string{string(key.Secret), text} {
			secrets = append(secrets, []byte(reading))
			if raw, err := hex.DecodeString(reading); err == nil {
				secrets = append(secrets, raw)
			}
			if raw, err := base64.RawURLEncoding.DecodeString(reading); err == nil {
				secrets = append(secrets, raw)
				for _, from := range []int{0, 24, len(raw) - 32} { // after a nonce, and before what proves it
					if from >= 0 && from+32 <= len(raw) {
						secrets = append(secrets, raw[from:from+32])
					}
				}
			}
		}
	}
	for _, s := range slices.Clone(secrets) {
		sum := sha256.Sum256(s)
		secrets = append(secrets, sum[:])
	}
	return append(secrets, make([]byte, 32))
}

// forge tries to get into the victim's response with a session, and to write into it with a delivery token, both made with
// each of the secrets. It returns how often either succeeded.
func (th *thief) forge(secrets [][]byte) (sessions, deliveries int) {
	th.T.Helper()
	for _, secret := range secrets {
		for _, known := range th.keys {
			sealer, err := tickets.NewSealer(th.T.Context(), func(context.Context) ([]surveys.Key, error) {
				return []surveys.Key{{ID: known.ID, Secret: secret}}, nil
			})
			if err != nil {
				th.T.Fatal(err)
			}
			ticket := tickets.Ticket{Audience: surveys.Patients, Study: "kinds", Wave: "baseline", Enrolment: th.victim,
				Invitation: th.typed.ID, Sitting: tickets.NewSitting(), Issued: th.Now}
			response := "/q/" + sealer.Handle(ticket) + "/"
			request, err := http.NewRequestWithContext(th.T.Context(), http.MethodGet, th.URL+response+"1", nil)
			if err != nil {
				th.T.Fatal(err)
			}
			request.AddCookie(&http.Cookie{Name: "ww_link", Value: sealer.Seal(ticket)})
			reply, err := http.DefaultTransport.RoundTrip(request) // follows nothing
			if err != nil {
				th.T.Fatal(err)
			}
			_ = reply.Body.Close() // of no interest
			if reply.StatusCode == http.StatusOK {
				sessions++
			}
			token := sealer.SealDelivery(ticket.Delivery("en"))
			if status, _ := th.Browser().Deliver(http.DefaultClient, response, servertest.Queued(token, 1, `{"ease_1":1}`)); status == http.StatusOK {
				deliveries++
			}
		}
	}
	return sessions, deliveries
}

// search tries a stretch of the codes that people may type, in which the victim's code and a card are, against the hashes in
// the backup, by each of the secrets. It returns those that it found.
func (th *thief) search(secrets [][]byte) (found []string) {
	var codes []string
	for range 500 {
		codes = append(codes, surveys.NewTypedCode())
	}
	for _, typed := range []string{th.typed.Code, th.card} {
		code, _ := surveys.ReadCode(typed)
		codes = append(codes, code)
	}
	for _, secret := range secrets {
		for _, code := range codes {
			plain := sha256.Sum256([]byte(code))
			mac := hmac.New(sha256.New, secret)
			_, _ = mac.Write([]byte(code)) // a hash never fails
			for _, sum := range [][]byte{mac.Sum(nil), plain[:]} {
				text := hex.EncodeToString(sum)
				if slices.Contains(th.hashes, text[:32]) || slices.Contains(th.hashes, text) {
					found = append(found, code)
				}
			}
		}
	}
	return found
}

// A copy of the database grants nothing. That each attack is one that gets in is shown by giving it the secret that it looks
// for, which stood in the database once.
func TestBackupGrantsNothing(t *testing.T) {
	th := newThief(t)
	guesses := th.guesses()
	for _, secret := range slices.Concat(th.session, th.codes) {
		if slices.ContainsFunc(guesses, func(guess []byte) bool { return bytes.Equal(guess, secret) }) {
			t.Error("a secret can be made of what stands in the backup")
		}
	}
	if sessions, deliveries := th.forge(guesses); sessions != 0 || deliveries != 0 {
		t.Errorf("from the backup %d sessions and %d delivery tokens were forged", sessions, deliveries)
	}
	if found := th.search(guesses); len(found) != 0 {
		t.Errorf("from the backup %d codes were found", len(found))
	}
	if sessions, deliveries := th.forge(th.session); sessions != 1 || deliveries != 1 {
		t.Errorf("with the secret %d sessions and %d delivery tokens were forged, want 1 of each: the attack shows nothing", sessions, deliveries)
	}
	if found := th.search(th.codes); len(found) != 2 {
		t.Errorf("with the secret %d codes were found, want 2: the attack shows nothing", len(found))
	}
}
