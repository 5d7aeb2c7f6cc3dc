package office_test

import (
	"archive/zip"
	"bytes"
	"net/http"
	"strings"
	"testing"

	"wellwave/server/servertest"
	"wellwave/surveys"
)

const (
	sleepStudy = `id: nights
title: A study of nights
contact: The team
consent: {version: "1", intro: Please read this., clauses: [{id: yes, text: I agree., required: true}]}
arms: [{id: all, title: Everybody}]
sites: [{id: one, title: The Only Practice, arm: all, staff: 3}]
instruments: {nights: "1"}
primary: nights
waves:
  - {id: baseline, title: Baseline, audience: patients, baseline: true, after: 28, instruments: [nights]}
`
	sleepItems = `id: nights
version: "1"
title: Nights
citation: Made up for a test.
licence: {wording: own, holder: The team, terms: Apache-2.0}
recall: last night
items:
  - {code: night_1, kind: yes-no}
scales:
  - {id: nights, rule: sum, items: [night_1], range: [0, 1], direction: higher-better, missing: {allow: 0}, source: "unconfirmed"}
`
	sleepWords = `instrument: nights
version: "1"
language: en-GB
title: Nights
items:
  night_1: {text: "Did you sleep?", options: {1: "Yes", 0: "No"}}
`
)

// zipped makes a ZIP of files, given as name, content.
func zipped(t *testing.T, files ...[2]string) string {
	t.Helper()
	var b bytes.Buffer
	archive := zip.NewWriter(&b)
	for _, file := range files {
		w, err := archive.Create(file[0])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(file[1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// A study comes with instruments and wording packs of its own, as several files or as a ZIP, as from the shell.
func TestLoadStudyWithItsOwnFiles(t *testing.T) {
	study, items, words := [2]string{"nights-study.yaml", sleepStudy}, [2]string{"nights.yaml", sleepItems}, [2]string{"nights.en-GB.yaml", sleepWords}
	inZIP := [2]string{"all.zip", zipped(t, [2]string{"nights/", ""}, [2]string{"nights/study.yaml", sleepStudy}, [2]string{"nights/nights.yaml", sleepItems},
		[2]string{`nights\nights.en-GB.yaml`, sleepWords}, [2]string{"nights/notes.txt", "nothing of ours"}, [2]string{"__MACOSX/nights/._study.yaml", "\x00\x05"})}
	for name, files := range map[string][][2]string{"three files": {study, items, words}, "in another order": {words, study, items}, "a ZIP": {inZIP},
		"a ZIP and a file": {[2]string{"some.zip", zipped(t, items, words)}, study}} {
		t.Run(name, func(t *testing.T) {
			o := servertest.NewOffice(t)
			b := o.As(surveys.Researcher)
			servertest.WantText(t, "checking", b.UploadAll("/office/load", "check", "", files...), "Nothing is wrong with this file and the instruments", "A study of nights")
			if r := b.UploadAll("/office/load", "load", "", files...); r.Status != http.StatusSeeOther || r.Header.Get("Location") != "/office/studies/nights" {
				t.Fatalf("loading: %d %q, want 303 to the study\n%s", r.Status, r.Header.Get("Location"), servertest.Excerpt(r.Body))
			}
			servertest.WantText(t, "the study", b.Get("/office/studies/nights"), "Nights", "en-GB", "not reviewed")
			if r := b.Upload("/office/load", "load", "", strings.Replace(sleepStudy, "A study of", "The study of", 1)); r.Status != http.StatusSeeOther {
				t.Errorf("the file alone, whose instrument is stored: %d\n%s", r.Status, servertest.Excerpt(r.Body))
			}
		})
	}
}

func TestLoadStudyRefusesFiles(t *testing.T) {
	many := make([][2]string, 201)
	for i := range many {
		many[i] = [2]string{strings.Repeat("a", i+1) + ".yaml", sleepItems}
	}
	broken := zipped(t, [2]string{"nights.yaml", sleepItems})
	locked := []byte(zipped(t, [2]string{"nights.yaml", sleepItems}))
	locked[bytes.Index(locked, []byte("PK\x01\x02"))+8] |= 1
	tests := []struct {
		name   string
		source string
		files  [][2]string
		want   []string
	}{
		{"mistakes in two files", "", [][2]string{{"nights-study.yaml", sleepStudy}, {"nights.yaml", strings.Replace(sleepItems, "yes-no", "yes-or-no", 1)},
			{"nights.en-GB.yaml", strings.Replace(sleepWords, "title:", "titel:", 1)}}, []string{"nights.yaml:8:", "nights.en-GB.yaml:4:1", "2 mistakes", "choose all of them again"}},
		{"no study file", "", [][2]string{{"nights.yaml", sleepItems}}, []string{"None of the files is a study file"}},
		{"two study files", "", [][2]string{{"study.yaml", sleepStudy}, {"b.yaml", sleepStudy}}, []string{"b.yaml: This is a second study file beside study.yaml"}},
		{"something else", "", [][2]string{{"study.yaml", sleepStudy}, {"photo.jpg", "\xff\xd8"}}, []string{"photo.jpg: This is neither a study file"}},
		{"the same name twice", "", [][2]string{{"study.yaml", sleepStudy}, {"nights.yaml", sleepItems}, {"nights.yaml", sleepItems}}, []string{"nights.yaml: Two of the files have this name"}},
		{"too many files", "", [][2]string{{"many.zip", zipped(t, many...)}}, []string{"many.zip: It holds more than 200 files"}},
		{"a file that unfolds to much", "", [][2]string{{"bomb.zip", zipped(t, [2]string{"a.yaml", strings.Repeat(" ", 64<<20)})}}, []string{"bomb.zip: The file a.yaml in it is too large"}},
		{"files that unfold to much together", "", [][2]string{{"bombs.zip", zipped(t, [2]string{"1.yaml", strings.Repeat(" ", 1<<20)}, [2]string{"2.yaml", strings.Repeat(" ", 1<<20)},
			[2]string{"3.yaml", strings.Repeat(" ", 1<<20)}, [2]string{"4.yaml", strings.Repeat(" ", 1<<20)}, [2]string{"5.yaml", strings.Repeat(" ", 1<<20)}, [2]string{"6.yaml", strings.Repeat(" ", 1<<20)},
			[2]string{"7.yaml", strings.Repeat(" ", 1<<20)}, [2]string{"8.yaml", strings.Repeat(" ", 1<<20)}, [2]string{"9.yaml", " "})}}, []string{"bombs.zip: The file 9.yaml in it is too large"}},
		{"a ZIP that was cut", "", [][2]string{{"cut.zip", broken[:len(broken)/2]}}, []string{"cut.zip: This is not a ZIP that can be read"}},
		{"a ZIP with a password", "", [][2]string{{"locked.zip", string(locked)}}, []string{"locked.zip: The file nights.yaml in it cannot be read; perhaps it has a password"}},
		{"the study without its instrument", "", [][2]string{{"study.yaml", sleepStudy}}, []string{"study.yaml:7:", "no instrument"}},
		{"a study file with another end", "", [][2]string{{"study.yaml", "id: x\n"}}, []string{"study.yaml:1:1"}},
	}
	o := servertest.NewOffice(t)
	b := o.As(surveys.Researcher)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for _, do := range []string{"check", "load"} {
				r := b.UploadAll("/office/load", do, tt.source, tt.files...)
				servertest.WantStatus(t, do, r, http.StatusBadRequest)
				servertest.WantText(t, do, r, tt.want...)
			}
		})
	}
	if o.Audited("study.load") != 0 {
		t.Error("something was loaded")
	}
	if r := b.UploadAll("/office/load", "load", sleepStudy, [2]string{"nights.yaml", sleepItems}, [2]string{"nights.en-GB.yaml", sleepWords}); r.Status != http.StatusSeeOther {
		t.Errorf("a written study file beside chosen instruments: %d\n%s", r.Status, servertest.Excerpt(r.Body))
	}
}
