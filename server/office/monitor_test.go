package office_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"wellwave/server/servertest"
	"wellwave/surveys"
	"wellwave/surveys/store/storetest"
)

// TestPageAndReportSayTheSame holds the page of the monitor against the report: every name, number and sentence of a target,
// and the names of every table, are in both.
func TestPageAndReportSayTheSame(t *testing.T) {
	o := servertest.NewOffice(t)
	storetest.LoadStudy(t, o.Store)
	o.Answered(7)
	b := o.As(surveys.Researcher)
	report := b.Get("/office/studies/trial/report.pdf")
	servertest.WantStatus(t, "the report", report, http.StatusOK)
	printed := servertest.PDFWords(report.Body)
	facts := servertest.TextsIn(t, b.Get("/office/studies/trial/monitor").Body, "Target: ", "h2", "p", "dt", "dd", "th", "td")
	if len(facts) < 30 {
		t.Fatalf("the page says of the target only %q", facts)
	}
	rates := servertest.TextsIn(t, b.Get("/office/studies/trial/monitor?wave=baseline").Body, "Everybody enrolled", "h2", "p", "th", "td", "caption")
	if len(rates) < 100 {
		t.Fatalf("the page says of a wave only %q", rates)
	}
	facts = append(facts, rates...)
	ascii := regexp.MustCompile(`^[ -~]+$`)
	compared := 0
	for _, fact := range facts {
		if !ascii.MatchString(fact) {
			continue
		}
		if compared++; !strings.Contains(printed, fact) {
			t.Errorf("the page says %q, and the report does not", fact)
		}
	}
	if compared < len(facts)/2 {
		t.Errorf("only %d of %d texts could be compared", compared, len(facts))
	}
}
