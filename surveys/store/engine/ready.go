package engine

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// readyFor is how long a verdict about the database is believed, so that nobody makes it write by asking often.
const readyFor = 5 * time.Second

// readiness is the last verdict.
type readiness struct {
	sync.Mutex
	at  time.Time
	err error
}

// Ready reports whether the database can be read and takes a commit: on a full disk it is still read, and every save
// fails. The commit leaves everything as it was.
func (db *DB) Ready(ctx context.Context) error {
	if err := db.place.look(); err != nil { // at once: it costs nothing and will not pass
		return err
	}
	db.ready.Lock()
	defer db.ready.Unlock()
	if db.ready.at.IsZero() || time.Since(db.ready.at) > readyFor {
		db.ready.err = db.tryCommit(ctx)
		db.ready.at = time.Now()
	}
	return db.ready.err
}

// tryCommit does not end with ctx, because others will be told what it finds.
func (db *DB) tryCommit(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), readyFor)
	defer cancel()
	err := db.InTx(ctx, func(tx *Tx) error {
		for _, step := range []int{1, -1} { // SQLite would write nothing for a row that stays as it is
			if _, err := tx.exec(ctx, "UPDATE compatibility SET oldest_schema = oldest_schema + ?", step); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("write to the database: %w", err)
	}
	return nil
}

// ForgetReady lets Ready look again at once.
func (db *DB) ForgetReady() {
	db.ready.Lock()
	defer db.ready.Unlock()
	db.ready.at = time.Time{}
}
