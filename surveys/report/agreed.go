package report

import (
	"io"

	"wellwave/surveys"
)

// WriteConsentCopy writes what somebody agreed to as a PDF for them to keep. The same copy gives the same bytes.
func WriteConsentCopy(w io.Writer, c *surveys.ConsentCopy) error {
	banner := ""
	if c.Demo {
		banner = "Demonstration: everybody in this study is invented"
	}
	d := newDocument("What you agreed to: "+c.Title, banner, c.Title+", number "+c.Label, c.At)
	d.block("What you agreed to", paperTitle, bold, textInk, 1)
	d.block(c.Title, paperHeading, regular, textInk, 3)
	d.paragraph("Your number in the study: " + c.Label)
	d.paragraph("Given on " + c.Day() + ", to version " + c.Text.Version + " of the text.")
	d.note("The page on which you can download this says the same, for those who use a screen reader.")

	d.heading("The text", paperHeading, 30)
	if c.Text.Intro != "" {
		d.paragraph(c.Text.Intro)
	}
	for _, clause := range c.Text.Clauses {
		mark := "You did not tick: "
		if c.Agreed(clause.ID) {
			mark = "You agreed: "
		}
		d.paragraph(mark + clause.Text)
	}

	d.heading("Whom to ask", paperHeading, 25)
	d.paragraph(c.Contact)
	for _, line := range surveys.HelpLines() {
		d.paragraph(line.Says + ": " + line.Number)
	}
	d.leaving(c)
	return d.write(w)
}

// leaving says how to leave and what stays then, or what somebody who has left asked for.
func (d *document) leaving(c *surveys.ConsentCopy) {
	if level := c.Left.Level; level != 0 {
		d.heading("You have left the study", paperHeading, 40)
		d.paragraph("On " + c.Left.At.In(c.Zone).Format("Monday 2 January 2006") + ": " + level.Label() + ".")
		d.list("What happens", level.Does())
		d.list("What stays", level.Stays())
		return
	}
	d.heading("If you want to leave the study", paperHeading, 40)
	d.paragraph(surveys.LeavingSays)
	for _, level := range surveys.WithdrawalLevels() {
		d.heading(level.Label(), paperSub, 30)
		d.list("What happens", level.Does())
		d.list("What stays", level.Stays())
	}
	d.paragraph(surveys.LockedSays)
}

// list draws sentences below a line that says what they are.
func (d *document) list(title string, sentences []string) {
	d.room(16)
	d.block(title, paperBody, bold, textInk, 0.5)
	for _, sentence := range sentences {
		d.block("–  "+sentence, paperBody, regular, textInk, 0.8)
	}
	d.y += 1.5
}
