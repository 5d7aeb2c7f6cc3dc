package main

import (
	"bytes"
	"math"
	"os"
	"slices"
	"strings"

	"wellwave/scoring"
	"wellwave/surveys"
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
	digits   uint16 // bit d stands for an answer of the digit d
	mayLapse bool   // the item need not apply to everybody
}

// newAnswerColumn prepares the reading of the answers to an instrument's index-th item.
func newAnswerColumn(column, index int, instrument *surveys.Instrument) answerColumn {
	item := &instrument.Items[index]
	c := answerColumn{column: column, index: index, item: item}
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
	cell = bytes.TrimSpace(row.Bytes(c.column))
	if c.mayLapse && strings.EqualFold(string(cell), notApplicable) {
		return scoring.Answer{}, nil
	}
	if !c.item.Kind.Numeric() {
		if _, err := surveys.ParseValue(c.item, string(cell)); err != nil {
			return scoring.Answer{}, row.Errorf(c.column, "%s", err)
		}
		return scoring.Answer{}, nil
	}
	value, given, ok := csvtable.ParseNumber(cell)
	if !ok || given && c.item.Check(surveys.Number(value)) != nil {
		return scoring.Answer{}, row.Errorf(c.column, "%s", c.refusal(string(cell), ok))
	}
	return scoring.Answer{Value: value, Given: given}, nil
}

// refusal says what a cell is not, and what it could be.
func (c *answerColumn) refusal(cell string, number bool) string {
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
