package report

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"wellwave/surveys"
	"wellwave/surveys/climate"
	"wellwave/surveys/climate/climatetest"
	"wellwave/surveys/disclosure"
)

// longestName has 60 characters.
const longestName = "Drs Ní Dhomhnaill and Šimůnek, Upper Riverside Health Centre"

// staffed is a study with two rounds of the safety-climate scale and what is shown of the second, all of it invented: the
// first practice stands alone, the second is below the threshold, and in the third nobody answered.
func staffed(t testing.TB, name string) (*surveys.Study, *surveys.Questionnaire, *climate.Report) {
	t.Helper()
	q := climatetest.Questionnaire(t, "links", "round-2")
	study := &surveys.Study{ID: "links", Title: "Links practitioners in general practice", Zone: time.UTC, Demo: true,
		Sites: []surveys.Site{{ID: "own", Title: name}, {ID: "small", Title: name}, {ID: "silent", Title: name}},
		Waves: []surveys.Wave{{ID: "round-1", Title: "First staff round", Audience: surveys.Staff},
			{ID: "round-2", Title: "Second staff round", Audience: surveys.Staff, Closes: time.Date(2025, 11, 22, 0, 0, 0, 0, time.UTC)}}}
	r := &climate.Report{Round: "round-2", First: "round-1", Before: "round-1", Shown: disclosure.Shown{Rounds: []disclosure.RoundShown{
		{ID: "round-1", Rules: disclosure.DefaultRules()}, {ID: "round-2", Rules: disclosure.DefaultRules()}}}}
	means := [2][]float64{{4.1, 5.2, 4.9, 5.2, 4.6}, {3.7, 5.3, 4.9, 5.5, 4.8}}
	for round := range 2 {
		shown := &r.Shown.Rounds[round]
		own := disclosure.Practice{Site: "own", Response: disclosure.Band{Low: 15, High: 19}}
		small := disclosure.Practice{Site: "small", Response: disclosure.Band{Low: 5, High: 9}, Roles: disclosure.Mix{Hidden: disclosure.TooFew}}
		silent := disclosure.Practice{Site: "silent", Response: disclosure.Band{Low: 0, High: 4}, Roles: disclosure.Mix{Hidden: disclosure.TooFew}}
		climatetest.Answered(&own, q, func(i int) float64 { return means[round][i] }, func(i, _ int) [3]int { return [3]int{10 + 10*(5-i), 10, 30 + 10*i} })
		for k := range own.Items {
			if k%6 == 5 { // the last of each factor
				own.Items[k].Hidden, own.Items[k].Shares = disclosure.FewOrAlike, [3]int{}
			}
		}
		for _, p := range []*disclosure.Practice{&small, &silent} {
			for _, factor := range own.Factors {
				p.Factors = append(p.Factors, disclosure.OwnFactor{Code: factor.Code, Hidden: disclosure.TooFew})
			}
		}
		shown.Factors = climatetest.All(q, func(i int) float64 { return []float64{4.23, 5.02, 5.01, 5.18, 4.93}[i] }, []string{"own"}, []string{"small", "other", "third"})
		own.Roles = disclosure.Mix{Shown: []disclosure.Share{{Name: "clinical", Percent: 60}, {Name: "other", Percent: 30}}}
		shown.Practices = []disclosure.Practice{own, small, silent}
	}
	f := func(x float64) *float64 { return &x }
	for i, scale := range q.Scales {
		theme := climate.ReportTheme{ID: scale.ID(), Title: scale.Definition().Title, Within: f(0.55 + 0.05*float64(i))}
		switch i {
		case 0:
			theme.Average = climate.ReportGroup{Practices: 15, Start: f(4.1), Change: f(0.24), Low: f(0.11), High: f(0.37)}
		case 1:
			theme.Average = climate.ReportGroup{Practices: 15, Start: f(5.1), Change: f(-0.2), Low: f(-0.31), High: f(-0.09)}
		case 2:
			theme.Average = climate.ReportGroup{Practices: 15, Start: f(5), Change: f(0.02), Low: f(-0.1), High: f(0.14)}
		case 3:
			theme.Average = climate.ReportGroup{Practices: 1, Start: f(5), Change: f(0.1)}
		}
		r.Themes = append(r.Themes, theme)
	}
	return study, q, r
}

func practiceReport(t testing.TB, name string, site surveys.SiteID) *climate.PracticeReport {
	t.Helper()
	study, q, r := staffed(t, name)
	p, err := r.Practice(study, q, site)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func practicePDF(t testing.TB, p *climate.PracticeReport) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := WritePractice(&b, p); err != nil {
		t.Fatal(err)
	}
	if dir := os.Getenv("WELLWAVE_LOOK"); dir != "" {
		_ = os.WriteFile(filepath.Join(dir, strings.NewReplacer("/", "-", " ", "-").Replace(t.Name())+".pdf"), b.Bytes(), 0o644)
	}
	return b.Bytes()
}

// words returns what the pages of a PDF say, a line a text.
func words(pdf []byte) string {
	var b strings.Builder
	for i, page := range pdfPages(pdf) {
		fmt.Fprintf(&b, "— side %d\n", i+1)
		for _, step := range page {
			if text, ok := strings.CutPrefix(step, "write “"); ok {
				text, _, _ = strings.Cut(text, "”")
				b.WriteString(text + "\n")
			}
		}
	}
	return b.String()
}

func TestWritePractice(t *testing.T) {
	for _, tt := range []struct {
		name string
		site surveys.SiteID
	}{{"own", "own"}, {"small", "small"}, {"silent", "silent"}} {
		t.Run(tt.name, func(t *testing.T) {
			p := practiceReport(t, longestName, tt.site)
			pdf := practicePDF(t, p)
			golden(t, "practice-"+tt.name+".txt", []byte(words(pdf)))
			if again := practicePDF(t, p); !bytes.Equal(pdf, again) {
				t.Error("the same report gave other bytes the second time")
			}
			if n := len(pdfPages(pdf)); n > 2 {
				t.Errorf("%d sides, want two at most", n)
			}
		})
	}
}

// The longest names and statements that there may be, and many themes, never need a third side.
func TestPracticeFitsOnTwoSides(t *testing.T) {
	long := strings.Repeat("Riverside Health Centre and Partners of Upper Glen ", 4)[:200]
	statement := strings.Repeat("When two safety jobs compete, I do not know who decides which of them comes first. ", 6)
	tests := []struct {
		name   string
		change func(p *climate.PracticeReport)
	}{
		{"long names", func(p *climate.PracticeReport) { p.Study, p.Practice, p.Round = long, long, long }},
		{"words without a break", func(p *climate.PracticeReport) {
			p.Study, p.Practice, p.Round = strings.Repeat("W", 200), strings.Repeat("W", 200), strings.Repeat("W", 200)
		}},
		{"long statements", func(p *climate.PracticeReport) {
			for _, end := range [][]climate.Statement{p.Strongest, p.Weakest} {
				for i := range end {
					end[i].Text = statement
				}
			}
		}},
		{"answers with long names", func(p *climate.PracticeReport) {
			for _, end := range [][]climate.Statement{p.Strongest, p.Weakest} {
				for i := range end {
					end[i].Safe.Says, end[i].Between.Says, end[i].Other.Says = long, long, long
				}
			}
		}},
		{"long names of themes", func(p *climate.PracticeReport) {
			for i := range p.Factors {
				p.Factors[i].Title = long
			}
		}},
		{"many themes", func(p *climate.PracticeReport) {
			for len(p.Factors) < 40 {
				p.Factors = append(p.Factors, p.Factors[0])
			}
		}},
	}
	for _, site := range []surveys.SiteID{"own", "small"} {
		all := practiceReport(t, longestName, site)
		for _, tt := range tests {
			t.Run(string(site)+", "+tt.name, func(t *testing.T) {
				p := practiceReport(t, longestName, site)
				tt.change(p)
				tt.change(all)
				if n := len(pdfPages(practicePDF(t, p))); n > sides {
					t.Errorf("%d sides", n)
				}
			})
		}
		t.Run(string(site)+", all of these", func(t *testing.T) {
			if n := len(pdfPages(practicePDF(t, all))); n > sides {
				t.Errorf("%d sides", n)
			}
		})
	}
}

// No label of a practice's charts runs out of them or over another.
func TestPracticeLabelsKeepClear(t *testing.T) {
	base := practiceReport(t, longestName, "own")
	titles := []string{"Workload", "Safety systems and learning", "Being heard by those who decide what is done about hazards", "ICT"}
	rapid.Check(t, func(t *rapid.T) {
		p := *base
		p.Factors = append([]climate.PracticeFactor(nil), base.Factors...)
		draw := func(decimals float64) *float64 {
			if rapid.IntRange(0, 4).Draw(t, "hidden") == 0 {
				return nil
			}
			m := float64(rapid.IntRange(int(decimals), int(7*decimals)).Draw(t, "mean")) / decimals
			return &m
		}
		for i := range p.Factors {
			f := &p.Factors[i]
			f.Title, f.Mean, f.Before, f.All = rapid.SampledFrom(titles).Draw(t, "title"), draw(10), draw(10), draw(100)
		}
		size := rapid.SampledFrom([]Size{Wide, Narrow}).Draw(t, "size")
		checkLabels(t, &FactorBars(&p, size).scene)
		checkLabels(t, &StatementBars(WeakestTitle, p.Weakest, size, 0).scene)
	})
}

func TestPracticeChartsSVG(t *testing.T) {
	p := practiceReport(t, longestName, "own")
	golden(t, "factors.svg", []byte(FactorBars(p, Wide).SVG("factors")))
	golden(t, "statements.svg", []byte(StatementBars(StrongestTitle, p.Strongest, Narrow, 0).SVG("strongest")))
}

// The tables beside the charts have the same numbers.
func TestPracticeTables(t *testing.T) {
	p := practiceReport(t, longestName, "own")
	want := [][]string{{"Teamwork", "5.5", "5.2", "5.18"}, {"Communication", "5.3", "5.2", "5.02"}, {"Leadership", "4.9", "4.9", "5.01"},
		{"Safety systems and learning", "4.8", "4.6", "4.93"}, {"Workload", "3.7", "4.1", "4.23"}}
	for i, row := range FactorTable(p).Rows {
		if strings.Join(row.Cells, "|") != strings.Join(want[i], "|") {
			t.Errorf("row %d is %q, want %q", i, row.Cells, want[i])
		}
	}
	if rows := ChangeTable(p).Rows; len(rows) != 5 || rows[4].Cells[2] != "−0.4" || rows[4].Cells[3] != "0.4" {
		t.Errorf("the changes are %+v", rows)
	}
	if rows := StatementTable(p).Rows; len(rows) != 6 || rows[0].Group != "Strongest" || rows[5].Group != "Weakest" {
		t.Errorf("the statements are %+v", rows)
	}
	for _, row := range FactorTable(practiceReport(t, longestName, "small")).Rows {
		if len(row.Cells) != 2 {
			t.Errorf("a practice below the threshold reads %q", row.Cells)
		}
	}
}

// BenchmarkWritePractice measures the paper that a practice waits for.
func BenchmarkWritePractice(b *testing.B) {
	p := practiceReport(b, longestName, "own")
	for b.Loop() {
		if err := WritePractice(io.Discard, p); err != nil {
			b.Fatal(err)
		}
	}
}
