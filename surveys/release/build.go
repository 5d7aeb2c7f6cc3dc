package release

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"sync"

	"golang.org/x/sync/errgroup"

	"wellwave/surveys"
)

// maxReaders bounds how many connections a release reads from at once; a server that makes one goes on serving.
const maxReaders = 2

// rowSize is what a row is guessed to take before any is known: its id, keys and a few bytes a column.
func (f *File) rowSize() int { return 64 + 5*len(f.headers()) }

// build writes every file of the release into the workshop.
func build(ctx context.Context, st Store, r surveys.Release, plan *Plan, w workshop) (*Manifest, error) {
	spills, err := scatter(ctx, st, r, plan, w)
	defer func() {
		for _, s := range spills {
			_ = s.file.Close() // it is deleted with the workshop
		}
	}()
	if err != nil {
		return nil, err
	}
	counted, files, err := gather(ctx, r, plan, w, spills)
	if err != nil {
		return nil, err
	}
	return describe(r, plan, counted, files, w)
}

// scatter recodes every frozen response and drops it into its partition.
func scatter(ctx context.Context, st Store, r surveys.Release, plan *Plan, w workshop) ([]*spill, error) {
	var spills []*spill
	bits := 0
	for i := range plan.Files {
		bits = max(bits, partitionBits(r.Responses, plan.Files[i].rowSize()))
	}
	for i := range plan.Files {
		s, err := newSpill(filepath.Join(w.sorting, fmt.Sprintf("%d", i)), bits)
		if err != nil {
			return spills, err
		}
		spills = append(spills, s)
		if err := scatterFile(ctx, st, r, plan, &plan.Files[i], s); err != nil {
			return spills, err
		}
	}
	return spills, nil
}

func scatterFile(ctx context.Context, st Store, r surveys.Release, plan *Plan, file *File, s *spill) error {
	readers := min(runtime.GOMAXPROCS(0), maxReaders)
	find := layouts(ctx, st, file)
	group, ctx := errgroup.WithContext(ctx)
	for share := range readers {
		group.Go(func() error {
			e, out := newEncoder(file, plan.Excel, r.Key, find), s.writer()
			var row *surveys.ReleasedResponse
			keys := func(b []byte) []byte { return e.appendKeys(b, row) }
			line := func(b []byte) []byte { return e.appendLine(b, row) }
			err := st.EachReleased(ctx, r, file.Wave, file.scales(), plan.Rule, share, readers, func(next *surveys.ReleasedResponse) error {
				row = next
				id, ok, err := e.read(row)
				if err != nil || !ok {
					return err
				}
				return out.add(id, keys, line)
			})
			if err != nil {
				return err
			}
			return out.close()
		})
	}
	return group.Wait()
}

// layouts returns a function, for any number of goroutines, that finds each questionnaire once.
func layouts(ctx context.Context, st Store, file *File) questionnaires {
	var mu sync.Mutex
	known := make(map[string]*layout)
	return func(hash string) (*layout, error) {
		mu.Lock()
		defer mu.Unlock()
		if l, ok := known[hash]; ok {
			return l, nil
		}
		q, err := st.Questionnaire(ctx, hash)
		if err != nil {
			return nil, err
		}
		known[hash] = newLayout(file, q)
		return known[hash], nil
	}
}

// gather sorts partition after partition, counts the combinations of keys and appends the rows to their files.
func gather(ctx context.Context, r surveys.Release, plan *Plan, w workshop, spills []*spill) (*classes, []FileSum, error) {
	counted := newClasses(plan, r.Responses)
	outs := make([]*output, len(plan.Files))
	for i := range plan.Files {
		out, err := newOutput(w.product, plan.Files[i].Name)
		if err != nil {
			return nil, nil, err
		}
		defer out.abandon()
		outs[i] = out
		out.line = appendHeaders(out.line[:0], &plan.Files[i], plan.Excel)
		if err := out.flush(); err != nil {
			return nil, nil, err
		}
	}
	join := joiner{spills: spills, outs: outs, counted: counted, keys: make([][]byte, len(spills))}
	if err := join.all(ctx); err != nil {
		return nil, nil, err
	}
	if err := counted.verdict(); err != nil {
		return nil, nil, err
	}
	if sum(counted.rows) == 0 {
		return nil, nil, surveys.Errorf(surveys.Invalid, "there is nothing to release: no questionnaire of this study has an answer yet, those of its pilot aside")
	}
	sums := make([]FileSum, len(outs))
	for i, out := range outs {
		var err error
		if sums[i], err = out.finish(); err != nil {
			return nil, nil, err
		}
		sums[i].Rows = counted.rows[i]
	}
	return counted, sums, nil
}

func sum(counts []int) int {
	total := 0
	for _, n := range counts {
		total += n
	}
	return total
}

func appendHeaders(b []byte, f *File, excel bool) []byte {
	if excel {
		b = append(b, bom...)
	}
	for i, name := range f.headers() {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendCell(b, name, excel)
	}
	return append(b, '\n')
}

// output is one file of a release, hashed as it is written.
type output struct {
	name string
	file *os.File
	hash hash.Hash
	to   *bufio.Writer
	size int64
	line []byte
}

func newOutput(folder, name string) (*output, error) {
	file, err := os.OpenFile(filepath.Join(folder, name), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("make %s: %w", name, err)
	}
	o := &output{name: name, file: file, hash: sha256.New()}
	o.to = bufio.NewWriterSize(io.MultiWriter(file, o.hash), 256<<10)
	return o, nil
}

// row writes one record.
func (o *output) row(r record) error {
	o.line = hex.AppendEncode(o.line[:0], r.id)
	o.line = append(o.line, r.line...)
	return o.flush()
}

func (o *output) flush() error {
	n, err := o.to.Write(o.line)
	o.size += int64(n)
	if err != nil {
		return unwritten(o.name, err)
	}
	return nil
}

// finish puts the file on disk and returns what the manifest says of it.
func (o *output) finish() (FileSum, error) {
	if err := o.to.Flush(); err != nil {
		return FileSum{}, unwritten(o.name, err)
	}
	if err := o.file.Sync(); err != nil {
		return FileSum{}, unwritten(o.name, err)
	}
	if err := o.file.Close(); err != nil {
		return FileSum{}, unwritten(o.name, err)
	}
	return FileSum{Name: o.name, Bytes: o.size, SHA256: hex.EncodeToString(o.hash.Sum(nil))}, nil
}

// abandon closes a file that was not finished; after finish it does nothing.
func (o *output) abandon() { _ = o.file.Close() }

func unwritten(name string, err error) error {
	return surveys.Errorf(surveys.Unavailable, "%s could not be written, so nothing is released: is the disk full? (%w)", name, err)
}
