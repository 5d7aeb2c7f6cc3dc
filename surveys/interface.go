package surveys

import (
	"cmp"
	"maps"
	"slices"

	"github.com/goccy/go-yaml"

	"wellwave/surveys/locale"
)

// InterfaceSource is an interface pack that a study brings, with the text of its file: what the pages say around the
// questions, in a language that the program was not built with or that the study team would rather word itself.
type InterfaceSource struct {
	*locale.Pack
	Source []byte
}

// ReadInterface reads an interface pack. It fails with Invalid where the pack is wrong or lacks anything that the pages say.
func ReadInterface(name string, data []byte) (InterfaceSource, error) {
	pack, err := locale.ReadOwn(name, data)
	if err != nil {
		return InterfaceSource{}, wrongFile(err)
	}
	return InterfaceSource{pack, data}, nil
}

// StoredInterface reads an interface pack that was checked when it was stored. What a later program says besides is said in
// English until the pack has words for it.
func StoredInterface(data []byte) (InterfaceSource, error) {
	pack, err := locale.ReadStored(data)
	return InterfaceSource{pack, data}, err
}

// StudyIDOf returns the id that a study file says, and false for one that says none: what is wrong with it is told by
// ParseStudy.
func StudyIDOf(source []byte) (StudyID, bool) {
	var file struct {
		ID StudyID `yaml:"id"`
	}
	err := yaml.Unmarshal(source, &file)
	return file.ID, err == nil && file.ID != ""
}

// ByLanguage compares interface packs for a sort.
func ByLanguage(a, b InterfaceSource) int { return cmp.Compare(a.Language, b.Language) }

// AddInterface reads an interface pack. Of two in the same language the later replaces the earlier.
func (d *Definitions) AddInterface(name string, data []byte) error {
	source, err := ReadInterface(name, data)
	if err != nil {
		return err
	}
	if d.interfaces == nil {
		d.interfaces = make(map[string]InterfaceSource)
	}
	d.interfaces[source.Language] = source
	return nil
}

// Interfaces lists the interface packs by language.
func (d *Definitions) Interfaces() []InterfaceSource {
	list := make([]InterfaceSource, 0, len(d.interfaces))
	for _, language := range slices.Sorted(maps.Keys(d.interfaces)) {
		list = append(list, d.interfaces[language])
	}
	return list
}

// Pack returns what the pages of the study say in a language: the study's own pack, or else the product's.
func (s *Study) Pack(language string) (*locale.Pack, bool) {
	if s != nil {
		for _, own := range s.Interfaces {
			if own.Language == language {
				return own.Pack, true
			}
		}
	}
	return locale.Find(language)
}

// RightToLeft reports whether a language is written from right to left: as its interface pack says, which pages go by, and where
// there is none by its script.
func (s *Study) RightToLeft(language string) bool {
	if pack, ok := s.Pack(language); ok {
		return pack.Direction == "rtl"
	}
	return locale.Direction(language) == "rtl"
}

// Packs lists what the pages of the study can be shown in, English first and the study's own languages last.
func (s *Study) Packs() []*locale.Pack {
	var packs []*locale.Pack
	for _, pack := range locale.Packs() {
		own, _ := s.Pack(pack.Language)
		packs = append(packs, own)
	}
	for _, own := range s.Interfaces {
		if _, built := locale.Find(own.Language); !built {
			packs = append(packs, own.Pack)
		}
	}
	return packs
}
