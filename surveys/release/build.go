package release

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"math/bits"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"sync"

	"golang.org/x/sync/errgroup"

	"wellwave/surveys"
)

// maxReaders bounds how many connections a release reads from at once; a server that makes one goes on serving.
const maxReaders = 2

// rowSize is what a row is guessed to take before any is known: its id, keys and a few bytes a column.
func (f *File) rowSize() int { return 64 + 5*len(f.headers()) }

// build writes every file of the release into the workshop. A new release is compared with earlier ones.
func build(ctx context.Context, st Store, r surveys.Release, plan *Plan, compared []earlier, w workshop) (*Manifest, error) {
	if plan.Format == 0 {
		return build1(ctx, st, r, plan, w)
	}
	var made *made
	err := sorting(ctx, st, r, plan, compared, w, func(people joiner) error {
		judged, err := judge(ctx, plan, compared, people)
		if err != nil {
			return err
		}
		if err := judged.refusal(); err != nil {
			return err
		}
		made, err = writeTables(ctx, plan, w, people, judged)
		return err
	})
	if err != nil {
		return nil, err
	}
	return describe(r, plan, made, w)
}

// assess says what would become of the release, and writes nothing of it.
func assess(ctx context.Context, st Store, r surveys.Release, plan *Plan, compared []earlier, w workshop) (*Assessment, error) {
	var judged *judgement
	err := sorting(ctx, st, r, plan, compared, w, func(people joiner) (err error) {
		judged, err = judge(ctx, plan, compared, people)
		return err
	})
	if err != nil {
		return nil, err
	}
	return judged.Assessment, nil
}

// sorting recodes everybody and what they answered, and lets fn go through it in the order of the ids.
func sorting(ctx context.Context, st Store, r surveys.Release, plan *Plan, compared []earlier, w workshop, fn func(joiner) error) error {
	study, _, err := st.Study(ctx, r.Study)
	if err != nil {
		return err
	}
	var spills []*spill
	defer func() {
		for _, s := range spills {
			_ = s.file.Close() // it is deleted with the workshop
		}
	}()
	bits := partitionBits(r.People, 64*(len(plan.Files)+1))
	for i := range plan.Files {
		bits = max(bits, partitionBits(r.Responses, plan.Files[i].rowSize()))
	}
	more := func() (*spill, int, error) {
		s, err := newSpill(filepath.Join(w.sorting, strconv.Itoa(len(spills))), bits)
		if err == nil {
			spills = append(spills, s)
		}
		return s, len(spills) - 1, err
	}
	for f := range len(plan.Files) + 1 {
		s, _, err := more()
		if err != nil {
			return err
		}
		if f == 0 {
			err = scatterPeople(ctx, st, r, plan, study.Zone, s)
		} else {
			err = scatterFile(ctx, st, r, plan, &plan.Files[f-1], s)
		}
		if err != nil {
			return err
		}
	}
	for i := range compared {
		if err := compared[i].scatter(ctx, st, r.Key, plan, more); err != nil {
			return err
		}
	}
	return fn(joiner{spills})
}

// judgement is an assessment and whom it takes which keys from.
type judgement struct {
	*Assessment
	blanks blanks
}

// judge counts the people of a release and decides what has to be blanked.
func judge(ctx context.Context, plan *Plan, compared []earlier, people joiner) (*judgement, error) {
	counted := newClasses(plan)
	var comparisons []*comparison
	for i := range compared {
		comparisons = append(comparisons, newComparison(&compared[i]))
	}
	err := people.each(ctx, func(_ []byte, records []record) error {
		combination, files, err := counted.add(records)
		for _, c := range comparisons {
			c.add(combination, files, records)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	if sum(counted.rows[1:]) == 0 {
		return nil, surveys.Errorf(surveys.Invalid, "there is nothing to release: no questionnaire of this study has an answer yet, those of its pilot aside")
	}
	a := counted.assess()
	j := &judgement{a.Assessment, make(blanks)}
	if a.chosen != nil && a.Blanked.Cells > 0 {
		err := people.each(ctx, func(_ []byte, records []record) error {
			if records[0].id != nil {
				a.chosen.note(records)
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
		a.chosen.sort()
		cells, blanked := make(map[surveys.SiteID]int), make(map[surveys.SiteID]int)
		err = people.each(ctx, func(id []byte, records []record) error {
			if records[0].id == nil {
				return nil // in an earlier release alone
			}
			site := surveys.SiteID(siteOf(records))
			cells[site] += len(counted.keys)
			if keys := a.chosen.blank(records); keys != 0 {
				j.blanks[[idSize]byte(id)] = keys
				blanked[site] += bits.OnesCount64(keys)
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
		j.atSites(cells, blanked)
	}
	if len(j.Refused) > 0 {
		j.Advice = counted.advise()
	}
	for _, c := range comparisons {
		j.Refused = append(j.Refused, c.refusals(plan, counted.keys)...)
	}
	return j, nil
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
			line := func(b []byte) []byte { return e.appendCells(b, row) }
			if plan.Format == 0 {
				keys = func(b []byte) []byte { return e.appendKeys1(b, row) }
				line = func(b []byte) []byte { return e.appendLine1(b, row) }
			}
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

func sum(counts []int) int {
	total := 0
	for _, n := range counts {
		total += n
	}
	return total
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
