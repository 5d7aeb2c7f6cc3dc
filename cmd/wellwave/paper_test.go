package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestPaper(t *testing.T) {
	database := newDatabase(t)
	must(t, database, "", "study", "load", "../../surveys/demo/tryit.yaml")
	first, second := filepath.Join(t.TempDir(), "first.pdf"), filepath.Join(t.TempDir(), "second.pdf")
	if got := must(t, database, "", "paper", "--study", "try-it", "--wave", "baseline", "--out", first); got != first+"\n" {
		t.Errorf("paper printed %q, want the name of the file", got)
	}
	must(t, database, "", "paper", "--study", "try-it", "--wave", "baseline", "--language", "en-GB", "--out", second)
	one, two := readFile(t, filepath.Dir(first), "first.pdf"), readFile(t, filepath.Dir(second), "second.pdf")
	if !strings.HasPrefix(one, "%PDF-") || one != two {
		t.Errorf("the papers have %d and %d bytes, want the same PDF", len(one), len(two))
	}
	must(t, database, "", "paper", "--study", "try-it", "--wave", "baseline", "--instrument", "ons4", "--out", second)
	if alone := readFile(t, filepath.Dir(second), "second.pdf"); !strings.HasPrefix(alone, "%PDF-") || len(alone) >= len(one) {
		t.Errorf("the paper of one instrument has %d bytes, want a PDF of less than %d", len(alone), len(one))
	}
	for args, want := range map[string]string{
		"--study nothing --wave baseline":                  "There is no study called nothing",
		"--study try-it --wave nothing":                    "no wave nothing",
		"--study try-it --wave baseline --language gd":     "no wording in the language “gd”",
		"--study try-it --wave baseline --language ar":     "from right to left",
		"--study try-it --wave baseline --language !":      "not a language code",
		"--study try-it --wave baseline --instrument phq9": "wave baseline has no instrument phq9",
	} {
		out := filepath.Join(t.TempDir(), "none.pdf")
		got := wellwave(t, database, "", append(append([]string{"paper"}, strings.Fields(args)...), "--out", out)...)
		if got.code != exitUsage || !strings.Contains(got.stderr, want) {
			t.Errorf("%s: %+v, want exit 2 and %q", args, got, want)
		}
		if _, err := os.Stat(out); err == nil {
			t.Errorf("%s left a file", args)
		}
	}
}
