package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
)

// dangers are the imports that need a reason, each with the packages that have one. They run other programs or code, read
// what says itself which type it is, escape nothing, break Go's promises about memory, guess what must not be guessable,
// hash or encipher in ways that were broken, or show the inside of the process.
var dangers = map[string][]string{
	"C":                             nil,
	"crypto/aes":                    {"surveys/store"}, // with GCM, for the keys of releases that were sealed before the root key
	"crypto/des":                    nil,
	"crypto/dsa":                    nil,
	"crypto/md5":                    nil,
	"crypto/rc4":                    nil,
	"crypto/rsa":                    nil,
	"crypto/sha1":                   nil,
	"encoding/gob":                  nil,
	"encoding/xml":                  nil,
	"expvar":                        nil,
	"math/rand":                     nil,
	"math/rand/v2":                  {"surveys/demo", "surveys/store", "surveys/store/engine"}, // invented people; the order of cards; pauses
	"net/http/cgi":                  nil,
	"net/http/httputil":             nil,
	"net/http/pprof":                nil,
	"net/rpc":                       nil,
	"os/exec":                       nil,
	"plugin":                        nil,
	"text/template":                 nil,
	"unsafe":                        nil,
	"golang.org/x/crypto/bcrypt":    nil,
	"golang.org/x/crypto/blowfish":  nil,
	"golang.org/x/crypto/md4":       nil,
	"golang.org/x/crypto/openpgp":   nil,
	"golang.org/x/crypto/ripemd160": nil,
}

// callsOut are the words of net/http, net and tls with which a program fetches something from elsewhere, or checks nothing
// of who answers. Nothing that is shipped uses them: the database and the mail server are reached by their own libraries.
var callsOut = []string{"http.Client", "http.DefaultClient", "http.DefaultTransport", "http.Get", "http.Head", "http.NewRequest", "http.NewRequestWithContext", "http.Post",
	"http.PostForm", "http.Transport", "net.Dial", "net.DialTimeout", "net.Dialer", "tls.Dial", "syscall.Exec", "syscall.ForkExec", "os.StartProcess"}

// unescaped are the types of html/template whose texts reach a page as they are, and the files that make such texts: of
// numbers, and of what they have escaped themselves.
var unescaped = map[string][]string{
	"template.HTML": {"server/page/qr.go", "surveys/report/svg.go"},
	"template.CSS":  nil, "template.HTMLAttr": nil, "template.JS": nil, "template.JSStr": nil, "template.Srcset": nil, "template.URL": nil,
}

// TestNothingDangerousIsUsed looks through everything that is shipped.
func TestNothingDangerousIsUsed(t *testing.T) {
	files := 0
	eachSource(t, func(file, path string) {
		if !withinAny(filepath.ToSlash(filepath.Dir(file)), forTests) {
			files++
			checkDangers(t, file, path)
		}
	})
	if files < 200 {
		t.Errorf("%d files were looked through, which cannot be all", files)
	}
}

func checkDangers(t *testing.T, file, path string) {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	for _, spec := range parsed.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			t.Fatal(err)
		}
		if may, dangerous := dangers[imported]; dangerous && !slices.Contains(may, filepath.ToSlash(filepath.Dir(file))) {
			t.Errorf("%s imports %s: say in the table above why it may", file, imported)
		}
	}
	ast.Inspect(parsed, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr: // a conversion
			if may, known := unescaped[selected(n.Fun)]; known && !slices.Contains(may, file) {
				t.Errorf("%s: %s puts a text on a page as it is", file, selected(n.Fun))
			}
		case *ast.SelectorExpr:
			if slices.Contains(callsOut, selected(n)) {
				t.Errorf("%s uses %s", file, selected(n))
			}
		case *ast.KeyValueExpr:
			if key, ok := n.Key.(*ast.Ident); ok && key.Name == "InsecureSkipVerify" {
				t.Errorf("%s checks no certificate", file)
			}
		}
		return true
	})
}

// selected is what is selected of a package, such as http.Get.
func selected(n ast.Expr) string {
	if s, ok := n.(*ast.SelectorExpr); ok {
		if of, ok := s.X.(*ast.Ident); ok {
			return of.Name + "." + s.Sel.Name
		}
	}
	return ""
}
