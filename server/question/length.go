package question

import "wellwave/surveys"

// LengthSentence says how many questions a person who has answered nothing is asked, and how long they take: about 10
// seconds for a choice, 20 for a number or a few words, and a minute for a longer text.
func (w Wording) LengthSentence(q *surveys.Questionnaire) string {
	questions, seconds, some := 0, 0, false
	nothing := func(string) surveys.Value { return surveys.Value{} }
	for i, item := range q.Items {
		if item.Kind != surveys.KindDisplay {
			if item.EnableWhen != nil {
				some = true
			}
			if !q.Asked(i, nothing) {
				continue
			}
			questions++
		}
		switch item.Kind {
		case surveys.KindDisplay:
			seconds += 10
		case surveys.KindLongText:
			seconds += 60
		case surveys.KindShortText, surveys.KindInteger, surveys.KindDecimal, surveys.KindDate, surveys.KindVAS:
			seconds += 20
		default:
			seconds += 10
		}
	}
	asked := w.Say("There are %d questions.", questions)
	if some {
		asked = w.Say("There are about %d questions.", questions)
	}
	return asked + " " + w.Say("Most people need about %d minutes.", max((seconds+59)/60, 1))
}
