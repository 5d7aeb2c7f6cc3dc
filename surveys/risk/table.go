package risk

import "math"

// Table holds some columns of a table, a number for each cell: two cells of a column have the same number if they say the
// same. An empty cell says that something is missing, which is a value like others.
type Table struct {
	columns []column
	rows    int
}

// column is one column; its values are numbered from 0 in the order in which they first stand.
type column struct {
	cells   []uint32
	numbers map[string]uint32
}

// MaxRows bounds the rows of a table, because rows are numbered in 32 bits.
const MaxRows = math.MaxUint32

// NewTable returns a table of so many columns and no rows.
func NewTable(columns int) *Table {
	t := &Table{columns: make([]column, columns)}
	for i := range t.columns {
		t.columns[i].numbers = make(map[string]uint32)
	}
	return t
}

// Rows returns how many rows the table has, at most MaxRows.
func (t *Table) Rows() int { return t.rows }

// Add appends a row, of which cell returns what stands in a column; it may return the same memory each time.
func (t *Table) Add(cell func(column int) []byte) {
	for i := range t.columns {
		c := &t.columns[i]
		text := cell(i)
		number, ok := c.numbers[string(text)]
		if !ok {
			number = uint32(len(c.numbers))
			c.numbers[string(text)] = number
		}
		c.cells = append(c.cells, number)
	}
	t.rows++
}
