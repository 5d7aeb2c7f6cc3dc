package surveys

// HelpLine is somebody to ring, whoever one is and whatever the study.
type HelpLine struct {
	Says   string // whom one reaches
	Number string // as people read it
	Dial   string // as a telephone takes it
}

// HelpLines are open to everybody in Scotland. They stand on every page and every paper for participants, because nobody
// is watching while somebody answers.
func HelpLines() []HelpLine {
	return []HelpLine{{"In an emergency", "999", "999"}, {"NHS 24, day and night", "111", "111"},
		{"Samaritans, day and night", "116 123", "116123"}, {"Breathing Space", "0800 83 85 87", "0800838587"}}
}
