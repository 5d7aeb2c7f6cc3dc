package tickets

import (
	"context"
	"crypto/cipher"
	"testing"
	"time"

	"wellwave/surveys"
)

func TestTicket(t *testing.T) {
	s := testSealer(t, "one")
	ticket := Ticket{Audience: surveys.Patients, Study: "kinds", Wave: "baseline", Enrolment: "e1", Sitting: NewSitting(),
		Issued: time.Unix(1_750_000_000, 0)}
	sealed := s.Seal(ticket)
	if got, ok := s.Open(sealed, ticket.Issued.Add(time.Hour)); !ok || got != ticket {
		t.Errorf("open(seal(%+v)) = %+v, %v", ticket, got, ok)
	}
	flipped := []byte(sealed)
	flipped[len(flipped)-3] ^= 1
	other := testSealer(t, "two")
	old := ticket.Issued.Add(ticketLife + time.Second)
	tests := []struct {
		name string
		open func() (Ticket, bool)
	}{
		{"a changed cookie", func() (Ticket, bool) { return s.Open(string(flipped), ticket.Issued) }},
		{"another server's key", func() (Ticket, bool) { return other.Open(sealed, ticket.Issued) }},
		{"an old ticket", func() (Ticket, bool) { return s.Open(sealed, old) }},
		{"no cookie", func() (Ticket, bool) { return s.Open("", ticket.Issued) }},
		{"a cookie without content", func() (Ticket, bool) { return s.Open(s.keys[0].id+".", ticket.Issued) }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got, ok := tt.open(); ok {
				t.Errorf("open() = %+v, want a refusal", got)
			}
		})
	}
	later := ticket
	later.Wave = "sheet"
	if s.Owns(later, s.Handle(ticket)) || !s.Owns(ticket, s.Handle(ticket)) {
		t.Error("a handle must name one response alone")
	}
}

func testSealer(t *testing.T, secret string) *Sealer {
	t.Helper()
	s, err := NewSealer(context.Background(), func(context.Context) ([]surveys.Key, error) {
		return []surveys.Key{{ID: "k1", Secret: []byte(secret)}}, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// What was sealed with a key that was rotated opens for as long as it may be in use, and no longer.
func TestRotatedKeysHaveAGrace(t *testing.T) {
	now := time.Unix(1_750_000_000, 0)
	key := surveys.Key{ID: "k1", Secret: []byte("one")}
	sealer := func(keys ...surveys.Key) *Sealer {
		s, err := NewSealer(context.Background(), func(context.Context) ([]surveys.Key, error) { return keys, nil })
		if err != nil {
			t.Fatal(err)
		}
		s.Now = func() time.Time { return now }
		return s
	}
	before := sealer(key)
	to := Delivery{"kinds", "baseline", "e1", "en", Assistance{}}
	token := before.SealDelivery(to)
	rotatedAt := now
	key.RetiredAt = rotatedAt
	rotated := sealer(surveys.Key{ID: "k2", Secret: []byte("two")}, key)
	tests := []struct {
		name  string
		grace time.Duration
		open  func() bool
	}{
		{"a ticket", ticketLife, func() bool {
			_, ok := rotated.Open(before.Seal(Ticket{Audience: surveys.Patients, Issued: now}), now) // issued anew by whoever has the old key
			return ok
		}},
		{"a delivery token", deliveryGrace, func() bool {
			got, ok := rotated.OpenDelivery(token)
			return ok && got == to
		}},
		{"a tablet", surveys.KioskLife, func() bool {
			text := before.keys[0].seal(before.keys[0].kiosks, "k\ns\nn\n")
			_, ok := rotated.unseal(text, surveys.KioskLife, func(k sealKey) cipher.AEAD { return k.kiosks })
			return ok
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for _, after := range []time.Duration{0, tt.grace} {
				if now = rotatedAt.Add(after); !tt.open() {
					t.Errorf("%v after the rotation it does not open", after)
				}
			}
			if now = rotatedAt.Add(tt.grace + time.Second); tt.open() {
				t.Error("after its grace it still opens")
			}
		})
	}
	now = rotatedAt
	if got, ok := sealer(surveys.Key{ID: "k2", Secret: []byte("two")}).OpenDelivery(token); ok {
		t.Errorf("OpenDelivery() without the old key = %+v, want a refusal", got)
	}
}

// Tickets of older servers still open.
func TestReadAssistance(t *testing.T) {
	for _, in := range []Assistance{{}, {Helper: "family"}, {"k1", "h1", "", surveys.AtPractice}} {
		if got, ok := readAssistance(in.lines()); !ok || got != in {
			t.Errorf("readAssistance(%q) = %+v, %v, want %+v", in.lines(), got, ok, in)
		}
	}
	if got, ok := readAssistance([]string{"k1", "h1", "staff"}); !ok || got != (Assistance{"k1", "h1", "staff", surveys.AtPractice}) {
		t.Errorf("readAssistance of three lines = %+v, %v", got, ok)
	}
	if _, ok := readAssistance([]string{"k1"}); ok {
		t.Error("readAssistance takes one line")
	}
}
