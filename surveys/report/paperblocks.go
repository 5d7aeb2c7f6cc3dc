package report

import (
	"wellwave/surveys"
)

// block is a part of a page that is never broken: how high it is, and how it is drawn from a given y down.
type block struct {
	height float64
	draw   func(top float64)
	code   string // for the margin
}

// place draws a block, on a new page where it does not fit on this one.
func (s *sheet) place(b block) {
	s.room(b.height)
	b.draw(s.y)
	if b.code != "" {
		s.margin(s.y, b.code)
	}
	s.y += b.height
}

// coded returns the block with an item code in the margin.
func (b block) coded(code string) block {
	b.code = code
	return b
}

// stack puts blocks on top of each other.
func stack(blocks ...block) block {
	all := block{}
	for _, b := range blocks {
		all.height += b.height
	}
	all.draw = func(top float64) {
		for _, b := range blocks {
			if b.draw != nil {
				b.draw(top)
			}
			top += b.height
		}
	}
	return all
}

func gap(height float64) block { return block{height: height} }

// paragraph is text from an edge to the end of the column.
func (s *sheet) paragraph(text string, left, size float64, f face, i ink) block {
	return s.between(text, left, paperRight, size, f, i)
}

// between is text between two edges.
func (s *sheet) between(text string, left, right, size float64, f face, i ink) block {
	if text == "" {
		return block{}
	}
	return block{height: tall(text, left, right, size, f), draw: func(top float64) {
		for _, part := range wrap(text, right-left, size*mmPerPoint, f) {
			s.text(left, top+0.75*leading(size), part, size, f, i, atStart)
			top += leading(size)
		}
	}}
}

// heads is what stands above an answer: number, topic, condition, question and hint, of which any may be missing.
func (s *sheet) heads(number, topic, condition, question, hint string) block {
	var parts []block
	if topic != "" {
		parts = append(parts, s.paragraph(topic, paperText, paperQuestion, bold, textInk))
	}
	if condition != "" {
		parts = append(parts, s.paragraph(condition, paperText, paperHint, bold, quietInk))
	}
	above := stack(parts...).height
	parts = append(parts, s.paragraph(question, paperText, paperQuestion, regular, textInk))
	if hint != "" {
		parts = append(parts, s.paragraph(hint, paperText, paperHint, regular, quietInk))
	}
	all := stack(append(parts, gap(1.5))...)
	inner := all.draw
	all.draw = func(top float64) {
		if number != "" {
			s.text(paperLeft, top+above+0.75*leading(paperQuestion), number+".", paperQuestion, bold, textInk, atStart)
		}
		inner(top)
	}
	return all
}

// The sides of boxes to cross and to write a character in.
const (
	boxSide  = 5.0
	charSide = 8.0
)

// box draws an empty box; what stands in it is for whoever enters the answers.
func (s *sheet) box(x, y, side float64, inside string) {
	s.pdf.SetLineWidth(0.35)
	s.ink(textInk)
	s.pdf.Rect(x, y, side, side, "D")
	if inside != "" {
		s.text(x+side/2, y+side/2+0.9, inside, paperTiny, regular, quietInk, atMiddle)
	}
}

// margin prints an item code beside the first line of its item, small enough to stay in the margin.
func (s *sheet) margin(top float64, code string) {
	size := 6.5
	for size > 4 && regular.width(code, size*mmPerPoint) > paperCode-paperRight-1 {
		size -= 0.25
	}
	s.text(paperCode, top+3.6, code, size, regular, quietInk, atEnd)
}

// choice is one answer to cross: the number that is typed for it, and its words.
type choice struct{ number, label string }

func number(n float64) string { return surveys.FormatNumber(n) }

// choices is a list of boxes with words beside them.
func (s *sheet) choices(options []choice) block {
	var rows []block
	const at = paperText + boxSide + 3
	for _, o := range options {
		words := s.paragraph(o.label, at, paperOption, regular, textInk)
		height := max(words.height, boxSide) + 1.8
		rows = append(rows, block{height: height, draw: func(top float64) {
			s.box(paperText, top, boxSide, o.number)
			words.draw(top + 0.1)
		}})
	}
	return stack(append(rows, gap(2.5))...)
}

// characters is a row of boxes for single characters.
func (s *sheet) characters(n int) block {
	return block{height: charSide + 4, draw: func(top float64) {
		for i := range n {
			s.box(paperText+float64(i)*charSide, top, charSide, "")
		}
	}}
}

// dateBoxes is day, month and year.
func (s *sheet) dateBoxes() block {
	return block{height: charSide + 8, draw: func(top float64) {
		x := paperText
		for _, part := range []struct {
			label string
			n     int
		}{{"Day", 2}, {"Month", 2}, {"Year", 4}} {
			for i := range part.n {
				s.box(x+float64(i)*charSide, top, charSide, "")
			}
			s.text(x, top+charSide+3.2, part.label, paperSmall, regular, quietInk, atStart)
			x += float64(part.n)*charSide + 5
		}
	}}
}

// writingLines is room for words.
func (s *sheet) writingLines(n int) block {
	const apart = 9.5
	return block{height: float64(n)*apart + 4, draw: func(top float64) {
		s.ink(quietInk)
		s.pdf.SetLineWidth(0.25)
		for i := range n {
			y := top + float64(i+1)*apart - 1
			s.pdf.Line(paperText, y, paperRight, y)
		}
	}}
}

// rating is a row of boxes, a number in each, with words below both ends.
func (s *sheet) rating(item *surveys.Item, pack *surveys.Wording) block {
	steps := int(item.Max-item.Min) + 1
	apart := min(14, (paperRight-paperText)/float64(steps))
	side := min(charSide, apart-1)
	end := paperText + float64(steps-1)*apart + side
	low, high := s.ends(item, pack)
	middle := (paperText + end) / 2
	left := s.between(low, paperText, middle-3, paperHint, regular, textInk)
	words := max(left.height, tall(high, middle+3, end, paperHint, regular))
	return block{height: side + 1.5 + words + 4, draw: func(top float64) {
		for i := range steps {
			x := paperText + float64(i)*apart
			s.pdf.SetLineWidth(0.35)
			s.ink(textInk)
			s.pdf.Rect(x, top, side, side, "D")
			s.text(x+side/2, top+side/2+1.3, number(item.Min+float64(i)), paperHint, regular, quietInk, atMiddle)
		}
		if low == "" {
			return
		}
		left.draw(top + side + 1.5)
		y := top + side + 1.5
		for _, part := range wrap(high, end-middle-3, paperHint*mmPerPoint, regular) {
			s.text(end, y+0.75*leading(paperHint), part, paperHint, regular, textInk, atEnd)
			y += leading(paperHint)
		}
	}}
}

// ends returns the words of both ends of a rating or visual analogue scale, empty where it has none.
func (s *sheet) ends(item *surveys.Item, pack *surveys.Wording) (low, high string) {
	if len(item.Labelled) == 0 {
		return "", ""
	}
	return pack.Label(item.Code, item.Labelled[0]), pack.Label(item.Code, item.Labelled[len(item.Labelled)-1])
}
