package csvtable

import "bytes"

// A quotation mark at the beginning of a cell opens it, and the cell goes on to the one that closes it, over separators and
// line breaks. Anywhere else it is a character like others, as in 5" tall. One that opens a cell and is not closed as it
// should be would take rows with it that are in order. So then the row ends with the line on which the mark stands, and
// only that row is wrong.

// found says what is known of the end of a cell in quotation marks.
type found uint8

const (
	closed  found = iota + 1
	broken        // there is no closing mark, or not where one can be
	unknown       // more must be read to tell
)

// closing looks for the end of the cell that the quotation mark at from opens. It does not look further than MaxRow, so that
// the answer is the same however much of the table is in data. last says that data ends where the table or a row does.
func (t *table) closing(data []byte, from int, last bool) (end int, _ found) {
	limit := min(len(data), from+MaxRow)
	whole := last || limit < len(data)
	for at := from + 1; ; at += 2 { // a doubled quotation mark stands for one
		i := bytes.IndexByte(data[min(at, limit):limit], '"')
		if i < 0 {
			if whole {
				return 0, broken
			}
			return 0, unknown
		}
		at += i
		if at+1 < len(data) && data[at+1] == '"' {
			continue
		}
		switch how := t.endsAt(data, at+1, last); how {
		case closed:
			return at + 1, t.swallows(data, from, at+1, last)
		default:
			return 0, how
		}
	}
}

// endsAt says whether a cell may end at at: at a separator, the end of a line or of the table.
func (t *table) endsAt(data []byte, at int, last bool) found {
	for at < len(data) && data[at] == '\r' {
		at++
	}
	switch {
	case at == len(data) && last, at < len(data) && data[at] == '\n':
		return closed
	case at == len(data):
		return unknown
	case data[at] == t.separator && data[at-1] != '\r':
		return closed
	default:
		return broken
	}
}

// manyColumns is how many columns a table has at least for a line of text that has as many separators to be no accident.
const manyColumns = 6

// swallows looks at a cell of several lines that is closed properly. Where a mark was left open on one line and another is
// left over on a later one, the two look like one cell. Then each of these lines by itself has as many cells as the header.
func (t *table) swallows(data []byte, from, end int, last bool) found {
	if len(t.names) < manyColumns || bytes.IndexByte(data[from:end], '\n') < 0 {
		return closed
	}
	start := bytes.LastIndexByte(data[:from], '\n') + 1
	stop := bytes.IndexByte(data[end:], '\n')
	switch {
	case stop >= 0:
		stop += end
	case !last && len(data)-from < MaxRow:
		return unknown
	default:
		stop = len(data)
	}
	for line := range bytes.Lines(data[start:stop]) {
		if n := bytes.Count(line, []byte{t.separator}) + 1 - len(t.names); n < 0 || n > t.unnamed {
			return closed
		}
	}
	return broken
}

// lastRowEnd returns where the last whole row of data ends, 0 if there is none. Data begins with a row.
func (t *table) lastRowEnd(data []byte) int {
	end, at := 0, 0 // at is outside of quotation marks
	for {
		open := t.opening(data, at)
		plain := data[at:]
		if open >= 0 {
			plain = data[at:open]
		}
		if i := bytes.LastIndexByte(plain, '\n'); i >= 0 {
			end = at + i + 1
		}
		if open < 0 {
			return end
		}
		switch close, how := t.closing(data, open, false); how {
		case closed:
			at = close
		case broken:
			i := bytes.IndexByte(data[open:], '\n')
			if i < 0 {
				return end
			}
			at, end = open+i+1, open+i+1
		default:
			return end
		}
	}
}

// opening returns the first quotation mark that begins a cell, −1 if there is none.
func (t *table) opening(data []byte, from int) int {
	for at := from; ; at++ {
		i := bytes.IndexByte(data[at:], '"')
		if i < 0 {
			return -1
		}
		at += i
		if at == 0 || data[at-1] == '\n' || data[at-1] == t.separator {
			return at
		}
	}
}

// lenient returns the cells of a row that is wrong, as whoever wrote it may have meant them: a cell goes on to the first
// quotation mark behind which a cell may end, and where there is none the mark that opens it is a character.
func (t *table) lenient(row []byte) []string {
	var cells []string
	for closes := true; ; { // until there is no such mark any more
		end := -1
		if closes && len(row) > 0 && row[0] == '"' {
			for at := 1; at < len(row) && end < 0; at++ {
				if row[at] == '"' && t.endsAt(row, at+1, true) == closed {
					end = at + 1
				}
			}
			closes = end > 0
		}
		if end > 0 {
			cells = append(cells, string(bytes.ReplaceAll(row[1:end-1], []byte(`""`), []byte(`"`))))
		} else {
			if end = bytes.IndexByte(row, t.separator); end < 0 {
				end = len(row)
			}
			cells = append(cells, string(row[:end]))
		}
		if end >= len(row) {
			return cells
		}
		row = row[end+1:]
	}
}
