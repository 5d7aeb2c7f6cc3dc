package csvtable

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"pgregory.net/rapid"
)

// read returns the header and the rows of a table, in blocks of a size that makes even small tables have several.
func read(content string, size int) (rows [][]string, lines []int, err error) {
	table, err := newReader(strings.NewReader(content), "", size)
	if err != nil {
		return nil, nil, err
	}
	rows, lines = [][]string{table.Header()}, []int{1}
	for {
		row, err := table.Next()
		if errors.Is(err, io.EOF) {
			return rows, lines, nil
		}
		if err != nil {
			return rows, lines, err
		}
		cells := make([]string, row.Len())
		for i := range cells {
			cells[i] = row.Text(i)
		}
		rows, lines = append(rows, cells), append(lines, row.Line)
	}
}

func TestRead(t *testing.T) {
	long := strings.Repeat("é", 10_000)
	tests := []struct {
		name, content string
		want          [][]string
		lines         []int
	}{
		{"plain", "a,b\n1,2\n3,4\n", [][]string{{"a", "b"}, {"1", "2"}, {"3", "4"}}, []int{1, 2, 3}},
		{"no line feed at the end", "a,b\n1,2\n3,", [][]string{{"a", "b"}, {"1", "2"}, {"3", ""}}, []int{1, 2, 3}},
		{"Windows", "a,b\r\n1,2\r\n\r\n3,4\r\n", [][]string{{"a", "b"}, {"1", "2"}, {"3", "4"}}, []int{1, 2, 4}},
		{"mark", "\ufeffa,b\n1,2\n", [][]string{{"a", "b"}, {"1", "2"}}, []int{1, 2}},
		{"mark and quotation marks", "\ufeff\"a\",\"b\"\n1,2\n", [][]string{{"a", "b"}, {"1", "2"}}, []int{1, 2}},
		{"quoted", "a,b\n\"x, \"\"y\"\"\nz\",2\n\"\",\"\"\"\"\n", [][]string{{"a", "b"}, {"x, \"y\"\nz", "2"}, {"", `"`}}, []int{1, 2, 4}},
		{"emoji and long", "a,😀\n😀," + long + "\n", [][]string{{"a", "😀"}, {"😀", long}}, []int{1, 2}},
		{"header only", "a,b", [][]string{{"a", "b"}}, []int{1}},
		{"empty line", "a,b\n\n1,2\n\n", [][]string{{"a", "b"}, {"1", "2"}}, []int{1, 3}},
		{"empty line of one column", "a\n\n1\n", [][]string{{"a"}, {""}, {"1"}}, []int{1, 2, 3}},
		{"spaces stay", "a, b\n 1,2 \n", [][]string{{"a", " b"}, {" 1", "2 "}}, []int{1, 2}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for _, size := range []int{1, 7, blockSize} {
				rows, lines, err := read(tt.content, size)
				if err != nil || !slices.EqualFunc(rows, tt.want, slices.Equal) || !slices.Equal(lines, tt.lines) {
					t.Errorf("size %d: rows %q on lines %v, %v; want %q on %v", size, rows, lines, err, tt.want, tt.lines)
				}
			}
		})
	}
}

func TestReadFaults(t *testing.T) {
	open := "a,b\n1,2\n\"" + strings.Repeat("x\n", MaxRow)
	tests := []struct {
		name, content, want string
		rows                int // that come before, with the header
	}{
		{"empty", "", "the table is empty: its first line must name the columns", 0},
		{"only a mark", "\ufeff", "the table is empty: its first line must name the columns", 0},
		{"UTF-16", "\xff\xfea\x00", "the table is in UTF-16; save it as “CSV UTF-8”", 0},
		{"no name", "a,,b\n", "line 1, column 2: the column has no name", 0},
		{"empty first line", "\na,b\n", "line 1, column 1: the column has no name", 0},
		{"twice", "a,b,a\n", "line 1, column 3 (a): two columns have this name; the first is column 1", 0},
		{"semicolons", "a;b\n1;2\n", "line 1, column 1: the columns seem to be separated by semicolons; save the table with commas", 0},
		{"tabs", "a\tb\n1\t2\n", "line 1, column 1: the columns seem to be separated by tabs; save the table with commas", 0},
		{"header not UTF-8", "a,\xff\n", "line 1, column 2: the text is not in UTF-8; save the table as “CSV UTF-8”", 0},
		{"short", "a,b\n1,2\n3\n", "line 3: the row has 1 cell and the header has 2", 2},
		{"long", "a,b\n\"x\ny\",2\n3,4,5\n", "line 4: the row has 3 cells and the header has 2", 2},
		{"not UTF-8", "a,b\n\"x\ny\",\xff\n", "line 3, column 2 (b): the text is not in UTF-8; save the table as “CSV UTF-8”", 1},
		{"carriage return", "a,b\n1\r2,3\n", "line 2, column 1 (a): a carriage return without a line feed stands here; lines end in LF or CRLF", 1},
		{"old lines", "a,b\r1,2\r", "line 1, column 2: a carriage return without a line feed stands here; lines end in LF or CRLF", 0},
		{"bare mark", "a,b\n1,2\n1,5\"\n3,4\n", "line 3, column 2 (b): a quotation mark stands inside a cell that does not begin with one; write the whole cell in quotation marks and those inside it twice", 2},
		{"behind the closing mark", "a,b\n\"1\"2,3\n", "line 2, column 1 (a): the cell goes on behind its closing quotation mark; inside a cell a quotation mark is written twice", 1},
		{"never closed", "a,b\n1,2\n3,\"4\n5,6\n", "line 3, column 2 (b): the quotation mark that begins this cell is never closed", 2},
		{"never closed in a large table", open, "line 3: the row that begins here is longer than 1 MB; is a quotation mark left open?", 2},
		{"bare mark before a large table", "a,b\n1,5\"\n" + strings.Repeat("3,4\n", MaxRow), "line 2, column 2 (b): a quotation mark stands inside", 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for _, size := range []int{1, 7, blockSize} {
				rows, _, err := read(tt.content, size)
				var fault *Error
				if !errors.As(err, &fault) || !strings.HasPrefix(err.Error(), tt.want) || len(rows) != tt.rows {
					t.Errorf("size %d: %d rows, %v; want %d and %q", size, len(rows), err, tt.rows, tt.want)
				}
			}
		})
	}
}

// TestErrorPlace wants the place as an editor counts it, line breaks in cells included.
func TestErrorPlace(t *testing.T) {
	const content = "id,note,phq9_3\n1,a,0\n\"2\n2\",\"b\nc\",5\n"
	for file, want := range map[string]string{
		"":            "line 5, column 3 (phq9_3): 5 is not an option",
		"answers.csv": "answers.csv:5:3: phq9_3: 5 is not an option",
	} {
		table, err := NewReader(strings.NewReader(content), file)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := table.Next(); err != nil {
			t.Fatal(err)
		}
		row, err := table.Next()
		if err != nil {
			t.Fatal(err)
		}
		if got := row.Errorf(2, "5 is not an option").Error(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
		if got := row.Errorf(-1, "odd"); got.Line != 3 || got.Column != 0 {
			t.Errorf("a whole row is at %d:%d, want 3:0", got.Line, got.Column)
		}
	}
}

func TestColumns(t *testing.T) {
	table, err := NewReader(strings.NewReader("id,PHQ9.1,b\n"), "a.csv")
	if err != nil {
		t.Fatal(err)
	}
	if i, ok := table.Column("b"); i != 2 || !ok {
		t.Errorf("Column(b) = %d, %v", i, ok)
	}
	if err := table.Need("b", "id"); err != nil {
		t.Error(err)
	}
	want := "a.csv:1:1: there is no column c, phq9_1 (column 2 is called “PHQ9.1”)"
	if err := table.Need("id", "c", "phq9_1"); err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
}

func TestParseNumber(t *testing.T) {
	tests := []struct {
		cell      string
		want      float64
		given, ok bool
	}{
		{"0", 0, true, true}, {"9", 9, true, true}, {"1.0", 1, true, true}, {" 12 ", 12, true, true}, {"\u00a03", 3, true, true},
		{"-0.5", -0.5, true, true}, {"+4", 4, true, true}, {".25", .25, true, true}, {"2e-3", 0.002, true, true},
		{"", 0, false, true}, {"  ", 0, false, true},
		{cell: "NaN"}, {cell: "Inf"}, {cell: "-infinity"}, {cell: "0x10"}, {cell: "1_000"}, {cell: "1,5"}, {cell: "NA"}, {cell: "1e999"},
		{cell: "e"}, {cell: "1 2"}, {cell: "−1"}, {cell: "/"}, {cell: ":"}, {cell: "1\x00"},
	}
	for _, tt := range tests {
		if got, given, ok := ParseNumber([]byte(tt.cell)); got != tt.want || given != tt.given || ok != tt.ok {
			t.Errorf("ParseNumber(%q) = %v, %v, %v; want %v, %v, %v", tt.cell, got, given, ok, tt.want, tt.given, tt.ok)
		}
	}
	if got, _, _ := ParseNumber([]byte("-0")); 1/got < 0 {
		t.Error("−0 is not 0")
	}
}

// TestReadError wants the error of the source and not a short table.
func TestReadError(t *testing.T) {
	broken := errors.New("broken")
	table, err := newReader(io.MultiReader(strings.NewReader("a,b\n1,2\n3,"), iotest.ErrReader(broken)), "", 4)
	for err == nil {
		_, err = table.Next()
	}
	if !errors.Is(err, broken) {
		t.Errorf("%v, want %v", err, broken)
	}
}

// TestBlocks wants blocks to hold the same rows as Next gives, in order and with their lines.
func TestBlocks(t *testing.T) {
	content := "a,b\n" + strings.Repeat("1,\"x\ny\"\n2,z\n", 1000)
	table, err := newReader(strings.NewReader(content), "", 50)
	if err != nil {
		t.Fatal(err)
	}
	var blocks []*Block
	for {
		b := new(Block)
		if err := table.NextBlock(b); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		blocks = append(blocks, b)
	}
	if len(blocks) < 100 {
		t.Errorf("%d blocks", len(blocks))
	}
	var got []int
	for _, b := range blocks {
		for row, err := b.Next(); err == nil; row, err = b.Next() {
			got = append(got, row.Line)
		}
	}
	_, want, err := read(content, blockSize)
	if err != nil || !slices.Equal(got, want[1:]) {
		t.Errorf("%d rows in blocks, %d otherwise, %v", len(got), len(want)-1, err)
	}
}

// TestWrittenByOthers wants every table that encoding/csv writes to be read as it was meant.
func TestWrittenByOthers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		width := rapid.IntRange(1, 5).Draw(t, "width")
		cell := rapid.OneOf(rapid.String(), rapid.StringOf(rapid.SampledFrom([]rune("1,\"\n\r ;é"))))
		want := [][]string{rapid.SliceOfNDistinct(rapid.StringMatching(`[a-z"][a-z, "]{0,5}`), width, width, rapid.ID).Draw(t, "header")}
		want = append(want, rapid.SliceOfN(rapid.SliceOfN(cell, width, width), 0, 20).Draw(t, "rows")...)
		var b bytes.Buffer
		out := csv.NewWriter(&b)
		if err := out.WriteAll(want); err != nil {
			t.Fatal(err)
		}
		got, lines, err := read(b.String(), rapid.IntRange(1, 100).Draw(t, "size"))
		if err != nil || !slices.EqualFunc(got, want, slices.Equal) {
			t.Fatalf("%q read as %q, %v", &b, got, err)
		}
		line := 1
		for i, row := range want {
			if lines[i] != line {
				t.Fatalf("row %d is on line %d, want %d", i, lines[i], line)
			}
			line += 1 + strings.Count(strings.Join(row, ""), "\n")
		}
	})
}

// FuzzReader holds the reader against encoding/csv, which is laxer: what we take it takes too and means the same by it.
// The size of the blocks changes nothing.
func FuzzReader(f *testing.F) {
	for _, seed := range []string{"", "a,b\n1,2\n", "a,b\r\n\"x\"\"y\r\n\",2", "\ufeffa\n\n\"\"\n", "a,b\n1,\"2", "a,b\n1\"2,3\n\"", "a\r\n1\r\r\n", "a,b\n\n1,\xff\n"} {
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
		if err != nil {
			return
		}
		reference := csv.NewReader(strings.NewReader(strings.TrimPrefix(content, "\ufeff")))
		reference.FieldsPerRecord = -1
		want, err := reference.ReadAll()
		if err != nil {
			t.Fatalf("encoding/csv refuses it: %v", err)
		}
		if len(rows[0]) == 1 { // empty lines are rows here
			rows = slices.DeleteFunc(rows, func(r []string) bool { return r[0] == "" })
			want = slices.DeleteFunc(want, func(r []string) bool { return r[0] == "" })
		}
		for _, row := range rows {
			for i := range row {
				row[i] = strings.ReplaceAll(row[i], "\r\n", "\n") // as encoding/csv does
			}
		}
		if !slices.EqualFunc(rows, want, slices.Equal) {
			t.Fatalf("read as %q, by encoding/csv as %q", rows, want)
		}
	})
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
		if empty := len(bytes.TrimSpace(cell)) == 0; empty != (ok && !given) {
			t.Errorf("ParseNumber(%q): given %v, ok %v", cell, given, ok)
		}
	})
}
