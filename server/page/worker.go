package page

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"

	"github.com/tdewolff/minify/v2"
	"github.com/tdewolff/minify/v2/js"
)

// workerParts are the modules that the worker is made of, in order. Some browsers in use accept a worker only as one classic
// script, so it is put together here; tests load the modules as they are.
var workerParts = []string{"flow.js", "number.js", "form.js", "pages.js", "outbox.js", "responses.js", "worker.js"}

// The workers among the assets: the ordinary one, and that of kiosks.
const (
	WorkerName      = "sw.js"
	KioskWorkerName = "kiosk-sw.js"
)

var (
	importLine = regexp.MustCompile(`(?m)^import .* from "\./(.*)";\n`)
	exportWord = regexp.MustCompile(`(?m)^export `)
)

// leanScript returns a script as it is sent: with short names and without comments, because many people have slow
// connections.
func leanScript(source []byte) ([]byte, error) {
	var b bytes.Buffer
	err := (&js.Minifier{Version: 2020}).Minify(minify.New(), &b, bytes.NewReader(source), nil)
	return b.Bytes(), err
}

// enclosed returns the script of a page inside a function, whose names can be shortened; those of a module itself cannot.
func enclosed(script []byte) []byte {
	return slices.Concat([]byte("(async () => {\n"), script, []byte("})();\n"))
}

// withModules puts the modules that a page's script imports into it, because a script that is enclosed imports nothing. They
// import none themselves.
func withModules(files fs.FS, script []byte) ([]byte, error) {
	var modules []byte
	for _, line := range importLine.FindAllSubmatch(script, -1) {
		text, err := fs.ReadFile(files, "static/"+string(line[1]))
		if err != nil {
			return nil, fmt.Errorf("read the module of a script: %w", err)
		}
		modules = append(modules, exportWord.ReplaceAll(text, nil)...)
	}
	return slices.Concat(modules, importLine.ReplaceAll(script, nil)), nil
}

// buildWorker returns the script that parts make. It stands in a function, whose names can be shortened.
func buildWorker(files fs.FS, parts []string) ([]byte, error) {
	var b strings.Builder
	b.WriteString("(() => {\n\"use strict\";\n")
	for _, name := range parts {
		text, err := fs.ReadFile(files, "static/"+name)
		if err != nil {
			return nil, fmt.Errorf("read the worker: %w", err)
		}
		text = importLine.ReplaceAll(text, nil)
		b.Write(exportWord.ReplaceAll(text, nil))
	}
	b.WriteString("})();\n")
	return []byte(b.String()), nil
}

// VersionHash returns a hash of texts that is long enough to tell versions apart.
func VersionHash(texts ...string) string {
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
	return VersionHash(texts...), nil
}
