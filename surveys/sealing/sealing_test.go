package sealing_test

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"filippo.io/age"

	"wellwave/surveys/sealing"
)

// newCustodians returns three custodians and their keys.
func newCustodians(t testing.TB) (custodians [sealing.Custodians]sealing.Custodian, keys [sealing.Custodians]string) {
	t.Helper()
	for i, name := range []string{"Ailsa", "Bashir", "Catriona"} {
		key, recipient, err := sealing.NewKey()
		if err != nil {
			t.Fatal(err)
		}
		custodians[i], keys[i] = sealing.Custodian{Name: name, Recipient: recipient}, key
	}
	return custodians, keys
}

func newRound(t testing.TB) (sealing.RoundKey, [sealing.Custodians]string) {
	t.Helper()
	custodians, keys := newCustodians(t)
	round, err := sealing.NewRoundKey(custodians)
	if err != nil {
		t.Fatal(err)
	}
	return round, keys
}

func TestAnyTwoCustodiansOpen(t *testing.T) {
	round, keys := newRound(t)
	sealed, err := sealing.Seal(round.Recipient, 1024, []byte("often"))
	if err != nil {
		t.Fatal(err)
	}
	for first := range keys {
		for second := range keys {
			opener, err := round.Unlock(keys[first], keys[second])
			if first == second {
				var fault *sealing.KeyError
				if !errors.As(err, &fault) || fault.Fault != sealing.Twice || fault.Key != 1 || fault.Custodian != round.Custodians[first].Name {
					t.Errorf("Unlock() by %d alone = %v, want the second key refused as the same", first, err)
				}
				continue
			}
			if err != nil {
				t.Fatalf("Unlock() by %d and %d = %v", first, second, err)
			}
			if got, err := opener.Open(sealed); err != nil || string(got) != "often" {
				t.Errorf("Open() by %d and %d = %q, %v, want often", first, second, got, err)
			}
		}
	}
}

// One custodian alone, with the age library and all that is kept, must not come to the private half.
func TestNoCustodianOpensAlone(t *testing.T) {
	round, keys := newRound(t)
	for i, key := range keys {
		identity, err := age.ParseX25519Identity(key)
		if err != nil {
			t.Fatal(err)
		}
		peeled := 0
		for _, share := range round.Shares {
			content := share.Sealed
			for depth := range 3 {
				if bytes.Contains(content, []byte("AGE-SECRET-KEY")) {
					t.Fatalf("custodian %d reads the key of the round after %d layers", i, depth)
				}
				inner, err := age.Decrypt(bytes.NewReader(content), identity)
				if err != nil {
					break
				}
				if content, err = io.ReadAll(inner); err != nil {
					t.Fatal(err)
				}
				peeled++
			}
		}
		if want := []int{2, 1, 0}[i]; peeled != want {
			t.Errorf("custodian %d peels %d layers, want %d: the outer ones of the shares that begin with them", i, peeled, want)
		}
	}
}

func TestUnlockRefusesByName(t *testing.T) {
	round, keys := newRound(t)
	_, strangers := newRound(t)
	damaged := []byte(keys[1])
	damaged[30] = map[bool]byte{true: 'P', false: 'Q'}[damaged[30] == 'Q']
	tests := map[string]struct {
		give string
		want sealing.Fault
	}{
		"nothing":         {" \n", sealing.Empty},
		"something else":  {"correct horse", sealing.NoKey},
		"the public half": {round.Custodians[1].Recipient, sealing.Public},
		"a wrong letter":  {string(damaged), sealing.Damaged},
		"cut short":       {keys[1][:50], sealing.Damaged},
		"of nobody here":  {strangers[0], sealing.Stranger},
		"the same":        {keys[0], sealing.Twice},
	}
	for name, tt := range tests {
		var fault *sealing.KeyError
		_, err := round.Unlock(keys[0], tt.give)
		if !errors.As(err, &fault) || fault.Fault != tt.want || fault.Key != 1 {
			t.Errorf("%s: Unlock() = %v, want fault %d of the second key", name, err, tt.want)
			continue
		}
		if tt.want != sealing.Empty && strings.Contains(fault.Error(), tt.give) {
			t.Errorf("%s: the error repeats what was typed", name)
		}
	}
}

// A key is typed from paper, scanned, or comes in a file that the age tool wrote.
func TestKeysAsTheyArrive(t *testing.T) {
	round, keys := newRound(t)
	for _, give := range []string{
		strings.ToLower(keys[1]), " " + keys[1] + "\r\n", keys[1][:20] + " " + keys[1][20:40] + "\n" + keys[1][40:],
		"# created: 2026-01-01T00:00:00Z\n# public key: " + round.Custodians[1].Recipient + "\n" + keys[1] + "\n",
	} {
		if _, err := round.Unlock(give, keys[2]); err != nil {
			t.Errorf("Unlock(%q) = %v", give, err)
		}
	}
}

func TestSealedLengthSaysNothing(t *testing.T) {
	round, keys := newRound(t)
	opener, err := round.Unlock(keys[0], keys[1])
	if err != nil {
		t.Fatal(err)
	}
	lengths := make(map[int]bool)
	for _, n := range []int{0, 1, 500, 1020} {
		content := bytes.Repeat([]byte{'x'}, n)
		sealed, err := sealing.Seal(round.Recipient, 1024, content)
		if err != nil {
			t.Fatal(err)
		}
		lengths[len(sealed)] = true
		if got, err := opener.Open(sealed); err != nil || !bytes.Equal(got, content) {
			t.Errorf("Open() of %d bytes = %d bytes, %v", n, len(got), err)
		}
	}
	if len(lengths) != 1 {
		t.Errorf("sealed contents have the lengths %v, want one", lengths)
	}
	if _, err := sealing.Seal(round.Recipient, 1024, make([]byte, 1021)); err == nil {
		t.Error("Seal() takes more than there is room for")
	}
	if got := []int{sealing.Room(0), sealing.Room(1020), sealing.Room(1021)}; got[0] != 256 || got[1] != 1024 || got[2] != 1280 {
		t.Errorf("Room() = %v, want 256, 1024, 1280", got)
	}
}

func TestOpenRefusesWhatWasChanged(t *testing.T) {
	round, keys := newRound(t)
	other, _ := newRound(t)
	opener, err := round.Unlock(keys[2], keys[0])
	if err != nil {
		t.Fatal(err)
	}
	sealed, err := sealing.Seal(round.Recipient, 1024, []byte("often"))
	if err != nil {
		t.Fatal(err)
	}
	sealed[len(sealed)-1] ^= 1
	if _, err := opener.Open(sealed); err == nil {
		t.Error("Open() takes an answer of which a bit was changed")
	}
	foreign, err := sealing.Seal(other.Recipient, 1024, []byte("often"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := opener.Open(foreign); err == nil {
		t.Error("Open() takes an answer of another round")
	}
}

func TestNewRoundKeyRefuses(t *testing.T) {
	custodians, _ := newCustodians(t)
	twice := custodians
	twice[2].Recipient = twice[0].Recipient
	none := custodians
	none[1].Recipient = ""
	for name, give := range map[string][sealing.Custodians]sealing.Custodian{"the same key twice": twice, "no key": none} {
		if _, err := sealing.NewRoundKey(give); err == nil {
			t.Errorf("%s: NewRoundKey() makes a round's key", name)
		}
	}
}

// The library opens what was sealed to any key, whatever the random numbers were.
func TestTheAgeLibraryOpens(t *testing.T) {
	for i := range 300 {
		identity, err := age.GenerateX25519Identity()
		if err != nil {
			t.Fatal(err)
		}
		content := bytes.Repeat([]byte{byte(i)}, i)
		sealed, err := sealing.Seal(identity.Recipient().String(), sealing.Room(300), content)
		if err != nil {
			t.Fatal(err)
		}
		r, err := age.Decrypt(bytes.NewReader(sealed), identity)
		if err != nil {
			t.Fatalf("age.Decrypt() of %d bytes = %v", i, err)
		}
		got, err := io.ReadAll(r)
		if err != nil || !bytes.Equal(got[4:4+i], content) || len(got) != sealing.Room(300) {
			t.Fatalf("age read %d bytes, %v, want the %d that were sealed and what fills them up", len(got), err, i)
		}
	}
}

func TestSealRefuses(t *testing.T) {
	round, _ := newRound(t)
	damaged := strings.Replace(round.Recipient, round.Recipient[10:11], map[bool]string{true: "p", false: "q"}[round.Recipient[10] == 'q'], 1)
	for name, try := range map[string]func() ([]byte, error){
		"more than there is room for": func() ([]byte, error) { return sealing.Seal(round.Recipient, 256, make([]byte, 253)) },
		"more than one chunk":         func() ([]byte, error) { return sealing.Seal(round.Recipient, 64<<10+1, nil) },
		"a letter that is wrong":      func() ([]byte, error) { return sealing.Seal(damaged, 256, nil) },
		"a point of low order":        func() ([]byte, error) { return sealing.Seal(lowOrder, 256, nil) },
		"no recipient":                func() ([]byte, error) { return sealing.Seal("", 256, nil) },
	} {
		if sealed, err := try(); err == nil {
			t.Errorf("%s: sealed as %d bytes, want an error", name, len(sealed))
		}
	}
}

// lowOrder is the point 0 as an age recipient.
const lowOrder = "age1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq5cu47z"

// What sealing an answer costs, beside the age library writing such a file, in turns. The floor is the library: x-library is under 1.
func BenchmarkSeal(b *testing.B) {
	const size = 1024
	round, _ := newRound(b)
	to, err := age.ParseX25519Recipient(round.Recipient)
	if err != nil {
		b.Fatal(err)
	}
	content := make([]byte, 700)
	var ours, library time.Duration
	for b.Loop() {
		began := time.Now()
		if _, err := sealing.Seal(round.Recipient, size, content); err != nil {
			b.Fatal(err)
		}
		turned := time.Now()
		var sealed bytes.Buffer
		w, err := age.Encrypt(&sealed, to)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := w.Write(make([]byte, size)); err != nil {
			b.Fatal(err)
		}
		if err := w.Close(); err != nil {
			b.Fatal(err)
		}
		ours, library = ours+turned.Sub(began), library+time.Since(turned)
	}
	b.ReportMetric(float64(ours.Nanoseconds())/float64(b.N), "ns/seal")
	b.ReportMetric(float64(ours)/float64(library), "x-library")
}
