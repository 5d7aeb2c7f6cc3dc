package main

import (
	"strings"
	"testing"
)

func TestGiveAndTakeStudies(t *testing.T) {
	database := newDatabase(t)
	password := "three unrelated words\n"
	must(t, database, "", "study", "load", "../../surveys/demo/tryit.yaml")
	if got := must(t, database, password, "account", "add", "every@example.org", "--name", "E", "--role", "auditor"); !strings.Contains(got, "sees every study") {
		t.Errorf("account add without --study says %q, want that it sees every study", got)
	}
	if got := must(t, database, password, "account", "add", "one@example.org", "--name", "O", "--role", "researcher", "--study", "try-it"); !strings.Contains(got, "sees try-it") {
		t.Errorf("account add --study says %q", got)
	}
	for _, step := range []struct {
		words string
		code  int
		want  string
	}{
		{"take one@example.org try-it", exitDone, "sees no study"},
		{"give one@example.org try-it", exitDone, "sees try-it"},
		{"give one@example.org --every", exitDone, "sees every study"},
		{"take one@example.org try-it", exitFailed, "take --every, then give"},
		{"take one@example.org --every", exitDone, "sees no study"},
		{"give one@example.org none", exitUsage, `no study "none"`},
		{"give one@example.org", exitUsage, "--every"},
		{"give nobody@example.org try-it", exitUsage, "no account nobody@example.org"},
	} {
		got := wellwave(t, database, "", append([]string{"account"}, strings.Fields(step.words)...)...)
		if got.code != step.code || !strings.Contains(got.stdout+got.stderr, step.want) {
			t.Errorf("account %s: exit %d, %s%s, want %d and %q", step.words, got.code, got.stdout, got.stderr, step.code, step.want)
		}
	}
	if got := must(t, database, "", "account", "list"); !strings.Contains(got, "one@example.org") || !strings.Contains(got, "no study") {
		t.Errorf("account list prints\n%s", got)
	}
}
