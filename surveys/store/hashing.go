package store

import (
	"context"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"golang.org/x/crypto/argon2"

	"wellwave/surveys"
)

// Bounds of the hashing of passwords and PINs: how many hashes are made at once, and with them the memory that sign-ins may
// take, and how many of these for strangers; how many wait, of the urgent and of the others; and for how long. A hash takes
// about a third of a second, so whoever is not refused has a reply within two.
const (
	hashesAtOnce     = 2
	hashesOfOrdinary = 1
	hashesQueued     = 4
	hashPatience     = time.Second
	hashRetry        = 5 * time.Second // after a refusal
)

// hashing is the one queue of the process: its memory is what is scarce.
var hashing hashQueue

// hashQueue lets some hashes be made at once, some wait, and refuses the others.
type hashQueue struct {
	mu      sync.Mutex
	running [2]int             // by urgency
	waiting [2][]chan struct{} // by urgency
}

// urgency says who waits first and for whom a place is kept. Those whom a stranger can ask for are many when somebody attacks; a tablet's PIN, and an
// account in a browser that has signed in to it before, cannot be asked for by strangers.
type urgency int

const (
	urgent urgency = iota
	ordinary
)

// enter waits for a place, which the caller gives back by leave. It fails with Unavailable where too many wait already, or
// no place came free in time. Both are said only when the time is up: whoever is refused at once would ask again at once, and
// hundreds who do leave no machine for the others.
func (q *hashQueue) enter(ctx context.Context, how urgency) (leave func(), err error) {
	turn, ok := q.join(how)
	if turn != nil || !ok {
		patience := time.NewTimer(hashPatience)
		defer patience.Stop()
		select {
		case <-turn: // never, where there is none
		case <-patience.C:
			err = tooBusy()
		case <-ctx.Done():
			err = ctx.Err()
		}
		if err != nil && (!ok || q.withdraw(how, turn)) {
			return nil, err
		}
	}
	return func() {
		// What a hash took goes back to the system at once, because sign-ins are rare and a small machine's memory is
		// better used otherwise.
		debug.FreeOSMemory()
		q.pass(how)
	}, nil
}

func tooBusy() error {
	busy := surveys.Errorf(surveys.Unavailable, "Too many people are signing in at this moment. Please try again in a few seconds.")
	busy.Wait = hashRetry
	return busy
}

// join takes a place that is free and returns nil, or returns what is closed when it is the caller's turn. It is not ok where
// too many wait already.
func (q *hashQueue) join(how urgency) (turn chan struct{}, ok bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.free(how) {
		q.running[how]++
		return nil, true
	}
	if len(q.waiting[how]) >= hashesQueued {
		return nil, false
	}
	turn = make(chan struct{})
	q.waiting[how] = append(q.waiting[how], turn)
	return turn, true
}

// withdraw leaves the queue, and reports false where the turn has come meanwhile.
func (q *hashQueue) withdraw(how urgency, turn chan struct{}) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	i := slices.Index(q.waiting[how], turn)
	if i < 0 {
		return false
	}
	q.waiting[how] = slices.Delete(q.waiting[how], i, i+1)
	return true
}

// free reports whether a hash may begin now.
func (q *hashQueue) free(how urgency) bool {
	return q.running[urgent]+q.running[ordinary] < hashesAtOnce && (how == urgent || q.running[ordinary] < hashesOfOrdinary)
}

// pass gives a place back, and with it to the next in the queue who may have it.
func (q *hashQueue) pass(how urgency) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.running[how]--
	for _, next := range []urgency{urgent, ordinary} {
		if len(q.waiting[next]) > 0 && q.free(next) {
			q.running[next]++
			close(q.waiting[next][0])
			q.waiting[next] = slices.Delete(q.waiting[next], 0, 1)
			return
		}
	}
}

// argon hashes one password. Whoever calls it has a place in the queue.
func argon(password string, salt []byte, memory, time uint32, lanes uint8) []byte {
	return argon2.IDKey([]byte(password), salt, time, memory, lanes, argonKeyLen)
}
