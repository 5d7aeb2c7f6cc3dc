package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"wellwave/surveys"
	"wellwave/surveys/store/engine"
)

// queryRow is a row of queries with what it belongs to.
type queryRow struct {
	ID        string              `db:"id"`
	Study     surveys.StudyID     `db:"study_id"`
	Enrolment surveys.EnrolmentID `db:"enrolment_id"`
	Label     string              `db:"label"`
	Wave      surveys.WaveID      `db:"wave_id"`
	Response  surveys.ResponseID  `db:"response_id"`
	Sitting   string              `db:"sitting"`
	Seq       int                 `db:"seq"`
	Stands    bool                `db:"stands"`
	Revision  int                 `db:"revision"`
	RaisedAt  engine.Stamp        `db:"raised_at"`
	Decision  string              `db:"decision"`
	Reason    string              `db:"reason"`
	Account   sql.NullString      `db:"account_id"`
	DecidedAt engine.Stamp        `db:"decided_at"`
}

const selectQueries = `
	SELECT q.id, e.study_id, r.enrolment_id, e.label, r.wave_id, q.response_id, q.sitting, q.seq, q.stands, q.revision, q.raised_at,
		q.decision, q.reason, q.account_id, q.decided_at
	FROM queries q
	JOIN responses r ON r.id = q.response_id
	JOIN enrolments e ON e.id = r.enrolment_id
	`

func (r queryRow) query() (surveys.Query, error) {
	decision, wrong := wordOrNone("queries.decision", surveys.ParseQueryDecision, r.Decision)
	reason, wrongReason := wordOrNone("queries.reason", surveys.ParseCorrectionReason, r.Reason)
	return surveys.Query{ID: r.ID, Study: r.Study, Enrolment: r.Enrolment, Label: r.Label, Wave: r.Wave, Response: r.Response, Sitting: r.Sitting, Seq: r.Seq,
		Stands: r.Stands, Revision: r.Revision, RaisedAt: r.RaisedAt.Time(), Decision: decision, Reason: reason, By: surveys.AccountID(r.Account.String),
		DecidedAt: r.DecidedAt.Time()}, errors.Join(wrong, wrongReason)
}

// noteQuery keeps a questionnaire as a query, and the decision of one with the answers that it put in the place of the others.
func (a *arrival) noteQuery(tx engine.Batch, r *surveys.Response, taken *surveys.Taken) error {
	switch {
	case taken.Queried:
		before := r.Revision
		if taken.Verdict.Folded() {
			before--
		}
		id := newID(a.now)
		hash := a.store.rowHash("queries", plainly([]any{id, r.ID, taken.Sitting, taken.Seq, taken.Verdict.Folded(), before, a.now.UnixMilli()})...)
		if err := tx.Later(`
			INSERT INTO queries (id, response_id, sitting, seq, stands, revision, raised_at, decision, reason, row_hash)
			VALUES (?, ?, ?, ?, ?, ?, ?, '', '', ?)`,
			id, string(r.ID), taken.Sitting, taken.Seq, taken.Verdict.Folded(), before, a.now.UnixMilli(), hash); err != nil {
			return err
		}
		entry := audit{"", "query.raise", a.sub.Study, string(r.Enrolment), string(r.Wave)}.of(a.sub.By)
		return tx.Later(insertAudit, entry.values(a.now)...)
	case a.sub.Decides != nil:
		var id string
		err := tx.Row(decideQuery+`
			RETURNING id`, decideValues(a.sub.Decides.ID, a.sub.By.Account(), surveys.OtherTaken, a.sub.Why, a.now.UnixMilli()), &id)
		if errors.Is(err, sql.ErrNoRows) {
			return errDecided
		}
		if err != nil {
			return err
		}
		return tx.Later(insertAudit, queryDecided(a.sub.Decides, a.sub.By.Account(), surveys.OtherTaken, a.sub.Why).values(a.now)...)
	default:
		return nil
	}
}

var errDecided = surveys.Errorf(surveys.Conflict, "This was decided already.")

const decideQuery = `
	UPDATE queries
	SET decision = ?, reason = ?, account_id = ?, decided_at = ?
	WHERE id = ? AND decision = ''`

func decideValues(id string, by surveys.AccountID, d surveys.QueryDecision, why surveys.CorrectionReason, now int64) []any {
	return []any{d.String(), why.String(), orNull(by), now, id}
}

func queryDecided(q *surveys.Query, by surveys.AccountID, d surveys.QueryDecision, why surveys.CorrectionReason) audit {
	return audit{by, "query.decide", q.Study, string(q.Enrolment), fmt.Sprintf("%s: %s; %s", q.Wave, d, why)}
}

// ListQueries lists the queries of a study that wait for a decision, by study number.
func (s *Store) ListQueries(ctx context.Context, study surveys.StudyID) ([]surveys.Query, error) {
	var rows []queryRow
	if err := s.db.List(ctx, &rows, selectQueries+`JOIN submissions s ON s.response_id = q.response_id AND s.sitting = q.sitting AND s.seq = q.seq AND s.attempt = 0
	WHERE e.study_id = ? AND q.decision = '' AND s.erased_at IS NULL`, study); err != nil {
		return nil, surveys.Wrap("list queries", err)
	}
	queries := make([]surveys.Query, 0, len(rows))
	for _, row := range rows {
		q, err := row.query()
		if err != nil {
			return nil, err
		}
		queries = append(queries, q)
	}
	slices.SortFunc(queries, func(a, b surveys.Query) int { return strings.Compare(a.Label+a.ID, b.Label+b.ID) })
	return queries, nil
}

// FindQuery returns a query with both questionnaires. It fails with NotFound.
func (s *Store) FindQuery(ctx context.Context, id string) (surveys.Query, surveys.Versions, error) {
	var both surveys.Versions
	var row queryRow
	if err := s.db.Get(ctx, &row, selectQueries+"WHERE q.id = ?", id); err != nil {
		return surveys.Query{}, both, notFound(err, "there is no such query")
	}
	query, err := row.query()
	if err != nil {
		return query, both, err
	}
	found, err := s.responseRow(ctx, string(query.Response))
	if err != nil {
		return query, both, surveys.Wrap("read the response of a query", err)
	}
	if both.Questionnaire, err = s.Questionnaire(ctx, found.questionnaire); err != nil {
		return query, both, err
	}
	now, err := found.response(both.Questionnaire)
	if err != nil {
		return query, both, err
	}
	both.Standing = now.Version()
	if query.Stands { // so that what stood before it is the other
		before, err := replayLedger(ctx, s.db, string(query.Response), both.Questionnaire, "", query.Revision)
		if err != nil {
			return query, both, err
		}
		both.Other, query.LateDays = before.Version(), before.LateDays
		return query, both, nil
	}
	entries, err := readLedger(ctx, s.db, string(query.Response), now.Revision)
	if err != nil {
		return query, both, err
	}
	i := slices.IndexFunc(entries, func(e surveys.Entry) bool { return e.Sitting == query.Sitting && e.Seq == query.Seq })
	if i < 0 {
		return query, both, surveys.Errorf(surveys.NotFound, "there is no such query")
	}
	both.Other, query.LateDays = surveys.Version{Answers: entries[i].Accepted, How: entries[i].How, GivenAt: entries[i].AnsweredAt}, entries[i].LateDays
	return query, both, nil
}

// LookAtQuery is FindQuery for somebody who is shown the answers, which the audit trail says before they are. It fails with NotFound
// also for a query of another study.
func (s *Store) LookAtQuery(ctx context.Context, by surveys.AccountID, study surveys.StudyID, id string) (surveys.Query, surveys.Versions, error) {
	query, both, err := s.FindQuery(ctx, id)
	if err == nil && query.Study != study {
		err = surveys.Errorf(surveys.NotFound, "there is no such query")
	}
	if err != nil {
		return query, both, err
	}
	err = s.db.InTx(ctx, func(tx *engine.Tx) error {
		return tx.Note(ctx, audit{by, "query.look", query.Study, string(query.Enrolment), string(query.Wave)})
	})
	return query, both, surveys.Wrap("note a look at a query", err)
}

// DecideQuery decides which of two questionnaires counts, and why. It fails with Conflict for a query that was decided before,
// and as Submit does where the other is to take the place of what stands.
func (s *Store) DecideQuery(ctx context.Context, by surveys.AccountID, id string, d surveys.QueryDecision, why surveys.CorrectionReason) error {
	if d.String() == "" || why.String() == "" {
		return surveys.Errorf(surveys.Invalid, "Choose which questionnaire counts, and why.")
	}
	query, both, err := s.FindQuery(ctx, id)
	if err != nil {
		return err
	}
	if query.Decision != 0 {
		return errDecided
	}
	if d == surveys.OtherTaken {
		_, err := s.Submit(ctx, surveys.Submission{Study: query.Study, Enrolment: query.Enrolment, Wave: query.Wave, Sitting: newID(s.now()), Seq: 1,
			Answers: both.Other.Answers, Finish: true, How: both.Other.How, AnsweredAt: both.Other.GivenAt, By: surveys.AccountAuthor(by), Basis: restsOn(ctx),
			Correct: true, Why: why, Decides: &query})
		return err
	}
	return surveys.Wrap("decide a query", s.db.InTx(ctx, func(tx *engine.Tx) error {
		changed, err := tx.Exec(ctx, queryDecided(&query, by, d, why), decideQuery, decideValues(id, by, d, why, tx.Now.UnixMilli())...)
		if err == nil && changed == 0 {
			err = errDecided
		}
		return err
	}))
}
