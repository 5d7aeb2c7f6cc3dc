package office_test

import (
	"net/http"
	"strings"
	"testing"

	"wellwave/server/servertest"
	"wellwave/surveys"
	"wellwave/surveys/store/storetest"
)

func TestBlankPapers(t *testing.T) {
	o := servertest.NewOffice(t)
	storetest.LoadStudy(t, o.Store)
	b := o.As(surveys.Researcher)
	at := "/office/studies/trial/paper"
	servertest.WantText(t, "the list", b.Get(at), "Baseline", "Three months", at+"/baseline/en.pdf", "would tell who answered what")
	first, again := b.Get(at+"/baseline/en.pdf"), b.Get(at+"/baseline/en.pdf")
	servertest.WantStatus(t, "a paper", first, http.StatusOK)
	if !strings.HasPrefix(first.Body, "%PDF-") || first.Body != again.Body {
		t.Error("the paper is no PDF, or another one the second time")
	}
	if got := first.Header.Get("Content-Disposition"); got != `attachment; filename="trial-baseline-en.pdf"` {
		t.Errorf("the file is called %s", got)
	}
	for _, path := range []string{at + "/nothing/en.pdf", at + "/baseline/gd.pdf", at + "/baseline/en", "/office/studies/nothing/paper"} {
		servertest.WantStatus(t, path, b.Get(path), http.StatusNotFound)
	}
}
