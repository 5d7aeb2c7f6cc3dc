package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"reflect"
	"strings"

	"github.com/alecthomas/kong"
	"golang.org/x/term"

	"wellwave/surveys"
)

// fromFile returns value, or the first line of a file if one is named: secrets come from files, so that they stand in no
// list of processes.
func fromFile(value, file string) (string, error) {
	if file == "" {
		return value, nil
	}
	content, err := os.ReadFile(file)
	if err != nil {
		return "", surveys.Errorf(surveys.Invalid, "the file with the secret cannot be read: %w", err)
	}
	line, _, _ := strings.Cut(string(content), "\n")
	if line = strings.TrimSpace(line); line == "" {
		return "", surveys.Errorf(surveys.Invalid, "the file %s holds nothing", file)
	}
	return line, nil
}

// existingFile reads the name of a file that must be there.
func existingFile(k *kong.DecodeContext, target reflect.Value) error {
	var path string
	if err := k.Scan.PopValueInto("file", &path); err != nil {
		return err
	}
	if !k.Value.Active || k.Value.Set { // of another command's flag, or from the environment beside a flag
		return nil
	}
	if path == "-" && k.Value.Tag.Has("stdin") {
		target.SetString("") // as without the argument
		return nil
	}
	path = kong.ExpandPath(path)
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return surveys.Errorf(surveys.Invalid, "there is no file %s", path)
	case err != nil:
		return surveys.Errorf(surveys.Invalid, "the file cannot be read: %w", err)
	case info.IsDir():
		return surveys.Errorf(surveys.Invalid, "%s is a folder, and a file is wanted", path)
	}
	target.SetString(path)
	return nil
}

// masked returns a database URL without its password, for logs.
func masked(dsn string) string {
	u, err := url.Parse(dsn)
	if err != nil || u.Scheme == "sqlite" {
		if strings.HasPrefix(dsn, "sqlite:") {
			return dsn
		}
		return "(cannot be read)"
	}
	if query := u.Query(); query.Has("password") {
		query.Set("password", "xxxxx")
		u.RawQuery = query.Encode()
	}
	return u.Redacted()
}

// onTerminal returns the terminal behind a stream, if there is one.
func onTerminal(stream any) (fd int, ok bool) {
	file, isFile := stream.(*os.File)
	if !isFile {
		return 0, false
	}
	return int(file.Fd()), term.IsTerminal(int(file.Fd()))
}

// readPassword asks for a password without showing it, or reads one line where standard input is no terminal.
func (a *app) readPassword(prompt string) (string, error) {
	fd, ok := onTerminal(a.stdin)
	if !ok {
		line, err := bufio.NewReader(a.stdin).ReadString('\n')
		if err != nil && (err != io.EOF || line == "") {
			return "", surveys.Errorf(surveys.Invalid, "no password came on standard input")
		}
		return strings.TrimRight(line, "\r\n"), nil
	}
	_, _ = fmt.Fprint(a.stderr, prompt)
	password, err := term.ReadPassword(fd)
	_, _ = fmt.Fprintln(a.stderr)
	if err != nil {
		return "", fmt.Errorf("read the password: %w", err)
	}
	return string(password), nil
}

// confirm asks a question on a terminal. Where nobody can be asked, the flag --yes must say so.
func (a *app) confirm(yes bool, question string) error {
	if yes {
		return nil
	}
	if _, ok := onTerminal(a.stdin); !ok {
		return surveys.Errorf(surveys.Invalid, "%s There is nobody to ask here, so say --yes.", question)
	}
	_, _ = fmt.Fprintf(a.stderr, "%s [y/N] ", question)
	line, err := bufio.NewReader(a.stdin).ReadString('\n')
	if err != nil && err != io.EOF {
		return fmt.Errorf("read the answer: %w", err)
	}
	if answer := strings.ToLower(strings.TrimSpace(line)); answer != "y" && answer != "yes" {
		return surveys.Errorf(surveys.Conflict, "nothing was changed")
	}
	return nil
}

// progress shows how far long work has come, on a terminal only.
type progress struct {
	out  io.Writer
	what string
	on   bool
}

func (a *app) progress(what string) *progress {
	_, ok := onTerminal(a.stderr)
	return &progress{out: a.stderr, what: what, on: ok}
}

// at shows that done of total are done; a total of 0 is not known.
func (p *progress) at(done, total int) {
	switch {
	case !p.on:
	case total > 0:
		_, _ = fmt.Fprintf(p.out, "\r%s %d of %d", p.what, done, total)
	default:
		_, _ = fmt.Fprintf(p.out, "\r%s %d", p.what, done)
	}
}

// end clears the line.
func (p *progress) end() {
	if p.on {
		_, _ = fmt.Fprint(p.out, "\r\x1b[K")
	}
}
