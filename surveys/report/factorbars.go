package report

import (
	"fmt"
	"strings"

	"wellwave/surveys/climate"
)

// Sizes of bars.
const (
	ownBar    = 18.0
	allBar    = 14.0
	barGap    = 16.0 // between factors
	narrowest = 500  // a chart that is narrower has its names above the bars
)

// FactorBars draws a practice's means as filled bars beside hollow ones of all practices, the best first, with what changed
// since the round before.
func FactorBars(p *climate.PracticeReport, size Size) *Chart {
	chart := &Chart{Title: "Your practice (filled) and all practices (hollow)", Subtitle: "Means on the scale from 1 to 7" + direction(p), Description: describeFactors(p)}
	switch {
	case !p.Own():
		chart.Title = "How all practices answered"
	case !p.Others():
		chart.Title = "How your practice answered"
	}
	chart.scene.width = size.Width
	plot := factorPlot{scene: &chart.scene, own: p.Own(), all: p.Others()}
	plot.place(p, size)
	y := chart.heading() + 8
	if plot.changes {
		y = plot.head(y)
	}
	top := y
	for _, f := range p.Factors {
		y = plot.draw(f, y)
	}
	chart.scene.height = plot.axis(top, y-barGap+6)
	return chart
}

func direction(p *climate.PracticeReport) string {
	if p.HigherIsBetter() {
		return "; higher is better"
	}
	return ""
}

func describeFactors(p *climate.PracticeReport) string {
	parts := []string{"Bar chart of means from 1 to 7."}
	for _, f := range p.Factors {
		says := f.Title + ":"
		if p.Own() {
			says += " your practice " + mean(f.Mean, 1) + ","
		}
		if p.Others() {
			says += " all practices " + mean(f.All, 2) + ","
		}
		says = strings.TrimSuffix(says, ",")
		if change, ok := f.Change(); ok {
			says += fmt.Sprintf(", %s since the last round", climate.Signed(change, 1))
		}
		parts = append(parts, says+".")
	}
	return strings.Join(append(parts, "The table beside it has the same numbers."), " ")
}

// mean writes a mean that may not be shown.
func mean(m *float64, decimals int) string {
	if m == nil {
		return "not shown"
	}
	return climate.Decimal(*m, decimals)
}

// factorPlot places bars from 1 to 7 between left and right.
type factorPlot struct {
	scene       *scene
	own         bool // the practice's own means are shown
	all         bool // means of all practices are
	changes     bool // there is a column of changes
	beside      bool // names stand beside the bars and not above them
	left, right float64
}

func (p *factorPlot) place(r *climate.PracticeReport, size Size) {
	p.beside = size.Width >= narrowest
	p.right = size.Width - pageSlack*bold.width("5.55", labelSize) - 12
	for _, f := range r.Factors {
		if _, ok := f.Change(); ok {
			p.changes = true
		}
		if p.beside {
			p.left = max(p.left, min(0.34*size.Width, pageSlack*bold.width(f.Title, labelSize))+10)
		}
	}
	if p.changes {
		p.right -= p.column()
	}
}

// column is the width of the column of changes.
func (p *factorPlot) column() float64 { return pageSlack*regular.width("from 5.5", tickSize) + 14 }

func (p *factorPlot) x(mean float64) float64 { return p.left + (p.right-p.left)*(mean-1)/6 }

// head names the column of changes.
func (p *factorPlot) head(y float64) float64 {
	for _, text := range []string{"since", "last round"} {
		y += tickSize * 1.2
		p.scene.label(label{at: point{p.scene.width, y - 4}, text: text, size: tickSize, face: regular, ink: quietInk, anchor: atEnd})
	}
	return y + 6
}

// draw draws one factor and returns the y below it.
func (p *factorPlot) draw(f climate.PracticeFactor, y float64) float64 {
	height := 0.0
	if p.own {
		height += ownBar
	}
	if p.all {
		height += allBar
	}
	if p.changes {
		height = max(height, ownBar+allBar)
	}
	if p.beside {
		lines := wrap(f.Title, (p.left-10)/pageSlack+0.1, labelSize, bold)
		tall := float64(len(lines)) * labelSize * 1.2
		at := y + max(0, (height-tall)/2)
		for _, text := range lines {
			at += labelSize * 1.2
			p.scene.label(label{at: point{p.left - 10, at - 4}, text: text, size: labelSize, face: bold, ink: textInk, anchor: atEnd})
		}
		height = max(height, tall)
	} else {
		for _, text := range wrap(f.Title, p.scene.width/pageSlack, labelSize, bold) {
			y += labelSize * lineHeight
			p.scene.label(label{at: point{0, y - 5}, text: text, size: labelSize, face: bold, ink: textInk})
		}
		p.scene.line(quietInk, 1.2, point{p.left, y}, point{p.left, y + height}) // not through the names
	}
	at := y
	if p.own {
		p.bar(f.Mean, 1, at, ownBar, false)
		at += ownBar
	}
	if p.all {
		p.bar(f.All, 2, at, allBar, true)
	}
	if change, ok := f.Change(); ok {
		p.scene.label(label{at: point{p.scene.width, y + 13}, text: climate.Signed(change, 1), size: labelSize, face: bold, ink: textInk, anchor: atEnd})
		p.scene.label(label{at: point{p.scene.width, y + 29}, text: "from " + climate.Decimal(*f.Before, 1), size: tickSize, face: regular, ink: quietInk, anchor: atEnd})
	}
	return y + height + barGap
}

func (p *factorPlot) bar(m *float64, decimals int, y, height float64, hollow bool) {
	l := label{at: point{p.left + 6, y + height - 3}, text: mean(m, decimals), size: labelSize, face: bold, ink: textInk}
	if hollow {
		l.size, l.face, l.ink = tickSize, regular, quietInk
	}
	if m != nil {
		l.at.x = p.x(*m) + 7
		p.scene.bars = append(p.scene.bars, bar{at: point{p.left, y}, width: p.x(*m) - p.left, height: height, ink: dataInk, hollow: hollow})
	} else {
		l.face, l.ink = regular, quietInk
	}
	p.scene.label(l)
}

// axis draws where 1 is, and the whole numbers below it, and returns the y below all.
func (p *factorPlot) axis(top, bottom float64) float64 {
	if p.beside {
		p.scene.line(quietInk, 1.2, point{p.left, top - 4}, point{p.left, bottom})
	}
	p.scene.line(quietInk, 1.2, point{p.left, bottom}, point{p.right, bottom})
	for n := 1; n <= 7; n++ {
		x := p.x(float64(n))
		p.scene.line(quietInk, 1.2, point{x, bottom}, point{x, bottom + 5})
		tick := label{at: point{x, bottom + 21}, text: fmt.Sprint(n), size: tickSize, face: plain, ink: quietInk, anchor: atMiddle}
		if x < tick.width()/2 {
			tick.at.x, tick.anchor = 0, atStart
		}
		p.scene.label(tick)
	}
	return bottom + 26
}
