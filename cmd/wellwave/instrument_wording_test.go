package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wellwave/surveys"
	"wellwave/surveys/library"
)

// TestWordingRoundTrip takes every instrument of the library to a translator and back, in every language that it has and in
// one that it has not: the tables are the same to the byte.
func TestWordingRoundTrip(t *testing.T) {
	instruments, err := library.List()
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range instruments {
		packs, err := library.Wordings(i.ID)
		if err != nil {
			t.Fatal(err)
		}
		languages := []string{"gd"}
		for _, pack := range packs {
			languages = append(languages, pack.Language)
		}
		for _, language := range languages {
			export := []string{"instrument", "wording", "export", string(i.ID), "--language", language}
			table := must(t, "", "", export...)
			file := filepath.Join(t.TempDir(), "pack.yaml")
			if got := must(t, "", table, "instrument", "wording", "import", string(i.ID), "--language", language, "--out", file); got != file+"\n" {
				t.Errorf("import prints %q, want the name of the file", got)
			}
			flag := "--wording"
			if language == "en-GB" {
				flag = "--source"
			}
			if again := must(t, "", "", append(export, flag, file)...); again != table {
				t.Errorf("%s in %s (-first +second table):\n%s", i.ID, language, cmp.Diff(table, again))
			}
		}
	}
}

func TestWordingExportSaysWhatIsMissing(t *testing.T) {
	for language, want := range map[string]string{
		"gd": "gad7 in gd: 13 of 13 texts are still missing.\n", "en-GB": "gad7 in en-GB: all 13 texts are there.\n",
	} {
		got := wellwave(t, "", "", "instrument", "wording", "export", "gad7", "--language", language)
		if got.code != exitDone || got.stderr != want {
			t.Errorf("exit %d, standard error %q, want %q", got.code, got.stderr, want)
		}
		if header := "\ufeffkey,note,en-GB,gd\ntitle,"; language == "gd" && !strings.HasPrefix(got.stdout, header) {
			t.Errorf("the table begins with %.40q, want %q", got.stdout, header)
		}
	}
}

func TestWordingImport(t *testing.T) {
	table := filepath.Join(t.TempDir(), "ucla3.csv")
	write := func(content string) {
		t.Helper()
		if err := os.WriteFile(table, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	args := []string{"instrument", "wording", "import", "ucla3", table, "--language", "gd"}

	write("key,gd\ntitle,Aonaranachd\noptions.1,\n")
	got := wellwave(t, "", "", args...)
	for _, want := range []string{table + ":3:2: gd: options.1 is not translated\n", table + ": there is no row items.ucla3_3.text\n",
		"ucla3 in gd: 7 of 8 texts are still missing.\n"} {
		if !strings.Contains(got.stderr, want) {
			t.Errorf("standard error lacks %q:\n%s", want, got.stderr)
		}
	}
	pack, err := surveys.ParseWording("stdout", []byte(got.stdout))
	if err != nil || got.code != exitDone || pack.Title != "Aonaranachd" || !pack.Neutral || pack.Reviewed.By != "" {
		t.Errorf("exit %d, %v, pack %+v; want labels that stand in for the wording, which nobody has reviewed", got.code, err, pack)
	}
	if got := must(t, "", "", append(args, "--licensed")...); strings.Contains(got, "neutral") {
		t.Errorf("licensed wording is marked neutral:\n%s", got)
	}

	write("key,gd\ntitel,x\ntitle,y\ntitle,z\n")
	got = wellwave(t, "", "", args...)
	want := table + ":2:1: key: “titel” is not a text of ucla3 version 1\n" + table + ":4:1: key: “title” is here twice; the first is on line 3\n"
	if got.code != exitUsage || got.stdout != "" || got.stderr != want {
		t.Errorf("exit %d, standard output %q, standard error\n%s\nwant\n%s", got.code, got.stdout, got.stderr, want)
	}
}

// The files that the manual shows go to a translator as well.
func TestWordingOfYourOwn(t *testing.T) {
	manual, err := os.ReadFile("../../surveys/library/README.md")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	blocks := strings.Split(string(manual), "```yaml\n")
	var files []string
	for n, name := range []string{"sleep.yaml", "sleep.en-GB.yaml"} {
		content, _, _ := strings.Cut(blocks[n+1], "```")
		files = append(files, filepath.Join(dir, name))
		if err := os.WriteFile(files[n], []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	args := []string{"--language", "pl", "--source", files[1]}
	table := must(t, "", "", append([]string{"instrument", "wording", "export", files[0]}, args...)...)
	table = strings.Replace(table, "title,The heading of the whole questionnaire,Sleep,", "title,,Sleep,Sen", 1)
	pack := must(t, "", table, append([]string{"instrument", "wording", "import", files[0]}, args...)...)
	if !strings.Contains(pack, "\nlanguage: pl\ntitle: Sen\n") {
		t.Errorf("import makes\n%s", pack)
	}
}

func TestWordingRefuses(t *testing.T) {
	tests := []struct {
		name string
		args []string
		want string
	}{
		{"no such instrument", []string{"export", "sleep", "--language", "ar"}, "The library has no instrument “sleep”"},
		{"no such file", []string{"export", "sleep.yaml", "--language", "ar"}, "the instrument file cannot be read"},
		{"no language", []string{"export", "gad7"}, "missing flags: --language"},
		{"what is no language", []string{"export", "gad7", "--language", "Arabic"}, "is not a language code such as ar"},
		{"nothing to translate from", []string{"export", "testdata/bfi/bfi25.yaml", "--language", "ar"}, "name a wording pack to translate from with --source"},
		{"translation of something else", []string{"export", "gad7", "--language", "ar", "--wording", "../../surveys/library/phq8.en-GB.yaml"},
			"The translation so far is of phq8 version 1 into en-GB"},
		{"source of something else", []string{"import", "gad7", "--language", "ar", "--source", "../../surveys/library/phq8.en-GB.yaml"}, "is not complete"},
		{"no table", []string{"import", "gad7", "--language", "ar"}, "the table is empty"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := wellwave(t, "", "", append([]string{"instrument", "wording"}, tt.args...)...)
			if got.code != exitUsage || got.stdout != "" || !strings.Contains(got.stderr, tt.want) {
				t.Errorf("exit %d, standard output %q, standard error %q; want %q", got.code, got.stdout, got.stderr, tt.want)
			}
		})
	}
}
