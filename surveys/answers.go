package surveys

import (
	"slices"

	"wellwave/scoring"
)

// Answers is what the answers of one response have come to: for each item the value that was received last, and for each
// sitting the highest sequence that spoke of the item. Replay folds it, and it can be stored and read again without loss.
type Answers struct {
	q        *Questionnaire
	values   []Value // by item; Untouched where nothing was said
	owners   []int   // by item: the sitting whose value stands, -1 for none
	proxied  []bool  // by item: a proxy gave the answer that stands; nil where that is so of none
	repeated []bool  // by item: another sitting gave the answer that stands, too; nil where that is so of none
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

// NewAnswers returns what a response that nobody has begun comes to.
func NewAnswers(q *Questionnaire) *Answers {
	s := &Answers{q: q, values: make([]Value, len(q.Items)), owners: make([]int, len(q.Items))}
	for i := range s.owners {
		s.owners[i] = -1
	}
	return s
}

// Value returns what stands in the item with the given code.
func (s *Answers) Value(code string) Value {
	if i, ok := s.q.index[code]; ok {
		return s.values[i]
	}
	return Value{}
}

// OwnedBy reports whether the value that stands in the item was given in the sitting.
func (s *Answers) OwnedBy(sittingID, code string) bool {
	i, ok := s.q.index[code]
	return ok && s.owners[i] >= 0 && s.sittings[s.owners[i]].id == sittingID
}

// Open reports whether the i-th item still waits for an answer: it is asked, and nothing was said or it was cleared.
func (s *Answers) Open(i int) bool {
	v := s.values[i]
	return (v.Kind == Untouched || v.Kind == AbsentValue && v.Missing == Cleared) && s.q.Asked(i, s.Value)
}

// Highest returns the highest sequence received of a sitting, 0 for one that is new.
func (s *Answers) Highest(id string) int {
	for i := range s.sittings {
		if s.sittings[i].id == id {
			return s.sittings[i].highest
		}
	}
	return 0
}

// fold folds in what was accepted in an entry, by the verdict that it got. Of what was put aside only the sequence is
// remembered, and of a conflict nothing.
func (s *Answers) fold(e *Entry) {
	switch e.Verdict {
	case Late:
		s.applyLate(e)
	case Aside:
		s.hear(e.Sitting, e.Seq)
	case Accepted, PartlyRefused:
		s.apply(e)
	}
}

// apply folds in accepted answers that came in time. An answer that arrives after a higher sequence of its own sitting has
// spoken of the item changes nothing; any other replaces what stands.
func (s *Answers) apply(e *Entry) {
	at, proxy := s.hear(e.Sitting, e.Seq), e.How.Proxy()
	from := &s.sittings[at]
	for _, a := range e.Accepted {
		i, ok := s.q.index[a.Code]
		if !ok || e.Seq < from.seqs[i] {
			continue
		}
		from.seqs[i] = e.Seq
		before := s.values[i]
		if s.byAnother(i, at) && before.Given() && a.Value.Given() && before != a.Value {
			s.Differing++
		}
		s.stand(i, a.Value, at, proxy)
	}
}

// stand makes a value of a sitting the one that stands in the i-th item. An absence is no answer, whoever gave it.
func (s *Answers) stand(i int, v Value, sitting int, proxy bool) {
	repeated := v.Given() && v == s.values[i] && s.byAnother(i, sitting)
	s.values[i], s.owners[i] = v, sitting
	if proxy = proxy && v.Given(); proxy != s.byProxy(i) {
		mark(&s.proxied, len(s.values), i, proxy)
	}
	if repeated != (s.repeated != nil && s.repeated[i]) {
		mark(&s.repeated, len(s.values), i, repeated)
	}
}

// byAnother reports whether a sitting other than this one gave the value that stands in the i-th item, also where this one
// has given the same since.
func (s *Answers) byAnother(i, sitting int) bool {
	return s.owners[i] >= 0 && (s.owners[i] != sitting || s.repeated != nil && s.repeated[i])
}

// mark says of the i-th of n items whether it is marked. Where none is there is no list of them.
func mark(list *[]bool, n, i int, on bool) {
	if *list == nil {
		*list = make([]bool, n)
	}
	if (*list)[i] = on; !slices.Contains(*list, true) {
		*list = nil
	}
}

// says reports whether a value says something else than what stands in the i-th item, or somebody else says it.
func (s *Answers) says(i int, v Value, proxy bool) bool {
	return v != s.values[i] || v.Given() && proxy != s.byProxy(i)
}

// hear notes that a sitting has sent a sequence and returns the sitting's place.
func (s *Answers) hear(id string, seq int) int {
	at := slices.IndexFunc(s.sittings, func(from sittingSeqs) bool { return from.id == id })
	if at < 0 {
		at = len(s.sittings)
		s.sittings = append(s.sittings, sittingSeqs{id: id, seqs: make([]int, len(s.q.Items))})
	}
	s.sittings[at].highest = max(s.sittings[at].highest, seq)
	return at
}

// repeats reports whether each of the answers already stands as the same sitting gave it.
func (s *Answers) repeats(id string, answers []ItemAnswer, proxy bool) bool {
	return !slices.ContainsFunc(answers, func(a ItemAnswer) bool {
		i, ok := s.q.index[a.Code]
		return !ok || s.says(i, a.Value.normal(), proxy) || !s.OwnedBy(id, a.Code)
	})
}

// lastSpoke returns the highest sequence in which a sitting spoke of one of the items, or its highest if it spoke of none.
func (s *Answers) lastSpoke(id string, answers []ItemAnswer) int {
	at := slices.IndexFunc(s.sittings, func(from sittingSeqs) bool { return from.id == id })
	if at < 0 {
		return 0
	}
	last := 0
	for _, a := range answers {
		if i, ok := s.q.index[a.Code]; ok {
			last = max(last, s.sittings[at].seqs[i])
		}
	}
	if last == 0 {
		return s.sittings[at].highest
	}
	return last
}

// leftNoTrace reports whether the sitting's highest sequence is none of those that spoke of an item, as after answers that came
// late.
func (s *Answers) leftNoTrace(id string) bool {
	at := slices.IndexFunc(s.sittings, func(from sittingSeqs) bool { return from.id == id })
	return at >= 0 && !slices.Contains(s.sittings[at].seqs, s.sittings[at].highest)
}

// mostlyFrom reports whether at least half of the answers that stand came from the sitting and from no other before it.
func (s *Answers) mostlyFrom(id string) bool {
	given, own := 0, 0
	at := slices.IndexFunc(s.sittings, func(from sittingSeqs) bool { return from.id == id })
	for i, v := range s.values {
		if !v.Given() {
			continue
		}
		given++
		if s.owners[i] == at && (s.repeated == nil || !s.repeated[i]) {
			own++
		}
	}
	return 2*own >= given
}

// ownsAny reports whether an answer stands that the sitting gave.
func (s *Answers) ownsAny(id string) bool {
	return slices.ContainsFunc(s.q.Items, func(item QuestionItem) bool { return s.Value(item.Code).Given() && s.OwnedBy(id, item.Code) })
}

// instead returns answers that take the place of all that stand: what they do not speak of is cleared.
func (s *Answers) instead(answers []ItemAnswer) []ItemAnswer {
	spoken := make(map[string]bool, len(answers))
	for _, a := range answers {
		spoken[a.Code] = true
	}
	answers = slices.Clone(answers)
	for i, item := range s.q.Items {
		if s.values[i].Kind != Untouched && !spoken[item.Code] {
			answers = append(answers, ItemAnswer{item.Code, Absent(Cleared)})
		}
	}
	return answers
}

// Standing lists what stands in the items of which something was said, in the order of the questionnaire.
func (s *Answers) Standing() []ItemAnswer {
	var list []ItemAnswer
	for i, item := range s.q.Items {
		if s.values[i].Kind != Untouched {
			list = append(list, ItemAnswer{item.Code, s.values[i]})
		}
	}
	return list
}

// within reports whether every item that has an answer is among these.
func (s *Answers) within(answers []ItemAnswer) bool {
	among := make(map[string]bool, len(answers))
	for _, a := range answers {
		among[a.Code] = true
	}
	for i, v := range s.values {
		if v.Given() && !among[s.q.Items[i].Code] {
			return false
		}
	}
	return true
}

// Given returns how many items have an answer.
func (s *Answers) Given() int {
	n := 0
	for _, v := range s.values {
		if v.Given() {
			n++
		}
	}
	return n
}

// Scores scores every scale of the questionnaire, given the study's primary scale: the primary outcome has no score where any
// of it was answered by a proxy.
func (s *Answers) Scores(primary ScaleID) []ScaleScore {
	scores := s.score()
	if s.proxied != nil {
		s.withhold(scores, primary)
	}
	return scores
}

// ScoresBy scores every scale as Scores does, by a version of the rules. It fails for one that is not known.
func (s *Answers) ScoresBy(version string, primary ScaleID) ([]ScaleScore, error) {
	scores, answers := s.Scores(primary), s.ForScoring()
	for i, scale := range s.q.Scales {
		by, err := scale.ScoreBy(version, scale.Of(answers))
		if err != nil {
			return nil, err
		}
		if scores[i].Valid {
			scores[i].Value = by.Value
		}
	}
	return scores, nil
}

// score scores every scale by what stands, whoever gave it.
func (s *Answers) score() []ScaleScore {
	answers := s.ForScoring()
	scores := make([]ScaleScore, len(s.q.Scales))
	for i, scale := range s.q.Scales {
		scores[i] = ScaleScore{ScaleID(scale.ID()), scale.Instrument.Hash, scale.Score(scale.Of(answers))}
	}
	return scores
}

// ForScoring returns the answers by item as scales take them. Items that are not asked count as unanswered.
func (s *Answers) ForScoring() []scoring.Answer {
	answers := make([]scoring.Answer, len(s.values))
	for i, v := range s.values {
		if v.Kind == NumberValue && s.q.Asked(i, s.Value) {
			answers[i] = scoring.Answer{Value: v.Number, Given: true}
		}
	}
	return answers
}

// Outcome returns what the answers amount to: Complete if the primary scale can be scored, Partial if at least half of
// the scored items that apply are answered, else BreakOff. Where the questionnaire does not offer the primary scale its
// first scale decides, because the primary outcome stands first; without any scale it takes every question that was
// asked, and none answered by a proxy.
func (s *Answers) Outcome(primary ScaleID, scores []ScaleScore) Disposition {
	decides := s.q.decides(primary)
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
	case decides >= 0 && scores[decides].Valid, decides < 0 && answered == asked && !s.HasProxy():
		return Complete
	case 2*answered >= asked:
		return Partial
	default:
		return BreakOff
	}
}

// Questionnaire returns what the response is to.
func (s *Answers) Questionnaire() *Questionnaire { return s.q }
