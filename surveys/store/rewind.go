package store

import (
	"context"
	"fmt"

	"wellwave/surveys"
)

// rewind puts the response back to its frozen revision by folding the ledger up to it.
func (s *Store) rewind(ctx context.Context, release surveys.Release, primary surveys.ScaleID, r *releasedRow, scales []surveys.ScaleID) error {
	var frozen int
	if err := s.get(ctx, &frozen, `
		SELECT revision
		FROM release_responses
		WHERE study_id = ? AND number = ? AND response_id = ?`, string(release.Study), release.Number, r.moved); err != nil {
		return wrap("find the revision of a released response", err)
	}
	q, err := s.Questionnaire(ctx, r.Questionnaire)
	if err != nil {
		return err
	}
	ledger, err := readLedger(s.lister(ctx), r.moved, frozen)
	if err != nil {
		return err
	}
	state := surveys.NewState(q)
	var how surveys.Collection
	var said, finished, changed maybeInt
	r.late = maybeInt{0, true}
	for _, row := range ledger {
		content, err := row.fold(state)
		if err != nil {
			return fmt.Errorf("put a released response back: %w", err)
		}
		if row.Erased || row.Verdict == surveys.Aside.String() {
			continue
		}
		how = how.Then(content.how())
		changed = maybeInt{row.ReceivedAt, true}
		if content.Redates {
			said, r.late.n = maybeInt{}, 0
		}
		r.late.n = max(r.late.n, int64(row.LateDays))
		if content.Finish && !finished.known {
			finished = changed
		}
		if at := content.AnsweredAt; at != 0 && (at > said.n || !said.known) {
			said = maybeInt{at, true}
		}
	}
	r.How = how
	r.Answers, r.Proxy = state.Answers(), state.HasProxy()
	r.finished = finished
	r.at = givenAt(how.Mode, said, finished, changed)
	r.takeScores(state.Scores(primary), scales)
	return nil
}

// givenAt returns when answers were given, by the rule that stands in releasedQuery.
func givenAt(mode surveys.Mode, said, finished, changed maybeInt) maybeInt {
	switch {
	case said.known:
		return said
	case mode == surveys.Bulk || mode == surveys.Paper:
		return maybeInt{}
	case finished.known:
		return finished
	default:
		return changed
	}
}

// takeScores keeps the scores of the scales that are wanted.
func (r *releasedRow) takeScores(scores []surveys.ScaleScore, scales []surveys.ScaleID) {
	for i, id := range scales {
		r.values[i], r.counts[i] = maybeFloat{}, maybeInt{}
		for _, score := range scores {
			if score.Scale == id {
				r.values[i] = maybeFloat{score.Value, score.Valid}
				r.counts[i] = maybeInt{int64(score.Answered), true}
			}
		}
	}
}
