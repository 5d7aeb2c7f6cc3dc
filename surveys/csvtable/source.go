package csvtable

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"unicode/utf16"
	"unicode/utf8"
)

// Tables come from many programs. What a file begins with tells how its text is written, where its lines end and what
// separates its columns; all of that is turned into one form here, and said, so that nobody need know it beforehand.

// headSize is how many bytes at the beginning of a file are looked at.
const headSize = 1 << 16

// source is a table's text in UTF-8 with lines that end in LF or CRLF, behind any mark and any line about separators.
type source struct {
	io.Reader
	separator rune
	line      int // on which the header may stand
	notes     []string
}

// openSource looks at the beginning of a file. Its error is an *Error without the file's name where the file is no table.
func openSource(r io.Reader) (*source, error) {
	in := bufio.NewReaderSize(r, headSize)
	head, err := peek(in)
	if err != nil {
		return nil, err
	}
	s := &source{separator: ',', line: 1}
	switch {
	case noTable(head) != "":
		return nil, &Error{Reason: noTable(head)}
	case bytes.HasPrefix(head, []byte(mark)):
		for bytes.HasPrefix(head, []byte(mark)) { // a program that puts one before a file that has one
			_, _ = in.Discard(len(mark)) // they are in the buffer
			head = head[len(mark):]
		}
	case bytes.HasPrefix(head, []byte("\xff\xfe\x00\x00")), bytes.HasPrefix(head, []byte("\x00\x00\xfe\xff")):
		return nil, &Error{Reason: "this is text in UTF-32; save the table as “CSV UTF-8”"}
	case bytes.HasPrefix(head, []byte("\xff\xfe")), bytes.HasPrefix(head, []byte("\xfe\xff")):
		in = bufio.NewReaderSize(&utf16Reader{r: in, big: head[0] == 0xfe}, headSize)
		s.note("The text is in UTF-16.")
	case bytes.IndexByte(firstLine(head), 0) >= 0:
		return nil, &Error{Reason: "this is not text in UTF-8; save the table as “CSV UTF-8”"}
	}
	if head, err = peek(in); err != nil {
		return nil, err
	}
	if !bytes.Contains(head, lineFeed) && bytes.IndexByte(bytes.TrimRight(head, "\r"), '\r') >= 0 {
		in = bufio.NewReaderSize(carriageReturns{in}, headSize)
		s.note("The lines end in carriage returns.")
		if head, err = peek(in); err != nil {
			return nil, err
		}
	}
	said, length := separatorLine(head)
	switch {
	case length > 0 && separators[said] == "":
		return nil, &Error{Line: 1, Reason: fmt.Sprintf("the line says that “%c” separates the columns; they can be separated by commas, semicolons, tabs or vertical bars", said)}
	case length > 0:
		_, _ = in.Discard(length)
		s.separator, s.line = said, 2
		s.note("The first line says that %s separate the columns.", separators[said])
	default:
		s.separator = separatorOf(head)
		if other := otherSeparator(head, s.separator); other != "" {
			return nil, &Error{Reason: fmt.Sprintf("the columns seem to be separated by %s; save the table with commas, semicolons, tabs or vertical bars between them", other)}
		}
		if s.separator != ',' {
			s.note("The columns are separated by %s.", separators[s.separator])
		}
	}
	s.Reader = in
	return s, nil
}

func (s *source) note(format string, args ...any) {
	s.notes = append(s.notes, fmt.Sprintf(format, args...))
}

// mark is the byte order mark in UTF-8.
const mark = "\xef\xbb\xbf"

func firstLine(head []byte) []byte {
	line, _, _ := bytes.Cut(head, lineFeed)
	return line
}

// peek returns the beginning of what is left of a file.
func peek(in *bufio.Reader) ([]byte, error) {
	head, err := in.Peek(headSize)
	var fault *Error
	switch {
	case err == nil, errors.Is(err, io.EOF):
		return head, nil
	case errors.As(err, &fault):
		return nil, fault
	default:
		return nil, fmt.Errorf("read the table: %w", err)
	}
}

// files are kinds of file that are handed in for tables, by how they begin.
var files = []struct{ magic, is string }{
	{"PK\x03\x04", "a workbook or another packed file, not a CSV table; open it and save its sheet as “CSV UTF-8”"},
	{"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an Excel workbook (.xls), not a CSV table; open it and save its sheet as “CSV UTF-8”"},
	{"\x1f\x8b", "a packed file (gzip), not a CSV table; unpack it first"},
	{"%PDF-", "a PDF, not a CSV table"},
	{"$FL2", "an SPSS file, not a CSV table; export it as CSV from there"},
	{"$FL3", "an SPSS file, not a CSV table; export it as CSV from there"},
	{"<stata_dta>", "a Stata file, not a CSV table; export it as CSV from there"},
	{"RDX", "a file of R, not a CSV table; write it as CSV from there"},
	{"PAR1", "a Parquet file, not a CSV table"},
	{"PK\x05\x06", "a packed file (zip) with nothing in it, not a CSV table"},
	{"BZh", "a packed file (bzip2), not a CSV table; unpack it first"},
	{"\xfd7zXZ\x00", "a packed file (xz), not a CSV table; unpack it first"},
	{"7z\xbc\xaf", "a packed file (7z), not a CSV table; unpack it first"},
	{"\x28\xb5\x2f\xfd", "a packed file (zstd), not a CSV table; unpack it first"},
	{"Rar!", "a packed file (rar), not a CSV table; unpack it first"},
	{"\x89PNG", "a picture, not a CSV table"},
	{"\xff\xd8\xff", "a picture, not a CSV table"},
	{"HEADER RECORD*******", "a SAS transport file, not a CSV table; export it as CSV from there"},
	{"\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\xc2\xea\x81\x60", "a SAS file, not a CSV table; export it as CSV from there"},
	{`{"`, "JSON, not a CSV table"},
	{`[{`, "JSON, not a CSV table"},
	{"SQLite format 3\x00", "an SQLite database, not a CSV table"},
	{"<?xml", "an XML file, not a CSV table; if it is a sheet, open it and save it as “CSV UTF-8”"},
	{"<html", "a web page, not a CSV table; if it is a sheet, open it and save it as “CSV UTF-8”"},
	{"<!doctype", "a web page, not a CSV table; if it is a sheet, open it and save it as “CSV UTF-8”"},
	{"<table", "a web page, not a CSV table; if it is a sheet, open it and save it as “CSV UTF-8”"},
	{`{\rtf`, "a text document (RTF), not a CSV table"},
}

// noTable says what a file is that is no table, and nothing where it may be one.
func noTable(head []byte) string {
	switch {
	case !bytes.HasPrefix(head, []byte(files[0].magic)):
	case bytes.Contains(head, []byte("application/vnd.oasis.opendocument")):
		return "this is an OpenDocument workbook (.ods), not a CSV table; open it and save its sheet as “CSV UTF-8”"
	case bytes.Contains(head, []byte("[Content_Types].xml")), bytes.Contains(head, []byte("xl/")):
		return "this is an Excel workbook (.xlsx), not a CSV table; open it and save its sheet as “CSV UTF-8”"
	}
	text := bytes.TrimLeft(bytes.TrimPrefix(head, []byte(mark)), " \r\n\t")
	for _, file := range files {
		if bytes.HasPrefix(head, []byte(file.magic)) || file.magic[0] == '<' && bytes.HasPrefix(bytes.ToLower(text[:min(len(text), 16)]), []byte(file.magic)) {
			return "this is " + file.is
		}
	}
	return ""
}

// separators are what may separate columns. Where a header does not tell, the comma does.
var separators = map[rune]string{',': "commas", ';': "semicolons", '\t': "tabs", '|': "vertical bars"}

// separatorLine reads a first line such as sep=; that Excel writes and reads. It returns the line's length too, 0 where there is
// no such line. What it says may be no separator.
func separatorLine(head []byte) (separator rune, length int) {
	line := firstLine(head)
	length = min(len(line)+1, len(head))
	line = bytes.Trim(bytes.TrimRight(line, "\r"), `"`)
	if len(line) < 5 || !bytes.EqualFold(line[:4], []byte("sep=")) {
		return 0, 0
	}
	said := bytes.TrimLeft(line[4:], " ")
	if bytes.HasPrefix(said, []byte(`\t`)) { // as programmers write it
		said = append([]byte("\t"), said[2:]...)
	}
	separator, size := utf8.DecodeRune(said)
	if len(said) == 0 || len(bytes.Trim(said[size:], " "+string(separator))) > 0 { // a spreadsheet may have filled the line up
		return 0, 0
	}
	return separator, length
}

// sample returns the first lines that have something in them, and are whole.
func sample(head []byte) (few [][]byte) {
	const lines = 6
	for line := range bytes.Lines(head) {
		if len(bytes.TrimSpace(line)) > 0 {
			few = append(few, line)
		}
		if len(few) == lines {
			return few
		}
	}
	if len(few) > 1 && len(head) == headSize {
		few = few[:len(few)-1]
	}
	return few
}

// separatorOf tells by the header, and by the rows behind it, what separates the columns: what every one of these lines has
// as often, or else what the header has most of.
func separatorOf(head []byte) rune {
	few := sample(head)
	best, most, alike := ',', 0, false
	for _, c := range ",;\t|" {
		n, same := alikeIn(few, c)
		if n > 0 && (most == 0 || same && !alike || same == alike && n > most) {
			best, most, alike = c, n, same
		}
	}
	return best
}

// alikeIn counts a separator in the first of some lines, and reports whether all of them have it as often.
func alikeIn(lines [][]byte, separator rune) (n int, same bool) {
	for i, line := range lines {
		have := countOutside(line, separator)
		if i == 0 {
			n = have
		} else if have != n {
			return n, false
		}
	}
	return n, true
}

// otherSeparator names what separates the columns of a file of which the first lines have none of our separators, and as often
// another sign, and nothing where there is no such. One or two blanks may stand in the names and texts of a single column.
func otherSeparator(head []byte, ours rune) string {
	few := sample(head)
	if len(few) < 2 || slices.ContainsFunc(few, func(line []byte) bool { return countOutside(line, ours) > 0 }) {
		return ""
	}
	for sign, name := range map[rune]string{':': "colons", '~': "tildes", '^': "carets", '\x1f': "control characters", '\x01': "control characters", ' ': "blanks"} {
		if n, same := alikeIn(few, sign); same && n > 2 {
			return name
		}
	}
	return ""
}

// countOutside counts a separator in a line outside of quotation marks.
func countOutside(line []byte, separator rune) int {
	n, quoted, start := 0, false, true
	for _, c := range bytes.Runes(line) {
		switch {
		case quoted:
			quoted = c != '"'
		case c == '"' && start:
			quoted = true
		case c == separator:
			n++
		}
		start = c == separator || separators[c] != ""
	}
	return n
}

// carriageReturns reads a file whose lines end in nothing else.
type carriageReturns struct{ r io.Reader }

// Read makes line feeds of them.
func (c carriageReturns) Read(b []byte) (int, error) {
	n, err := c.r.Read(b)
	for i := range b[:n] {
		if b[i] == '\r' {
			b[i] = '\n'
		}
	}
	return n, err
}

// utf16Reader turns UTF-16 into UTF-8. Half a character is an error: another in its place would change what the file says.
type utf16Reader struct {
	r    *bufio.Reader
	big  bool
	out  []byte // decoded, and not read yet
	err  error
	mark bool // the byte order mark has been passed
}

// Read decodes as much as there is room for.
func (u *utf16Reader) Read(b []byte) (int, error) {
	for len(u.out) < len(b) && u.err == nil {
		var c rune
		if c, u.err = u.next(); u.err == nil && (u.mark || c != '\ufeff') {
			u.out = utf8.AppendRune(u.out, c)
		}
		u.mark = true
	}
	n := copy(b, u.out)
	u.out = append(u.out[:0], u.out[n:]...)
	if n > 0 {
		return n, nil
	}
	return 0, u.err
}

var errHalf = &Error{Reason: "the text is in UTF-16 and half of a character stands in it; save the table as “CSV UTF-8”"}

func (u *utf16Reader) next() (rune, error) {
	c, err := u.unit()
	if err != nil || !utf16.IsSurrogate(c) {
		return c, err
	}
	low, err := u.unit()
	if errors.Is(err, io.EOF) {
		return 0, errHalf
	}
	if c = utf16.DecodeRune(c, low); err == nil && c == utf8.RuneError {
		err = errHalf
	}
	return c, err
}

func (u *utf16Reader) unit() (rune, error) {
	var two [2]byte
	if _, err := io.ReadFull(u.r, two[:]); errors.Is(err, io.ErrUnexpectedEOF) {
		return 0, errHalf
	} else if err != nil {
		return 0, err
	}
	if u.big {
		two[0], two[1] = two[1], two[0]
	}
	return rune(two[0]) | rune(two[1])<<8, nil
}
