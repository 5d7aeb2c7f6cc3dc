package server

import (
	"wellwave/surveys"
	"wellwave/surveys/locale"
)

// firstQuestion returns the page of the first question of a sitting, with nothing answered.
func firstQuestion(sitting surveys.Sitting) page {
	v := &visit{Sitting: sitting, handle: "0123456789abcdef", words: wordingOf(sitting.Questionnaire, locale.English(), locale.Source)}
	return v.questionPage(0, v.place(0), nil)
}
