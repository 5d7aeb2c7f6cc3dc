package report

import (
	"fmt"
	"math"
	"strings"

	"wellwave/surveys"
	"wellwave/surveys/climate"
)

// Trend draws the means of each factor over the rounds in a small panel: the programme's practices with filled dots, the
// others or the published average with hollow ones. The rounds are numbered; the table beside it has their titles.
func Trend(r *climate.Report, c captions, size Size) *Chart {
	chart := &Chart{Title: "Every round, factor by factor", Subtitle: "Mean of the practices’ means, rounds from the first to this one"}
	if r.Published != nil {
		chart.Subtitle += ": the programme’s practices and " + c.against
	}
	chart.scene.width = size.Width
	p := trendPlot{report: r, scene: &chart.scene, rounds: len(r.Shown.Rounds), low: math.Inf(1), high: math.Inf(-1)}
	var parts []string
	for _, t := range r.Themes {
		for _, round := range r.Shown.Rounds {
			id := surveys.WaveID(round.ID)
			for _, mean := range []*float64{t.In(id).Programme, hollowMean(r, t, id)} {
				if mean != nil {
					p.low, p.high = min(p.low, *mean), max(p.high, *mean)
				}
			}
		}
		parts = append(parts, t.Title)
	}
	chart.Description = fmt.Sprintf("Small line charts of %s over %d rounds. The table beside it has the same numbers.", strings.Join(parts, ", "), p.rounds)
	top := chart.heading()
	if math.IsInf(p.low, 0) {
		chart.scene.height = top
		return chart
	}
	p.low, p.high = math.Floor(2*p.low)/2, math.Ceil(2*p.high)/2
	if p.high-p.low < 1 {
		p.high = p.low + 1
	}
	y := top + 8
	if r.HasProgramme() {
		y = (&bellPlot{scene: p.scene}).drawKey(c.hollow, top+24)
	}
	perRow := max(1, int(size.Width/trendPanel))
	width := size.Width / float64(perRow)
	for i := 0; i < len(r.Themes); i += perRow {
		y = p.drawPanels(r.Themes[i:min(i+perRow, len(r.Themes))], y+10, width)
	}
	chart.scene.height = y + 8
	return chart
}

const (
	trendPanel  = 140.0 // how wide a panel is at least
	trendHeight = 96.0  // of its lines
)

// trendPlot places means in panels that share one axis.
type trendPlot struct {
	report    *climate.Report
	scene     *scene
	rounds    int
	low, high float64
}

// drawPanels draws some factors beside one another, and returns the y below them.
func (p *trendPlot) drawPanels(themes []climate.ReportTheme, y, width float64) float64 {
	lines := 1
	for _, t := range themes {
		lines = max(lines, len(wrap(t.Title, (width-16)/pageSlack, labelSize, bold)))
	}
	top := y + float64(lines)*labelSize*lineHeight + 10
	for i, t := range themes {
		left := float64(i) * width
		at := y
		for _, part := range wrap(t.Title, (width-16)/pageSlack, labelSize, bold) {
			at += labelSize * lineHeight
			p.scene.label(label{at: point{left, at - 4}, text: part, size: labelSize, face: bold, ink: textInk})
		}
		p.drawPanel(t, left, left+width-24, top)
	}
	return top + trendHeight + 28
}

func (p *trendPlot) drawPanel(t climate.ReportTheme, left, right, top float64) {
	bottom := top + trendHeight
	numbers := plain.width("1.5", tickSize) + 8
	place := func(round int, mean float64) point {
		x := (left + numbers + right) / 2
		if p.rounds > 1 {
			x = left + numbers + 10 + (right-left-numbers-20)*float64(round)/float64(p.rounds-1)
		}
		return point{x, bottom - trendHeight*(mean-p.low)/(p.high-p.low)}
	}
	for _, tick := range []float64{p.low, p.high} {
		y := place(0, tick).y
		p.scene.line(gridInk, 1, point{left + numbers, y}, point{right, y})
		p.scene.label(label{at: point{left + numbers - 6, y + 0.35*tickSize}, text: trim(tick), size: tickSize, face: plain, ink: quietInk, anchor: atEnd})
	}
	every := max(1, int(math.Ceil(26*float64(p.rounds)/(right-left-numbers))))
	for i := 0; i < p.rounds; i += every {
		p.scene.label(label{at: point{place(i, p.low).x, bottom + 18}, text: fmt.Sprint(i + 1), size: tickSize, face: plain, ink: quietInk, anchor: atMiddle})
	}
	for _, filled := range []bool{false, true} { // the programme's lie on top
		var points []point
		for i, round := range p.report.Shown.Rounds {
			mean := hollowMean(p.report, t, surveys.WaveID(round.ID))
			if filled {
				mean = t.In(surveys.WaveID(round.ID)).Programme
			}
			if mean != nil {
				points = append(points, place(i, *mean))
			}
		}
		if len(points) == 0 {
			continue
		}
		p.scene.line(bellInk(filled), 2, points...)
		for _, at := range points {
			p.scene.dots = append(p.scene.dots, dot{at: at, radius: 4, ink: bellInk(filled), filled: filled})
		}
	}
}
