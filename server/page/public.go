package page

import "wellwave/surveys/locale"

// PublicBase is the frame of a participant's page before we know their study. Its title is a message.
func PublicBase(r Reader, title string) Base {
	pack := r.Spoken()
	base := PublicBaseIn(pack, r.Reading, title)
	base.Languages = OtherLanguages(r.everywhere(), pack, locale.Find)
	return base
}

// PublicBaseIn is PublicBase in a given language.
func PublicBaseIn(pack *locale.Pack, r Reading, title string) Base {
	base := PlainBaseIn(pack, pack.Say(title))
	base.HelpLines, base.Reading, base.Aids = true, r, r.Aids(pack, false)
	return base
}
