package report

import (
	"io"
	"strconv"
	"time"

	"github.com/jung-kurt/gofpdf"
)

// The page, in millimetres.
const (
	pageWidth   = 210.0
	pageHeight  = 297.0
	marginSide  = 18.0
	marginTop   = 20.0
	marginFoot  = 20.0
	columnWidth = pageWidth - 2*marginSide
)

// mmPerPoint turns a font size into the page's unit.
const mmPerPoint = 25.4 / 72

// Sizes of text on paper, in points.
const (
	paperTitle   = 20.0
	paperHeading = 14.0
	paperSub     = 11.0
	paperBody    = 10.0
	paperTable   = 8.5
	paperSmall   = 8.0
)

// paperColours are the inks in red, green and blue. In grey they stay apart.
var paperColours = [...][3]int{textInk: {33, 43, 50}, quietInk: {76, 98, 114}, gridInk: {216, 221, 224}, dataInk: {0, 94, 184}, paperInk: {255, 255, 255}}

// document writes a report from the top of the first page to the foot of the last.
type document struct {
	pdf    *gofpdf.Fpdf
	y      float64 // where the next thing starts
	banner string  // at the head of every page, or empty
	footer string
}

// newDocument returns a document whose bytes depend on its content and at alone.
func newDocument(title, banner, footer string, at time.Time) *document {
	pdf := gofpdf.New("P", "mm", "A4", "")
	pdf.SetCatalogSort(true)
	pdf.SetCreationDate(at.UTC())
	pdf.SetModificationDate(at.UTC())
	pdf.SetTitle(title, true)
	pdf.SetCreator("wellwave", true)
	pdf.SetProducer("wellwave", true)
	pdf.SetAutoPageBreak(false, 0)
	pdf.SetMargins(marginSide, marginTop, marginSide)
	pdf.AliasNbPages(pageCount)
	pdf.AddUTF8FontFromBytes(familyNames[regular], "", regularTTF)
	pdf.AddUTF8FontFromBytes(familyNames[bold], "", boldTTF)
	pdf.AddUTF8FontFromBytes(familyNames[plain], "", plainTTF)
	d := &document{pdf: pdf, banner: banner, footer: footer}
	d.addPage()
	return d
}

// pageCount stands for the number of pages until it is known.
const pageCount = "{pages}"

var familyNames = [...]string{regular: "atkinson", bold: "atkinson-bold", plain: "dejavu"}

// write writes the finished document.
func (d *document) write(w io.Writer) error { return d.pdf.Output(w) }

func (d *document) addPage() {
	d.pdf.AddPage()
	d.y = marginTop
	if d.banner != "" {
		d.ink(textInk)
		d.pdf.Rect(marginSide, 9, columnWidth, 7, "D")
		d.text(pageWidth/2, 13.7, d.banner, paperBody, bold, textInk, atMiddle)
		d.y += 3
	}
	foot := pageHeight - 11.0
	d.text(marginSide, foot, d.footer, paperSmall, regular, quietInk, atStart)
	// The alias is wider than the number that takes its place, so its place is kept for two digits.
	page := "Page " + strconv.Itoa(d.pdf.PageNo()) + " of "
	x := pageWidth - marginSide - regular.width(page+"00", paperSmall*mmPerPoint)
	d.text(x, foot, page+pageCount, paperSmall, regular, quietInk, atStart)
}

// room starts a new page unless height fits on this one.
func (d *document) room(height float64) {
	if d.y+height > pageHeight-marginFoot {
		d.addPage()
	}
}

// ink sets the colour of lines.
func (d *document) ink(i ink) {
	c := paperColours[i]
	d.pdf.SetDrawColor(c[0], c[1], c[2])
}

// text puts one line of text with its baseline at y.
func (d *document) text(x, y float64, text string, size float64, f face, i ink, a anchor) {
	width := f.width(text, size*mmPerPoint)
	switch a {
	case atMiddle:
		x -= width / 2
	case atEnd:
		x -= width
	}
	c := paperColours[i]
	d.pdf.SetTextColor(c[0], c[1], c[2])
	for _, run := range f.runs(text) {
		d.pdf.SetFont(familyNames[run.face], "", size)
		d.pdf.Text(x, y, run.text)
		x += run.face.width(run.text, size*mmPerPoint)
	}
}

// block puts a paragraph in as many lines as it needs and leaves a gap below it.
func (d *document) block(text string, size float64, f face, i ink, gap float64) {
	height := size * mmPerPoint * 1.35
	for _, part := range wrap(text, columnWidth, size*mmPerPoint, f) {
		d.room(height)
		d.y += height
		d.text(marginSide, d.y-0.28*height, part, size, f, i, atStart)
	}
	d.y += gap
}

func (d *document) paragraph(text string) { d.block(text, paperBody, regular, textInk, 2) }

func (d *document) note(text string) { d.block(text, paperSmall, regular, quietInk, 2) }

// heading starts a part of the report; keep is the height that must follow on the same page.
func (d *document) heading(text string, size, keep float64) {
	d.room(keep)
	if d.y > marginTop+5 {
		d.y += 0.35 * size
	}
	d.block(text, size, bold, textInk, 1.5)
}

// chart draws c over the whole width.
func (d *document) chart(c *Chart) {
	scale := columnWidth / c.scene.width
	d.room(d.height(c))
	at := func(p point) (x, y float64) { return marginSide + p.x*scale, d.y + p.y*scale }
	for _, b := range c.scene.bars {
		d.bar(b, scale, at)
	}
	for _, l := range c.scene.lines {
		d.polyline(l, scale, at)
	}
	for _, dot := range c.scene.dots {
		d.dot(dot, scale, at)
	}
	for _, l := range c.scene.labels {
		x, y := at(l.at)
		d.text(x, y, l.text, l.size*scale/mmPerPoint, l.face, l.ink, l.anchor)
	}
	d.y += d.height(c)
}

// height returns how much of a page a chart takes, with the gap below it.
func (d *document) height(c *Chart) float64 { return c.scene.height*columnWidth/c.scene.width + 4 }

func (d *document) polyline(l line, scale float64, at func(point) (float64, float64)) {
	d.ink(l.ink)
	d.pdf.SetLineWidth(l.width * scale)
	d.pdf.SetLineJoinStyle("round")
	if l.dashed {
		d.pdf.SetDashPattern([]float64{7 * scale, 5 * scale}, 0)
		defer d.pdf.SetDashPattern([]float64{}, 0)
	}
	for i, p := range l.points {
		if x, y := at(p); i == 0 {
			d.pdf.MoveTo(x, y)
		} else {
			d.pdf.LineTo(x, y)
		}
	}
	d.pdf.DrawPath("D")
}

func (d *document) bar(b bar, scale float64, at func(point) (float64, float64)) {
	x, y := at(b.at)
	fill, style := paperColours[b.ink], "F"
	if b.hollow {
		fill, style = paperColours[paperInk], "FD"
		d.ink(quietInk)
		d.pdf.SetLineWidth(1.2 * scale)
	}
	d.pdf.SetFillColor(fill[0], fill[1], fill[2])
	d.pdf.Rect(x, y, b.width*scale, b.height*scale, style)
}

func (d *document) dot(dot dot, scale float64, at func(point) (float64, float64)) {
	x, y := at(dot.at)
	r := dot.radius * scale
	d.ink(dot.ink)
	fill := paperColours[dot.inside()]
	d.pdf.SetFillColor(fill[0], fill[1], fill[2])
	d.pdf.SetLineWidth(2 * scale)
	if dot.square {
		d.pdf.Rect(x-r, y-r, 2*r, 2*r, "F")
	} else {
		d.pdf.Circle(x, y, r, "FD")
	}
}
