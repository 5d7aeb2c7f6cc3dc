package engine

import (
	"context"
	"strconv"
	"strings"
	"sync"
)

// groupWriter runs the transactions that take submissions in. It is the hot path of the whole program, so the two engines
// each have their own: SQLite's lets waiting submissions share a commit, PostgreSQL's sends what it can in one go.
type groupWriter interface {
	// run runs work in a transaction and returns once the commit is durable. Where the engine loses a race, work is run
	// again.
	run(ctx context.Context, work func(Batch) error) error
	// stop waits for the work under way; nothing may be run afterwards.
	stop()
}

// Batch is what work may do in its transaction. Statements are plain SQL with ? for arguments.
type Batch interface {
	// Row runs a statement that returns one row and scans it; it fails with sql.ErrNoRows if there is none.
	Row(query string, args []any, dest ...any) error
	// Later runs a statement whose result nobody waits for; it has run when the transaction commits.
	Later(query string, args ...any) error
}

// rebinder turns ? into $1, $2 and so on, once for each statement.
type rebinder struct{ known sync.Map }

func (r *rebinder) rebind(query string) string {
	if bound, ok := r.known.Load(query); ok {
		return bound.(string)
	}
	var b strings.Builder
	n := 0
	for part := range strings.SplitSeq(query, "?") {
		if n > 0 {
			b.WriteByte('$')
			b.WriteString(strconv.Itoa(n))
		}
		b.WriteString(part)
		n++
	}
	r.known.Store(query, b.String())
	return b.String()
}
