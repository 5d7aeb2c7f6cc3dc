package rootkey_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"wellwave/surveys"
	"wellwave/surveys/rootkey"
)

func TestSealOpens(t *testing.T) {
	key, other := rootkey.New(), rootkey.New()
	secret := []byte("what is to be kept")
	sealed := key.Seal("totp", "account 1", secret)
	if got, err := key.Open("totp", "account 1", sealed); err != nil || !bytes.Equal(got, secret) {
		t.Errorf("Open() = %q, %v, want what was sealed", got, err)
	}
	if !rootkey.IsSealed(sealed) || rootkey.IsSealed("6f") || strings.Contains(sealed, "kept") {
		t.Errorf("Seal() = %q", sealed)
	}
	if key.Seal("totp", "account 1", secret) == sealed {
		t.Error("the same secret sealed twice is the same text")
	}
	last := "A"
	if strings.HasSuffix(sealed, last) {
		last = "w"
	}
	tests := []struct {
		name, purpose, id, sealed string
		by                        rootkey.Key
	}{
		{"another key", "totp", "account 1", sealed, other},
		{"another purpose", "mail", "account 1", sealed, key},
		{"another row", "totp", "account 2", sealed, key},
		{"a changed letter", "totp", "account 1", sealed[:len(sealed)-1] + last, key},
		{"cut short", "totp", "account 1", sealed[:20], key},
		{"nothing", "totp", "account 1", "", key},
		{"not sealed", "totp", "account 1", "what is to be kept", key},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got, err := tt.by.Open(tt.purpose, tt.id, tt.sealed); err == nil {
				t.Errorf("Open() = %q", got)
			}
		})
	}
}

// A key that is printed by mistake, in any way, shows its fingerprint.
func TestKeyIsNeverPrinted(t *testing.T) {
	key := rootkey.New()
	type holder struct{ Key rootkey.Key }
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x", "%d", "%q"} {
		if got, want := fmt.Sprintf(verb, key), "root key "+key.Fingerprint(); got != want {
			t.Errorf("printed with %s it is %q, want %q", verb, got, want)
		}
	}
	if got, want := fmt.Sprintf("%v", holder{key}), "{root key "+key.Fingerprint()+"}"; got != want {
		t.Errorf("in a struct it is printed as %q, want %q", got, want)
	}
}

func TestTextComesBack(t *testing.T) {
	key := rootkey.New()
	text := key.Text()
	for name, typed := range map[string]string{
		"as it is":       text,
		"lower case":     strings.ToLower(text),
		"the letters":    strings.Join(key.Groups(), " "),
		"without gaps":   strings.Join(key.Groups(), ""),
		"on lines":       "# typed on a Monday\n" + strings.Join(key.Groups(), "\n") + "\n",
		"look-alikes":    strings.NewReplacer("0", "o", "1", "l").Replace(strings.Join(key.Groups(), "-")),
		"a word's dash":  strings.Join(key.Groups(), "–"),
		"spaces, and CR": strings.Join(key.Groups(), "  ") + "\r\n",
	} {
		if got, err := rootkey.Parse(typed); err != nil || got != key {
			t.Errorf("%s: Parse() = %v, %v, want the key", name, got, err)
		}
	}
	for _, typed := range []string{"", "# nothing", "AGE-SECRET-KEY-1", text[:len(text)-6], text + "-00000"} {
		if got, err := rootkey.Parse(typed); err == nil {
			t.Errorf("Parse(%q) = %v", typed, got)
		}
	}
}

const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// Every single wrong letter, and every two neighbours that changed places, are found and named by their group.
func TestParseNamesTheGroup(t *testing.T) {
	key := rootkey.New()
	wantWrong := func(groups []string, number int) {
		t.Helper()
		_, err := rootkey.Parse(strings.Join(groups, "-"))
		var wrong *rootkey.WrongGroups
		if !errors.As(err, &wrong) || !slices.Equal(wrong.Numbers, []int{number}) || !strings.Contains(err.Error(), fmt.Sprintf("group %d ", number)) {
			t.Fatalf("Parse() with group %d wrong = %v", number, err)
		}
	}
	for i := range key.Groups() {
		for j := range 5 {
			groups := key.Groups()
			g := []byte(groups[i])
			for _, letter := range []byte(alphabet + "U%") {
				if letter != g[j] {
					changed := slices.Clone(g)
					changed[j] = letter
					groups[i] = string(changed)
					wantWrong(groups, i+1)
				}
			}
			if j > 0 && g[j] != g[j-1] {
				g[j], g[j-1] = g[j-1], g[j]
				groups[i] = string(g)
				wantWrong(groups, i+1)
			}
		}
		groups := key.Groups()
		groups[i] = groups[i][1:]
		wantWrong(groups, i+1)
	}
	groups := key.Groups()
	groups[2], groups[7] = groups[7], groups[2]
	if _, err := rootkey.Parse(strings.Join(groups, " ")); groups[2] != groups[7] && (err == nil || !strings.Contains(err.Error(), "groups 3 and 8 are")) {
		t.Errorf("Parse() of two groups in each other's place = %v", err)
	}
	other := rootkey.New().Groups()
	groups = key.Groups()
	groups[4] = other[4]
	if _, err := rootkey.Parse(strings.Join(groups, " ")); err == nil || !strings.Contains(err.Error(), "together") {
		t.Errorf("Parse() with a group of another key = %v", err)
	}
}

// Whatever is typed, Parse returns a key only for the text of that key, and no error shows what was typed.
func TestParseTakesNothingElse(t *testing.T) {
	key := rootkey.New()
	rapid.Check(t, func(rt *rapid.T) {
		letters := []byte(strings.Join(key.Groups(), ""))
		for range rapid.IntRange(1, 6).Draw(rt, "changes") {
			letters[rapid.IntRange(0, len(letters)-1).Draw(rt, "at")] = alphabet[rapid.IntRange(0, len(alphabet)-1).Draw(rt, "letter")]
		}
		got, err := rootkey.Parse(string(letters))
		if err == nil && strings.Join(got.Groups(), "") != string(letters) {
			rt.Fatalf("Parse() took a text for a key that has another")
		}
		if err != nil && strings.Contains(err.Error(), string(letters[:5])) {
			rt.Fatalf("the error shows a group: %v", err)
		}
	})
}

func TestFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "root.key")
	if _, err := rootkey.Read(path); surveys.KindOf(err) != surveys.NotFound {
		t.Errorf("Read() of no file = %v, want NotFound", err)
	}
	key, made, err := rootkey.Make(path)
	if err != nil || !made {
		t.Fatalf("Make() = %v, %v", made, err)
	}
	if again, made, err := rootkey.Make(path); err != nil || made || again != key {
		t.Errorf("Make() again = %v, %v, %v, want the key that is there", again, made, err)
	}
	if got, err := rootkey.Read(path); err != nil || got != key {
		t.Errorf("Read() = %v, %v", got, err)
	}
	if err := rootkey.New().Write(path); surveys.KindOf(err) != surveys.Conflict {
		t.Errorf("Write() over a file = %v, want Conflict", err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file has mode %v, %v, want 0600", info.Mode(), err)
	}
	if files, err := os.ReadDir(filepath.Dir(path)); err != nil || len(files) != 1 {
		t.Errorf("beside the file there are %v, %v", files, err)
	}
	for _, mode := range []os.FileMode{0o640, 0o604, 0o660, 0o610} {
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		if _, err := rootkey.Read(path); surveys.KindOf(err) != surveys.Invalid || !strings.Contains(err.Error(), "chmod 600 "+path) {
			t.Errorf("Read() of a file of mode %v = %v", mode, err)
		}
	}
	if err := os.WriteFile(path, []byte("nothing of the kind"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, 0o400); err != nil {
		t.Fatal(err)
	}
	if _, err := rootkey.Read(path); surveys.KindOf(err) != surveys.Invalid || !strings.Contains(err.Error(), path) {
		t.Errorf("Read() of another text = %v", err)
	}
	if _, err := rootkey.Read(filepath.Dir(path)); surveys.KindOf(err) != surveys.Invalid {
		t.Errorf("Read() of a folder = %v", err)
	}
	if _, _, err := rootkey.Make(filepath.Join(path, "none", "root.key")); err == nil {
		t.Error("Make() in no folder made a key")
	}
}

// Of many who make the key at once, all have the same.
func TestMakeAtOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "root.key")
	var keys [20]rootkey.Key
	var makers sync.WaitGroup
	for i := range keys {
		makers.Go(func() {
			key, _, err := rootkey.Make(path)
			if err != nil {
				t.Error(err)
			}
			keys[i] = key
		})
	}
	makers.Wait()
	for _, key := range keys[1:] {
		if key != keys[0] {
			t.Fatalf("two have made different keys: %v and %v", keys[0], key)
		}
	}
}
