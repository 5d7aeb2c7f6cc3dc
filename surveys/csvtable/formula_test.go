package csvtable

import "testing"

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
