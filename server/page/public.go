package page

import "wellwave/surveys/locale"

// PublicBase is the frame of a participant's page before we know their study. Its title is a message.
func PublicBase(r Reader, title string) Base {
	pack := r.Spoken()
	base := PublicIn(pack, r.Reading, title)
	base.Languages = OtherLanguages(r.everywhere(), pack)
	return base
}

// PublicIn is PublicBase in a language that is known already.
func PublicIn(pack *locale.Pack, r Reading, title string) Base {
	base := BaseIn(pack, pack.Say(title))
	base.HelpLines, base.Reading, base.Aids = true, r, r.Aids(pack, false)
	return base
}
