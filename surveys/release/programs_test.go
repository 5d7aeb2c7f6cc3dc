package release_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"wellwave/surveys/release"
	"wellwave/surveys/store/storetest"
)

// Of sixty people forty stopped before the first question of the second wave and twenty passed it over; the same of each option at
// the first. Every program that make prove installs finds so many, under these names.
func TestPrograms(t *testing.T) {
	if os.Getenv("WELLWAVE_PROVE") == "" {
		t.Skip("make prove opens a release in R, SPSS and Python")
	}
	f := sixty(t, storetest.SQLite(t), forwards)
	o := f.order(filepath.Join(t.TempDir(), "out"))
	if _, err := release.Make(context.Background(), f, o); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name string
		give []string
		want []string
	}{
		{"R with haven", []string{"Rscript", "--vanilla", "-e", `source("load.R"); m <- load_release()$long$mood_1; tags <- table(haven::na_tag(m))
labels <- attr(m, "labels"); tagged <- labels[is.na(labels)]; reasons <- names(tagged)[match(names(tags), haven::na_tag(tagged))]
cat(paste0(reasons, "=", tags, ";"), paste0(names(labels)[1:5], "=", table(as.numeric(m)), ";"), attr(m, "label"))`},
			[]string{"not-reached=40;", "skipped=20;", "Never=12;", "Always=12;", "How often is statement 1 true of you today?"}},
		{"Python", []string{"/usr/bin/python3", "-c", `import sys; sys.path.insert(0, "."); from load import load_release
d, why = load_release(tables=["long"], categories=True)["long"]
print("".join(f"{k}={n};" for s in (why.mood_1, d.mood_1) for k, n in s.value_counts().items()), d.attrs["labels"]["mood_1"], d.mood_1.cat.ordered, d.id.str.len().unique())`},
			[]string{"not-reached=40;", "skipped=20;", "Never=12;", "Always=12;", "How often is statement 1 true of you today? True [32]"}},
		{"PSPP", []string{"sh", "-c", `printf "INSERT FILE='load.sps'.\nGET FILE='long.sav'.\nFREQUENCIES mood_1 arm.\n" >all.sps; LC_ALL=C.UTF-8 pspp -O format=csv -o - all.sps`},
			[]string{"not-reached,40,", "skipped,20,", "Never,12,", "Always,12,", "Table: How often is statement 1 true of you today?", "New,60,"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			run := exec.Command(tt.give[0], tt.give[1:]...)
			run.Dir = o.Dir
			printed, err := run.CombinedOutput()
			if err != nil {
				t.Fatalf("%v: %s", err, printed)
			}
			for _, want := range tt.want {
				if !strings.Contains(string(printed), want) {
					t.Errorf("it does not say %q:\n%s", want, printed)
				}
			}
		})
	}
}
