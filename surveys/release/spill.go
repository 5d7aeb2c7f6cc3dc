package release

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"slices"
	"sync"
	"sync/atomic"
)

// A release's rows stand in the order of ids that are known only row by row, and there may be more of them than fit in
// memory. A spill keeps the records of one file in partitions by the first bits of their ids, all in one file of blocks:
// sorted one after the other, the partitions give the whole in order.

const (
	partitionSize = 2 << 20  // bytes aimed at in a partition
	blockSize     = 16 << 10 // bytes that a partition collects before it writes
	maxPartitions = 1 << 10
)

// partitionBits returns by how many bits of the id to part rows of about the given size.
func partitionBits(rows, size int) int {
	bits := 0
	for rows*size>>bits > partitionSize && 1<<bits < maxPartitions {
		bits++
	}
	return bits
}

// record is one row on its way: the id, the combination of the file's keys and the line after the id.
type record struct{ id, keys, line []byte }

const headSize = idSize + 4 + 4

// spill is written by many spillWriters at once and read when they are done.
type spill struct {
	file   *os.File
	bits   int
	end    atomic.Int64
	mu     sync.Mutex
	blocks [][]block // by partition
}

type block struct {
	at   int64
	size int
}

func newSpill(path string, bits int) (*spill, error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("make a file to sort in: %w", err)
	}
	return &spill{file: file, bits: bits, blocks: make([][]block, 1<<bits)}, nil
}

func (s *spill) partition(id []byte) int {
	return int(binary.BigEndian.Uint16(id)) >> (16 - s.bits)
}

// spillWriter belongs to one goroutine.
type spillWriter struct {
	spill   *spill
	pending [][]byte // by partition
	rows    int
}

func (s *spill) writer() *spillWriter {
	return &spillWriter{spill: s, pending: make([][]byte, len(s.blocks))}
}

// add encodes a record straight into its partition's block.
func (w *spillWriter) add(id []byte, keys, line func([]byte) []byte) error {
	p := w.spill.partition(id)
	b := w.pending[p]
	if b == nil {
		b = make([]byte, 0, blockSize+blockSize/8)
	}
	start := len(b)
	b = append(b, id...)
	b = append(b, make([]byte, headSize-idSize)...)
	b = keys(b)
	binary.LittleEndian.PutUint32(b[start+idSize:], uint32(len(b)-start-headSize))
	before := len(b)
	b = line(b)
	binary.LittleEndian.PutUint32(b[start+idSize+4:], uint32(len(b)-before))
	w.pending[p] = b
	w.rows++
	if len(b) >= blockSize {
		return w.flush(p)
	}
	return nil
}

// flush writes what partition p has collected.
func (w *spillWriter) flush(p int) error {
	b := w.pending[p]
	if len(b) == 0 {
		return nil
	}
	s := w.spill
	at := s.end.Add(int64(len(b))) - int64(len(b))
	if _, err := s.file.WriteAt(b, at); err != nil {
		return fmt.Errorf("write a file to sort in: %w", err)
	}
	s.mu.Lock()
	s.blocks[p] = append(s.blocks[p], block{at, len(b)})
	s.mu.Unlock()
	w.pending[p] = b[:0]
	return nil
}

// close writes what is left.
func (w *spillWriter) close() error {
	for p := range w.pending {
		if err := w.flush(p); err != nil {
			return err
		}
	}
	w.pending = nil
	return nil
}

// shelf holds one partition in the order of the ids. It is used again for the next partition.
type shelf struct {
	data  []byte
	order []place
}

// place is where a record stands, with the first half of its id to sort by.
type place struct {
	id uint64
	at int
}

// load reads partition p and sorts it.
func (s *spill) load(p int, into *shelf) error {
	size := 0
	for _, b := range s.blocks[p] {
		size += b.size
	}
	into.data = slices.Grow(into.data[:0], size)[:size]
	into.order = into.order[:0]
	end := 0
	for _, b := range s.blocks[p] {
		if _, err := s.file.ReadAt(into.data[end:end+b.size], b.at); err != nil {
			return fmt.Errorf("read a file to sort in: %w", err)
		}
		end += b.size
	}
	for at := 0; at < size; {
		into.order = append(into.order, place{binary.BigEndian.Uint64(into.data[at:]), at})
		r := into.data[at:]
		at += headSize + int(binary.LittleEndian.Uint32(r[idSize:])) + int(binary.LittleEndian.Uint32(r[idSize+4:]))
	}
	slices.SortFunc(into.order, func(a, b place) int {
		switch {
		case a.id < b.id:
			return -1
		case a.id > b.id:
			return 1
		default:
			return bytes.Compare(into.data[a.at:a.at+idSize], into.data[b.at:b.at+idSize])
		}
	})
	return nil
}

// record returns the i-th record in order; it is a part of the shelf.
func (s *shelf) record(i int) record {
	r := s.data[s.order[i].at:]
	keys := headSize + int(binary.LittleEndian.Uint32(r[idSize:]))
	line := keys + int(binary.LittleEndian.Uint32(r[idSize+4:]))
	return record{id: r[:idSize], keys: r[headSize:keys], line: r[keys:line]}
}
