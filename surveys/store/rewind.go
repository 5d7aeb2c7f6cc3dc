package store

import (
	"context"
	"fmt"

	"wellwave/surveys"
)

// rewind puts the response back to its frozen revision by folding the ledger up to it.
func (s *Store) rewind(ctx context.Context, r *releasedRow, scales []surveys.ScaleID) error {
	q, err := s.Questionnaire(ctx, r.Questionnaire)
	if err != nil {
		return err
	}
	ledger, err := s.readLedger(ctx, r.id, int(r.frozen))
	if err != nil {
		return err
	}
	state := surveys.NewState(q)
	r.finished, r.answered = maybeInt{}, maybeInt{}
	for _, row := range ledger {
		answers, content, err := row.read()
		if err != nil {
			return fmt.Errorf("put a released response back: %w", err)
		}
		if row.Erased || row.Verdict == surveys.Aside.String() {
			continue
		}
		state.Apply(row.Sitting, row.Seq, answers)
		r.collect(content, row.ReceivedAt)
	}
	r.Answers = state.Answers()
	r.takeScores(state.Scores(), scales)
	return nil
}

// collect takes over how and when a submission was collected, as folding it did.
func (r *releasedRow) collect(content ledgerContent, receivedAt int64) {
	r.Mode, r.Language, r.Helper = content.Mode, content.Language, content.Helper
	r.changed = maybeInt{receivedAt, true}
	if content.Finish && !r.finished.known {
		r.finished = r.changed
	}
	if at := content.AnsweredAt; at != 0 && (at > r.answered.n || !r.answered.known) {
		r.answered = maybeInt{at, true}
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
