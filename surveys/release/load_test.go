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
	var cells []string
	for i, text := range hostile {
		c := Column{Name: "q" + string(rune('a'+i)), Class: surveys.ClassOrdinary, From: FromItem, Type: Code, Instrument: "i", Label: text, Options: []Option{{"1", text}, {"2", text}}}
		plan.Files[0].Columns = append(plan.Files[0].Columns, c)
		cells = append(cells, "1")
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

// programs run the scripts of a release and print the label of each column of wide.csv, and of its first option. All but the first
// are for make prove, which installs them.
var programs = []struct {
	name, file, need string
	args             []string
	script           string
}{
	{"R without haven", "Rscript", "r-base-core", []string{"--vanilla", "-e"},
		`requireNamespace <- function(...) FALSE; source("load.R"); w <- load_release()$wide; for (c in w[-1]) writeLines(enc2utf8(c(attr(c, "label"), names(attr(c, "labels"))[1])), useBytes = TRUE)`},
	{"R with haven", "Rscript", "r-cran-haven", []string{"--vanilla", "-e"},
		`source("load.R"); w <- load_release()$wide; stopifnot(haven::is.labelled(w$w_qa)); for (c in w[-1]) writeLines(enc2utf8(c(attr(c, "label"), names(attr(c, "labels"))[1])), useBytes = TRUE)`},
	{"Python", "/usr/bin/python3", "python3-pandas", []string{"-X", "utf8", "-c"},
		`import sys; sys.path.insert(0, "."); import load; w = load.load_release()["wide"][0].attrs
for c in list(w["labels"])[1:]: print(w["labels"][c]); print(w["value_labels"][c]["1"])`},
	{"PSPP", "sh", "pspp", []string{"-c"},
		`printf "INSERT FILE='load.sps'.\nGET FILE='wide.sav'.\nDISPLAY DICTIONARY.\n" >all.sps; LC_ALL=C.UTF-8 pspp -O format=csv -o - all.sps`},
}

// No text of a study file runs where a release is opened: the label of each column is the text, and nothing else came of it.
func TestHostileLabels(t *testing.T) {
	dir, d := hostileRelease(t)
	for i, p := range programs {
		t.Run(p.name, func(t *testing.T) {
			_, err := exec.LookPath(p.file)
			if proving := os.Getenv("WELLWAVE_PROVE") != ""; !proving && (i > 0 || err != nil) {
				t.Skip("make prove opens a release in this program, which needs " + p.need)
			}
			run := exec.Command(p.file, append(p.args, p.script)...)
			run.Dir = dir
			printed, err := run.CombinedOutput()
			if err != nil {
				t.Fatalf("%v: %s", err, printed)
			}
			for i := range d.plan.Files[0].Columns {
				label := clean(d.plan.Files[0].Columns[i].Label)
				if p.need == "pspp" { // which prints a table of comma-separated values
					label = strings.ReplaceAll(label, `"`, `""`)
				}
				if !strings.Contains(string(printed), label) || !strings.Contains(string(printed), label+" (1)") {
					t.Errorf("the labels do not have %q:\n%s", label, printed)
				}
			}
			if _, err := os.Stat(filepath.Join(dir, "ran")); err == nil {
				t.Error("a label ran")
			}
		})
	}
}

// Nothing that Stata acts upon between quotation marks is in a label. There is no Stata to ask.
func TestStataLiterals(t *testing.T) {
	for _, text := range hostile {
		literal := stata(text)
		if inner := literal[1 : len(literal)-1]; strings.ContainsAny(inner, "`$\"\\\n\r") || strings.Contains(inner, "//") || strings.Contains(inner, "/*") {
			t.Errorf("stata(%q) = %s", text, literal)
		}
	}
	dir, _ := hostileRelease(t)
	script, err := os.ReadFile(filepath.Join(dir, loadDo))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(script)) {
		if strings.Count(line, `"`)%2 != 0 || strings.HasPrefix(strings.TrimSpace(line), "touch") {
			t.Errorf("load.do holds %q", line)
		}
	}
}

// LibreOffice finds no formula in the codebook, whose labels would be some.
func TestHostileLabelsInASpreadsheet(t *testing.T) {
	if os.Getenv("WELLWAVE_PROVE") == "" {
		t.Skip("make prove opens a codebook in LibreOffice")
	}
	dir, _ := hostileRelease(t)
	run := exec.Command("soffice", "-env:UserInstallation=file://"+t.TempDir(), "--headless", "--convert-to", "fods", codebookCSV)
	run.Dir = dir
	if printed, err := run.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, printed)
	}
	sheet, err := os.ReadFile(filepath.Join(dir, "codebook.fods"))
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(sheet), "table:formula") || !strings.Contains(string(sheet), "=cmd|") {
		t.Error("the codebook has a formula, or not the label that would be one")
	}
}

// Names that SPSS or Stata would not take are replaced, and their columns say which they were.
func TestNamesOfPrograms(t *testing.T) {
	table := &describedTable{variables: []variable{{name: "id"}, {name: "all"}, {name: "Mood"}, {name: "mood"}, {name: strings.Repeat("x", 33)}, {name: "mood_1"}}}
	if got, want := strings.Join(table.names(), " "), "id column_2 column_3 column_4 column_5 mood_1"; got != want {
		t.Errorf("names() = %s, want %s", got, want)
	}
	if got := shortened("naïve", 3); got != "na" {
		t.Errorf("shortened() = %q, want na", got)
	}
}
