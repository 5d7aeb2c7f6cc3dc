package storetest

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
)

// A dump is what the browser tests read of a database: times are milliseconds, and NULL is null.
type dump struct {
	Responses   []dumpedResponse   `json:"responses"`
	Submissions []dumpedSubmission `json:"submissions"`
	Alerts      []dumpedAlert      `json:"alerts"`
}

// dumpedResponse is the questionnaire of the person with the label, and how it was filled in last.
type dumpedResponse struct {
	Label      string          `json:"label"`
	Wave       string          `json:"wave"`
	Answers    json.RawMessage `json:"answers"`
	Mode       string          `json:"mode"`
	Language   string          `json:"language"`
	Helper     string          `json:"helper"`
	Place      string          `json:"place"`
	Aids       string          `json:"aids"`
	FinishedAt *int64          `json:"finished_at"`
}

// dumpedSubmission is a row of the ledger. Content is null once it was erased, and HandOver is there where the person had a practice's tablet.
type dumpedSubmission struct {
	Label      string          `json:"label"`
	Wave       string          `json:"wave"`
	Sitting    string          `json:"sitting"`
	Seq        int             `json:"seq"`
	Attempt    int             `json:"attempt"`
	Verdict    string          `json:"verdict"`
	ReceivedAt int64           `json:"received_at"`
	Content    json.RawMessage `json:"content"`
	HandOver   *dumpedHandOver `json:"hand_over"`
}

type dumpedHandOver struct {
	Initials string `json:"initials"`
	Helper   string `json:"helper"`
}

type dumpedAlert struct {
	Label          string `json:"label"`
	Item           string `json:"item"`
	Trial          bool   `json:"trial"`
	RaisedAt       int64  `json:"raised_at"`
	AcknowledgedAt *int64 `json:"acknowledged_at"`
}

// Dump writes what arrived since a moment, in milliseconds, to the SQLite database in the file as one JSON document: the
// ledger in the order of its receipt, the responses that it was folded into, and the alerts. It opens the file for reading
// alone and reads one state of it, so a server may be at work on it.
func Dump(ctx context.Context, path string, since int64, w io.Writer) (err error) {
	file := url.URL{Scheme: "file", Opaque: url.PathEscape(path), RawQuery: "mode=ro&_query_only=on&_busy_timeout=5000"}
	db, err := sql.Open("sqlite3", file.String())
	if err != nil {
		return fmt.Errorf("open %s: %w", path, err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	tx, err := db.BeginTx(ctx, nil) // deferred, so it sees one state from its first query on
	if err != nil {
		return fmt.Errorf("begin to read %s: %w", path, err)
	}
	defer func() { _ = tx.Rollback() }() // nothing was written
	var d dump
	if d.Responses, err = list(ctx, tx, dumpResponses, since, scanResponse); err != nil {
		return fmt.Errorf("read responses: %w", err)
	}
	if d.Submissions, err = list(ctx, tx, dumpSubmissions, since, scanSubmission); err != nil {
		return fmt.Errorf("read submissions: %w", err)
	}
	if d.Alerts, err = list(ctx, tx, dumpAlerts, since, scanAlert); err != nil {
		return fmt.Errorf("read alerts: %w", err)
	}
	return json.NewEncoder(w).Encode(d)
}

const dumpResponses = `
	SELECT e.label, r.wave_id, r.answers, r.mode, r.language, r.helper, r.place, r.aids, r.finished_at
	FROM responses r
	JOIN enrolments e ON e.id = r.enrolment_id
	WHERE EXISTS (SELECT 1 FROM submissions s WHERE s.response_id = r.id AND s.received_at >= ?)
	ORDER BY e.label, r.wave_id`

func scanResponse(rows *sql.Rows) (r dumpedResponse, err error) {
	err = rows.Scan(&r.Label, &r.Wave, (*[]byte)(&r.Answers), &r.Mode, &r.Language, &r.Helper, &r.Place, &r.Aids, &r.FinishedAt)
	return r, err
}

const dumpSubmissions = `
	SELECT e.label, r.wave_id, s.sitting, s.seq, s.attempt, s.verdict, s.received_at, NULLIF(s.content, ''), h.initials, h.helper
	FROM submissions s
	JOIN responses r ON r.id = s.response_id
	JOIN enrolments e ON e.id = r.enrolment_id
	LEFT JOIN hand_overs h ON h.id = json_extract(NULLIF(s.content, ''), '$.hand_over')
	WHERE s.received_at >= ?
	ORDER BY s.received_at, s.revision, s.attempt`

func scanSubmission(rows *sql.Rows) (s dumpedSubmission, err error) {
	var initials, helper *string
	err = rows.Scan(&s.Label, &s.Wave, &s.Sitting, &s.Seq, &s.Attempt, &s.Verdict, &s.ReceivedAt, (*[]byte)(&s.Content), &initials, &helper)
	if initials != nil && helper != nil {
		s.HandOver = &dumpedHandOver{*initials, *helper}
	}
	return s, err
}

const dumpAlerts = `
	SELECT e.label, a.item, a.trial, a.raised_at, a.acknowledged_at
	FROM alerts a
	JOIN enrolments e ON e.id = a.enrolment_id
	WHERE a.raised_at >= ?
	ORDER BY a.raised_at, a.item`

func scanAlert(rows *sql.Rows) (a dumpedAlert, err error) {
	err = rows.Scan(&a.Label, &a.Item, &a.Trial, &a.RaisedAt, &a.AcknowledgedAt)
	return a, err
}

// list returns the rows of a query, none as an empty list.
func list[T any](ctx context.Context, tx *sql.Tx, query string, since int64, scan func(*sql.Rows) (T, error)) ([]T, error) {
	rows, err := tx.QueryContext(ctx, query, since)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }() // Err tells
	found := []T{}
	for rows.Next() {
		one, err := scan(rows)
		if err != nil {
			return nil, err
		}
		found = append(found, one)
	}
	return found, rows.Err()
}
