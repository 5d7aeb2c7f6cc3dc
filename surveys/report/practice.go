package report

import (
	"fmt"
	"io"
	"strings"

	"wellwave/surveys/climate"
	"wellwave/surveys/monitor"
)

// FactorTable is a practice's factors in numbers.
func FactorTable(p *climate.PracticeReport) monitor.Table {
	t := monitor.Table{Caption: "Means of the themes, from 1 to 7", Heads: []string{"Theme"}, Words: 1}
	if p.Own() {
		t.Heads = append(t.Heads, "Your practice")
		if p.Before != "" {
			t.Heads = append(t.Heads, "Last round")
		}
	}
	if p.Others() {
		t.Heads = append(t.Heads, "All practices")
	}
	for _, f := range p.Factors {
		cells := []string{f.Title}
		if p.Own() {
			cells = append(cells, mean(f.Mean, 1))
			if p.Before != "" {
				cells = append(cells, mean(f.Before, 1))
			}
		}
		if p.Others() {
			cells = append(cells, mean(f.All, 2))
		}
		t.Rows = append(t.Rows, monitor.TableRow{Cells: cells})
	}
	return t
}

// ChangeTable is what changed since the round before. It has no rows in the first round.
func ChangeTable(p *climate.PracticeReport) monitor.Table {
	t := monitor.Table{Caption: "Change since the last round", Heads: []string{"Theme", "All practices"}, Words: 2}
	if p.Own() {
		t.Heads = append(t.Heads, "Your practice", "By chance alone, up to")
	}
	if p.Before == "" {
		return t
	}
	for _, f := range p.Factors {
		cells := []string{f.Title, f.AverageSays()}
		if change, ok := f.Change(); p.Own() && ok {
			cells = append(cells, climate.Signed(change, 1), mean(f.Chance, 1))
		} else if p.Own() {
			cells = append(cells, "not shown", "–")
		}
		t.Rows = append(t.Rows, monitor.TableRow{Cells: cells})
	}
	return t
}

// StatementTable is how the strongest and the weakest statements were answered, in words.
func StatementTable(p *climate.PracticeReport) monitor.Table {
	t := monitor.Table{Caption: "Strongest and weakest statements", Heads: []string{"Statement", "Good side", "Middle", "Other side"}, Words: 4}
	for _, group := range []struct {
		name       string
		statements []climate.Statement
	}{{"Strongest", p.Strongest}, {"Weakest", p.Weakest}} {
		for _, s := range group.statements {
			t.Rows = append(t.Rows, monitor.TableRow{Group: group.name, Cells: []string{s.Text, s.Safe.String(), s.Between.String(), s.Other.String()}})
		}
	}
	return t
}

// The headings of the two ends.
const (
	StrongestTitle = "Strongest statements"
	WeakestTitle   = "Weakest statements"
)

// StatementKey says how the bars of statements are to be read.
const StatementKey = "Filled is the share on the good side, grey the middle, hollow the other side. Of some statements the good side is to disagree."

// shortened is how much of long texts is left out so that a practice's report fits on two sides.
type shortened struct {
	names      int // lines of a title
	statements int // lines of a statement
	factors    int // that are drawn
	changes    bool
}

// shortenings go from nothing left out to a report that always fits.
var shortenings = []shortened{
	{names: 4, statements: 3, factors: 12, changes: true},
	{names: 2, statements: 2, factors: 10, changes: true},
	{names: 2, statements: 1, factors: 8},
}

// sides is how many a practice's report has at most: one sheet of paper.
const sides = 2

// WritePractice writes a practice's report as a PDF of at most two sides. The same report gives the same bytes. Where texts
// are so long that they would not fit, the ends of statements and titles are left out, and last the table of changes.
func WritePractice(w io.Writer, p *climate.PracticeReport) error {
	for _, s := range shortenings {
		d := practiceDocument(p, s)
		if d.pdf.PageNo() <= sides {
			return d.write(w)
		}
	}
	return fmt.Errorf("the report of %s does not fit on %d sides", p.Practice, sides)
}

func practiceDocument(p *climate.PracticeReport, s shortened) *document {
	banner := ""
	if p.Demo {
		banner = demoBanner
	}
	footer := clip("Results of the staff survey, "+p.When(), columnWidth-30, paperSmall*mmPerPoint, regular, 1)
	d := newDocument("Results of the staff survey: "+p.Practice, banner, footer[0], p.Held)
	d.clipped(p.Study+" · "+p.When(), paperBody, regular, quietInk, s.names)
	d.clipped(p.Practice, paperTitle, bold, textInk, s.names)
	d.y += 1
	d.paragraph(join(p.ResponseSays(), p.Lead()))
	for _, says := range p.Withheld() {
		d.paragraph(says)
	}
	shown := *p
	shown.Factors = shown.Factors[:min(s.factors, len(shown.Factors))]
	for i := range shown.Factors {
		f := shown.Factors[i]
		f.Title = strings.Join(clip(f.Title, columnWidth/3, paperBody*mmPerPoint, bold, s.names/2), " ")
		shown.Factors[i] = f
	}
	if p.Own() || p.Others() {
		d.chart(FactorBars(&shown, Wide))
	}
	if len(shown.Factors) < len(p.Factors) {
		d.note(fmt.Sprintf("The web page shows all %d themes.", len(p.Factors)))
	}
	if says := p.ChangeSays(); says != "" {
		d.paragraph(says)
	}
	if t := ChangeTable(&shown); s.changes && len(t.Rows) > 0 {
		d.words(t)
	}
	d.questions(p.Questions)
	d.statements(p, s)
	if roles := p.RolesSay(); roles != "" {
		d.paragraph(roles)
	}
	d.heading("What the numbers cannot say", paperSub, 20)
	for _, says := range p.CannotSay() {
		d.block(says, paperTable, regular, textInk, 1.5)
	}
	d.note("This file has no structure for screen readers; the web page shows the same and is the accessible copy.")
	return d
}

// join puts sentences after one another.
func join(first, second string) string {
	if first == "" || second == "" {
		return first + second
	}
	return first + " " + second
}

// clipped puts a text in at most so many lines.
func (d *document) clipped(text string, size float64, f face, i ink, lines int) {
	for _, part := range clip(text, columnWidth, size*mmPerPoint, f, lines) {
		d.block(part, size, f, i, 0)
	}
}

// statements draws the strongest and the weakest statements.
func (d *document) statements(p *climate.PracticeReport, s shortened) {
	var charts []*Chart
	height := 12.0
	for _, end := range []struct {
		title      string
		statements []climate.Statement
	}{{StrongestTitle, p.Strongest}, {WeakestTitle, p.Weakest}} {
		if len(end.statements) > 0 {
			chart := StatementBars(end.title, end.statements, Wide, s.statements)
			charts, height = append(charts, chart), height+chart.scene.height*columnWidth/chart.scene.width
		}
	}
	if charts != nil {
		d.room(height) // a team compares the two, so they stand on one side
		for _, chart := range charts {
			d.chart(chart)
		}
		d.note(StatementKey)
	}
	if says := p.StatementsSay(); says != "" {
		d.note(says)
	}
}

// questions puts what to talk about into a tinted box.
func (d *document) questions(questions []string) {
	const pad, stripe = 4.0, 1.6
	left, width := marginSide+stripe+pad, columnWidth-stripe-2*pad
	var lines [][]string
	height := 2*pad + leading(paperSub)
	for i, question := range questions {
		part := wrap(fmt.Sprintf("%d. %s", i+1, question), width, paperBody*mmPerPoint, regular)
		lines = append(lines, part)
		height += float64(len(part)) * leading(paperBody)
	}
	d.room(height + 4)
	d.y += 1
	d.pdf.SetFillColor(232, 241, 249)
	d.pdf.Rect(marginSide, d.y, columnWidth, height, "F")
	blue := paperColours[dataInk]
	d.pdf.SetFillColor(blue[0], blue[1], blue[2])
	d.pdf.Rect(marginSide, d.y, stripe, height, "F")
	y := d.y + pad + 0.75*leading(paperSub)
	d.text(left, y, "To talk about", paperSub, bold, textInk, atStart)
	y += leading(paperBody) + 0.5
	for _, part := range lines {
		for _, text := range part {
			d.text(left, y, text, paperBody, regular, textInk, atStart)
			y += leading(paperBody)
		}
	}
	d.y += height + 3
}
