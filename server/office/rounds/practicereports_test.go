package rounds_test

import (
	"net/http"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"wellwave/server/servertest"
	"wellwave/surveys"
	"wellwave/surveys/store/storetest"
)

// The two practices of the tests answer so far apart that no figure of one could be taken for one of the other.
func held(t *testing.T) *servertest.Office {
	o := servertest.NewOffice(t)
	storetest.LoadStudy(t, o.Store)
	good := []float64{7, 6, 6, 4, 2, 6, 5, 7, 6, 6}
	bad := []float64{2, 1, 2, 4, 6, 1, 2, 3, 2, 1, 2, 2}
	o.AnswerStaff("north", 10, func(who int) (float64, float64) { return good[who], 8 - good[(who+3)%10] })
	o.AnswerStaff("south", 11, func(who int) (float64, float64) { return bad[who], 8 - bad[(who+5)%12] })
	return o
}

// said returns what stands on a page.
func said(t *testing.T, r servertest.Reply) string {
	t.Helper()
	root, err := html.Parse(strings.NewReader(r.Body))
	if err != nil {
		t.Fatal(err)
	}
	return servertest.TextOf(root)
}

const ownReport = "/desk/sites/trial/north/rounds/round-1"

func TestPracticeReport(t *testing.T) {
	o := held(t)
	b := o.As(surveys.Practice)
	before := func(when string) {
		t.Helper()
		for _, path := range []string{ownReport, ownReport + "/report.pdf"} {
			servertest.WantStatus(t, when+": "+path, b.Get(path), http.StatusNotFound)
		}
		if strings.Contains(b.Get("/desk/sites/trial/north").Body, "staff survey") {
			t.Error(when + ": the desk speaks of results")
		}
	}
	before("while the round is open")
	o.CloseRound()
	before("before the results are shown")
	o.ReportRound()

	servertest.WantText(t, "the desk", b.Get("/desk/sites/trial/north"), "Results of the staff survey", `href="`+ownReport+`"`, "Round 1")
	r := b.Get(ownReport)
	servertest.WantStatus(t, "the report", r, http.StatusOK)
	servertest.WantText(t, "the report", r, "<h1>North Practice</h1>", "Round 1, December 2026", "Most of your team answered.", "5.5", "We talk about mistakes.",
		"80% agree", "We hide mistakes.", "80% disagree", "This was the first round", "To talk about", "Nobody can see who answered what",
		`role="img"`, "<title id=\"themes-wide-title\">", "Download as PDF")
	for _, wrong := range []string{"South", "2.2", "3.84", "all practices (hollow)"} { // the mean of both would give the other's away
		if strings.Contains(said(t, r), wrong) {
			t.Errorf("the report of one practice says %q", wrong)
		}
	}
	pdf := b.Get(ownReport + "/report.pdf")
	servertest.WantStatus(t, "the paper", pdf, http.StatusOK)
	if kind := pdf.Header.Get("Content-Type"); kind != "application/pdf" {
		t.Errorf("the paper is %q, want a PDF", kind)
	}
	if name := pdf.Header.Get("Content-Disposition"); !strings.Contains(name, "trial-north-round-1.pdf") {
		t.Errorf("the paper is called %q", name)
	}
	if said := servertest.PDFWords(pdf.Body); !strings.Contains(said, "North Practice") || strings.Contains(said, "South") {
		t.Errorf("the paper says %q", said)
	}
}

func TestWhoReadsPracticeReports(t *testing.T) {
	o := held(t)
	o.CloseRound()
	o.ReportRound()
	want := map[surveys.Role]int{surveys.Practice: http.StatusOK, surveys.Administrator: http.StatusOK}
	for _, role := range surveys.Roles() {
		b := o.As(role)
		status := want[role]
		if status == 0 {
			status = http.StatusForbidden
		}
		for _, path := range []string{ownReport, ownReport + "/report.pdf"} {
			servertest.WantStatus(t, role.String()+" at "+path, b.Get(path), status)
		}
		south := strings.Replace(ownReport, "north", "south", 1)
		if role == surveys.Practice {
			servertest.WantStatus(t, "another practice's page", b.Get(south), http.StatusNotFound)
			servertest.WantStatus(t, "another practice's paper", b.Get(south+"/report.pdf"), http.StatusNotFound)
			servertest.WantStatus(t, "a wave of patients", b.Get("/desk/sites/trial/north/rounds/baseline"), http.StatusNotFound)
			servertest.WantStatus(t, "a round that is not there", b.Get("/desk/sites/trial/north/rounds/round-9"), http.StatusNotFound)
		}
		if role == surveys.Administrator {
			r := b.Get(south)
			servertest.WantText(t, "the other practice", r, "<h1>South Practice</h1>", "2.2")
			if text := said(t, r); strings.Contains(text, "5.5") || strings.Contains(text, "North") {
				t.Error("the report of one practice has figures of the other")
			}
		}
		if role == surveys.Interviewer || role == surveys.DataEntry {
			if strings.Contains(b.Get("/desk/sites/trial/north").Body, "staff survey") {
				t.Errorf("%v is led to results of a practice", role)
			}
		}
	}
	servertest.WantStatus(t, "nobody", o.Client().Get(ownReport), http.StatusSeeOther)
}

// A practice with too few answers reads why, and one in which nobody answered reads the same.
func TestPracticeReportOfFew(t *testing.T) {
	for _, tt := range []struct {
		name string
		n    int
	}{{"few", 4}, {"nobody", 0}} {
		t.Run(tt.name, func(t *testing.T) {
			o := servertest.NewOffice(t)
			storetest.LoadStudy(t, o.Store)
			if tt.n > 0 {
				o.AnswerStaff("north", tt.n, func(int) (float64, float64) { return 6, 1 })
			}
			o.AnswerStaff("south", 11, func(who int) (float64, float64) { return float64(who%7 + 1), float64((who+3)%7 + 1) })
			o.CloseRound()
			o.ReportRound()
			b := o.As(surveys.Practice)
			r := b.Get(ownReport)
			servertest.WantText(t, "the report", r, "Fewer than 5 of your team answered.", "Why your own figures are not here", "from 8 answers on",
				"at least 3 others", "easier for everybody in the team to take part")
			for _, wrong := range []string{"6.5", "7.0", "4.0", "% agree", "is your strength", "Means of the themes"} {
				if strings.Contains(said(t, r), wrong) {
					t.Errorf("the report of a practice below the threshold says %q", wrong)
				}
			}
			servertest.WantStatus(t, "the paper", b.Get(ownReport+"/report.pdf"), http.StatusOK)
		})
	}
}
