package engine

import (
	"context"
	"sync"

	"wellwave/surveys"
)

// queue hands work from many goroutines to the one that owns a connection.
type queue[T any] struct {
	door    sync.RWMutex // held for reading by whoever comes in, for writing by who closes
	closed  bool
	waiting chan T
	served  chan struct{} // closed by serve when the queue was closed and is empty
}

func newQueue[T any](size int) *queue[T] {
	return &queue[T]{waiting: make(chan T, size), served: make(chan struct{})}
}

// put adds work. It fails with Unavailable once the queue was closed.
func (q *queue[T]) put(ctx context.Context, work T) error {
	q.door.RLock()
	defer q.door.RUnlock()
	if q.closed {
		return surveys.Errorf(surveys.Unavailable, "The server is stopping; please try again in a minute.")
	}
	select {
	case q.waiting <- work:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// serve calls each for one piece of work after the other until the queue is closed and empty. each may take more work
// from waiting by itself.
func (q *queue[T]) serve(each func(T)) {
	defer close(q.served)
	for work := range q.waiting {
		each(work)
	}
}

// stop closes the queue and waits until what is in it is done.
func (q *queue[T]) stop() {
	q.door.Lock()
	if !q.closed {
		q.closed = true
		close(q.waiting)
	}
	q.door.Unlock()
	<-q.served
}
