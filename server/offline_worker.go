package server

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"regexp"
	"strings"
)

// workerParts are the modules that the worker is made of, in order. Browsers that people still have know workers only as
// one classic script, so it is put together here; tests load the modules as they are.
var workerParts = []string{"flow.js", "form.js", "outbox.js", "worker.js"}

// workerName is the worker among the assets.
const workerName = "sw.js"

var (
	importLine = regexp.MustCompile(`(?m)^import .*\n`)
	exportWord = regexp.MustCompile(`(?m)^export `)
	// What is for readers of the source. No text of ours goes over lines, nor holds two strokes between blanks.
	comments = regexp.MustCompile(`(?m)^\s*//.*\n|^\s*/\*\*(?s:.*?)\*/\n|^[ ]+| +// .*$`)
)

// leanScript returns a script as it is sent: every byte of it is on somebody's slow connection.
func leanScript(source []byte) []byte { return comments.ReplaceAll(source, nil) }

// buildWorker returns the worker's script.
func buildWorker(files fs.FS) ([]byte, error) {
	var b strings.Builder
	b.WriteString("\"use strict\";\n")
	for _, name := range workerParts {
		text, err := fs.ReadFile(files, "static/"+name)
		if err != nil {
			return nil, fmt.Errorf("read the worker: %w", err)
		}
		text = importLine.ReplaceAll(text, nil)
		b.Write(exportWord.ReplaceAll(text, nil))
	}
	return []byte(b.String()), nil
}

// versionHash returns a hash of texts that is long enough to tell versions apart.
func versionHash(texts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(texts, "\x00")))
	return hex.EncodeToString(sum[:8])
}

// treeVersion returns a hash of every file below a folder.
func treeVersion(files fs.FS) (string, error) {
	var texts []string
	err := fs.WalkDir(files, ".", func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := fs.ReadFile(files, file)
		texts = append(texts, file, string(text))
		return err
	})
	if err != nil {
		return "", fmt.Errorf("read page files: %w", err)
	}
	return versionHash(texts...), nil
}
