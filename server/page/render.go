// Package page turns structs into pages: the frame, the style sheets and scripts, pages that are kept in pieces, tables and
// fields, forms and what is wrong with them, and how somebody wants to read. It knows nothing of any particular page.
package page

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
	"wellwave/surveys/locale"
	"wellwave/templates"
)

// Page is one screen: a struct with everything its template prints, already in words.
type Page interface {
	Template() string   // path below templates/pages without ".html"
	Pack() *locale.Pack // what its sentences come from
	inDemonstration()
}

// pageKey names a page's template in one language.
type pageKey struct {
	pack *locale.Pack
	name string
}

// Renderer turns pages into HTML. It parses every template when it is made, so a mistake in one stops the server at start
// instead of failing for the first visitor.
type Renderer struct {
	files  map[string]bool // the declared pages
	mu     sync.RWMutex
	frames map[*locale.Pack]*template.Template
	pages  map[pageKey]*template.Template
	cut    *pageCache
	Assets *assets
	spare  sync.Pool
	// Version changes with every file that pages are made of.
	Version string
	demo    bool // every page says that everybody is invented
}

// NewRenderer parses the frame, the partials and every declared page, one of each type. A declared page without a file is
// an error.
func NewRenderer(declared []Page, demo bool) (*Renderer, error) {
	files, err := newAssets(templates.FS)
	if err != nil {
		return nil, err
	}
	r := &Renderer{
		files:  make(map[string]bool),
		frames: make(map[*locale.Pack]*template.Template),
		pages:  make(map[pageKey]*template.Template),
		Assets: files,
		demo:   demo,
		spare:  sync.Pool{New: func() any { return new(bytes.Buffer) }},
	}
	r.cut = newPageCache(r)
	if r.Version, err = treeVersion(templates.FS); err != nil {
		return nil, err
	}
	for _, p := range declared {
		name := p.Template()
		if r.files[name] {
			return nil, fmt.Errorf("page %s: declared twice", name)
		}
		r.files[name] = true
		if _, err := r.in(locale.English(), name); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// in returns a page's template whose sentences are in a language. Only the English ones are parsed at start: the others
// cannot fail if these do not, and most servers need few of them.
func (r *Renderer) in(pack *locale.Pack, name string) (*template.Template, error) {
	key := pageKey{pack, name}
	r.mu.RLock()
	t := r.pages[key]
	r.mu.RUnlock()
	if t != nil {
		return t, nil
	}
	if !r.files[name] {
		return nil, fmt.Errorf("page %s: not declared", name)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	t, err := r.parse(key)
	if err != nil {
		return nil, fmt.Errorf("page %s: %w", name, err)
	}
	r.pages[key] = t
	return t, nil
}

func (r *Renderer) parse(key pageKey) (*template.Template, error) {
	frame := r.frames[key.pack]
	if frame == nil {
		var err error
		frame, err = template.New("").
			Funcs(template.FuncMap{"asset": r.Assets.address, "helpLines": surveys.HelpLines, "t": key.pack.Say}).
			ParseFS(templates.FS, "layout/*.html", "partials/*.html")
		if err != nil {
			return nil, fmt.Errorf("parse frame: %w", err)
		}
		r.frames[key.pack] = frame
	}
	t, err := frame.Clone()
	if err != nil {
		return nil, err
	}
	return t.ParseFS(templates.FS, "pages/"+key.name+".html")
}

// CheckDeclared fails where there is a page file that no page declares.
func (r *Renderer) CheckDeclared() error {
	return fs.WalkDir(templates.FS, "pages", func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || path.Ext(file) != ".html" {
			return err
		}
		name := strings.TrimSuffix(strings.TrimPrefix(file, "pages/"), ".html")
		if !r.files[name] {
			return fmt.Errorf("page %s: no struct declares it", name)
		}
		return nil
	})
}

func (r *Renderer) Render(w io.Writer, p Page) error {
	if r.demo {
		p.inDemonstration()
	}
	t, err := r.in(p.Pack(), p.Template())
	if err != nil {
		return err
	}
	if err := t.ExecuteTemplate(w, "base", p); err != nil {
		return fmt.Errorf("page %s: %w", p.Template(), err)
	}
	return nil
}

// Part executes one block of a page in a language and cuts it up.
func (r *Renderer) Part(pack *locale.Pack, name, block string, data any) (*Cut, error) {
	t, err := r.in(pack, name)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := t.ExecuteTemplate(&b, block, data); err != nil {
		return nil, fmt.Errorf("page %s: %w", name, err)
	}
	return r.cut.cutUp(b.Bytes()), nil
}

// Markers stand in cut pages where words go.
func (r *Renderer) Markers() Words { return r.cut.markers }

// CutUp renders a page and cuts it up.
func (r *Renderer) CutUp(p Page) (*Cut, error) { return r.cut.render(p) }

// Cached returns the pieces of the page that fixed makes, which is cut up once for everybody who shares key.
func (r *Renderer) Cached(key CacheKey, fixed func(Words) Page) (*Cut, error) {
	return r.cut.page(key, fixed)
}

// Send answers with p.
func (r *Renderer) Send(c echo.Context, status int, p Page) error {
	buffer := r.spare.Get().(*bytes.Buffer)
	defer r.spare.Put(buffer)
	buffer.Reset()
	if err := r.Render(buffer, p); err != nil {
		return err
	}
	return sendPage(c, status, buffer.Bytes())
}

// SendCached answers with the page that fixed makes, which is rendered once for everybody who shares key.
func (r *Renderer) SendCached(c echo.Context, key CacheKey, words Words, fixed func(Words) Page) error {
	buffer := r.spare.Get().(*bytes.Buffer)
	defer r.spare.Put(buffer)
	buffer.Reset()
	if err := r.cut.write(buffer, key, words, fixed); err != nil {
		return err
	}
	return sendPage(c, http.StatusOK, buffer.Bytes())
}

// sendPage sends a page with its length, so that it is not sent in chunks.
func sendPage(c echo.Context, status int, html []byte) error {
	c.Response().Header().Set(echo.HeaderContentLength, strconv.Itoa(len(html)))
	return c.HTMLBlob(status, html)
}
