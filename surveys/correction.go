package surveys

import "slices"

// Correction counts what a submission that may replace answers did to those that stood.
type Correction struct {
	Kept     int // stand as before
	Replaced int // by another answer
	Cleared  int // there is none any more
}

// Plus returns the sum of two counts.
func (c Correction) Plus(other Correction) Correction {
	return Correction{c.Kept + other.Kept, c.Replaced + other.Replaced, c.Cleared + other.Cleared}
}

// withoutBlanks leaves out of a submission what it did not record of items that have an answer, where a blank is to keep it.
func (s *Answers) withoutBlanks(sub Submission) Submission {
	if !sub.BlankKeeps {
		return sub
	}
	keeps := func(a ItemAnswer) bool {
		return a.Value == Absent(NotRecorded) && s.Value(a.Code).Given()
	}
	if slices.ContainsFunc(sub.Answers, keeps) {
		sub.Answers = slices.DeleteFunc(slices.Clone(sub.Answers), keeps)
	}
	return sub
}

// standing returns a copy of the values that stand, by item.
func (s *Answers) standing() []Value { return slices.Clone(s.values) }

// since counts what became of the answers that stood before.
func (s *Answers) since(before []Value) Correction {
	var c Correction
	for i, v := range before {
		switch now := s.values[i]; {
		case !v.Given():
		case now == v:
			c.Kept++
		case now.Given():
			c.Replaced++
		default:
			c.Cleared++
		}
	}
	return c
}
