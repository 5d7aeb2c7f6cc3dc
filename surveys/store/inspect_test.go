package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"testing"

	"wellwave/surveys/store/engine"
)

// Inspect runs a query on the writing connection and returns its rows, columns parted by strokes, NULL as nothing.
func (s *Store) Inspect(tb testing.TB, query string, args ...any) (found []string) {
	tb.Helper()
	ctx := context.Background()
	if err := s.db.InTx(ctx, func(tx *engine.Tx) error {
		rows, err := tx.Query(ctx, query, args...)
		if err != nil {
			return err
		}
		found, err = inWords(rows)
		return err
	}); err != nil {
		tb.Fatalf("%s: %v", query, err)
	}
	return found
}

// inWords reads rows to their end and closes them.
func inWords(rows *sql.Rows) (found []string, err error) {
	defer func() { _ = rows.Close() }() // Err tells
	names, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	values, pointers := make([]any, len(names)), make([]any, len(names))
	for i := range values {
		pointers[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(pointers...); err != nil {
			return nil, err
		}
		columns := make([]string, len(values))
		for i, v := range values {
			switch v := v.(type) {
			case nil:
			case []byte:
				columns[i] = string(v)
			default:
				columns[i] = fmt.Sprint(v)
			}
		}
		found = append(found, strings.Join(columns, "|"))
	}
	return found, rows.Err()
}
