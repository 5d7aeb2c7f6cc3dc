package office_test

import (
	"bytes"
	"compress/zlib"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"wellwave/server/servertest"
	"wellwave/surveys"
	"wellwave/surveys/store/storetest"
)

// pdfWords returns the texts that a PDF draws, one after the other, as far as they are ASCII: they stand in it as UTF-16.
func pdfWords(t *testing.T, pdf string) string {
	t.Helper()
	drawn := regexp.MustCompile(`\(((?:[^()\\]|\\.)*)\) ?Tj`)
	var words []string
	for _, part := range strings.Split(pdf, "stream\n")[1:] {
		r, err := zlib.NewReader(strings.NewReader(part))
		if err != nil {
			continue // what follows a stream, or a stream that is not compressed
		}
		content, err := io.ReadAll(r)
		if err != nil {
			continue
		}
		for _, text := range drawn.FindAllSubmatch(bytes.ReplaceAll(content, []byte{0}, nil), -1) {
			words = append(words, strings.NewReplacer(`\(`, "(", `\)`, ")").Replace(string(text[1])))
		}
	}
	return strings.Join(words, " ")
}

// textsIn returns what stands in the elements of a kind inside the section of a page that begins with a heading.
func textsIn(t *testing.T, page, heading string, kinds ...string) []string {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	for section := range root.Descendants() {
		if section.Data != "section" || !strings.Contains(textOf(section), heading) {
			continue
		}
		for n := range section.Descendants() {
			for _, kind := range kinds {
				if n.Type == html.ElementNode && n.Data == kind {
					texts = append(texts, textOf(n))
				}
			}
		}
	}
	return texts
}

func textOf(n *html.Node) string {
	var words []string
	for inner := range n.Descendants() {
		if inner.Type == html.TextNode {
			words = append(words, strings.Fields(inner.Data)...)
		}
	}
	return strings.Join(words, " ")
}

// TestPageAndReportSayTheSame holds the page of the monitor against the report: every name, number and sentence of a target,
// and the names of every table, are in both.
func TestPageAndReportSayTheSame(t *testing.T) {
	o := servertest.NewOffice(t)
	storetest.LoadStudy(t, o.Store)
	o.Answered(7)
	b := o.As(surveys.Researcher)
	report := b.Get("/office/studies/trial/report.pdf")
	servertest.WantStatus(t, "the report", report, http.StatusOK)
	printed := pdfWords(t, report.Body)
	facts := textsIn(t, b.Get("/office/studies/trial/monitor").Body, "Target: ", "h2", "p", "dt", "dd", "th", "td")
	if len(facts) < 30 {
		t.Fatalf("the page says of the target only %q", facts)
	}
	rates := textsIn(t, b.Get("/office/studies/trial/monitor?wave=baseline").Body, "Everybody enrolled", "h2", "p", "th", "td", "caption")
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
