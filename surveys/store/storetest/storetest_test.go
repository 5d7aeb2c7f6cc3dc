package storetest_test

import (
	"testing"

	"wellwave/surveys/store/storetest"
)

// TestEach holds the helper to its promise: a subtest named for an engine runs on it, on a database that can be opened
// twice and that no other test has.
func TestEach(t *testing.T) {
	given := map[string]string{}
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		if other, ok := given[db.DSN]; ok {
			t.Errorf("%s was given the database of %s", t.Name(), other)
		}
		given[db.DSN] = t.Name()
		for range 2 {
			s := db.Open(t)
			if got := "TestEach/" + s.Engine(); got != t.Name() {
				t.Errorf("%s runs on %s", t.Name(), s.Engine())
			}
			if err := s.Ready(t.Context()); err != nil {
				t.Errorf("Ready() = %v, want no error", err)
			}
		}
	})
	if len(given) == 0 {
		t.Error("Each ran nothing")
	}
}
