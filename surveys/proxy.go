package surveys

import (
	"slices"

	"wellwave/scoring"
)

// Somebody who answers in a person's place is a proxy. What they see from outside is not what the person would have said, so
// each of their answers is marked for as long as it stands, and of the one outcome that the study counts on there is no
// score while any of it is theirs. Every other scale is scored as if the person had answered. A mark goes when the person
// answers the item themself, even with the same value. That somebody was helped makes no mark: they said what stands.

// WhyProxy is why a primary outcome has no score although enough of its items are answered.
const WhyProxy = "Some of its answers were given by a proxy, in the person's place."

// Proxied reports whether a proxy gave the answer that stands in the item with the given code.
func (s *Answers) Proxied(code string) bool {
	i, ok := s.q.index[code]
	return ok && s.byProxy(i)
}

// HasProxy reports whether a proxy gave any answer that stands.
func (s *Answers) HasProxy() bool { return s.proxied != nil }

// byProxy reports whether a proxy gave the answer that stands in the i-th item.
func (s *Answers) byProxy(i int) bool { return s.proxied != nil && s.proxied[i] }

// decides returns the index of the scale that is the questionnaire's primary outcome: the study's primary scale, and where
// that is not offered the first, because the primary outcome stands first; -1 without any scale.
func (q *Questionnaire) decides(primary ScaleID) int {
	for i, scale := range q.Scales {
		if ScaleID(scale.ID()) == primary {
			return i
		}
	}
	return min(0, len(q.Scales)-1)
}

// Decides reports whether a scale of the questionnaire is its primary outcome.
func (q *Questionnaire) Decides(scale QuestionScale, primary ScaleID) bool {
	at := q.decides(primary)
	return at >= 0 && q.Scales[at].Scale == scale.Scale
}

// scoredByProxy reports whether a proxy gave any of the answers by which the scale is scored.
func (s *Answers) scoredByProxy(scale QuestionScale) bool {
	return s.proxied != nil && slices.ContainsFunc(scale.Items(), func(i int) bool {
		i += scale.from
		return s.proxied[i] && s.q.Asked(i, s.Value)
	})
}

// withhold takes the score of the primary outcome away if any of it is a proxy's.
func (s *Answers) withhold(scores []ScaleScore, primary ScaleID) {
	if at := s.q.decides(primary); at >= 0 && s.scoredByProxy(s.q.Scales[at]) {
		scores[at].Score = scoring.Score{Answered: scores[at].Answered, Of: scores[at].Of, Why: WhyProxy}
	}
}

// ownScored returns, by item, which belong to a scale that the person's own answers score. A proxy's answers that are late
// are not put there: what came after closing takes no score away that was there in time.
func (s *Answers) ownScored() []bool {
	own := make([]bool, len(s.values))
	for at, score := range s.score() {
		if scale := s.q.Scales[at]; score.Valid && !s.scoredByProxy(scale) {
			for _, i := range scale.Items() {
				own[scale.from+i] = true
			}
		}
	}
	return own
}
