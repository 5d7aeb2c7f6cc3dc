package tickets

import (
	"context"
	"crypto/cipher"
	"reflect"
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
	to := Delivery{"kinds", "baseline", "e1", "i1", "en", Assistance{}}
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

// What is sealed says what it rests on, with whatever help it is answered.
func TestSealedTextsSayWhatTheyRestOn(t *testing.T) {
	s := testSealer(t, "one")
	lent := Assistance{"k1", "h1", "family", surveys.AtPractice}
	tests := []struct {
		in         Assistance
		invitation surveys.InvitationID
		ticket     surveys.Basis
		delivery   surveys.Basis
	}{
		{Assistance{}, "i1", surveys.Basis{Kind: surveys.OnInvitation, ID: "i1", Sitting: "s1"}, surveys.Basis{Kind: surveys.OnInvitation, ID: "i1"}},
		{Assistance{Helper: "family"}, "i1", surveys.Basis{Kind: surveys.OnInvitation, ID: "i1", Sitting: "s1"}, surveys.Basis{Kind: surveys.OnInvitation, ID: "i1"}},
		{lent, "", surveys.Basis{Kind: surveys.OnHandOver, ID: "k1", Epoch: "h1", Sitting: "s1"}, surveys.Basis{Kind: surveys.OnTablet, ID: "k1"}},
	}
	for _, tt := range tests {
		ticket := Ticket{Audience: surveys.Patients, Study: "kinds", Wave: "baseline", Enrolment: "e1", Invitation: tt.invitation, Sitting: "s1",
			Issued: time.Unix(1_750_000_000, 0), Assistance: tt.in}
		got, ok := s.Open(s.Seal(ticket), ticket.Issued)
		if !ok || got != ticket || got.Basis() != tt.ticket {
			t.Errorf("Open(Seal(%+v)) = %+v, which rests on %+v, want %+v", ticket, got, got.Basis(), tt.ticket)
		}
		token, ok := s.OpenDelivery(s.SealDelivery(ticket.Delivery("en")))
		if !ok || token != ticket.Delivery("en") || token.Basis() != tt.delivery {
			t.Errorf("OpenDelivery() = %+v, which rests on %+v, want %+v", token, token.Basis(), tt.delivery)
		}
	}
}

// Each kind of sealed text opens as what it is and as nothing else.
func TestSealedTextsAreNotEachOther(t *testing.T) {
	s := testSealer(t, "one")
	now := time.Unix(1_750_000_000, 0)
	ticket := Ticket{Audience: surveys.Patients, Study: "kinds", Wave: "baseline", Enrolment: "e1", Sitting: "s1", Issued: now, Assistance: Assistance{Kiosk: "k1", HandOver: "h1"}}
	texts := map[string]string{"ticket": s.Seal(ticket), "loaded": s.SealLoaded(ticket), "delivery": s.SealDelivery(ticket.Delivery("en")),
		"kiosk": s.keys[0].seal(s.keys[0].kiosks, "k1\nkinds\nnorth\n")}
	opens := map[string]func(string) bool{
		"ticket":   func(text string) bool { _, ok := s.Open(text, now); return ok },
		"loaded":   func(text string) bool { _, ok := s.OpenLoaded(text, now); return ok },
		"delivery": func(text string) bool { _, ok := s.OpenDelivery(text); return ok },
		"kiosk": func(text string) bool {
			_, ok := s.unseal(text, surveys.KioskLife, func(k sealKey) cipher.AEAD { return k.kiosks })
			return ok
		},
	}
	boxes := 0
	for _, field := range reflect.VisibleFields(reflect.TypeFor[sealKey]()) {
		if field.Type == reflect.TypeFor[cipher.AEAD]() {
			boxes++
		}
	}
	if len(texts) != boxes {
		t.Errorf("%d kinds of texts are looked at, and there are %d boxes: say here what the new one is, and what it rests on", len(texts), boxes)
	}
	for is, text := range texts {
		for as, open := range opens {
			if open(text) != (is == as) {
				t.Errorf("a %s opened as a %s: %v", is, as, open(text))
			}
		}
	}
}
