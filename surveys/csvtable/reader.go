package csvtable

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"
)

// MaxRow is how many bytes a row may have. It bounds what a quotation mark that is never closed can take into memory.
const MaxRow = 1 << 20

// blockSize is about how many bytes of rows stand in a block.
const blockSize = 1 << 18

// Reader reads a table.
type Reader struct {
	table *table
	r     io.Reader
	notes []string
	block Block  // what Next reads from, at first behind the header
	fresh bool   // block has not been given out
	rest  []byte // read already, and belongs to the next block
	size  int    // of a block
	line  int    // on which the next block begins
	err   error  // what the next call to NextBlock returns
}

// table is what all blocks of a table have in common.
type table struct {
	file      string
	header    int // the line on which the names stand
	names     []string
	called    [][]string // by column: the names by which it is found
	unnamed   int        // columns behind those with names, as spreadsheets leave them: nothing may stand in them
	index     map[string]int
	separator byte
	ends      [256]bool // the bytes at which a cell without quotation marks may end
}

// NewReader reads the header of a table from r. The file's name is for messages and is empty for standard input. Columns
// of the names in own may stand at the beginning besides others of the same name: a program that adds columns of its own to
// a table can read it again.
func NewReader(r io.Reader, file string, own ...string) (*Reader, error) {
	return newReader(r, file, blockSize, own)
}

func newReader(r io.Reader, file string, size int, own []string) (*Reader, error) {
	from, err := openSource(r)
	var fault *Error
	switch {
	case errors.As(err, &fault):
		return nil, &Error{File: file, Line: fault.Line, Reason: fault.Reason}
	case err != nil:
		return nil, err
	}
	t := &Reader{table: &table{file: file, index: make(map[string]int), separator: byte(from.separator)}, r: from, notes: from.notes, size: size, line: from.line}
	t.table.ends[from.separator], t.table.ends['\n'], t.table.ends['\r'] = true, true, true
	switch err := t.readHeader(own); {
	case errors.Is(err, io.EOF):
		return nil, t.table.errorf("the table is empty: its first line must name the columns")
	case err != nil:
		return nil, err
	}
	t.fresh = true
	return t, nil
}

func (t *table) errorf(format string, args ...any) *Error {
	return &Error{File: t.file, Reason: fmt.Sprintf(format, args...)}
}

func (t *Reader) readHeader(own []string) error {
	row, err := t.Next() // rows of nothing above the header are none either
	if err != nil {
		return err
	}
	t.table.header = row.Line
	named := len(row.cells)
	for named > 1 && TrimText(row.Text(named-1)) == "" {
		named--
	}
	names := make([]string, named)
	for i := range names {
		names[i] = TrimText(row.Text(i))
	}
	leads := len(own) > 0 && named >= len(own) && slices.Equal(names[:len(own)], own)
	for i, name := range names {
		first, twice := t.table.index[name]
		switch {
		case name == "" && i == 0 && named > 1:
			return row.Errorf(i, "the column has no name; if it numbers the rows, as R and pandas write them, save the table without it")
		case name == "":
			return row.Errorf(i, "the column has no name")
		case twice && leads && first < len(own):
		case twice:
			fault := row.Errorf(i, "two columns have this name; the first is column %d", first+1)
			fault.Name = name
			return fault
		}
		t.table.index[name] = i
	}
	t.table.names = names // only now: while there are no names, rows of any width are read
	for i := range names {
		t.table.called = append(t.table.called, names[i:i+1])
	}
	if t.table.unnamed = len(row.cells) - named; t.table.unnamed > 0 {
		t.notes = append(t.notes, fmt.Sprintf("%s without a name at the end: left out.", columnCount(t.table.unnamed)))
	}
	return nil
}

func columnCount(n int) string {
	if n == 1 {
		return "There is 1 column"
	}
	return fmt.Sprintf("There are %d columns", n)
}

// Notes returns sentences about what was recognised in the file and need not be so in every one, such as that semicolons
// separate its columns.
func (t *Reader) Notes() []string { return t.notes }

// Header returns the names of the columns, without blanks around them, which the caller must not change.
func (t *Reader) Header() []string { return t.table.names }

// HeaderLine returns the line on which the names of the columns stand: not the first where a line about separators or blank ones
// stand before it.
func (t *Reader) HeaderLine() int { return t.table.header }

// File returns the name for messages that was given to NewReader.
func (t *Reader) File() string { return t.table.file }

// Rename gives columns other names than the file does: none, one, or several where a column holds several things. From then on
// they are found by these. Messages and the header keep the file's, because that is where people look. It fails with an [*Error]
// where two columns would have one name, and then nothing is renamed.
func (t *Reader) Rename(names map[string][]string) error {
	index, called := make(map[string]int), make([][]string, len(t.table.names))
	for i, name := range t.table.names {
		given, renamed := names[name]
		if !renamed {
			given = t.table.names[i : i+1]
		}
		for _, name := range given {
			if first, twice := index[name]; twice {
				return &Error{File: t.table.file, Line: t.table.header, Column: i + 1, Name: t.table.names[i], Reason: fmt.Sprintf("two columns are to be “%s”; the first is column %d", Excerpt(name), first+1)}
			}
			index[name] = i
		}
		called[i] = given
	}
	t.table.index, t.table.called = index, called
	return nil
}

// Called returns the names by which a column is found, which the caller must not change.
func (t *Reader) Called(column int) []string { return t.table.called[column] }

// Column returns the position of the column with this name.
func (t *Reader) Column(name string) (index int, ok bool) {
	index, ok = t.table.index[name]
	return index, ok
}

// Like returns the first column whose name differs from name only in case, spaces and punctuation, for suggestions.
func (t *Reader) Like(name string) (index int, ok bool) {
	index, _, ok = t.like(name)
	return index, ok
}

func (t *Reader) like(name string) (index int, called string, ok bool) {
	bare := bareName(name)
	for i, names := range t.table.called {
		for _, have := range names {
			if have != name && bareName(have) == bare {
				return i, have, true
			}
		}
	}
	return 0, "", false
}

func bareName(name string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, name)
}

// Need returns an error that names every column of these that the table does not have, nil if it has them all.
func (t *Reader) Need(names ...string) error {
	var missing []string
	for _, name := range names {
		if _, ok := t.Column(name); ok {
			continue
		}
		if i, called, ok := t.like(name); ok {
			name += fmt.Sprintf(" (column %d is called “%s”)", i+1, Excerpt(called))
		}
		missing = append(missing, name)
	}
	if missing == nil {
		return nil
	}
	return &Error{File: t.table.file, Line: t.table.header, Reason: "there is no column " + strings.Join(missing, ", ")}
}

// Next returns the next row, and io.EOF behind the last. The row is valid until the following call. An [*Error] that has the
// cells of a row is about that row alone, and the next call goes on behind it; after any other error the table cannot be
// read further.
func (t *Reader) Next() (*Row, error) {
	for {
		row, err := t.block.Next()
		if !errors.Is(err, io.EOF) {
			return row, err
		}
		t.fresh = false
		if err := t.NextBlock(&t.block); err != nil {
			return nil, err
		}
	}
}

// NextBlock fills b with the rows that follow, and returns io.EOF if there are none. A block may be filled again once
// its rows are no longer wanted; its memory is used again.
func (t *Reader) NextBlock(b *Block) error {
	if t.fresh {
		t.fresh = false
		*b, t.block = t.block, Block{table: t.table}
		return nil
	}
	if t.err != nil {
		return t.err
	}
	*b = Block{table: t.table, line: t.line, data: append(b.data[:0], t.rest...), row: Row{cells: b.row.cells, plain: b.row.plain}}
	cut := 0
	for size := t.size; cut == 0; size *= 2 {
		var err error
		b.data, err = fill(t.r, b.data, size)
		cut = t.table.lastRowEnd(b.data)
		var fault *Error
		switch {
		case errors.Is(err, io.EOF):
			t.err, cut = io.EOF, len(b.data)
			if cut == 0 {
				return io.EOF
			}
		case errors.As(err, &fault):
			t.err = t.table.errorf("%s", fault.Reason)
			return t.err
		case err != nil:
			t.err = fmt.Errorf("read the table: %w", err)
			return t.err
		case cut == 0 && size >= 2*MaxRow:
			// Where it begins, and that nothing behind it can be read, is for whoever reads the rows to tell.
			t.err, cut, b.tooLong = io.EOF, len(b.data), true
		}
	}
	t.rest = append(t.rest[:0], b.data[cut:]...)
	b.data = b.data[:cut]
	t.line += bytes.Count(b.data, lineFeed)
	return nil
}

var lineFeed = []byte("\n")

// fill reads until data has size bytes or the end is reached, which it tells by io.EOF.
func fill(r io.Reader, data []byte, size int) ([]byte, error) {
	if cap(data) < size {
		data = append(make([]byte, 0, size), data...)
	}
	have := len(data)
	if have >= size {
		return data, nil
	}
	n, err := io.ReadFull(r, data[have:size])
	if errors.Is(err, io.ErrUnexpectedEOF) {
		err = io.EOF
	}
	return data[:have+n], err
}
