package release

import (
	"bytes"
	"context"
)

// joiner goes through the files of a release person by person, in the order of the ids.
type joiner struct {
	spills  []*spill
	outs    []*output
	counted *classes
	keys    [][]byte // by file: the keys of the person at hand, nil where they are not in it
}

// loaded is one partition of every file, sorted.
type loaded struct {
	shelves []shelf
	err     error
}

// all joins every partition. One is sorted while the one before is written.
func (j *joiner) all(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	ready, free := make(chan *loaded), make(chan *loaded, 2)
	for range cap(free) {
		free <- &loaded{shelves: make([]shelf, len(j.spills))}
	}
	go func() {
		defer close(ready)
		for p := range j.spills[0].blocks {
			var l *loaded
			select {
			case l = <-free:
			case <-ctx.Done():
				return
			}
			for i, s := range j.spills {
				if l.err = s.load(p, &l.shelves[i]); l.err != nil {
					break
				}
			}
			select {
			case ready <- l:
			case <-ctx.Done():
				return
			}
		}
	}()
	for l := range ready {
		if l.err != nil {
			return l.err
		}
		if err := j.partition(l.shelves); err != nil {
			return err
		}
		free <- l
	}
	return ctx.Err()
}

// partition counts and writes the people of one partition.
func (j *joiner) partition(shelves []shelf) error {
	next := make([]int, len(shelves))
	records := make([]record, len(shelves))
	for {
		var id []byte
		for i := range shelves {
			if next[i] == len(shelves[i].order) {
				continue
			}
			records[i] = shelves[i].record(next[i])
			if id == nil || bytes.Compare(records[i].id, id) < 0 {
				id = records[i].id
			}
		}
		if id == nil {
			return nil
		}
		for i := range shelves {
			j.keys[i] = nil
			if next[i] < len(shelves[i].order) && bytes.Equal(records[i].id, id) {
				next[i]++
				j.keys[i] = records[i].keys
				if err := j.outs[i].row(records[i]); err != nil {
					return err
				}
			}
		}
		j.counted.add(j.keys)
	}
}
