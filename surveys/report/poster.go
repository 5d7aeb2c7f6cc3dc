package report

import (
	"io"
	"strconv"
	"strings"

	"wellwave/surveys"
)

// Poster is what hangs in a practice while a round of the staff survey is open. There is no code on it, because who reads
// it draws a card.
type Poster struct {
	Study   *surveys.Study
	State   surveys.StudyState
	Wave    surveys.Wave
	Sealing surveys.Sealing
	Address string // where a code is typed
}

// Sizes of text on a poster, in points. It is read from a step away.
const (
	posterTitle   = 44.0
	posterHeading = 20.0
	posterBody    = 15.0
)

// WritePoster writes a poster on one side of A4. The same round gives the same bytes.
func WritePoster(w io.Writer, p Poster) error {
	banner := strings.TrimSuffix(roundBanner(p.Study, p.State, " · "), " · ")
	d := newDocument("Poster for "+p.Wave.Title+": "+p.Study.Title, banner, p.Address, undated)
	d.fitted(p.Study.Title, marginSide, columnWidth, fit{size: 14, least: 9, lines: 2, ink: quietInk})
	d.y += 2
	d.fitted("Staff survey", marginSide, columnWidth, fit{size: posterTitle, least: posterTitle, lines: 1, face: bold})
	d.fitted(p.Wave.Title, marginSide, columnWidth, fit{size: 24, least: 12, lines: 1})
	d.y += 3
	d.fitted("From "+longDay(p.Wave.Opens.In(p.Study.Zone))+" until "+lastDay(p.Study, p.Wave), marginSide, columnWidth,
		fit{size: posterHeading, least: posterBody, lines: 2, face: bold})
	d.y += 1
	d.block("Everybody who works in this practice is invited. It is up to you: nobody is told who took part.", posterBody, regular, textInk, 4)

	d.posterHeading("How it works")
	for i, step := range []string{
		"Draw a card from the pile, any card. They differ in their codes alone.",
		"Scan its square with a phone, or go to " + p.Address + " and type its code.",
		"Answer in one go, where and when it suits you. Each card works once.",
	} {
		d.posterLine(strconv.Itoa(i+1)+".", step)
	}
	d.y += 3
	d.posterHeading("It is anonymous")
	for _, line := range []string{
		"Nobody notes who draws which card, and nobody asks for your name.",
		"When you answered, from which device and with which card is not kept.",
		sealedSays(p.Sealing),
		"Your practice sees averages, and only if at least 8 people and half of its staff have answered. Otherwise it is counted together with at least two others.",
	} {
		d.posterLine("–", line)
	}
	d.y += 3
	d.posterHeading("Where to ask")
	d.fitted(p.Study.Contact, marginSide, columnWidth, fit{size: posterBody, least: 9, lines: 3})
	d.y += 5
	d.block("This is not a place to report an incident: nobody can act on a single answer. Use your practice’s own reporting system or your health board. "+
		"If somebody is in danger now, call 999.", 12, regular, quietInk, 0)
	return d.write(w)
}

// sealedSays says to staff what keeps their answers from being read while a round is open.
func sealedSays(how surveys.Sealing) string {
	if how == surveys.ByCustodians {
		return "Answers are sealed as they arrive. Nobody can read them until the survey is closed and two of three people who each keep a key open them together."
	}
	return "Answers are kept in no order, beside nothing that says whose they are."
}

func (d *document) posterHeading(text string) {
	d.block(text, posterHeading, bold, textInk, 1)
}

// posterLine puts a text beside its number or dash.
func (d *document) posterLine(mark, text string) {
	const indent = 8.0
	d.text(marginSide, d.y+0.75*leading(posterBody), mark, posterBody, bold, textInk, atStart)
	d.fitted(text, marginSide+indent, columnWidth-indent, fit{size: posterBody, least: 9, lines: 3})
	d.y += 1
}
