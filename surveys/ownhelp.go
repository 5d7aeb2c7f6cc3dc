package surveys

import "slices"

// Places where somebody may answer, as Collection.Place.
const (
	AtHome     = "home"
	AtPractice = "practice"
	Elsewhere  = "elsewhere"
)

// Choice is one of a closed set: the code that is stored, and the words to choose it by, a message of package locale.
type Choice struct{ Code, Label string }

// OwnHelpers lists who may help somebody who answers on a device of their own, as they would say it. The first is nobody.
func (s *Study) OwnHelpers() []Choice {
	helpers := []Choice{{"", "I answer by myself"}, {"family", "Family or a friend helps me"},
		{"staff", "Somebody of the practice helps me"}, {"interpreter", "An interpreter helps me"}}
	if s.Kiosk.LinksPractitioners {
		helpers = append(helpers, Choice{LinksPractitioner, "A links practitioner helps me"})
	}
	return append(helpers, Choice{ProxyHelper, "I am somebody else, and answer in the person’s place"})
}

// OwnPlaces lists where somebody may answer. The first is that they do not say.
func OwnPlaces() []Choice {
	return []Choice{{"", "I do not want to say"}, {AtHome, "At home"}, {AtPractice, "At my practice"}, {Elsewhere, "Somewhere else"}}
}

// Chosen reports whether a code is among the choices.
func Chosen(code string, among []Choice) bool {
	return slices.ContainsFunc(among, func(c Choice) bool { return c.Code == code })
}
