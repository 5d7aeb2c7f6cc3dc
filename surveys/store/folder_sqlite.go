package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
)

// maxGroup bounds how many submissions share a commit, so that the first of them does not wait long for the last.
const maxGroup = 128

// groupFolder is SQLite's writer of submissions: one goroutine that takes whatever waits, runs it in one transaction and
// makes all of it durable by one commit. Only then does anybody get an answer; if the commit fails, everybody in the
// group gets the error. A member that fails never fails another: see sqliteSession.commit.
type groupFolder struct {
	store   *Store
	queue   *queue[*groupWork]
	group   []*groupWork   // being committed, the loop's alone
	session *sqliteSession // of the writing connection, the loop's alone
}

type groupWork struct {
	work func(session) error
	err  error
	done chan struct{}
}

func newGroupFolder(s *Store) (*groupFolder, error) {
	f := &groupFolder{store: s, queue: newQueue[*groupWork](maxGroup)}
	go f.queue.serve(f.serve)
	return f, nil
}

func (f *groupFolder) stop() {
	f.queue.stop()
	if f.session != nil {
		f.session.close()
	}
}

// run hands work to the writer. It waits for the outcome even when ctx ends: the work may be committed by then, and
// only the outcome tells.
func (f *groupFolder) run(ctx context.Context, work func(session) error) error {
	w := &groupWork{work: work, done: make(chan struct{})}
	if err := f.queue.put(ctx, w); err != nil {
		return err
	}
	<-w.done
	return w.err
}

// serve commits first and whatever comes to wait behind it.
func (f *groupFolder) serve(first *groupWork) {
	f.group = append(f.group[:0], first)
	if err := f.commit(); err != nil {
		err = f.store.dialect.translate(err)
		for _, w := range f.group {
			w.err = cmp.Or(w.err, err)
		}
	}
	for _, w := range f.group {
		close(w.done)
	}
}

// next returns the next member of the group, nil if nothing waits.
func (f *groupFolder) next() *groupWork {
	select {
	case w := <-f.queue.waiting: // nil once the channel is closed
		return w
	default:
		return nil
	}
}

// commit runs the group, which grows by what comes to wait meanwhile, in one transaction. Its context has no end: a
// commit half waited for helps nobody, and the driver starts a goroutine for every statement under a context that could
// end.
func (f *groupFolder) commit() error {
	conn, err := f.store.write.Conn(context.Background())
	if err != nil {
		return fmt.Errorf("take the writing connection: %w", err)
	}
	defer func() { _ = conn.Close() }() // gives it back to its pool of one
	return conn.Raw(func(raw any) error {
		s, err := f.sessionOn(raw)
		if err != nil {
			return err
		}
		if err := s.runTogether(&f.group, f.next); !errors.Is(err, errMember) {
			return err
		}
		return s.runApart(f.group)
	})
}

// errMember says that a member of a group failed and took back what it had written, and with it the whole group's.
var errMember = errors.New("a submission failed within its group")

// sessionOn returns the session of the writing connection, which is the same one for the writer's life unless the pool
// had to replace it.
func (f *groupFolder) sessionOn(raw any) (*sqliteSession, error) {
	if f.session != nil && f.session.conn == raw {
		return f.session, nil
	}
	var err error
	f.session, err = newSQLiteSession(raw, f.store.dialect.translate)
	return f.session, err
}

// runTogether runs the members one after the other and commits. Savepoints cost a fifth of the writer's time and
// members hardly ever fail, so it does without: if one fails, everything is rolled back and errMember returned.
func (s *sqliteSession) runTogether(group *[]*groupWork, next func() *groupWork) error {
	return s.transaction(func() error {
		for i := 0; i < len(*group); i++ {
			if err := s.guard((*group)[i].work); err != nil {
				return fmt.Errorf("%w: %w", errMember, err)
			}
			if i == len(*group)-1 && len(*group) < maxGroup {
				if w := next(); w != nil {
					*group = append(*group, w)
				}
			}
		}
		return nil
	})
}

// runApart runs the members again, each in a savepoint of its own. A member's failure is kept for its sender; an error
// is returned only when the whole transaction cannot go on.
func (s *sqliteSession) runApart(group []*groupWork) error {
	return s.transaction(func() error {
		for _, w := range group {
			if err := s.later("SAVEPOINT one"); err != nil {
				return fmt.Errorf("open a savepoint: %w", err)
			}
			if w.err = s.translate(s.guard(w.work)); w.err != nil {
				if err := s.later("ROLLBACK TO one"); err != nil {
					return fmt.Errorf("roll back to a savepoint: %w", err)
				}
			}
			if err := s.later("RELEASE one"); err != nil {
				return fmt.Errorf("release a savepoint: %w", err)
			}
		}
		return nil
	})
}

// transaction runs fn and commits, or rolls back where either fails.
func (s *sqliteSession) transaction(fn func() error) error {
	err := s.later("BEGIN IMMEDIATE")
	if err != nil {
		return fmt.Errorf("begin a group of submissions: %w", err)
	}
	if err = fn(); err == nil {
		if err = s.later("COMMIT"); err == nil {
			return nil
		}
		err = fmt.Errorf("commit a group of submissions: %w", err)
	}
	_ = s.later("ROLLBACK") // err is the reason, and SQLite may have rolled back by itself
	return err
}
