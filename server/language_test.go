package server

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"wellwave/server/page"
	"wellwave/surveys"
	"wellwave/surveys/locale"
	"wellwave/templates"
)

// source reads the messages that code says to participants.
type source struct {
	constants map[string]string
	found     map[string]bool
}

// saying are the functions whose argument at the given place is a message.
var saying = map[string]int{"Say": 0, "say": 0, "PublicBase": 1, "PublicBaseIn": 2, "refuseDelivery": 2,
	"chosenFrom": 1, "codeField": 1, "page": 0}

// text returns what an expression of constants amounts to.
func (s *source) text(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		text, err := strconv.Unquote(e.Value)
		return text, err == nil && e.Kind == token.STRING
	case *ast.Ident:
		text, ok := s.constants[e.Name]
		return text, ok
	case *ast.SelectorExpr:
		text, ok := s.constants[e.Sel.Name]
		return text, ok
	case *ast.BinaryExpr:
		left, one := s.text(e.X)
		right, two := s.text(e.Y)
		return left + right, one && two
	}
	return "", false
}

func (s *source) add(args []ast.Expr, at int) {
	if at < len(args) {
		if text, ok := s.text(args[at]); ok {
			s.found[text] = true
		}
	}
}

// read collects the messages of some Go files, and the refusals of some of their functions.
func (s *source) read(t *testing.T, pattern string, refusing ...string) {
	t.Helper()
	names, err := filepath.Glob(pattern)
	if err != nil || len(names) == 0 {
		t.Fatalf("%s: %d files, %v", pattern, len(names), err)
	}
	var files []*ast.File
	if s.constants == nil {
		s.constants = make(map[string]string)
	}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
		ast.Inspect(file, func(n ast.Node) bool {
			if spec, ok := n.(*ast.ValueSpec); ok && len(spec.Names) == len(spec.Values) {
				for i, name := range spec.Names {
					if text, ok := s.text(spec.Values[i]); ok {
						s.constants[name.Name] = text
					}
				}
			}
			return true
		})
	}
	for _, file := range files {
		for _, decl := range file.Decls {
			fn, isFunc := decl.(*ast.FuncDecl)
			refuses := isFunc && slices.Contains(refusing, fn.Name.Name)
			ast.Inspect(decl, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.CallExpr:
					name := calledName(n)
					if at, ok := saying[name]; ok {
						s.add(n.Args, at)
					}
					if refuses && (name == "Errorf" || name == "Refuse" || name == "asRefused") {
						s.add(n.Args, 1)
					}
				case *ast.CompositeLit:
					if kind, ok := n.Type.(*ast.Ident); ok && refuses && kind.Name == "RefusedItem" {
						s.add(n.Elts, 1)
					}
				}
				return true
			})
		}
	}
}

func calledName(call *ast.CallExpr) string {
	switch fn := call.Fun.(type) {
	case *ast.Ident:
		return fn.Name
	case *ast.SelectorExpr:
		return fn.Sel.Name
	}
	return ""
}

var templateMessage = regexp.MustCompile(`\{\{-?\s*t ("(?:[^"\\]|\\.)*")`)

// messages returns everything that the product may say to a participant.
func messages(t *testing.T) map[string]bool {
	t.Helper()
	s := source{found: make(map[string]bool)}
	for _, room := range []string{"", "page/", "tickets/", "access/", "question/", "withdrawal/", "participant/", "office/", "office/*/"} {
		s.read(t, room+"*.go", "typedValue", "typedDate", "take")
	}
	s.read(t, "../surveys/instrument_check.go", "Check", "checkNumber", "checkOption", "checkSet", "checkDate", "checkText", "ParseValueAs", "readNumberCell")
	s.read(t, "../surveys/staffround.go", "Open", "Take")
	s.read(t, "../surveys/response.go", "admit", "check")
	s.read(t, "../surveys/repeats.go", "Err")
	s.read(t, "../surveys/quota.go", "overfull")
	s.read(t, "../surveys/people.go", "CheckConsent")
	s.read(t, "../surveys/store/*.go", "Submit", "withdraw", "tooBusy", "spent")
	s.read(t, "../surveys/store/engine/*.go", "put", "refusal")
	for _, file := range []string{"../surveys/withdrawaltext.go", "../surveys/consentcopy.go", "../surveys/report/agreed.go", "../surveys/locale/locale.go"} {
		s.read(t, file)
	}
	err := fs.WalkDir(templates.FS, ".", func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(file) != ".html" {
			return err
		}
		text, err := fs.ReadFile(templates.FS, file)
		for _, match := range templateMessage.FindAllSubmatch(text, -1) {
			message, err := strconv.Unquote(string(match[1]))
			if err != nil {
				return fmt.Errorf("%s: %s: %w", file, match[1], err)
			}
			s.found[message] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	add := func(texts ...string) {
		for _, text := range texts {
			s.found[text] = true
		}
	}
	for _, level := range surveys.WithdrawalLevels() {
		add(level.Label())
	}
	add(surveys.LeavingSays, surveys.LockedSays)
	for _, line := range surveys.HelpLines() {
		add(line.Says)
	}
	study := &surveys.Study{Kiosk: surveys.KioskPlan{LinksPractitioners: true}}
	for _, choices := range [][]surveys.Choice{study.OwnHelpers(), surveys.OwnPlaces(), surveys.Aids()} {
		for _, one := range choices {
			add(one.Label)
		}
	}
	add("Day", "Month", "Year") // of dates
	for day := range 7 {
		add(time.Weekday(day).String())
	}
	for month := time.January; month <= time.December; month++ {
		add(month.String())
	}
	for kind := surveys.Invalid; kind <= surveys.TooMany; kind++ {
		add(page.TroubleOf(surveys.Errorf(kind, "")).Title)
	}
	for _, status := range []int{400, 404, 413, 421, 429, 500} {
		trouble := page.TroubleOf(echo.NewHTTPError(status))
		add(trouble.Title, trouble.Message)
	}
	delete(s.found, "")
	return s.found
}

func TestPacksSayEverything(t *testing.T) {
	said := messages(t)
	if file := os.Getenv("WELLWAVE_MESSAGES"); file != "" { // for whoever translates
		text := strings.Join(slices.Sorted(maps.Keys(said)), "\n")
		if err := os.WriteFile(file, []byte(text+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	// The list is what packs of a study's own are compared with. WELLWAVE_MESSAGES=../surveys/locale/messages.txt writes it.
	if listed := locale.AllMessages(); !slices.Equal(listed, slices.Sorted(maps.Keys(said))) {
		t.Errorf("surveys/locale/messages.txt lists %d messages and is not what the %d are that the product says: write it anew", len(listed), len(said))
	}
	for _, pack := range locale.Packs() {
		for _, message := range slices.Sorted(maps.Keys(said)) {
			if pack != locale.English() && !pack.Has(message) {
				t.Errorf("%s has no words for %q", pack.Language, message)
			}
		}
		for _, message := range pack.Easy().Messages() {
			if !said[message] {
				t.Errorf("%s has words for %q, which nobody says", pack.Language, message)
			}
		}
	}
}

// verbs finds what a format takes from its arguments.
var verbs = regexp.MustCompile(`%(\[\d\])?[dgqs]`)

// A translation takes no argument that its message does not bring.
func TestPacksFitTheirArguments(t *testing.T) {
	for _, pack := range locale.Packs() {
		for _, easy := range []*locale.Pack{pack, pack.Easy()} {
			for _, message := range easy.Messages() {
				var args []any
				for _, verb := range verbs.FindAllString(message, -1) {
					switch {
					case strings.HasSuffix(verb, "s"), strings.HasSuffix(verb, "q"):
						args = append(args, "text")
					default:
						args = append(args, 3)
					}
				}
				for n := range 120 {
					if len(args) > 0 && args[0] != "text" {
						args[0] = n
					}
					if text := easy.Say(message, args...); strings.Contains(text, "%!") {
						t.Errorf("%s says %q for %q", pack.Language, text, message)
						break
					}
				}
			}
		}
	}
}
