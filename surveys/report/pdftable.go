package report

import "strings"

// column is one column of a table on paper.
type column struct {
	title string
	text  bool // set from the left and broken into lines, as text is; numbers are set from the right
	face  face
}

// table is a table on paper. Its columns take the room that their words need.
type table struct {
	caption string
	columns []column
	rows    [][]string
	strong  map[int]bool // rows that sum up, set in bold below a line
	groups  []string     // what each row stands under, set in bold above the first of them; nil for none

	size   float64   // of its text, in points
	widths []float64 // of its columns, in millimetres
}

const (
	cellPadding = 1.2
	rowGap      = 1.4
	groupGap    = 0.8  // above a group
	leastText   = 30.0 // what the first column must have left to be readable
	leastSize   = 6.0
)

// table draws t, with its head, and the group that a page goes on with, again on every page that it reaches.
func (d *document) table(t table) {
	t.fit()
	d.room(t.opening())
	if t.caption != "" {
		d.block(t.caption, paperBody, bold, textInk, 0.5)
	}
	d.tableHead(t)
	for i, cells := range t.rows {
		lines, height := t.lines(cells, t.strong[i])
		group, above := t.group(i)
		if d.y+above+height > pageHeight-marginFoot {
			d.addPage()
			d.tableHead(t)
			if group == nil && t.groups != nil && t.groups[i] != "" {
				group, _ = t.heading(t.groups[i] + ", continued")
			}
		}
		d.tableGroup(t, group)
		if t.strong[i] {
			d.rule(quietInk, 0.2)
		}
		d.tableRow(t, lines, height, t.strong[i], false)
	}
	d.rule(textInk, 0.3)
	d.y += 4
}

// group returns the lines that stand above row i because a group begins with it, and their height.
func (t *table) group(i int) (lines []string, height float64) {
	if t.groups == nil || t.groups[i] == "" || i > 0 && t.groups[i] == t.groups[i-1] {
		return nil, 0
	}
	return t.heading(t.groups[i])
}

// heading returns the lines of a group's name, and their height.
func (t *table) heading(group string) (lines []string, height float64) {
	lines = wrap(group, columnWidth-2*cellPadding, t.size*mmPerPoint, bold)
	return lines, float64(len(lines))*t.lineHeight() + rowGap + groupGap
}

// tableGroup draws what group returned.
func (d *document) tableGroup(t table, lines []string) {
	if lines == nil {
		return
	}
	d.y += groupGap
	d.rule(gridInk, 0.2)
	d.y += rowGap / 2
	for _, line := range lines {
		d.y += t.lineHeight()
		d.text(marginSide+cellPadding, d.y-0.28*t.lineHeight(), line, t.size, bold, textInk, atStart)
	}
	d.y += rowGap / 2
}

// opening returns the height of the head and the first rows, which must stay together.
func (t *table) opening() float64 {
	height := 0.0
	if t.caption != "" {
		height += 6
	}
	_, head := t.lines(t.titles(), true)
	height += head
	for i := range min(5, len(t.rows)) {
		_, row := t.lines(t.rows[i], t.strong[i])
		_, above := t.group(i)
		height += above + row
	}
	return height
}

func (t *table) titles() []string {
	titles := make([]string, len(t.columns))
	for i, c := range t.columns {
		titles[i] = c.title
	}
	return titles
}

// fit sets the size of the text and the widths of the columns: as small as it must, no smaller than it need.
func (t *table) fit() {
	for t.size = paperTable; t.size > leastSize; t.size -= 0.5 {
		if t.share() >= leastText {
			return
		}
	}
	t.share()
}

// share gives a number's column the width of its widest word and text the rest, and returns what the first text has.
func (t *table) share() float64 {
	t.widths = make([]float64, len(t.columns))
	left, wanted := columnWidth, 0.0
	natural := make([]float64, len(t.columns))
	for i, c := range t.columns {
		if c.text {
			natural[i] = t.natural(i)
			wanted += natural[i]
		} else {
			t.widths[i] = t.narrowest(i)
			left -= t.widths[i]
		}
	}
	first := -1.0
	spare := max(0, left-wanted) / float64(len(t.columns))
	for i, c := range t.columns {
		if c.text {
			t.widths[i] = natural[i] * min(1, left/wanted)
			if first < 0 {
				first = t.widths[i]
				if wanted <= left {
					first = leastText // short texts that all fit are readable
				}
			}
		}
		t.widths[i] += spare
	}
	return first
}

func (t *table) cellWidth(f face, s string) float64 {
	return f.width(s, t.size*mmPerPoint) + 2*cellPadding + 0.1
}

// narrowest returns the width that column i needs if its head is broken wherever it may be.
func (t *table) narrowest(i int) float64 {
	widest := 0.0
	for _, word := range strings.Fields(strings.ReplaceAll(t.columns[i].title, "-", "- ")) {
		widest = max(widest, t.cellWidth(bold, word))
	}
	for row, cells := range t.rows {
		widest = max(widest, t.cellWidth(t.cellFace(i, t.strong[row]), cells[i]))
	}
	return widest
}

// natural returns the width that column i needs to have no line broken.
func (t *table) natural(i int) float64 {
	widest := t.cellWidth(bold, t.columns[i].title)
	for row, cells := range t.rows {
		widest = max(widest, t.cellWidth(t.cellFace(i, t.strong[row]), cells[i]))
	}
	return widest
}

func (t *table) cellFace(i int, strong bool) face {
	if strong {
		return bold
	}
	return t.columns[i].face
}

func (t *table) lineHeight() float64 { return t.size * mmPerPoint * 1.3 }

// lines breaks a row's cells and returns them with the row's height.
func (t *table) lines(cells []string, strong bool) ([][]string, float64) {
	broken, most := make([][]string, len(cells)), 1
	for i, cell := range cells {
		broken[i] = wrap(cell, t.widths[i]-2*cellPadding, t.size*mmPerPoint, t.cellFace(i, strong))
		most = max(most, len(broken[i]))
	}
	return broken, float64(most)*t.lineHeight() + rowGap
}

func (d *document) tableHead(t table) {
	lines, height := t.lines(t.titles(), true)
	d.tableRow(t, lines, height, true, true)
	d.rule(textInk, 0.3)
}

// tableRow draws broken cells: those of a head stand on its last line, those of a row hang from its first.
func (d *document) tableRow(t table, cells [][]string, height float64, strong, head bool) {
	x := marginSide
	for i, c := range t.columns {
		y := d.y + rowGap/2
		if head {
			y = d.y + height - rowGap/2 - float64(len(cells[i]))*t.lineHeight()
		}
		for _, line := range cells[i] {
			y += t.lineHeight()
			at, end := x+cellPadding, atStart
			if !c.text {
				at, end = x+t.widths[i]-cellPadding, atEnd
			}
			d.text(at, y-0.28*t.lineHeight(), line, t.size, t.cellFace(i, strong), textInk, end)
		}
		x += t.widths[i]
	}
	d.y += height
}

func (d *document) rule(i ink, width float64) {
	d.ink(i)
	d.pdf.SetLineWidth(width)
	d.pdf.Line(marginSide, d.y, pageWidth-marginSide, d.y)
}
