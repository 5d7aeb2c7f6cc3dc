package report

import (
	"fmt"
	"math"
	"strconv"
	"time"

	"wellwave/surveys"
	"wellwave/surveys/monitor"
)

// ResponseCurve draws how the completes of a wave have come in against the number that its target needs.
func ResponseCurve(c monitor.Curve, size Size) *Chart {
	chart := &Chart{Title: c.Headline(), Subtitle: c.Subtitle(), Description: describeCurve(c)}
	chart.scene.width = size.Width
	top := chart.heading()
	if len(c.Points) == 0 {
		chart.scene.height = top
		return chart
	}
	chart.scene.height = max(size.Height, top+200)
	newCurvePlot(c, &chart.scene, top).draw()
	return chart
}

func describeCurve(c monitor.Curve) string {
	if len(c.Points) == 0 {
		return c.Headline() + "."
	}
	first, last := c.Points[0], c.Points[len(c.Points)-1]
	s := fmt.Sprintf("Line chart of questionnaires complete by date: %d by %s, %d by %s.", first.Complete, longDay(first.Day), last.Complete, longDay(last.Day))
	if c.Needed > 0 {
		s += fmt.Sprintf(" A dashed line marks the %d that are needed.", c.Needed)
	}
	return s + " The table beside it has the same numbers."
}

func longDay(t time.Time) string { return t.Format("2 January 2006") }

// curvePlot places a curve in the part of a scene that lies inside its margins.
type curvePlot struct {
	curve                    monitor.Curve
	scene                    *scene
	left, right, top, bottom float64
	from, to                 time.Time // ends of the horizontal axis
	step, most               int       // of the vertical axis
}

func newCurvePlot(c monitor.Curve, s *scene, below float64) *curvePlot {
	last := c.Points[len(c.Points)-1]
	p := &curvePlot{curve: c, scene: s, top: below + 34, bottom: s.height - 30}
	highest := max(last.Complete, c.Needed, 1)
	p.step = niceStep(highest, 4)
	p.most = (highest + p.step - 1) / p.step * p.step
	p.left = plain.width(strconv.Itoa(p.most), tickSize) + 10
	p.right = s.width - pageSlack*max(bold.width(strconv.Itoa(last.Complete), labelSize), bold.width("complete", labelSize)) - 12
	// A day starts at nothing: the curve rises from the evening before the first complete.
	p.from, p.to = surveys.AddDays(c.Points[0].Day, -1), last.Day
	return p
}

func (p *curvePlot) x(t time.Time) float64 {
	return p.left + (p.right-p.left)*t.Sub(p.from).Hours()/p.to.Sub(p.from).Hours()
}

func (p *curvePlot) y(n int) float64 {
	return p.bottom - (p.bottom-p.top)*float64(n)/float64(p.most)
}

func (p *curvePlot) draw() {
	needed := label{at: point{p.left + 4, p.y(p.curve.Needed) - 7}, text: strconv.Itoa(p.curve.Needed) + " needed",
		size: labelSize, face: bold, ink: textInk}
	p.drawGrid(needed)
	p.drawDays()
	if p.curve.Needed > 0 {
		y := p.y(p.curve.Needed)
		p.scene.dashed(textInk, 1.6, point{p.left, y}, point{p.right, y})
		p.scene.label(needed)
	}
	p.drawCurve()
}

// drawGrid draws the horizontal lines with their numbers. A line that would run through the target's label starts behind it.
func (p *curvePlot) drawGrid(needed label) {
	for n := 0; n <= p.most; n += p.step {
		y, from := p.y(n), p.left
		if p.curve.Needed > 0 && y > needed.at.y-needed.size && y < needed.at.y+4 {
			from = needed.at.x + pageSlack*needed.width() + 6
		}
		ink, width := gridInk, 1.0
		if n == 0 {
			ink, width = quietInk, 1.2
		}
		p.scene.line(ink, width, point{from, y}, point{p.right, y})
		p.scene.label(label{at: point{p.left - 8, y + 0.35*tickSize}, text: strconv.Itoa(n), size: tickSize, face: plain, ink: quietInk, anchor: atEnd})
	}
}

func (p *curvePlot) drawDays() {
	for _, t := range dateTicks(p.from, p.to, p.right-p.left) {
		x := p.x(t.day)
		p.scene.line(quietInk, 1.2, point{x, p.bottom}, point{x, p.bottom + 5})
		tick := label{at: point{x, p.bottom + 22}, text: t.text, size: tickSize, face: plain, ink: quietInk, anchor: atMiddle}
		if x < tick.width()/2 {
			tick.at.x, tick.anchor = 0, atStart
		}
		p.scene.label(tick)
	}
}

func (p *curvePlot) drawCurve() {
	points := []point{{p.x(p.from), p.y(0)}}
	for _, total := range p.curve.Points {
		points = append(points, point{p.x(total.Day), p.y(total.Complete)})
	}
	p.scene.line(dataInk, 2.5, points...)
	last := p.curve.Points[len(p.curve.Points)-1]
	end := points[len(points)-1]
	p.scene.dots = append(p.scene.dots, dot{at: end, radius: 4.5, ink: dataInk})
	y := min(end.y+5, p.bottom-labelSize*1.2-2) // two lines, clear of the days
	for i, text := range []string{strconv.Itoa(last.Complete), "complete"} {
		p.scene.label(label{at: point{end.x + 11, y + float64(i)*labelSize*1.2}, text: text, size: labelSize, face: bold, ink: dataInk})
	}
}

// niceStep returns the smallest of 1, 2, 5, 10, 20, 50 … that divides 0 to most into no more than parts steps.
func niceStep(most, parts int) int {
	for power := 1; ; power *= 10 {
		for _, digit := range [...]int{1, 2, 5} {
			if step := digit * power; step*parts >= most {
				return step
			}
		}
	}
}

// dateTick is a day on an axis, and what stands below it.
type dateTick struct {
	day  time.Time
	text string
}

// The room that a tick's text needs, by how it is written.
const (
	roomForMonth = 58.0 // Jan, and now and then Jan 2006
	roomForYear  = 80.0 // Jan 2006 at every tick
)

// dateTicks returns days that people would name, for an axis of the given width: first days of months, or days at equal
// distances where the axis holds two months or less. The year stands at each January, or else at the first tick.
func dateTicks(from, to time.Time, width float64) []dateTick {
	days := math.Round(to.Sub(from).Hours() / 24)
	if days <= 62 {
		return dayTicks(from, to, niceStep(max(int(days), 1), max(1, int(width/roomForMonth))))
	}
	months := 1
	for _, months = range [...]int{1, 2, 3, 6, 12, 24, 60, 120} {
		room := roomForMonth
		if months >= 12 {
			room = roomForYear
		}
		if width*28*float64(months)/days >= room { // 28 days is the shortest that a month is drawn
			break
		}
	}
	return monthTicks(from, to, months)
}

func dayTicks(from, to time.Time, step int) []dateTick {
	var ticks []dateTick
	for day := from; !day.After(to); day = surveys.AddDays(day, step) {
		ticks = append(ticks, dateTick{day, day.Format("2 Jan")})
	}
	return ticks
}

func monthTicks(from, to time.Time, months int) []dateTick {
	_, m, _ := from.Date()
	step := min(months, 12) // quarters start in January, and so do years
	start := (int(m) - 1 + step - 1) / step * step
	var ticks []dateTick
	hasYear := false
	for i := start; ; i += months {
		day := surveys.FirstOfMonth(from, 1+i-int(m))
		switch {
		case day.After(to):
			if len(ticks) > 0 && !hasYear {
				ticks[0].text = ticks[0].day.Format("Jan 2006")
			}
			return ticks
		case day.Before(from):
			continue
		case day.Month() == time.January:
			hasYear = true
			ticks = append(ticks, dateTick{day, day.Format("Jan 2006")})
		default:
			ticks = append(ticks, dateTick{day, day.Format("Jan")})
		}
	}
}
