package question

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestScaleHasTicksAtTenths(t *testing.T) {
	tests := []struct {
		name                    string
		giveLowest, giveHighest float64
		want                    *Scale
	}{
		{"0 to 100", 0, 100, &Scale{"0", "100", []string{"100", "90", "80", "70", "60", "50", "40", "30", "20", "10", "0"}}},
		{"below nothing", -10, 10, &Scale{"-10", "10", []string{"10", "8", "6", "4", "2", "0", "-2", "-4", "-6", "-8", "-10"}}},
		{"no whole tenths", 1, 8, &Scale{"1", "8", []string{"8", "1"}}},
		{"large", 0, 1e6, &Scale{"0", "1000000", []string{"1000000", "900000", "800000", "700000", "600000", "500000", "400000", "300000", "200000", "100000", "0"}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(newScale(tt.giveLowest, tt.giveHighest), tt.want); diff != "" {
				t.Errorf("newScale(%g, %g), got -, want +:\n%s", tt.giveLowest, tt.giveHighest, diff)
			}
		})
	}
}
