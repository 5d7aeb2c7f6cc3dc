package store

import (
	"context"

	"wellwave/surveys/store/engine"
)

// RunFold gives the benchmarks' floor the writer that submissions go through.
func (s *Store) RunFold(ctx context.Context, work func(later func(query string, args ...any) error) error) error {
	return s.db.InGroup(ctx, func(tx engine.Batch) error { return work(tx.Later) })
}

// Exec runs a statement that no use case needs.
func (s *Store) Exec(ctx context.Context, query string, args ...any) error {
	return s.db.InTx(ctx, func(tx *engine.Tx) error {
		_, err := tx.Exec(ctx, query, args...)
		return err
	})
}

// ForgetReady lets Ready look again at once.
func (s *Store) ForgetReady() { s.db.ForgetReady() }

// HashCode returns what is stored of a link, code or token.
func (s *Store) HashCode(code string) string { return s.hashCode(code) }
