package release_test

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"wellwave/surveys"
	"wellwave/surveys/release"
	"wellwave/surveys/store/storetest"
)

// A release of format 1 is written again to the bytes that the program gave it which made it: those in testdata/format1, with
// its plan.
func TestFormat1KeepsItsBytes(t *testing.T) {
	golden := func(name string) []byte { return read(t, filepath.Join("testdata", "format1"), name) }
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		f := sixty(t, db, forwards)
		frozen, err := f.FreezeRelease(context.Background(), surveys.Release{Study: storetest.Study, Profile: surveys.TeamRelease, Plan: string(golden("plan.json"))})
		if err != nil {
			t.Fatal(err)
		}
		frozen.Manifest = string(golden(release.ManifestName))
		if err := f.KeepRelease(context.Background(), frozen); err != nil {
			t.Fatal(err)
		}
		dir := filepath.Join(t.TempDir(), "again")
		manifest, err := release.Write(context.Background(), pinned{f}, storetest.Study, frozen.Number, dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range append(manifest.Files, release.FileSum{Name: release.ManifestName}) {
			sameLines(t, file.Name, read(t, dir, file.Name), golden(file.Name))
		}
		if made, err := os.ReadDir(dir); err != nil || len(made) != len(manifest.Files)+1 {
			t.Errorf("%d files, %v", len(made), err)
		}
		recorded := new(release.Manifest)
		if err := json.Unmarshal(golden(release.ManifestName), recorded); err != nil || manifest.Format != recorded.Format {
			t.Errorf("format %d, %v", manifest.Format, err)
		}
	})
}
