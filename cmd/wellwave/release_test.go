package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What leaves the team from the command line names who agreed to it; that stands in the manifest, which is written again the same.
func TestExportNeedsApproval(t *testing.T) {
	database := hunt(t)
	folder := filepath.Join(t.TempDir(), "release")
	for _, args := range [][]string{nil, {"--approved-by", "Dana Officer"}, {"--approval", "DSA-1"}, {"--approved-by", " ", "--approval", "DSA-1"}} {
		got := wellwave(t, database, "", append([]string{"export", "--study", "hunt", "--profile", "shared", "--out", folder}, args...)...)
		if got.code != exitFailed || !strings.Contains(got.stderr, "name them with --approved-by") || got.stdout != "" {
			t.Errorf("export %v: exit code %d, %s", args, got.code, got.stderr)
		}
	}
	if got := wellwave(t, database, "", "export", "--study", "hunt", "--profile", "shared", "--try"); strings.Contains(got.stderr, "--approved-by") {
		t.Errorf("trying wants an approval: %s", got.stderr)
	}
	if _, err := os.Stat(folder); err == nil {
		t.Error("a refusal leaves a folder")
	}
}

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
