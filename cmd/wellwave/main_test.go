package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/alecthomas/kong"
)

// result is what a command line did.
type result struct {
	code           int
	stdout, stderr string
}

// wellwave runs a command line on the test's database.
func wellwave(t *testing.T, database, stdin string, args ...string) result {
	t.Helper()
	var stdout, stderr bytes.Buffer
	code := run(t.Context(), append([]string{"--database", database}, args...), strings.NewReader(stdin), &stdout, &stderr)
	return result{code, stdout.String(), stderr.String()}
}

// must runs a command line that has to succeed and returns its standard output.
func must(t *testing.T, database, stdin string, args ...string) string {
	t.Helper()
	r := wellwave(t, database, stdin, args...)
	if r.code != exitDone {
		t.Fatalf("wellwave %s: exit %d\n%s%s", strings.Join(args, " "), r.code, r.stdout, r.stderr)
	}
	return r.stdout
}

// newDatabase names a database that does not exist yet.
func newDatabase(t *testing.T) string {
	t.Helper()
	return "sqlite:" + filepath.Join(t.TempDir(), "wellwave.db")
}

// output collects what a command that goes on running writes.
type output struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (o *output) Write(b []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.Write(b)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.String()
}

// background runs a command until the test ends or stop is called, which returns its exit code.
func background(t *testing.T, args ...string) (stdout, stderr *output, stop func() int) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	stdout, stderr = new(output), new(output)
	done := make(chan int, 1)
	go func() { done <- run(ctx, args, strings.NewReader(""), stdout, stderr) }()
	stop = sync.OnceValue(func() int {
		cancel()
		return <-done
	})
	t.Cleanup(func() { stop() })
	return stdout, stderr, stop
}

func TestUsage(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "missing.yaml")
	tests := []struct {
		name     string
		args     []string
		wantCode int
		want     string // on standard error
	}{
		{"nothing", nil, exitUsage, "expected one of"},
		{"unknown command", []string{"exprot"}, exitUsage, "unexpected argument exprot, did you mean"},
		{"unknown flag", []string{"serve", "--adr", ":1"}, exitUsage, "unknown flag --adr, did you mean"},
		{"no such file", []string{"study", "check", missing}, exitUsage, "wellwave: there is no file " + missing + "\n"},
		{"no such answers", []string{"ingest", "--study", "a", "--wave", "b", missing}, exitUsage, "wellwave: there is no file " + missing + "\n"},
		{"folder", []string{"study", "check", "testdata"}, exitUsage, "is a folder, and a file is wanted"},
		{"database of a demonstration", []string{"demo", "--database", "sqlite:mine.db"}, exitUsage, "has a database of its own, so --database means nothing to it"},
		{"no such role", []string{"account", "add", "a@example.org", "--name", "A", "--role", "boss"}, exitUsage, "must be one of"},
		{"bad address of an account", []string{"account", "add", "nobody", "--name", "A", "--role", "auditor"}, exitUsage, "email: Enter an e-mail address"},
		{"no such instrument", []string{"instrument", "show", "phq99"}, exitUsage, "The library has no instrument “phq99”"},
		{"database that is not there", []string{"study", "open", "nothing", "--yes"}, exitUsage, "there is no database at "},
		{"public address", []string{"serve", "--addr", "0.0.0.0:0"}, exitUsage, "would be served over plain http"},
		{"public base URL", []string{"serve", "--addr", "localhost:0", "--base-url", "http://study.example.org"}, exitUsage, "would be served over plain http"},
		{"https behind an unnamed proxy", []string{"serve", "--addr", "127.0.0.1:0", "--base-url", "https://study.example.org"}, exitUsage, "everybody would seem to be that proxy"},
		{"half a certificate", []string{"serve", "--tls-cert", "main.go"}, exitUsage, "belong together"},
		{"no network", []string{"serve", "--trusted-proxies", "proxy"}, exitUsage, "“proxy” is no network"},
		{"no database", []string{"--database", "mysql://x", "doctor"}, exitUsage, "sqlite:PATH or postgres://"},
		{"no secret", []string{"--database-file", "/nonexistent", "doctor"}, exitUsage, "cannot be read"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := wellwave(t, newDatabase(t), "", tt.args...)
			if got.code != tt.wantCode || !strings.Contains(got.stderr, tt.want) {
				t.Errorf("exit %d, standard error %q; want %d with %q", got.code, got.stderr, tt.wantCode, tt.want)
			}
			if got.stdout != "" {
				t.Errorf("standard output %q, want nothing", got.stdout)
			}
		})
	}
}

// TestMistypedDatabase wants no command that reads or adds to a database to make an empty one instead.
func TestMistypedDatabase(t *testing.T) {
	file := writeFile(t, "answers.csv", "participant\n")
	for _, args := range [][]string{{"backup", filepath.Join(t.TempDir(), "copy.db")}, {"doctor"}, {"study", "list"},
		{"export", "--study", "x", "--out", "x"}, {"report", "--study", "x", "--out", "x"}, {"key", "list", "--study", "x"},
		{"ingest", "--study", "x", "--wave", "x", file}} {
		database := newDatabase(t)
		path := strings.TrimPrefix(database, "sqlite:")
		if got := wellwave(t, database, "", args...); got.code != exitUsage || got.stderr != "wellwave: there is no database at "+path+"\n" {
			t.Errorf("%v: %+v, want exit 2 and the path", args, got)
		}
		if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%v made a database: %v", args, err)
		}
	}
	database := newDatabase(t)
	must(t, database, "correct horse battery staple\n", "account", "add", "a@example.org", "--name", "A", "--role", "administrator")
	if got := wellwave(t, database, "", "study", "open", "nothing", "--yes"); got.code != exitUsage || !strings.Contains(got.stderr, "There is no study called nothing") {
		t.Errorf("no such study: %+v", got)
	}
}

// TestPrivateFiles wants the database, the files beside it, its root key and a backup to be for their owner alone, whatever the umask.
func TestPrivateFiles(t *testing.T) {
	database := newDatabase(t)
	_, stderr, _ := background(t, "--database", database, "serve", "--addr", "localhost:0")
	waitFor(t, stderr, "/set-up/")
	path := strings.TrimPrefix(database, "sqlite:")
	backup := path + ".backup"
	must(t, database, "", "backup", backup)
	for _, name := range []string{path, path + "-wal", path + "-shm", path + ".key", backup} {
		if info, err := os.Stat(name); err != nil || info.Mode() != 0o600 {
			t.Errorf("%s: %v, %v, want mode 0600", filepath.Base(name), info, err)
		}
	}
}

// TestUnusableDatabase wants what went wrong told to the person who can mend it.
func TestUnusableDatabase(t *testing.T) {
	database := newDatabase(t)
	must(t, database, "", "study", "load", filepath.Join("testdata", "bfi", "study.yaml"))
	tests := []struct {
		name, database string
		args           []string
		wantCode       int
		want           []string
	}{
		{"no folder for the backup", database, []string{"backup", "/nonexistent/b.db"}, exitUsage, []string{"the backup cannot be written there", "/nonexistent/b.db", "no such file"}},
		{"no folder for the database", "sqlite:/nonexistent/b.db", []string{"serve", "--addr", "localhost:0"}, exitFailed, []string{"cannot be made", "/nonexistent/b.db", "no such file"}},
		{"no PostgreSQL", "postgres://ann:secret@127.0.0.1:1/studies", []string{"doctor", "--key-file", "root.key"}, exitFailed, []string{"ann:xxxxx@127.0.0.1:1/studies cannot be used", "refused"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := wellwave(t, tt.database, "", tt.args...)
			if got.code != tt.wantCode || strings.Contains(got.stderr, "secret") {
				t.Errorf("%+v, want exit %d", got, tt.wantCode)
			}
			for _, want := range tt.want {
				if !strings.Contains(got.stderr, want) {
					t.Errorf("standard error %q lacks %q", got.stderr, want)
				}
			}
		})
	}
}

// TestStudyCheck wants the place of a mistake where editors look for it: at the start of a line.
func TestStudyCheck(t *testing.T) {
	good := readFile(t, "..", "..", "surveys", "demo", "study.yaml")
	if got := wellwave(t, newDatabase(t), "", "study", "check", writeFile(t, "study.yaml", good)); got.code != exitDone || !strings.Contains(got.stdout, "15 sites") {
		t.Errorf("the demonstration's file: %+v", got)
	}
	file := writeFile(t, "study.yaml", strings.Replace(good, "contact:", "contcat:", 1))
	got := wellwave(t, newDatabase(t), "", "study", "check", file)
	want := fmt.Sprintf("%s:%d:1: “contcat” is not a key here. Did you mean “contact”?\n", file, strings.Count(good[:strings.Index(good, "contact:")], "\n")+1)
	if got.code != exitUsage || got.stderr != want {
		t.Errorf("%+v, want %q", got, want)
	}
}

// TestStudyLoad wants to be told what to do next, and not to open what is open.
func TestStudyLoad(t *testing.T) {
	database := newDatabase(t)
	source := readFile(t, "..", "..", "surveys", "demo", "tryit.yaml")
	load := func(source string) string {
		return must(t, database, "", "study", "load", writeFile(t, "study.yaml", source))
	}
	more := strings.Replace(source, "\ninstruments:", "\n  - {id: grove-end, title: Grove End Practice, arm: two, staff: 7}\n\ninstruments:", 1)
	if got, want := load(source), "Study try-it is loaded. Open it with: wellwave study open try-it\n"; got != want {
		t.Errorf("new: %q, want %q", got, want)
	}
	must(t, database, "", "study", "open", "try-it", "--yes")
	if got, want := load(more), "Study try-it is loaded and stays live.\n"; got != want {
		t.Errorf("added to: %q, want %q", got, want)
	}
	if got, want := load(more), "Nothing has changed in study try-it.\n"; got != want {
		t.Errorf("again: %q, want %q", got, want)
	}
}

// TestHelp wants an example from every command that does something. A hidden one is what its parent does by itself, and
// stands in the parent's help.
func TestHelp(t *testing.T) {
	var grammar commands
	parser, err := kong.New(&grammar, flagWords())
	if err != nil {
		t.Fatal(err)
	}
	err = kong.Visit(parser.Model, func(node kong.Visitable, next kong.Next) error {
		if command, ok := node.(*kong.Node); ok && command.Type == kong.CommandNode && command.Leaf() && !command.Hidden {
			path := strings.Fields(command.FullPath())[1:]
			var words []string
			for _, word := range path {
				if !strings.HasPrefix(word, "<") {
					words = append(words, word)
				}
			}
			got := wellwave(t, newDatabase(t), "", append(words, "--help")...)
			if example := "wellwave " + strings.Join(words, " "); got.code != exitDone || !strings.Contains(got.stdout, "Example") ||
				strings.Count(got.stdout, example) < 2 {
				t.Errorf("%s --help: exit %d, no example in\n%s", strings.Join(words, " "), got.code, got.stdout)
			}
		}
		return next(nil)
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestMasked(t *testing.T) {
	for dsn, want := range map[string]string{
		"sqlite:data/wellwave.db":                       "sqlite:data/wellwave.db",
		"postgres://anna:geheim@db/study":               "postgres://anna:xxxxx@db/study",
		"postgres://db/study?password=geheim&user=anna": "postgres://db/study?password=xxxxx&user=anna",
		"postgres://anna:ge%heim@db/study":              "(cannot be read)",
		"postgres://anna@db/study?sslmode=verify-full":  "postgres://anna@db/study?sslmode=verify-full",
	} {
		if got := masked(dsn); got != want {
			t.Errorf("masked(%q) = %q, want %q", dsn, got, want)
		}
	}
}
