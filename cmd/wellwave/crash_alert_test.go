package main

import (
	"context"
	"errors"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"wellwave/server/outbox/mail/mailtest"
	"wellwave/surveys"
	"wellwave/surveys/library"
	"wellwave/surveys/store"
	"wellwave/surveys/store/storetest"
)

// alertSteps reads how many messages of a step there are, and how many of them were noted as sent.
func (st *deployment) alertSteps(step string) (all, sent int) {
	st.t.Helper()
	db := st.database()
	defer func() { _ = db.Close() }() // it was only read
	if err := db.QueryRow("SELECT COUNT(*), COUNT(sent_at) FROM alert_messages WHERE step = '"+step+"'").Scan(&all, &sent); err != nil {
		st.t.Fatal(err)
	}
	return all, sent
}

// endLeases lets the time run out that dead servers had for the messages they took on.
func (st *deployment) endLeases() {
	st.t.Helper()
	db := st.database()
	defer func() { _ = db.Close() }() // the statement's error is the one that matters
	if _, err := db.Exec("UPDATE alert_messages SET next_at = 1 WHERE sent_at IS NULL AND step = 'duty-holder'"); err != nil {
		st.t.Error(err)
	}
}

// TestKillBetweenAnswerAndMessage kills the real server while answers to a safety item arrive and their messages go out.
// Every answer with a receipt has one alert, every alert its message, and one that is sent again keeps its Message-ID.
func TestKillBetweenAnswerAndMessage(t *testing.T) {
	if testing.Short() {
		t.Skip("killing servers takes some seconds")
	}
	binary := program(t)
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		const clients = 4
		kills := storetest.Times(t, "kills of a server that sends alerts", 5, 100)
		people := kills * 3 / 4 // of each client: their answers come while servers are killed
		inbox := mailtest.New(t, mailtest.TLS)
		password := filepath.Join(t.TempDir(), "password")
		if err := os.WriteFile(password, []byte(mailtest.Password+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		for name, value := range map[string]string{"": "smtps://" + mailtest.User + "@" + inbox.Host, "_FROM": "alerts@example.org", "_PASSWORD_FILE": password, "_CA": inbox.CA} {
			t.Setenv("WELLWAVE_SMTP"+name, value)
		}
		st := newGuarded(t, binary, db, clients*people)
		var wg sync.WaitGroup
		for n := range clients {
			wg.Go(func() {
				for i := range people {
					s := &save{person: n*people + i + 1, seq: 1, answer: `{"phq9_9":3}`}
					time.Sleep(rand.N(500 * time.Millisecond))
					if _, err := st.send(&http.Client{Timeout: 5 * time.Second}, s); err != nil {
						t.Error(err)
					}
				}
			})
		}
		for range kills {
			st.start()
			st.ready()
			time.Sleep(50*time.Millisecond + rand.N(250*time.Millisecond))
			st.end(syscall.SIGKILL)
		}
		st.start()
		st.ready()
		wg.Wait()
		st.endLeases()
		var all, sent int
		for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
			if all, sent = st.alertSteps("duty-holder"); all == clients*people && sent == all {
				break
			}
		}
		st.end(syscall.SIGTERM)
		if all != clients*people || sent != all {
			t.Errorf("%d alerts and %d messages for %d answers", all, sent, clients*people)
		}
		var ids []string
		for _, m := range inbox.Mails() {
			if id := m.Header.Get("Message-ID"); strings.Contains(id, ".duty-holder@") {
				ids = append(ids, id)
			}
			if strings.Contains(m.Raw, "phq9") || strings.Contains(m.Raw, "Nearly every day") {
				t.Errorf("a message tells the answer:\n%s", m.Raw)
			}
		}
		times := len(ids)
		slices.Sort(ids)
		if ids = slices.Compact(ids); len(ids) != clients*people {
			t.Errorf("messages about %d alerts arrived, want %d", len(ids), clients*people)
		}
		t.Logf("%d messages about %d alerts", times, len(ids))
		for _, secret := range []string{"phq9_9", storetest.DutyHolder, mailtest.Password, "P00001"} {
			if strings.Contains(st.stderr.String(), secret) {
				t.Errorf("the log holds %q:\n%s", secret, st.stderr.String())
			}
		}
		if out := must(t, st.dsn, "", "doctor"); !strings.Contains(out, "came out as stored") {
			t.Errorf("doctor: %s", out)
		}
	})
}

// newGuarded is newDeployment with a pilot that asks the PHQ-9 and has a safety plan.
func newGuarded(t *testing.T, binary string, db storetest.Database, people int) *deployment {
	t.Helper()
	ctx := context.Background()
	t.Setenv("WELLWAVE_KEY_FILE", db.KeyFile) // for the program, and for the commands here
	s, err := store.Open(ctx, store.Options{DSN: db.DSN, KeyFile: db.KeyFile, Create: true})
	if err != nil {
		t.Fatal(err)
	}
	definitions, err := library.Definitions()
	if err != nil {
		t.Fatal(err)
	}
	storetest.LoadSafety(t, s, definitions)
	storetest.Enrol(t, s, people)
	_, secret, err := s.AddKey(ctx, "", storetest.Study, "crash test", surveys.SubmitScope)
	if err := errors.Join(err, s.Close()); err != nil {
		t.Fatal(err)
	}
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = free.Close() }() // before the program takes the port
	return &deployment{t: t, binary: binary, dsn: db.DSN, addr: free.Addr().String(), secret: secret}
}
