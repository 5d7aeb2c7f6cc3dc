package surveys

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const smallPack = `instrument: small
version: "1"
language: en-GB
reviewed: {by: A. Reader, on: "2026-01-31"}
title: A few questions
intro: |
  First line.
  Second line.
options: {1: No, 2: Perhaps, 3: "Yes"}
option_sets:
  yes: {0: No, 1: "Yes"}
items:
  a: {text: Alpha?, hint: The first., title: Part one}
  b: {text: Beta?}
  c: {text: Gamma?, option_set: yes}
  d: {text: Delta?}
  e: {text: Epsilon?}
  f: {text: Zeta?, options: {0: Worst, 100: Best}}
  g: {text: Eta?}
  h: {text: Theta?, options: {1: One, 2: Two, 9: Nine}}
  i: {text: Read this.}
`

func TestParseWording(t *testing.T) {
	pack, err := ParseWording("small.en-GB.yaml", []byte(smallPack))
	if err != nil {
		t.Fatalf("ParseWording() failed: %v", err)
	}
	if want := (Review{"A. Reader", time.Date(2026, 1, 31, 0, 0, 0, 0, time.UTC)}); pack.Reviewed != want {
		t.Errorf("Reviewed = %v, want %v", pack.Reviewed, want)
	}
	got := []string{pack.Title, pack.Intro, pack.Question("a"), pack.Hint("a"), pack.ItemTitle("a"), pack.Label("a", 2),
		pack.Label("c", 1), pack.Label("f", 100), pack.Label("f", 42), pack.Question("nowhere"), pack.Label("nowhere", 3)}
	want := []string{"A few questions", "First line.\nSecond line.", "Alpha?", "The first.", "Part one", "Perhaps",
		"Yes", "Best", "42", "", "3"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("words (-want +got):\n%s", diff)
	}
	if missing := parse(t, small).Missing(pack); missing != nil {
		t.Errorf("Missing() = %v, want none", missing)
	}
}

func TestMissing(t *testing.T) {
	pack, err := ParseWording("small.en-GB.yaml", []byte(`instrument: small
version: "1"
language: en
options: {1: No, 3: "Yes"}
items:
  a: {text: Alpha?}
  b: {hint: No text.}
  c: {text: Gamma?}
  d: {text: Delta?}
  e: {text: Epsilon?}
  f: {text: Zeta?, options: {0: Worst}}
  g: {text: Eta?}
  h: {text: Theta?, options: {1: One, 2: Two, 9: ""}}
  z: {text: Zero?}
`))
	if err != nil {
		t.Fatalf("ParseWording() failed: %v", err)
	}
	instrument := parse(t, small)
	want := []string{"title", "items.a.options.2", "items.b.text", "items.b.options.2", "items.c.options.0",
		"items.f.options.100", "items.h.options.9", "items.i.text", "items.z is not an item of the instrument"}
	if diff := cmp.Diff(want, instrument.Missing(pack)); diff != "" {
		t.Errorf("Missing() (-want +got):\n%s", diff)
	}
	pack.Version = "2"
	if diff := cmp.Diff([]string{"the pack is for small version 2"}, instrument.Missing(pack)); diff != "" {
		t.Errorf("Missing() of another version (-want +got):\n%s", diff)
	}
}

// What nobody sees in a pack or an instrument is refused when it comes, and read where people answer it already.
func TestUnseenCharacters(t *testing.T) {
	pack := []byte("instrument: small\nversion: \"1\"\nlanguage: de\nitems:\n  a: {text: \"Al\\u202epha?\"}\n")
	if _, err := ParseWording("p.yaml", pack); err == nil || !strings.Contains(err.Error(), "p.yaml:5:13: The text holds the character U+202E") {
		t.Errorf("ParseWording() = %v, want the character refused where it stands", err)
	}
	if _, err := ParseStoredWording("p.yaml", pack); err != nil {
		t.Errorf("ParseStoredWording() = %v", err)
	}
	for _, fine := range []string{"", "a\nb", "a\tb", "نعم\u200f؟", "می\u200cخواهم", "👩\u200d⚕️"} {
		if wrong := unseenIn(fine); wrong != "" {
			t.Errorf("unseenIn(%q) = %q, want nothing", fine, wrong)
		}
	}
}

func TestParseWordingSaysWhatIsWrongAndWhere(t *testing.T) {
	_, err := ParseWording("p.yaml", []byte(`instrument: Small
language: english please
reviewed: {by: "", on: 31 January}
items:
  a: {text: Alpha?, option_set: gone, tip: x}
`))
	const want = `p.yaml:5:39: “tip” is not a key here. The keys are title, text, hint, options, option_set.`
	if err == nil || err.Error() != want {
		t.Errorf("ParseWording() failed with\n%v\nwant\n%s", err, want)
	}
	_, err = ParseWording("p.yaml", []byte(`instrument: Small
language: english please
reviewed: {by: "", on: 31 January}
items:
  a: {text: Alpha?, option_set: gone}
`))
	const wantAll = `p.yaml:1:1: The pack must say for which version of the instrument it is.
p.yaml:1:13: The pack must name its instrument by id.
p.yaml:2:11: “english please” is not a language code such as en-GB.
p.yaml:3:16: A review needs the name of who did it.
p.yaml:3:24: “31 January” is not a day. Write it as 2026-03-31.
p.yaml:5:33: There is no option set “gone” in this file.`
	if err == nil || err.Error() != wantAll {
		t.Errorf("ParseWording() failed with\n%v\nwant\n%s", err, wantAll)
	}
}
