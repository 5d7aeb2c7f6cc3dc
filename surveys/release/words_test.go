package release_test

import (
	"encoding"
	"fmt"
	"slices"
	"testing"

	"wellwave/surveys"
	"wellwave/surveys/release"
)

// checkWords says that every value has a word which a stored plan can be read from, and that the one after the last has none.
func checkWords[T ~uint8, P interface {
	*T
	encoding.TextUnmarshaler
}](t *testing.T, last T, word func(T) string) {
	t.Helper()
	for value := T(1); value <= last; value++ {
		var got T
		if err := P(&got).UnmarshalText([]byte(word(value))); err != nil || got != value {
			t.Errorf("%q is read as %d, %v, want %d", word(value), got, err, value)
		}
	}
	for _, none := range []T{0, last + 1} {
		var got T
		if word(none) != "" || P(&got).UnmarshalText([]byte(word(none))) == nil {
			t.Errorf("%d has the word %q", none, word(none))
		}
	}
}

func TestWords(t *testing.T) {
	checkWords(t, surveys.ClassParadata, surveys.Class.String)
	checkWords(t, release.FromCloses, release.From.String)
	checkWords(t, release.Boolean, release.Type.String)
}

// What a study file may ask for is what a release can make a column of.
func TestColumnsOfStudyFiles(t *testing.T) {
	words := func(first, last release.From) []string {
		var names []string
		for from := first; from <= last; from++ {
			names = append(names, fmt.Sprint(from))
		}
		slices.Sort(names)
		return names
	}
	if got, want := sorted(surveys.PersonKeys()), words(release.FromArm, release.FromQuintile); !slices.Equal(got, want) {
		t.Errorf("study files know the keys %v, releases %v", got, want)
	}
	if got, want := sorted(surveys.ParadataColumns()), words(release.FromMode, release.FromLate); !slices.Equal(got, want) {
		t.Errorf("study files know the paradata %v, releases %v", got, want)
	}
}
