package store

import (
	"context"
	"fmt"
	"strings"
	"testing"
)

// Inspect runs a query on the writing connection and returns its rows, columns parted by strokes, NULL as nothing.
func (s *Store) Inspect(tb testing.TB, query string, args ...any) []string {
	tb.Helper()
	rows, err := s.db.write.QueryxContext(context.Background(), s.db.write.Rebind(query), args...)
	if err != nil {
		tb.Fatalf("%s: %v", query, err)
	}
	defer func() { _ = rows.Close() }() // Err tells
	var found []string
	for rows.Next() {
		values, err := rows.SliceScan()
		if err != nil {
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
