package store

import (
	"context"
	"fmt"
	"strings"
	"testing"
)

// Inspect runs a query on a reading connection and returns its rows, columns parted by strokes, NULL as nothing.
func (s *Store) Inspect(tb testing.TB, query string, args ...any) []string {
	tb.Helper()
	ctx := context.Background()
	rows, err := s.db.Query(ctx, query, args...)
	if err != nil {
		tb.Fatalf("%s: %v", query, err)
	}
	defer func() { _ = rows.Close() }() // Err tells
	names, err := rows.Columns()
	if err != nil {
		tb.Fatalf("%s: %v", query, err)
	}
	var found []string
	for rows.Next() {
		values, pointers := make([]any, len(names)), make([]any, len(names))
		for i := range values {
			pointers[i] = &values[i]
		}
		if err := rows.Scan(pointers...); err != nil {
			tb.Fatalf("%s: %v", query, err)
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
	if err := rows.Err(); err != nil {
		tb.Fatalf("%s: %v", query, err)
	}
	return found
}
