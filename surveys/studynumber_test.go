package surveys

import (
	"strings"
	"testing"
)

// What a person could be known by elsewhere is refused, however it is written, and never repeated.
func TestCheckStudyNumber(t *testing.T) {
	tests := []struct{ label, want string }{
		{"P1", ""}, {"p-001", ""}, {"007", ""}, {" 12 ", ""}, {"S1.0001", ""}, {"RC-10A", ""}, {"QQ-5", ""}, {"1000001", ""}, {"100001", ""},
		{"20260101", ""}, {"2026-0001", ""}, {"GLA-2026-0001-001", ""}, {"S01-0000-00012", ""}, {"123456789", ""}, {"999999999", ""}, {"3.0", ""}, {"A12-345", ""},
		{"110101", ""}, {"20260000001", ""}, {"MAR-12", ""}, {"MAR-12-001", ""}, {"TEL-1", ""}, {"MARY-2", ""}, {"S1.2.3", ""}, {"1.10.3", ""},

		{"", "1 to 32 characters"}, {strings.Repeat("1", 33), "1 to 32 characters"}, {"smith", "at least one digit"}, {"ann 1", "letters, digits"}, {"p–1", "letters, digits"},

		{"0203450123", "CHI or NHS"}, {"020-345-0123", "CHI or NHS"}, {"CHI0203450123", "CHI or NHS"}, {"0203450123.0", "CHI or NHS"}, {"943.476.5919", "CHI or NHS"},
		{"203450124", "lost its first 0"}, {"203450124.00", "lost its first 0"}, {"203-450-124", "lost its first 0"}, {"chi203450124", "lost its first 0"},
		{"07700900123", "telephone"}, {"0770-0900-123", "telephone"}, {"447700900123", "telephone"}, {"00441412345678", "telephone"}, {"4401412345678", "telephone"}, {"TEL07700900123", "telephone"}, {"tel-0141-234-5678", "telephone"}, {"mob.07700-900-123", "telephone"}, {"07700900123.0", "telephone"},
		{"1980-02-03", "date of birth"}, {"03-02-1980", "date of birth"}, {"3.2.1980", "date of birth"}, {"03_02_80", "date of birth"}, {"03021980", "date of birth"},
		{"19800203", "date of birth"}, {"P19800203", "date of birth"}, {"p-1980-02-03", "date of birth"}, {"12-31-1950", "date of birth"}, {"3-Feb-1980", "date of birth"}, {"03FEB80", "date of birth"},
		{"19800203.0", "date of birth"}, {"1.2.00", "date of birth"}, {"Feb-3-1980", "date of birth"}, {"february3.1980", "date of birth"}, {"1980-FEB-03", "date of birth"}, {"1980feb3", "date of birth"},
		{"G128QQ", "postcode"}, {"g12-8qq", "postcode"}, {"SW1A.1AA", "postcode"}, {"EH1_1AA", "postcode"},
		{"ann1@example.org", "e-mail"},
	}
	for _, tt := range tests {
		err := CheckStudyNumber(tt.label)
		switch {
		case tt.want == "" && err != nil, tt.want != "" && (err == nil || KindOf(err) != Invalid || !strings.Contains(err.Error(), tt.want)):
			t.Errorf("CheckStudyNumber(%q) = %v, want %q", tt.label, err, tt.want)
		case err != nil && len(tt.label) > 5 && strings.Contains(strings.ToUpper(err.Error()), strings.ToUpper(tt.label)):
			t.Errorf("CheckStudyNumber(%q) repeats it: %v", tt.label, err)
		}
	}
}

func TestStudyNumber(t *testing.T) {
	for label, want := range map[string]string{" p12\u00a0": "P12", "ſ1": "ſ1", "ı2": "ı2", "p_a.1": "P_A.1"} {
		if got := StudyNumber(label); got != want {
			t.Errorf("StudyNumber(%q) = %q, want %q", label, got, want)
		}
	}
	for _, alike := range [][2]string{{"7", "007"}, {"p-7", "P-07"}, {"12", "12.0"}, {"s1.007", "S01.7"}} {
		if a, b := AlikeKey(alike[0]), AlikeKey(alike[1]); a != b {
			t.Errorf("%q and %q have the keys %q and %q", alike[0], alike[1], a, b)
		}
	}
	for _, other := range [][2]string{{"7", "70"}, {"p7", "7"}, {"1.1", "1"}, {"0", "00.1"}} {
		if a, b := AlikeKey(other[0]), AlikeKey(other[1]); a == b {
			t.Errorf("%q and %q have one key, %q", other[0], other[1], a)
		}
	}
}

func TestAlikeTo(t *testing.T) {
	for label, want := range map[string]string{"007": "7", "7": "", "7.0": "7", "p-01": "P-001", "P-1": "", "70": "", "10.00": "10", "8": "08", "0": "", "00": "0"} {
		if got := AlikeTo(label, []string{"P-001", "7", "10", "P-1", "08", "0"}); got != want {
			t.Errorf("AlikeTo(%s) = %q, want %q", label, got, want)
		}
	}
}
