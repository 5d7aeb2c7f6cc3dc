package surveys

import (
	"time"

	"wellwave/surveys/locale"
)

// What a withdrawal means, in the words of pages and papers. The consent copy, the page on which somebody leaves, the
// receipt and the desk all say the same, because they take it from here. Each sentence is a message of package locale.

// Says tells when and how far somebody left, in a language.
func (w Withdrawal) Says(pack *locale.Pack, zone *time.Location) string {
	return pack.Say("Asked for on %s: “%s”.", pack.Moment(w.At.In(zone)), pack.Say(w.Level.Label()))
}

// Says tells how far the erasure has come, in a language; nothing where none was asked for or it was taken back.
func (e Erasure) Says(pack *locale.Pack, zone *time.Location) string {
	switch {
	case e.Waits():
		return pack.Say("Your answers are out of use. They are erased for good on %s. Tell the study team before then if this was a mistake.", pack.Moment(e.Due.In(zone)))
	case !e.Done.IsZero():
		return pack.Say("Your answers were erased for good on %s.", pack.Moment(e.Done.In(zone)))
	default:
		return ""
	}
}

var levelLabels = Words[WithdrawalLevel]{0: "Taking part", StopContact: "Do not contact me again",
	StopCollection: "Do not collect anything more about me", EraseAnswers: "Erase what can be erased"}

// Label names the level as the one who chooses it would.
func (l WithdrawalLevel) Label() string { return levelLabels.Word(l) }

// Does says what happens at this level, a sentence each, in a language. Erasure waits for so many days where staff record it.
func (l WithdrawalLevel) Does(pack *locale.Pack, erasureDays int) []string {
	contact := []string{
		pack.Say("You are not asked again: no invitation or reminder is sent, and links and codes that you have stop working."),
		pack.Say("Questionnaires that you have not answered count as declined.")}
	switch l {
	case StopContact:
		return append(contact, pack.Say("What was already on its way, such as a questionnaire on paper, is still taken in."))
	case StopCollection:
		return append(contact, pack.Say("From this moment nothing more is taken in about you, whatever way it comes: on the web, on paper, by telephone or from your practice."))
	}
	gone := pack.Say("They are erased for good after 24 hours if you asked with your own link or code, and after %d days if you told your practice or the study team. Until then the study team can take it back if it was a mistake.", erasureDays)
	if erasureDays == 0 {
		gone = pack.Say("They are erased for good after 24 hours if you asked with your own link or code, and at once if you told your practice or the study team. Within those 24 hours the study team can take it back if it was a mistake.")
	}
	return append(StopCollection.Does(pack, erasureDays),
		pack.Say("Your answers, and the scores worked out from them, are taken out of use at once: nobody sees them or works with them any more."), gone,
		pack.Say("Also erased are how, when you said, in which language and with whose help you answered, what your practice noted about contacts in the study, the deprivation tenth of where you live, and contact details if the study has any."))
}

// Stays says exactly what the study keeps at this level, a sentence each, in a language.
func (l WithdrawalLevel) Stays(pack *locale.Pack) []string {
	trace := pack.Say("Your number in the study, your practice, the dates on which you were asked and on which something arrived, and how each questionnaire ended.")
	agreed := pack.Say("What you agreed to and when, and that you left, when, how far and how you told us.")
	switch l {
	case StopContact:
		return []string{pack.Say("All answers that you gave, and what is still on its way. They go on being used in the study, without your name."),
			pack.Say("What your practice notes about contacts in the study."), trace, agreed}
	case StopCollection:
		return []string{pack.Say("All answers that you had given before. They go on being used in the study, without your name."), trace, agreed}
	default:
		return []string{trace, pack.Say("None of it says any more what you answered."), agreed,
			pack.Say("Where the study is to ring you for your safety: that it is to, until somebody has. Who did so and when stays in a record that does not name you."),
			pack.Say("Copies of answers, without your name, in datasets that had left the study before: they cannot be called back, and the study cannot write them again."),
			pack.Say("Safety copies (backups) made before, until they are thrown away. If one is ever put back, the study’s own restoring erases your answers again before anybody can use it.")}
	}
}

// LeavingSays says that and how anybody may leave.
const LeavingSays = "You can leave at any time, without giving a reason, and your care stays the same. Open your link or type your code and choose “Leave the study”, or tell your practice or the study team, on the telephone or in writing. You choose how far:"

// LockedSays is what everybody must know before they agree: after the lock answers are not erased by themselves any more.
const LockedSays = "Once the data of the study are locked for the analysis, answers are not erased by themselves any more. You can still ask: the study’s data manager decides within a month and keeps the reason. Contact details are erased at once, and nothing more is collected."

// AskedAfterLock says what follows where erasure is asked for once the data are locked, a sentence each, in a language.
func AskedAfterLock(pack *locale.Pack) []string {
	return append(StopCollection.Does(pack, 0),
		pack.Say("The data of the study are locked for the analysis, so the study’s data manager decides within a month whether your answers are erased. If they stay, you are told why."),
		pack.Say("Contact details, if the study has any, are erased at once."))
}

// AskedSays tells a person that their erasure waits to be decided, in a language.
func (p Proposal) AskedSays(pack *locale.Pack, zone *time.Location) string {
	return pack.Say("You asked on %s that your answers are erased. That is decided by %s.", pack.Moment(p.At.In(zone)), pack.Moment(p.Due.In(zone)))
}

// ReturnReasonLabel returns why a withdrawal was taken back, in words.
func ReturnReasonLabel(code string) string {
	return labelOf(ReturnReasons(), code)
}
