package store

import (
	"context"
	"database/sql"
	"errors"
	"math"
	"slices"

	"wellwave/surveys"
	"wellwave/surveys/store/engine"
)

// ledgerRow is a submission in the ledger that is part of its response.
type ledgerRow struct {
	Sitting    string         `db:"sitting"`
	Seq        int            `db:"seq"`
	Revision   int            `db:"revision"`
	Verdict    string         `db:"verdict"`
	Content    string         `db:"content"`
	LateDays   int            `db:"late_days"`
	ReceivedAt engine.Stamp   `db:"received_at"`
	Erased     bool           `db:"erased"` // or withheld until it is erased
	Account    sql.NullString `db:"account_id"`
	Author     string         `db:"author"`
	AuthorID   sql.NullString `db:"author_id"`
}

// entry reads the row.
func (r *ledgerRow) entry() (surveys.Entry, error) {
	e := surveys.Entry{Sitting: r.Sitting, Seq: r.Seq, Revision: r.Revision, LateDays: r.LateDays, ReceivedAt: r.ReceivedAt.Time(), Erased: r.Erased}
	var err error
	if e.Verdict, err = word("submissions.verdict", surveys.ParseVerdict, r.Verdict); err != nil {
		return e, err
	}
	if e.By.Kind, err = wordOrNone("submissions.author", surveys.ParseAuthorKind, r.Author); err != nil {
		return e, err
	}
	if e.By.ID = r.AuthorID.String; r.Account.Valid {
		e.By = surveys.AccountAuthor(surveys.AccountID(r.Account.String))
	}
	if e.Erased {
		return e, nil
	}
	return e, e.ReadContent(r.Content)
}

// judged are how an entry s of the ledger counts by what is known at a revision, which is an argument of each, see
// surveys.MoveWindow: its verdict and how late it was.
var judged = judgement("verdict") + ", " + judgement("late_days")

func judgement(column string) string {
	return `COALESCE((
			SELECT j.` + column + `
			FROM judgements j
			WHERE j.response_id = s.response_id AND j.sitting = s.sitting AND j.seq = s.seq AND j.revision <= ?
			ORDER BY j.revision DESC
			LIMIT 1), s.` + column + `) AS ` + column
}

// readLedger returns the submissions of a response up to a revision, as they count by then and in the order of their receipt;
// conflicts are not among them.
func readLedger(ctx context.Context, from querier, id string, revision int) ([]surveys.Entry, error) {
	var rows []ledgerRow
	if err := from.List(ctx, &rows, `
		SELECT s.sitting, s.seq, s.revision, `+judged+`, s.content, s.received_at, s.erased_at IS NOT NULL AS erased,
			s.account_id, s.author, s.author_id
		FROM submissions s
		WHERE s.response_id = ? AND s.verdict <> ? AND s.revision <= ?`, revision, revision, id, surveys.Conflicted.String(), revision); err != nil {
		return nil, surveys.Wrap("read the ledger", err)
	}
	var judging []int
	if err := from.List(ctx, &judging, `
		SELECT DISTINCT revision
		FROM judgements
		WHERE response_id = ? AND revision <= ?`, id, revision); err != nil {
		return nil, surveys.Wrap("read judgements", err)
	}
	entries := make([]surveys.Entry, len(rows))
	for i := range rows {
		var err error
		if entries[i], err = rows[i].entry(); err != nil {
			return nil, err
		}
	}
	for _, revision := range judging {
		entries = append(entries, surveys.Entry{Judges: true, Revision: revision})
	}
	slices.SortFunc(entries, surveys.ByReceipt)
	return entries, nil
}

// walkLedger returns what readLedger does, of all revisions and without the judgements, inside of the writer, which gives one row
// at a time.
func walkLedger(tx engine.Batch, response surveys.ResponseID) ([]surveys.Entry, error) {
	var entries []surveys.Entry
	for {
		var row ledgerRow
		err := tx.Row(`
			SELECT s.sitting, s.seq, s.revision, `+judged+`, s.content, s.received_at, s.erased_at IS NOT NULL
			FROM submissions s
			WHERE s.response_id = ? AND s.verdict <> ?
			ORDER BY s.sitting, s.seq, s.attempt
			LIMIT 1 OFFSET ?`, []any{math.MaxInt32, math.MaxInt32, string(response), surveys.Conflicted.String(), len(entries)},
			&row.Sitting, &row.Seq, &row.Revision, &row.Verdict, &row.LateDays, &row.Content, &row.ReceivedAt, &row.Erased)
		if errors.Is(err, sql.ErrNoRows) {
			slices.SortFunc(entries, surveys.ByReceipt)
			return entries, nil
		}
		if err != nil {
			return nil, err
		}
		e, err := row.entry()
		if err != nil {
			return nil, err
		}
		entries = append(entries, e)
	}
}

// replayLedger folds the ledger of a response to q up to a revision.
func replayLedger(ctx context.Context, from querier, id string, q *surveys.Questionnaire, primary surveys.ScaleID, revision int) (*surveys.Replay, error) {
	entries, err := readLedger(ctx, from, id, revision)
	if err != nil {
		return nil, err
	}
	return replay(entries, q, primary), nil
}

func replay(entries []surveys.Entry, q *surveys.Questionnaire, primary surveys.ScaleID) *surveys.Replay {
	again := surveys.NewReplay(q)
	for i := range entries {
		again.Fold(&entries[i], primary)
	}
	return again
}

// insertSubmission writes the ledger's row, with the hash of all that never changes in it.
func (s *Store) insertSubmission(tx engine.Batch, response surveys.ResponseID, e *surveys.Entry, content, digest string) error {
	account, author, id, received := orNull(e.By.Account()), e.By.Kind.String(), authorID(e.By), e.ReceivedAt.UnixMilli()
	hash := s.rowHash("submissions", string(response), e.Sitting, e.Seq, e.Attempt, e.Revision, e.Verdict.String(), e.LateDays, content,
		account, author, id, received, digest)
	return tx.Later(`
		INSERT INTO submissions (response_id, sitting, seq, attempt, revision, verdict, late_days, content, digest,
			account_id, author, author_id, received_at, row_hash)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		string(response), e.Sitting, e.Seq, e.Attempt, e.Revision, e.Verdict.String(), e.LateDays, content, digest,
		account, author, id, received, hash)
}

// authorID is the id of an author who is not an account, which has a column of its own.
func authorID(by surveys.Author) any {
	if by.Kind == surveys.ByAccount {
		return nil
	}
	return orNull(by.ID)
}

// findSubmission returns what the ledger holds under a sequence, of several submissions the one with the given digest, else
// the first; nil for nothing.
func findSubmission(tx engine.Batch, response surveys.ResponseID, sitting string, seq int, digest string) (*surveys.Held, error) {
	return findHeld(tx, `
		WHERE s.response_id = ? AND s.sitting = ? AND s.seq = ?
		ORDER BY CASE WHEN s.digest = ? THEN 0 ELSE 1 END, s.attempt`, digest, string(response), sitting, seq, digest)
}

// findFolded returns what a sequence of a sitting was used for first, which is never a conflict; nil for nothing.
func findFolded(tx engine.Batch, response surveys.ResponseID, sitting string, seq int, digest string) (*surveys.Held, error) {
	return findHeld(tx, `
		WHERE s.response_id = ? AND s.sitting = ? AND s.seq = ?
		ORDER BY s.attempt`, digest, string(response), sitting, seq)
}

// findFromPage returns what a page sent last that holds a number; where the page has sent nothing, what took the number, which
// is never the same; nil for nothing.
func findFromPage(tx engine.Batch, response surveys.ResponseID, sitting string, number int, digest string) (*surveys.Held, error) {
	later := "%" + surveys.FromPage(number)
	held, err := findHeld(tx, `
		WHERE s.response_id = ? AND s.sitting = ? AND (s.seq = ? OR s.seq > ? AND s.content LIKE ?)
		ORDER BY s.seq DESC, CASE WHEN s.digest = ? THEN 0 ELSE 1 END, s.attempt`, digest, string(response), sitting, number, number, later, digest)
	if held != nil {
		held.Same = held.Same && held.IsFrom(number)
	}
	return held, err
}

// parted keeps a program to sittings that it has begun itself.
func parted(tx engine.Batch, r *surveys.Response, sub surveys.Submission) (surveys.Submission, error) {
	for range 2 { // what takes the place of a sitting that is not the program's is looked at, too
		if sub.By.Kind != surveys.ByKey || r.Answers.Highest(sub.Sitting) == 0 {
			return sub, nil
		}
		var kind, id string
		if err := tx.Row(`
			SELECT author, COALESCE(author_id, '')
			FROM submissions
			WHERE response_id = ? AND sitting = ?
			ORDER BY seq, attempt
			LIMIT 1`, []any{string(r.ID), sub.Sitting}, &kind, &id); err != nil {
			return sub, err
		}
		if kind == sub.By.Kind.String() && id == sub.By.ID {
			return sub, nil
		}
		var err error
		if sub, err = sub.Parted(); err != nil {
			return sub, err
		}
	}
	return sub, surveys.Errorf(surveys.Conflict, "this sitting was begun by another program")
}

// findHeld returns the first submission of a selection, and whether it has the digest.
func findHeld(tx engine.Batch, selected, digest string, args ...any) (*surveys.Held, error) {
	var row ledgerRow
	var held surveys.Held
	var digestThere string
	err := tx.Row(`
		SELECT s.sitting, s.seq, s.digest, s.verdict, s.late_days, s.revision, s.received_at, s.content, s.erased_at IS NOT NULL,
			(SELECT COUNT(*) FROM submissions n WHERE n.response_id = s.response_id AND n.sitting = s.sitting AND n.seq = s.seq)
		FROM submissions s`+selected+`
		LIMIT 1`, args,
		&row.Sitting, &row.Seq, &digestThere, &row.Verdict, &row.LateDays, &row.Revision, &row.ReceivedAt, &row.Content, &row.Erased, &held.Attempts)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	held.Same = !row.Erased && digestThere == digest // of what is erased nobody is told what it was
	held.Entry, err = row.entry()
	return &held, err
}
