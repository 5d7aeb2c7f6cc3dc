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

// joinedIn is what may be joined into the text of a query although this test does not see by itself that it is fixed: names of
// tables and columns from lists, and conditions. What comes from people is always an argument. Whoever adds to it has read where
// it comes from.
var joinedIn = map[string][]string{
	"alerts.go":     {"where"}, // conditions of who calls
	"auditlog.go":   {"of"},    // a ? for each study
	"lostkey.go":    {"c.table", "c.column"},
	"migrate.go":    {"number"},
	"occasions.go":  {"standing"},
	"postgres.go":   {`strings.Join(tables, ", ")`, "table"},
	"rehash.go":     {"c.table", "c.column", "c.id"},
	"proposals.go":  {"where"},                                                   // conditions of who calls
	"released.go":   {"columns.String()", "joins.String()", "unscored.String()"}, // numbered by us
	"responses.go":  {"factsColumn(standing)", "factsOfResponse(standing)"},
	"roundopen.go":  {"sealed.table"},
	"rowhashes.go":  {"of.table", `strings.Join(of.columns, ", ")`, "of.keyIs()", "key", "where", "selected", "c.where", "c.set"}, // what callers write
	"rowhashing.go": {"of.table"},
	"sqlite.go":     {"want.pragma"},
	"takenback.go":  {"table", "ended", "study"},
}

// TestQueriesAreFixedTexts looks at everything that is joined to a text which is a query or a part of one.
func TestQueriesAreFixedTexts(t *testing.T) {
	named := packageNames(t)
	handed := fixedParameters(t, named)
	queries := 0
	for _, folder := range []string{".", "engine"} {
		for _, file := range sources(t, folder) {
			positions := token.NewFileSet()
			parsed, err := parser.ParseFile(positions, file, nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			known := maps.Clone(named)
			for name := range fixedHere(parsed, named, handed) {
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

// fixedParameters are the parameters of functions that are not exported, as function and name, to which every caller hands a
// fixed text.
func fixedParameters(t *testing.T, named map[string]bool) map[string]bool {
	t.Helper()
	parameters, fixed, other := make(map[string][]string), make(map[string]bool), make(map[string]bool)
	var files []*ast.File
	for _, file := range sources(t, ".") {
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, parsed)
		for _, d := range parsed.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && !f.Name.IsExported() {
				for _, field := range f.Type.Params.List {
					for _, name := range field.Names {
						parameters[f.Name.Name] = append(parameters[f.Name.Name], name.Name)
					}
				}
			}
		}
	}
	for _, file := range files {
		known := maps.Clone(named)
		maps.Copy(known, fixedHere(file, named, nil))
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			called := ""
			switch f := call.Fun.(type) {
			case *ast.Ident:
				called = f.Name
			case *ast.SelectorExpr:
				called = f.Sel.Name
			}
			for i, name := range parameters[called] {
				if key := called + " " + name; i < len(call.Args) && isFixed(call.Args[i], known) {
					fixed[key] = true
				} else {
					other[key] = true
				}
			}
			return true
		})
	}
	maps.DeleteFunc(fixed, func(key string, _ bool) bool { return other[key] })
	return fixed
}

// fixedHere are the names in a file that are given nothing but fixed texts anywhere in it: from lists of such texts too, and by
// callers, where handed says so.
func fixedHere(file *ast.File, named, handed map[string]bool) map[string]bool {
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
				if name, ok := to.(*ast.Ident); ok && to == n.Value && isFixed(n.X, named) {
					fixed[name.Name] = true
				} else if ok {
					other[name.Name] = true
				}
			}
		case *ast.FuncDecl:
			for _, field := range n.Type.Params.List {
				for _, name := range field.Names {
					if handed[n.Name.Name+" "+name.Name] {
						fixed[name.Name] = true
					} else {
						other[name.Name] = true
					}
				}
			}
		case *ast.FuncLit:
			for _, field := range n.Type.Params.List {
				for _, name := range field.Names {
					other[name.Name] = true
				}
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
	case *ast.BinaryExpr:
		return isFixed(n.X, named) && isFixed(n.Y, named)
	case *ast.CompositeLit: // a list
		return !slices.ContainsFunc(n.Elts, func(one ast.Expr) bool { return !isFixed(one, named) })
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
