package release

import (
	"encoding/csv"
	"slices"
	"strings"
	"testing"

	"wellwave/surveys"
)

func TestBands(t *testing.T) {
	ages := []float64{16, 18, 40, 65}
	labels := bandLabels(ages, true)
	if want := []string{"under 16", "16 to 17", "18 to 39", "40 to 64", "65 and over"}; !slices.Equal(labels, want) {
		t.Fatalf("bandLabels() = %q, want %q", labels, want)
	}
	tests := []struct {
		give float64
		want string
	}{
		{-1, "under 16"}, {15, "under 16"}, {16, "16 to 17"}, {17, "16 to 17"}, {18, "18 to 39"}, {39, "18 to 39"},
		{39.999, "18 to 39"}, {40, "40 to 64"}, {64, "40 to 64"}, {65, "65 and over"}, {110, "65 and over"},
	}
	for _, tt := range tests {
		if got := labels[band(ages, tt.give)]; got != tt.want {
			t.Errorf("the band of %v = %q, want %q", tt.give, got, tt.want)
		}
	}
	if got, want := bandLabels([]float64{0, 0.5, 1}, false), []string{"under 0", "0 to under 0.5", "0.5 to under 1", "1 and over"}; !slices.Equal(got, want) {
		t.Errorf("bandLabels() of fractions = %q, want %q", got, want)
	}
	if got, want := bandLabels([]float64{1, 2, 3, 6}, true), []string{"under 1", "1", "2", "3 to 5", "6 and over"}; !slices.Equal(got, want) {
		t.Errorf("bandLabels() of tenths = %q, want %q", got, want)
	}
}

// The texts that spreadsheets run are those of OWASP's page on CSV injection.
func TestAppendCell(t *testing.T) {
	tests := []struct{ give, wantStatistics, wantExcel string }{
		{"plain", "plain", "plain"},
		{"", "", ""},
		{`=HYPERLINK("http://x","y")`, `"=HYPERLINK(""http://x"",""y"")"`, `"'=HYPERLINK(""http://x"",""y"")"`},
		{"+1+1", "+1+1", "'+1+1"},
		{"-2+3", "-2+3", "'-2+3"},
		{"@SUM(A1)", "@SUM(A1)", "'@SUM(A1)"},
		{"\t=1", "\t=1", "'\t=1"},
		{"\r=1", "\"\r=1\"", "\"'\r=1\""},
		{"-0.594", "-0.594", "-0.594"},
		{"+5", "+5", "+5"},
		{"-Inf", "-Inf", "'-Inf"},
		{"-", "-", "'-"},
		{"a,b", `"a,b"`, `"a,b"`},
		{"two\nlines", "\"two\nlines\"", "\"two\nlines\""},
		{"👩🏽‍⚕️ fine", "👩🏽‍⚕️ fine", "👩🏽‍⚕️ fine"},
	}
	for _, tt := range tests {
		if got := string(appendCell(nil, tt.give, false)); got != tt.wantStatistics {
			t.Errorf("appendCell(%q) for statistics = %q, want %q", tt.give, got, tt.wantStatistics)
		}
		got := string(appendCell(nil, tt.give, true))
		if got != tt.wantExcel {
			t.Errorf("appendCell(%q) for Excel = %q, want %q", tt.give, got, tt.wantExcel)
		}
		row, err := csv.NewReader(strings.NewReader("x," + got + "\n")).Read()
		if err != nil || strings.TrimPrefix(row[1], "'") != tt.give {
			t.Errorf("appendCell(%q) reads back as %q, %v", tt.give, row, err)
		}
	}
}

func TestAppendNumber(t *testing.T) {
	tests := []struct {
		give float64
		want string
	}{
		{0, "0"}, {14.625, "14.625"}, {-0.594, "-0.594"}, {1e6, "1000000"}, {1234567.5, "1234567.5"}, {0.00001, "0.00001"},
		{10.0 / 3, "3.3333333333333335"},
	}
	for _, tt := range tests {
		if got := string(appendNumber(nil, tt.give)); got != tt.want {
			t.Errorf("appendNumber(%v) = %s, want %s", tt.give, got, tt.want)
		}
	}
}

func TestClean(t *testing.T) {
	tests := []struct{ give, want string }{
		{"How are\tyou\ntoday? ", "How are you today?"},
		{"abc\u202edef\u2066ghi\u2069", "abcdefghi"}, // would show as abcfed…
		{"كيف حالك؟", "كيف حالك؟"},
		{"fine 🙂 👩‍⚕️", "fine 🙂 👩‍⚕️"},
		{"a\x00b\x1b[31m", "a b [31m"},
	}
	for _, tt := range tests {
		if got := clean(tt.give); got != tt.want {
			t.Errorf("clean(%q) = %q, want %q", tt.give, got, tt.want)
		}
	}
	if got, want := markdown("a|b <em> *c* d_e"), `a\|b &lt;em> \*c\* d\_e`; got != want {
		t.Errorf("markdown() = %s, want %s", got, want)
	}
}

func TestGroups(t *testing.T) {
	c := Column{Options: []Option{{"1", "Paid work"}, {"2", "Unpaid work"}, {"3", "None"}}}
	c.group([]surveys.KeyGroup{{Label: "work", Options: []float64{1, 2}}})
	for n, want := range map[float64]string{1: "work", 2: "work", 3: "3"} {
		if got := string(c.appendNumber(nil, n)); got != want {
			t.Errorf("%v stands as %q, want %q", n, got, want)
		}
	}
	if got := c.values() + "|" + c.recoding(); got != "3 = None; work = Paid work; Unpaid work|work stands for 1, 2" {
		t.Errorf("the codebook says %q", got)
	}
}
