package engine

import (
	"context"
	"database/sql"

	"github.com/jmoiron/sqlx"
)

// Snapshot reads several times from one moment, whatever is being written meanwhile.
type Snapshot struct{ tx *sqlx.Tx }

// Snapshot runs read on the reading connections. What it reads is as it stood when it first read.
func (db *DB) Snapshot(ctx context.Context, read func(*Snapshot) error) error {
	if err := db.place.known(); err != nil {
		return err
	}
	tx, err := db.read.BeginTxx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		return db.dialect.translate(err)
	}
	defer func() { _ = tx.Rollback() }() // nothing was written
	return db.dialect.translate(read(&Snapshot{tx}))
}

// Get reads one row into dest, which is a pointer to a struct or to a scalar; no row is sql.ErrNoRows.
func (s *Snapshot) Get(ctx context.Context, dest any, query string, args ...any) error {
	if err := mustRead(query); err != nil {
		return err
	}
	return s.tx.GetContext(ctx, dest, s.tx.Rebind(query), args...)
}

// List reads all rows into dest, a pointer to a slice.
func (s *Snapshot) List(ctx context.Context, dest any, query string, args ...any) error {
	if err := mustRead(query); err != nil {
		return err
	}
	return s.tx.SelectContext(ctx, dest, s.tx.Rebind(query), args...)
}
