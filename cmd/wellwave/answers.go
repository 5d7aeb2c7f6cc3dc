package main

import (
	"math"
	"os"
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"wellwave/scoring"
	"wellwave/surveys"
	"wellwave/surveys/bulk"
	"wellwave/surveys/csvtable"
	"wellwave/surveys/library"
)

// instrumentSource names an instrument, of the library or in a file.
type instrumentSource struct {
	Instrument string `xor:"instrument" required:"" placeholder:"ID" help:"An instrument of the library."`
	File       string `xor:"instrument" required:"" type:"existingfile" placeholder:"FILE" help:"An instrument file of your own."`
}

// find returns the instrument.
func (s *instrumentSource) find() (*surveys.Instrument, error) {
	if s.File == "" {
		return library.Find(surveys.InstrumentID(s.Instrument))
	}
	data, err := os.ReadFile(s.File)
	if err != nil {
		return nil, surveys.Errorf(surveys.Invalid, "the instrument file cannot be read: %w", err)
	}
	return surveys.ParseInstrument(s.File, data)
}

// fileForm says how a file is written and what it calls its columns, where files differ.
type fileForm struct {
	Map     string `type:"existingfile" placeholder:"ITEMS.csv" help:"A CSV table with the columns column and item: what the file calls its columns, and what they are here."`
	Decimal string `default:"." placeholder:"SIGN" help:"What stands before decimals in the file: . or ,"`
	Missing codes  `placeholder:"CODE" help:"What stands in a cell where there is no answer, such as NA,-99."`
}

// codes are what stands in cells where there is no answer. Many begin with a hyphen, which elsewhere on a command line begins a
// flag.
type codes []string

// Decode reads codes with commas between them, and adds them to those of the flag before.
func (c *codes) Decode(ctx *kong.DecodeContext) error {
	word, ok := ctx.Scan.Pop().Value.(string)
	if !ok || strings.HasPrefix(word, "--") {
		return surveys.Errorf(surveys.Invalid, "it needs a code, such as NA,-99")
	}
	*c = append(*c, strings.Split(word, ",")...)
	return nil
}

// read returns the form of the file's cells, and what its columns are called here.
func (f *fileForm) read() (cells surveys.CellForm, names map[string]string, err error) {
	if cells, err = surveys.NewCellForm(f.Decimal, f.Missing); err != nil || f.Map == "" {
		return cells, nil, err
	}
	file, err := os.Open(f.Map)
	if err != nil {
		return cells, nil, surveys.Errorf(surveys.Invalid, "the map cannot be read: %w", err)
	}
	defer func() { _ = file.Close() }() // it was only read
	names, err = bulk.ReadMap(file, f.Map)
	return cells, names, err
}

// answerTable is where the answers of a calculation stand.
type answerTable struct {
	instrumentSource
	fileForm
	Answers string `arg:"" optional:"" type:"existingfile" help:"A CSV table with a header; without it, standard input."`
}

// answersHelp says what every calculation from a table of answers takes.
const answersHelp = `With --decimal , numbers have a comma before decimals. A code given with --missing is no answer, unless it is one of the answers to an item: there it stays one, which is said. --map names a table with the columns column and item for files of other people, as for ingest: MO,eq5d5l_mo. Several items, or an instrument, say that the column holds a state: state,eq5d5l reads 21345 as the answers to five questions. A column without an item is left out.`

// open opens the table, the file or standard input where there is none, and says what was recognised in it. done closes it.
func (t *answerTable) open(a *app) (p *planner, done func(), err error) {
	p = &planner{note: a.note}
	if p.instrument, err = t.find(); err != nil {
		return nil, nil, err
	}
	var names map[string]string
	if p.cells, names, err = t.read(); err != nil {
		return nil, nil, err
	}
	if p.table, done, err = a.openTable(t.Answers); err != nil {
		return nil, nil, err
	}
	renamed, err := bulk.Rename(p.table, names, p.instrument)
	if err != nil {
		done()
		return nil, nil, err
	}
	a.noteAll(renamed)
	return p, done, nil
}

// openTable opens the table of a calculation, the file at path or standard input where that is empty, and says what was
// recognised in it. done closes it.
func (a *app) openTable(path string) (table *csvtable.Reader, done func(), err error) {
	in, done := a.stdin, func() {}
	if path != "" {
		file, err := os.Open(path)
		if err != nil {
			return nil, nil, surveys.Errorf(surveys.Invalid, "the table cannot be read: %w", err)
		}
		in, done = file, func() { _ = file.Close() } // it was only read
	}
	if table, err = csvtable.NewReader(in, path); err != nil {
		done()
		return nil, nil, err
	}
	a.noteAll(table.Notes())
	return table, done, nil
}

// noteAll says each of these sentences.
func (a *app) noteAll(sentences []string) {
	for _, sentence := range sentences {
		a.note("%s", sentence)
	}
}

// notApplicable may stand where an item need not apply to everybody. For the scores it is the same as an empty cell.
const notApplicable = "not-applicable"

// answerColumn is a column of a table that holds the answers to one item.
type answerColumn struct {
	column   int // in the table
	index    int // of the item in the instrument
	item     *surveys.Item
	form     surveys.CellForm
	state    []string // where the cell has a digit for each of several items, their codes
	digit    int      // among them
	digits   uint16   // bit d stands for an answer of the digit d
	mayLapse bool     // the item need not apply to everybody
}

// answers prepares the reading of the answers to the instrument's index-th item in a column.
func (p *planner) answers(column, index int) answerColumn {
	instrument := p.instrument
	item := &instrument.Items[index]
	c := answerColumn{column: column, index: index, item: item, form: p.cells}
	if called := p.table.Called(column); len(called) > 1 {
		c.state, c.digit = called, slices.Index(called, item.Code)
		return c
	}
	for digit := range 10 {
		if item.Kind.Numeric() && item.Check(surveys.Number(float64(digit))) == nil {
			c.digits |= 1 << digit
		}
	}
	for _, scale := range instrument.Scales {
		c.mayLapse = c.mayLapse || slices.Contains(scale.Definition().Missing.Only, item.Code)
	}
	return c
}

// read returns the answer in the column's cell of a row, or what is wrong with it. An answer that is no number is looked
// at, but nothing can be scored by it.
func (c *answerColumn) read(row *csvtable.Row) (scoring.Answer, *csvtable.Error) {
	cell := row.Raw(c.column)
	if len(cell) == 1 && cell[0]-'0' <= 9 && c.digits>>(cell[0]-'0')&1 == 1 { // nearly every answer
		return scoring.Answer{Value: float64(cell[0] - '0'), Given: true}, nil
	}
	if len(cell) == 0 {
		return scoring.Answer{}, nil
	}
	cell = csvtable.Trim(row.Bytes(c.column))
	if c.mayLapse && strings.EqualFold(string(cell), notApplicable) {
		return scoring.Answer{}, nil
	}
	if c.state != nil {
		return c.readState(row, string(cell))
	}
	value, err := c.form.Value(c.item, string(cell))
	switch {
	case err != nil && !c.item.Kind.Numeric():
		return scoring.Answer{}, row.Errorf(c.column, "%s", err)
	case err != nil:
		return scoring.Answer{}, row.Errorf(c.column, "%s", c.refusal(string(cell)))
	case !c.item.Kind.Numeric() || !value.Given():
		return scoring.Answer{}, nil
	}
	return scoring.Answer{Value: value.Number, Given: true}, nil
}

// readState reads the item's digit of a state.
func (c *answerColumn) readState(row *csvtable.Row, cell string) (scoring.Answer, *csvtable.Error) {
	digits, err := c.form.State(cell, c.state)
	switch {
	case err != nil:
		return scoring.Answer{}, row.Errorf(c.column, "%s", err)
	case digits == nil:
		return scoring.Answer{}, nil
	}
	digit := string(digits[c.digit])
	value, err := surveys.CellForm{}.Value(c.item, digit)
	if err != nil {
		return scoring.Answer{}, row.Errorf(c.column, "digit %d (%s): %s", c.digit+1, c.item.Code, c.refusal(digit))
	}
	return scoring.Answer{Value: value.Number, Given: value.Given()}, nil
}

// refusal says what a cell is not, and what it could be.
func (c *answerColumn) refusal(cell string) string {
	number := c.form.IsNumber(cell)
	if !number {
		cell = "“" + csvtable.Excerpt(cell) + "”"
	}
	var b strings.Builder
	b.WriteString(cell)
	switch {
	case c.item.Kind.Chosen():
		b.WriteString(" is not an option; the options are ")
		b.WriteString(optionList(c.item.Options))
	case c.item.Kind == surveys.KindDecimal:
		b.WriteString(" is not an answer; the answer is a number from ")
		b.WriteString(decimal(c.item.Min) + " to " + decimal(c.item.Max))
	default:
		b.WriteString(" is not an answer; the answer is a whole number from ")
		b.WriteString(decimal(c.item.Min) + " to " + decimal(c.item.Max))
	}
	if !number {
		b.WriteString("; where there is none, the cell is empty")
		if c.mayLapse {
			b.WriteString(" or says " + notApplicable)
		}
	}
	return b.String()
}

// optionList writes options one by one, and a long row of consecutive numbers as a range.
func optionList(options []float64) string {
	const long = 12
	first, last := options[0], options[len(options)-1]
	if len(options) > long && last-first == float64(len(options)-1) && !slices.ContainsFunc(options, func(o float64) bool { return o != math.Trunc(o) }) {
		return decimal(first) + " to " + decimal(last)
	}
	words := make([]string, len(options))
	for i, option := range options {
		words[i] = decimal(option)
	}
	return strings.Join(words, ", ")
}

func decimal(v float64) string { return surveys.FormatNumber(v) }

// appendDecimal writes the shortest decimal number that is read as exactly v, without an exponent.
func appendDecimal(b []byte, v float64) []byte { return surveys.AppendNumber(b, v) }

// appendCell writes a text as a cell of a CSV table.
func appendCell(b []byte, text string) []byte {
	if !strings.ContainsAny(text, ",\"\r\n") {
		return append(b, text...)
	}
	b = append(b, '"')
	b = append(b, strings.ReplaceAll(text, `"`, `""`)...)
	return append(b, '"')
}
