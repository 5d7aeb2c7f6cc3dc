package release_test

import (
	"context"
	"path/filepath"
	"strings"
	"testing"

	"wellwave/surveys"
	"wellwave/surveys/release"
	"wellwave/surveys/store/storetest"
)

// Whoever is given two releases of a study must not be able to tell by their difference who joined or left in between.
func TestReleasesFarEnoughApart(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		ctx := context.Background()
		f := newField(t, db, 100)
		answer := func(from, to int) {
			for i := from; i < to; i++ {
				f.answer(i, storetest.Baseline, true, wholeBaseline(i, 30)...)
			}
		}
		shared := func(replaces ...int) (*release.Manifest, error) {
			o := f.order(filepath.Join(t.TempDir(), "out"))
			o.Profile, o.Replaces, o.Approval = surveys.SharedRelease, replaces, approved
			return release.Make(ctx, f, o)
		}
		refused := func(err error, wants ...string) {
			t.Helper()
			for _, want := range wants {
				if surveys.KindOf(err) != surveys.Invalid || !strings.Contains(err.Error(), want) {
					t.Errorf("Make() = %v, want that it says %q", err, want)
				}
			}
		}
		answer(0, 80)
		if m, err := shared(); err != nil || strings.Contains(strings.Join(m.Notes, " "), "does it differ") {
			t.Fatalf("the first: %+v, %v", m, err)
		}
		if m, err := shared(); err != nil || !strings.Contains(strings.Join(m.Notes, " "), "from release 1, if it differs at all") {
			t.Fatalf("the same again: %+v, %v", m, err)
		}
		answer(80, 83)
		_, err := shared()
		refused(err, "baseline would have 2 people more than release 2 with arm=new, about_age=16 to 39", "baseline would have 1 person more than release 1 with arm=usual",
			"wait for more, or replace release 1")
		tried, err := release.Try(ctx, f, release.Order{Study: storetest.Study, Profile: surveys.OpenRelease})
		if err != nil || len(tried.Refused) == 0 {
			t.Errorf("Try() = %+v, %v, want a refusal", tried, err)
		}
		f.release() // the team's own is compared with nothing
		answer(83, 100)
		if _, err := shared(); err != nil {
			t.Errorf("once there are ten of each arm: %v", err)
		}
		gone := surveys.Withdrawal{Enrolment: f.people[3], Level: surveys.EraseAnswers, Channel: surveys.ByLetter}
		if err := f.Withdraw(ctx, gone); err != nil {
			t.Fatal(err)
		}
		_, err = shared()
		refused(err, "participants.csv would have 1 person fewer than release 4")
		_, err = shared(1, 2)
		refused(err, "participants.csv would have 1 person fewer than release 4")
		if m, err := shared(1, 2, 4); err != nil || !strings.Contains(strings.Join(m.Notes, " "), "It replaces release 1, release 2, release 4") {
			t.Errorf("replacing all: %+v, %v", m, err)
		}
		if _, err := shared(9); surveys.KindOf(err) != surveys.NotFound {
			t.Errorf("replacing what is not there: %v", err)
		}
	})
}
