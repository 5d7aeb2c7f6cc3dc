package bulk

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"wellwave/surveys"
)

// manyRows is a file in memory.
type manyRows struct {
	rows []Row
	next int
}

func (m *manyRows) Header() []string { return nil }
func (m *manyRows) Notes() []string  { return nil }
func (m *manyRows) Says(string) bool { return false }
func (*manyRows) PerRow() bool       { return false }
func (m *manyRows) Next() (Row, error) {
	if m.next == len(m.rows) {
		return Row{}, io.EOF
	}
	m.next++
	return m.rows[m.next-1], nil
}

// Rows of one person arrive in the order of the file, however their number is written and however many are under way, and no
// more are under way than may be.
func TestDeliverInOrder(t *testing.T) {
	var rows []Row
	for i := range 400 {
		spelling := []string{"p%d", "P%d", " p%d "}[i%3]
		rows = append(rows, Row{Line: i + 2, Participant: fmt.Sprintf(spelling, i%7)})
	}
	for _, atOnce := range []int{1, 2, 16} {
		var mutex sync.Mutex
		latest, lines := make(map[string]int), []int(nil)
		var underWay, most atomic.Int32
		submit := func(_ context.Context, row *Row) (surveys.Receipt, error) {
			if n := underWay.Add(1); n > most.Load() {
				most.Store(n)
			}
			time.Sleep(time.Duration(rand.IntN(300)) * time.Microsecond)
			mutex.Lock()
			defer mutex.Unlock()
			number := surveys.StudyNumber(row.Participant)
			if latest[number] > row.Line {
				t.Errorf("%d at once: line %d of %s arrived after line %d", atOnce, row.Line, number, latest[number])
			}
			latest[number] = row.Line
			underWay.Add(-1)
			return surveys.Receipt{}, nil
		}
		tell := func(d Delivery) error {
			lines = append(lines, d.Row.Line)
			return nil
		}
		if err := Deliver(t.Context(), &manyRows{rows: rows}, atOnce, submit, tell); err != nil {
			t.Fatal(err)
		}
		for i, line := range lines {
			if line != i+2 {
				t.Fatalf("%d at once: line %d was told in place %d", atOnce, line, i)
			}
		}
		if len(lines) != len(rows) || int(most.Load()) > atOnce {
			t.Errorf("%d at once: %d of %d rows, up to %d under way", atOnce, len(lines), len(rows), most.Load())
		}
	}
}
