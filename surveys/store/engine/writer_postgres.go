package engine

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// postgresWriter is PostgreSQL's writer of submissions: a transaction each, on any connection of the pool. A transaction
// takes two round trips: BEGIN goes out with the first statement that returns a row, and everything after it with the
// COMMIT.
type postgresWriter struct {
	db       *DB
	rebinder rebinder
}

func newPostgresWriter(db *DB) *postgresWriter { return &postgresWriter{db: db} }

func (w *postgresWriter) stop() {}

func (w *postgresWriter) run(ctx context.Context, work func(Batch) error) error {
	err := w.db.dialect.retry(ctx, func() error { return w.once(ctx, work) })
	return w.db.dialect.translate(err)
}

func (w *postgresWriter) once(ctx context.Context, work func(Batch) error) error {
	conn, err := w.db.write.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }() // gives it back to the pool
	return conn.Raw(func(raw any) error {
		driverConn, ok := raw.(*stdlib.Conn)
		if !ok {
			return fmt.Errorf("a connection of the pool is a %T", raw)
		}
		// Once begun, the transaction is seen through whatever becomes of the sender.
		s := &postgresBatch{ctx: context.WithoutCancel(ctx), conn: driverConn.Conn(), rebind: w.rebinder.rebind}
		s.batch.Queue("BEGIN")
		if err := work(s); err != nil {
			s.rollback()
			return err
		}
		return s.commit()
	})
}

// postgresBatch sends statements in batches: what nobody waits for goes out with the next statement that somebody does.
type postgresBatch struct {
	ctx    context.Context
	conn   *pgx.Conn
	rebind func(string) string
	batch  pgx.Batch
	open   bool // BEGIN has reached the server
}

func (s *postgresBatch) Later(query string, args ...any) error {
	s.batch.Queue(s.rebind(query), args...)
	return nil
}

func (s *postgresBatch) Row(query string, args []any, dest ...any) error {
	queued := s.batch.Len()
	s.batch.Queue(s.rebind(query), args...)
	return s.send(queued, func(results pgx.BatchResults) error {
		err := results.QueryRow().Scan(dest...)
		if errors.Is(err, pgx.ErrNoRows) {
			return sql.ErrNoRows
		}
		return err
	})
}

func (s *postgresBatch) commit() error {
	s.batch.Queue("COMMIT")
	err := s.send(s.batch.Len(), func(pgx.BatchResults) error { return nil })
	if err != nil {
		s.rollback()
	}
	return err
}

// send sends the batch, reads the results of its first n statements, which return nothing, and then calls last.
func (s *postgresBatch) send(n int, last func(pgx.BatchResults) error) error {
	batch := s.batch
	s.batch = pgx.Batch{}
	s.open = true
	results := s.conn.SendBatch(s.ctx, &batch)
	for range n {
		if _, err := results.Exec(); err != nil {
			_ = results.Close() // the first error is the one to tell
			return err
		}
	}
	if err := last(results); err != nil {
		_ = results.Close() // as above
		return err
	}
	return results.Close()
}

// rollback ends a transaction that failed. If that fails too the connection is of no more use, and the pool drops it.
func (s *postgresBatch) rollback() {
	if !s.open {
		return
	}
	if _, err := s.conn.Exec(s.ctx, "ROLLBACK"); err != nil {
		_ = s.conn.Close(s.ctx) // nothing is left to tell
	}
}
