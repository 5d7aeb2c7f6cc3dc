package server

import (
	"bytes"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"

	"github.com/labstack/echo/v4"

	"wellwave/surveys"
	"wellwave/templates"
)

// page is one screen: a struct with everything its template prints, already in words.
type page interface {
	template() string // path below templates/pages without ".html"
}

// Renderer turns pages into HTML. It parses every template when it is made, so a mistake in one stops the server at
// start and not the first person who comes by.
type Renderer struct {
	pages  map[string]*template.Template
	cut    *cutPages
	assets *assets
	spare  sync.Pool
	// version changes with every file that pages are made of.
	version string
}

// NewRenderer parses the frame, the partials and every declared page. A declared page without a file, and a file that no
// page declares, is an error.
func NewRenderer() (*Renderer, error) {
	files, err := newAssets(templates.FS)
	if err != nil {
		return nil, err
	}
	r := &Renderer{
		pages:  make(map[string]*template.Template),
		assets: files,
		spare:  sync.Pool{New: func() any { return new(bytes.Buffer) }},
	}
	r.cut = newCutPages(r)
	if r.version, err = treeVersion(templates.FS); err != nil {
		return nil, err
	}
	frame, err := template.New("").
		Funcs(template.FuncMap{"asset": files.address, "helpLines": surveys.HelpLines}).
		ParseFS(templates.FS, "layout/*.html", "partials/*.html")
	if err != nil {
		return nil, fmt.Errorf("parse frame: %w", err)
	}
	for _, p := range declaredPages() {
		if err := r.parse(frame, p.template()); err != nil {
			return nil, err
		}
	}
	return r, r.checkDeclared()
}

func (r *Renderer) parse(frame *template.Template, name string) error {
	if r.pages[name] != nil {
		return fmt.Errorf("page %s: declared twice", name)
	}
	t, err := frame.Clone()
	if err != nil {
		return fmt.Errorf("page %s: %w", name, err)
	}
	if t, err = t.ParseFS(templates.FS, "pages/"+name+".html"); err != nil {
		return fmt.Errorf("page %s: %w", name, err)
	}
	r.pages[name] = t
	return nil
}

// checkDeclared reports a page file that no struct declares.
func (r *Renderer) checkDeclared() error {
	return fs.WalkDir(templates.FS, "pages", func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || path.Ext(file) != ".html" {
			return err
		}
		name := strings.TrimSuffix(strings.TrimPrefix(file, "pages/"), ".html")
		if r.pages[name] == nil {
			return fmt.Errorf("page %s: no struct declares it", name)
		}
		return nil
	})
}

// Render implements echo.Renderer. The page goes to a buffer first, so that half a page is never sent.
func (r *Renderer) Render(w io.Writer, name string, data any, _ echo.Context) error {
	buffer := r.spare.Get().(*bytes.Buffer)
	defer r.spare.Put(buffer)
	buffer.Reset()
	if err := r.execute(buffer, name, data); err != nil {
		return err
	}
	_, err := w.Write(buffer.Bytes())
	return err
}

func (r *Renderer) execute(w io.Writer, name string, data any) error {
	t := r.pages[name]
	if t == nil {
		return fmt.Errorf("page %s: not declared", name)
	}
	if err := t.ExecuteTemplate(w, "base", data); err != nil {
		return fmt.Errorf("page %s: %w", name, err)
	}
	return nil
}

// part executes one block of a page and cuts it up.
func (r *Renderer) part(name, block string, data any) (*cutPage, error) {
	var b bytes.Buffer
	if err := r.pages[name].ExecuteTemplate(&b, block, data); err != nil {
		return nil, fmt.Errorf("page %s: %w", name, err)
	}
	return r.cut.cutUp(b.Bytes()), nil
}

// page answers with p.
func (r *Renderer) page(c echo.Context, status int, p page) error {
	buffer := r.spare.Get().(*bytes.Buffer)
	defer r.spare.Put(buffer)
	buffer.Reset()
	if err := r.execute(buffer, p.template(), p); err != nil {
		return err
	}
	return sendPage(c, status, buffer.Bytes())
}

// cutPage answers with the page that fixed makes, which is rendered once for everybody who shares key.
func (r *Renderer) cutPage(c echo.Context, key cutKey, words slotWords, fixed func(slotWords) page) error {
	buffer := r.spare.Get().(*bytes.Buffer)
	defer r.spare.Put(buffer)
	buffer.Reset()
	if err := r.cut.write(buffer, key, words, fixed); err != nil {
		return err
	}
	return sendPage(c, http.StatusOK, buffer.Bytes())
}

// sendPage sends a page with its length, which spares cutting it into chunks.
func sendPage(c echo.Context, status int, html []byte) error {
	c.Response().Header().Set(echo.HeaderContentLength, strconv.Itoa(len(html)))
	return c.HTMLBlob(status, html)
}
