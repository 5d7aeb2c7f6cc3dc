package report

import (
	"io"

	"wellwave/surveys"
)

// Cards are the cards of a round of the anonymous staff survey, to be printed, cut up, shuffled and drawn.
type Cards struct {
	Study   *surveys.Study
	State   surveys.StudyState
	Wave    surveys.Wave
	Address string      // where a code is typed
	Sheets  []CardSheet // of which each begins on a new page
}

// CardSheet are the cards of one practice. They differ in their codes alone.
type CardSheet struct {
	Site  string // its title
	Cards []Card
}

// Card is one card: a code in groups, and the whole address that its square leads to.
type Card struct{ Code, Link string }

// The grid of cards on a page, in millimetres.
const (
	cardsAcross = 2
	cardsDown   = 5
	cardWidth   = 95.0
	cardHeight  = 54.0
	cardsLeft   = (pageWidth - cardsAcross*cardWidth) / 2
	cardsTop    = 9.0
	cardPadding = 4.0
	cardSquare  = 29.0
)

// WriteCards writes ten cards to a page. The same cards give the same bytes. It fails with Invalid where there is none.
func WriteCards(w io.Writer, c Cards) error {
	if len(c.Sheets) == 0 {
		return surveys.Errorf(surveys.Invalid, "There is no card to print.")
	}
	var d *document
	for _, sheet := range c.Sheets {
		footer := "Cards for " + sheet.Site
		if d == nil {
			d = newDocument("Cards for "+c.Wave.Title+": "+c.Study.Title, "", footer, undated)
		} else {
			d.footer = footer
			d.addPage()
		}
		for i := 0; i < len(sheet.Cards); i += cardsAcross * cardsDown {
			if i > 0 {
				d.addPage()
			}
			d.cardPage(c, sheet.Site, sheet.Cards[i:min(len(sheet.Cards), i+cardsAcross*cardsDown)])
		}
	}
	return d.write(w)
}

// cardPage fills a page with cards and the lines along which they are cut.
func (d *document) cardPage(c Cards, site string, cards []Card) {
	for i, card := range cards {
		d.card(c, site, card, cardsLeft+float64(i%cardsAcross)*cardWidth, cardsTop+float64(i/cardsAcross)*cardHeight)
	}
	rows := (len(cards) + cardsAcross - 1) / cardsAcross
	right, foot := cardsLeft+cardsAcross*cardWidth, cardsTop+float64(rows)*cardHeight
	d.ink(quietInk)
	d.pdf.SetLineWidth(0.2)
	d.pdf.SetDashPattern([]float64{1.2, 1.2}, 0)
	defer d.pdf.SetDashPattern([]float64{}, 0)
	for column := range cardsAcross + 1 {
		x := cardsLeft + float64(column)*cardWidth
		d.pdf.Line(x, cardsTop, x, foot)
	}
	for row := range rows + 1 {
		y := cardsTop + float64(row)*cardHeight
		d.pdf.Line(cardsLeft, y, right, y)
	}
}

// card draws one card from its upper left corner.
func (d *document) card(c Cards, site string, card Card, left, top float64) {
	x, width := left+cardPadding, cardWidth-2*cardPadding
	beside := width - cardSquare + cardPadding/2 // the square has a white border of its own
	d.qr(card.Link, left+cardWidth-cardSquare-cardPadding/2, top+1, cardSquare)
	d.y = top + cardPadding
	d.fitted(c.Study.Title, x, beside, fit{size: 8, least: 6, lines: 2, ink: quietInk})
	d.y += 0.5
	d.fitted(site, x, beside, fit{size: 11, least: 8, lines: 2, face: bold})
	d.fitted(c.Wave.Title, x, beside, fit{size: 10, least: 7, lines: 1})
	d.y = max(d.y, top+cardSquare)
	d.fitted("Scan the square, or go to "+c.Address+" and type", x, width, fit{size: 9, least: 6, lines: 1})
	d.fitted(card.Code, x, width, fit{size: 24, least: 12, lines: 1, face: bold})
	last := "Last day: " + lastDay(c.Study, c.Wave) + ". Anonymous: nobody knows who drew this card. It works once."
	d.fitted(roundBanner(c.Study, c.State, ". ")+last, x, width, fit{size: 8, least: 6, lines: 2})
}

// lastDay is the last day of a round in words.
func lastDay(study *surveys.Study, wave surveys.Wave) string {
	return longDay(surveys.AddDays(wave.Closes.In(study.Zone), -1))
}

// roundBanner says what whoever holds a card or looks at a poster must know before all else, each part with an end.
func roundBanner(study *surveys.Study, state surveys.StudyState, end string) string {
	says := ""
	if study.Demo {
		says += "Demonstration" + end
	}
	if state == surveys.Pilot {
		says += "Pilot: answers do not count" + end
	}
	return says
}

// fit says how a text is made to fit: from size down to least, in points, until it takes no more than so many lines.
type fit struct {
	size, least float64
	lines       int
	face        face
	ink         ink
}

// fitted puts a text into a column as large as it fits, and cuts off what does not fit at the least size.
func (d *document) fitted(text string, left, width float64, f fit) {
	size := f.size
	lines := wrap(text, width, size*mmPerPoint, f.face)
	for len(lines) > f.lines && size > f.least {
		size -= 0.25
		lines = wrap(text, width, size*mmPerPoint, f.face)
	}
	if len(lines) > f.lines {
		lines = lines[:f.lines]
		last := []rune(lines[f.lines-1])
		for len(last) > 0 && f.face.width(string(last)+"…", size*mmPerPoint) > width {
			last = last[:len(last)-1]
		}
		lines[f.lines-1] = string(last) + "…"
	}
	for _, line := range lines {
		d.text(left, d.y+0.75*leading(size), line, size, f.face, f.ink, atStart)
		d.y += leading(size)
	}
}
