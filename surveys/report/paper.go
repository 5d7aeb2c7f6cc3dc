package report

import (
	"io"
	"strings"
	"time"

	"golang.org/x/text/language"

	"wellwave/surveys"
)

// Paper is a questionnaire to be printed: the blank one of a wave, or one person's own.
type Paper struct {
	Study         *surveys.Study
	State         surveys.StudyState
	Wave          surveys.Wave
	Questionnaire *surveys.Questionnaire
	Language      string // of the wording, BCP 47
	Consent       bool   // ask for consent too
	Person        *PaperPerson
}

// PaperPerson is whom a questionnaire is printed for. The person may answer with the link or code instead.
type PaperPerson struct {
	Label   string // study number
	Site    string
	Link    string // the whole address
	Code    string // in groups, to be typed at Address
	Address string
}

// undated is the date of every questionnaire. A page says which wording it has by a hash, so the day on which it was
// printed would only make equal papers differ.
var undated = time.Date(2000, time.January, 1, 0, 0, 0, 0, time.UTC)

// WritePaper writes a questionnaire to be filled in by hand. The same questionnaire gives the same bytes. It fails with
// NotFound where an instrument has no wording in the language, and with Invalid for one that is written from right to
// left or in letters that the fonts lack.
func WritePaper(w io.Writer, p Paper) error {
	if err := p.check(); err != nil {
		return err
	}
	footer := p.Wave.Title + " · " + p.Language + " · content " + p.Questionnaire.PrintedHash(p.Language)[:12]
	if p.Person != nil {
		footer = p.Person.Label + " · " + footer
	}
	s := &sheet{document: newDocument(p.Wave.Title+": "+p.Study.Title, p.banner(), footer, undated), paper: p}
	s.opening()
	if p.Consent {
		s.consent()
	}
	s.questions()
	s.closing()
	return s.write(w)
}

// check fails where the paper could not be read by those who get it.
func (p Paper) check() error {
	if _, err := language.Parse(p.Language); err != nil {
		return surveys.Errorf(surveys.Invalid, "“%s” is not a language code such as en-GB.", p.Language)
	}
	if p.Study.RightToLeft(p.Language) {
		return surveys.Errorf(surveys.Invalid, "The language %s is written from right to left, and paper questionnaires can be printed only in languages that are written from left to right.", p.Language)
	}
	for _, ins := range p.Questionnaire.Instruments {
		pack, exact := p.Questionnaire.Wording(ins, p.Language)
		if !exact {
			return surveys.Errorf(surveys.NotFound, "The instrument %s has no wording in the language “%s”.", ins.ID, p.Language)
		}
		if lacking := pack.Unprintable(func(r rune) bool { return regular.has(r) || plain.has(r) }); lacking != 0 {
			return surveys.Errorf(surveys.Invalid, "The wording of %s in %s has the letter “%c”, which the fonts of this program lack, so it cannot be printed.", ins.ID, p.Language, lacking)
		}
	}
	return nil
}

// banner says what a reader must know who holds any page of it.
func (p Paper) banner() string {
	var parts []string
	if p.Study.Demo {
		parts = append(parts, "Demonstration")
	}
	if p.State == surveys.Pilot {
		parts = append(parts, "Pilot: answers do not count")
	}
	for _, ins := range p.Questionnaire.Instruments {
		if pack, _ := p.Questionnaire.Wording(ins, p.Language); pack.Neutral {
			parts = append(parts, "Neutral labels, not the licensed wording")
			break
		}
	}
	if p.Wave.Audience == surveys.Staff {
		parts = append(parts, "To read: staff answer with a card")
	}
	return strings.Join(parts, " · ")
}

// sheet writes a questionnaire. Its content stands between two margins, of which the right one holds the item codes.
type sheet struct {
	*document
	paper Paper
}

// The columns of a sheet, in millimetres.
const (
	paperLeft  = marginSide // numbers of questions
	paperText  = 27.0       // questions and their answers
	paperRight = 186.0      // end of both
	paperCode  = 207.0      // end of the item codes
)

// Sizes of text on a questionnaire, in points. People with poor sight read it at arm's length.
const (
	paperQuestion = 12.0
	paperOption   = 11.0
	paperHint     = 10.0
	paperTiny     = 7.0
)

// opening prints what the paper is, whose it is, and how to fill it in.
func (s *sheet) opening() {
	p := s.paper
	top, right := s.y, paperRight
	if p.Person != nil {
		right = 128
		s.personBox(top)
	}
	s.lines(p.Wave.Title, paperLeft, right, paperTitle, bold, textInk)
	s.y += 1
	s.lines(p.Study.Title, paperLeft, right, paperHeading, regular, textInk)
	s.y += 3
	s.lines("Who asks: "+p.Study.Contact+".", paperLeft, right, paperHint, regular, textInk)
	if p.Person != nil {
		s.y = max(s.y, top+personBoxHeight)
	}
	s.y += 5
	s.title("How to fill this in")
	for _, line := range instructions {
		s.bullet(line)
	}
	s.y += 2
}

var instructions = []string{
	"Use a black or blue pen and put a cross in the box of your answer: one box for each question, unless it says otherwise.",
	"If you change your mind, fill that box in completely and cross the right one.",
	"There are no right or wrong answers. You can leave any question out.",
	"Please do not write your name or address on these pages. The small grey words beside the questions are for whoever enters your answers.",
	"Give the pages back to whoever gave them to you. A screen reader cannot read them: ask for the questionnaire on the web or by telephone instead.",
}

// title heads a part of the paper.
func (s *sheet) title(text string) {
	s.lines(text, paperLeft, paperRight, paperHeading, bold, textInk)
	s.y += 1
}

func (s *sheet) bullet(text string) {
	parts := wrap(text, paperRight-paperText, paperOption*mmPerPoint, regular)
	s.room(float64(len(parts)) * leading(paperOption))
	s.text(paperLeft+4, s.y+0.72*leading(paperOption), "–", paperOption, regular, textInk, atStart)
	s.lines(text, paperText, paperRight, paperOption, regular, textInk)
	s.y += 0.8
}

// leading is the height of a line of text of a size, in millimetres.
func leading(size float64) float64 { return size * mmPerPoint * 1.32 }

// lines puts a text between two edges, in as many lines as it needs.
func (s *sheet) lines(text string, left, right, size float64, f face, i ink) {
	for _, part := range wrap(text, right-left, size*mmPerPoint, f) {
		s.text(left, s.y+0.75*leading(size), part, size, f, i, atStart)
		s.y += leading(size)
	}
}

// tall returns how much room lines takes.
func tall(text string, left, right, size float64, f face) float64 {
	return float64(len(wrap(text, right-left, size*mmPerPoint, f))) * leading(size)
}

// consent prints the consent text with a box for each clause.
func (s *sheet) consent() {
	c := s.paper.Study.Consent
	s.room(50)
	s.title("Before you begin")
	s.lines(c.Intro, paperLeft, paperRight, paperOption, regular, textInk)
	s.y += 2
	for _, clause := range c.Clauses {
		text := clause.Text
		if clause.Required {
			text += " (Your answers can only be used if you cross this box.)"
		}
		height := max(tall(text, paperText+8, paperRight, paperOption, regular), boxSide) + 2.5
		s.room(height)
		top := s.y
		s.box(paperText, top+0.3, boxSide, "")
		s.margin(top, "consent: "+clause.ID)
		s.lines(text, paperText+8, paperRight, paperOption, regular, textInk)
		s.y = top + height
	}
	s.lines("Version "+c.Version+" of this text.", paperLeft, paperRight, paperSmall, regular, quietInk)
	s.y += 2
}

// closing asks for the day and for who helped, and says who can be rung.
func (s *sheet) closing() {
	if s.paper.Wave.Audience != surveys.Staff {
		s.place(stack(s.heads("", "Your questionnaire", "", "On which day did you fill this in?", ""), s.dateBoxes()).coded("completed on"))
		var options []choice
		for _, h := range surveys.EntryHelpers(surveys.Paper) {
			options = append(options, choice{number(float64(h.Number)), h.Label})
		}
		s.place(stack(s.heads("", "", "", "Did somebody help you to fill this in?", ""), s.choices(options)).coded("helped by"))
	}
	var help block
	for _, line := range surveys.HelpLines() {
		help = stack(help, s.paragraph(line.Says+": "+line.Number, paperLeft, paperOption, regular, textInk))
	}
	s.y += 3
	s.place(stack(s.paragraph("If you need help now", paperLeft, paperHeading, bold, textInk),
		s.paragraph("Nobody reads your answers while you write them. These lines are open to everybody:", paperLeft, paperOption, regular, textInk),
		help, gap(3), s.paragraph("Questions about the study: "+s.paper.Study.Contact+".", paperLeft, paperOption, regular, textInk),
		s.paragraph(s.made(), paperLeft, paperSmall, regular, quietInk)))
}

// made says of which instruments and wording the paper is.
func (s *sheet) made() string {
	var parts []string
	for _, ins := range s.paper.Questionnaire.Instruments {
		part := string(ins.ID) + " version " + ins.Version
		if ins.Licence.Attribution != "" {
			part += " (" + strings.TrimSuffix(ins.Licence.Attribution, ".") + ")"
		}
		parts = append(parts, part)
	}
	return "Made of " + strings.Join(parts, "; ") + ". Wording " + s.paper.Language + ", content " + s.paper.Questionnaire.PrintedHash(s.paper.Language) + "."
}
