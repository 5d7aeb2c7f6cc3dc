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
	separator byte
	line      int // on which the header stands
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
	case bytes.HasPrefix(head, []byte("\xef\xbb\xbf")):
		_, _ = in.Discard(3) // they are in the buffer
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
	if said, length, ok := separatorLine(head); ok {
		_, _ = in.Discard(length)
		s.separator, s.line = said, 2
		s.note("The first line says that %s separate the columns.", separators[said])
	} else if s.separator = separatorOf(head); s.separator != ',' {
		s.note("The columns are separated by %s.", separators[s.separator])
	}
	s.Reader = in
	return s, nil
}

func (s *source) note(format string, args ...any) {
	s.notes = append(s.notes, fmt.Sprintf(format, args...))
}

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
	text := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \r\n\t")
	for _, file := range files {
		if bytes.HasPrefix(head, []byte(file.magic)) || file.magic[0] == '<' && bytes.HasPrefix(bytes.ToLower(text[:min(len(text), 16)]), []byte(file.magic)) {
			return "this is " + file.is
		}
	}
	return ""
}

// separators are what may separate columns. Where a header does not tell, the comma does.
var separators = map[byte]string{',': "commas", ';': "semicolons", '\t': "tabs", '|': "vertical bars"}

// separatorLine reads a first line such as sep=; that Excel writes and reads. It returns the line's length too.
func separatorLine(head []byte) (separator byte, length int, ok bool) {
	line := firstLine(head)
	length = min(len(line)+1, len(head))
	line = bytes.Trim(bytes.TrimRight(line, "\r"), `"`)
	if len(line) < 5 || !bytes.EqualFold(line[:4], []byte("sep=")) || separators[line[4]] == "" {
		return 0, 0, false
	}
	rest := bytes.TrimRight(line[5:], string(line[4])) // a spreadsheet may have filled the line up
	return line[4], length, len(rest) == 0
}

// separatorOf tells by the header, and by the rows behind it, what separates the columns: what every one of these lines has
// as often, or else what the header has most of.
func separatorOf(head []byte) byte {
	const lines = 6
	var few [][]byte
	for line := range bytes.Lines(head) {
		if len(bytes.TrimSpace(line)) > 0 {
			few = append(few, line)
		}
		if len(few) == lines {
			break
		}
	}
	if len(few) == 0 {
		return ','
	}
	if len(few) > 1 && len(few) < lines && len(head) == headSize { // the last is not whole
		few = few[:len(few)-1]
	}
	best, most, alike := byte(','), 0, false
	for _, c := range []byte(",;\t|") {
		n := countOutside(few[0], c)
		same := !slices.ContainsFunc(few, func(line []byte) bool { return countOutside(line, c) != n })
		if n > 0 && (most == 0 || same && !alike || same == alike && n > most) {
			best, most, alike = c, n, same
		}
	}
	return best
}

// countOutside counts a separator in a line outside of quotation marks.
func countOutside(line []byte, separator byte) int {
	n, quoted, start := 0, false, true
	for _, c := range line {
		switch {
		case quoted:
			quoted = c != '"'
		case c == '"' && start:
			quoted = true
		case c == separator:
			n++
		}
		start = separators[c] != ""
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
