package engine

import (
	"cmp"
	"context"
	"errors"
	"fmt"
)

// maxGroup bounds how many submissions share a commit, so that the first of them does not wait long for the last.
const maxGroup = 128

// sqliteWriter is SQLite's writer of submissions: one goroutine that takes whatever waits, runs it in one transaction and
// makes all of it durable by one commit. Only then does anybody get an answer; if the commit fails, everybody in the
// group gets the error. A member that fails never fails another: see sqliteConn.commit.
type sqliteWriter struct {
	db      *DB
	queue   *queue[*waitingWork]
	group   []*waitingWork // being committed, the loop's alone
	writing *sqliteConn    // of the writing connection, the loop's alone
}

type waitingWork struct {
	work func(Batch) error
	err  error
	done chan struct{}
}

func newSQLiteWriter(db *DB) *sqliteWriter {
	w := &sqliteWriter{db: db, queue: newQueue[*waitingWork](maxGroup)}
	go w.queue.serve(w.serve)
	return w
}

func (w *sqliteWriter) stop() {
	w.queue.stop()
	if w.writing != nil {
		w.writing.close()
	}
}

// run hands work to the writer. It waits for the outcome even when ctx ends: the work may be committed by then, and
// only the outcome tells.
func (w *sqliteWriter) run(ctx context.Context, work func(Batch) error) error {
	one := &waitingWork{work: work, done: make(chan struct{})}
	if err := w.queue.put(ctx, one); err != nil {
		return err
	}
	<-one.done
	return one.err
}

// serve commits first and whatever comes to wait behind it.
func (w *sqliteWriter) serve(first *waitingWork) {
	w.group = append(w.group[:0], first)
	err := w.commit()
	if err == nil {
		err = w.db.place.look() // a receipt for what lies in a file that was moved away would be false
	}
	if err != nil {
		err = w.db.Translate(err)
		for _, one := range w.group {
			one.err = cmp.Or(one.err, err)
		}
	}
	for _, one := range w.group {
		close(one.done)
	}
}

// next returns the next member of the group, nil if nothing waits.
func (w *sqliteWriter) next() *waitingWork {
	select {
	case one := <-w.queue.waiting: // nil once the channel is closed
		return one
	default:
		return nil
	}
}

// commit runs the group, which grows by what comes to wait meanwhile, in one transaction. Its context has no end: a
// commit half waited for helps nobody, and the driver starts a goroutine for every statement under a context that could
// end.
func (w *sqliteWriter) commit() error {
	conn, err := w.db.write.Conn(context.Background())
	if err != nil {
		return fmt.Errorf("take the writing connection: %w", err)
	}
	defer func() { _ = conn.Close() }() // gives it back to its pool of one
	return conn.Raw(func(raw any) error {
		s, err := w.connOn(raw)
		if err != nil {
			return err
		}
		if err := s.runTogether(&w.group, w.next); !errors.Is(err, errMember) {
			return err
		}
		return s.runApart(w.group)
	})
}

// errMember says that a member of a group failed and took back what it had written, and with it the whole group's.
var errMember = errors.New("a submission failed within its group")

// connOn returns the writing connection, which is the same one for the writer's life unless the pool
// had to replace it.
func (w *sqliteWriter) connOn(raw any) (*sqliteConn, error) {
	if w.writing != nil && w.writing.conn == raw {
		return w.writing, nil
	}
	var err error
	w.writing, err = newSQLiteConn(raw, w.db.Translate)
	return w.writing, err
}

// runTogether runs the members one after the other and commits. Savepoints cost a fifth of the writer's time and
// members hardly ever fail, so it does without: if one fails, everything is rolled back and errMember returned.
func (s *sqliteConn) runTogether(group *[]*waitingWork, next func() *waitingWork) error {
	return s.transaction(func() error {
		for i := 0; i < len(*group); i++ {
			if err := s.guard((*group)[i].work); err != nil {
				return fmt.Errorf("%w: %w", errMember, err)
			}
			if i == len(*group)-1 && len(*group) < maxGroup {
				if one := next(); one != nil {
					*group = append(*group, one)
				}
			}
		}
		return nil
	})
}

// runApart runs the members again, each in a savepoint of its own. A member's failure is kept for its sender; an error
// is returned only when the whole transaction cannot go on.
func (s *sqliteConn) runApart(group []*waitingWork) error {
	return s.transaction(func() error {
		for _, one := range group {
			if err := s.Later("SAVEPOINT one"); err != nil {
				return fmt.Errorf("open a savepoint: %w", err)
			}
			if one.err = s.translate(s.guard(one.work)); one.err != nil {
				if err := s.Later("ROLLBACK TO one"); err != nil {
					return fmt.Errorf("roll back to a savepoint: %w", err)
				}
			}
			if err := s.Later("RELEASE one"); err != nil {
				return fmt.Errorf("release a savepoint: %w", err)
			}
		}
		return nil
	})
}

// transaction runs fn and commits, or rolls back where either fails.
func (s *sqliteConn) transaction(fn func() error) error {
	err := s.Later("BEGIN IMMEDIATE")
	if err != nil {
		return fmt.Errorf("begin a group of submissions: %w", err)
	}
	if err = fn(); err == nil {
		if err = s.Later("COMMIT"); err == nil {
			return nil
		}
		err = fmt.Errorf("commit a group of submissions: %w", err)
	}
	_ = s.Later("ROLLBACK") // err is the reason, and SQLite may have rolled back by itself
	return err
}
