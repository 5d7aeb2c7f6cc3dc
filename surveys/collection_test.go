package surveys

import (
	"strings"
	"testing"
)

func TestJoinAids(t *testing.T) {
	tests := []struct {
		name string
		give []string
		want string
	}{
		{"none", nil, ""},
		{"nothing", []string{"", " "}, ""},
		{"one", []string{"listened"}, "listened"},
		{"in another order", []string{"listened easy-read"}, "easy-read listened"},
		{"of two lists", []string{"large-print", "easy-read large-print"}, "easy-read large-print"},
		{"all", []string{"listened large-print easy-read"}, "easy-read large-print listened"},
		{"no aid", []string{"telescope large-print, LISTENED easy"}, ""},
		{"no aid among them", []string{"telescope large-print"}, "large-print"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := JoinAids(tt.give...)
			if got != tt.want {
				t.Errorf("JoinAids(%q) = %q, want %q", tt.give, got, tt.want)
			}
			if again := JoinAids(got); again != got {
				t.Errorf("JoinAids(%q) = %q, want it unchanged", got, again)
			}
		})
	}
}

func TestTidied(t *testing.T) {
	give := Collection{Mode: Web, Language: "en GB", Helper: "?", Place: "home", Aids: "listened <b> easy-read", HandOver: "1"}
	want := Collection{Mode: Web, Place: "home", Aids: "easy-read listened", HandOver: "1"}
	if got := give.Tidied(); got != want {
		t.Errorf("Tidied() = %+v, want %+v", got, want)
	}
}

func TestThen(t *testing.T) {
	var how Collection
	for _, next := range []Collection{
		{Mode: Kiosk, Language: "en", Helper: "staff", Place: "practice", Aids: AidListened},
		{Mode: Web, Language: "gd", Place: "home", Aids: AidLargePrint},
		{Mode: Web, Language: "en"},
	} {
		how = how.Then(next)
	}
	if want := (Collection{Mode: Web, Language: "en", Place: "home", Aids: "large-print listened"}); how != want {
		t.Errorf("after three saves it was collected as %+v, want %+v", how, want)
	}
}

// The names, the words and the ledger's tags of a collection tell the same facts in the same order.
func TestCollectionWords(t *testing.T) {
	how := Collection{Mode: Paper, Language: "gd", Helper: "family", Place: AtHome, Aids: AidListened}
	words := how.Words()
	if got := CollectionOf(words); got != how {
		t.Errorf("CollectionOf(%q) = %+v, want %+v", words, got, how)
	}
	content, err := (&Entry{How: how}).Content()
	if err != nil {
		t.Fatal(err)
	}
	from := 0
	var set Collection
	for i, name := range CollectionNames() {
		at := strings.Index(content[from:], `"`+name+`":"`+words[i]+`"`)
		if at < 0 {
			t.Errorf("the ledger's %s does not tell %s=%s after what comes before it", content, name, words[i])
		}
		from += max(at, 0)
		if err := set.Set(name, words[i]); err != nil {
			t.Errorf("Set(%s, %s) = %v", name, words[i], err)
		}
	}
	if set != how {
		t.Errorf("read from a file: %+v, want %+v", set, how)
	}
}
