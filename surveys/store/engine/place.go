package engine

import (
	"sync/atomic"
)

// place tells whether the database's files are still where they were opened. Once they were not, nothing is read or written
// any more until the program starts again: connections that were opened meanwhile may be to other files.
type place struct {
	opened *opened // nil where there are no files to look at
	lost   atomic.Pointer[error]
}

// look looks at the files. Whoever has committed looks before telling anybody: what was committed to files that had been moved
// is lost to whoever opens the database next.
func (p *place) look() error {
	if err := p.known(); err != nil || p.opened == nil {
		return err
	}
	err := p.opened.check()
	if err != nil {
		p.lost.CompareAndSwap(nil, &err)
	}
	return err
}

// known returns what look has found, without looking.
func (p *place) known() error {
	if err := p.lost.Load(); err != nil {
		return *err
	}
	return nil
}
