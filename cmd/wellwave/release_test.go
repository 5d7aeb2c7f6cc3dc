package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestReleaseVerify(t *testing.T) {
	database := hunt(t)
	if got := takeIn(t, database, caseFile(t, "race-first.csv"), "--enrol"); got.code != exitDone {
		t.Fatalf("%+v", got)
	}
	folder := filepath.Join(t.TempDir(), "release")
	must(t, database, "", "export", "--study", "hunt", "--profile", "team", "--out", folder)
	if got := must(t, database, "", "release", "verify", folder); !strings.Contains(got, "is release 1 of study hunt, whole: ") || !strings.Contains(got, "its manifest and the database") {
		t.Errorf("%q", got)
	}
	nowhere := "sqlite:" + filepath.Join(t.TempDir(), "none.db")
	if got := must(t, nowhere, "", "release", "verify", "--files-only", folder); !strings.Contains(got, "files as its manifest has them.") {
		t.Errorf("%q", got)
	}
	if got := wellwave(t, nowhere, "", "release", "verify", folder); got.code == exitDone {
		t.Errorf("without the database: %+v", got)
	}
	if err := os.Remove(filepath.Join(folder, "codebook.csv")); err != nil {
		t.Fatal(err)
	}
	got := wellwave(t, database, "", "release", "verify", folder)
	if got.code != exitUsage || got.stdout != "" || !strings.Contains(got.stderr, "codebook.csv: it is missing\n") || !strings.Contains(got.stderr, "is not release 1 of study hunt as it was made: 1 of") {
		t.Errorf("a file gone: %+v", got)
	}
}
