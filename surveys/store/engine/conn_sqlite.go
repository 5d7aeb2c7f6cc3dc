package engine

import (
	"cmp"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/mattn/go-sqlite3"
)

// sqliteConn runs statements on one connection, past database/sql, whose bookkeeping for every statement costs about
// as much as SQLite's own work. Statements are prepared once for its life.
type sqliteConn struct {
	conn       *sqlite3.SQLiteConn
	translate  func(error) error
	statements map[string]*sqlite3.SQLiteStmt
	values     []driver.Value
}

// newSQLiteConn returns a connection as database/sql's Raw shows it.
func newSQLiteConn(raw any, translate func(error) error) (*sqliteConn, error) {
	conn, ok := raw.(*sqlite3.SQLiteConn)
	if !ok {
		return nil, fmt.Errorf("a connection to SQLite is a %T", raw)
	}
	return &sqliteConn{conn: conn, translate: translate, statements: make(map[string]*sqlite3.SQLiteStmt)}, nil
}

// guard turns a panic in work into an error for its sender alone; the others of the group are owed their commit.
func (s *sqliteConn) guard(work func(Batch) error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("take in a submission: panic: %v", p)
		}
	}()
	return work(s)
}

func (s *sqliteConn) statement(query string) (*sqlite3.SQLiteStmt, error) {
	if stmt, ok := s.statements[query]; ok {
		return stmt, nil
	}
	prepared, err := s.conn.Prepare(steady(query))
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

// steady returns the query with +? for every ?, which means the same and spares parsing it anew for every run. SQLite
// looks at a bare variable on the right of an equals sign, because 0 and 1 might deserve another plan, and has the
// statement prepared again as soon as the driver clears its variables.
func steady(query string) string { return strings.ReplaceAll(query, "?", "+?") }

// close ends the prepared statements: SQLite keeps a connection open, and its log unfolded, while one is left.
func (s *sqliteConn) close() {
	for _, stmt := range s.statements {
		_ = stmt.Close() // nothing is under way, and the connection goes with it
	}
}

func (s *sqliteConn) Later(query string, args ...any) error {
	stmt, err := s.statement(query)
	if err != nil {
		return err
	}
	_, err = stmt.Exec(s.bind(args))
	return err
}

func (s *sqliteConn) Row(query string, args []any, dest ...any) error {
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
func (s *sqliteConn) bind(args []any) []driver.Value {
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
