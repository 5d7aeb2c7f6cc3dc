package server

import (
	"context"
	"testing"
	"time"

	"wellwave/surveys"
)

func TestSessionCookie(t *testing.T) {
	s := testSealer(t, "one")
	sess := session{Audience: surveys.Patients, Study: "kinds", Wave: "baseline", Enrolment: "e1", Sitting: newSitting(),
		Issued: time.Unix(1_750_000_000, 0)}
	sealed := s.seal(sess)
	if got, ok := s.open(sealed, sess.Issued.Add(time.Hour)); !ok || got != sess {
		t.Errorf("open(seal(%+v)) = %+v, %v", sess, got, ok)
	}
	flipped := []byte(sealed)
	flipped[len(flipped)-3] ^= 1
	other := testSealer(t, "two")
	old := sess.Issued.Add(sessionLife + time.Second)
	tests := []struct {
		name string
		open func() (session, bool)
	}{
		{"a changed cookie", func() (session, bool) { return s.open(string(flipped), sess.Issued) }},
		{"another server's key", func() (session, bool) { return other.open(sealed, sess.Issued) }},
		{"an old session", func() (session, bool) { return s.open(sealed, old) }},
		{"no cookie", func() (session, bool) { return s.open("", sess.Issued) }},
		{"a cookie without content", func() (session, bool) { return s.open(s.keys[0].id+".", sess.Issued) }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got, ok := tt.open(); ok {
				t.Errorf("open() = %+v, want a refusal", got)
			}
		})
	}
	later := sess
	later.Wave = "sheet"
	if s.owns(later, s.handle(sess)) || !s.owns(sess, s.handle(sess)) {
		t.Error("a handle must name one response alone")
	}
}

func testSealer(t *testing.T, secret string) *sealer {
	t.Helper()
	s, err := newSealer(context.Background(), func(context.Context) ([]surveys.Key, error) {
		return []surveys.Key{{ID: "k1", Secret: []byte(secret)}}, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestDeliveryTokenOutlivesItsKeysRotation(t *testing.T) {
	to := delivery{"kinds", "baseline", "e1", "en", setting{}}
	token := testSealer(t, "one").sealDelivery(to)
	load := func(keys ...surveys.Key) func(context.Context) ([]surveys.Key, error) {
		return func(context.Context) ([]surveys.Key, error) { return keys, nil }
	}
	rotated, err := newSealer(context.Background(), load(surveys.Key{ID: "k2", Secret: []byte("two")}, surveys.Key{ID: "k1", Secret: []byte("one")}))
	if err != nil {
		t.Fatal(err)
	}
	if got, ok := rotated.openDelivery(token); !ok || got != to {
		t.Errorf("openDelivery() = %+v, %v, want %+v", got, ok, to)
	}
	if got, ok := testSealer(t, "two").openDelivery(token); ok {
		t.Errorf("openDelivery() without the old key = %+v, want a refusal", got)
	}
}

// A session of a server before this one opens as it did.
func TestReadSetting(t *testing.T) {
	for _, in := range []setting{{}, {Helper: "family"}, {"k1", "h1", "", surveys.AtPractice}} {
		if got, ok := readSetting(in.lines()); !ok || got != in {
			t.Errorf("readSetting(%q) = %+v, %v, want %+v", in.lines(), got, ok, in)
		}
	}
	if got, ok := readSetting([]string{"k1", "h1", "staff"}); !ok || got != (setting{"k1", "h1", "staff", surveys.AtPractice}) {
		t.Errorf("readSetting of three lines = %+v, %v", got, ok)
	}
	if _, ok := readSetting([]string{"k1"}); ok {
		t.Error("readSetting takes one line")
	}
}
