package store

import (
	"context"
)

// RunFold gives the benchmarks' floor the writer that submissions go through.
func (s *Store) RunFold(ctx context.Context, work func(later func(query string, args ...any) error) error) error {
	return s.db.inGroup(ctx, func(tx session) error { return work(tx.later) })
}

// Exec runs a statement that no use case needs.
func (s *Store) Exec(ctx context.Context, query string, args ...any) error {
	return s.db.inTx(ctx, func(tx *tx) error {
		_, err := tx.exec(ctx, query, args...)
		return err
	})
}

// ForgetReady lets Ready look again at once.
func (s *Store) ForgetReady() { s.db.forgetReady() }

// HashCode returns what is stored of a link, code or token.
func (s *Store) HashCode(code string) string { return s.hashCode(code) }
