package report

import (
	"strings"

	"wellwave/surveys/climate"
)

// shareBar is how high the bar of a statement is.
const shareBar = 15.0

// StatementBars draws how some statements were answered, in three groups: filled the good side, grey the middle, hollow the
// other. lines is how many lines a statement may take, 0 for any.
func StatementBars(title string, statements []climate.Statement, size Size, lines int) *Chart {
	chart := &Chart{Title: title, Description: describeStatements(statements)}
	chart.scene.width = size.Width
	y := chart.heading() + 4
	for _, s := range statements {
		for _, text := range clip(s.Text, size.Width/pageSlack, labelSize, regular, lines) {
			y += labelSize * lineHeight
			chart.scene.label(label{at: point{0, y - 4}, text: text, size: labelSize, face: regular, ink: textInk})
		}
		y = drawShares(&chart.scene, s, y+4, lines) + 10
	}
	chart.scene.height = y
	return chart
}

// drawShares draws a bar of three groups and what they are, beside it where there is room and else below, and returns the y
// below both. Shares may add up to 90 or 110, so the bar shows their proportions.
func drawShares(s *scene, of climate.Statement, y float64, lines int) float64 {
	groups := []struct {
		climate.Answered
		ink    ink
		hollow bool
	}{{of.Safe, dataInk, false}, {of.Between, gridInk, false}, {of.Other, paperInk, true}}
	width, all, x := s.width, float64(of.Safe.Percent+of.Between.Percent+of.Other.Percent), 1.0
	if s.width >= narrowest {
		width = 0.4 * s.width
	}
	width -= 2
	for _, g := range groups {
		if part := width * float64(g.Percent) / all; g.Percent > 0 {
			s.bars = append(s.bars, bar{at: point{x, y}, width: part, height: shareBar, ink: g.ink, hollow: g.hollow})
			x += part
		}
	}
	s.line(quietInk, 1.2, point{1, y}, point{width + 1, y}, point{width + 1, y + shareBar}, point{1, y + shareBar}, point{1, y})
	at, room := point{0, y + shareBar + 17}, s.width
	if s.width >= narrowest {
		at, room = point{width + 12, y + shareBar - 3}, s.width-width-12
	}
	head, bottom := of.Safe.String(), y+shareBar
	rest := of.Between.String() + ", " + of.Other.String()
	if bold.width(head, tickSize)+regular.width("  "+rest, tickSize) <= room/pageSlack {
		s.label(label{at: at, text: head, size: tickSize, face: bold, ink: textInk})
		s.label(label{at: point{at.x + pageSlack*bold.width(head+"  ", tickSize), at.y}, text: rest, size: tickSize, face: regular, ink: quietInk})
		return max(bottom, at.y+4)
	}
	for _, part := range clip(head+", "+rest, room/pageSlack, tickSize, regular, lines) {
		s.label(label{at: at, text: part, size: tickSize, face: regular, ink: textInk})
		bottom = max(bottom, at.y+4)
		at.y += tickSize * 1.2
	}
	return bottom
}

func describeStatements(statements []climate.Statement) string {
	parts := []string{"Bars of answers in three groups."}
	for _, s := range statements {
		parts = append(parts, strings.TrimSuffix(s.Text, ".")+": "+s.Safe.String()+", "+s.Between.String()+", "+s.Other.String()+".")
	}
	return strings.Join(append(parts, "The table beside them has the same numbers."), " ")
}

// clip breaks text into at most so many lines, 0 for any, and marks what is cut off.
func clip(text string, width, size float64, f face, most int) []string {
	lines := wrap(text, width, size, f)
	if most == 0 || len(lines) <= most {
		return lines
	}
	lines = lines[:most]
	last := []rune(lines[most-1])
	for len(last) > 0 && f.width(string(last)+"…", size) > width {
		last = last[:len(last)-1]
	}
	lines[most-1] = strings.TrimRight(string(last), " ,;:") + "…"
	return lines
}
