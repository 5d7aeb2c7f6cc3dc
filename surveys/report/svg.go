package report

import (
	"fmt"
	"html/template"
	"strconv"
	"strings"
)

// Every colour is a custom property of the page with a fallback, so a page may darken a chart. Attributes are used rather
// than styles, which a content security policy may refuse.
var svgColours = [...]string{
	textInk:  "var(--ww-chart-text, currentColor)",
	quietInk: "var(--ww-chart-quiet, #4c6272)",
	gridInk:  "var(--ww-chart-grid, #d8dde0)",
	dataInk:  "var(--ww-chart-data, #005eb8)",
	paperInk: "var(--ww-chart-paper, #ffffff)",
}

// plainFamilies have a nought without a slash.
const plainFamilies = "Arial, Helvetica, 'Liberation Sans', 'DejaVu Sans', sans-serif"

var svgAnchors = [...]string{atStart: "start", atMiddle: "middle", atEnd: "end"}

// SVG returns the chart as an inline SVG element that a screen reader reads as one image. Its texts take the page's font.
// The id must be unique on the page and a plain word.
func (c *Chart) SVG(id string) template.HTML {
	var b strings.Builder
	fmt.Fprintf(&b, `<svg class="ww-chart" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %s %s" width="%s" height="%s" overflow="visible" role="img" aria-labelledby="%s-title %s-desc">`,
		svgNumber(c.scene.width), svgNumber(c.scene.height), svgNumber(c.scene.width), svgNumber(c.scene.height), id, id)
	fmt.Fprintf(&b, "\n<title id=\"%s-title\">%s</title>\n<desc id=\"%s-desc\">%s</desc>\n",
		id, template.HTMLEscapeString(c.Title), id, template.HTMLEscapeString(c.Description))
	for _, r := range c.scene.bars {
		r.writeSVG(&b)
	}
	for _, l := range c.scene.lines {
		l.writeSVG(&b)
	}
	for _, d := range c.scene.dots {
		d.writeSVG(&b)
	}
	for _, l := range c.scene.labels {
		l.writeSVG(&b)
	}
	b.WriteString("</svg>")
	return template.HTML(b.String()) // every text in it was escaped above
}

// svgNumber returns n with at most one decimal.
func svgNumber(n float64) string {
	return strings.TrimSuffix(strconv.FormatFloat(n, 'f', 1, 64), ".0")
}

func (l line) writeSVG(b *strings.Builder) {
	b.WriteString(`<polyline points="`)
	for i, p := range l.points {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(svgNumber(p.x) + "," + svgNumber(p.y))
	}
	fmt.Fprintf(b, `" fill="none" stroke="%s" stroke-width="%s"`, svgColours[l.ink], svgNumber(l.width))
	if l.dashed {
		b.WriteString(` stroke-dasharray="7 5"`)
	}
	b.WriteString("/>\n")
}

func (r bar) writeSVG(b *strings.Builder) {
	fmt.Fprintf(b, `<rect x="%s" y="%s" width="%s" height="%s"`, svgNumber(r.at.x), svgNumber(r.at.y), svgNumber(r.width), svgNumber(r.height))
	if r.hollow {
		fmt.Fprintf(b, ` fill="%s" stroke="%s" stroke-width="1.2"/>`+"\n", svgColours[paperInk], svgColours[quietInk])
		return
	}
	fmt.Fprintf(b, ` fill="%s"/>`+"\n", svgColours[r.ink])
}

func (d dot) writeSVG(b *strings.Builder) {
	if d.square {
		fmt.Fprintf(b, `<rect x="%s" y="%s" width="%s" height="%s" fill="%s"/>`+"\n", svgNumber(d.at.x-d.radius), svgNumber(d.at.y-d.radius),
			svgNumber(2*d.radius), svgNumber(2*d.radius), svgColours[d.inside()])
		return
	}
	fmt.Fprintf(b, `<circle cx="%s" cy="%s" r="%s" fill="%s" stroke="%s" stroke-width="2"/>`+"\n", svgNumber(d.at.x), svgNumber(d.at.y),
		svgNumber(d.radius), svgColours[d.inside()], svgColours[d.ink])
}

func (l label) writeSVG(b *strings.Builder) {
	fmt.Fprintf(b, `<text x="%s" y="%s" font-size="%s" fill="%s"`, svgNumber(l.at.x), svgNumber(l.at.y), svgNumber(l.size), svgColours[l.ink])
	if l.anchor != atStart {
		fmt.Fprintf(b, ` text-anchor="%s"`, svgAnchors[l.anchor])
	}
	switch l.face {
	case bold:
		b.WriteString(` font-weight="700"`)
	case plain:
		fmt.Fprintf(b, ` font-family="%s"`, plainFamilies)
	}
	fmt.Fprintf(b, ">%s</text>\n", template.HTMLEscapeString(l.text))
}
