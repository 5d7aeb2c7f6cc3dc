package store

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"slices"

	"wellwave/surveys"
)

// Mismatch is a response that is not what folding its submissions again gives.
type Mismatch struct {
	Response surveys.ResponseID
	What     string
}

// CheckFolds folds every response again from the ledger and compares the result with what is stored. progress may be
// nil.
func (s *Store) CheckFolds(ctx context.Context, progress func(done, total int)) ([]Mismatch, error) {
	var total int
	if err := s.get(ctx, &total, "SELECT COUNT(*) FROM responses"); err != nil {
		return nil, wrap("count responses", err)
	}
	var wrong []Mismatch
	last := ""
	for done := 0; ; {
		var ids []string
		if err := s.list(ctx, &ids, `
			SELECT id
			FROM responses
			WHERE id > ?
			ORDER BY id
			LIMIT 500`, last); err != nil {
			return nil, wrap("list responses", err)
		}
		if len(ids) == 0 {
			return wrong, nil
		}
		for _, id := range ids {
			what, err := s.checkFold(ctx, id)
			if err != nil {
				return wrong, fmt.Errorf("fold response %s again: %w", id, err)
			}
			if what != "" {
				wrong = append(wrong, Mismatch{surveys.ResponseID(id), what})
			}
		}
		done += len(ids)
		last = ids[len(ids)-1]
		if progress != nil {
			progress(done, total)
		}
	}
}

// foldedRow is what folding decides of a response.
type foldedRow struct {
	Questionnaire string `db:"questionnaire"`
	Revision      int    `db:"revision"`
	Answers       string `db:"answers"`
	Origins       string `db:"origins"`
	Differing     int    `db:"differing"`
}

// checkFold returns in words what is wrong with a response, or nothing. A submission that arrives while it reads makes
// the row and the ledger disagree, so it reads the row again afterwards and starts over if it moved.
func (s *Store) checkFold(ctx context.Context, id string) (string, error) {
	for {
		row, err := s.foldedRow(ctx, id)
		if err != nil {
			return "", err
		}
		state, folded, err := s.refold(ctx, id, row.Questionnaire)
		if err != nil {
			return err.Error(), nil
		}
		again, err := s.foldedRow(ctx, id)
		if err != nil {
			return "", err
		}
		if again != row {
			continue
		}
		switch {
		case folded != row.Revision:
			return fmt.Sprintf("it counts %d submissions and the ledger holds %d", row.Revision, folded), nil
		case state.Answers() != row.Answers:
			return "its answers differ from the ledger's", nil
		case state.Origins() != row.Origins, state.Differing != row.Differing:
			return "it remembers other sittings than the ledger", nil
		}
		return "", nil
	}
}

// refold folds a response's submissions and returns the state and how many there were.
func (s *Store) refold(ctx context.Context, id, questionnaire string) (*surveys.State, int, error) {
	q, err := s.Questionnaire(ctx, questionnaire)
	if err != nil {
		return nil, 0, err
	}
	rows, err := s.readLedger(ctx, id, math.MaxInt32)
	if err != nil {
		return nil, 0, err
	}
	state, folded := surveys.NewState(q), 0
	for _, row := range rows {
		answers, _, err := row.read()
		if err != nil {
			return nil, 0, err
		}
		state.Apply(row.Sitting, row.Seq, answers)
		if row.Verdict != surveys.Aside.String() {
			folded++
		}
	}
	return state, folded, nil
}

func (s *Store) foldedRow(ctx context.Context, id string) (foldedRow, error) {
	var row foldedRow
	err := s.get(ctx, &row, `
		SELECT questionnaire, revision, answers, origins, differing
		FROM responses
		WHERE id = ?`, id)
	return row, err
}

// ledgerRow is a submission in the ledger that is part of its response.
type ledgerRow struct {
	Sitting    string `db:"sitting"`
	Seq        int    `db:"seq"`
	Revision   int    `db:"revision"`
	Verdict    string `db:"verdict"`
	Content    string `db:"content"`
	ReceivedAt int64  `db:"received_at"`
	Erased     bool   `db:"erased"`
}

// readLedger returns the submissions of a response up to a revision, in the order of their receipt; conflicts are not
// among them.
func (s *Store) readLedger(ctx context.Context, id string, revision int) ([]ledgerRow, error) {
	var rows []ledgerRow
	if err := s.list(ctx, &rows, `
		SELECT sitting, seq, revision, verdict, content, received_at, erased_at IS NOT NULL AS erased
		FROM submissions
		WHERE response_id = ? AND verdict <> ? AND revision <= ?`, id, surveys.Conflicted.String(), revision); err != nil {
		return nil, wrap("read the ledger", err)
	}
	slices.SortFunc(rows, func(a, b ledgerRow) int { return cmp.Or(a.Revision-b.Revision, cmp.Compare(a.Verdict, b.Verdict)) })
	return rows, nil
}

// read returns the answers that were accepted and how they were collected.
func (r ledgerRow) read() ([]surveys.ItemAnswer, ledgerContent, error) {
	var content ledgerContent
	if r.Erased {
		return nil, content, nil
	}
	if err := json.Unmarshal([]byte(r.Content), &content); err != nil {
		return nil, content, fmt.Errorf("read submission %s/%d: %w", r.Sitting, r.Seq, err)
	}
	if r.Verdict == surveys.Aside.String() {
		return nil, content, nil // kept, and not part of the response
	}
	var answers []surveys.ItemAnswer
	err := surveys.EachAnswer(string(content.Answers), func(code string, v surveys.Value) error {
		answers = append(answers, surveys.ItemAnswer{Code: code, Value: v})
		return nil
	})
	return answers, content, err
}
