package surveys

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// small is a file with something of everything.
const small = `# A comment.
id: small
version: "1"
title: Small
citation: "A test, 2026"
licence: {wording: own}
option_sets:
  agree: [1, 2, 3]
items:
  - {code: a, kind: likert, option_set: agree, required: soft}
  - {code: b, kind: likert, option_set: agree, reverse: true}
  - {code: c, kind: yes-no}
  - code: d
    kind: date
    enable_when:
      conditions:
        - {question: c, operator: "=", answer: true}
  - code: e
    kind: short-text
    enable_when:
      behaviour: any
      conditions:
        - {question: d, operator: ">", answer: "2026-01-31"}
        - {question: a, operator: "=", answer: 3}
  - {code: f, kind: vas}
  - {code: g, kind: decimal, min: 0, max: 2.5}
  - {code: h, kind: multiple, options: [1, 2, 9]}
  - {code: i, kind: display}
scales:
  - id: s
    rule: sum
    items: [a, b]
    missing: {allow: 1, fill: person-mean}
    range: [2, 6]
    direction: higher-better
    bands: [{from: 2, label: low}, {from: 4.5, label: high}]
examples:
  - {title: floor, answers: {a: 1, b: 3}, scores: {s: 2}, bands: {s: low}}
  - {title: one missing, all: 3, missing: [b], scores: {s: 6}}
  - {title: none, scores: {s: null}}
`

func parse(t *testing.T, text string) *Instrument {
	t.Helper()
	instrument, err := ParseInstrument("small.yaml", []byte(text))
	if err != nil {
		t.Fatalf("ParseInstrument() failed:\n%v", err)
	}
	return instrument
}

func TestParseInstrument(t *testing.T) {
	got := parse(t, small)
	want := []Item{
		{Code: "a", Kind: KindLikert, Options: []float64{1, 2, 3}, Labelled: []float64{1, 2, 3}, Min: 1, Max: 3, Required: true},
		{Code: "b", Kind: KindLikert, Options: []float64{1, 2, 3}, Labelled: []float64{1, 2, 3}, Min: 1, Max: 3, Reverse: true},
		{Code: "c", Kind: KindYesNo, Options: []float64{0, 1}, Labelled: []float64{0, 1}, Max: 1},
		{Code: "d", Kind: KindDate, EnableWhen: &EnableWhen{"all", []Condition{{"c", "=", 1.0}}}},
		{Code: "e", Kind: KindShortText, MaxLength: 500, EnableWhen: &EnableWhen{"any", []Condition{{"d", ">", "2026-01-31"}, {"a", "=", 3.0}}}},
		{Code: "f", Kind: KindVAS, Labelled: []float64{0, 100}, Max: 100},
		{Code: "g", Kind: KindDecimal, Max: 2.5},
		{Code: "h", Kind: KindMultiple, Options: []float64{1, 2, 9}, Labelled: []float64{1, 2, 9}, Min: 1, Max: 9},
		{Code: "i", Kind: KindDisplay},
	}
	if diff := cmp.Diff(want, got.Items); diff != "" {
		t.Errorf("items (-want +got):\n%s", diff)
	}
	if len(got.Scales) != 1 || len(got.Examples) != 3 || got.Licence.Wording != WordingOwn {
		t.Errorf("got %d scales, %d examples, licence %v", len(got.Scales), len(got.Examples), got.Licence)
	}
	if item, ok := got.Item("f"); !ok || item.Kind != KindVAS {
		t.Errorf("Item(f) = %v, %v", item, ok)
	}
}

// Each change breaks the file in one place; ^ marks where the mistake is to be reported.
func TestParseInstrumentSaysWhatIsWrongAndWhere(t *testing.T) {
	tests := []struct{ name, old, new, want string }{
		{"misspelt key", "reverse: true", "^revers: true", `“revers” is not a key here. Did you mean “reverse”?`},
		{"unknown key", "title: Small", "title: Small\n^flavour: mint", `“flavour” is not a key here. The keys are id, version, title, citation, doi, licence, recall, option_sets, items, scales, examples.`},
		{"key twice", "title: Small", "title: Small\n^title: Large", `“title” is here twice; the first is on line 4.`},
		{"number for a text", `version: "1"`, "version: ^1.10", `Here stands “1.10” where a text is expected; write it in quotes: "1.10".`},
		{"octal", "max: 2.5", "max: ^012", `Here stands “012” where a number is expected.`},
		{"infinite", "max: 2.5", "max: ^.inf", `Here stands “.inf” where a number is expected.`},
		{"fraction for a whole number", "allow: 1,", "allow: ^1.5,", `Here stands “1.5” where a whole number is expected.`},
		{"text for a list", "items: [a, b]", "items: ^a", `Here stands “a” where a list is expected.`},
		{"text for keys", "licence: {wording: own}", "licence: ^own", `Here stands “own” where keys with values are expected.`},
		{"nothing", "title: Small", "title:^", `There is no value here. Give one or leave the key out.`},
		{"not closed", "range: [2, 6]\n    direction", "range: [2, 6\n    ^direction", `This is not YAML that can be read: ',' or ']' must be specified.`},
		{"anchor", "title: Small", "title: ^&t Small", `“&” is not used in these files: write plain keys and values.`},
		{"two documents", "title: Small", "^---\ntitle: Small", `The file holds more than one document.`},
		{"code twice", "code: g,", "code: ^a,", `“a” is the code of two items; the first is on line 10.`},
		{"bad code", "code: g,", "code: ^g-h,", `“g-h” is not an item code: up to 40 letters, digits and underscores, a letter first.`},
		{"reserved code", "code: g,", "code: ^site,", `“site” cannot be an item code, because files of answers use that column for something else.`},
		{"unknown kind", "kind: vas", "kind: ^slider", `“slider” is not a kind of item. The kinds are single, multiple, likert, rating, vas, integer, decimal, date, short-text, long-text, yes-no, display.`},
		{"hard requirement", "required: soft", "required: ^hard", `An answer can be asked for once more, which is “required: soft”; it cannot be demanded.`},
		{"option twice", "options: [1, 2, 9]", "options: [1, 2, ^2]", `The option 2 is here twice.`},
		{"options out of order", "options: [1, 2, 9]", "options: [1, 9, ^2]", `Options stand in ascending order; a wording pack gives them their words.`},
		{"no options", "{code: h, kind: multiple, options: [1, 2, 9]", "^{code: h, kind: multiple", `An item of the kind multiple has between 2 and 200 options.`},
		{"options of a scale", "{code: f, kind: vas", "^{code: f, kind: vas, options: [0, 100]", `An item of the kind vas takes no options.`},
		{"unknown option set", "option_set: agree, required", "option_set: ^agrees, required", `There is no option set “agrees” in this file.`},
		{"min without max", "{code: g, kind: decimal, min: 0, max: 2.5", "^{code: g, kind: decimal, min: 0", `An item of the kind decimal needs min and max, so that slips of the finger are noticed.`},
		{"min above max", "{code: g, kind: decimal, min: 0", "^{code: g, kind: decimal, min: 3", `min must be less than max, and neither beyond 1000000000.`},
		{"condition on a later item", "question: c,", "question: ^f,", `“f” is not an item that stands before this one.`},
		{"unknown operator", `operator: ">"`, `operator: ^"=>"`, `“=>” is not an operator. They are exists, =, !=, >, <, >= and <=.`},
		{"no behaviour", "behaviour: any", `behaviour: ^""`, `Several conditions need a behaviour: any or all.`},
		{"condition that cannot be compared", `answer: "2026-01-31"`, "answer: ^5", `d cannot be compared with this by >.`},
		{"condition on an option that is not there", "operator: \"=\", answer: 3", "operator: \"=\", answer: ^4", `a cannot be compared with this by =.`},
		{"scale over an unknown item", "items: [a, b]", "items: [a, ^z]", `“z” is not a scored item of this instrument.`},
		{"unknown rule", "rule: sum", "rule: ^total", `“total” is not a rule. The rules are sum, mean, count, weighted and expected.`},
		{"wrong range", "range: [2, 6]", "^range: [0, 6]", `The rule gives scores from 2 to 6, and the range says otherwise.`},
		{"example that does not come out", "scores: {s: 2}", "scores: {s: ^3}", `The example says 3, and the rule gives 2.`},
		{"example in another band", "bands: {s: low}}", "bands: {s: ^high}}", `The example says “high”, and the rule gives 2, “low”.`},
		{"example without a score that has one", "scores: {s: 6}", "scores: {^s: null}", `The example says that there is no score, and the rule gives 6.`},
		{"example out of range", "answers: {a: 1,", "answers: {a: ^4,", `“4” is not an answer to this question. The answers are 1 to 3.`},
		{"unknown licence", "wording: own", "wording: ^free", `The licence must say what wording is: own, ships or neutral.`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			marked := strings.Replace(small, tt.old, tt.new, 1)
			before, after, ok := strings.Cut(marked, "^")
			if !ok {
				t.Fatalf("%q is not in the file", tt.old)
			}
			line := strings.Count(before, "\n") + 1
			column := len(before) - strings.LastIndex(before, "\n")
			want := fmt.Sprintf("small.yaml:%d:%d: %s", line, column, tt.want)
			_, err := ParseInstrument("small.yaml", []byte(before+after))
			if KindOf(err) != Invalid || err.Error() != want {
				t.Errorf("ParseInstrument() failed with\n%v\nwant\n%s", err, want)
			}
		})
	}
}

func TestParseInstrumentListsEveryMistake(t *testing.T) {
	broken := strings.NewReplacer("kind: vas", "kind: slider", "min: 0", "min: 9", "operator: \">\"", "operator: near").Replace(small)
	_, err := ParseInstrument("small.yaml", []byte(broken))
	if err == nil || strings.Count(err.Error(), "\n") != 2 {
		t.Errorf("ParseInstrument() failed with\n%v\nwant three lines", err)
	}
}

func TestParseInstrumentRefuses(t *testing.T) {
	tests := []struct{ name, give, want string }{
		{"an empty file", "", "x.yaml:1:1: The file is empty."},
		{"only a comment", "# nothing\n", "x.yaml:1:1: The file is empty."},
		{"a list", "- a\n", "x.yaml:1:1: Here stands a list where keys with values are expected."},
		{"another encoding", "title: \xe9t\xe9\n", "x.yaml:1:1: The file is not text in UTF-8."},
		{"a NUL", "title: a\x00\n", "x.yaml:1:1: The file is not text in UTF-8."},
		{"a large file", strings.Repeat("# x\n", 300_000), "x.yaml:1:1: The file is larger than 1 MB."},
		{"brackets without end", strings.Repeat("[", 20_000), "x.yaml:1:33: The file is nested more than 32 levels deep."},
		{"dashes without end", strings.Repeat("- ", 20_000), "x.yaml:1:65: The file is nested more than 32 levels deep."},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := ParseInstrument("x.yaml", []byte(tt.give)); err == nil || err.Error() != tt.want {
				t.Errorf("ParseInstrument() failed with %v, want %s", err, tt.want)
			}
		})
	}
}

func TestHashIsOfTheMeaning(t *testing.T) {
	want := parse(t, small).Hash
	same := strings.NewReplacer("# A comment.", "# Another one.\n", "title: Small", `title: "Small"   # quoted`, "max: 2.5", "max: 2.50").Replace(small)
	if got := parse(t, same).Hash; got != want {
		t.Errorf("the hash changed with comments and layout: %s, want %s", got, want)
	}
	for _, change := range []string{"title: Tiny", "title: Small\nrecall: today"} {
		if got := parse(t, strings.Replace(small, "title: Small", change, 1)).Hash; got == want {
			t.Errorf("the hash did not change with %q", change)
		}
	}
	if len(want) != 32 {
		t.Errorf("Hash = %q, want 32 hexadecimal digits", want)
	}
}

// Whatever the bytes, ParseInstrument returns an instrument or Invalid, and an instrument that it returns reads the same
// again.
func FuzzParseInstrument(f *testing.F) {
	f.Add([]byte(small))
	files, err := filepath.Glob("library/*.yaml")
	if err != nil || len(files) == 0 {
		f.Fatalf("no seeds: %v", err)
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		instrument, err := ParseInstrument("f.yaml", data)
		if err != nil {
			if KindOf(err) != Invalid || !strings.HasPrefix(err.Error(), "f.yaml:") {
				t.Fatalf("ParseInstrument() failed with %v, want Invalid with a place", err)
			}
			return
		}
		again, err := ParseInstrument("f.yaml", data)
		if err != nil || again.Hash != instrument.Hash {
			t.Errorf("the same bytes gave %v, %v the second time", again, err)
		}
	})
}
