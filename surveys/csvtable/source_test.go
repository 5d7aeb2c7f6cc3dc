package csvtable

import (
	"slices"
	"strings"
	"testing"
)

func TestNotes(t *testing.T) {
	tests := []struct {
		content string
		want    []string
	}{
		{"a,b\n1,2\n", nil},
		{"\ufeffa\n1\n", nil},
		{"a;b\n1;2\n", []string{"The columns are separated by semicolons."}},
		{"sep=,\na,b\n1,2\n", []string{"The first line says that commas separate the columns."}},
		{"a\tb\r1\t2\r", []string{"The lines end in carriage returns.", "The columns are separated by tabs."}},
		{"\xff\xfea\x00\n\x00", []string{"The text is in UTF-16."}},
		{"a,b,,\n1,2,,\n", []string{"There are 2 columns without a name at the end: left out."}},
	}
	for _, tt := range tests {
		table, err := NewReader(strings.NewReader(tt.content), "")
		if err != nil {
			t.Fatal(err)
		}
		if got := table.Notes(); !slices.Equal(got, tt.want) {
			t.Errorf("Notes() of %q = %q, want %q", tt.content, got, tt.want)
		}
	}
}

// Whoever hands in a workbook is told what it is and what to do, rather than that it is no text.
func TestNoTable(t *testing.T) {
	tests := []struct{ content, want string }{
		{"PK\x03\x04\x14\x00[Content_Types].xml", "this is an Excel workbook (.xlsx), not a CSV table; open it and save its sheet as “CSV UTF-8”"},
		{"PK\x03\x04\x14\x00mimetypeapplication/vnd.oasis.opendocument.spreadsheet", "this is an OpenDocument workbook (.ods)"},
		{"PK\x03\x04\x14\x00a.csv", "this is a workbook or another packed file"},
		{"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00", "this is an Excel workbook (.xls)"},
		{"\x1f\x8b\x08", "this is a packed file (gzip)"},
		{"%PDF-1.7", "this is a PDF"},
		{"$FL2@(#) SPSS", "this is an SPSS file"},
		{"\ufeff\r\n<!DOCTYPE html><table>", "this is a web page"},
		{"<?xml version=\"1.0\"?>", "this is an XML file"},
	}
	for _, tt := range tests {
		_, err := NewReader(strings.NewReader(tt.content), "a.csv")
		if err == nil || !strings.HasPrefix(err.Error(), "a.csv: "+tt.want) {
			t.Errorf("NewReader(%q) = %v, want %q", tt.content, err, tt.want)
		}
	}
}

// The cells of a row that is wrong are told as well as they can be, so that it can be mended and sent again.
func TestCellsOfWrongRows(t *testing.T) {
	const header = "a,b,c\n"
	tests := []struct {
		row  string
		want []string
	}{
		{`1,"he said "no" to me",3`, []string{"1", `he said "no" to me`, "3"}},
		{`1,"he said "no, thanks" to me",3`, []string{"1", `he said "no, thanks" to me`, "3"}},
		{`1,"2,3`, []string{"1", `"2`, "3"}},
		{"1,2", []string{"1", "2"}},
		{`1,"2,2",3,4`, []string{"1", "2,2", "3", "4"}},
		{"1,\xff,3", []string{"1", "\xff", "3"}},
		{"\"1\n1\",\"2\"x,3", []string{"1\n1", `"2"x`, "3"}},
	}
	for _, tt := range tests {
		table, err := NewReader(strings.NewReader(header+tt.row+"\r\n7,8,9\n"), "")
		if err != nil {
			t.Fatal(err)
		}
		_, err = table.Next()
		fault, ok := err.(*Error)
		if !ok || !slices.Equal(fault.Cells, tt.want) {
			t.Errorf("%q: %v with cells %q, want %q", tt.row, err, fault.Cells, tt.want)
		}
		if row, err := table.Next(); err != nil || row.Text(2) != "9" {
			t.Errorf("%q: then %v, want the row behind it", tt.row, err)
		}
	}
}

// A cell comes out as it came in where commas separate the columns, and so that commas may separate them where not.
func TestAppendCell(t *testing.T) {
	for content, want := range map[string]string{
		"a,b\n1,\"2,\"\"x\"\n":  `1|"2,""x"`,
		"a;b\n1,5;\"2;x\"\n":    `"1,5"|"2;x"`,
		"a,b\n5\" tall,2\"\"\n": `"5"" tall"|"2"""""`,
		"a\tb\n x \t\n":         ` x |`,
	} {
		table, err := NewReader(strings.NewReader(content), "")
		if err != nil {
			t.Fatal(err)
		}
		row, err := table.Next()
		if err != nil {
			t.Fatal(err)
		}
		if got := string(row.AppendCell(append(row.AppendCell(nil, 0), '|'), 1)); got != want {
			t.Errorf("%q comes out as %s, want %s", content, got, want)
		}
	}
}

// A program may put columns of its own before those of a file, whatever the file calls its own.
func TestOwnColumns(t *testing.T) {
	own := []string{"reason", "line"}
	if _, err := NewReader(strings.NewReader("reason,line,line,id\n"), "", own...); err != nil {
		t.Error(err)
	}
	for _, header := range []string{"reason,line,id,id\n", "line,reason,line\n"} {
		if _, err := NewReader(strings.NewReader(header), "", own...); err == nil {
			t.Errorf("%q: two columns of one name are taken", header)
		}
	}
}
