package store

import (
	"cmp"
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/mattn/go-sqlite3"

	"wellwave/surveys"
)

// maxGroup bounds how many submissions share a commit, so that the first of them does not wait long for the last.
const maxGroup = 128

// groupFolder is SQLite's writer of submissions: one goroutine that takes whatever waits, runs it in one transaction and
// makes all of it durable by one commit. Only then does anybody get an answer; if the commit fails, everybody in the
// group gets the error. A member that fails never fails another: see groupSession.commit.
type groupFolder struct {
	store    *Store
	door     sync.RWMutex // held for reading by whoever comes in, for writing by who closes
	closed   bool
	waiting  chan *groupWork
	finished chan struct{}
	session  *groupSession // of the writing connection, the loop's alone
}

type groupWork struct {
	work func(session) error
	err  error
	done chan struct{}
}

func newGroupFolder(s *Store) (*groupFolder, error) {
	f := &groupFolder{store: s, waiting: make(chan *groupWork, maxGroup), finished: make(chan struct{})}
	go f.loop()
	return f, nil
}

func (f *groupFolder) stop() {
	f.door.Lock()
	if !f.closed {
		f.closed = true
		close(f.waiting)
	}
	f.door.Unlock()
	<-f.finished
}

// run hands work to the writer. It waits for the outcome even when ctx ends: the work may be committed by then, and
// only the outcome tells.
func (f *groupFolder) run(ctx context.Context, work func(session) error) error {
	w := &groupWork{work: work, done: make(chan struct{})}
	if err := f.enqueue(ctx, w); err != nil {
		return err
	}
	<-w.done
	return w.err
}

func (f *groupFolder) enqueue(ctx context.Context, w *groupWork) error {
	f.door.RLock()
	defer f.door.RUnlock()
	if f.closed {
		return surveys.Errorf(surveys.Unavailable, "The server is stopping; please try again in a minute.")
	}
	select {
	case f.waiting <- w:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (f *groupFolder) loop() {
	defer close(f.finished)
	group := make([]*groupWork, 0, maxGroup)
	for first := range f.waiting {
		group = append(group[:0], first)
		if err := f.commit(&group); err != nil {
			err = f.store.dialect.translate(err)
			for _, w := range group {
				w.err = cmp.Or(w.err, err)
			}
		}
		for _, w := range group {
			close(w.done)
		}
	}
	if f.session != nil {
		f.session.close()
	}
}

// next returns the next member of the group, nil if nothing waits.
func (f *groupFolder) next() *groupWork {
	select {
	case w := <-f.waiting: // nil once the channel is closed
		return w
	default:
		return nil
	}
}

// commit runs the group, which grows by what comes to wait meanwhile, in one transaction. Its context has no end: a
// commit half waited for helps nobody, and the driver starts a goroutine for every statement under a context that could
// end.
func (f *groupFolder) commit(group *[]*groupWork) error {
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
		if err := s.runTogether(group, f.next); !errors.Is(err, errMember) {
			return err
		}
		return s.runApart(*group)
	})
}

// errMember says that a member of a group failed and took back what it had written, and with it the whole group's.
var errMember = errors.New("a submission failed within its group")

// sessionOn returns the session of a connection. Statements are prepared once for the life of the connection, which is
// the writer's own life unless the pool had to replace it.
func (f *groupFolder) sessionOn(raw any) (*groupSession, error) {
	conn, ok := raw.(*sqlite3.SQLiteConn)
	if !ok {
		return nil, fmt.Errorf("the writing connection is a %T", raw)
	}
	if f.session == nil || f.session.conn != conn {
		f.session = &groupSession{conn: conn, translate: f.store.dialect.translate, statements: make(map[string]*sqlite3.SQLiteStmt)}
	}
	return f.session, nil
}

// groupSession runs statements on the writing connection, past database/sql, whose bookkeeping for every statement
// costs about as much as SQLite's own work.
type groupSession struct {
	conn       *sqlite3.SQLiteConn
	translate  func(error) error
	statements map[string]*sqlite3.SQLiteStmt
	values     []driver.Value
}

// runTogether runs the members one after the other and commits. Savepoints cost a fifth of the writer's time and
// members hardly ever fail, so it does without: if one fails, everything is rolled back and errMember returned.
func (s *groupSession) runTogether(group *[]*groupWork, next func() *groupWork) error {
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
func (s *groupSession) runApart(group []*groupWork) error {
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
func (s *groupSession) transaction(fn func() error) error {
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

// guard turns a panic in work into an error for its sender alone; the others of the group are owed their commit.
func (s *groupSession) guard(work func(session) error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("take in a submission: panic: %v", p)
		}
	}()
	return work(s)
}

func (s *groupSession) statement(query string) (*sqlite3.SQLiteStmt, error) {
	if stmt, ok := s.statements[query]; ok {
		return stmt, nil
	}
	prepared, err := s.conn.Prepare(query)
	if err != nil {
		return nil, err
	}
	stmt, ok := prepared.(*sqlite3.SQLiteStmt)
	if !ok {
		return nil, fmt.Errorf("a prepared statement is a %T", prepared)
	}
	s.statements[query] = stmt
	return stmt, nil
}

// close ends the prepared statements: SQLite keeps a connection open, and its log unfolded, while one is left.
func (s *groupSession) close() {
	for _, stmt := range s.statements {
		_ = stmt.Close() // nothing is under way, and the connection goes with it
	}
}

func (s *groupSession) later(query string, args ...any) error {
	stmt, err := s.statement(query)
	if err != nil {
		return err
	}
	_, err = stmt.Exec(s.bind(args))
	return err
}

func (s *groupSession) row(query string, args []any, dest ...any) error {
	stmt, err := s.statement(query)
	if err != nil {
		return err
	}
	rows, err := stmt.Query(s.bind(args))
	if err != nil {
		return err
	}
	values := make([]driver.Value, len(dest))
	if err := rows.Next(values); err != nil {
		_ = rows.Close() // the first error is the one to tell
		if errors.Is(err, io.EOF) {
			return sql.ErrNoRows
		}
		return err
	}
	for i := range dest {
		if err := assign(dest[i], values[i]); err != nil {
			_ = rows.Close() // as above
			return err
		}
	}
	// Foreign keys are checked when the statement ends, after its row.
	if err := rows.Next(values); !errors.Is(err, io.EOF) {
		_ = rows.Close() // as above
		return cmp.Or(err, errSecondRow)
	}
	return rows.Close()
}

var errSecondRow = errors.New("more than one row where one was asked for")

// bind gives the arguments the driver's type; it takes int, which the store uses for counts, besides the driver's own.
func (s *groupSession) bind(args []any) []driver.Value {
	s.values = s.values[:0]
	for _, a := range args {
		if n, ok := a.(int); ok {
			a = int64(n)
		}
		s.values = append(s.values, a)
	}
	return s.values
}

// assign puts a column into one of the few kinds of variable that work scans into.
func assign(dest any, v driver.Value) error {
	switch d := dest.(type) {
	case *string:
		text, ok := v.(string)
		if !ok {
			return fmt.Errorf("scan a text from %T", v)
		}
		*d = text
	case *int:
		n, ok := v.(int64)
		if !ok {
			return fmt.Errorf("scan a number from %T", v)
		}
		*d = int(n)
	case *bool:
		switch b := v.(type) {
		case bool:
			*d = b
		case int64:
			*d = b != 0
		default:
			return fmt.Errorf("scan a truth value from %T", v)
		}
	case sql.Scanner:
		return d.Scan(v)
	default:
		return fmt.Errorf("scan into %T", dest)
	}
	return nil
}
