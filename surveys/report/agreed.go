package report

import (
	"io"

	"wellwave/surveys"
	"wellwave/surveys/locale"
)

// WriteConsentCopy writes what somebody agreed to as a PDF for them to keep. The same copy gives the same bytes.
func WriteConsentCopy(w io.Writer, c *surveys.ConsentCopy) error {
	banner := ""
	if c.Demo {
		banner = "Demonstration: everybody in this study is invented"
	}
	pack := c.Pack()
	say := pack.Say
	d := newDocument(say("What you agreed to")+": "+c.Title, say(banner), c.Title+", "+c.Label, c.At)
	d.block(say("What you agreed to"), paperTitle, bold, textInk, 1)
	d.block(c.Title, paperHeading, regular, textInk, 3)
	d.paragraph(say("Your number in the study:") + " " + c.Label)
	d.paragraph(c.Says(pack))
	d.note(say("The page on which you can download this says the same, for those who use a screen reader."))

	d.heading(say("The text"), paperHeading, 30)
	if c.Text.Intro != "" {
		d.paragraph(c.Text.Intro)
	}
	for _, clause := range c.Text.Clauses {
		mark := say("You did not tick this")
		if c.Agreed(clause.ID) {
			mark = say("You agreed")
		}
		d.paragraph(mark + ": " + clause.Text)
	}

	d.heading(say("Whom to ask"), paperHeading, 25)
	d.paragraph(c.Contact)
	for _, line := range surveys.HelpLines() {
		d.paragraph(say(line.Says) + ": " + line.Number)
	}
	d.leaving(c, pack)
	return d.write(w)
}

// leaving says how to leave and what stays then, or what somebody who has left asked for.
func (d *document) leaving(c *surveys.ConsentCopy, pack *locale.Pack) {
	if level := c.Left.Level; level != 0 {
		d.heading(pack.Say("You have left the study"), paperHeading, 40)
		d.paragraph(c.Left.Says(pack, c.Zone))
		if says := c.Left.Erasure.Says(pack, c.Zone); says != "" {
			d.paragraph(says)
		}
		d.level(level, pack, c.Left.ErasureDays(c.Study.ErasureDays))
		return
	}
	d.heading(pack.Say("If you want to leave the study"), paperHeading, 40)
	d.paragraph(pack.Say(surveys.LeavingSays))
	for _, level := range surveys.WithdrawalLevels() {
		d.heading(pack.Say(level.Label()), paperSub, 30)
		d.level(level, pack, c.Study.ErasureDays)
	}
	d.paragraph(pack.Say(surveys.LockedSays))
}

// level lists what happens and what stays when somebody leaves as far as that.
func (d *document) level(level surveys.WithdrawalLevel, pack *locale.Pack, erasureDays int) {
	d.list(pack.Say("What happens"), level.Does(pack, erasureDays))
	d.list(pack.Say("What stays"), level.Stays(pack))
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
