package store

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
func (s *Store) Ready(ctx context.Context) error {
	s.ready.Lock()
	defer s.ready.Unlock()
	if s.ready.at.IsZero() || time.Since(s.ready.at) > readyFor {
		s.ready.err = s.tryCommit(ctx)
		s.ready.at = time.Now()
	}
	return s.ready.err
}

// tryCommit does not end with ctx, because others will be told what it finds.
func (s *Store) tryCommit(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), readyFor)
	defer cancel()
	err := s.inTx(ctx, func(tx *tx) error {
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
