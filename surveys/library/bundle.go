package library

import (
	"errors"
	"slices"
	"strings"

	"wellwave/surveys"
)

// OwnFile is a file that a study brings besides what the library has.
type OwnFile struct {
	Name string // as messages name it
	Data []byte
}

// FileKind says what a YAML file of a study team is.
type FileKind uint8

// The kinds of file.
const (
	OtherFile FileKind = iota
	StudyFile
	InstrumentFile
	WordingFile
	InterfaceFile
)

// Kind tells what a file is by the keys at its first column: a wording pack names an instrument, an instrument has items, a
// study has waves, and an interface pack messages.
func (f OwnFile) Kind() FileKind {
	keys := topKeys(string(f.Data))
	switch {
	case slices.Contains(keys, "instrument"):
		return WordingFile
	case slices.Contains(keys, "items"):
		return InstrumentFile
	case slices.Contains(keys, "messages"):
		return InterfaceFile
	case slices.Contains(keys, "waves"):
		return StudyFile
	default:
		return OtherFile
	}
}

// topKeys returns the keys that begin at the first column of a YAML file.
func topKeys(text string) []string {
	var keys []string
	for line := range strings.Lines(strings.TrimPrefix(text, "\ufeff")) {
		key, _, ok := strings.Cut(line, ":")
		if key = strings.Trim(key, `"'`); ok && key != "" && !strings.ContainsAny(key, " #-\t") {
			keys = append(keys, key)
		}
	}
	return keys
}

// DefinitionsWith returns the library and the instruments, wording packs and interface packs among a study's own files;
// others are passed over. Its error lists every mistake in every file, each on a line of its own.
func DefinitionsWith(files []OwnFile) (*surveys.Definitions, error) {
	definitions, err := Definitions()
	if err != nil {
		return nil, err
	}
	var wrong []string
	var mistakes error
	for _, file := range files {
		var err error
		switch file.Kind() {
		case WordingFile:
			err = definitions.AddWording(file.Name, file.Data)
		case InterfaceFile:
			err = definitions.AddInterface(file.Name, file.Data)
		case InstrumentFile:
			err = definitions.AddInstrument(file.Name, file.Data)
		}
		var refused *surveys.Error
		switch {
		case errors.As(err, &refused):
			wrong, mistakes = append(wrong, strings.TrimSpace(refused.Message)), errors.Join(mistakes, err)
		case err != nil:
			return nil, err
		}
	}
	if len(wrong) > 0 {
		return nil, surveys.Refuse(surveys.Invalid, strings.Join(wrong, "\n"), mistakes)
	}
	return definitions, nil
}
