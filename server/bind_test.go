package server

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"testing"
)

// readsForms lists what may read values of a form one by one. Everything else binds a form into a struct, so that a look at
// it says what can be set from outside.
var readsForms = []string{
	"middleware.go readForm",              // refuses a form that cannot be read
	"office/signedin/files.go ReadUpload", // a file
	"office/entry/form.go EnterForm",      // the items of a questionnaire, as all that follow
	"office/entry/decide.go Decide",
	"office/people/correct.go Correct",
	"participant/question.go AnswerQuestion",
	"participant/grid.go AnswerGrid",
	"participant/grid.go SaveGrid",
	"participant/sheet.go AnswerAll",
	"participant/veil.go AnswerNext",
	"participant/save.go SaveQuestion",
	"participant/save.go SaveAll",
	"participant/staff.go SendSurvey",
	"page/reading.go changed", // buttons that stand among any page's questions
	"page/reading.go AsksForHelp",
	"page/reading.go TypedForm",
	"access/held.go hold", // any form that travels through signing in
	"access/held.go ReadHeld",
}

func TestFormsAreBound(t *testing.T) {
	var found []string
	err := fs.WalkDir(os.DirFS("."), ".", func(file string, entry fs.DirEntry, err error) error {
		if err != nil || path.Ext(file) != ".go" || strings.HasSuffix(file, "_test.go") || strings.HasPrefix(file, "servertest/") {
			return err
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		for _, decl := range parsed.Decls {
			fn, ok := decl.(*ast.FuncDecl)
			if !ok {
				continue
			}
			ast.Inspect(fn, func(n ast.Node) bool {
				if s, ok := n.(*ast.SelectorExpr); ok && slices.Contains([]string{"FormValue", "FormParams", "FormFile"}, s.Sel.Name) {
					found = append(found, file+" "+fn.Name.Name)
				}
				return true
			})
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range found {
		if !slices.Contains(readsForms, one) {
			t.Errorf("%s reads a form by itself, want page.Bind and a struct", one)
		}
	}
	for _, one := range readsForms {
		if !slices.Contains(found, one) {
			t.Errorf("%s reads no form any more, so it needs no exception", one)
		}
	}
}
