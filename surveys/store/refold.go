package store

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
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

// foldedRow is what folding decides of a response.
type foldedRow struct {
	Questionnaire string        `db:"questionnaire"`
	Revision      int           `db:"revision"`
	Answers       string        `db:"answers"`
	Origins       string        `db:"origins"`
	Differing     int           `db:"differing"`
	Proxied       bool          `db:"proxied"`
	LateDays      int           `db:"late_days"`
	FinishedAt    sql.NullInt64 `db:"finished_at"`
	AnsweredAt    sql.NullInt64 `db:"answered_at"`
	Mode          string        `db:"mode"`
	Language      string        `db:"language"`
	Helper        string        `db:"helper"`
	Place         string        `db:"place"`
	Aids          string        `db:"aids"`
}

// checkFold returns in words what is wrong with a response, or nothing. A submission that arrives while it reads makes
// the row and the ledger disagree, so it reads the row again afterwards and starts over if it moved.
func (s *Store) checkFold(ctx context.Context, id string) (string, error) {
	for {
		row, err := s.foldedRow(ctx, id)
		if err != nil {
			return "", err
		}
		folded, scores, err := s.refold(ctx, id, row.Questionnaire)
		if err != nil {
			return err.Error(), nil
		}
		wrongScore, err := s.checkScores(ctx, id, scores)
		if err != nil {
			return "", err
		}
		wrongAlert, err := s.checkAlerts(ctx, id, row.Questionnaire)
		if err != nil {
			return "", err
		}
		again, err := s.foldedRow(ctx, id)
		if err != nil {
			return "", err
		}
		if again == row {
			return cmp.Or(row.differsFrom(folded), wrongScore, wrongAlert), nil
		}
	}
}

// differsFrom says in what a response is not as it was folded again.
func (r foldedRow) differsFrom(folded foldedRow) string {
	switch {
	case folded.Revision != r.Revision:
		return fmt.Sprintf("it counts %d submissions and the ledger holds %d", r.Revision, folded.Revision)
	case folded.Answers != r.Answers:
		return "its answers differ from the ledger's"
	case !slices.Equal(sittingsOf(folded.Origins), sittingsOf(r.Origins)), folded.Differing != r.Differing:
		return "it remembers other sittings than the ledger"
	}
	if folded.Origins = r.Origins; folded != r {
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

// refold folds a response's submissions again.
func (s *Store) refold(ctx context.Context, id, questionnaire string) (foldedRow, []surveys.ScaleScore, error) {
	folded := foldedRow{Questionnaire: questionnaire}
	q, err := s.Questionnaire(ctx, questionnaire)
	if err != nil {
		return folded, nil, err
	}
	rows, err := readLedger(ctx, s.db, id, math.MaxInt32)
	if err != nil {
		return folded, nil, err
	}
	state := surveys.NewState(q)
	for _, row := range rows {
		content, err := row.fold(state)
		if err != nil {
			return folded, nil, err
		}
		if row.Verdict != surveys.Aside.String() {
			folded.collect(row, content)
		}
	}
	folded.Answers, folded.Origins, folded.Differing, folded.Proxied = state.Answers(), state.Origins(), state.Differing, state.HasProxy()
	var primary surveys.ScaleID
	if folded.Proxied { // else it does not matter
		study, _, err := s.Study(ctx, q.Study)
		if err != nil {
			return folded, nil, err
		}
		primary = study.Primary
	}
	return folded, state.Scores(primary), nil
}

// collect takes over how and when a submission was given.
func (r *foldedRow) collect(row ledgerRow, content ledgerContent) {
	r.Revision++
	if content.Redates {
		r.AnsweredAt, r.LateDays = sql.NullInt64{}, 0
	}
	r.LateDays = max(r.LateDays, row.LateDays)
	how := surveys.Collection{Place: r.Place, Aids: r.Aids}.Then(content.how())
	r.Mode, r.Language, r.Helper, r.Place, r.Aids = how.Mode.String(), how.Language, how.Helper, how.Place, how.Aids
	if content.Finish && !r.FinishedAt.Valid {
		r.FinishedAt = sql.NullInt64{Int64: row.ReceivedAt, Valid: true}
	}
	if content.AnsweredAt > r.AnsweredAt.Int64 {
		r.AnsweredAt = sql.NullInt64{Int64: content.AnsweredAt, Valid: true}
	}
}

// storedScore is a row of scores.
type storedScore struct {
	Scale    surveys.ScaleID `db:"scale_id"`
	Value    sql.NullFloat64 `db:"value"`
	Answered int             `db:"answered"`
	Why      string          `db:"why"`
	Pilot    bool            `db:"pilot"`
}

// is reports whether the row says what the answers score; the zero row, of a scale of which nothing was ever answered, says
// nothing but that. When a row of a pilot was stored, the study may have named another primary scale, and a proxy may have
// answered that one.
func (have storedScore) is(want surveys.ScaleScore) bool {
	switch {
	case have.Answered != want.Answered:
		return false
	case have.Scale == "", have.Pilot && (have.Why == surveys.WhyProxy) != (want.Why == surveys.WhyProxy):
		return true
	case want.Valid:
		return have.Value == sql.NullFloat64{Float64: want.Value, Valid: true}
	default:
		return !have.Value.Valid
	}
}

// checkScores says which stored score is not what the answers score, if one is.
func (s *Store) checkScores(ctx context.Context, id string, scores []surveys.ScaleScore) (string, error) {
	var rows []storedScore
	if err := s.db.List(ctx, &rows, `
		SELECT s.scale_id, s.value, s.answered, s.why, r.pilot
		FROM scores s
		JOIN responses r ON r.id = s.response_id
		WHERE s.response_id = ? AND s.rule = ?`, id, ruleVersion); err != nil {
		return "", surveys.Wrap("read scores", err)
	}
	stored := make(map[surveys.ScaleID]storedScore)
	for _, row := range rows {
		stored[row.Scale] = row
	}
	for _, want := range scores {
		if !stored[want.Scale].is(want) {
			return fmt.Sprintf("its score on %s is not what its answers score", want.Scale), nil
		}
	}
	return "", nil
}

func (s *Store) foldedRow(ctx context.Context, id string) (foldedRow, error) {
	var row foldedRow
	err := s.db.Get(ctx, &row, `
		SELECT questionnaire, revision, answers, origins, differing, proxied, late_days, finished_at, answered_at, mode, language,
			helper, place, aids
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
	LateDays   int    `db:"late_days"`
	ReceivedAt int64  `db:"received_at"`
	Erased     bool   `db:"erased"`
}

// readLedger returns the submissions of a response up to a revision, in the order of their receipt; conflicts are not
// among them.
func readLedger(ctx context.Context, from querier, id string, revision int) ([]ledgerRow, error) {
	var rows []ledgerRow
	if err := from.List(ctx, &rows, `
		SELECT sitting, seq, revision, verdict, content, late_days, received_at, erased_at IS NOT NULL AS erased
		FROM submissions
		WHERE response_id = ? AND verdict <> ? AND revision <= ?`, id, surveys.Conflicted.String(), revision); err != nil {
		return nil, surveys.Wrap("read the ledger", err)
	}
	slices.SortFunc(rows, func(a, b ledgerRow) int { return cmp.Or(a.Revision-b.Revision, cmp.Compare(a.Verdict, b.Verdict)) })
	return rows, nil
}

// answersIn returns the answers that a submission in the ledger holds.
func answersIn(content ledgerContent) (answers []surveys.ItemAnswer, err error) {
	err = surveys.EachAnswer(string(content.Answers), func(code string, v surveys.Value) error {
		answers = append(answers, surveys.ItemAnswer{Code: code, Value: v})
		return nil
	})
	return answers, err
}

// fold folds the submission in as it was when it came, and returns how it was collected.
func (r ledgerRow) fold(state *surveys.State) (ledgerContent, error) {
	var content ledgerContent
	var answers []surveys.ItemAnswer
	if !r.Erased {
		if err := json.Unmarshal([]byte(r.Content), &content); err != nil {
			return content, fmt.Errorf("read submission %s/%d: %w", r.Sitting, r.Seq, err)
		}
		var err error
		if answers, err = answersIn(content); err != nil {
			return content, err
		}
	}
	verdict, ok := surveys.ParseVerdict(r.Verdict)
	if !ok {
		return content, fmt.Errorf("read submission %s/%d: verdict %q", r.Sitting, r.Seq, r.Verdict)
	}
	state.Fold(verdict, r.Sitting, r.Seq, answers, content.how().Proxy())
	return content, nil
}
