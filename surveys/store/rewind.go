package store

import (
	"context"
	"fmt"

	"wellwave/surveys"
)

// rewind puts the response back to its frozen revision by folding the ledger up to it. Its scores are those by the version of the
// rules that the release names.
func (s *Store) rewind(ctx context.Context, release surveys.Release, primary surveys.ScaleID, r *releasedRow, scales []surveys.ScaleID, rule string) error {
	var frozen int
	if err := s.db.Get(ctx, &frozen, `
		SELECT revision
		FROM release_responses
		WHERE study_id = ? AND number = ? AND response_id = ?`, string(release.Study), release.Number, r.moved); err != nil {
		return surveys.Wrap("find the revision of a released response", err)
	}
	q, err := s.Questionnaire(ctx, r.Questionnaire)
	if err != nil {
		return err
	}
	again, err := replayLedger(ctx, s.db, r.moved, q, primary, frozen)
	if err != nil {
		return fmt.Errorf("put a released response back: %w", err)
	}
	r.folded = *again
	r.Answers, r.Proxy = again.Answers.Encode(), again.Answers.HasProxy()
	scores, err := again.Answers.ScoresBy(rule, primary)
	if err != nil {
		return fmt.Errorf("put a released response back: %w", err)
	}
	r.takeScores(scores, scales)
	return nil
}

// takeScores keeps the scores of the scales that are wanted.
func (r *releasedRow) takeScores(scores []surveys.ScaleScore, scales []surveys.ScaleID) {
	for i, id := range scales {
		r.values[i], r.counts[i] = maybeFloat{}, maybeInt{}
		for _, score := range scores {
			if score.Scale == id {
				r.values[i] = maybeFloat{score.Value, score.Valid}
				r.counts[i] = maybeInt{2 * int64(score.Answered), true}
				if score.Prorated {
					r.counts[i].n++
				}
			}
		}
	}
}
