package main

import (
	"context"
	"errors"
	"io"
	"runtime"

	"wellwave/scoring"
	"wellwave/surveys/csvtable"
)

// scored is a block of rows on its way through: read by one goroutine, scored by any, written in order by another.
type scored struct {
	block     csvtable.Block
	out       []byte // the rows as they are written
	faults    []byte // a line for each value that is not an answer
	rows, bad int
	err       error         // at which the scoring ends
	ready     chan struct{} // receives when the block is scored
}

// scoreBlocks scores a table on all processors and hands the blocks to write in their order. It ends at the first error
// in the order of the table. The number of blocks under way, and with it the memory, is bounded.
func scoreBlocks(ctx context.Context, table *csvtable.Reader, plan *scorePlan, keepGoing bool, write func(*scored) error) error {
	workers := runtime.GOMAXPROCS(0)
	inFlight := 2 * workers
	free, jobs, order := make(chan *scored, inFlight), make(chan *scored, inFlight), make(chan *scored, inFlight)
	stop := make(chan struct{})
	defer close(stop) // nobody is waited for: the reader may be waiting for a person who types
	for range inFlight {
		free <- &scored{ready: make(chan struct{}, 1)}
	}
	go func() {
		defer close(jobs)
		defer close(order)
		readBlocks(table, free, jobs, order, stop)
	}()
	for range workers {
		go func() {
			w := &scoreWorker{plan: plan, keepGoing: keepGoing, answers: make([]scoring.Answer, plan.width), written: make(map[float64]string)}
			for s := range jobs {
				w.score(s)
				s.ready <- struct{}{}
			}
		}()
	}
	for {
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case s, ok := <-order:
			if !ok {
				return nil
			}
			<-s.ready
			if s.err != nil {
				return s.err
			}
			if err := write(s); err != nil {
				return err
			}
			free <- s
		}
	}
}

// readBlocks reads blocks as long as there are free ones, until the table ends or stop is closed. jobs and order have
// room for all that there are.
func readBlocks(table *csvtable.Reader, free <-chan *scored, jobs, order chan<- *scored, stop <-chan struct{}) {
	for {
		select {
		case <-stop:
			return
		case s := <-free:
			s.err = table.NextBlock(&s.block)
			if errors.Is(s.err, io.EOF) {
				return
			}
			order <- s
			if s.err != nil {
				s.ready <- struct{}{}
				return
			}
			jobs <- s
		}
	}
}

// scoreWorker scores one block after the other.
type scoreWorker struct {
	plan      *scorePlan
	keepGoing bool
	answers   []scoring.Answer // of the row in hand, in the order of the instrument's items
	written   map[float64]string
}

// maxWritten bounds how many scores a worker remembers the text of. Most scales do not have as many.
const maxWritten = 1 << 12

// appendScore writes a score. Writing a fraction takes longer than all else that is done for it, and scores repeat.
func (w *scoreWorker) appendScore(b []byte, score float64) []byte {
	if text, ok := w.written[score]; ok {
		return append(b, text...)
	}
	start := len(b)
	b = appendDecimal(b, score)
	if len(w.written) < maxWritten {
		w.written[score] = string(b[start:])
	}
	return b
}

// score writes the rows of a block with their scores.
func (w *scoreWorker) score(s *scored) {
	s.out, s.faults, s.rows, s.bad = s.out[:0], s.faults[:0], 0, 0
	for {
		row, err := s.block.Next()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			s.err = err
			return
		}
		s.rows++
		fault := w.read(row, s)
		if fault != nil && !w.keepGoing {
			s.err = fault
			return
		}
		s.out = w.append(s.out, row, fault)
	}
}

// read reads the answers of a row. It returns the first mistake, and writes all down if the work goes on.
func (w *scoreWorker) read(row *csvtable.Row, s *scored) (first *csvtable.Error) {
	for i := range w.plan.answers {
		column := &w.plan.answers[i]
		answer, fault := column.read(row)
		w.answers[column.index] = answer
		if fault == nil {
			continue
		}
		if first == nil {
			first = fault
			s.bad++
		}
		if !w.keepGoing {
			return first
		}
		s.faults = append(append(s.faults, fault.Error()...), '\n')
	}
	return first
}

// append writes the columns that are passed through as they are in the file, and the scores.
func (w *scoreWorker) append(b []byte, row *csvtable.Row, fault *csvtable.Error) []byte {
	start := len(b)
	for _, column := range w.plan.passed {
		b = append(row.AppendCell(b, column), ',')
	}
	for _, scale := range w.plan.scales {
		score := scoring.Score{}
		if fault == nil {
			score = scale.Score(w.answers)
		}
		if score.Valid {
			b = w.appendScore(b, score.Value)
		}
		b = append(b, ',')
		if w.plan.provenance {
			b = appendProvenance(b, score, fault)
		}
	}
	if len(b)-start == 1 { // one empty cell: a line with nothing on it would be no row
		b = append(b[:start], `"",`...)
	}
	b[len(b)-1] = '\n'
	return b
}

// appendProvenance writes how a score came about. Of a row with a mistake nothing is known but that.
func appendProvenance(b []byte, score scoring.Score, fault *csvtable.Error) []byte {
	if fault != nil {
		return append(appendCell(append(b, ',', ','), fault.Name+": "+fault.Reason), ',')
	}
	b = append(appendDecimal(b, float64(score.Answered)), ',')
	if score.Prorated {
		b = append(b, '1', ',')
	} else {
		b = append(b, '0', ',')
	}
	return append(appendCell(b, score.Why), ',')
}
