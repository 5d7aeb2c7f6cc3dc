package report

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jung-kurt/gofpdf"
	"pgregory.net/rapid"

	"wellwave/surveys/monitor"
)

func TestResponseCurveSVG(t *testing.T) {
	c := modelMonitor().Wave("m9").Curve
	svg := string(ResponseCurve(c, Wide).SVG("curve"))
	golden(t, "curve.svg", []byte(svg))
	for _, want := range []string{`role="img"`, `aria-labelledby="curve-title curve-desc"`, "<title id=\"curve-title\">775 of 770 questionnaires are complete at nine months</title>",
		"Intervention 214 of 286; Comparison 561 of 484", ">770 needed</text>", ">775</text>", "stroke-dasharray"} {
		if !strings.Contains(svg, want) {
			t.Errorf("the SVG lacks %s", want)
		}
	}
}

// Whatever a study calls its arms, the SVG stays well-formed and holds no element of theirs.
func TestSVGEscapes(t *testing.T) {
	m := modelMonitor()
	w := m.Wave("m9")
	w.Closed.Arms[0].Title = `<em>"A" & 'B'</em>`
	w.Curve.Arms[0].Title = w.Closed.Arms[0].Title
	for name, chart := range map[string]*Chart{"curve": ResponseCurve(w.Curve, Narrow), "retention": Retention(w.Closed, Narrow)} {
		decoder := xml.NewDecoder(strings.NewReader(string(chart.SVG(name))))
		for {
			token, err := decoder.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if start, ok := token.(xml.StartElement); ok && start.Name.Local == "em" {
				t.Errorf("%s: an arm's title became an element", name)
			}
		}
	}
}

// No label of a chart runs out of it or over another, whatever the numbers.
func TestLabelsKeepClear(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := monitor.Curve{Wave: "Nine months", Needed: rapid.IntRange(0, 3000).Draw(t, "needed")}
		day := time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, rapid.IntRange(0, 400).Draw(t, "start"))
		for range rapid.IntRange(1, 40).Draw(t, "points") {
			day = day.AddDate(0, 0, rapid.IntRange(1, 30).Draw(t, "days"))
			c.Complete += rapid.IntRange(1, 60).Draw(t, "n")
			c.Points = append(c.Points, monitor.CurveTotal{Day: day, Complete: c.Complete})
		}
		c.Arms = []monitor.ArmCount{{Title: "Community links practitioner", Complete: c.Complete, Needed: c.Needed}}
		size := rapid.SampledFrom([]Size{Wide, Narrow}).Draw(t, "size")
		checkLabels(t, &ResponseCurve(c, size).scene)
	})
}

func checkLabels(t *rapid.T, s *scene) {
	type box struct{ left, right, top, bottom float64 }
	var boxes []box
	for _, l := range s.labels {
		w := l.width()
		left := l.at.x - map[anchor]float64{atStart: 0, atMiddle: w / 2, atEnd: w}[l.anchor]
		b := box{left, left + w, l.at.y - 0.7*l.size, l.at.y}
		if b.left < -0.5 || b.right > s.width+0.5 || b.top < 0 || b.bottom > s.height {
			t.Errorf("%q at %+v runs out of %v × %v", l.text, b, s.width, s.height)
		}
		for i, other := range boxes {
			if b.left < other.right && other.left < b.right && b.top < other.bottom && other.top < b.bottom {
				t.Errorf("%q runs over %q", l.text, s.labels[i].text)
			}
		}
		boxes = append(boxes, b)
	}
}

// The widths read here are those that gofpdf reads from the same fonts by its own code.
func TestWidth(t *testing.T) {
	pdf := gofpdf.New("P", "pt", "A4", "")
	for f, ttf := range [...][]byte{regular: regularTTF, bold: boldTTF, plain: plainTTF} {
		pdf.AddUTF8FontFromBytes(familyNames[f], "", ttf)
		pdf.SetFont(familyNames[f], "", 100)
		for _, text := range []string{"0123456789", "Retention – 74.3%", "Wave"} {
			got, want := face(f).width(text, 100), pdf.GetStringWidth(text)
			if math.Abs(got-want) > 0.06*float64(len(text)) { // gofpdf rounds each width to a thousandth of an em
				t.Errorf("width of %q in %s = %v, want %v", text, familyNames[f], got, want)
			}
		}
	}
}

func TestRuns(t *testing.T) {
	tests := []struct {
		give string
		want []run
	}{
		{"Practice", []run{{"Practice", regular}}},
		{"A 🏥 B", []run{{"A ? B", regular}}},
		{"ICC ρ is", []run{{"ICC ", regular}, {"ρ", plain}, {" is", regular}}},
		{"tab\twide\u3000عربي", []run{{"tab wide ????", regular}}},
		{"", nil},
	}
	for _, tt := range tests {
		if got := regular.runs(tt.give); !slices.Equal(got, tt.want) {
			t.Errorf("runs(%q) = %v, want %v", tt.give, got, tt.want)
		}
	}
}

func TestReadMetricsRefusesGarbage(t *testing.T) {
	for _, give := range [][]byte{nil, []byte("no font"), regularTTF[:2000]} {
		if _, err := readMetrics(give); err == nil || !strings.Contains(err.Error(), "not a complete TrueType font") {
			t.Errorf("%d bytes of garbage: %v, want them refused", len(give), err)
		}
	}
}

func TestWrap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`[A-Za-z -]{0,80}`).Draw(t, "text")
		width := rapid.Float64Range(20, 300).Draw(t, "width")
		lines := wrap(text, width, 15, regular)
		for _, line := range lines {
			if regular.width(line, 15) > width {
				t.Errorf("%q is wider than %v", line, width)
			}
		}
		strip := func(s string) string { return strings.ReplaceAll(s, " ", "") }
		if got, want := strip(strings.Join(lines, "")), strip(text); got != want {
			t.Errorf("wrap lost something: %q, want %q", got, want)
		}
	})
}

func TestNiceStep(t *testing.T) {
	tests := []struct{ giveMost, want int }{{1, 1}, {4, 1}, {5, 2}, {9, 5}, {40, 10}, {384, 100}, {775, 200}, {3000, 1000}}
	for _, tt := range tests {
		if got := niceStep(tt.giveMost, 4); got != tt.want {
			t.Errorf("niceStep(%d, 4) = %d, want %d", tt.giveMost, got, tt.want)
		}
	}
}

func TestDateTicks(t *testing.T) {
	day := func(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, time.UTC) }
	tests := []struct {
		name     string
		from, to time.Time
		width    float64
		want     string
	}{
		{"ten months", day(2025, 3, 2), day(2025, 12, 29), 600, "May 2025, Jul, Sep, Nov"},
		{"little room", day(2025, 3, 2), day(2025, 12, 29), 220, "Apr 2025, Jul, Oct"},
		{"over the year", day(2025, 11, 10), day(2026, 2, 10), 220, "Dec, Jan 2026, Feb"},
		{"two days", day(2026, 1, 1), day(2026, 1, 2), 220, "1 Jan, 2 Jan"},
		{"three weeks", day(2026, 1, 3), day(2026, 1, 24), 220, "3 Jan, 13 Jan, 23 Jan"},
		{"twenty years", day(2006, 1, 3), day(2026, 1, 24), 360, "Jan 2011, Jan 2016, Jan 2021, Jan 2026"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, tick := range dateTicks(tt.from, tt.to, tt.width) {
				got = append(got, tick.text)
			}
			if s := strings.Join(got, ", "); s != tt.want {
				t.Errorf("ticks %s, want %s", s, tt.want)
			}
		})
	}
}

// BenchmarkWriteResponse measures the whole report of the model study, which a person waits for.
func BenchmarkWriteResponse(b *testing.B) {
	m := modelMonitor()
	for b.Loop() {
		if err := WriteResponse(io.Discard, m, Internal); err != nil {
			b.Fatal(err)
		}
	}
}

func ExampleResponseCurve() {
	chart := ResponseCurve(modelMonitor().Wave("m9").Curve, Wide)
	fmt.Println(chart.Title)
	fmt.Println(chart.Subtitle)
	// Output:
	// 775 of 770 questionnaires are complete at nine months
	// Intervention 214 of 286; Comparison 561 of 484
}
