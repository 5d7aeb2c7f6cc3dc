package question

import "wellwave/surveys"

// LengthSentence says how many questions somebody is asked who has answered nothing yet, and how long they take: about 10
// seconds for one to tick, 20 for one to type, and a minute for one to write.
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
