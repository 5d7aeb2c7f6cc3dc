package report

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"rsc.io/qr"

	"wellwave/surveys"
)

// questions prints every instrument: its title and introduction, and its items with as many of one kind in a table as
// share their answers.
func (s *sheet) questions() {
	q := s.paper.Questionnaire
	numbers := printedNumbers(q)
	for i := 0; i < len(q.Items); {
		item := q.Items[i]
		pack, _ := q.Wording(item.Instrument, s.paper.Language)
		var head block
		if item.First {
			head = s.instrumentHead(item.Instrument, pack)
		}
		if n := s.alike(i, pack); n > 1 {
			s.grid(head, q.Items[i:i+n], numbers[i:i+n], pack)
			i += n
			continue
		}
		b := s.item(item, numbers, pack)
		s.room(head.height + b.height)
		s.placeHead(head)
		s.place(b)
		i++
	}
}

// placeHead draws what stands above the first item, which follows on the same page.
func (s *sheet) placeHead(head block) {
	if head.draw != nil {
		s.place(head)
	}
}

// printedNumbers numbers the questions; what is only to be read has none.
func printedNumbers(q *surveys.Questionnaire) []string {
	numbers, n := make([]string, len(q.Items)), 0
	for i, item := range q.Items {
		if item.Kind != surveys.KindDisplay {
			n++
			numbers[i] = strconv.Itoa(n)
		}
	}
	return numbers
}

func (s *sheet) instrumentHead(ins *surveys.Instrument, pack *surveys.Wording) block {
	parts := []block{gap(4), s.paragraph(pack.Title, paperLeft, paperHeading, bold, textInk)}
	if pack.Intro != "" {
		parts = append(parts, gap(1), s.paragraph(pack.Intro, paperLeft, paperQuestion, regular, textInk))
	}
	if pack.Neutral {
		parts = append(parts, gap(1), s.paragraph("Neutral labels of this program stand here in place of the wording of "+ins.Title+", which its owner licenses. "+
			"They are for trying things out.", paperLeft, paperHint, bold, textInk))
	}
	return stack(append(parts, gap(3))...)
}

// item is one question with room for its answer.
func (s *sheet) item(item surveys.QuestionItem, numbers []string, pack *surveys.Wording) block {
	q := s.paper.Questionnaire
	hint := pack.Hint(item.Code)
	if hint == "" && item.Kind == surveys.KindMultiple {
		hint = "Cross all that apply."
	}
	condition := answerOnlyIf(q, item, numbers, pack)
	head := s.heads(numbers[item.Index], pack.ItemTitle(item.Code), condition, pack.Question(item.Code), hint)
	if item.Kind == surveys.KindVAS {
		return s.analogue(item.Item, numbers[item.Index], condition, pack).coded(item.Code)
	}
	var answer block
	switch item.Kind {
	case surveys.KindSingle, surveys.KindMultiple, surveys.KindLikert, surveys.KindYesNo:
		answer = s.choices(optionsOf(item.Item, pack))
	case surveys.KindRating:
		answer = s.rating(item.Item, pack)
	case surveys.KindInteger:
		answer = s.characters(max(len(number(item.Min)), len(number(item.Max))))
	case surveys.KindDecimal:
		answer = s.characters(max(len(number(item.Min)), len(number(item.Max))) + 3)
	case surveys.KindDate:
		answer = s.dateBoxes()
	case surveys.KindShortText:
		answer = s.writingLines(1 + item.MaxLength/121)
	case surveys.KindLongText:
		answer = s.writingLines(6)
	default: // a text to read
		return stack(head, gap(2))
	}
	return stack(head, answer).coded(item.Code)
}

func optionsOf(item *surveys.Item, pack *surveys.Wording) []choice {
	options := make([]choice, 0, len(item.Options))
	for _, value := range item.Options {
		options = append(options, choice{number(value), pack.Label(item.Code, value)})
	}
	return options
}

// alike returns how many items from the i-th on share their answers and can stand in one table.
func (s *sheet) alike(i int, pack *surveys.Wording) int {
	items := s.paper.Questionnaire.Items
	first := items[i]
	options := optionsOf(first.Item, pack)
	fits := func(item surveys.QuestionItem) bool {
		single := item.Kind == surveys.KindSingle || item.Kind == surveys.KindLikert || item.Kind == surveys.KindYesNo
		return single && item.EnableWhen == nil && pack.ItemTitle(item.Code) == "" && item.Instrument == first.Instrument &&
			slices.Equal(optionsOf(item.Item, pack), options)
	}
	if _, ok := gridColumns(options); !ok {
		return 1
	}
	n := 0
	for i+n < len(items) && fits(items[i+n]) {
		n++
	}
	return n
}

// columns says how wide the columns of a table of options are and how large the words above them.
type columns struct{ width, size float64 }

// gridColumns reports whether options can head a table: every word above a column must fit into it.
func gridColumns(options []choice) (columns, bool) {
	const room = 100.0
	c := columns{width: min(22, room/float64(max(len(options), 1)))}
	for c.size = paperHint; c.size >= paperTiny; c.size -= 0.5 {
		fits := func(o choice) bool {
			parts := wrap(o.label, c.width-1.4, c.size*mmPerPoint, regular)
			return !brokenWord(parts, o.label) && len(parts) <= 5
		}
		if !slices.ContainsFunc(options, func(o choice) bool { return !fits(o) }) {
			return c, len(options) > 1 && c.width >= boxSide+4
		}
	}
	return c, false
}

// brokenWord reports whether breaking a label into lines has cut a word of it.
func brokenWord(parts []string, label string) bool {
	words := 0
	for _, part := range parts {
		words += len(strings.Fields(part))
	}
	return words != len(strings.Fields(label))
}

// grid is a table of two items at least: a row for each, a column for each option. Its head stands on every page that it reaches, and no row
// is broken.
func (s *sheet) grid(head block, items []surveys.QuestionItem, numbers []string, pack *surveys.Wording) {
	options := optionsOf(items[0].Item, pack)
	c, _ := gridColumns(options)
	left := paperRight - c.width*float64(len(options))
	labels := s.gridLabels(options, c, left)
	rows := make([]block, len(items))
	for i, item := range items {
		rows[i] = s.gridRow(item, numbers[i], options, c, left, pack)
	}
	for i, row := range rows {
		switch {
		case i == 0: // a table begins with two rows at least
			s.room(head.height + labels.height + row.height + rows[1].height)
			s.placeHead(head)
			s.place(labels)
		case s.y+row.height > pageHeight-marginFoot:
			s.addPage()
			s.place(labels)
		}
		s.place(row)
	}
	s.y += 4
}

func (s *sheet) gridLabels(options []choice, c columns, left float64) block {
	most := 0
	for _, o := range options {
		most = max(most, len(wrap(o.label, c.width-1.4, c.size*mmPerPoint, regular)))
	}
	height := float64(most)*leading(c.size) + 1.5
	return block{height: height, draw: func(top float64) {
		for i, o := range options {
			parts := wrap(o.label, c.width-1.4, c.size*mmPerPoint, regular)
			y := top + height - 1.5 - float64(len(parts))*leading(c.size)
			for _, part := range parts {
				s.text(left+(float64(i)+0.5)*c.width, y+0.75*leading(c.size), part, c.size, regular, textInk, atMiddle)
				y += leading(c.size)
			}
		}
		s.line(textInk, top+height)
	}}
}

func (s *sheet) gridRow(item surveys.QuestionItem, number string, options []choice, c columns, left float64, pack *surveys.Wording) block {
	words := stack(s.between(pack.Question(item.Code), paperText, left-2, paperOption, regular, textInk),
		s.between(pack.Hint(item.Code), paperText, left-2, paperSmall, regular, quietInk))
	height := max(words.height, boxSide) + 3.6
	return block{height: height, draw: func(top float64) {
		s.margin(top+1.8, item.Code)
		s.text(paperLeft, top+1.8+0.75*leading(paperOption), number+".", paperOption, bold, textInk, atStart)
		words.draw(top + 1.8)
		for i, o := range options {
			s.box(left+(float64(i)+0.5)*c.width-boxSide/2, top+(height-boxSide)/2, boxSide, o.number)
		}
		s.line(gridInk, top+height)
	}}
}

func (s *sheet) line(i ink, y float64) {
	s.ink(i)
	s.pdf.SetLineWidth(0.25)
	s.pdf.Line(paperLeft, y, paperRight, y)
}

// analogueHeight is how long the line of a visual analogue scale is.
const analogueHeight = 140.0

// analogue is a visual analogue scale: a line from bottom to top to mark, and a box for the number.
func (s *sheet) analogue(item *surveys.Item, printed, condition string, pack *surveys.Wording) block {
	const right, axis = 112.0, 150.0 // end of the words, and the line
	low, high := s.ends(item, pack)
	words := stack(s.between(pack.ItemTitle(item.Code), paperText, right, paperQuestion, bold, textInk),
		s.between(condition, paperText, right, paperHint, bold, quietInk),
		s.between(pack.Question(item.Code), paperText, right, paperQuestion, regular, textInk),
		s.between(pack.Hint(item.Code), paperText, right, paperHint, regular, quietInk), gap(3),
		s.between(fmt.Sprintf("Put a cross on the line, anywhere from %s to %s, and write the number in the boxes.", number(item.Min), number(item.Max)),
			paperText, right, paperHint, regular, textInk), gap(3), s.characters(len(number(item.Max))))
	top := tall(high, axis-30, paperRight, paperHint, regular) + 2
	bottom := tall(low, axis-30, paperRight, paperHint, regular) + 4
	return block{height: max(words.height, top+analogueHeight+bottom), draw: func(y float64) {
		s.text(paperLeft, y+0.75*leading(paperQuestion), printed+".", paperQuestion, bold, textInk, atStart)
		words.draw(y)
		s.centred(high, axis, y)
		s.centred(low, axis, y+top+analogueHeight+2)
		s.ruler(item, axis, y+top)
	}}
}

// centred puts words over or under the line.
func (s *sheet) centred(text string, x, y float64) {
	for _, part := range wrap(text, paperRight-120, paperHint*mmPerPoint, regular) {
		s.text(x, y+0.75*leading(paperHint), part, paperHint, regular, textInk, atMiddle)
		y += leading(paperHint)
	}
}

// ruler draws the line with a hundred parts, a longer stroke at every fifth and a number at every tenth.
func (s *sheet) ruler(item *surveys.Item, x, top float64) {
	s.ink(textInk)
	s.pdf.SetLineWidth(0.35)
	s.pdf.Line(x, top, x, top+analogueHeight)
	for i := range 101 {
		y, half := top+analogueHeight*(1-float64(i)/100), 1.5
		switch {
		case i%10 == 0:
			half = 4
			s.text(x+6, y+1.3, number(item.Min+(item.Max-item.Min)*float64(i)/100), paperHint, regular, textInk, atStart)
		case i%5 == 0:
			half = 2.5
		}
		s.ink(textInk)
		s.pdf.SetLineWidth(0.2)
		s.pdf.Line(x-half, y, x+half, y)
	}
}

// personBoxHeight is how far down the box of a person's own paper reaches.
const personBoxHeight = 46.0

// personBox prints whose paper it is, and how to answer without it.
func (s *sheet) personBox(top float64) {
	p := s.paper.Person
	const left, wide, square = 132.0, 62.0, 27.0
	s.ink(quietInk)
	s.pdf.SetLineWidth(0.3)
	s.pdf.Rect(left, top, wide, personBoxHeight, "D")
	s.qr(p.Link, left+2, top+2, square)
	y := s.y
	s.y = top + 3
	s.lines("Study number", left+square+4, left+wide-1, paperSmall, regular, quietInk)
	s.lines(p.Label, left+square+4, left+wide-1, paperSub, bold, textInk)
	s.y += 1
	s.lines("Code", left+square+4, left+wide-1, paperSmall, regular, quietInk)
	s.lines(p.Code, left+square+4, left+wide-1, paperSub, bold, textInk)
	s.y = top + square + 3
	s.lines("To answer on a phone instead, scan the square or type the code at "+p.Address, left+3, left+wide-2, paperTiny, regular, textInk)
	s.lines(p.Site, left+3, left+wide-2, paperTiny, regular, quietInk)
	s.y = y
}

// qr draws a link as squares. A link is far shorter than what a code can hold.
func (d *document) qr(text string, left, top, side float64) {
	code, err := qr.Encode(text, qr.M)
	if err != nil {
		d.pdf.SetError(fmt.Errorf("draw QR code: %w", err))
		return
	}
	const quiet = 4 // modules of white that scanners need around a code
	module := side / float64(code.Size+2*quiet)
	d.pdf.SetFillColor(0, 0, 0)
	for y := range code.Size {
		for x := 0; x < code.Size; x++ {
			from := x
			for x < code.Size && code.Black(x, y) {
				x++
			}
			if x > from {
				d.pdf.Rect(left+float64(from+quiet)*module, top+float64(y+quiet)*module, float64(x-from)*module, module, "F")
			}
		}
	}
}
