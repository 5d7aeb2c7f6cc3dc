package surveys

// Cards returns how many cards a site gets for a round: its headcount and a fifth more, rounded up, so that whoever
// draws last still has a choice.
func (s Site) Cards() int { return s.Staff + (s.Staff+4)/5 }
