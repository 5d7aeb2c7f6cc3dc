package report

import (
	"strings"
	"unicode/utf8"
)

// ink is the part that a mark plays, which decides its colour on paper and, through a custom property, on a page.
type ink uint8

const (
	textInk  ink = iota // titles and labels
	quietInk            // subtitles, ticks and their labels
	gridInk             // grid lines
	dataInk             // the one blue
	paperInk            // the inside of a hollow dot
)

// point is a place in a scene: x to the right and y downwards, in units of which a page's text takes about 16.
type point struct{ x, y float64 }

// anchor says which end of a text stands at its point.
type anchor uint8

const (
	atStart anchor = iota
	atMiddle
	atEnd
)

// line is a polyline.
type line struct {
	points []point
	width  float64
	ink    ink
	dashed bool
}

// dot is a circle, filled with its ink or with paper, or a filled square.
type dot struct {
	at     point
	radius float64
	ink    ink
	filled bool
	square bool
}

// inside returns what a dot is filled with.
func (d dot) inside() ink {
	if d.filled || d.square {
		return d.ink
	}
	return paperInk
}

// bar is a rectangle: filled with its ink, or hollow with a quiet line round it.
type bar struct {
	at            point // its corner at the top and the left
	width, height float64
	ink           ink
	hollow        bool
}

// label is one line of text; at is on its baseline.
type label struct {
	at     point
	text   string
	size   float64
	face   face
	ink    ink
	anchor anchor
}

// width returns how wide the label is.
func (l label) width() float64 { return l.face.width(l.text, l.size) }

// scene is a drawing: what is drawn first lies lowest.
type scene struct {
	width, height float64
	bars          []bar
	lines         []line
	dots          []dot
	labels        []label
}

func (s *scene) line(ink ink, width float64, points ...point) {
	s.lines = append(s.lines, line{points: points, width: width, ink: ink})
}

func (s *scene) dashed(ink ink, width float64, from, to point) {
	s.lines = append(s.lines, line{points: []point{from, to}, width: width, ink: ink, dashed: true})
}

func (s *scene) label(l label) { s.labels = append(s.labels, l) }

// Chart is a finished chart, to be drawn as SVG or into a PDF.
type Chart struct {
	Title       string // the finding
	Subtitle    string
	Description string // what somebody who can't see the chart needs to know of it
	scene       scene
}

// Size is how much room a chart has, in units of about a page's pixels.
type Size struct{ Width, Height float64 }

// The sizes that pages use. A page holds both and shows the one that fits, since text must not shrink with a screen.
var (
	Wide   = Size{720, 380}
	Narrow = Size{343, 300}
)

// Sizes of text.
const (
	titleSize  = 18
	noteSize   = 15
	labelSize  = 15
	tickSize   = 14
	lineHeight = 1.3
)

// pageSlack is how much wider than the report's fonts a page's may run.
const pageSlack = 1.06

// heading sets the chart's title and subtitle, in as many lines as they need, and returns the y below them.
func (c *Chart) heading() float64 {
	y := 0.0
	put := func(text string, size float64, face face, ink ink) {
		for _, part := range wrap(text, c.scene.width/pageSlack, size, face) {
			y += size * lineHeight
			c.scene.label(label{at: point{0, y - 0.25*size}, text: part, size: size, face: face, ink: ink})
		}
	}
	put(c.Title, titleSize, bold, textInk)
	put(c.Subtitle, noteSize, regular, quietInk)
	return y
}

// wrap breaks text into lines no wider than width. A word that is wider by itself is cut.
func wrap(text string, width, size float64, f face) []string {
	var lines []string
	current := ""
	for _, word := range strings.Fields(text) {
		longer := word
		if current != "" {
			longer = current + " " + word
		}
		if f.width(longer, size) <= width {
			current = longer
			continue
		}
		if current != "" {
			lines = append(lines, current)
		}
		for f.width(word, size) > width {
			head := cut(word, width, size, f)
			lines = append(lines, head)
			word = word[len(head):]
		}
		current = word
	}
	if current != "" {
		lines = append(lines, current)
	}
	return lines
}

// cut returns the longest head of word, of one rune at least, that is no wider than width, up to a hyphen if it has one.
func cut(word string, width, size float64, f face) string {
	end := 0
	for i, r := range word {
		next := i + utf8.RuneLen(r)
		if i > 0 && f.width(word[:next], size) > width {
			break
		}
		end = next
	}
	if hyphen := strings.LastIndexByte(word[:end], '-'); hyphen > 0 {
		return word[:hyphen+1]
	}
	return word[:end]
}
