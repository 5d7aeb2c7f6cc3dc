package strictyaml

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
)

// numbered returns n lines made of a format with a number.
func numbered(format string, n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

// A file of less than a megabyte must not take a minute or a gigabyte. What it takes is asked by the memory that is given
// out, which is the same on every machine: keys alone took tens of gigabytes and a list nearly one.
func TestDecodeIsBounded(t *testing.T) {
	type file struct {
		Words  []string          `yaml:"words"`
		Groups map[string]string `yaml:"groups"`
		Text   string            `yaml:"text"`
	}
	const most = 200 << 20
	tests := []struct {
		name, give, want string
	}{
		{"keys", numbered("k%d: 1\n", 90_000), "more parts"},
		{"keys of a group", "groups:\n" + numbered("  k%d: x\n", 80_000), "more parts"},
		{"just as many keys as may be cut into parts", "groups:\n" + numbered("  k%d: x\n", 13_000), "more than 5000 entries"},
		{"keys in braces", "groups: {" + numbered("k%d: x, ", 9_000) + "}", "more than 5000 entries"},
		{"list", "words:\n" + strings.Repeat("- a\n", 250_000), "more parts"},
		{"list in brackets", "words: [" + strings.Repeat("a,", 500_000) + "]", "more parts"},
		{"list that is only long", "words: [" + strings.Repeat("a,", 6_000) + "]", "more than 5000 entries"},
		{"brackets", "words: " + strings.Repeat("[", 500_000), "more parts"},
		{"a few brackets", "words: " + strings.Repeat("[", 50), "nested more than 32 levels"},
		{"dashes", strings.Repeat("- ", 50), "nested more than 32 levels"},
		{"dashes in brackets", "words: [" + strings.Repeat("- ", 50), "nested more than 32 levels"},
		{"quotation marks", "text: " + strings.Repeat(`"" `, 300_000), "more parts"},
		{"colons", "text: " + strings.Repeat(": ", 450_000), "more parts"},
		{"remarks", strings.Repeat("#\n", 450_000), "more parts"},
		{"aliases", "a: &a [x]\nb: [*a, *a, *a]\n", "is not used in these files"},
		{"one long key", strings.Repeat("k", 900_000) + ": 1\n", "is not a key here"},
		{"one long text where a list belongs", "words: " + strings.Repeat("x", 900_000), "Here stands"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			var into file
			_, err := Decode("file.yaml", []byte(tt.give), &into)
			runtime.ReadMemStats(&after)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("Decode() = %.200v, want a sentence with %q", err, tt.want)
			}
			if err != nil && len(err.Error()) > 1_000 {
				t.Errorf("the error has %d bytes, want it short", len(err.Error()))
			}
			if took := after.TotalAlloc - before.TotalAlloc; took > most {
				t.Errorf("Decode() gave out %d MB, want at most %d", took>>20, most>>20)
			}
		})
	}
}

// Long texts and collections one after another are no reason to refuse a file.
func TestDecodeTakesLongFiles(t *testing.T) {
	type group struct {
		ID    string   `yaml:"id"`
		Words []string `yaml:"words"`
	}
	var into struct {
		Text   string  `yaml:"text"`
		Groups []group `yaml:"groups"`
	}
	give := "text: |\n" + strings.Repeat("  Well, it's late: so we go – at once.\n", 5_000) +
		"groups:\n" + strings.Repeat("  - id: one\n    words: [a, b, c]\n  - id: two\n    words:\n      - a\n      - b\n", 1_000)
	if _, err := Decode("file.yaml", []byte(give), &into); err != nil {
		t.Fatalf("Decode() = %.300v, want nil", err)
	}
	if len(into.Groups) != 2_000 || len(into.Groups[1999].Words) != 2 {
		t.Errorf("read %d groups, want 2000 with their words", len(into.Groups))
	}
}

// Of many mistakes the first are told, in the order of the file, and how many there are besides.
func TestErrTellsTheFirstMistakes(t *testing.T) {
	var into struct {
		Words []string `yaml:"words"`
	}
	_, err := Decode("file.yaml", []byte("words:\n"+numbered("- %d\n", 3_000)), &into)
	if err == nil {
		t.Fatal("Decode() = nil, want mistakes")
	}
	lines := strings.Split(err.Error(), "\n")
	if len(lines) != maxTold+1 || !strings.HasPrefix(lines[0], "file.yaml:2:3: ") || !strings.HasPrefix(lines[maxTold-1], "file.yaml:21:3: ") {
		t.Errorf("got %d lines, the first %q", len(lines), lines[0])
	}
	if last := lines[len(lines)-1]; last != "file.yaml: There are 2980 more mistakes. Mend these first." {
		t.Errorf("the last line is %q", last)
	}
}
