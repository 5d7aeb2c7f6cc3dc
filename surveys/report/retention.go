package report

import (
	"fmt"
	"strings"

	"wellwave/surveys/monitor"
)

// Retention draws what share of each arm answered, with its 95 % interval: thick with people as independent, thin and
// longer with the effective numbers.
func Retention(e monitor.Edition, size Size) *Chart {
	chart := &Chart{Title: e.Finding(), Description: describeRetention(e)}
	chart.scene.width = size.Width
	if e.Empty() {
		chart.scene.height = chart.heading()
		return chart
	}
	chart.Subtitle = "95% intervals: thick with people as independent, thin as people of one site resemble each other"
	y := chart.heading() + 14
	p := retentionPlot{scene: &chart.scene, left: 20, right: size.Width - 20}
	for _, arm := range e.Arms {
		if arm.Retention.Known() {
			y = p.drawArm(arm, y)
		}
	}
	p.drawAxis(y + 6)
	chart.scene.height = y + 36
	return chart
}

func describeRetention(e monitor.Edition) string {
	parts := []string{"Dot chart of retention in each arm with 95% intervals."}
	for _, arm := range e.Arms {
		if arm.Retention.Known() {
			parts = append(parts, fmt.Sprintf("%s: %s, interval %s; with effective numbers %s.",
				arm.Title, arm.Retention.Percent(), arm.Retention.IndependentText(), arm.Retention.EffectiveText()))
		}
	}
	return strings.Join(parts, " ")
}

// retentionPlot is a chart of shares on an axis from 0 to 100 %.
type retentionPlot struct {
	scene       *scene
	left, right float64
}

func (p retentionPlot) x(share float64) float64 { return p.left + (p.right-p.left)*share }

// drawArm draws an arm's name and numbers in a line and its dot below them, and returns the y below that.
func (p retentionPlot) drawArm(arm monitor.Row, y float64) float64 {
	numbers := arm.Retention.Fraction() + ", " + arm.Retention.Percent()
	room := p.scene.width - regular.width(numbers, labelSize) - 16
	for _, text := range wrap(arm.Title, room, labelSize, bold) {
		y += labelSize * lineHeight
		p.scene.label(label{at: point{0, y - 4}, text: text, size: labelSize, face: bold, ink: textInk})
	}
	p.scene.label(label{at: point{p.scene.width, y - 4}, text: numbers, size: labelSize, face: regular, ink: textInk, anchor: atEnd})
	y += 14
	share := arm.Retention
	p.scene.line(gridInk, 1, point{p.x(0), y}, point{p.x(1), y})
	p.scene.line(dataInk, 1.5, point{p.x(share.Effective.Low), y}, point{p.x(share.Effective.High), y})
	for _, end := range [...]float64{share.Effective.Low, share.Effective.High} {
		p.scene.line(dataInk, 1.5, point{p.x(end), y - 5}, point{p.x(end), y + 5})
	}
	p.scene.line(dataInk, 4, point{p.x(share.Independent.Low), y}, point{p.x(share.Independent.High), y})
	p.scene.dots = append(p.scene.dots, dot{at: point{p.x(share.Value), y}, radius: 5.5, ink: dataInk, square: true})
	return y + 16
}

func (p retentionPlot) drawAxis(y float64) {
	p.scene.line(quietInk, 1.2, point{p.x(0), y}, point{p.x(1), y})
	for percent := 0; percent <= 100; percent += 25 {
		x := p.x(float64(percent) / 100)
		p.scene.line(quietInk, 1.2, point{x, y}, point{x, y + 5})
		p.scene.label(label{at: point{x, y + 21}, text: fmt.Sprintf("%d%%", percent), size: tickSize, face: plain, ink: quietInk, anchor: atMiddle})
	}
}
