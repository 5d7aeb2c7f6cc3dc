package bulk

import (
	"errors"
	"io"
	"slices"
	"time"

	"wellwave/surveys"
	"wellwave/surveys/csvtable"
)

// Options adapt a file as it comes.
type Options struct {
	Columns     map[string]string // our name of a column → the file's
	Map         map[string]string // the file's name of a column → ours, as ReadMap reads it
	Set         map[string]string // our name of a column → the value of every row
	Ignore      []string          // columns of the file that are not wanted
	Cells       surveys.CellForm
	BlankClears bool // an empty cell takes back the answer that stands
}

// Reader reads a file of answers row by row, with bounded memory however long the file is.
type Reader interface {
	// Next returns the next row. A *RowError is about this row alone and the next call goes on behind it; io.EOF ends the
	// file, and any other error ends the reading. A row that is wrong has its cells all the same.
	Next() (Row, error)
	// Header returns the names under which Raw is to be written again.
	Header() []string
	// Says reports whether the file, or what is set for every row, has a fact such as consented_on.
	Says(fact string) bool
	// PerRow reports whether each row names its own facts, so that one may have a fact that another has not.
	PerRow() bool
	// Notes returns sentences about what was recognised in the file.
	Notes() []string
}

const maxRecord = 1 << 20 // bytes of one line of JSON

// csvReader reads answers from a CSV file.
type csvReader struct {
	q       *surveys.Questionnaire
	zone    *time.Location
	table   *csvtable.Reader
	options Options
	columns []column // in the order of the file
	own     int      // leading columns that this program wrote itself, see RejectedHeader
	notes   []string
}

// RejectedHeader names the columns that stand before those of the source in a file of rejected rows. A file that begins
// with them can be read like its source once it is mended.
func RejectedHeader() []string { return []string{"reason", "line", "column"} }

// NewCSV reads the header of a CSV file of answers to q. It fails with Invalid for a header that does not fit,
// naming every column that is unknown or missing, and with a *csvtable.Error for a file that is no table.
func NewCSV(r io.Reader, q *surveys.Questionnaire, zone *time.Location, o Options) (Reader, error) {
	own := RejectedHeader()
	table, err := csvtable.NewReader(r, "", own...)
	if err != nil {
		return nil, err
	}
	c := &csvReader{q: q, zone: zone, table: table, options: o, notes: table.Notes()}
	if header := table.Header(); len(header) > len(own) && header[0] == own[0] && header[1] == own[1] && header[2] == own[2] {
		c.own = len(own)
	}
	if header := c.Header(); len(header) == 1 && header[0] == objectHeader[0] {
		return &objectReader{c}, o.checkObjects()
	}
	if err := c.matchHeader(); err != nil {
		return nil, err
	}
	return c, nil
}

// Header returns the names of the source's columns.
func (c *csvReader) Header() []string { return c.table.Header()[c.own:] }

// Says reports whether there is a column for a fact, or a value for every row.
func (c *csvReader) Says(fact string) bool {
	_, set := c.options.Set[fact]
	return set || slices.ContainsFunc(c.columns, func(column column) bool { return column.fact == fact })
}

// PerRow is false: all rows have the same columns.
func (c *csvReader) PerRow() bool { return false }

// Notes returns what was recognised.
func (c *csvReader) Notes() []string { return c.notes }

// Next reads the next row.
func (c *csvReader) Next() (Row, error) {
	row, err := c.cells()
	if err != nil {
		return row, err
	}
	return c.parse(row)
}

// cells reads the cells of the next row.
func (c *csvReader) cells() (Row, error) {
	read, err := c.table.Next()
	var fault *csvtable.Error
	switch {
	case errors.As(err, &fault) && fault.Cells != nil:
		row := Row{Line: fault.Line, Raw: c.asCame(fault.Cells[min(c.own, len(fault.Cells)):])}
		return row, &RowError{Line: fault.Line, Column: fault.Name, Reason: fault.Reason}
	case err != nil:
		return Row{}, err
	}
	row := Row{Line: read.Line, Raw: make([]string, 0, read.Len()-c.own), How: surveys.Collection{Mode: surveys.Bulk},
		BlankKeeps: !c.options.BlankClears}
	for i := c.own; i < read.Len(); i++ {
		row.Raw = append(row.Raw, read.Text(i))
	}
	c.asCame(row.Raw)
	return row, nil
}

// asCame gives cells of rows that were rejected before, whose formulas are shielded, back as they first came.
func (c *csvReader) asCame(cells []string) []string {
	if c.own > 0 {
		for i, cell := range cells {
			cells[i] = csvtable.Unshield(cell)
		}
	}
	return cells
}

// parse reads the facts and answers of a row.
func (c *csvReader) parse(row Row) (Row, error) {
	if err := row.setAll(c.options.Set, c.zone); err != nil {
		return row, err
	}
	a := rowAnswers{row: &row, form: c.options.Cells, values: make(map[string]surveys.Value, len(c.columns))}
	for i, cell := range row.Raw {
		column := &c.columns[i]
		var err error
		if column.fact != "" {
			err = row.setFact(column.fact, c.options.Cells.Fact(cell), c.zone, c.options.Cells)
		} else {
			err = a.read(column, cell)
		}
		if err != nil {
			return row, &RowError{row.Line, column.name, err.Error()}
		}
	}
	if err := a.finish(); err != nil {
		return row, err
	}
	row.fillBlanks(c.q, a.blank, a.values)
	return row, nil
}

// objectReader reads the rejected lines of an NDJSON file: each stands as it came in the one column of a CSV file.
type objectReader struct{ *csvReader }

// PerRow is true: every object names its own facts.
func (o *objectReader) PerRow() bool { return true }

// Next reads the next object.
func (o *objectReader) Next() (Row, error) {
	row, err := o.cells()
	if err != nil {
		return row, err
	}
	return parseObjectRow(row.Raw[0], row.Line, o.q, o.zone, o.options.Set)
}
