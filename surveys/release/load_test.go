package release

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"wellwave/surveys"
)

// hostile are texts that somebody could write in a study file so that they run where a release is opened.
var hostile = []string{
	`"); file.create("ran"); c("`, `\"); file.create("ran"); #`, "'); open('ran', 'w'); ('", `"""` + "\nopen('ran', 'w')\n" + `"""`, `{open('ran', 'w')}`,
	"'.\nHOST COMMAND=['touch ran'].\n'", "\"'\n!touch ran\n\"", "`touch ran`", "`c(touch ran)'", "$ran ${ran} `\"'", "\"' // /* x */ ///", `ends with a backslash \`,
	"=cmd|' /C calc'!A0", "كيف \u202eحالك", "🙂 \u2028 next", "\xff\x00 not a text", `</script><script>alert(1)</script>`,
}

// hostileRelease describes a table of one person whose columns are labelled with the hostile texts, and writes its files.
func hostileRelease(t *testing.T) (dir string, d *description) {
	t.Helper()
	plan := &Plan{Format: Format, Study: "s", Title: strings.Join(hostile, " "), Profile: surveys.TeamRelease.String(), Rule: "1",
		Files: []File{{Wave: "w", Title: strings.Join(hostile, " "), Prefix: "w_"}}}
	var names, cells []string
	for i, text := range hostile {
		c := Column{Name: "q" + string(rune('a'+i)), Class: surveys.ClassOrdinary, From: FromItem, Type: Code, Instrument: "i", Label: text, Options: []Option{{"1", text}, {"2", text}}}
		plan.Files[0].Columns = append(plan.Files[0].Columns, c)
		names, cells = append(names, c.Name), append(cells, "1")
	}
	d = &description{surveys.Release{Number: 1}, plan, &made{judgement: &judgement{Assessment: new(Assessment)}, counts: newCounts(plan)}}
	dir = t.TempDir()
	id := strings.Repeat("0a", idSize)
	for _, table := range d.describeTables() {
		rows := strings.Join(table.headers(), ",") + "\n" + id + strings.Repeat(",w", len(table.key())-1)
		if len(table.columns) > 0 {
			rows += "," + strings.Join(cells, ",")
		}
		why := strings.Join(append(table.key(), columnColumn, reasonColumn), ",") + "\n"
		for name, text := range map[string]string{table.name: rows + "\n", reasonsOf(table.name): why} {
			d.made.files = append(d.made.files, FileSum{Name: name})
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, doc := range documents {
		text, err := doc.write(d)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, doc.name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir, d
}

// programs run the scripts of a release and print the labels of wide.csv, a line each.
var programs = []struct {
	name, file, need string
	args             func(script string) []string
	script           string
}{
	{"R without haven", "Rscript", "r-base-core", func(s string) []string { return []string{"--vanilla", "-e", s} },
		`requireNamespace <- function(...) FALSE; source("load.R"); w <- load_release()$wide; for (c in w[-1]) writeLines(enc2utf8(c(attr(c, "label"), names(attr(c, "labels"))[1])), useBytes = TRUE)`},
	{"Python", "/usr/bin/python3", "python3-pandas", func(s string) []string { return []string{"-X", "utf8", "-c", s} },
		`import sys; sys.path.insert(0, "."); import load; w = load.load_release()["wide"][0].attrs
for c in list(w["labels"])[1:]: print(w["labels"][c]); print(w["value_labels"][c]["1"])`},
}

// No text of a study file runs where a release is opened: the label of each column is the text, and nothing else came of it.
func TestHostileLabels(t *testing.T) {
	dir, d := hostileRelease(t)
	want := ""
	for i := range d.plan.Files[0].Columns {
		label := clean(d.plan.Files[0].Columns[i].Label)
		want += label + "\n" + label + " (1)\n"
	}
	for _, p := range programs {
		t.Run(p.name, func(t *testing.T) {
			program, err := exec.LookPath(p.file)
			if err != nil || p.need == "python3-pandas" && exec.Command(program, "-c", "import pandas").Run() != nil {
				t.Skip("nobody opens a release in this program here: apt-get install " + p.need)
			}
			run := exec.Command(program, p.args(p.script)...)
			run.Dir = dir
			printed, err := run.Output()
			if err != nil {
				t.Fatalf("%v: %s", err, err.(*exec.ExitError).Stderr)
			}
			if got := string(printed); got != want {
				t.Errorf("the labels are\n%s\nwant\n%s", got, want)
			}
			if _, err := os.Stat(filepath.Join(dir, "ran")); err == nil {
				t.Error("a label ran")
			}
		})
	}
}
