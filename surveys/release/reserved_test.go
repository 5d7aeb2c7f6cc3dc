package release

import (
	"slices"
	"testing"

	"wellwave/surveys"
)

// No item can have the name of a column that the long table has of every wave.
func TestReservedNames(t *testing.T) {
	reserved := surveys.ReleaseWaveColumns()
	for from := FromOutcome; from <= FromCloses; from++ {
		if !slices.Contains(reserved, from.String()) {
			t.Errorf("%s is not among the reserved names", from)
		}
	}
	if !slices.Contains(reserved, waveColumn) {
		t.Errorf("%s is not among the reserved names", waveColumn)
	}
}
