package page

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"
)

// asset is one file of templates/static, ready to send.
type asset struct {
	kind    string
	content []byte
	packed  []byte // gzip; nil where that would not help
	version string // of the content
}

// assets serves the sheets and fonts. Their addresses carry a hash of the content, so a browser may keep them for a year and
// still gets the new one after an update.
type assets struct{ byName map[string]asset }

const keepForAYear = "public, max-age=31536000, immutable"

func newAssets(files fs.FS) (*assets, error) {
	entries, err := fs.ReadDir(files, "static")
	if err != nil {
		return nil, fmt.Errorf("list static files: %w", err)
	}
	a := &assets{byName: make(map[string]asset, len(entries))}
	workers := map[string][]string{WorkerName: workerParts, KioskWorkerName: append([]string{"kiosk-worker.js"}, workerParts...)}
	var sheets []string
	for _, entry := range entries {
		if path.Ext(entry.Name()) == ".css" {
			sheets = append(sheets, entry.Name())
			continue
		}
		if slices.Contains(workers[KioskWorkerName], entry.Name()) { // which is made of all parts, or is put into the scripts that import it
			continue
		}
		if err := a.add(files, entry.Name()); err != nil {
			return nil, err
		}
	}
	for _, sheet := range sheets { // after the fonts, because their hashes stand in the sheets
		if err := a.add(files, sheet); err != nil {
			return nil, err
		}
	}
	for name, parts := range workers {
		worker, err := buildWorker(files, parts)
		if err != nil {
			return nil, err
		}
		if err := a.keep(name, worker); err != nil {
			return nil, err
		}
	}
	return a, nil
}

func (a *assets) add(files fs.FS, name string) error {
	content, err := fs.ReadFile(files, "static/"+name)
	if err != nil {
		return fmt.Errorf("read static file: %w", err)
	}
	if path.Ext(name) == ".js" {
		if content, err = withModules(files, content); err != nil {
			return err
		}
		content = enclosed(content)
	}
	return a.keep(name, content)
}

func (a *assets) keep(name string, content []byte) error {
	file := asset{kind: mime.TypeByExtension(path.Ext(name)), content: content}
	switch path.Ext(name) {
	case ".woff2":
		file.kind = "font/woff2" // missing from some machines' tables
	case ".css":
		file.content = a.withHashes(content)
		file.packed = pack(file.content)
	case ".js":
		lean, err := leanScript(content)
		if err != nil {
			return fmt.Errorf("shorten %s: %w", name, err)
		}
		file.content = lean
		file.packed = pack(file.content)
	case ".txt", ".svg":
		file.packed = pack(content)
	}
	sum := sha256.Sum256(file.content)
	file.version = hex.EncodeToString(sum[:6])
	a.byName[name] = file
	return nil
}

// withHashes puts the hash of every file that a sheet names into its address.
func (a *assets) withHashes(sheet []byte) []byte {
	for name := range a.byName {
		sheet = bytes.ReplaceAll(sheet, []byte(`url("`+name+`")`), []byte(`url("`+a.MustAddress(name)+`")`))
	}
	return sheet
}

func pack(content []byte) []byte {
	var b bytes.Buffer
	w, _ := gzip.NewWriterLevel(&b, gzip.BestCompression) // the level is valid
	_, _ = w.Write(content)                               // a bytes.Buffer never fails
	_ = w.Close()
	return b.Bytes()
}

// address returns the address of the file called name; templates call it as asset.
func (a *assets) address(name string) (string, error) {
	if _, ok := a.byName[name]; !ok {
		return "", fmt.Errorf("no static file %q", name)
	}
	return a.MustAddress(name), nil
}

func (a *assets) MustAddress(name string) string {
	return "/static/" + name + "?v=" + a.byName[name].version
}

// Serve handles GET /static/:name.
func (a *assets) Serve(c echo.Context) error { return a.Send(c, c.Param("name")) }

func (a *assets) Send(c echo.Context, name string) error {
	file, ok := a.byName[name]
	if !ok {
		return echo.ErrNotFound
	}
	header := c.Response().Header()
	if c.QueryParam("v") == file.version {
		header.Set(echo.HeaderCacheControl, keepForAYear)
	} else {
		header.Set(echo.HeaderCacheControl, "no-cache")
		header.Set("ETag", `"`+file.version+`"`)
		if c.Request().Header.Get("If-None-Match") == `"`+file.version+`"` {
			return c.NoContent(http.StatusNotModified)
		}
	}
	if file.packed == nil {
		return c.Blob(http.StatusOK, file.kind, file.content)
	}
	header.Add(echo.HeaderVary, echo.HeaderAcceptEncoding)
	if !strings.Contains(c.Request().Header.Get(echo.HeaderAcceptEncoding), "gzip") {
		return c.Blob(http.StatusOK, file.kind, file.content)
	}
	header.Set(echo.HeaderContentEncoding, "gzip")
	return c.Blob(http.StatusOK, file.kind, file.packed)
}

var barSheetName = regexp.MustCompile(`^[0-9a-f]{6}\.css$`)

// ServeBar handles GET /static/bar/:name: the sheet that gives the name bar its study's colour. Our content security policy
// forbids a style attribute for that. The sheet holds nothing else, so anybody may ask for any colour.
func (a *assets) ServeBar(c echo.Context) error {
	name := c.Param("name")
	if !barSheetName.MatchString(name) {
		return echo.ErrNotFound
	}
	c.Response().Header().Set(echo.HeaderCacheControl, keepForAYear)
	return c.Blob(http.StatusOK, "text/css; charset=utf-8", []byte(":root{--ww-bar:#"+name[:6]+"}\n"))
}
