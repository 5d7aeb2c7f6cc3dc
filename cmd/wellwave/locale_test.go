package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wellwave/surveys/locale"
)

// TestLocaleRoundTrip takes what the pages say to a translator and back: the tables are the same to the byte, and a pack that
// is whole is in order.
func TestLocaleRoundTrip(t *testing.T) {
	export := []string{"locale", "export", "--language", "ar"}
	table := must(t, "", "", export...)
	file := filepath.Join(t.TempDir(), "interface.ar.yaml")
	must(t, "", table, "locale", "import", "--language", "ar", "--name", "العربية", "--direction", "rtl", "--out", file)
	if again := must(t, "", "", append(export, "--pack", file)...); again != table {
		t.Errorf("-first +second table:\n%s", cmp.Diff(table, again))
	}
	if got := must(t, "", "", "locale", "check", file); !strings.Contains(got, "is in order: العربية (ar, rtl)") || !strings.Contains(got, "nobody has reviewed it yet") {
		t.Errorf("check prints %q", got)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	pack, err := locale.Parse(data)
	built, _ := locale.Find("ar")
	if err != nil {
		t.Fatal(err)
	}
	for _, message := range locale.AllMessages() {
		for _, part := range []string{locale.MessagesPart, locale.EasyPart} {
			if diff := cmp.Diff(built.Words(part, message), pack.Words(part, message)); diff != "" {
				t.Errorf("%s of %q (-built in +pack):\n%s", part, message, diff)
			}
		}
	}
}

// A language that nobody has begun: the table is empty, and the pack that comes of it is refused with the place of each gap.
func TestLocaleOfANewLanguage(t *testing.T) {
	got := wellwave(t, "", "", "locale", "export", "--language", "pl")
	if got.code != exitDone || !strings.Contains(got.stderr, "The pages in pl: ") || !strings.Contains(got.stderr, "are still missing") ||
		!strings.HasPrefix(got.stdout, "\ufeffpart,form,message,en-GB,pl\n") {
		t.Fatalf("exit %d, %q, table %.60q", got.code, got.stderr, got.stdout)
	}
	for _, form := range []string{"one", "few", "many", "other"} {
		if row := "messages," + form + ",Most people need about %d minutes.,"; !strings.Contains(got.stdout, row) {
			t.Errorf("the table has no row %s", row)
		}
	}
	begun := strings.Replace(got.stdout, "messages,,Back,Back,\n", "messages,,Back,Back,Wstecz\n", 1)
	file := filepath.Join(t.TempDir(), "interface.pl.yaml")
	made := wellwave(t, "", begun, "locale", "import", "--language", "pl", "--name", "polski", "--direction", "ltr", "--out", file)
	if made.code != exitDone || !strings.Contains(made.stderr, "“Continue” is not translated") || strings.Contains(made.stderr, "“Back” is not translated") {
		t.Errorf("import: exit %d, %q", made.code, made.stderr)
	}
	if checked := wellwave(t, "", "", "locale", "check", file); checked.code != exitUsage || !strings.Contains(checked.stderr, file+":5:3: Behind this there are no words for “Back to the questionnaire”.") {
		t.Errorf("check: exit %d, %.400q", checked.code, checked.stderr)
	}
	for name, table := range map[string]string{"a text that nobody says": begun + "messages,,Backwards,x,y\n", "a row twice": begun + "messages,,Back,Back,Cofnij\n",
		"a form that the language lacks": begun + "messages,two,Most people need about %d minutes.,x,y\n", "no column": "part,form,message,en-GB\n"} {
		if got := wellwave(t, "", table, "locale", "import", "--language", "pl", "--name", "polski", "--direction", "ltr"); got.code != exitUsage || got.stdout != "" {
			t.Errorf("%s: exit %d, prints %.60q", name, got.code, got.stdout)
		}
	}
	for _, args := range [][]string{{"export", "--language", "en-GB"}, {"export", "--language", "PL"}, {"export", "--language", "nonsense!"},
		{"export", "--language", "ar", "--pack", file}, {"import", "--language", "pl", "--name", "polski", "--direction", "down"}} {
		if got := wellwave(t, "", "", append([]string{"locale"}, args...)...); got.code != exitUsage {
			t.Errorf("%v: exit %d, want %d", args, got.code, exitUsage)
		}
	}
}
