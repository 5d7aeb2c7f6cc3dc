package csvtable

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"pgregory.net/rapid"
)

// read returns the header and the rows of a table, in blocks of a size that makes even small tables have several. It goes on
// behind rows that are wrong, and returns what was wrong with the first.
func read(content string, size int) (rows [][]string, lines []int, wrong error) {
	table, err := newReader(strings.NewReader(content), "", size, nil)
	if err != nil {
		return nil, nil, err
	}
	rows, lines = [][]string{table.Header()}, []int{table.block.row.Line}
	for {
		row, err := table.Next()
		var fault *Error
		switch {
		case errors.Is(err, io.EOF):
			return rows, lines, wrong
		case errors.As(err, &fault) && fault.Cells != nil:
			wrong = cmp.Or(wrong, err)
			continue
		case err != nil:
			return rows, lines, cmp.Or(wrong, err)
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
		{"rows of commas and blanks", "a,b\n,\n1,2\n , \n\"\",\n,,,,\n   \n\t,\u00a0\n3,4\n,", [][]string{{"a", "b"}, {"1", "2"}, {"3", "4"}}, []int{1, 3, 9}},
		{"marks inside cells", "a,b\n5\" tall,2\" x \"3\n1,\"2\"\n6\",\n", [][]string{{"a", "b"}, {`5" tall`, `2" x "3`}, {"1", "2"}, {`6"`, ""}}, []int{1, 2, 3, 4}},
		{"semicolons", "a;b\n1;2,5\n\"3;4\";5\n", [][]string{{"a", "b"}, {"1", "2,5"}, {"3;4", "5"}}, []int{1, 2, 3}},
		{"semicolons that are no separators", "a,b;c;d\n1,2\n3,4\n", [][]string{{"a", "b;c;d"}, {"1", "2"}, {"3", "4"}}, []int{1, 2, 3}},
		{"tabs", "a\tb\n1,5\t2\n", [][]string{{"a", "b"}, {"1,5", "2"}}, []int{1, 2}},
		{"bars", "a|b\n1|2\n", [][]string{{"a", "b"}, {"1", "2"}}, []int{1, 2}},
		{"a line that says so", "sep=;\na;b\n1;2\n", [][]string{{"a", "b"}, {"1", "2"}}, []int{2, 3}},
		{"a marked line", "\ufeffsep=,\r\na,b\r\n1,2\r\n", [][]string{{"a", "b"}, {"1", "2"}}, []int{2, 3}},
		{"a filled line", "sep=,,,\na,b\n1,2\n", [][]string{{"a", "b"}, {"1", "2"}}, []int{2, 3}},
		{"old lines", "a,b\r1,2\r\r3,4", [][]string{{"a", "b"}, {"1", "2"}, {"3", "4"}}, []int{1, 2, 4}},
		{"lines written twice over", "a,b\r\r\n1,\"2\"\r\r\n", [][]string{{"a", "b"}, {"1", "2"}}, []int{1, 2}},
		{"UTF-16", "\xff\xfea\x00;\x00b\x00\r\x00\n\x003\xd8\x00\xdc;\x00\xe9\x00", [][]string{{"a", "b"}, {"\U0001cc00", "é"}}, []int{1, 2}},
		{"the other UTF-16", "\xfe\xff\x00a\x00\n\x001", [][]string{{"a"}, {"1"}}, []int{1, 2}},
		{"unnamed last columns", "a,b,, \n1,2,,\n3,4,\n5,6\n", [][]string{{"a", "b"}, {"1", "2"}, {"3", "4"}, {"5", "6"}}, []int{1, 2, 3, 4}},
		{"spaces stay in cells", "a, b,\u200bc \n 1,2 ,3\n", [][]string{{"a", "b", "c"}, {" 1", "2 ", "3"}}, []int{1, 2}},
		{"cells of blanks", "a\n  \n1\n", [][]string{{"a"}, {"  "}, {"1"}}, []int{1, 2, 3}},
		{"blank rows above the header", "\n,,\n \u00a0,\na,b\n1,2\n", [][]string{{"a", "b"}, {"1", "2"}}, []int{4, 5}},
		{"a blank line below one about separators", "sep=;\r\n\r\na;b\r\n1;2\r\n", [][]string{{"a", "b"}, {"1", "2"}}, []int{3, 4}},
		{"two marks", "\ufeff\ufeffa,b\n1,2\n", [][]string{{"a", "b"}, {"1", "2"}}, []int{1, 2}},
		{"nothing that can be seen", "a,b\n1,2\n\u200b,\ufeff\n\u200e \u202c,\n3,4\n", [][]string{{"a", "b"}, {"1", "2"}, {"3", "4"}}, []int{1, 2, 5}},
		{"the end of a file of old", "a,b\r\n1,2\r\n\x1a", [][]string{{"a", "b"}, {"1", "2"}}, []int{1, 2}},
		{"a spaced line", "sep= ; \na;b\n1;2\n", [][]string{{"a", "b"}, {"1", "2"}}, []int{2, 3}},
		{"a programmer's tab", "sep=\\t\na\tb\n1\t2\n", [][]string{{"a", "b"}, {"1", "2"}}, []int{2, 3}},
		{"colons in one column", "time\n10:00:01\n10:00:02\n", [][]string{{"time"}, {"10:00:01"}, {"10:00:02"}}, []int{1, 2, 3}},
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
	const six = "a,b,c,d,e,f\n"
	tests := []struct {
		name, content, want string
		rows                int // with the header
	}{
		{"empty", "", "the table is empty: its first line must name the columns", 0},
		{"only a mark", "\ufeff", "the table is empty: its first line must name the columns", 0},
		{"only a line about separators", "sep=;\n", "the table is empty: its first line must name the columns", 0},
		{"half of a character", "\xff\xfea\x00\n\x001\x00\n\x00\x00\xd8", "the text is in UTF-16 and half of a character", 0},
		{"UTF-16 without a mark", "a\x00,\x00b\x00", "this is not text in UTF-8", 0},
		{"no name", "a,,b\n", "line 1, column 2: the column has no name", 0},
		{"only blank lines", "\n,,\n", "the table is empty: its first line must name the columns", 0},
		{"row names", ",b\n1,2\n", "line 1, column 1: the column has no name; if it numbers the rows", 0},
		{"UTF-32", "\xff\xfe\x00\x00a\x00\x00\x00", "this is text in UTF-32; save the table as “CSV UTF-8”", 0},
		{"a line about another sign", "sep=:\na:b\n1:2\n", "line 1: the line says that “:” separates the columns; they can be", 0},
		{"separated by colons", "a:b:c:d\n1:2:3:4\n", "the columns seem to be separated by colons; save the table with commas", 0},
		{"separated by blanks", "a b c d\n1 2 3 4\n", "the columns seem to be separated by blanks; save the table with commas", 0},
		{"a blank before the mark", "a,b\n1, \"2\"\n3,4\n", "line 2, column 2 (b): a blank stands before the quotation mark that begins this cell", 2},
		{"JSON", `{"a": 1}`, "this is JSON, not a CSV table", 0},
		{"twice", "a,b,a\n", "line 1, column 3 (a): two columns have this name; the first is column 1", 0},
		{"header not UTF-8", "a,\xff\n", "line 1, column 2: the text is not in UTF-8; save the table as “CSV UTF-8”", 0},
		{"short", "a,b\n1,2\n3\n5,6\n", "line 3: the row has 1 cell and the header has 2", 3},
		{"long", "a,b\n\"x\ny\",2\n3,4,5\n", "line 4: the row has 3 cells and the header has 2", 2},
		{"something in an unnamed column", "a,b,\n1,2,3\n", "line 2, column 3: something stands here in a column that has no name", 1},
		{"not UTF-8", "a,b\n\"x\ny\",\xff\n1,2\n", "line 3, column 2 (b): the text is not in UTF-8; save the table as “CSV UTF-8”", 2},
		{"carriage return", "a,b\n1\r2,3\n4,5\r\r\n", "line 2, column 1 (a): a carriage return without a line feed stands here; lines end in LF or CRLF", 2},
		{"behind the closing mark", "a,b\n\"1\"2,3\n4,5", "line 2, column 1 (a): the cell goes on behind its closing quotation mark; inside a cell a quotation mark is written twice", 2},
		{"never closed", "a,b\n1,2\n3,\"4\n5,6\n", "line 3, column 2 (b): the quotation mark that begins this cell stays open", 3},
		{"closed by the next that opens", "a,b\n1,\"2\n3,\"4\"\n5,6\n", "line 2, column 2 (b): the quotation mark that begins this cell stays open", 3},
		{"behind a cell of two lines", "a,b,c\n\"1\n2\",\"3,4\n5,6,7\n", "line 3, column 2 (b): the quotation mark that begins this cell stays open", 2},
		{"closed on a later row", six + "1,2,3,4,\"5,6\n1,2,3,4,5,6\n1,2,3,4,5\",6\n", "line 2, column 5 (e): the quotation mark that begins this cell stays open", 3},
		{"never closed in a large table", "a,b\n1,2\n\"" + strings.Repeat("3,"+strings.Repeat("4", 1<<12)+"\n", 1<<9), "line 3, column 1 (a): the quotation mark that begins this cell stays open", 2 + 1<<9 - 1},
		{"a line that does not end", "a,b\n1,2\n3," + strings.Repeat("4", 8*MaxRow), "line 3: the row that begins here is longer than 1 MB", 2},
		{"a long row", "a,b\n1,2\n3," + strings.Repeat("4", MaxRow) + "\n5,6\n", "line 3: the row is longer than 1 MB", 3},
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
		{"−1", -1, true, true}, {"٤٧", 47, true, true}, {"۴۷٫۵", 47.5, true, true}, {"４７", 47, true, true}, {"\u200e12\u202c", 12, true, true},
		{"", 0, false, true}, {"  ", 0, false, true}, {"\u200b\ufeff", 0, false, true},
		{cell: "NaN"}, {cell: "Inf"}, {cell: "-infinity"}, {cell: "0x10"}, {cell: "1_000"}, {cell: "1,5"}, {cell: "NA"}, {cell: "1e999"},
		{cell: "e"}, {cell: "1 2"}, {cell: "½"}, {cell: "²"}, {cell: "1٬000"}, {cell: "/"}, {cell: ":"}, {cell: "1\x00"},
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
	table, err := newReader(io.MultiReader(strings.NewReader("a,b\n"+strings.Repeat("1,2\n", headSize)+"3,"), iotest.ErrReader(broken)), "", 4, nil)
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
	table, err := newReader(strings.NewReader(content), "", 50, nil)
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
		want := [][]string{rapid.SliceOfNDistinct(rapid.StringMatching(`[a-z"]([a-z, "]{0,4}[a-z"])?`), width, width, rapid.ID).Draw(t, "header")}
		want = append(want, rapid.SliceOfN(rapid.SliceOfN(cell, width, width), 0, 20).Draw(t, "rows")...)
		var b bytes.Buffer
		out := csv.NewWriter(&b)
		if err := out.WriteAll(want); err != nil {
			t.Fatal(err)
		}
		line, onLines, filled := 1, []int(nil), [][]string(nil)
		for i, row := range want {
			if i == 0 || width == 1 || strings.TrimSpace(strings.Join(row, "")) != "" {
				filled, onLines = append(filled, row), append(onLines, line)
			}
			line += 1 + strings.Count(strings.Join(row, ""), "\n")
		}
		got, lines, err := read(b.String(), rapid.IntRange(1, 100).Draw(t, "size"))
		if err != nil || !slices.EqualFunc(got, filled, slices.Equal) || !slices.Equal(lines, onLines) {
			t.Fatalf("%q read as %q on lines %v, %v", &b, got, lines, err)
		}
	})
}
