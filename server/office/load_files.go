package office

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"path"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"wellwave/surveys"
	"wellwave/surveys/library"
)

// Bounds of what may come with a study file. A ZIP holds little and may unfold to much.
const (
	maxOwnFiles  = 200
	maxOwnFile   = 1 << 20 // bytes, as strictyaml reads at most
	maxAllOwn    = 8 << 20
	studyDefault = "study.yaml" // what the file is called that is written into the page
)

// studyFiles are a study file and what came with it.
type studyFiles struct {
	name, source string
	own          []library.OwnFile
	definitions  *surveys.Definitions // the library and own
}

// readStudyFiles returns the files that were chosen, those in a ZIP among them, with the study file found by what it holds;
// where none is a study file it is what was written into the page. It fails with Invalid for what is no file of a study.
func readStudyFiles(c echo.Context, written string) (studyFiles, error) {
	found := studyFiles{name: studyDefault, source: strings.ReplaceAll(written, "\r\n", "\n")}
	form, err := c.MultipartForm()
	if errors.Is(err, http.ErrNotMultipart) {
		return found, echo.ErrBadRequest
	}
	if err != nil {
		return found, fmt.Errorf("read upload: %w", err)
	}
	var files []library.OwnFile
	for _, upload := range form.File["file"] {
		if upload.Size == 0 && upload.Filename == "" { // nothing was chosen
			continue
		}
		more, err := readChosen(upload)
		if err != nil {
			return found, err
		}
		files = append(files, more...)
	}
	return found, found.sort(files)
}

// readChosen returns a file, or the files in a ZIP.
func readChosen(upload *multipart.FileHeader) ([]library.OwnFile, error) {
	file, err := upload.Open()
	if err != nil {
		return nil, fmt.Errorf("open upload: %w", err)
	}
	defer file.Close()
	data, err := io.ReadAll(file) // bounded by the route's body limit
	if err != nil {
		return nil, fmt.Errorf("read upload: %w", err)
	}
	if bytes.HasPrefix(data, []byte("PK\x03\x04")) || bytes.HasPrefix(data, []byte("PK\x05\x06")) {
		return readZIP(upload.Filename, data)
	}
	return []library.OwnFile{{Name: path.Base(upload.Filename), Data: data}}, nil
}

// readZIP returns the YAML files in a ZIP, in whatever folder. What else is in it is passed over, as in a folder.
func readZIP(name string, data []byte) ([]library.OwnFile, error) {
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, surveys.Errorf(surveys.Invalid, "%s: This is not a ZIP that can be read.", name)
	}
	var files []library.OwnFile
	all := 0
	for _, entry := range archive.File {
		base := path.Base(strings.ReplaceAll(entry.Name, `\`, "/"))
		ext := strings.ToLower(path.Ext(base))
		if entry.FileInfo().IsDir() || strings.HasPrefix(base, ".") || ext != ".yaml" && ext != ".yml" { // a Mac adds files with a full stop before their names
			continue
		}
		if len(files) == maxOwnFiles {
			return nil, surveys.Errorf(surveys.Invalid, "%s: It holds more than %d files.", name, maxOwnFiles)
		}
		content, err := readEntry(entry)
		if err != nil {
			return nil, surveys.Errorf(surveys.Invalid, "%s: The file %s in it cannot be read; perhaps it has a password.", name, base)
		}
		if all += len(content); len(content) > maxOwnFile || all > maxAllOwn {
			return nil, surveys.Errorf(surveys.Invalid, "%s: The file %s in it is too large: each may have 1 MB, and all together 8 MB.", name, base)
		}
		files = append(files, library.OwnFile{Name: base, Data: content})
	}
	return files, nil
}

// readEntry reads a file of a ZIP, and no further than it may be large, whatever the ZIP says of its size.
func readEntry(entry *zip.File) ([]byte, error) {
	if entry.Flags&1 != 0 {
		return nil, errors.New("it is encrypted")
	}
	content, err := entry.Open()
	if err != nil {
		return nil, err
	}
	defer content.Close()
	return io.ReadAll(io.LimitReader(content, maxOwnFile+1))
}

// sort finds the study file among the files. All others are to be instruments and wording packs.
func (f *studyFiles) sort(files []library.OwnFile) error {
	var wrong []string
	there := false
	for _, kind := range []library.FileKind{library.StudyFile, library.OtherFile} {
		for _, file := range files {
			switch {
			case file.Kind() != kind:
			case kind == library.StudyFile && there:
				wrong = append(wrong, fmt.Sprintf("%s: This is a second study file beside %s. Load one at a time.", file.Name, f.name))
			case kind == library.StudyFile, len(files) == 1: // the messages say what a lone file lacks
				f.name, f.source, there = file.Name, string(file.Data), true
			default:
				wrong = append(wrong, fmt.Sprintf("%s: This is neither a study file (which has waves), nor an instrument (items), a wording pack (instrument) or an interface pack (messages).", file.Name))
			}
		}
	}
	f.own = slices.DeleteFunc(slices.Clone(files), func(file library.OwnFile) bool {
		return file.Kind() == library.StudyFile || file.Kind() == library.OtherFile
	})
	seen := make(map[string]bool)
	for _, file := range f.own {
		if seen[file.Name] {
			wrong = append(wrong, fmt.Sprintf("%s: Two of the files have this name.", file.Name))
		}
		seen[file.Name] = true
	}
	switch {
	case len(wrong) > 0:
		return surveys.Errorf(surveys.Invalid, "%s", strings.Join(wrong, "\n"))
	case strings.TrimSpace(f.source) == "" && len(files) > 0:
		return surveys.Errorf(surveys.Invalid, "None of the files is a study file, which has waves. Choose it together with its instruments and wording packs.")
	}
	return nil
}
