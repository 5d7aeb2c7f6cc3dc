package csvtable

import (
	"bytes"
	"fmt"
	"io"
	"unicode/utf8"

	"wellwave/scoring/decimal"
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
	end   int    // of the row in data
	cells []span
	plain []byte // room for a cell without its quotation marks
}

// span is a cell in the data of a block, with its quotation marks if it has them.
type span struct{ from, to int }

// Next returns the next row of the block, and io.EOF behind the last. The row is valid until the following call. An [*Error]
// that has cells is about one row, and the next call goes on behind it.
func (b *Block) Next() (*Row, error) {
	if !b.checked {
		b.checked, b.foreign = true, !utf8.Valid(b.data)
	}
	for b.at < len(b.data) {
		row := &b.row
		row.Line, row.table, row.data, row.cells = b.line, b.table, b.data, row.cells[:0]
		if err := b.scan(row); err != nil {
			return nil, err
		}
		if row.blank() {
			continue
		}
		if err := row.check(b.foreign); err != nil {
			return nil, err
		}
		return row, nil
	}
	return nil, io.EOF
}

// scan finds the cells of the row at b.at and moves on behind it.
func (b *Block) scan(row *Row) error {
	data, at := b.data, b.at
	stray := -1 // the first cell with a carriage return that does not end a line
	for {
		from := at
		if at < len(data) && data[at] == '"' {
			end, how := b.table.closing(data, at, !b.tooLong)
			switch how {
			case broken:
				return b.unclosed(row, from)
			case unknown:
				return b.endless(row)
			}
			b.line += bytes.Count(data[at:end], lineFeed)
			at = end
		} else {
			for at < len(data) && !b.table.ends[data[at]] {
				at++
			}
			for at < len(data) && data[at] == '\r' && b.table.endsAt(data, at, true) == broken { // a character like others
				if stray < 0 {
					stray = len(row.cells)
				}
				for at++; at < len(data) && !b.table.ends[data[at]]; at++ {
				}
			}
		}
		row.cells = append(row.cells, span{from, at})
		if at < len(data) && data[at] == b.table.separator {
			at++
			continue
		}
		row.end = at
		for at < len(data) && data[at] == '\r' {
			at++
		}
		if at == len(data) && b.tooLong {
			return b.endless(row)
		}
		b.at = min(at+1, len(data))
		b.line++
		if stray >= 0 {
			return row.fault(stray, "a carriage return without a line feed stands here; lines end in LF or CRLF")
		}
		return nil
	}
}

// endless says that a row goes on behind what may be read of it.
func (b *Block) endless(row *Row) error {
	b.at = len(b.data)
	return row.Errorf(-1, "the row that begins here is longer than %d MB", MaxRow>>20)
}

// unclosed says what is wrong with a row of which the cell at from is not closed as it should be, and goes on behind its line.
func (b *Block) unclosed(row *Row, from int) error {
	start := from
	if len(row.cells) > 0 {
		start = row.cells[0].from
	}
	row.cells = append(row.cells, span{from, len(b.data)})
	end := bytes.IndexByte(b.data[from:], '\n')
	if end < 0 && b.tooLong {
		return b.endless(row)
	}
	if end < 0 {
		end = len(b.data) - from
	}
	line := b.data[from : from+end]
	reason := "the quotation mark that begins this cell stays open; close it, or take it away"
	if bytes.IndexByte(line[1:], '"') >= 0 {
		reason = "the cell goes on behind its closing quotation mark; inside a cell a quotation mark is written twice"
	}
	fault := row.Errorf(len(row.cells)-1, "%s", reason)
	fault.Cells = b.table.lenient(bytes.TrimRight(b.data[start:from+end], "\r"))
	b.at = min(from+end+1, len(b.data))
	b.line++
	return fault
}

// blank reports whether nothing stands in a row, which is how spreadsheets leave those below the last that was filled in, and
// those above the header. In a table of one column an empty line is a cell with nothing in it.
func (r *Row) blank() bool {
	if len(r.cells) == 1 && len(r.table.names) == 1 {
		return false
	}
	for _, cell := range r.cells {
		raw := r.data[cell.from:cell.to]
		if len(raw) >= 2 && raw[0] == '"' {
			raw = raw[1 : len(raw)-1]
		}
		if len(raw) > 0 && len(bytes.TrimRight(Trim(raw), endOfFile)) > 0 {
			return false
		}
	}
	return true
}

// endOfFile is the sign with which old programs end a file.
const endOfFile = "\x1a"

// check looks at what can be seen once the cells are known, and leaves out those of columns without names.
func (r *Row) check(foreign bool) error {
	if foreign {
		for i, cell := range r.cells {
			if !utf8.Valid(r.data[cell.from:cell.to]) {
				return r.fault(i, "the text is not in UTF-8; save the table as “CSV UTF-8”")
			}
		}
	}
	for i, cell := range r.cells {
		if raw := r.data[cell.from:cell.to]; len(raw) > 1 && raw[0] == ' ' && bytes.HasPrefix(bytes.TrimLeft(raw, " "), []byte{'"'}) {
			return r.fault(i, "a blank stands before the quotation mark that begins this cell; take the blank away")
		}
	}
	n := len(r.table.names)
	switch have := len(r.cells); {
	case r.end-r.cells[0].from > MaxRow:
		return r.fault(-1, "the row is longer than %d MB", MaxRow>>20)
	case n == 0:
		return nil
	case have < n || have > n+r.table.unnamed:
		return r.fault(-1, "the row has %s and the header has %d", cellCount(have), n+r.table.unnamed)
	}
	for i := n; i < len(r.cells); i++ {
		if len(Trim(r.Bytes(i))) > 0 {
			return r.fault(i, "something stands here in a column that has no name")
		}
	}
	r.cells = r.cells[:n]
	return nil
}

// fault returns an error about the whole row, with its cells.
func (r *Row) fault(i int, format string, args ...any) *Error {
	e := r.Errorf(i, format, args...)
	e.Cells = make([]string, len(r.cells))
	for i := range e.Cells {
		e.Cells[i] = r.Text(i)
	}
	return e
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

// AppendCell appends a cell as it is written where commas separate columns: as it stands in the file if it can.
func (r *Row) AppendCell(b []byte, i int) []byte {
	raw := r.Raw(i)
	if len(raw) > 0 && raw[0] == '"' || bytes.IndexByte(raw, '"') < 0 && (r.table.separator == ',' || bytes.IndexByte(raw, ',') < 0) {
		return append(b, raw...)
	}
	b = append(b, '"')
	b = append(b, bytes.ReplaceAll(raw, []byte(`"`), []byte(`""`))...)
	return append(b, '"')
}

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
	value, given, ok := ParseNumberAs(r.Bytes(i), decimal.Written|decimal.Nearest)
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
