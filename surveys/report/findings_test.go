package report

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"wellwave/surveys"
	"wellwave/surveys/climate"
	"wellwave/surveys/disclosure"
)

// modelRounds is a study like the demonstration, in its third round.
var modelRounds = staffStudy{practices: 15, programme: 7, rounds: 3, staff: 16}

func findingsPDF(tb testing.TB, study *surveys.Study, r *climate.Report) []byte {
	tb.Helper()
	var b bytes.Buffer
	if err := WriteFindings(&b, study, r); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

func TestWriteFindings(t *testing.T) {
	study, r := modelRounds.report(t)
	got := findingsPDF(t, study, r)
	golden(t, "findings.pdf", got)
	if again := findingsPDF(t, study, r); !bytes.Equal(got, again) {
		t.Error("the same report gave other bytes the second time")
	}
	text := pdfText(t, got)
	for _, want := range []string{"Demonstration: everybody in this study is invented", "Staff survey: Third staff round", "practices rose more than the average in 5 of 5", "What changed",
		"The same difference, seen otherwise", "Over all rounds", "Is it right to average within practices?", "Practice by practice", "How many answered", "What the numbers cannot say",
		"What is shown, and how it was computed", "ICC", "Page 1 of", "accessible copy", "Together: Practice "} {
		if !strings.Contains(text, want) {
			t.Errorf("the report doesn't say %q", want)
		}
	}
}

func TestFindingsCharts(t *testing.T) {
	study, r := modelRounds.report(t)
	f := NewFindings(study, r)
	for _, part := range f.Parts {
		if part.Chart == nil {
			continue
		}
		svg := string(part.Chart(Wide).SVG(part.ID))
		golden(t, "findings-"+part.ID+".svg", []byte(svg))
		for _, want := range []string{`role="img"`, fmt.Sprintf(`aria-labelledby="%[1]s-title %[1]s-desc"`, part.ID), "Programme’s practices</text>", "All others</text>"} {
			if !strings.Contains(svg, want) {
				t.Errorf("%s: the SVG lacks %s", part.ID, want)
			}
		}
	}
	changes := string(f.Parts[0].Chart(Narrow).SVG("changes"))
	for _, theme := range r.Themes {
		for _, want := range []string{">" + signed(theme.Programme.Change, 2) + "</text>", ">" + signed(theme.Others.Change, 2) + "</text>"} {
			if !strings.Contains(changes, want) {
				t.Errorf("%s: the chart lacks %s", theme.Title, want)
			}
		}
	}
}

// A published average is named in every caption, its dots are the hollow ones, and the other practices stay beside it.
func TestFindingsBesidePublished(t *testing.T) {
	give := modelRounds
	give.average = "Scotland, 2024 to 2026"
	study, r := give.report(t)
	f := NewFindings(study, r)
	for i, part := range f.Parts {
		if part.ID == "changes" || part.ID == "otherwise-published" || part.ID == "trend" {
			if got := part.Tables[0].Caption; !strings.Contains(got, "the published average “Scotland, 2024 to 2026”, in which respondents weigh alike") {
				t.Errorf("%s: the caption %q does not name the average", part.ID, got)
			}
		}
		if part.ID != "changes" && part.ID != "trend" {
			continue
		}
		svg := string(part.Chart(Wide).SVG(part.ID))
		golden(t, "findings-published-"+part.ID+".svg", []byte(svg))
		if !strings.Contains(svg, ">“Scotland, 2024 to 2026”</text>") || strings.Contains(svg, ">All others</text>") {
			t.Errorf("%s: the key of chart %d does not name the average", part.ID, i)
		}
		if narrow := string(part.Chart(Narrow).SVG(part.ID)); !strings.Contains(narrow, "Scotland, 2024") {
			t.Errorf("%s: the narrow chart does not name the average", part.ID)
		}
	}
	pdf := findingsPDF(t, study, r)
	golden(t, "findings-published.pdf", pdf)
	text := pdfText(t, pdf)
	for _, want := range []string{"Difference from it", "Difference from them", "Beside all other practices of the study", "average is taken as fixed"} {
		if !strings.Contains(text, want) {
			t.Errorf("the report doesn't say %q", want)
		}
	}
	rows := f.Parts[0].Tables[0].Rows
	if len(rows) != 25 || rows[1].Cells[0] != "“Scotland, 2024 to 2026”" || rows[1].Cells[1] != "49" || rows[1].Cells[3] != "+0.26" {
		t.Errorf("the table of changes has %d rows, the second %q", len(rows), rows[1].Cells)
	}
}

// What is shown of little: sentences and no charts of nothing.
func TestFindingsOfLittle(t *testing.T) {
	tests := []struct {
		name    string
		give    staffStudy
		want    string   // the headline
		parts   []string // by their ids
		lacking string   // words that must not stand there
	}{
		{"a first round", staffStudy{practices: 15, programme: 7, rounds: 1, staff: 16}, "This is where the practices start.",
			[]string{"starts", "agreement", "practices", "response", "limits", "rules"}, "Change"},
		{"no programme", staffStudy{practices: 15, rounds: 3, staff: 16}, "How the practices answered.",
			[]string{"trend", "agreement", "practices", "response", "limits", "rules"}, "programme’s"},
		{"nobody answered", staffStudy{practices: 15, programme: 7, rounds: 2, staff: 16, silent: true}, "Too few answered for anything to be shown of this round.",
			[]string{"trend", "response", "limits", "rules"}, "obody answered"},
		{"nobody answered the first", staffStudy{practices: 15, programme: 7, rounds: 1, staff: 16, silent: true}, "Too few answered for anything to be shown of this round.",
			[]string{"response", "limits", "rules"}, "obody answered"},
		{"one practice", staffStudy{practices: 1, programme: 1, rounds: 2, staff: 16}, "The programme’s practices have nothing to be compared with.",
			[]string{"changes", "trend", "practices", "response", "limits", "rules"}, "in the others"},
		{"one against others", staffStudy{practices: 8, programme: 1, rounds: 2, staff: 16}, "The programme’s practices rose more than the average in ",
			[]string{"changes", "trend", "agreement", "practices", "response", "limits", "rules"}, "seen otherwise"},
		{"beside an average", staffStudy{practices: 15, programme: 7, rounds: 3, staff: 16, average: "Scotland"}, "The programme’s practices rose more than the average in ",
			[]string{"changes", "otherwise-published", "otherwise", "trend", "agreement", "practices", "response", "limits", "rules"}, "not compared"},
		{"an average alone", staffStudy{practices: 12, programme: 12, rounds: 3, staff: 16, average: "Scotland"}, "The programme’s practices rose more than the average in ",
			[]string{"changes", "otherwise-published", "trend", "agreement", "practices", "response", "limits", "rules"}, "All others"},
		{"no average and no others", staffStudy{practices: 12, programme: 12, rounds: 3, staff: 16}, "The programme’s practices have nothing to be compared with.",
			[]string{"changes", "trend", "agreement", "practices", "response", "limits", "rules"}, "rose more"},
		{"one practice beside an average", staffStudy{practices: 1, programme: 1, rounds: 2, staff: 16, average: longName}, "The programme’s practices rose more than the average in ",
			[]string{"changes", "trend", "practices", "response", "limits", "rules"}, "All others"},
		{"a first round beside an average", staffStudy{practices: 12, programme: 12, rounds: 1, staff: 16, average: "Scotland"}, "This is where the practices start.",
			[]string{"starts", "agreement", "practices", "response", "limits", "rules"}, "All others"},
		{"an average without a programme", staffStudy{practices: 15, rounds: 3, staff: 16, average: "Scotland"}, "How the practices answered.",
			[]string{"trend", "agreement", "practices", "response", "limits", "rules"}, "Scotland"},
		{"a hundred practices", staffStudy{practices: 100, programme: 40, rounds: 2, staff: 16}, "The programme’s practices rose more than the average in ",
			[]string{"changes", "otherwise", "trend", "agreement", "practices", "response", "limits", "rules"}, "NaN"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			study, r := tt.give.report(t)
			f := NewFindings(study, r)
			if !strings.HasPrefix(f.Finding, tt.want) {
				t.Errorf("Finding = %q, want %q", f.Finding, tt.want)
			}
			var parts []string
			for _, part := range f.Parts {
				parts = append(parts, part.ID)
			}
			if !slices.Equal(parts, tt.parts) {
				t.Errorf("parts %q, want %q", parts, tt.parts)
			}
			all := fmt.Sprintf("%+v", *f)
			for _, bad := range []string{tt.lacking, "NaN", "Inf"} {
				if strings.Contains(all, bad) {
					t.Errorf("the report says %q", bad)
				}
			}
			if text := pdfText(t, findingsPDF(t, study, r)); tt.give.practices == 100 && !strings.Contains(text, "All other practices, continued") {
				t.Error("a page that goes on with a long table does not say of which group")
			}
		})
	}
}

var numbers = regexp.MustCompile(`\d+\.\d+`)

// Every number with decimals on the page and in the files is one of the kept report, or a share or width made of one: what is
// hidden cannot stand there by mistake.
func TestFindingsShowNothingElse(t *testing.T) {
	for _, give := range []staffStudy{modelRounds, {practices: 15, programme: 7, rounds: 3, staff: 16, average: "Scotland"}, {practices: 15, programme: 7, rounds: 1, staff: 16}, {practices: 15, rounds: 3, staff: 16}, {practices: 8, programme: 1, rounds: 2, staff: 16}} {
		study, r := give.report(t)
		text := programmeText(t, r)
		kept := map[string]bool{"0.70": true, "0.00": true} // a rule of thumb, and no change
		for decoder := json.NewDecoder(strings.NewReader(text)); ; {
			token, err := decoder.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			if x, ok := token.(float64); ok {
				for _, decimals := range []int{1, 2} {
					if scale := math.Pow10(decimals); math.Abs(x-math.Round(x*scale)/scale) < 1e-9 {
						kept[strconv.FormatFloat(math.Abs(x), 'f', decimals, 64)] = true
					}
				}
			}
		}
		var csvs, page bytes.Buffer
		if err := errors.Join(r.WriteCSV(&csvs), r.WriteItemsCSV(&csvs)); err != nil {
			t.Fatal(err)
		}
		f := NewFindings(study, r)
		fmt.Fprintln(&page, f.Finding, f.Says)
		for _, part := range f.Parts {
			fmt.Fprintln(&page, part.Says, part.Tables, part.Notes)
			if part.Chart != nil {
				for _, label := range part.Chart(Narrow).scene.labels {
					if label.face != plain { // the axis is not measured
						fmt.Fprintln(&page, label.text)
					}
				}
				fmt.Fprintln(&page, part.Chart(Wide).Description)
			}
		}
		for what, shown := range map[string]string{"page": page.String(), "CSV": csvs.String()} {
			found := numbers.FindAllString(shown, -1)
			if len(found) < 20 {
				t.Errorf("%s has only %d numbers", what, len(found))
			}
			for _, n := range found {
				if !kept[n] {
					t.Errorf("%s has %s, which the kept report does not have", what, n)
				}
			}
		}
	}
}

// programmeText returns a report as it is kept, without what stands in the practices' own reports alone.
func programmeText(t *testing.T, r *climate.Report) string {
	t.Helper()
	text, err := r.Text()
	if err != nil {
		t.Fatal(err)
	}
	if r, err = climate.ReadReport(text); err != nil {
		t.Fatal(err)
	}
	for _, round := range r.Shown.Rounds {
		for i := range round.Practices {
			round.Practices[i].Factors, round.Practices[i].Items = nil, nil
		}
	}
	for i := range r.Themes {
		r.Themes[i].Average, r.Themes[i].Within = climate.ReportGroup{}, nil
	}
	if text, err = r.Text(); err != nil {
		t.Fatal(err)
	}
	return text
}

// A practice that has too few answers is in no row by itself.
func TestFindingsPools(t *testing.T) {
	study, r := modelRounds.report(t)
	quiet := string(study.Sites[quietPractice].ID)
	var b bytes.Buffer
	if err := r.WriteCSV(&b); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&b).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	pools := 0
	for _, row := range rows[1:] {
		if row[1] == quiet && row[5] != "" {
			t.Errorf("the quiet practice has the mean %s", row[5])
		}
		if strings.Contains(row[1], quiet+" ") {
			pools++
		}
		if alone := !strings.Contains(row[1], " "); row[1] != "" && row[5] != "" && alone != (len(row[5]) == 3) {
			t.Errorf("%q has other decimals than one for a practice and two for a pool", row)
		}
	}
	if pools != 15 {
		t.Errorf("the quiet practice stands in %d pools, want one for each of 5 factors and 3 rounds", pools)
	}
	table := NewFindings(study, r).Parts[4].Tables[0]
	for _, row := range table.Rows {
		if row.Cells[0] == study.Sites[quietPractice].Title {
			t.Errorf("the quiet practice has the row %q", row.Cells)
		}
	}
}

// Where too few practices stand alone for what needs single answers, a note says so.
func TestFindingsSayWhatIsMissing(t *testing.T) {
	study, r := modelRounds.report(t)
	const missing = "Two of the four are not shown"
	notes := func() string { return strings.Join(NewFindings(study, r).Parts[1].Notes, " ") }
	if got := notes(); strings.Contains(got, missing) || !strings.Contains(got, "of the 9 practices that stand alone") {
		t.Errorf("the notes are %q", got)
	}
	for i := range r.Themes {
		r.Themes[i].Alone, r.Themes[i].RespondentsWeighted, r.Themes[i].Census = 0, climate.ReportDifference{}, climate.ReportDifference{}
	}
	if got := notes(); !strings.Contains(got, missing) {
		t.Errorf("the notes are %q", got)
	}
}

// A site that stands in no pool says why.
func TestUnitSaysWhyItIsHidden(t *testing.T) {
	f := disclosure.FactorShown{Rows: []disclosure.Row{{Group: disclosure.Others, Sites: []string{"a"}, Hidden: disclosure.TooFew},
		{Group: disclosure.Others, Sites: []string{"b", "c"}, Mean: 4.25}, {Group: disclosure.Others, Sites: []string{"d"}, Mean: 4.3}}}
	for unit, want := range map[string]string{"a": "too few answers", "b": "in a pool", "b c": "4.25", "d": "4.3", "a b c": "–"} {
		if got := (unitRow{disclosure.Others, strings.Fields(unit)}).in(f); got != want {
			t.Errorf("%s shows %q, want %q", unit, got, want)
		}
	}
}

func TestSigned(t *testing.T) {
	tests := []struct {
		give     float64
		decimals int
		want     string
	}{{0.58, 2, "+0.58"}, {-0.12, 2, "−0.12"}, {0, 2, "0.00"}, {-0.001, 2, "0.00"}, {0.6, 1, "+0.6"}}
	for _, tt := range tests {
		if got := signed(&tt.give, tt.decimals); got != tt.want {
			t.Errorf("signed(%v, %d) = %q, want %q", tt.give, tt.decimals, got, tt.want)
		}
	}
	if got := signed(nil, 2); got != none {
		t.Errorf("signed(nil) = %q, want %q", got, none)
	}
}

// Whatever a study calls its factors, the charts stay well-formed and hold no element of theirs.
func TestFindingsEscape(t *testing.T) {
	study, r := modelRounds.report(t)
	r.Themes[0].Title = `<em>"A" & 'B'</em>`
	for _, part := range NewFindings(study, r).Parts {
		if part.Chart == nil {
			continue
		}
		decoder := xml.NewDecoder(strings.NewReader(string(part.Chart(Narrow).SVG(part.ID))))
		for {
			token, err := decoder.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatalf("%s: %v", part.ID, err)
			}
			if start, ok := token.(xml.StartElement); ok && start.Name.Local == "em" {
				t.Errorf("%s: a factor's title became an element", part.ID)
			}
		}
	}
}

// No label of the dumbbells runs out of the chart or over another, whatever the numbers.
func TestDumbbellLabelsKeepClear(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		figure := func(low, high float64, name string) *float64 {
			x := math.Round(100*rapid.Float64Range(low, high).Draw(t, name)) / 100
			return &x
		}
		r := &climate.Report{First: "a", Round: "b", Against: climate.OtherPractices}
		for i := range rapid.IntRange(1, 7).Draw(t, "factors") {
			theme := climate.ReportTheme{ID: fmt.Sprint(i), Title: rapid.SampledFrom([]string{"Workload", "Safety systems and learning from what went wrong", "Communication"}).Draw(t, "title"),
				Sentence: rapid.SampledFrom([]string{"", climate.RoseMore, "rose about as much; too uncertain to say almost as much"}).Draw(t, "sentence"), From: "from a similar start"}
			for _, g := range []*climate.ReportGroup{&theme.Programme, &theme.Others} {
				if rapid.Bool().Draw(t, "shown") {
					*g = climate.ReportGroup{Practices: 3, Start: figure(2.5, 5.5, "start"), Change: figure(-1.5, 1.5, "change")}
				}
			}
			r.Themes = append(r.Themes, theme)
		}
		size := rapid.SampledFrom([]Size{Wide, Narrow}).Draw(t, "size")
		checkLabels(t, &Changes(r, captions{from: "First staff round", round: "Third staff round", against: r.Against}, size).scene)
	})
}

// BenchmarkStaffReport measures what somebody waits for who releases a round of a country's practices: what may be shown of
// 100 practices in 4 rounds, the programme's report on the page, in the PDF and as CSV, and a practice's own PDF. It must take
// less than 2 s of processor time.
func BenchmarkStaffReport(b *testing.B) {
	study, rounds := staffStudy{practices: 100, programme: 40, rounds: 4, staff: 25}.opened(b)
	last := rounds[len(rounds)-1]
	for b.Loop() {
		r, err := climate.NewReport(study, rounds)
		if err != nil {
			b.Fatal(err)
		}
		own, err := r.Practice(study, last.Questionnaire, study.Sites[0].ID)
		if err != nil {
			b.Fatal(err)
		}
		if err := WritePractice(io.Discard, own); err != nil {
			b.Fatal(err)
		}
		for _, part := range NewFindings(study, r).Parts {
			if part.Chart != nil {
				_, _ = part.Chart(Wide).SVG(part.ID), part.Chart(Narrow).SVG(part.ID)
			}
		}
		if err := errors.Join(WriteFindings(io.Discard, study, r), r.WriteCSV(io.Discard), r.WriteItemsCSV(io.Discard), r.WritePairsCSV(io.Discard)); err != nil {
			b.Fatal(err)
		}
	}
}
