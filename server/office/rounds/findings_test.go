package rounds_test

import (
	"context"
	"encoding/csv"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"wellwave/server/servertest"
	"wellwave/surveys"
	"wellwave/surveys/climate"
	"wellwave/surveys/store/storetest"
)

const reportPath = roundAt + "/report"

// openedRound has the staff of the tests' two practices answer, nine in the north and three in the south, and closes the
// round, which opens what a server kept.
func openedRound(t *testing.T, o *servertest.Office) {
	t.Helper()
	ctx := context.Background()
	if err := o.Store.SetUpRound(ctx, "", storetest.Study, storetest.Round); err != nil && surveys.KindOf(err) != surveys.Conflict {
		t.Fatal(err)
	}
	for site, n := range map[surveys.SiteID]int{"north": 9, "south": 3} {
		cards, err := o.Store.MakeStaffCodes(ctx, "", storetest.Study, storetest.Round, site, n)
		if err != nil {
			t.Fatal(err)
		}
		for i, card := range cards {
			opened, err := o.Store.OpenLink(ctx, card)
			if err != nil {
				t.Fatal(err)
			}
			sub := surveys.StaffSubmission{StaffCode: opened.StaffCode, Language: "en", Answers: []surveys.ItemAnswer{
				{Code: "climate_1", Value: surveys.Number(float64(i%5 + 2))}, {Code: "climate_2", Value: surveys.Number(float64(i*i%4 + 1))}}}
			if err := o.Store.SubmitStaff(ctx, sub); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := o.Store.CloseRound(ctx, "", storetest.Study, storetest.Round); err != nil {
		t.Fatal(err)
	}
}

var formID = regexp.MustCompile(`name="form" type="hidden" value="([^"]+)"`)

// formOf returns the form on a page.
func formOf(t *testing.T, page servertest.Reply) url.Values {
	t.Helper()
	found := formID.FindStringSubmatch(page.Body)
	if found == nil {
		t.Fatalf("no form on the page\n%s", servertest.Excerpt(page.Body))
	}
	return url.Values{"form": {found[1]}}
}

func TestFindings(t *testing.T) {
	o := servertest.NewOffice(t)
	storetest.LoadStudy(t, o.Store)
	team, auditor, practice := o.As(surveys.Researcher), o.As(surveys.Auditor), o.As(surveys.Practice)
	const button = "Show these results to the practices and keep them as they are"
	files := map[string]string{"/report.pdf": "application/pdf", "/results.csv": "text/csv; charset=utf-8", "/items.csv": "text/csv; charset=utf-8"}

	early := team.Get(reportPath)
	servertest.WantStatus(t, "before it is opened", early, http.StatusOK)
	servertest.WantText(t, "before it is opened", early, "There is a report once")
	servertest.WantStatus(t, "releasing before it is opened", team.Post(reportPath, url.Values{"form": {"early"}}), http.StatusConflict)

	openedRound(t, o)
	preview := team.Get(reportPath)
	servertest.WantStatus(t, "preview", preview, http.StatusOK)
	servertest.WantText(t, "preview", preview, button, "Only the team sees this so far", "cannot be undone", "How many answered")
	waiting := auditor.Get(reportPath)
	servertest.WantStatus(t, "auditor before it is released", waiting, http.StatusOK)
	servertest.WantText(t, "auditor before it is released", waiting, "has not released")
	if strings.Contains(waiting.Body, "How many answered") {
		t.Error("an auditor reads the report before it is released")
	}
	servertest.WantStatus(t, "releasing as an auditor", auditor.Post(reportPath, formOf(t, preview)), http.StatusForbidden)
	servertest.WantStatus(t, "the report as a practice", practice.Get(reportPath), http.StatusNotFound)
	for file := range files {
		servertest.WantStatus(t, file+" before it is released", team.Get(roundAt+file), http.StatusConflict)
	}

	form := formOf(t, preview)
	servertest.WantStatus(t, "releasing without a form", team.Post(reportPath, nil), http.StatusBadRequest)
	if got := team.Post(reportPath, form); got.Status != http.StatusSeeOther || got.Header.Get("Location") != reportPath {
		t.Fatalf("releasing: status %d to %q\n%s", got.Status, got.Header.Get("Location"), servertest.Excerpt(got.Body))
	}
	twice := team.Post(reportPath, form)
	servertest.WantStatus(t, "pressed twice", twice, http.StatusConflict)
	servertest.WantText(t, "pressed twice", twice, "pressed twice")
	again := team.Post(reportPath, url.Values{"form": {"another"}})
	servertest.WantStatus(t, "released again", again, http.StatusConflict)
	servertest.WantText(t, "released again", again, "is shown already")
	if n := o.Audited("round.report"); n != 1 {
		t.Errorf("%d entries in the audit trail, want 1", n)
	}

	for name, b := range map[string]*servertest.Client{"team": team, "auditor": auditor} {
		page := b.Get(reportPath)
		servertest.WantStatus(t, name, page, http.StatusOK)
		servertest.WantText(t, name, page, "Download as PDF", "North Practice")
		if strings.Contains(page.Body, button) {
			t.Errorf("%s: the report can be released again", name)
		}
		for file, kind := range files {
			got := b.Get(roundAt + file)
			servertest.WantStatus(t, name+" "+file, got, http.StatusOK)
			if got.Header.Get("Content-Type") != kind || !strings.HasPrefix(got.Header.Get("Content-Disposition"), `attachment; filename="trial-round-1-`) {
				t.Errorf("%s: %v", file, got.Header)
			}
		}
	}
	servertest.WantStatus(t, "a round that there is not", team.Get("/office/studies/trial/rounds/baseline/report"), http.StatusNotFound)
}

// TestFindingsPageAndPDFSayTheSame holds the page against the PDF: every sentence, name and number of a part is in both.
func TestFindingsPageAndPDFSayTheSame(t *testing.T) {
	o := servertest.NewOffice(t)
	storetest.LoadStudy(t, o.Store)
	openedRound(t, o)
	team := o.As(surveys.Researcher)
	team.Post(reportPath, formOf(t, team.Get(reportPath)))
	page, printed := team.Get(reportPath).Body, servertest.PDFWords(team.Get(roundAt+"/report.pdf").Body)
	compared := 0
	for _, part := range []string{"How many answered", "What the numbers cannot say", "What is shown, and how it was computed"} {
		for _, fact := range servertest.TextsIn(t, page, part, "h2", "p", "th", "td", "caption") {
			if strings.ContainsFunc(fact, func(r rune) bool { return r > '~' }) {
				continue // which PDFWords does not read
			}
			if compared++; !strings.Contains(printed, fact) {
				t.Errorf("the page says %q, and the PDF does not", fact)
			}
		}
	}
	if compared < 12 {
		t.Errorf("only %d texts could be compared", compared)
	}
}

// What is hidden of a practice is on no page and in no file, to any number of digits.
func TestFindingsHideTheSmall(t *testing.T) {
	o := servertest.NewOffice(t)
	study := storetest.LoadStudy(t, o.Store)
	openedRound(t, o)
	team := o.As(surveys.Researcher)
	team.Post(reportPath, formOf(t, team.Get(reportPath)))
	rounds, err := o.Store.OpenedRounds(t.Context(), study.ID)
	if err != nil || len(rounds) != 1 {
		t.Fatalf("OpenedRounds() = %d rounds, %v", len(rounds), err)
	}
	kept, err := climate.ReadReport(rounds[0].Report)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(team.Get(roundAt + "/results.csv").Body)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	hidden := 0
	for _, row := range rows[1:] {
		if row[6] != "" {
			hidden++
			if row[5] != "" {
				t.Errorf("a hidden row has the mean %s: %q", row[5], row)
			}
		}
	}
	if hidden == 0 {
		t.Errorf("no row is hidden of %q", rows)
	}
	const south = (4.5 + 4.5 + 5.5) / 3 // the exact mean of the south: the second item is reversed
	pdf := team.Get(roundAt + "/report.pdf").Body
	page := team.Get(reportPath).Body
	for _, text := range []string{fmt.Sprintf("%.2f", south), fmt.Sprintf("%.4f", south)} {
		for name, body := range map[string]string{"page": page, "PDF": servertest.PDFWords(pdf), "CSV": fmt.Sprint(rows), "kept report": rounds[0].Report} {
			if strings.Contains(body, text) {
				t.Errorf("the %s has %s, which is the mean of a practice that is hidden", name, text)
			}
		}
	}
	if kept.Round != storetest.Round {
		t.Errorf("the kept report is of %s", kept.Round)
	}
}
