package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

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
	if err := s.db.Get(ctx, &total, "SELECT COUNT(*) FROM responses"); err != nil {
		return nil, surveys.Wrap("count responses", err)
	}
	var wrong []Mismatch
	last := ""
	for done := 0; ; {
		var ids []string
		if err := s.db.List(ctx, &ids, `
			SELECT id
			FROM responses
			WHERE id > ?
			ORDER BY id
			LIMIT 500`, last); err != nil {
			return nil, surveys.Wrap("list responses", err)
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

// checkFold returns in words what is wrong with a response, or nothing. A submission that arrives while it reads makes
// the row and the ledger disagree, so it reads the row again afterwards and starts over if it moved.
func (s *Store) checkFold(ctx context.Context, id string) (string, error) {
	for {
		row, err := s.responseRow(ctx, id)
		if err != nil {
			return "", err
		}
		again, ledger, err := s.refold(ctx, id, row.questionnaire)
		if err != nil {
			return err.Error(), nil
		}
		wrong, err := s.compare(ctx, &row, again, ledger)
		if err != nil {
			return "", err
		}
		unmoved, err := s.responseRow(ctx, id)
		if err != nil {
			return "", err
		}
		if unmoved == row {
			return wrong, nil
		}
	}
}

// refold folds a response's submissions again, and returns them too.
func (s *Store) refold(ctx context.Context, id, questionnaire string) (*surveys.Replay, []surveys.Entry, error) {
	q, err := s.Questionnaire(ctx, questionnaire)
	if err != nil {
		return nil, nil, err
	}
	ledger, err := readLedger(ctx, s.db, id, math.MaxInt32)
	if err != nil {
		return nil, nil, err
	}
	return replay(ledger, q, ""), ledger, nil // the outcome, which wants the primary scale, is not compared
}

// compare says what is wrong with a response whose ledger comes to again.
func (s *Store) compare(ctx context.Context, row *responseRow, again *surveys.Replay, ledger []surveys.Entry) (string, error) {
	q := again.Answers.Questionnaire()
	var primary surveys.ScaleID
	if slices.ContainsFunc(ledger, func(e surveys.Entry) bool { return e.How.Proxy() }) { // else it does not matter
		study, _, err := s.Study(ctx, q.Study)
		if err != nil {
			return err.Error(), nil
		}
		primary = study.Primary
	}
	wrongScore, err := s.checkScores(ctx, row.id, again.Answers, ledger, primary)
	if err != nil {
		return "", err
	}
	wrongAlert, err := s.checkAlerts(ctx, row.id, q, ledger)
	if err != nil {
		return "", err
	}
	wrongOutcome, err := s.checkOutcome(ctx, row)
	return cmp.Or(row.differsFrom(again), wrongScore, wrongAlert, wrongOutcome), err
}

// checkOutcome says whether the outcome of a response is not the last in its history.
func (s *Store) checkOutcome(ctx context.Context, row *responseRow) (string, error) {
	last := struct {
		Number      int    `db:"number"`
		Disposition string `db:"disposition"`
		Source      string `db:"source"`
		Reason      string `db:"reason"`
	}{0, surveys.Pending.String(), surveys.ByAnswers.String(), ""}
	err := s.db.Get(ctx, &last, `
		SELECT number, disposition, source, reason
		FROM dispositions
		WHERE response_id = ?
		ORDER BY number DESC
		LIMIT 1`, row.id)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", surveys.Wrap("read outcomes", err)
	}
	if last.Number != row.dispositions || last.Disposition != row.disposition || last.Source != row.source || last.Reason != row.reason {
		return "its outcome is not the last in its history", nil
	}
	return "", nil
}

// differsFrom says in what a response is not as its ledger comes to.
func (r *responseRow) differsFrom(again *surveys.Replay) string {
	switch {
	case again.Revision != r.revision:
		return fmt.Sprintf("it counts %d submissions and the ledger holds %d", r.revision, again.Revision)
	case again.Answers.Encode() != r.answers:
		return "its answers differ from the ledger's"
	case !slices.Equal(sittingsOf(again.Answers.Origins()), sittingsOf(r.origins)), again.Answers.Differing != r.differing:
		return "it remembers other sittings than the ledger"
	case again.Answers.HasProxy() != r.proxied, again.LateDays != r.lateDays, again.How.Words() != r.how,
		millis(again.FinishedAt) != millis(r.finished.Time()), millis(again.AnsweredAt) != millis(r.answered.Time()),
		millis(again.BeganAt) != millis(r.began.Time()), millis(again.ChangedAt) != millis(r.changed.Time()):
		return "how and when it was given differs from the ledger"
	}
	return ""
}

// sittingsOf parts origins into sittings. Their order does not matter, and among submissions put aside after the lock the
// ledger does not tell it.
func sittingsOf(origins string) []string {
	sittings := strings.Split(origins, ";")
	slices.Sort(sittings)
	return sittings
}

func (s *Store) responseRow(ctx context.Context, id string) (responseRow, error) {
	var row responseRow
	err := s.db.Row(ctx, selectResponse[surveys.OnMachine]+"WHERE id = ?", []any{id}, row.into()...)
	return row, s.db.Translate(err)
}
