package release_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"wellwave/surveys"
	"wellwave/surveys/release"
	"wellwave/surveys/store/storetest"
)

// Whatever is done to a release in its folder is found and named; what is changed together with the manifest, by the database.
func TestVerify(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		f := newField(t, db, 48)
		f.baseline(thirtyOrFifty)
		dir, _ := f.release()
		original := make(map[string][]byte)
		entries, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, entry := range entries {
			original[entry.Name()] = read(t, dir, entry.Name())
		}
		swap := func(name, old, new string) {
			write(t, dir, name, bytes.Replace(original[name], []byte(old), []byte(new), 1))
		}
		tests := []struct {
			name      string
			do        func()
			want      []string
			fromFiles bool // found without the database
		}{
			{"nothing", func() {}, nil, true},
			{"a cell", func() { swap("participants.csv", "web", "WEB") }, []string{"participants.csv: its content is not what the manifest says"}, true},
			{"a row", func() { write(t, dir, "participants.csv", append(original["participants.csv"], "one more\n"...)) }, []string{"participants.csv: it has "}, true},
			{"a file gone", func() { remove(t, dir, "codebook.csv") }, []string{"codebook.csv: it is missing"}, true},
			{"a file more", func() { write(t, dir, "names.csv", []byte("id,name\n")) }, []string{"names.csv: the manifest does not name it"}, true},
			{"two at once", func() { remove(t, dir, "risk.json"); swap("participants.csv", "web", "WEB") }, []string{"participants.csv: its", "risk.json: it is"}, true},
			{"a title", func() { swap("manifest.json", `"profile": "team"`, `"profile": "open"`) }, []string{"manifest.json: it is not the one that was recorded"}, false},
			{"a file outside", func() { swap("manifest.json", `"name": "participants.csv"`, `"name": "../participants.csv"`) },
				[]string{`"../participants.csv": a release has no files in other folders`, "participants.csv: the manifest does not name it"}, true},
		}
		for _, tt := range tests {
			t.Run(tt.name, func(t *testing.T) {
				t.Cleanup(func() {
					remove(t, dir, "names.csv")
					for name, content := range original {
						write(t, dir, name, content)
					}
				})
				tt.do()
				got, err := release.Verify(t.Context(), f.Store, dir)
				if err != nil {
					t.Fatal(err)
				}
				if all := strings.Join(got.Faults, "\n"); len(tt.want) == 0 && all != "" || !containsAll(all, tt.want) {
					t.Errorf("faults %q, want %q", got.Faults, tt.want)
				}
				alone, err := release.Verify(t.Context(), nil, dir)
				if err != nil {
					t.Fatal(err)
				}
				if all := strings.Join(alone.Faults, "\n"); tt.fromFiles != containsAll(all, tt.want) || !tt.fromFiles && all != "" {
					t.Errorf("without the database: faults %q, want %q: %t", alone.Faults, tt.want, tt.fromFiles)
				}
			})
		}
		for name, tt := range map[string]struct {
			content string
			want    surveys.Kind
		}{
			"no JSON":           {"{", surveys.Invalid},
			"other JSON":        {`{"name": "package"}`, surveys.Invalid},
			"no object":         {`[]`, surveys.Invalid},
			"an unknown number": {strings.Replace(string(original["manifest.json"]), `"release": 1`, `"release": 7`, 1), surveys.NotFound},
		} {
			write(t, dir, "manifest.json", []byte(tt.content))
			if got, err := release.Verify(t.Context(), f.Store, dir); surveys.KindOf(err) != tt.want {
				t.Errorf("%s: %+v, %v", name, got, err)
			}
		}
		if _, err := release.Verify(t.Context(), f.Store, filepath.Join(dir, "nowhere")); surveys.KindOf(err) != surveys.Invalid {
			t.Errorf("no folder: %v", err)
		}
	})
}

func containsAll(text string, parts []string) bool {
	for _, part := range parts {
		if !strings.Contains(text, part) {
			return false
		}
	}
	return true
}

func write(t *testing.T, dir, name string, content []byte) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
		t.Fatal(err)
	}
}

// remove removes a file, which may not be there.
func remove(t *testing.T, dir, name string) {
	t.Helper()
	if err := os.RemoveAll(filepath.Join(dir, name)); err != nil {
		t.Fatal(err)
	}
}
