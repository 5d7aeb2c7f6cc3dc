package server

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// What a page changes rests on what let its reader in, which the context of the request says. So no page has another context, and
// three places say what a request rests on.
func TestChangesRestOnTheRequest(t *testing.T) {
	other := regexp.MustCompile(`context\.(Background|TODO)\(\)|store\.RestingOn\(`)
	allowed := map[string]int{
		"server.go":            1, // reads the keys at its start
		"api.go":               1, // a key
		"access/sessions.go":   1, // a sign-in
		"participant/visit.go": 1, // a link, or a tablet in somebody's hands
	}
	if err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || strings.HasPrefix(path, "servertest") {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if found := len(other.FindAll(text, -1)); found != allowed[filepath.ToSlash(path)] {
			t.Errorf("%s has %d contexts of its own, want %d: what is changed rests on the request", path, found, allowed[filepath.ToSlash(path)])
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}
