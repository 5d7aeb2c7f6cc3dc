package participant

import (
	"wellwave/server/page"
	"wellwave/server/question"
	"wellwave/surveys"
	"wellwave/surveys/locale"
)

// FirstQuestion returns the page of the first question of an occasion, with nothing answered.
func FirstQuestion(occasion surveys.Occasion) page.Page {
	v := &visit{Occasion: occasion, handle: "0123456789abcdef", words: question.WordingOf(occasion.Questionnaire, locale.English(), locale.Source)}
	return v.questionPage(0, v.place(0), nil)
}
