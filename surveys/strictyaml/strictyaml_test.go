package strictyaml

import (
	"math"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"wellwave/scoring/decimal"
)

// sample has a field of every kind that the files have.
type sample struct {
	ID      string             `yaml:"id"`
	Version string             `yaml:"version"`
	Whole   int                `yaml:"whole"`
	Number  float64            `yaml:"number"`
	Maybe   *float64           `yaml:"maybe"`
	Is      bool               `yaml:"is"`
	List    []float64          `yaml:"list"`
	Words   map[string]string  `yaml:"words"`
	Options map[float64]string `yaml:"options"`
	Any     any                `yaml:"any"`
	Inner   []sample           `yaml:"inner"`
}

func decode(text string) (sample, *File, error) {
	var s sample
	f, err := Decode("file.yaml", []byte(text), &s)
	return s, f, err
}

// Editors put a byte order mark before UTF-8. It is no part of the first key, and the places behind it are those that an
// editor shows.
func TestDecodeSkipsAByteOrderMark(t *testing.T) {
	const text = "id: y1\nversion: \"1\"\n"
	plain, f, err := decode(text)
	if err != nil {
		t.Fatal(err)
	}
	marked, g, err := decode("\ufeff" + text)
	if err != nil || !reflect.DeepEqual(marked, plain) || g.Hash() != f.Hash() {
		t.Errorf("with a mark the file reads %+v, %v, want %+v and the same hash", marked, err, plain)
	}
	if _, _, err := decode("\ufeffit: y1\n"); err == nil || !strings.HasPrefix(err.Error(), "file.yaml:1:1: “it” is not a key here.") {
		t.Errorf("a wrong key behind a mark says %v, want its name and place", err)
	}
	if _, _, err := decode("\ufeff\ufeffid: y1\n"); err == nil {
		t.Error("a second mark is taken")
	}
}

func TestDecodeNumbers(t *testing.T) {
	for text, want := range map[string]float64{"1000000": 1000000, "1.50": 1.5, "-0.5": -0.5, "0": 0, "0.00001": 0.00001, "9007199254740991": 1<<53 - 1, "0.33333333333333333333": 1.0 / 3} {
		got, f, err := decode("number: " + text + "\noptions: {" + text + ": x}\n")
		if err != nil || got.Number != want || got.Options[want] != "x" {
			t.Errorf("number: %s reads %+v, %v", text, got, err)
			continue
		}
		f.Reject("options."+decimal.Format(want), "here")
		if err := f.Err(); err == nil || !strings.HasPrefix(err.Error(), "file.yaml:2:") {
			t.Errorf("the option %s is placed at %v, want line 2", text, err)
		}
	}
	for _, text := range []string{"9007199254740993", "012", "0x10", "1_000", ".inf", ".nan", "1e400", "9007199254740992", "١٢", "1,5"} {
		if got, _, err := decode("number: " + text + "\n"); err == nil {
			t.Errorf("number: %s reads %v, want a refusal", text, got.Number)
		}
	}
	if _, _, err := decode("options: {1000000: a, 1000000.0: b}\n"); err == nil {
		t.Error("one number stands twice among keys")
	}
}

// Stored files are known by their hashes, so these may not change from one version to the next.
func TestHashOfNumbersStays(t *testing.T) {
	_, f, err := decode("list: [1000000, 0.00001, 1.5]\n")
	if err != nil {
		t.Fatal(err)
	}
	if got, want := f.Hash(), "210a3ac9b0065f93ddd5ae11e5d5f029"; got != want {
		t.Errorf("Hash() = %s, want %s", got, want)
	}
}

var placed = regexp.MustCompile(`^file\.yaml:(\d+):(\d+): .`)

// Whatever a file holds, it is read or refused with a place in it; a mark before it changes nothing, and its numbers are those
// that were written.
func FuzzDecode(f *testing.F) {
	for _, pattern := range []string{"../library/*.yaml", "../testdata/study/*.yaml"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			f.Fatal(err)
		}
		for _, name := range files[:min(len(files), 12)] {
			data, err := os.ReadFile(name)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(string(data))
		}
	}
	for _, seed := range []string{"", "\ufeff", "id: x", "\ufeffid: x\n", "number: 1e3", "number: 1.5\nlist: [1, 2]\noptions: {1: a, 0.5: b}\n", "inner:\n  - {id: a}\n  - id: b\n    any: 3\n",
		"id: &a x\n", "id: |\n  a\n  b\n", "words: {a: b, a: c}", "- 1\n- 2", "{{{{", "id: \"\\ud800\"", "id: x\r\nversion: \"1\"\r\n", "id: x\n---\nid: y\n", "number: 9007199254740993", "\x00", "\xff\xfe"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, file, err := decode(text)
		if err != nil {
			lines := strings.Count(text, "\n") + strings.Count(text, "\r") + 2 // the library counts both
			for _, fault := range strings.Split(err.Error(), "\nfile.yaml:") {
				place := placed.FindStringSubmatch("file.yaml:" + strings.TrimPrefix(fault, "file.yaml:"))
				if place == nil {
					t.Fatalf("%q is refused without a place: %q", text, fault)
				}
				if line, _ := strconv.Atoi(place[1]); line < 1 || line > lines {
					t.Errorf("%q is refused on line %d of %d", text, line, lines)
				}
			}
			return
		}
		for _, n := range append(got.List, got.Number) {
			if math.Abs(n) >= 1<<53 {
				t.Errorf("%q holds the number %v", text, n)
			}
			again, _, err := decode("number: " + decimal.Format(n) + "\n")
			if err != nil || again.Number != n {
				t.Errorf("%v is read again as %v, %v", n, again.Number, err)
			}
		}
		if strings.HasPrefix(text, "\ufeff") {
			return
		}
		marked, other, err := decode("\ufeff" + text)
		if err != nil || !reflect.DeepEqual(marked, got) || other.Hash() != file.Hash() {
			t.Errorf("%q reads %+v, and with a mark %+v, %v", text, got, marked, err)
		}
	})
}
