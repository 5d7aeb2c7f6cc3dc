package store

import (
	"context"
	"encoding/json"
	"fmt"

	"wellwave/surveys"
)

// ledgerRow is a submission that was folded into a response.
type ledgerRow struct {
	Sitting    string `db:"sitting"`
	Seq        int    `db:"seq"`
	Content    string `db:"content"`
	ReceivedAt int64  `db:"received_at"`
	Erased     bool   `db:"erased"`
}

// rewind puts the response back to its frozen revision by folding the ledger up to it.
func (s *Store) rewind(ctx context.Context, r *releasedRow, scales []surveys.ScaleID) error {
	q, err := s.Questionnaire(ctx, r.Questionnaire)
	if err != nil {
		return err
	}
	var ledger []ledgerRow
	if err := s.list(ctx, &ledger, `
		SELECT sitting, seq, content, received_at, erased_at IS NOT NULL AS erased
		FROM submissions
		WHERE response_id = ? AND attempt = 0 AND revision <= ? AND verdict <> ?
		ORDER BY revision`, r.id, r.frozen, surveys.Aside.String()); err != nil {
		return wrap("read the ledger of a released response", err)
	}
	state := surveys.NewState(q)
	r.finished, r.answered = maybeInt{}, maybeInt{}
	for _, row := range ledger {
		if row.Erased {
			return surveys.Errorf(surveys.Conflict, "this release cannot be written again: some of what it was made of has been erased")
		}
		if err := r.replay(state, row); err != nil {
			return fmt.Errorf("read the ledger of a released response: %w", err)
		}
	}
	r.Answers = state.Answers()
	r.takeScores(state.Scores(), scales)
	return nil
}

// replay folds one submission of the ledger in.
func (r *releasedRow) replay(state *surveys.State, row ledgerRow) error {
	var content ledgerContent
	if err := json.Unmarshal([]byte(row.Content), &content); err != nil {
		return err
	}
	var answers []surveys.ItemAnswer
	err := surveys.EachAnswer(string(content.Answers), func(code string, v surveys.Value) error {
		answers = append(answers, surveys.ItemAnswer{Code: code, Value: v})
		return nil
	})
	if err != nil {
		return err
	}
	state.Fold(row.Sitting, row.Seq, answers)
	r.Mode, r.Language, r.Helper = content.Mode, content.Language, content.Helper
	r.changed = maybeInt{row.ReceivedAt, true}
	if content.Finish && !r.finished.known {
		r.finished = r.changed
	}
	if content.AnsweredAt > r.answered.n || content.AnsweredAt != 0 && !r.answered.known {
		r.answered = maybeInt{content.AnsweredAt, true}
	}
	return nil
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
