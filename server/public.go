package server

import "wellwave/surveys/locale"

// publicBase is the frame of a participant's page before we know their study. Its title is a message.
func publicBase(r reader, title string) basePage {
	pack := r.spoken()
	base := publicIn(pack, r.reading, title)
	base.Languages = otherLanguages(r.everywhere(), pack)
	return base
}

// publicIn is publicBase in a language that is known already.
func publicIn(pack *locale.Pack, r reading, title string) basePage {
	base := baseIn(pack, pack.Say(title))
	base.HelpLines, base.Reading, base.Aids = true, r, r.aids(pack, false)
	return base
}
