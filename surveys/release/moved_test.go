package release_test

import (
	"bytes"
	"context"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"wellwave/surveys"
	"wellwave/surveys/release"
	"wellwave/surveys/store/storetest"
)

// A corrected day of baseline moves the day and the lateness of what came later, and the scores that follow from what is late.
// Releases that were made before keep every byte, those that are made afterwards have the right days.
func TestReleaseKeepsItsBytesWhenABaselineMoves(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		f := newField(t, db, 48)
		f.retitle("paradata: [mode, day]", "paradata: [day, late]")
		right := f.now
		wrong := right.AddDate(-1, 0, 0)
		baseline := func(i int) []surveys.ItemAnswer {
			return append(storetest.Answers(i), surveys.ItemAnswer{Code: "about_age", Value: surveys.Number(thirtyOrFifty(i))})
		}
		for i := range f.people {
			f.bulk(i, wrong, baseline(i)...)
		}
		f.now = f.now.AddDate(0, 0, 90)
		for i := range f.people { // the later sitting replaces nothing while it is late
			f.answer(i, storetest.Later, false, storetest.Answers(i)[:13]...)
			f.answer(i, storetest.Later, true, storetest.Answers(i+1)...)
		}
		type made struct {
			dir      string
			manifest *release.Manifest
			rows     map[string][]string
		}
		var before []made
		whole := func(when string) {
			t.Helper()
			for _, m := range before {
				again := filepath.Join(t.TempDir(), "again")
				manifest, err := release.Write(context.Background(), f, storetest.Study, m.manifest.Release, again)
				if err != nil {
					t.Fatalf("%s: release %d again: %v", when, m.manifest.Release, err)
				}
				if !slices.Equal(manifest.Files, m.manifest.Files) {
					t.Errorf("%s: release %d has other files: %v, want %v", when, m.manifest.Release, manifest.Files, m.manifest.Files)
				}
				for _, file := range append(m.manifest.Files, release.FileSum{Name: release.ManifestName}) {
					if !bytes.Equal(read(t, m.dir, file.Name), read(t, again, file.Name)) {
						t.Errorf("%s: %s of release %d differs", when, file.Name, m.manifest.Release)
					}
				}
				if v, err := release.Verify(context.Background(), f.Store, again); err != nil || len(v.Faults) > 0 {
					t.Errorf("%s: release %d is not whole: %+v, %v", when, m.manifest.Release, v, err)
				}
			}
		}
		freeze := func(day, late int) {
			t.Helper()
			dir, manifest := f.release()
			_, rows := table(t, dir, "wide.csv")
			if got := slices.Compact(sorted(rows["later_day"])); !slices.Equal(got, []string{strconv.Itoa(day)}) {
				t.Errorf("release %d: days %v, want %d", manifest.Release, got, day)
			}
			if got := slices.Compact(sorted(rows["later_late"])); !slices.Equal(got, []string{strconv.Itoa(late)}) {
				t.Errorf("release %d: late %v, want %d", manifest.Release, got, late)
			}
			before = append(before, made{dir, manifest, rows})
		}

		freeze(365+90, 365-30)
		for i := range f.people {
			f.bulk(i, right, baseline(i)...)
		}
		whole("once the right days are there")
		freeze(90, 0)
		if slices.Equal(sorted(before[0].rows["later_mood"]), sorted(before[1].rows["later_mood"])) {
			t.Error("no score moved with what is late")
		}
		f.answer(0, storetest.Later, true, storetest.Answers(3)...)
		for i := range f.people {
			f.bulk(i, wrong.AddDate(0, 0, 7), baseline(i+2)...)
		}
		freeze(365+90-7, 365-30-7)
		whole("once they are wrong again")
	})
}
