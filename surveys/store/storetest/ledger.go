package storetest

import (
	"database/sql"
	"strings"
	"testing"
	"time"

	"wellwave/surveys"
)

// Contents returns what arrived in the ledger of an SQLite database, in the order of its arrival. Nothing of the product
// reads the ledger in one piece; tests look at what is written with the answers.
func (d Database) Contents(tb testing.TB) []string {
	tb.Helper()
	var contents []string
	d.each(tb, func(rows *sql.Rows) error {
		var content string
		err := rows.Scan(&content)
		contents = append(contents, content)
		return err
	}, "SELECT content FROM submissions ORDER BY received_at, seq")
	return contents
}

// HandOvers returns the times that a tablet was given to somebody, the first first, from an SQLite database. No page
// shows them.
func (d Database) HandOvers(tb testing.TB, person surveys.EnrolmentID) []surveys.HandOver {
	tb.Helper()
	var list []surveys.HandOver
	d.each(tb, func(rows *sql.Rows) error {
		over := surveys.HandOver{Enrolment: person}
		var at int64
		err := rows.Scan(&over.ID, &over.Kiosk, &over.Wave, &over.Initials, &over.Colleague, &over.Helper, &at)
		over.At = time.UnixMilli(at)
		list = append(list, over)
		return err
	}, "SELECT id, kiosk_id, wave_id, initials, colleague, helper, at FROM hand_overs WHERE enrolment_id = ? ORDER BY at, id", person)
	return list
}

// each runs a query on an SQLite database beside the store and hands over its rows.
func (d Database) each(tb testing.TB, fn func(*sql.Rows) error, query string, args ...any) {
	tb.Helper()
	db, err := sql.Open("sqlite3", strings.TrimPrefix(d.DSN, "sqlite:"))
	if err != nil {
		tb.Fatal(err)
	}
	defer func() { _ = db.Close() }() // only read
	rows, err := db.Query(query, args...)
	if err != nil {
		tb.Fatal(err)
	}
	defer func() { _ = rows.Close() }() // Err tells
	for rows.Next() {
		if err := fn(rows); err != nil {
			tb.Fatal(err)
		}
	}
	if err := rows.Err(); err != nil {
		tb.Fatal(err)
	}
}
