package report

import (
	"fmt"
	"math"
	"strings"

	"wellwave/surveys/climate"
)

// captions are what a chart of the staff survey says about what it shows.
type captions struct {
	from, round string // titles of the rounds; from is empty in a first round
	against     string // what the programme's practices are compared with
	hollow      string // what that is called beside its dot
}

func (b *findings) captions() captions {
	c := captions{round: b.wave(b.report.Round), against: b.report.Against, hollow: b.hollow()}
	if b.report.Published != nil {
		c.against = b.report.Published.Called()
	}
	if b.report.First != "" {
		c.from = b.wave(b.report.First)
	}
	return c
}

// beside is what the hollow dots are called in the middle of a sentence.
func (c captions) beside() string {
	if name, others := strings.CutPrefix(c.hollow, "All "); others {
		return name
	}
	return c.hollow
}

func (c captions) subtitle() string {
	if c.from == "" {
		return fmt.Sprintf("Means in “%s”: the programme’s practices and %s", c.round, c.against)
	}
	return fmt.Sprintf("From “%s” to “%s”: the programme’s practices and %s", c.from, c.round, c.against)
}

// bell is a mean of a group of practices in one round, or in two with its change. Where nothing is shown, end is NaN.
type bell struct {
	start, end float64 // the same where there is one round
	text       string  // stands at the end
	filled     bool    // the programme's
}

// known reports whether there is something to draw.
func (b bell) known() bool { return !math.IsNaN(b.end) }

// bellRow is one factor in a chart of means.
type bellRow struct {
	name, says string
	bells      [2]bell
}

// Changes draws where each factor started and how far it moved: the programme's practices as filled dots, the others or the
// published average as hollow ones, so that they stay apart in grey, with the change at the end and the sentence beside it.
func Changes(r *climate.Report, c captions, size Size) *Chart {
	var rows []bellRow
	var parts []string
	for _, t := range r.Themes {
		row := bellRow{name: t.Title, says: says(t)}
		said := [2]string{"programme", c.beside()}
		for i, g := range []climate.ReportGroup{t.Programme, t.Compared().ReportGroup} {
			decimals := climate.Decimals(g.Practices)
			if i == 1 && t.Published != nil {
				decimals = 2 // whatever it is an average of
			}
			row.bells[i] = bell{start: math.NaN(), end: math.NaN(), filled: i == 0}
			if g.Start != nil && g.Change != nil {
				row.bells[i].start, row.bells[i].end = *g.Start, *g.Start+*g.Change
				row.bells[i].text = signed(g.Change, decimals)
			}
			said[i] += " from " + plainly(g.Start, decimals) + " by " + signed(g.Change, decimals)
		}
		rows = append(rows, row)
		parts = append(parts, fmt.Sprintf("%s: %s, %s; %s.", t.Title, said[0], said[1], row.says))
	}
	return drawBells(rows, c.hollow, &Chart{Title: roseMore(r), Subtitle: c.subtitle() + ". Small dots are the start, large ones the end.",
		Description: "Dumbbell chart of the change of each factor. " + strings.Join(parts, " ")}, size)
}

// roseMore names the factors in which the programme's practices rose more, chance excluded.
func roseMore(r *climate.Report) string {
	var names []string
	compared := false
	for _, t := range r.Themes {
		sentence := t.Compared().Sentence
		compared = compared || sentence != ""
		if sentence == climate.RoseMore {
			names = append(names, t.Title)
		}
	}
	switch {
	case !compared:
		return "How far each factor moved"
	case names == nil:
		return "No factor rose clearly more than the average"
	}
	return "Rose more than the average: " + listed(names)
}

// highest names the factors with the highest and the lowest mean of the programme's practices, or else of the others.
func highest(r *climate.Report) string {
	best, worst := "", ""
	low, high := math.Inf(1), math.Inf(-1)
	for _, t := range r.Themes {
		at := t.In(r.Round)
		mean := at.Programme
		if mean == nil {
			mean = at.Others
		}
		if mean == nil {
			continue
		}
		if *mean > high {
			best, high = t.Title, *mean
		}
		if *mean < low {
			worst, low = t.Title, *mean
		}
	}
	if best == worst {
		return "Mean of each factor"
	}
	return "Highest in " + best + ", lowest in " + worst
}

// listed joins names as a sentence does.
func listed(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}

// says is the sentence of a factor.
func says(t climate.ReportTheme) string {
	c := t.Compared()
	if c.Sentence == "" {
		return "not compared"
	}
	return c.Sentence + ", " + c.From
}

// Starts draws the means of a first round, which has no change.
func Starts(r *climate.Report, c captions, size Size) *Chart {
	var rows []bellRow
	var parts []string
	last := r.Last()
	for _, t := range r.Themes {
		row := bellRow{name: t.Title}
		at := t.In(r.Round)
		decimals := [2]int{2, 2}
		for _, f := range last.Factors {
			if f.Code == t.ID {
				decimals[0] = climate.Decimals(f.Programme.Sites())
				if r.Published == nil {
					decimals[1] = climate.Decimals(f.Others.Sites())
				}
			}
		}
		hollow := hollowMean(r, t, r.Round)
		for i, mean := range []*float64{at.Programme, hollow} {
			row.bells[i] = bell{start: math.NaN(), end: math.NaN(), filled: i == 0}
			if mean != nil {
				row.bells[i].start, row.bells[i].end, row.bells[i].text = *mean, *mean, plainly(mean, decimals[i])
			}
		}
		rows = append(rows, row)
		parts = append(parts, fmt.Sprintf("%s: programme %s, %s %s.", t.Title, plainly(at.Programme, decimals[0]), c.beside(), plainly(hollow, decimals[1])))
	}
	return drawBells(rows, c.hollow, &Chart{Title: highest(r), Subtitle: c.subtitle(), Description: "Dot chart of the mean of each factor. " + strings.Join(parts, " ")}, size)
}

// The measures of a chart of means.
const (
	bellApart  = 22.0 // a group's line from the other's
	bellStart  = 3.5  // radius of the dot at the start
	bellEnd    = 6.5
	bellGap    = 6.0  // between a dot and its text
	bellRowGap = 20.0 // between two factors
	besideFrom = 600  // the width from which name and sentence stand beside the dots, and not above them
)

// bellPlot places means in the part of a scene between its names and its sentences.
type bellPlot struct {
	scene       *scene
	left, right float64 // of the axis
	low, high   float64 // its ends
	boxes       []box   // of texts, which grid lines leave free
}

// box is a rectangle of a scene.
type box struct{ left, right, top, bottom float64 }

func (p *bellPlot) x(mean float64) float64 {
	return p.left + (p.right-p.left)*(mean-p.low)/(p.high-p.low)
}

// drawBells draws rows below a chart's heading, the second of a pair as hollow dots of that name.
func drawBells(rows []bellRow, hollow string, chart *Chart, size Size) *Chart {
	chart.scene.width = size.Width
	top := chart.heading()
	p := bellPlot{scene: &chart.scene}
	room, any := p.span(rows)
	if !any {
		chart.scene.height = top
		return chart
	}
	keyAt := p.drawKey(hollow, top+24)
	nameRight, saysLeft := 0.0, size.Width
	wide := size.Width >= besideFrom
	if wide {
		nameRight, saysLeft = 0.24*size.Width, 0.74*size.Width
	}
	p.left, p.right = nameRight+room, saysLeft-room
	y := keyAt + 16
	first := y
	for _, row := range rows {
		y = p.drawRow(row, y, nameRight, saysLeft, wide)
	}
	p.drawAxis(first, y)
	chart.scene.height = y + 50
	return chart
}

// span sets the ends of the axis at halves around all means, and returns the room that texts need beyond them.
func (p *bellPlot) span(rows []bellRow) (room float64, any bool) {
	low, high := math.Inf(1), math.Inf(-1)
	for _, row := range rows {
		for _, b := range row.bells {
			if b.known() {
				low, high = min(low, b.start, b.end), max(high, b.start, b.end)
				room = max(room, pageSlack*bold.width(b.text, labelSize))
				any = true
			}
		}
	}
	p.low, p.high = math.Floor(2*low)/2, math.Ceil(2*high)/2
	if p.high-p.low < 1 {
		p.high = p.low + 1
	}
	return room + bellEnd + bellGap, any
}

// drawKey says whose dots are filled and whose are hollow, the second below the first where both are too long for a line.
// It returns the y of the last line.
func (p *bellPlot) drawKey(hollow string, y float64) float64 {
	x := 0.0
	for i, text := range [...]string{"Programme’s practices", hollow} {
		l := label{at: point{x + 2*bellEnd + bellGap, y}, text: text, size: tickSize, face: regular, ink: textInk}
		if right := l.at.x + pageSlack*l.width(); i > 0 && right > p.scene.width {
			x, y = 0, y+tickSize*lineHeight
			for k, part := range wrap(text, (p.scene.width-2*bellEnd-bellGap)/pageSlack, tickSize, regular) {
				p.scene.label(label{at: point{2*bellEnd + bellGap, y + float64(k)*tickSize*lineHeight}, text: part, size: tickSize, face: regular, ink: textInk})
				l.at.y = y + float64(k)*tickSize*lineHeight
			}
		} else {
			p.scene.label(l)
		}
		p.scene.dots = append(p.scene.dots, dot{at: point{x + bellEnd, y - 5}, radius: bellEnd - 1, ink: bellInk(i == 0), filled: i == 0})
		x, y = l.at.x+pageSlack*l.width()+24, l.at.y
	}
	return y
}

func bellInk(filled bool) ink {
	if filled {
		return dataInk
	}
	return quietInk
}

// drawRow draws a factor below y, and returns the y below it.
func (p *bellPlot) drawRow(row bellRow, y, nameRight, saysLeft float64, wide bool) float64 {
	const line = labelSize * lineHeight
	if !wide {
		y = p.drawLines(row.name, point{0, y}, p.scene.width, labelSize, bold, textInk, atStart)
		if row.says != "" {
			y = p.drawLines(row.says, point{0, y}, p.scene.width, tickSize, regular, textInk, atStart)
		}
		return p.drawPair(row.bells, y+12) + bellRowGap
	}
	names := wrap(row.name, nameRight/pageSlack, labelSize, bold)
	texts := wrap(row.says, (p.scene.width-saysLeft-8)/pageSlack, tickSize, regular)
	height := max(float64(max(len(names), len(texts)))*line, bellApart+2*bellEnd)
	middle := y + height/2
	p.drawLines(row.name, point{nameRight, middle - float64(len(names))*line/2}, nameRight, labelSize, bold, textInk, atEnd)
	p.drawLines(row.says, point{saysLeft + 8, middle - float64(len(texts))*tickSize*lineHeight/2}, p.scene.width-saysLeft-8, tickSize, regular, textInk, atStart)
	p.drawPair(row.bells, middle-bellApart/2)
	return y + height + bellRowGap
}

// drawLines sets a text below a point, in as many lines as it needs, and returns the y below them.
func (p *bellPlot) drawLines(text string, at point, width, size float64, f face, i ink, a anchor) float64 {
	for _, part := range wrap(text, width/pageSlack, size, f) {
		at.y += size * lineHeight
		p.put(label{at: point{at.x, at.y - 0.28*size}, text: part, size: size, face: f, ink: i, anchor: a})
	}
	return at.y
}

// put adds a text and keeps grid lines out of it.
func (p *bellPlot) put(l label) {
	p.scene.label(l)
	width := pageSlack * l.width()
	left := l.at.x
	if l.anchor == atEnd {
		left -= width
	}
	p.boxes = append(p.boxes, box{left - 3, left + width + 3, l.at.y - l.size, l.at.y + 0.4*l.size})
}

// drawPair draws the two groups, the first at y, and returns the y of the second.
func (p *bellPlot) drawPair(bells [2]bell, y float64) float64 {
	for i, b := range bells {
		at := y + float64(i)*bellApart
		if !b.known() {
			continue
		}
		ink := bellInk(b.filled)
		start, end := p.x(b.start), p.x(b.end)
		if start != end {
			p.scene.line(ink, 2.5, point{start, at}, point{end, at})
			p.scene.dots = append(p.scene.dots, dot{at: point{start, at}, radius: bellStart, ink: ink, filled: b.filled})
		}
		p.scene.dots = append(p.scene.dots, dot{at: point{end, at}, radius: bellEnd, ink: ink, filled: b.filled})
		text := label{at: point{end + bellEnd + bellGap, at + 0.35*labelSize}, text: b.text, size: labelSize, face: regular, ink: textInk}
		if b.filled {
			text.face, text.ink = bold, dataInk
		}
		if end < start {
			text.at.x, text.anchor = end-bellEnd-bellGap, atEnd
		}
		p.put(text)
	}
	return y + bellApart
}

// drawAxis draws the grid between two heights, clear of texts, and the numbers below it. It lies beneath the rest.
func (p *bellPlot) drawAxis(top, bottom float64) {
	step := 0.5
	if (p.high-p.low)/step*36 > p.right-p.left {
		step = 1
	}
	var grid []line
	for tick := p.low; tick <= p.high+1e-9; tick += step {
		x, from := p.x(tick), top
		for _, gap := range p.gaps(x) {
			if gap.top > from {
				grid = append(grid, line{points: []point{{x, from}, {x, gap.top}}, width: 1, ink: gridInk})
			}
			from = max(from, gap.bottom)
		}
		grid = append(grid, line{points: []point{{x, from}, {x, bottom}}, width: 1, ink: gridInk})
		p.scene.label(label{at: point{x, bottom + 18}, text: trim(tick), size: tickSize, face: plain, ink: quietInk, anchor: atMiddle})
	}
	p.scene.lines = append(grid, p.scene.lines...)
	p.scene.label(label{at: point{(p.left + p.right) / 2, bottom + 40}, text: "Mean, 1 to 7", size: tickSize, face: plain, ink: quietInk, anchor: atMiddle})
}

// gaps returns the texts that a vertical line at x would run through, from the top down.
func (p *bellPlot) gaps(x float64) []box {
	var gaps []box
	for _, b := range p.boxes { // rows are drawn from the top down, and within a row texts that share an x too
		if b.left <= x && x <= b.right {
			gaps = append(gaps, b)
		}
	}
	return gaps
}
