package participant

import (
	"wellwave/server/page"
	"wellwave/server/question"
	"wellwave/surveys"
	"wellwave/surveys/locale"
)

// FirstQuestion returns the page of the first question of a sitting, with nothing answered.
func FirstQuestion(sitting surveys.Occasion) page.Page {
	v := &visit{Occasion: sitting, handle: "0123456789abcdef", words: question.WordingOf(sitting.Questionnaire, locale.English(), locale.Source)}
	return v.questionPage(0, v.place(0), nil)
}
