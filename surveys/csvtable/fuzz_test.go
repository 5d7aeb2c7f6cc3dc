package csvtable

import (
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"unicode"
)

// FuzzReader wants the size of the blocks to change nothing, and every table that encoding/csv takes too to mean the same.
func FuzzReader(f *testing.F) {
	for _, seed := range []string{"", "a,b\n1,2\n", "a,b\r\n\"x\"\"y\r\n\",2", "\ufeffa\n\n\"\"\n", "a,b\n1,\"2", "a,b\n1\"2,3\n\"", "a\r\n1\r\r\n", "a,b\n\n1,\xff\n",
		"a,b,c,d,e,f\n1,2,3,4,\"5,6\n1,2,3,4,5\",6\n1,2,3,4,\"5\n,6\",7\n", "sep=;\na;b;\n1;2;\n;;\n", "a,b\n\"x\"y,\"z\n\"1\",2\n", "a\tb\r1\t2\r", "\xff\xfea\x00"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, content string) {
		rows, lines, err := read(content, 4096)
		for _, size := range []int{1, 3, 16} {
			again, sameLines, err2 := read(content, size)
			if !slices.EqualFunc(rows, again, slices.Equal) || !slices.Equal(lines, sameLines) || (err == nil) != (err2 == nil) || err != nil && err.Error() != err2.Error() {
				t.Fatalf("in blocks of %d: %q %v %v\nat once: %q %v %v", size, again, sameLines, err2, rows, lines, err)
			}
		}
		table, opening := NewReader(strings.NewReader(content), "")
		if err != nil || opening != nil || len(table.Notes()) > 0 {
			return
		}
		reference := csv.NewReader(strings.NewReader(strings.TrimLeft(content, "\ufeff")))
		reference.FieldsPerRecord = -1
		want, refusal := reference.ReadAll()
		if refusal != nil || strings.Contains(content, "\r\r") { // which we take for the end of a line
			return
		}
		blank := func(row []string) bool { return TrimText(strings.Trim(strings.Join(row, ""), endOfFile)) == "" }
		rows, want = slices.DeleteFunc(rows, blank), slices.DeleteFunc(want, blank)
		for _, row := range rows {
			for i := range row {
				row[i] = strings.ReplaceAll(row[i], "\r\n", "\n") // as encoding/csv does
			}
		}
		if len(want) > 0 { // blanks around names are left out
			for i, name := range want[0] {
				want[0][i] = TrimText(name)
			}
		}
		if !slices.EqualFunc(rows, want, slices.Equal) {
			t.Fatalf("read as %q, by encoding/csv as %q", rows, want)
		}
	})
}

// FuzzNothingLost wants every letter and digit of a file to stand in its header, in a row, or among the cells of a row that is
// wrong, as often as in the file.
func FuzzNothingLost(f *testing.F) {
	for _, seed := range []string{"a,b\n1,\"2\n3,4\n", "a,b\n1,\"he said \"no\" to me\"\n5\" tall,2,3\n", "a,b,c,d,e,f\n1,2,3,4,\"5,6\n1,2,3,4,5\",6\n", "a;b;;\n1;2\n;;;\n1;2;3;4;5;6\n", "a\tb\r1\t2\r"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, content string) {
		table, err := NewReader(strings.NewReader(content), "")
		if err != nil || table.table.separator == 0 || strings.HasPrefix(content, "\xff\xfe") || strings.HasPrefix(content, "\xfe\xff") {
			return
		}
		if table.block.row.Line > 1 { // the first line was about separators
			_, content, _ = strings.Cut(content, "\n")
		}
		got := count(table.Header())
		for {
			row, err := table.Next()
			var fault *Error
			switch {
			case errors.Is(err, io.EOF):
				for r, n := range count([]string{content}) {
					if got[r] != n {
						t.Fatalf("%q stands %d times in %q and was read %d times", r, n, content, got[r])
					}
				}
				return
			case errors.As(err, &fault) && fault.Cells != nil:
				add(got, fault.Cells)
			case err != nil:
				return
			default:
				for i := range row.Len() {
					add(got, []string{row.Text(i)})
				}
			}
		}
	})
}

func count(cells []string) map[rune]int {
	n := make(map[rune]int)
	add(n, cells)
	return n
}

func add(n map[rune]int, cells []string) {
	for _, cell := range cells {
		for _, r := range cell {
			if unicode.IsLetter(r) || unicode.IsDigit(r) {
				n[r]++
			}
		}
	}
}

// FuzzParseNumber wants only finite numbers, and no number lost that strconv writes.
func FuzzParseNumber(f *testing.F) {
	for _, seed := range []string{"1", " -2.5e3", "NaN", "0x1p-2", "1_0", "\u00a04"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, cell []byte) {
		value, given, ok := ParseNumber(cell)
		if value-value != 0 || !given && value != 0 || given && !ok {
			t.Errorf("ParseNumber(%q) = %v, %v, %v", cell, value, given, ok)
		}
		if empty := len(Trim(cell)) == 0; empty != (ok && !given) {
			t.Errorf("ParseNumber(%q): given %v, ok %v", cell, given, ok)
		}
	})
}
