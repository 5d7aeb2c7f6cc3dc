package surveys

import (
	"slices"
	"unicode/utf8"
)

// What a response may come to, many times what a person fills it with who changes every answer again and again on one device
// after the other. Whoever holds a personal link can send what they like, and what arrives is kept: these are where it ends.
// Sittings are fewest, because what a response remembers of each is read and written with every later save.
const (
	MaxSaves    = 20_000 // entries in its ledger
	MaxSittings = 32
	MaxKept     = 8 << 20 // bytes of the entries' content
)

// Bounds of what is kept of an answer that is refused. Nobody mends a wrong answer by its thousandth character.
const (
	maxRefusedText = 300 // bytes of a value
	maxRefusedCode = 60  // bytes of the code of an item that there is not
	maxStray       = 20  // refused answers besides one for each item
)

// Load is how much a response has been sent so far.
type Load struct {
	Saves int // entries in the ledger
	Kept  int // bytes of their content
}

// overfull refuses what would make a response larger than any person makes it, given the bytes that the ledger would keep.
// Somebody who finishes is let through once whatever came before.
func (r *Response) overfull(sub Submission, content string) error {
	if sub.Finish && r.FinishedAt.IsZero() && !sub.Draft {
		return nil
	}
	if r.Saves >= MaxSaves || r.Kept+len(content) > MaxKept || r.Answers.Highest(sub.Sitting) == 0 && len(r.Answers.sittings) >= MaxSittings {
		return Errorf(Closed, "this questionnaire was saved or begun anew so often that it takes nothing more; what was saved before is kept, and the study team can help")
	}
	return nil
}

// Keep counts an entry that is written into the ledger.
func (l *Load) Keep(content string) {
	l.Saves++
	l.Kept += len(content)
}

// asRefused returns what is kept of an answer that is refused.
func asRefused(a ItemAnswer, reason string) RefusedItem {
	a = cutShort(a)
	return RefusedItem{a.Code, reason, a.Value}
}

// cutShort shortens an answer of any length.
func cutShort(a ItemAnswer) ItemAnswer {
	a.Code = beginning(a.Code, maxRefusedCode)
	if len(a.Value.Text) > maxRefusedText {
		a.Value = Text(beginning(a.Value.Text, maxRefusedText))
	}
	return a
}

// beginning returns a text of at most some bytes whole, and else its beginning and a mark that it was cut.
func beginning(text string, most int) string {
	if len(text) <= most {
		return text
	}
	for most > 0 && !utf8.RuneStart(text[most]) {
		most--
	}
	return text[:most] + "…"
}

// boundRefused drops what is refused beyond one answer for each item and a few that are of none.
func (s *Answers) boundRefused(refused []RefusedItem) []RefusedItem {
	return refused[:min(len(refused), len(s.q.Items)+maxStray)]
}

// boundConflict shortens the answers of a conflict that no item takes: they are kept as they came, and nobody has checked them.
func (s *Answers) boundConflict(answers []ItemAnswer) []ItemAnswer {
	kept := slices.Clone(answers[:min(len(answers), len(s.q.Items)+maxStray)])
	for n, a := range kept {
		if i, ok := s.q.index[a.Code]; !ok || s.q.Items[i].Check(a.Value) != nil {
			kept[n] = cutShort(a)
		}
	}
	return kept
}
