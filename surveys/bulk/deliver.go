package bulk

import (
	"context"
	"errors"
	"io"
	"sync"

	"wellwave/surveys"
)

// Delivery is what became of a row.
type Delivery struct {
	Row     Row
	Receipt surveys.Receipt
	Err     error // a *RowError, or what submit returned
}

// InFlight is how many rows are best on their way at once: those that wait together for the database share a commit.
const InFlight = 64

// Deliver reads rows and submits them, up to so many at a time, and tells what became of each in the order of the file. Rows
// of one participant, however the number is written, do not overtake each other: what comes of a file does not depend on how
// many are under way. It ends with the first error of tell, or with one of reading that is not
// about a single row; rows that were already on their way by then are told all the same.
func Deliver(ctx context.Context, rows Reader, atOnce int, submit func(context.Context, *Row) (surveys.Receipt, error), tell func(Delivery) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	queue := make(chan chan Delivery, atOnce)
	var reading error
	var reader sync.WaitGroup
	reader.Go(func() {
		defer close(queue)
		reading = startRows(ctx, rows, atOnce, submit, queue)
	})
	var telling error
	for waiting := range queue {
		delivery := <-waiting
		if telling != nil {
			continue
		}
		if telling = tell(delivery); telling != nil {
			cancel()
		}
	}
	reader.Wait()
	if telling != nil {
		return telling
	}
	return reading
}

// startRows sends each row on its way. The queue keeps their order and bounds how many there are.
func startRows(ctx context.Context, rows Reader, atOnce int, submit func(context.Context, *Row) (surveys.Receipt, error), queue chan<- chan Delivery) error {
	underWay := make(map[string]chan struct{}) // by study number: closed when their latest row has arrived
	workers := make(chan struct{}, atOnce)
	for {
		row, err := rows.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		var rowError *RowError
		if err != nil && !errors.As(err, &rowError) {
			return err
		}
		waiting := make(chan Delivery, 1)
		select {
		case queue <- waiting:
		case <-ctx.Done():
			return ctx.Err()
		}
		if rowError != nil {
			waiting <- Delivery{Row: row, Err: rowError}
			continue
		}
		number, arrived := surveys.StudyNumber(row.Participant), make(chan struct{})
		before := underWay[number]
		underWay[number] = arrived
		if len(underWay) > 4*atOnce {
			forgetArrived(underWay)
		}
		workers <- struct{}{}
		go func() {
			defer func() { <-workers }()
			defer close(arrived)
			if before != nil {
				<-before
			}
			receipt, err := submit(ctx, &row)
			waiting <- Delivery{row, receipt, err}
		}()
	}
}

// forgetArrived keeps the map as small as rows under way are few.
func forgetArrived(underWay map[string]chan struct{}) {
	for participant, arrived := range underWay {
		select {
		case <-arrived:
			delete(underWay, participant)
		default:
		}
	}
}
