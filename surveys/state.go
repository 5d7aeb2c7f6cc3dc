package surveys

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"wellwave/scoring"
)

// State is what the answers of one response have come to: for each item the value that was received last, and for each
// sitting the highest sequence that spoke of the item. It is folded from submissions by Fold and can be stored and
// read again without loss.
type State struct {
	q        *Questionnaire
	values   []Value // by item; Untouched where nothing was said
	owners   []int   // by item: the sitting whose value stands, -1 for none
	sittings []sittingSeqs
	// Differing counts the times that one sitting replaced another's answer by a different one.
	Differing int
}

// sittingSeqs is what a response remembers of one sitting.
type sittingSeqs struct {
	id      string
	highest int   // sequence
	seqs    []int // by item: the highest sequence that spoke of it, 0 for none
}

// NewState returns the state of a response that nobody has begun.
func NewState(q *Questionnaire) *State {
	s := &State{q: q, values: make([]Value, len(q.Items)), owners: make([]int, len(q.Items))}
	for i := range s.owners {
		s.owners[i] = -1
	}
	return s
}

// Value returns what stands in the item with the given code.
func (s *State) Value(code string) Value {
	if i, ok := s.q.index[code]; ok {
		return s.values[i]
	}
	return Value{}
}

// OwnedBy reports whether the value that stands in the item was given in the sitting.
func (s *State) OwnedBy(sittingID, code string) bool {
	i, ok := s.q.index[code]
	return ok && s.owners[i] >= 0 && s.sittings[s.owners[i]].id == sittingID
}

// Open reports whether the i-th item still waits for an answer: it is asked, and nothing was said or it was cleared.
func (s *State) Open(i int) bool {
	v := s.values[i]
	return (v.Kind == Untouched || v.Kind == AbsentValue && v.Missing == Cleared) && s.q.Asked(i, s.Value)
}

// NextOpen returns the first open item from the i-th on, or -1.
func (s *State) NextOpen(i int) int {
	for ; i < len(s.values); i++ {
		if s.Open(i) {
			return i
		}
	}
	return -1
}

// Highest returns the highest sequence received of a sitting, 0 for one that is new.
func (s *State) Highest(id string) int {
	for i := range s.sittings {
		if s.sittings[i].id == id {
			return s.sittings[i].highest
		}
	}
	return 0
}

// Fold folds in what was accepted of a submission with the verdict that it got. Of what was put aside only the sequence is
// remembered.
func (s *State) Fold(v Verdict, id string, seq int, accepted []ItemAnswer) {
	switch v {
	case Late:
		s.applyLate(id, seq, accepted)
	case Aside:
		s.hear(id, seq)
	default:
		s.Apply(id, seq, accepted)
	}
}

// Apply folds in one submission's accepted answers that came in time. An answer that arrives after a higher sequence of its own sitting
// has spoken of the item changes nothing; any other replaces what stands.
func (s *State) Apply(id string, seq int, answers []ItemAnswer) {
	at := s.hear(id, seq)
	from := &s.sittings[at]
	for _, a := range answers {
		i, ok := s.q.index[a.Code]
		if !ok || seq < from.seqs[i] {
			continue
		}
		from.seqs[i] = seq
		before := s.values[i]
		if owner := s.owners[i]; owner >= 0 && owner != at && before.Given() && a.Value.Given() && before != a.Value {
			s.Differing++
		}
		s.values[i], s.owners[i] = a.Value, at
	}
}

// applyLate folds in the accepted answers of a submission that came after closing. They fill items without an answer, so
// that nothing given in time is changed; an answer given in time that is still on its way replaces them, because they
// leave no sequence behind.
func (s *State) applyLate(id string, seq int, answers []ItemAnswer) {
	at := s.hear(id, seq)
	for _, a := range answers {
		if i, ok := s.q.index[a.Code]; ok && seq >= s.sittings[at].seqs[i] && a.Value.fills(s.values[i]) {
			s.values[i], s.owners[i] = a.Value, at
		}
	}
}

// resists reports whether any of these answers, being late, would not replace another that stands.
func (s *State) resists(answers []ItemAnswer) bool {
	return slices.ContainsFunc(answers, func(a ItemAnswer) bool {
		standing := s.Value(a.Code)
		return a.Value != standing && !a.Value.fills(standing)
	})
}

// fills reports whether a late value may be put where another stands: an answer where there is none, and a reason for
// having none only where nothing was said.
func (v Value) fills(standing Value) bool {
	return v.Given() && !standing.Given() || standing.Kind == Untouched
}

// hear notes that a sitting has sent a sequence and returns the sitting's place.
func (s *State) hear(id string, seq int) int {
	at := slices.IndexFunc(s.sittings, func(from sittingSeqs) bool { return from.id == id })
	if at < 0 {
		at = len(s.sittings)
		s.sittings = append(s.sittings, sittingSeqs{id: id, seqs: make([]int, len(s.q.Items))})
	}
	s.sittings[at].highest = max(s.sittings[at].highest, seq)
	return at
}

// changes returns the answers that say something else than what the same sitting already said.
func (s *State) changes(id string, answers []ItemAnswer) []ItemAnswer {
	var changed []ItemAnswer
	for _, a := range answers {
		if s.Value(a.Code) != a.Value.normal() || !s.OwnedBy(id, a.Code) {
			changed = append(changed, a)
		}
	}
	return changed
}

// Given returns how many items have an answer.
func (s *State) Given() int {
	n := 0
	for _, v := range s.values {
		if v.Given() {
			n++
		}
	}
	return n
}

// Scores scores every scale of the questionnaire. Items that are not asked count as unanswered.
func (s *State) Scores() []ScaleScore {
	answers := make([]scoring.Answer, len(s.values))
	for i, v := range s.values {
		if v.Kind == NumberValue && s.q.Asked(i, s.Value) {
			answers[i] = scoring.Answer{Value: v.Number, Given: true}
		}
	}
	scores := make([]ScaleScore, len(s.q.Scales))
	for i, scale := range s.q.Scales {
		scores[i] = ScaleScore{ScaleID(scale.ID()), scale.Instrument.Hash, scale.Score(answers[scale.from:scale.to])}
	}
	return scores
}

// Outcome returns what the answers amount to: Complete if the primary scale can be scored, Partial if at least half of
// the scored items that apply are answered, else BreakOff. Where the questionnaire does not offer the primary scale its
// first scale decides, because the primary outcome stands first; without any scale it takes every question that was
// asked.
func (s *State) Outcome(primary ScaleID, scores []ScaleScore) Disposition {
	decides := -1
	for i := range scores {
		if scores[i].Scale == primary {
			decides = i
		}
	}
	if decides < 0 && len(scores) > 0 {
		decides = 0
	}
	asked, answered := 0, 0
	for i, v := range s.values {
		if (decides < 0 || s.q.scored[i]) && s.q.Asked(i, s.Value) {
			asked++
			if v.Given() {
				answered++
			}
		}
	}
	switch {
	case decides >= 0 && scores[decides].Valid, decides < 0 && answered == asked:
		return Complete
	case 2*answered >= asked:
		return Partial
	default:
		return BreakOff
	}
}

// Answers returns the stored form of the answers. An item that was cleared is not in it.
func (s *State) Answers() string {
	b := make([]byte, 1, 16+14*len(s.values))
	b[0] = '{'
	for i, v := range s.values {
		if v.Kind == Untouched || v.Kind == AbsentValue && v.Missing == Cleared {
			continue
		}
		b = appendMember(b, s.q.Items[i].Code, v)
	}
	return string(append(b, '}'))
}

// Origins returns the stored form of where the answers came from: the sittings in order of arrival, parted by
// semicolons, each with its id, its highest sequence, the items that it spoke of by sequence, and after a stroke those
// whose value stands. Items are numbered from 0 in the order of the questionnaire:
//
//	0af3…9c 3 1:0-7 3:8-13|0-13
func (s *State) Origins() string {
	b := make([]byte, 0, 64*len(s.sittings))
	for at := range s.sittings {
		from := &s.sittings[at]
		if at > 0 {
			b = append(b, ';')
		}
		b = append(b, from.id...)
		b = strconv.AppendInt(append(b, ' '), int64(from.highest), 10)
		for i := 0; i < len(from.seqs); {
			end := runEnd(i, len(from.seqs), func(j int) bool { return from.seqs[j] == from.seqs[i] })
			if from.seqs[i] > 0 {
				b = strconv.AppendInt(append(b, ' '), int64(from.seqs[i]), 10)
				b = appendRange(append(b, ':'), i, end)
			}
			i = end
		}
		b = append(b, '|')
		for i := 0; i < len(s.owners); {
			end := runEnd(i, len(s.owners), func(j int) bool { return s.owners[j] == s.owners[i] })
			if s.owners[i] == at {
				if b[len(b)-1] != '|' {
					b = append(b, ' ')
				}
				b = appendRange(b, i, end)
			}
			i = end
		}
	}
	return string(b)
}

// runEnd returns the end of the run that begins at i.
func runEnd(i, n int, same func(int) bool) int {
	end := i + 1
	for end < n && same(end) {
		end++
	}
	return end
}

// appendRange writes the items from i up to but not including end.
func appendRange(b []byte, i, end int) []byte {
	b = strconv.AppendInt(b, int64(i), 10)
	if end-1 > i {
		b = strconv.AppendInt(append(b, '-'), int64(end-1), 10)
	}
	return b
}

// ReadState reads what Answers and Origins wrote.
func ReadState(q *Questionnaire, answers, origins string, differing int) (*State, error) {
	s := NewState(q)
	s.Differing = differing
	if origins != "" {
		for part := range strings.SplitSeq(origins, ";") {
			if err := s.readSitting(part); err != nil {
				return nil, fmt.Errorf("read stored origins: %w", err)
			}
		}
	}
	for i, owner := range s.owners {
		if owner >= 0 { // what was cleared is in no stored answer
			s.values[i] = Absent(Cleared)
		}
	}
	err := EachAnswer(answers, func(code string, v Value) error {
		i, ok := q.index[code]
		if !ok {
			return fmt.Errorf("read stored answers: questionnaire %s has no item %s", q.Hash, code)
		}
		s.values[i] = v
		return nil
	})
	return s, err
}

func (s *State) readSitting(part string) error {
	spoke, stands, ok := strings.Cut(part, "|")
	head, spoke, _ := strings.Cut(spoke, " ")
	high, spoke, _ := strings.Cut(spoke, " ")
	highest, err := strconv.Atoi(high)
	if !ok || err != nil {
		return fmt.Errorf("a sitting without id, sequence or items")
	}
	at := len(s.sittings)
	from := sittingSeqs{id: head, highest: highest, seqs: make([]int, len(s.q.Items))}
	for spoke != "" {
		var group string
		group, spoke, _ = strings.Cut(spoke, " ")
		number, items, ok := strings.Cut(group, ":")
		seq, err := strconv.Atoi(number)
		if !ok || err != nil {
			return fmt.Errorf("sequence %q", group)
		}
		if err := eachItem(items, len(from.seqs), func(i int) { from.seqs[i] = seq }); err != nil {
			return err
		}
	}
	s.sittings = append(s.sittings, from)
	for stands != "" {
		var items string
		items, stands, _ = strings.Cut(stands, " ")
		if err := eachItem(items, len(s.owners), func(i int) { s.owners[i] = at }); err != nil {
			return err
		}
	}
	return nil
}

// eachItem calls fn for the items of a range such as 3 or 3-7.
func eachItem(items string, n int, fn func(int)) error {
	low, high, ok := strings.Cut(items, "-")
	if !ok {
		high = low
	}
	from, errFrom := strconv.Atoi(low)
	to, errTo := strconv.Atoi(high)
	if errFrom != nil || errTo != nil || from < 0 || to >= n {
		return fmt.Errorf("items %q of %d", items, n)
	}
	for i := from; i <= to; i++ {
		fn(i)
	}
	return nil
}

// Questionnaire returns what the response is to.
func (s *State) Questionnaire() *Questionnaire { return s.q }
