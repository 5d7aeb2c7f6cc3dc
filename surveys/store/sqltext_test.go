package store_test

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/printer"
	"go/token"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// sqlWords tell a text that a database is asked with.
var sqlWords = regexp.MustCompile(`^\s*(SELECT|INSERT INTO|UPDATE|DELETE FROM|LOCK TABLE|VACUUM|PRAGMA|ATTACH|WITH|WHERE|AND|OR|ORDER BY|FROM) `)

// joinedIn is what may be joined into the text of a query besides constants and variables of a package, file by file: names of
// tables and columns from lists, and conditions that were written out a few lines above or by who calls. What comes from people
// is always an argument. Whoever adds to it has read where it comes from.
var joinedIn = map[string][]string{
	"alerts.go":    {"gone", "where"},
	"auditlog.go":  {"of"}, // a ? for each study
	"due.go":       {"where"},
	"erase.go":     {"erased"}, // a condition, written out above
	"ledger.go":    {"column", "selected"},
	"lostkey.go":   {"c.table", "c.column"}, // of the lists in rotate.go
	"occasions.go": {"standing(kind)"},
	"rehash.go":    {"c.table", "c.column", "c.id"},
	"released.go":  {"columns.String()", "joins.String()", "before"}, // numbered by us
	"responses.go": {"factsColumn(kind)", "factsOfResponse(kind)", "lock"},
	"roundopen.go": {"table", "sealed.table"},
	"staff.go":     {"table"},
	"migrate.go":   {"number"},
	"postgres.go":  {`strings.Join(tables, ", ")`},
	"sqlite.go":    {"want.pragma"},
}

// TestQueriesAreFixedTexts looks at everything that is joined to a text which is a query or a part of one.
func TestQueriesAreFixedTexts(t *testing.T) {
	named := packageNames(t)
	queries := 0
	for _, folder := range []string{".", "engine"} {
		for _, file := range sources(t, folder) {
			positions := token.NewFileSet()
			parsed, err := parser.ParseFile(positions, file, nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			known := maps.Clone(named)
			for name := range fixedHere(parsed, named) {
				known[name] = true
			}
			ast.Inspect(parsed, func(n ast.Node) bool {
				parts := joined(n)
				if !slices.ContainsFunc(parts, isSQL) {
					return true
				}
				queries++
				for _, part := range parts {
					if isFixed(part, known) {
						continue
					}
					var text bytes.Buffer
					if err := printer.Fprint(&text, positions, part); err != nil {
						t.Fatal(err)
					}
					if !slices.Contains(joinedIn[filepath.Base(file)], text.String()) {
						t.Errorf("%s: %s stands in a query: hand it over as an argument", positions.Position(n.Pos()), &text)
					}
				}
				return false
			})
		}
	}
	if queries < 20 {
		t.Errorf("%d queries are joined, which cannot be all", queries)
	}
}

// joined returns what a + or a Sprintf makes one text of, nothing for anything else.
func joined(n ast.Node) []ast.Expr {
	switch n := n.(type) {
	case *ast.BinaryExpr:
		if n.Op != token.ADD {
			return nil
		}
		var parts []ast.Expr
		for _, side := range []ast.Expr{n.X, n.Y} {
			if deeper := joined(side); deeper != nil {
				parts = append(parts, deeper...)
			} else {
				parts = append(parts, side)
			}
		}
		return parts
	case *ast.AssignStmt:
		if n.Tok == token.ADD_ASSIGN {
			return n.Rhs
		}
	case *ast.CallExpr:
		if f, ok := n.Fun.(*ast.SelectorExpr); ok && strings.HasPrefix(f.Sel.Name, "Sprint") {
			return n.Args
		}
	}
	return nil
}

// packageNames are the constants and variables of the packages that ask the database: nobody writes there what came in.
func packageNames(t *testing.T) map[string]bool {
	t.Helper()
	named := make(map[string]bool)
	for _, folder := range []string{".", "engine"} {
		for _, file := range sources(t, folder) {
			parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			for _, d := range parsed.Decls {
				if g, ok := d.(*ast.GenDecl); ok {
					for _, spec := range g.Specs {
						if v, ok := spec.(*ast.ValueSpec); ok {
							for _, name := range v.Names {
								named[name.Name] = true
							}
						}
					}
				}
			}
		}
	}
	return named
}

// fixedHere are the names in a file that are given nothing but fixed texts anywhere in it, and are no parameters.
func fixedHere(file *ast.File, named map[string]bool) map[string]bool {
	fixed, other := make(map[string]bool), make(map[string]bool)
	give := func(name string, value ast.Expr) {
		parts := joined(value)
		if parts == nil {
			parts = []ast.Expr{value}
		}
		if slices.ContainsFunc(parts, func(part ast.Expr) bool { return !isFixed(part, named) }) {
			other[name] = true
			return
		}
		fixed[name] = true
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for i, to := range n.Lhs {
				if name, ok := to.(*ast.Ident); ok && len(n.Lhs) == len(n.Rhs) {
					give(name.Name, n.Rhs[i])
				} else if ok {
					other[name.Name] = true
				}
			}
		case *ast.ValueSpec:
			for i, name := range n.Names {
				if i < len(n.Values) {
					give(name.Name, n.Values[i])
				}
			}
		case *ast.RangeStmt:
			for _, to := range []ast.Expr{n.Key, n.Value} {
				if name, ok := to.(*ast.Ident); ok {
					other[name.Name] = true
				}
			}
		case *ast.Field:
			for _, name := range n.Names {
				other[name.Name] = true
			}
		}
		return true
	})
	maps.DeleteFunc(fixed, func(name string, _ bool) bool { return other[name] })
	return fixed
}

// isFixed reports whether a part of a query is a literal, a name of the package or what is picked, joined or repeated of those.
func isFixed(n ast.Expr, named map[string]bool) bool {
	switch n := n.(type) {
	case *ast.BasicLit:
		return true
	case *ast.Ident:
		return named[n.Name]
	case *ast.IndexExpr:
		return isFixed(n.X, named)
	case *ast.CallExpr:
		if f, ok := n.Fun.(*ast.SelectorExpr); ok {
			of, _ := f.X.(*ast.Ident)
			return f.Sel.Name == "LockRow" || of != nil && of.Name == "strings" && (f.Sel.Name == "Join" || f.Sel.Name == "Repeat") && isFixed(n.Args[0], named)
		}
	}
	return false
}

// sources are the files of a package that are no tests.
func sources(t *testing.T, folder string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(files, func(file string) bool { return strings.HasSuffix(file, "_test.go") })
}

func isSQL(n ast.Expr) bool {
	text, ok := n.(*ast.BasicLit)
	return ok && text.Kind == token.STRING && sqlWords.MatchString(strings.Trim(text.Value, "`\"")+" ")
}
