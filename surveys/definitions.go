package surveys

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"wellwave/surveys/strictyaml"
)

// Definitions are the instruments, wording packs and interface packs that a study file may use: the library's, and those of a study's
// own. Each keeps the text of its file, because that is what the database stores. The zero value is empty.
type Definitions struct {
	instruments map[definitionKey]InstrumentSource
	wordings    map[definitionKey]map[string]WordingSource // by language
	interfaces  map[string]InterfaceSource                 // by language
}

type definitionKey struct {
	id      InstrumentID
	version string
}

// InstrumentSource is an instrument with the text of its file.
type InstrumentSource struct {
	*Instrument
	Source []byte
}

// WordingSource is a wording pack with the text of its file.
type WordingSource struct {
	*Wording
	Source []byte
}

// AddInstrument reads an instrument file. Of two with the same id and version the later replaces the earlier, unless both mean the
// same: then only classes can differ, and those of the library, which comes first, are to hold for every study.
func (d *Definitions) AddInstrument(name string, data []byte) error {
	instrument, err := ParseInstrument(name, data)
	if err != nil {
		return err
	}
	if d.instruments == nil {
		d.instruments = make(map[definitionKey]InstrumentSource)
	}
	key := definitionKey{instrument.ID, instrument.Version}
	if earlier, ok := d.instruments[key]; !ok || earlier.Hash != instrument.Hash {
		d.instruments[key] = InstrumentSource{instrument, data}
	}
	return nil
}

// AddWording reads a wording pack. Of two for the same instrument, version and language the later replaces the earlier.
func (d *Definitions) AddWording(name string, data []byte) error {
	wording, err := ParseWording(name, data)
	if err != nil {
		return err
	}
	if d.wordings == nil {
		d.wordings = make(map[definitionKey]map[string]WordingSource)
	}
	key := definitionKey{wording.Instrument, wording.Version}
	if d.wordings[key] == nil {
		d.wordings[key] = make(map[string]WordingSource)
	}
	d.wordings[key][wording.Language] = WordingSource{wording, data}
	return nil
}

// Instrument returns the instrument of exactly this id and version with the text of its file.
func (d *Definitions) Instrument(id InstrumentID, version string) (InstrumentSource, bool) {
	source, ok := d.instruments[definitionKey{id, version}]
	return source, ok
}

// Find returns the instrument of exactly this id and version. Its error names the versions that there are.
func (d *Definitions) Find(id InstrumentID, version string) (*Instrument, error) {
	if source, ok := d.Instrument(id, version); ok {
		return source.Instrument, nil
	}
	var versions []string
	var ids []string
	for key := range d.instruments {
		if key.id == id {
			versions = append(versions, key.version)
		}
		ids = append(ids, string(key.id))
	}
	slices.Sort(versions)
	slices.Sort(ids)
	meant := strictyaml.Nearest(string(id), ids, len(id)/3+1)
	switch {
	case len(versions) > 0:
		return nil, Errorf(NotFound, "There is no version “%s” of the instrument “%s”. There is %s.", version, id, strings.Join(versions, ", "))
	case meant != "":
		return nil, Errorf(NotFound, "There is no instrument “%s”. Did you mean “%s”?", id, meant)
	default:
		return nil, Errorf(NotFound, "There is no instrument “%s”.", id)
	}
}

// Instruments lists the instruments by id and version.
func (d *Definitions) Instruments() []InstrumentSource {
	return slices.SortedFunc(maps.Values(d.instruments), func(a, b InstrumentSource) int {
		return cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(a.Version, b.Version))
	})
}

// Wordings lists the wording packs of an instrument by language.
func (d *Definitions) Wordings(id InstrumentID, version string) []WordingSource {
	packs := d.wordings[definitionKey{id, version}]
	list := make([]WordingSource, 0, len(packs))
	for _, language := range slices.Sorted(maps.Keys(packs)) {
		list = append(list, packs[language])
	}
	return list
}
