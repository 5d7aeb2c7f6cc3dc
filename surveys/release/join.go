package release

import (
	"bytes"
	"context"
)

// joiner goes through the files of a release person by person, in the order of the ids.
type joiner struct{ spills []*spill }

// visit is called for a person with their record of each file; one without an id is of a file that they are not in. It must
// not keep them.
type visit func(id []byte, records []record) error

// loaded is one partition of every file, sorted.
type loaded struct {
	shelves []shelf
	err     error
}

// each calls fn for everybody. One partition is sorted while the one before is gone through.
func (j *joiner) each(ctx context.Context, fn visit) error {
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
		if err := j.partition(l.shelves, fn); err != nil {
			return err
		}
		free <- l
	}
	return ctx.Err()
}

// partition goes through the people of one partition.
func (j *joiner) partition(shelves []shelf, fn visit) error {
	next := make([]int, len(shelves))
	heads, records := make([]record, len(shelves)), make([]record, len(shelves))
	for {
		var id []byte
		for i := range shelves {
			if next[i] == len(shelves[i].order) {
				continue
			}
			heads[i] = shelves[i].record(next[i])
			if id == nil || bytes.Compare(heads[i].id, id) < 0 {
				id = heads[i].id
			}
		}
		if id == nil {
			return nil
		}
		for i := range shelves {
			records[i] = record{}
			if next[i] < len(shelves[i].order) && bytes.Equal(heads[i].id, id) {
				records[i] = heads[i]
				next[i]++
			}
		}
		if err := fn(id, records); err != nil {
			return err
		}
	}
}
