package surveys

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"wellwave/surveys/csvtable"
)

// newTable returns the table for translating smallPack.
func newTable(t testing.TB, into string) *WordingTable {
	t.Helper()
	instrument, err := ParseInstrument("small.yaml", []byte(small))
	if err != nil {
		t.Fatal(err)
	}
	return tableOf(t, instrument, smallPack, into)
}

func tableOf(t testing.TB, i *Instrument, source, into string) *WordingTable {
	t.Helper()
	text, err := ReadWordingText("source.yaml", []byte(source))
	if err != nil {
		t.Fatal(err)
	}
	table, err := NewWordingTable(i, text, into)
	if err != nil {
		t.Fatal(err)
	}
	return table
}

func written(t testing.TB, table *WordingTable, soFar []byte) (string, ToGo) {
	t.Helper()
	var pack *WordingText
	if soFar != nil {
		var err error
		if pack, err = ReadWordingText("so-far.yaml", soFar); err != nil {
			t.Fatalf("%v\n%s", err, soFar)
		}
	}
	var b bytes.Buffer
	left, err := table.Write(&b, pack)
	if err != nil {
		t.Fatal(err)
	}
	return b.String(), left
}

func readTable(table *WordingTable, content string) (*TranslatedTable, error) {
	r, err := csvtable.NewReader(strings.NewReader(content), "t.csv")
	if err != nil {
		return nil, err
	}
	return table.Read(r)
}

// mustRead reads a table that has to be in order.
func mustRead(t testing.TB, table *WordingTable, content string) *TranslatedTable {
	t.Helper()
	translated, err := readTable(table, content)
	if err != nil {
		t.Fatalf("%v\n%s", err, content)
	}
	return translated
}

// TestWordingTableOfTheLibrary takes every pack of the library to a translator and back: the table stays the same to the
// byte, and the pack the same in meaning, except its review.
func TestWordingTableOfTheLibrary(t *testing.T) {
	packs, err := filepath.Glob("library/*.*.yaml")
	if err != nil || len(packs) < 20 {
		t.Fatalf("%d packs, %v", len(packs), err)
	}
	for _, name := range packs {
		id, _, _ := strings.Cut(filepath.Base(name), ".")
		source, pack := readFile(t, "library/"+id+".en-GB.yaml"), readFile(t, name)
		instrument, err := ParseInstrument(id, []byte(readFile(t, "library/"+id+".yaml")))
		if err != nil {
			t.Fatal(err)
		}
		was, err := ParseWording(name, []byte(withoutReview(pack)))
		if err != nil {
			t.Fatal(err)
		}
		table := tableOf(t, instrument, source, was.Language)
		soFar := []byte(pack)
		if table.Monolingual() {
			soFar = nil
		}
		first, left := written(t, table, soFar)
		back := mustRead(t, table, first)
		if left.Missing != 0 || left != back.ToGo || len(back.Remarks) > 0 {
			t.Errorf("%s: %+v are to go, %+v on the way back with the remarks %v", name, left, back.ToGo, back.Remarks)
		}
		made := back.Pack(false)
		is, err := ParseWording(name, made)
		if err != nil || is.Hash != was.Hash {
			t.Errorf("%s came back with another meaning, %v:\n%s", name, err, made)
			continue
		}
		again := tableOf(t, instrument, string(made), was.Language)
		if again, _ := written(t, again, nil); table.Monolingual() && again != first {
			t.Errorf("%s (-first +second table):\n%s", name, cmp.Diff(first, again))
		}
		if !table.Monolingual() {
			if again, _ := written(t, table, made); again != first {
				t.Errorf("%s (-first +second table):\n%s", name, cmp.Diff(first, again))
			}
		}
	}
}

func readFile(t testing.TB, name string) string {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func withoutReview(pack string) string {
	lines := strings.SplitAfter(pack, "\n")
	return strings.Join(slices.DeleteFunc(lines, func(line string) bool { return strings.HasPrefix(line, "reviewed:") }), "")
}

// A table comes back as spreadsheets leave it: in another order, with lines that end in CRLF, more columns and empty rows.
func TestWordingTableFromASpreadsheet(t *testing.T) {
	const content = "\ufeffde,comment,key,en-GB\r\n" +
		"Überschrift,nice,title,A few questions\r\n" +
		",,,\r\n" +
		"\"Eins\r\nZwei\",,intro,\"First line.\nSecond line.\"\r\n" +
		"'-5 Grad,,options.2,Perhaps\r\n" +
		"Nur hier,,items.b.options.3,\r\n" +
		",,items.a.text,Alfa?\r\n"
	translated := mustRead(t, newTable(t, "de"), content)
	want := map[string]string{"title": "Überschrift", "intro": "Eins\nZwei", "options.2": "-5 Grad", "items.b.options.3": "Nur hier"}
	if diff := cmp.Diff(want, translated.texts); diff != "" {
		t.Errorf("texts (-want +got):\n%s", diff)
	}
	var remarks []string
	for _, remark := range translated.Remarks[:4] {
		remarks = append(remarks, remark.Error())
	}
	wantRemarks := []string{"t.csv:1:2: comment: this column is not read", "t.csv:9:1: de: items.a.text is not translated",
		"t.csv:9:4: en-GB: items.a.text is “Alpha?” in the pack now; is the translation still right?", "t.csv: there is no row options.1"}
	if diff := cmp.Diff(wantRemarks, remarks); diff != "" {
		t.Errorf("remarks (-want +got):\n%s", diff)
	}
	const wantPack = `instrument: small
version: "1"
language: de
title: Überschrift
intro: "Eins\nZwei"
options:
  2: "-5 Grad"
option_sets:
  "yes": {}
items:
  a: {}
  b:
    options:
      2: "-5 Grad"
      3: Nur hier
  c:
    option_set: "yes"
  d: {}
  e: {}
  f:
    options: {}
  g: {}
  h:
    options: {}
  i: {}
`
	if diff := cmp.Diff(wantPack, string(translated.Pack(false))); diff != "" {
		t.Errorf("Pack() (-want +got):\n%s", diff)
	}
}

func TestWordingTableRefuses(t *testing.T) {
	tests := []struct {
		name, content string
		want          string
	}{
		{"another language", "key,note,en-GB,fr\n", "t.csv:1:1: there is no column de"},
		{"misspelt language", "key,note,en-GB,DE\n", "t.csv:1:1: there is no column de (column 4 is called “DE”)"},
		{"no keys", "en-GB,de\n", "t.csv:1:1: there is no column key"},
		{"unknown keys", "key,de\nitems.z.text,Zett\ntitle,Titel\noptions.4,Vier\n",
			"t.csv:2:1: key: “items.z.text” is not a text of small version 1\nt.csv:4:1: key: “options.4” is not a text of small version 1"},
		{"twice", "key,de\ntitle,Titel\n title ,Titel\n", "t.csv:3:1: key: “title” is here twice; the first is on line 2"},
		{"no key", "key,de\n,Titel\n", "t.csv:2:1: key: this row has no key"},
		{"what nobody sees", "key,de\ntitle,Ti\x07tel\n", "t.csv:2:2: de: the text holds a character that cannot be seen, after “Ti”"},
		{"a fault and no CSV behind it", "key,de\nz,\ntitle,\"a\"b\ny,\n",
			"t.csv:2:1: key: “z” is not a text of small version 1\nt.csv:3:2: de: the cell goes on behind its closing quotation mark; inside a cell a quotation mark is written twice\nt.csv:4:1: key: “y” is"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := readTable(newTable(t, "de"), tt.content)
			var misplaced *csvtable.Error
			if !errors.As(err, &misplaced) || !strings.HasPrefix(err.Error(), tt.want) {
				t.Errorf("Read() failed with\n%v\nwant\n%s", err, tt.want)
			}
		})
	}
}

func TestNewWordingTableRefuses(t *testing.T) {
	for _, tt := range []struct{ into, version, want string }{
		{"Arabic!", "1", "“Arabic!” is not a language code such as ar or en-GB."},
		{"AR", "1", "The language code “AR” is written “ar”."},
		{"ar", "2", "The wording pack to translate from is not complete: the pack is for small version 1."},
	} {
		instrument := parse(t, small)
		instrument.Version = tt.version
		source, err := ReadWordingText("p.yaml", []byte(smallPack))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := NewWordingTable(instrument, source, tt.into); KindOf(err) != Invalid || err.Error() != tt.want {
			t.Errorf("NewWordingTable(%s) failed with %v, want %s", tt.into, err, tt.want)
		}
	}
	pack, err := ReadWordingText("p.yaml", []byte(smallPack))
	if err != nil {
		t.Fatal(err)
	}
	for into, want := range map[string]string{"en-GB": "has no place for another wording", "de": "small version 1 into en-GB; small version 1 into de is wanted"} {
		if _, err := newTable(t, into).Write(new(bytes.Buffer), pack); KindOf(err) != Invalid || !strings.Contains(err.Error(), want) {
			t.Errorf("Write(%s) = %v, want an error with %q", into, err, want)
		}
	}
}

// A pack whose items share other answers than the source's do keeps what each item says.
func TestWordingTableOfAnotherShape(t *testing.T) {
	const soFar = `instrument: small
version: "1"
language: de
options: {1: Nein, 2: Vielleicht, 3: Ja}
items:
  a: {text: Alfa?, options: {1: Nö, 2: Vielleicht}}
  b: {text: Beta?, hint: Nur hier.}
  f: {text: Zeta?, options: {0: Unten, 50: Mitte, 100: Oben}}
`
	table := newTable(t, "de")
	content, left := written(t, table, []byte(soFar))
	for _, want := range []string{"\noptions.1,An answer to 2 of the questions,No,Nein\n", "\noptions.3,An answer to 2 of the questions,Yes,\n",
		"\nitems.a.options.1,An answer to a alone,,Nö\n", "\nitems.b.options.3,An answer to b alone,,Ja\n",
		"\nitems.b.hint,A help below b,,Nur hier.\n", "\nitems.f.options.50,An answer to f alone,,Mitte\n"} {
		if !strings.Contains(content, want) {
			t.Errorf("the table lacks %q:\n%s", want, content)
		}
	}
	if want := (ToGo{16, 23}); left != want {
		t.Errorf("Write() = %+v, want %+v", left, want)
	}
	was, err := ParseWording("w.yaml", []byte(soFar))
	if err != nil {
		t.Fatal(err)
	}
	is, err := ParseWording("w.yaml", mustRead(t, table, content).Pack(false))
	if err != nil {
		t.Fatal(err)
	}
	sameWords(t, table.instrument, was, is)
}

// Labels that stand in for licensed wording stay such labels in translation.
func TestPackIsNeutral(t *testing.T) {
	table := tableOf(t, parse(t, small), smallPack+"neutral: true\n", "de")
	for licensed, want := range map[bool]bool{false: true, true: false} {
		pack, err := ParseWording("p.yaml", mustRead(t, table, "key,de\ntitle,Titel\n").Pack(licensed))
		if err != nil || pack.Neutral != want {
			t.Errorf("Pack(%v) is neutral: %v, %v; want %v", licensed, pack.Neutral, err, want)
		}
	}
}

// sameWords wants two packs to say the same to people.
func sameWords(t interface {
	Helper()
	Errorf(string, ...any)
}, i *Instrument, want, got *Wording) {
	t.Helper()
	said := func(w *Wording) []string {
		words := []string{w.Title, w.Intro}
		for n := range i.Items {
			item := &i.Items[n]
			words = append(words, w.ItemTitle(item.Code), w.Question(item.Code), w.Hint(item.Code))
			for _, value := range item.wordable() {
				words = append(words, NormalText(w.items[item.Code].labels[value]))
			}
		}
		return words
	}
	if diff := cmp.Diff(said(want), said(got)); diff != "" {
		t.Errorf("words (-want +got):\n%s", diff)
	}
}

// TestAnyTextComesBack wants every text exactly, whatever YAML, CSV and spreadsheets might take it for.
func TestAnyTextComesBack(t *testing.T) {
	table := newTable(t, "de")
	keys := make([]string, 0, len(table.phrases)+len(table.extra))
	for _, p := range slices.Concat(table.phrases, table.extra) {
		if !strings.HasPrefix(p.key, "items.f.options.") || p.text != "" { // hundred numbers in between would slow it down
			keys = append(keys, p.key)
		}
	}
	odd := rapid.OneOf(rapid.SampledFrom([]string{"=1+1", "-", "'=x", "''@x", "+3", "yes", "No", "null", "~", "1", "0x1f", "1e3", ".inf", "a: b", "a #b",
		"- a", "? a", "{a b}", "[a]", "a\nb", "a\n\nb ", "\"a\"", "a, b", "&a", "*a", "!a", "%a", "@a", "`a`", "|", ">", "---", "...", "نعم، هل هذا صحيح؟",
		"a\tb", "\\n", "a\\", "e\u0301", "<<", "=", "2026-03-31", "12:30:45", "Infinity"}), rapid.String(),
		rapid.StringOf(rapid.SampledFrom([]rune("aé '\"=-+@:#,\n\t\\&*!|>%{}[]؟،\u200f"))))
	rapid.Check(t, func(t *rapid.T) {
		texts := make(map[string]string)
		for key, text := range rapid.MapOfN(rapid.SampledFrom(keys), odd, 0, 12).Draw(t, "texts") {
			text = NormalText(strings.Map(func(c rune) rune {
				if unseen(c) {
					return -1
				}
				return c
			}, text))
			if text != "" && bracesIn(text) == "" {
				texts[key] = text
			}
		}
		made := (&TranslatedTable{of: table, texts: texts}).Pack(false)
		pack, err := ReadWordingText("made.yaml", made)
		if err != nil {
			t.Fatalf("%v\n%s", err, made)
		}
		for key, text := range texts {
			if code, ok := strings.CutSuffix(strings.TrimPrefix(key, "items."), ".text"); ok && pack.Question(code) != text {
				t.Errorf("%s is %q, want %q:\n%s", key, pack.Question(code), text, made)
			}
		}
		var b bytes.Buffer
		if _, err := table.Write(&b, pack); err != nil {
			t.Fatal(err)
		}
		back, err := readTable(table, b.String())
		if err != nil {
			t.Fatalf("%v\n%s", err, &b)
		}
		again, err := ParseWording("again.yaml", back.Pack(false))
		if err != nil {
			t.Fatal(err)
		}
		sameWords(t, table.instrument, pack.Wording, again)
	})
}

// FuzzWordingTable wants whatever bytes come back to be refused with a place, or to make a pack that can be read and makes
// the same table each time.
func FuzzWordingTable(f *testing.F) {
	table := newTable(f, "de")
	content, _ := written(f, table, nil)
	for _, seed := range []string{"", content, "key,de\ntitle,Titel\n", "\ufeffde,key\r\n\"a\r\nb\",intro\r\n'=x,options.1\r\n", "key,de\noptions.1,a\nitems.b.options.1,b\n", "key;de\n"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, content string) {
		translated, err := readTable(table, content)
		if err != nil {
			var misplaced *csvtable.Error
			if !errors.As(err, &misplaced) {
				t.Fatalf("refused with %v", err)
			}
			return
		}
		first, _ := written(t, table, translated.Pack(false))
		if second, _ := written(t, table, mustRead(t, table, first).Pack(false)); second != first {
			t.Errorf("the table changes (-first +second):\n%s", cmp.Diff(first, second))
		}
	})
}
