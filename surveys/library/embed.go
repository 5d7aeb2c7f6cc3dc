// Package library holds the instruments and wording packs that come with the program, as files: <id>.yaml is an
// instrument and <id>.<language>.yaml a wording pack of it.
package library

import (
	"cmp"
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"

	"wellwave/surveys"
)

// FS holds the files.
//
//go:embed *.yaml
var FS embed.FS

// shelf is an instrument with its packs and the files that both were read from.
type shelf struct {
	instrument *surveys.Instrument
	source     []byte
	packs      map[string]*surveys.Wording // by language
	sources    map[string][]byte           // by language
}

var shelves = sync.OnceValues(read)

// volume is an instrument with the file that it was read from.
type volume struct {
	*surveys.Instrument
	source []byte
}

// volumes has for each id that the library knows what reads its file, once and only if it is asked for.
var volumes sync.Map

// Same returns the library's instrument if that is what an id and the hash of a stored copy name. The copy then means the same, and
// the library knows in addition what classes its items have, whatever was known of them when it was stored.
func Same(id surveys.InstrumentID, hash string) (*surveys.Instrument, bool) {
	name := string(id) + ".yaml"
	if _, err := fs.Stat(FS, name); err != nil || strings.Count(name, ".") != 1 {
		return nil, false
	}
	v, err := open(name)
	if err != nil || v.Hash != hash {
		return nil, false
	}
	return v.Instrument, true
}

// open reads an instrument's file, once.
func open(name string) (volume, error) {
	read, _ := volumes.LoadOrStore(name, sync.OnceValues(func() (volume, error) {
		source, err := FS.ReadFile(name)
		if err != nil {
			return volume{}, fmt.Errorf("read the library: %w", err)
		}
		instrument, err := surveys.ParseInstrument(name, source)
		return volume{instrument, source}, err
	}))
	return read.(func() (volume, error))()
}

// List returns every instrument, ordered by id.
func List() ([]*surveys.Instrument, error) {
	all, err := shelves()
	if err != nil {
		return nil, err
	}
	instruments := make([]*surveys.Instrument, 0, len(all))
	for _, s := range all {
		instruments = append(instruments, s.instrument)
	}
	slices.SortFunc(instruments, func(a, b *surveys.Instrument) int { return cmp.Compare(a.ID, b.ID) })
	return instruments, nil
}

// Find returns the instrument called id, or a NotFound error.
func Find(id surveys.InstrumentID) (*surveys.Instrument, error) {
	s, err := onShelf(id)
	if err != nil {
		return nil, err
	}
	return s.instrument, nil
}

// Wordings returns every wording pack of an instrument, ordered by language.
func Wordings(id surveys.InstrumentID) ([]*surveys.Wording, error) {
	s, err := onShelf(id)
	if err != nil {
		return nil, err
	}
	packs := make([]*surveys.Wording, 0, len(s.packs))
	for _, lang := range s.languages() {
		packs = append(packs, s.packs[lang])
	}
	return packs, nil
}

// Source returns the files of an instrument and of its wording packs by language, as they are kept.
func Source(id surveys.InstrumentID) (instrument []byte, wordings map[string][]byte, err error) {
	s, err := onShelf(id)
	if err != nil {
		return nil, nil, err
	}
	return s.source, s.sources, nil
}

func onShelf(id surveys.InstrumentID) (*shelf, error) {
	all, err := shelves()
	if err != nil {
		return nil, err
	}
	s, ok := all[id]
	if !ok {
		return nil, surveys.Errorf(surveys.NotFound, "The library has no instrument “%s”.", id)
	}
	return s, nil
}

func (s *shelf) languages() []string {
	languages := make([]string, 0, len(s.packs))
	for lang := range s.packs {
		languages = append(languages, lang)
	}
	slices.Sort(languages)
	return languages
}

// read parses every file. The files are part of the program, so an error here is a mistake of ours that the tests find.
func read() (map[surveys.InstrumentID]*shelf, error) {
	names, err := fs.Glob(FS, "*.yaml")
	if err != nil {
		return nil, fmt.Errorf("list the library: %w", err)
	}
	all := make(map[surveys.InstrumentID]*shelf)
	for _, name := range names {
		if strings.Count(name, ".") == 1 {
			if err := readInstrument(all, name); err != nil {
				return nil, err
			}
		}
	}
	for _, name := range names {
		if strings.Count(name, ".") == 2 {
			if err := readWording(all, name); err != nil {
				return nil, err
			}
		}
	}
	return all, nil
}

func readInstrument(all map[surveys.InstrumentID]*shelf, name string) error {
	v, err := open(name)
	if err != nil {
		return err
	}
	all[v.ID] = &shelf{v.Instrument, v.source, make(map[string]*surveys.Wording), make(map[string][]byte)}
	return nil
}

func readWording(all map[surveys.InstrumentID]*shelf, name string) error {
	source, err := FS.ReadFile(name)
	if err != nil {
		return fmt.Errorf("read the library: %w", err)
	}
	pack, err := surveys.ParseWording(name, source)
	if err != nil {
		return err
	}
	s, ok := all[pack.Instrument]
	if !ok {
		return fmt.Errorf("read the library: %s is for the instrument %s, which is not there", name, pack.Instrument)
	}
	s.packs[pack.Language], s.sources[pack.Language] = pack, source
	return nil
}
