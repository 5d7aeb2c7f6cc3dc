package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// A room is a package, or with "/..." a package and all below it, and what its code may import. The first room that
// matches a package is its room.
type room struct {
	path string
	ours []string // packages of this module, "/..." included
	// reach lists the technologies that the room may touch; the standard library's harmless parts are everybody's.
	reach []string
}

// rooms is the table of who may import whom, from the top of the house to its foundations. An import points downward
// or not at all, so what stands low runs and is tested without what stands high: scoring without a database, the
// domain without HTTP.
var rooms = []room{
	{"cmd/wellwave", []string{"..."}, []string{"sql", "web", "http", "mail"}},
	{"e2e/dump", []string{"surveys/store/storetest"}, nil}, // for the browser tests, and never shipped
	{"server", []string{"server/...", "surveys/..."}, []string{"web", "http"}},
	{"server/servertest", []string{"server/...", "surveys/..."}, []string{"http"}},
	{"server/participant", []string{"server/page", "server/access", "server/tickets", "server/question", "server/withdrawal", "surveys/..."}, []string{"web", "http"}},
	{"server/office/accounts", []string{"server/office/signedin", "server/page", "server/access", "server/tickets", "surveys", "surveys/store"}, []string{"web", "http"}},
	{"server/office/desk", []string{"server/office/signedin", "server/page", "server/access", "server/tickets", "surveys", "surveys/report", "surveys/store"}, []string{"web", "http"}},
	{"server/office/entry", []string{"server/office/signedin", "server/page", "server/access", "server/question", "server/tickets", "surveys", "surveys/locale", "surveys/store"}, []string{"web", "http"}},
	{"server/office/people", []string{"server/office/signedin", "server/page", "server/access", "server/question", "server/tickets", "server/withdrawal", "surveys", "surveys/locale", "surveys/store"}, []string{"web", "http"}},
	{"server/office/releases", []string{"server/office/signedin", "server/page", "server/access", "surveys", "surveys/release", "surveys/store"}, []string{"web", "http"}},
	{"server/office/rounds", []string{"server/office/signedin", "server/page", "server/access", "surveys", "surveys/climate", "surveys/csvtable", "surveys/disclosure", "surveys/report", "surveys/store"}, []string{"web", "http"}},
	{"server/office/signedin", []string{"server/page", "server/access", "surveys", "surveys/monitor", "surveys/report", "surveys/store"}, []string{"web", "http"}},
	{"server/office", []string{"server/office/...", "server/page", "server/access", "server/tickets", "surveys/..."}, []string{"web", "http"}},
	{"server/outbox", []string{"server/page", "server/outbox/mail", "surveys/..."}, nil},
	{"server/outbox/mail/...", []string{"server/outbox/mail", "surveys"}, []string{"mail"}},
	// What both participant and office stand on, side by side.
	{"server/access", []string{"server/page", "surveys/..."}, []string{"web", "http"}},
	{"server/tickets", []string{"surveys"}, []string{"web", "http"}},
	{"server/question", []string{"server/page", "surveys", "surveys/locale"}, nil},
	{"server/withdrawal", []string{"surveys", "surveys/locale"}, nil},
	{"server/page", []string{"surveys", "surveys/locale", "templates"}, []string{"web", "http"}},
	{"surveys/store/storetest", []string{"surveys", "surveys/rootkey", "surveys/store"}, []string{"sql"}},
	{"surveys/store/engine", []string{"surveys"}, []string{"sql"}},
	{"surveys/store", []string{"surveys", "surveys/monitor", "surveys/sealing", "surveys/rootkey", "surveys/disclosure", "surveys/library", "surveys/store/engine", "scoring", "migrations"}, []string{"sql"}}, // scores are stored as computed
	{"surveys/demo/...", []string{"surveys", "surveys/store", "surveys/library", "surveys/climate"}, nil},
	{"surveys/bulk", []string{"scoring/decimal", "surveys", "surveys/csvtable", "surveys/strictyaml"}, nil},
	{"surveys/climate/climatetest", []string{"surveys", "surveys/disclosure", "surveys/library"}, nil},
	{"surveys/climate", []string{"surveys", "surveys/csvtable", "surveys/disclosure", "scoring/..."}, nil},
	{"surveys/disclosure", []string{"scoring/decimal"}, nil},
	{"surveys/monitor", []string{"surveys", "scoring/..."}, nil},
	{"surveys/release/...", []string{"surveys", "surveys/csvtable", "surveys/disclosure", "surveys/risk", "scoring/..."}, nil},
	{"surveys/report/...", []string{"surveys", "surveys/monitor", "surveys/climate", "surveys/disclosure", "surveys/locale", "scoring/..."}, nil},
	{"surveys/library", []string{"surveys"}, nil},
	{"surveys/risk", nil, nil},
	{"surveys/sealing", nil, nil},
	{"surveys/rootkey", []string{"surveys"}, nil},
	{"surveys/locale", nil, nil},
	{"surveys/passwords", nil, nil},
	{"surveys/csvtable", []string{"scoring/decimal"}, nil},
	{"surveys/strictyaml", []string{"scoring/decimal"}, nil},
	{"surveys", []string{"surveys/csvtable", "surveys/strictyaml", "surveys/locale", "surveys/passwords", "scoring/..."}, nil},
	{"scoring/...", []string{"scoring/..."}, nil},
	{"templates", nil, nil},
	{"migrations", nil, nil},
}

// technologies are the imports that only some rooms may make.
var technologies = map[string][]string{
	"sql": {"database/sql/...", "github.com/jmoiron/sqlx/...", "github.com/mattn/go-sqlite3", "github.com/jackc/pgx/...",
		"github.com/pressly/goose/..."},
	"web":  {"github.com/labstack/...", "github.com/alexedwards/scs/..."},
	"http": {"net/http/..."},
	"mail": {"net/smtp", "github.com/wneessen/go-mail/..."},
}

// forTests lists the packages that serve tests alone. Nothing that is shipped may import them: some read and write a
// database past the store's rules.
var forTests = []string{"e2e/...", "server/servertest", "surveys/store/storetest", "surveys/climate/climatetest"}

// pure lists the rooms that use nothing but the standard library and gonum.
var pure = []string{"scoring/...", "surveys/csvtable", "surveys/disclosure", "surveys/risk", "templates", "migrations"}

func TestLayers(t *testing.T) {
	entered := make(map[string]bool)
	eachSource(t, func(file, path string) {
		checkFile(t, file, path)
		entered[filepath.ToSlash(filepath.Dir(file))] = true
	})
	for _, r := range rooms {
		if !slices.ContainsFunc(slices.Collect(maps.Keys(entered)), func(pkg string) bool { return within(pkg, r.path) }) {
			t.Errorf("there is no code in %s, for which there is a rule", r.path)
		}
	}
}

// eachSource calls see with every Go file of the program that is no test: by its place in the project, and by where it lies.
func eachSource(t *testing.T, see func(file, path string)) {
	t.Helper()
	root := filepath.Join("..", "..")
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		switch name := entry.Name(); {
		case err != nil:
			return err
		case entry.IsDir() && (name == "node_modules" || name == "testdata" || len(name) > 2 && name[0] == '.'):
			return fs.SkipDir
		case entry.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go"):
			return nil
		}
		file, err := filepath.Rel(root, path)
		if err == nil {
			see(filepath.ToSlash(file), path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// checkFile reports every import of a file that its room may not make.
func checkFile(t *testing.T, file, path string) {
	pkg := filepath.ToSlash(filepath.Dir(file))
	i := slices.IndexFunc(rooms, func(r room) bool { return within(pkg, r.path) })
	if i < 0 {
		t.Errorf("%s: package %s stands in no room: say in the table above what it may import", file, pkg)
		return
	}
	source, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := parser.ParseFile(token.NewFileSet(), file, source, parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	for _, spec := range parsed.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			t.Fatal(err)
		}
		if !rooms[i].mayImport(pkg, imported) {
			t.Errorf("%s imports %s, which %s may not", file, imported, rooms[i].path)
		}
	}
}

func (r room) mayImport(pkg, imported string) bool {
	if ours, ok := strings.CutPrefix(imported, "wellwave/"); ok {
		return withinAny(ours, r.ours) && (!withinAny(ours, forTests) || withinAny(pkg, forTests))
	}
	for technology, paths := range technologies {
		if withinAny(imported, paths) {
			return slices.Contains(r.reach, technology)
		}
	}
	standard := !strings.Contains(strings.Split(imported, "/")[0], ".")
	return standard || strings.HasPrefix(imported, "gonum.org/") || !withinAny(pkg, pure)
}

// within reports whether a package is the pattern, or lies below a pattern that ends in "...".
func within(pkg, pattern string) bool {
	above, below := strings.CutSuffix(pattern, "...")
	return pkg == strings.TrimSuffix(above, "/") || below && strings.HasPrefix(pkg, above)
}

func withinAny(pkg string, patterns []string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool { return within(pkg, pattern) })
}

// TestLayersTable checks the checker: a rule that refused nothing would never be missed.
func TestLayersTable(t *testing.T) {
	tests := []struct {
		pkg, imported string
		want          bool
	}{
		{"cmd/wellwave", "wellwave/server", true},
		{"cmd/wellwave", "github.com/jmoiron/sqlx", true},
		{"cmd/wellwave", "wellwave/surveys/store/storetest", false},
		{"e2e/dump", "wellwave/surveys/store/storetest", true},
		{"e2e/dump", "wellwave/surveys/store", false},
		{"server", "wellwave/surveys/store", true},
		{"server", "github.com/labstack/echo/v4", true},
		{"server", "wellwave/migrations", false},
		{"server", "github.com/jmoiron/sqlx", false},
		{"server", "wellwave/cmd/wellwave", false},
		{"server", "wellwave/server/participant", true},
		{"server", "github.com/wneessen/go-mail", false},
		{"server/participant", "wellwave/server/page", true},
		{"server/participant", "wellwave/server/office", false},
		{"server/participant", "wellwave/server", false},
		{"server/participant", "wellwave/server/outbox", false},
		{"server/office", "wellwave/surveys/release", true},
		{"server/office", "wellwave/server/participant", false},
		{"server/office", "wellwave/server/outbox/mail", false},
		{"server/office", "wellwave/server/office/signedin", true},
		{"server/office/signedin", "wellwave/server/office", false},
		{"server/office/accounts", "wellwave/server/office/rounds", false},
		{"server/office/entry", "wellwave/server/office/desk", false},
		{"server/office/releases", "wellwave/server/office", false},
		{"server/office/rounds", "wellwave/server/office/signedin", true},
		{"server/office/rounds", "wellwave/server/office", false},
		{"server/outbox", "wellwave/server/office", false},
		{"server/outbox/mail", "github.com/wneessen/go-mail", true},
		{"server/outbox/mail", "wellwave/server/page", false},
		{"server/tickets", "wellwave/server/page", false},
		{"server/page", "wellwave/server/access", false},
		{"server/page", "wellwave/surveys/store", false},
		{"server/page", "wellwave/templates", true},
		{"surveys/store", "wellwave/surveys", true},
		{"surveys/store", "wellwave/templates", false},
		{"surveys/store", "wellwave/surveys/store/engine", true},
		{"surveys/store/engine", "wellwave/surveys/store", false},
		{"surveys/store/engine", "wellwave/migrations", false},
		{"surveys/store", "github.com/labstack/echo/v4", false},
		{"surveys/release", "database/sql", false},
		{"surveys/monitor", "wellwave/surveys", true},
		{"surveys/monitor", "wellwave/surveys/store", false},
		{"surveys/bulk", "wellwave/surveys/store", false},
		{"surveys/climate", "wellwave/scoring/power", true},
		{"surveys/climate", "wellwave/surveys", true},
		{"surveys/climate", "wellwave/surveys/store", false},
		{"surveys/disclosure", "wellwave/surveys", false},
		{"surveys/report", "wellwave/surveys/climate", true},
		{"surveys/report", "wellwave/surveys/store", false},
		{"server/office", "wellwave/surveys/climate", true},
		{"surveys/rootkey", "wellwave/surveys/store", false},
		{"surveys/strictyaml", "wellwave/surveys", false},
		{"surveys/csvtable", "wellwave/surveys", false},
		{"surveys", "wellwave/scoring/power", true},
		{"surveys", "wellwave/surveys/store", false},
		{"surveys", "net/http", false},
		{"surveys", "wellwave/surveys/library", false},
		{"surveys", "net/url", true},
		{"surveys", "github.com/goccy/go-yaml", true},
		{"scoring", "gonum.org/v1/gonum/stat", true},
		{"scoring", "wellwave/surveys", false},
		{"scoring", "github.com/goccy/go-yaml", false},
		{"migrations", "embed", true},
	}
	for _, tt := range tests {
		i := slices.IndexFunc(rooms, func(r room) bool { return within(tt.pkg, r.path) })
		if got := rooms[i].mayImport(tt.pkg, tt.imported); got != tt.want {
			t.Errorf("mayImport(%q, %q) = %v, want %v", tt.pkg, tt.imported, got, tt.want)
		}
	}
}
