package surveys

import (
	"strings"
	"testing"
)

func TestReadEntry(t *testing.T) {
	likert := &Item{Code: "a", Kind: KindLikert, Options: []float64{0, 1, 2, 3}, Min: 0, Max: 3}
	multiple := &Item{Code: "a", Kind: KindMultiple, Options: []float64{1, 2, 3}}
	whole := &Item{Code: "a", Kind: KindInteger, Min: 16, Max: 110}
	line := &Item{Code: "a", Kind: KindShortText, MaxLength: 10}
	date := &Item{Code: "a", Kind: KindDate}
	tests := []struct {
		item  *Item
		give  string
		want  Value
		wrong string
	}{
		{likert, "", Value{}, ""},
		{likert, " 0 ", Number(0), ""},
		{likert, "3", Number(3), ""},
		{likert, "4", Value{}, "0 to 3"},
		{likert, "x", Value{}, "not a number"},
		{likert, "p", Absent(PreferNotToSay), ""},
		{likert, "N", Absent(NotApplicable), ""},
		{likert, "/p", Absent(PreferNotToSay), ""},
		{multiple, "3, 1", Set(1, 3), ""},
		{multiple, "1+2", Set(1, 2), ""},
		{multiple, "1 4", Value{}, "The answers are 1 to 3"},
		{multiple, "n", Absent(NotApplicable), ""},
		{whole, "47", Number(47), ""},
		{whole, "15", Value{}, "between 16 and 110"},
		{whole, "47.5", Value{}, "not a whole number"},
		{line, "n", Text("n"), ""},
		{line, "/n", Absent(NotApplicable), ""},
		{line, "far too long for it", Value{}, "The most that can be stored is 10"},
		{date, "31032026", Text("2026-03-31"), ""},
		{date, "1.2.2026", Text("2026-02-01"), ""},
		{date, "1/2/2026", Text("2026-02-01"), ""},
		{date, "2026-02-01", Text("2026-02-01"), ""},
		{date, "31022026", Value{}, "not a day"},
		{date, "01010026", Value{}, "not a day"},
		{date, "p", Absent(PreferNotToSay), ""},
	}
	for _, tt := range tests {
		got, err := ReadEntry(tt.item, tt.give)
		if (err != nil) != (tt.want == Value{} && strings.TrimSpace(tt.give) != "") {
			t.Errorf("ReadEntry(%v, %q) = %#v, %v", tt.item.Kind, tt.give, got, err)
			continue
		}
		if err != nil {
			if KindOf(err) != Invalid || !strings.Contains(err.Error(), tt.wrong) {
				t.Errorf("ReadEntry(%v, %q) fails with %v, want %q", tt.item.Kind, tt.give, err, tt.wrong)
			}
			continue
		}
		if got != tt.want {
			t.Errorf("ReadEntry(%v, %q) = %#v, want %#v", tt.item.Kind, tt.give, got, tt.want)
		}
	}
}
