package surveys

import (
	"math"
	"strings"
	"testing"
)

// itemsOfEveryKind are by name, for the tests below.
var itemsOfEveryKind = map[string]*Item{
	"likert":   {Code: "l", Kind: KindLikert, Options: []float64{1, 2, 3, 4, 5}, Min: 1, Max: 5},
	"single":   {Code: "s", Kind: KindSingle, Options: []float64{1, 2, 9}, Min: 1, Max: 9},
	"multiple": {Code: "m", Kind: KindMultiple, Options: []float64{1, 2, 9}},
	"rating":   {Code: "r", Kind: KindRating, Max: 10},
	"vas":      {Code: "v", Kind: KindVAS, Max: 100},
	"integer":  {Code: "i", Kind: KindInteger, Min: 16, Max: 110},
	"decimal":  {Code: "d", Kind: KindDecimal, Min: -1, Max: 2.5},
	"date":     {Code: "t", Kind: KindDate},
	"short":    {Code: "x", Kind: KindShortText, MaxLength: 5},
	"long":     {Code: "y", Kind: KindLongText, MaxLength: longTextLength},
	"yes-no":   {Code: "b", Kind: KindYesNo, Options: []float64{0, 1}, Max: 1},
	"display":  {Code: "p", Kind: KindDisplay},
}

func TestCheck(t *testing.T) {
	const notOneToFive = " is not an answer to this question. The answers are 1 to 5."
	tests := []struct {
		item string
		give Value
		want string // empty for an answer that may stand
	}{
		{"likert", Number(1), ""},
		{"likert", Number(5), ""},
		{"likert", Number(7), "“7”" + notOneToFive},
		{"likert", Number(0), "“0”" + notOneToFive},
		{"likert", Number(2.5), "“2.5”" + notOneToFive},
		{"likert", Number(math.NaN()), "This is not a number."},
		{"likert", Text("3"), "“3” is not a number."},
		{"likert", Set(3), "“3” is not a number."},
		{"likert", Value{}, "There is no answer here."},
		{"single", Number(9), ""},
		{"single", Number(3), "“3” is not an answer to this question. The answers are 1, 2 and 9."},
		{"multiple", Set(9, 1), ""},
		{"multiple", Set(1, 3), "“3” is not an answer to this question. The answers are 1, 2 and 9."},
		{"multiple", Set(), "The choices are numbers, each given once."},
		{"multiple", Value{Kind: SetValue, Text: "9 1"}, "The choices are numbers, each given once."},
		{"multiple", Value{Kind: SetValue, Text: "1 x"}, "The choices are numbers, each given once."},
		{"multiple", Number(1), "“1” is not an answer to this question, which takes a list of choices."},
		{"rating", Number(0), ""},
		{"rating", Number(10), ""},
		{"rating", Number(11), "“11” is out of range. The answer is between 0 and 10."},
		{"rating", Number(5.5), "“5.5” is not a whole number."},
		{"vas", Number(100), ""},
		{"vas", Number(-1), "“-1” is out of range. The answer is between 0 and 100."},
		{"integer", Number(16), ""},
		{"integer", Number(15), "“15” is out of range. The answer is between 16 and 110."},
		{"integer", Number(40.5), "“40.5” is not a whole number."},
		{"integer", Number(math.Inf(1)), "This is not a number."},
		{"decimal", Number(2.5), ""},
		{"decimal", Number(2.6), "“2.6” is out of range. The answer is between -1 and 2.5."},
		{"date", Text("2024-02-29"), ""},
		{"date", Text("2023-02-29"), "“2023-02-29” is not a day. Write it as 2026-03-31."},
		{"date", Text("1/2/2026"), "“1/2/2026” is not a day. Write it as 2026-03-31."},
		{"date", Text("0202-01-01"), "“0202-01-01” is not a day. Write it as 2026-03-31."},
		{"date", Number(2026), "“2026” is not an answer to this question, which takes a text."},
		{"short", Text("abcde"), ""},
		{"short", Text("abcdef"), "The text has 6 characters. The most that can be stored is 5."},
		{"short", Text("e\u0301e\u0301e\u0301e\u0301e\u0301"), ""}, // ten code points, five characters once composed
		{"short", Text("a\xff"), "The text holds characters that cannot be stored."},
		{"short", Text("a\x00"), "The text holds characters that cannot be stored."},
		{"short", Text("  "), "There is no answer here."},
		{"long", Text(strings.Repeat("ü", longTextLength)), ""},
		{"long", Text(strings.Repeat("ü", longTextLength+1)), "The text has 5001 characters. The most that can be stored is 5000."},
		{"yes-no", Number(0), ""},
		{"yes-no", Number(2), "“2” is not an answer to this question. The answers are 0 and 1."},
		{"display", Number(1), "This is a text to read and takes no answer."},
	}
	for _, tt := range tests {
		got := ""
		if err := itemsOfEveryKind[tt.item].Check(tt.give); err != nil {
			got = err.Error()
			if KindOf(err) != Invalid {
				t.Errorf("%s: Check(%#v) has the kind %v, want Invalid", tt.item, tt.give, KindOf(err))
			}
		}
		if got != tt.want {
			t.Errorf("%s: Check(%#v) = %q, want %q", tt.item, tt.give, got, tt.want)
		}
	}
}

func TestCheckTakesTypedAbsences(t *testing.T) {
	for name, item := range itemsOfEveryKind {
		for m := NotAsked; m <= Cleared; m++ {
			err := item.Check(Absent(m))
			if ours := m == NotAsked || m == NotReached; (KindOf(err) == Invalid) != ours || (err != nil) != ours {
				t.Errorf("%s: Check(%v) = %v, want it refused: %v", name, m, err, ours)
			}
		}
		if KindOf(item.Check(Absent(0))) != Invalid || KindOf(item.Check(Absent(Cleared+1))) != Invalid {
			t.Errorf("%s takes an absence without a reason", name)
		}
	}
}

func TestParseValue(t *testing.T) {
	tests := []struct {
		item, give string
		want       Value
		wantError  string
	}{
		{"likert", "3", Number(3), ""},
		{"likert", " 3 ", Number(3), ""},
		{"likert", "3.0", Number(3), ""},
		{"likert", "", Value{}, ""},
		{"likert", "  ", Value{}, ""},
		{"likert", "6", Number(6), "“6” is not an answer to this question. The answers are 1 to 5."},
		{"likert", "often", Value{}, "“often” is not a number."},
		{"likert", "0x3", Value{}, "“0x3” is not a number."},
		{"likert", "1e0", Number(1), ""},
		{"likert", "9007199254740993", Value{}, "“9007199254740993” has more digits than can be kept."},
		{"decimal", "1,5", Value{}, "“1,5” is not a number."},
		{"decimal", "NaN", Value{}, "“NaN” is not a number."},
		{"decimal", "-0", Number(0), ""},
		{"multiple", "9 1", Set(1, 9), ""},
		{"multiple", "1 x", Value{}, "“x” is not a number."},
		{"date", " 2026-03-31 ", Text("2026-03-31"), ""},
		{"short", " caf\u0065\u0301 ", Text("café"), ""},
		{"long", "a\r\nb", Text("a\nb"), ""},
	}
	for _, tt := range tests {
		got, err := ParseValue(itemsOfEveryKind[tt.item], tt.give)
		if tt.wantError == "" && err != nil || tt.wantError != "" && (err == nil || err.Error() != tt.wantError) {
			t.Errorf("%s: ParseValue(%q) failed with %v, want %q", tt.item, tt.give, err, tt.wantError)
			continue
		}
		if err == nil && got != tt.want {
			t.Errorf("%s: ParseValue(%q) = %#v, want %#v", tt.item, tt.give, got, tt.want)
		}
	}
	if v, _ := ParseValue(itemsOfEveryKind["decimal"], "-0"); math.Signbit(v.Number) {
		t.Error("ParseValue(-0) keeps the sign, so it would be written as -0")
	}
}
