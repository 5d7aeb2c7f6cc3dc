package engine

import (
	"context"
	"database/sql"
	"fmt"
)

// rowReader reads single rows for the pages of participants, which are asked for more often than all else together.
type rowReader interface {
	// row scans one row; it fails with sql.ErrNoRows if there is none. Variables are strings, ints, bools and Scanners.
	row(ctx context.Context, query string, args []any, dest ...any) error
	stop()
}

// poolReader reads on any connection of the pool: PostgreSQL's way.
type poolReader struct {
	db    *DB
	known rebinder
}

func (r *poolReader) row(ctx context.Context, query string, args []any, dest ...any) error {
	return r.db.read.QueryRowContext(ctx, r.known.rebind(query), args...).Scan(dest...)
}

func (r *poolReader) stop() {}

// snapshotReader is SQLite's: one goroutine with a connection of its own that answers everybody who waits from one
// snapshot. Every commit empties the cache of a reading connection, so the first row after it costs the most; those
// that share its snapshot cost a fifth of it. A snapshot is taken after all who share it have asked, so everybody sees
// what they have written.
type snapshotReader struct {
	asks    *queue[*rowAsk]
	conn    *sql.Conn
	reading *sqliteConn
}

type rowAsk struct {
	query string
	args  []any
	dest  []any
	err   error
	done  chan struct{}
}

func newSnapshotReader(db *DB) (*snapshotReader, error) {
	conn, err := db.read.Conn(context.Background())
	if err != nil {
		return nil, fmt.Errorf("take a reading connection: %w", err)
	}
	r := &snapshotReader{asks: newQueue[*rowAsk](maxGroup), conn: conn}
	err = conn.Raw(func(raw any) error { // nobody else gets this connection until stop
		var err error
		r.reading, err = newSQLiteConn(raw, db.Translate)
		return err
	})
	if err != nil {
		return nil, err
	}
	go r.asks.serve(r.answer)
	return r, nil
}

// row waits for its answer whether or not ctx ends meanwhile: it is there before anybody could think better of it.
func (r *snapshotReader) row(ctx context.Context, query string, args []any, dest ...any) error {
	a := &rowAsk{query: query, args: args, dest: dest, done: make(chan struct{})}
	if err := r.asks.put(ctx, a); err != nil {
		return err
	}
	<-a.done
	return a.err
}

// answer answers first and everybody who waits behind it now.
func (r *snapshotReader) answer(first *rowAsk) {
	others := len(r.asks.waiting)
	shared := others > 0 && r.reading.Later("BEGIN") == nil // without it each row has a snapshot of its own
	r.answerOne(first)
	for range others {
		r.answerOne(<-r.asks.waiting)
	}
	if shared {
		_ = r.reading.Later("COMMIT") // nothing was written
	}
}

func (r *snapshotReader) answerOne(a *rowAsk) {
	a.err = r.reading.guard(func(s Batch) error { return s.Row(a.query, a.args, a.dest...) })
	close(a.done)
}

func (r *snapshotReader) stop() {
	r.asks.stop()
	r.reading.close()
	_ = r.conn.Close() // it goes back to a pool that is about to be closed
}
