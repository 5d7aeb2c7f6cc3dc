package csvtable

import (
	"bytes"
	"fmt"
	"io"
	"unicode/utf8"
)

// Block is a part of a table: some whole rows. Different goroutines may read different blocks of one table.
type Block struct {
	table   *table
	data    []byte
	at      int  // where the next row begins
	line    int  // on which the next row begins
	tooLong bool // the last row goes on behind data
	checked bool // whether data is UTF-8 has been looked at
	foreign bool // it is not
	row     Row
}

// Row is one row of a table.
type Row struct {
	Line int // on which the row begins

	table *table
	data  []byte // of the block
	cells []span
	plain []byte // room for a cell without its quotation marks
}

// span is a cell in the data of a block, with its quotation marks if it has them.
type span struct{ from, to int }

// ends marks the bytes at which a cell without quotation marks ends or is wrong.
var ends = [256]bool{',': true, '\n': true, '\r': true, '"': true}

// Next returns the next row of the block, and io.EOF behind the last. The row is valid until the following call.
func (b *Block) Next() (*Row, error) {
	if !b.checked {
		b.checked, b.foreign = true, !utf8.Valid(b.data)
	}
	if len(b.table.names) != 1 {
		b.skipEmpty()
	}
	if b.at >= len(b.data) {
		return nil, io.EOF
	}
	row := &b.row
	row.Line, row.table, row.data, row.cells = b.line, b.table, b.data, row.cells[:0]
	if err := b.scan(row); err != nil {
		b.at = len(b.data)
		return nil, err
	}
	return row, row.check(b.foreign)
}

// skipEmpty skips empty lines. There are no names yet when the header is read, which is on the first line or nowhere.
func (b *Block) skipEmpty() {
	if b.table.names == nil {
		return
	}
	for {
		switch rest := b.data[b.at:]; {
		case len(rest) > 0 && rest[0] == '\n':
			b.at++
		case len(rest) > 1 && rest[0] == '\r' && rest[1] == '\n':
			b.at += 2
		default:
			return
		}
		b.line++
	}
}

// scan finds the cells of the row at b.at and moves on behind it.
func (b *Block) scan(row *Row) error {
	data, at := b.data, b.at
	for {
		from := at
		if at < len(data) && data[at] == '"' {
			if at = b.closing(at); at < 0 {
				row.cells = append(row.cells, span{from, len(data)})
				return b.unclosed(row)
			}
		} else {
			for at < len(data) && !ends[data[at]] {
				at++
			}
		}
		row.cells = append(row.cells, span{from, at})
		switch {
		case at < len(data) && data[at] == ',':
			at++
			continue
		case at == len(data) && b.tooLong:
			return b.unclosed(row)
		case at == len(data):
			b.at = at
		case data[at] == '\n':
			b.at = at + 1
		case data[at] == '\r' && at+1 < len(data) && data[at+1] == '\n':
			b.at = at + 2
		default:
			return row.misplaced(from, at)
		}
		b.line++
		return nil
	}
}

// closing returns the place behind the quotation mark that closes the one at from, and −1 if there is none.
func (b *Block) closing(from int) int {
	for at := from + 1; ; at += 2 { // a doubled quotation mark stands for one
		i := bytes.IndexByte(b.data[min(at, len(b.data)):], '"')
		if i < 0 {
			return -1
		}
		at += i
		if at+1 == len(b.data) || b.data[at+1] != '"' {
			b.line += bytes.Count(b.data[from:at], lineFeed)
			return at + 1
		}
	}
}

// unclosed says what is wrong with a row whose end is not in the block.
func (b *Block) unclosed(row *Row) error {
	if b.tooLong {
		return row.Errorf(-1, "the row that begins here is longer than %d MB; is a quotation mark left open?", MaxRow>>20)
	}
	return row.Errorf(len(row.cells)-1, "the quotation mark that begins this cell is never closed")
}

// misplaced says what is wrong with the byte at at, in the cell that begins at from and is the last of the row.
func (r *Row) misplaced(from, at int) error {
	last := len(r.cells) - 1
	switch {
	case r.data[at] == '\r':
		return r.Errorf(last, "a carriage return without a line feed stands here; lines end in LF or CRLF")
	case r.data[from] == '"':
		return r.Errorf(last, "the cell goes on behind its closing quotation mark; inside a cell a quotation mark is written twice")
	}
	return r.Errorf(last, "a quotation mark stands inside a cell that does not begin with one; write the whole cell in quotation marks and those inside it twice")
}

// check looks at what can be seen once the cells are known.
func (r *Row) check(foreign bool) error {
	if foreign {
		for i, cell := range r.cells {
			if !utf8.Valid(r.data[cell.from:cell.to]) {
				return r.Errorf(i, "the text is not in UTF-8; save the table as “CSV UTF-8”")
			}
		}
	}
	if n := len(r.table.names); n > 0 && len(r.cells) != n {
		return r.Errorf(-1, "the row has %s and the header has %d", cellCount(len(r.cells)), n)
	}
	return nil
}

func cellCount(n int) string {
	if n == 1 {
		return "1 cell"
	}
	return fmt.Sprintf("%d cells", n)
}

// Len returns the number of cells, which is that of the header's names.
func (r *Row) Len() int { return len(r.cells) }

// Raw returns a cell as it stands in the file, with its quotation marks. It is valid as long as the row.
func (r *Row) Raw(i int) []byte { return r.data[r.cells[i].from:r.cells[i].to] }

// Bytes returns what a cell says. It is valid until the next call, or as long as the row if that is earlier.
func (r *Row) Bytes(i int) []byte {
	raw := r.Raw(i)
	if len(raw) == 0 || raw[0] != '"' {
		return raw
	}
	raw = raw[1 : len(raw)-1]
	if bytes.IndexByte(raw, '"') < 0 {
		return raw
	}
	r.plain = r.plain[:0]
	for at := 0; at < len(raw); at++ {
		r.plain = append(r.plain, raw[at])
		if raw[at] == '"' {
			at++ // the other of the two
		}
	}
	return r.plain
}

// Text returns what a cell says.
func (r *Row) Text(i int) string { return string(r.Bytes(i)) }

// Number returns the number in a cell; given is false for an empty one. The error, for anything else, is an [*Error].
func (r *Row) Number(i int) (value float64, given bool, err error) {
	value, given, ok := ParseNumber(r.Bytes(i))
	if !ok {
		return 0, false, r.Errorf(i, "“%s” is not a number", Excerpt(r.Text(i)))
	}
	return value, given, nil
}

// Errorf returns an error at the place of a cell, or of the whole row if i is −1.
func (r *Row) Errorf(i int, format string, args ...any) *Error {
	e := &Error{File: r.table.file, Line: r.Line, Reason: fmt.Sprintf(format, args...)}
	if i >= 0 {
		e.Column = i + 1
		e.Line += bytes.Count(r.data[r.cells[0].from:r.cells[i].from], lineFeed)
		if i < len(r.table.names) {
			e.Name = r.table.names[i]
		}
	}
	return e
}
