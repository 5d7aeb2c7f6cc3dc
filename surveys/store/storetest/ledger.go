package storetest

import (
	"database/sql"
	"strings"
	"testing"
)

// Contents returns what arrived in the ledger of an SQLite database, in the order of its arrival. Nothing of the product
// reads the ledger in one piece; tests look at what is written with the answers.
func (d Database) Contents(tb testing.TB) []string {
	tb.Helper()
	db, err := sql.Open("sqlite3", strings.TrimPrefix(d.DSN, "sqlite:"))
	if err != nil {
		tb.Fatal(err)
	}
	defer func() { _ = db.Close() }() // only read
	rows, err := db.Query("SELECT content FROM submissions ORDER BY received_at, seq")
	if err != nil {
		tb.Fatal(err)
	}
	defer func() { _ = rows.Close() }() // Err tells
	var contents []string
	for rows.Next() {
		var content string
		if err := rows.Scan(&content); err != nil {
			tb.Fatal(err)
		}
		contents = append(contents, content)
	}
	if err := rows.Err(); err != nil {
		tb.Fatal(err)
	}
	return contents
}
