package rounds_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"wellwave/server"
	"wellwave/server/servertest"
	"wellwave/surveys"
	"wellwave/surveys/store/storetest"
)

const (
	averagePath = roundAt + "/average"
	averageFile = "round,factor,mean,sd,practices,respondents\n1,Climate,4.25,0.9,49,\n"
)

// loadAverage sends a file as the page does.
func loadAverage(team *servertest.Client, name, content string) servertest.Reply {
	return team.PostFiles(averagePath, url.Values{"name": {name}}, map[string]string{"file": content})
}

func TestLoadAverage(t *testing.T) {
	o := servertest.NewOffice(t)
	storetest.LoadStudy(t, o.Store)
	team := o.As(surveys.Researcher)
	for _, path := range []string{roundAt, reportPath} {
		servertest.WantText(t, path, team.Get(path), `href="`+averagePath+`"`)
	}
	first := team.Get(averagePath)
	servertest.WantStatus(t, "the page", first, http.StatusOK)
	servertest.WantText(t, "the page", first, "What the file needs", "Round 1", "Climate", "1,climate,,,,", "round,factor,mean,sd,practices,respondents")

	tests := []struct{ name, giveName, give, want string }{
		{"a misspelt factor", "Scotland", "round,factor,mean\n1,Climat,4.25\n", "Line 2, column 2 (factor): there is no factor “Climat”; the factors are Climate."},
		{"a missing round", "Scotland", "round,factor,mean\n2,Climate,4.25\n", "Line 2, column 1 (round): the factor “Climate” is here and has no row for round 1."},
		{"no column", "Scotland", "round,mean\n1,4.25\n", "Line 1: there is no column factor"},
		{"no row", "Scotland", "round,factor,mean\n", "there is no average of the factor “Climate”."},
		{"a percentage", "Scotland", "round,factor,mean\n1,Climate,72\n", "Line 2, column 3 (mean): a mean lies between 1 and 7, as the answers do."},
		{"no name", " ", averageFile, "Write what it is an average of."},
		{"a long name", strings.Repeat("long ", 13), averageFile, "The name has more than 60 characters."},
		{"no file", "Scotland", "", "Choose a file with the average."},
		{"a picture", "Scotland", "\x89PNG\r\n\x1a\n\x00\x00", "is a picture, not a CSV table"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := loadAverage(team, tt.giveName, tt.give)
			servertest.WantStatus(t, "the file", got, http.StatusBadRequest)
			servertest.WantText(t, "the file", got, "There is a problem", tt.want)
		})
	}
	servertest.WantStatus(t, "a form without a file", team.Post(averagePath, url.Values{"name": {"Scotland"}}), http.StatusBadRequest)
	if n := o.Audited("average.load"); n != 0 {
		t.Errorf("%d averages were kept of files that are wrong", n)
	}

	for _, name := range []string{"Wales", "Scotland"} {
		if got := loadAverage(team, name, averageFile); got.Status != http.StatusSeeOther || got.Header.Get("Location") != averagePath {
			t.Fatalf("loading: status %d to %q\n%s", got.Status, got.Header.Get("Location"), servertest.Excerpt(got.Body))
		}
	}
	loaded := team.Get(averagePath)
	servertest.WantText(t, "once loaded", loaded, "The published average “Scotland”, in which practices weigh alike", "4.25", "49", "Take this average away")
	if strings.Contains(loaded.Body, "Wales") {
		t.Error("the average that was replaced is still there")
	}
	if got := team.Post(averagePath+"/remove", nil); got.Status != http.StatusSeeOther {
		t.Fatalf("taking it away: status %d", got.Status)
	}
	if got := team.Get(averagePath); strings.Contains(got.Body, "Scotland") {
		t.Error("the average that was taken away is still there")
	}
	if loads, removes := o.Audited("average.load"), o.Audited("average.remove"); loads != 2 || removes != 1 {
		t.Errorf("%d and %d entries in the audit trail, want 2 and 1", loads, removes)
	}
	servertest.WantStatus(t, "a round that there is not", team.Get("/office/studies/trial/rounds/baseline/average"), http.StatusNotFound)
}

// A study of which every practice takes part has nothing to compare with but an average. What was shown with one never
// changes, and nothing is shown beside another average than the preview had.
func TestFindingsBesideAverage(t *testing.T) {
	o := servertest.NewOffice(t)
	storetest.LoadProgramme(t, o.Store)
	openedRound(t, o)
	team, auditor := o.As(surveys.Researcher), o.As(surveys.Auditor)
	form := func(page servertest.Reply) url.Values {
		f := formOf(t, page)
		f.Set("average", servertest.HiddenValue(t, page.Body, "average"))
		return f
	}
	before := team.Get(reportPath)
	servertest.WantText(t, "without an average", before, "Every practice of this study takes part in the programme", "What is missing is a published average.")
	if got := loadAverage(team, "Scotland", averageFile); got.Status != http.StatusSeeOther {
		t.Fatalf("loading: status %d\n%s", got.Status, servertest.Excerpt(got.Body))
	}
	stale := team.Post(reportPath, form(before))
	servertest.WantStatus(t, "releasing what was read before the average came", stale, http.StatusConflict)
	servertest.WantText(t, "releasing what was read before the average came", stale, "was changed since this page was made")
	preview := team.Get(reportPath)
	servertest.WantText(t, "with an average", preview, "the programme’s practices and the published average “Scotland”, in which practices weigh alike", "4.25")
	for _, bad := range []string{"What is missing", "All others"} {
		if strings.Contains(preview.Body, bad) {
			t.Errorf("the preview beside an average says %q", bad)
		}
	}
	if got := team.Post(reportPath, form(preview)); got.Status != http.StatusSeeOther {
		t.Fatalf("releasing: status %d\n%s", got.Status, servertest.Excerpt(got.Body))
	}
	for name, b := range map[string]*servertest.Client{"team": team, "auditor": auditor} {
		page := b.Get(reportPath)
		servertest.WantText(t, name, page, "“Scotland”")
		if strings.Contains(page.Body, averagePath) {
			t.Errorf("%s: the page of a report leads to loading an average", name)
		}
		servertest.WantText(t, name, b.Get(roundAt+"/results.csv"), "round-1,Scotland,published average,climate,49,4.25,")
	}
	kept := team.Get(averagePath)
	servertest.WantText(t, "after the report", kept, "cannot be changed any more", "“Scotland”", "4.25")
	if strings.Contains(kept.Body, "<form action=\""+averagePath) {
		t.Error("an average can be loaded after the report")
	}
	after := loadAverage(team, "Wales", strings.Replace(averageFile, "4.25", "3.75", 1))
	servertest.WantStatus(t, "loading after the report", after, http.StatusConflict)
	servertest.WantStatus(t, "taking away after the report", team.Post(averagePath+"/remove", nil), http.StatusConflict)
	if got := team.Get(reportPath); strings.Contains(got.Body, "Wales") || !strings.Contains(got.Body, "Scotland") {
		t.Error("what was shown changed after the report")
	}
}

// Whether there is something to compare with an average was settled when the round was set up: that is what its report goes by.
func TestAverageGoesByTheRound(t *testing.T) {
	for _, tt := range []struct {
		name        string
		frozen, now string // what the study file names
		want        int
	}{
		{"named when it was set up, and no more", "programme: new", "", http.StatusSeeOther},
		{"named since it was set up", "", "programme: new", http.StatusConflict},
	} {
		t.Run(tt.name, func(t *testing.T) {
			o := newRoundOffice(t, server.Config{}, "{programme: new, sealing: server}", "{"+tt.frozen+"}")
			o.setUp()
			source, err := o.Store.StudySource(t.Context(), storetest.Study)
			if err != nil {
				t.Fatal(err)
			}
			source = strings.Replace(source, "staff_survey: {"+tt.frozen+"}", "staff_survey: {"+tt.now+"}", 1)
			definitions := new(surveys.Definitions)
			storetest.AddDefinitions(t, definitions)
			if _, _, err := o.Store.LoadStudy(t.Context(), "", "study.yaml", []byte(source), definitions); err != nil {
				t.Fatal(err)
			}
			team := o.As(surveys.Researcher)
			got := loadAverage(team, "Scotland", averageFile)
			servertest.WantStatus(t, "the file", got, tt.want)
			if links := strings.Contains(team.Get(roundAt).Body, `href="`+averagePath+`"`); links != (tt.want == http.StatusSeeOther) {
				t.Errorf("the round's page leads to an average: %t", links)
			}
		})
	}
}
