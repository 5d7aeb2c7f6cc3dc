package library

import (
	"fmt"
	"io/fs"
	"strings"

	"wellwave/surveys"
)

// Definitions returns the whole library as what a study file may use. The caller may add a study's own files.
func Definitions() (*surveys.Definitions, error) {
	names, err := fs.Glob(FS, "*.yaml")
	if err != nil {
		return nil, fmt.Errorf("list the library: %w", err)
	}
	var definitions surveys.Definitions
	for _, name := range names {
		source, err := FS.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("read the library: %w", err)
		}
		add := definitions.AddWording
		if strings.Count(name, ".") == 1 {
			add = definitions.AddInstrument
		}
		if err := add(name, source); err != nil {
			return nil, err
		}
	}
	return &definitions, nil
}
