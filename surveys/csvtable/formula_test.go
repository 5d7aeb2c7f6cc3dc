package csvtable

import (
	"testing"

	"pgregory.net/rapid"
)

func TestRuns(t *testing.T) {
	tests := []struct {
		give string
		want bool
	}{
		{"", false}, {"Practice", false}, {"-1.5", false}, {"+3", false}, {"1=1", false},
		{"=1+1", true}, {"@now", true}, {"-practice", true}, {"+44 141", true}, {"\tx", true}, {"\rx", true}, {"-Inf", true}, {"+NaN", true},
	}
	for _, tt := range tests {
		if got := Runs(tt.give); got != tt.want {
			t.Errorf("Runs(%q) = %v, want %v", tt.give, got, tt.want)
		}
	}
}

// What is shielded runs nowhere, and comes back as it was.
func TestShield(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cell := rapid.OneOf(rapid.String(), rapid.StringOf(rapid.SampledFrom([]rune("'=+-@\t\r1.5x")))).Draw(t, "cell")
		if shielded := Shield(cell); Runs(shielded) || Unshield(shielded) != cell {
			t.Fatalf("Shield(%q) = %q, which runs or comes back as %q", cell, shielded, Unshield(shielded))
		}
	})
}
