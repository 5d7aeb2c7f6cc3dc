package bulk

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"wellwave/surveys"
	"wellwave/surveys/strictyaml"
)

// Options adapt a file as it comes.
type Options struct {
	Columns map[string]string // our name of a column → the file's
	Set     map[string]string // our name of a column → the value of every row
	Ignore  []string          // columns of the file that are not wanted
}

// Reader reads a file of answers row by row, with bounded memory however long the file is.
type Reader interface {
	// Next returns the next row. A *RowError is about this row alone and the next call goes on behind it; io.EOF ends the
	// file, and any other error ends the reading.
	Next() (Row, error)
	// Header returns the names under which Raw is to be written again.
	Header() []string
}

const maxRecord = 1 << 20 // bytes of one row

// csvReader reads answers from a CSV file.
type csvReader struct {
	q      *surveys.Questionnaire
	zone   *time.Location
	csv    *csv.Reader
	limit  *recordLimit
	header []string
	facts  map[int]string        // index of a column → which fact it is
	items  map[int]*surveys.Item // index of a column → which item it is
	set    map[string]string     // facts of every row
	own    int                   // leading columns that this program wrote itself, see RejectedHeader
	line   int                   // the last one that was read
}

// RejectedHeader names the columns that stand before those of the source in a file of rejected rows. A file that begins
// with them can be read like its source once it is mended.
func RejectedHeader() []string { return []string{"reason", "line", "column"} }

// NewCSV reads the header of a CSV file of answers to q. It fails with Invalid for a header that does not fit,
// naming every column that is unknown or missing.
func NewCSV(r io.Reader, q *surveys.Questionnaire, zone *time.Location, o Options) (Reader, error) {
	limit := &recordLimit{r: bufio.NewReader(r), left: maxRecord}
	if err := skipMark(limit.r); err != nil {
		return nil, err
	}
	c := &csvReader{q: q, zone: zone, csv: csv.NewReader(limit), limit: limit,
		facts: make(map[int]string), items: make(map[int]*surveys.Item), set: o.Set}
	c.csv.FieldsPerRecord = -1
	var err error
	c.header, err = c.csv.Read()
	switch {
	case errors.Is(err, io.EOF):
		return nil, surveys.Errorf(surveys.Invalid, "the file is empty: its first line must name the columns")
	case err != nil:
		return nil, surveys.Errorf(surveys.Invalid, "line 1 cannot be read as CSV: %w", err)
	}
	for _, name := range c.header {
		if !utf8.ValidString(name) {
			return nil, surveys.Errorf(surveys.Invalid, "line 1: the file is not text in UTF-8; save it as “CSV UTF-8”")
		}
	}
	if own := RejectedHeader(); len(c.header) > len(own) && slices.Equal(c.header[:len(own)], own) {
		c.own = len(own)
	}
	if slices.Equal(c.Header(), objectHeader) {
		return &objectReader{c}, o.checkObjects()
	}
	if err := c.matchHeader(o); err != nil {
		return nil, err
	}
	return c, nil
}

// skipMark skips the byte order mark that spreadsheets put before UTF-8 and refuses files in UTF-16.
func skipMark(r *bufio.Reader) error {
	start, err := r.Peek(3)
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("read the file: %w", err)
	}
	if bytes.HasPrefix(start, []byte("\xff\xfe")) || bytes.HasPrefix(start, []byte("\xfe\xff")) {
		return surveys.Errorf(surveys.Invalid, "the file is in UTF-16; save it as “CSV UTF-8”")
	}
	if bytes.Equal(start, []byte("\xef\xbb\xbf")) {
		_, err = r.Discard(3)
		return err
	}
	return nil
}

// Header returns the names of the source's columns.
func (c *csvReader) Header() []string { return c.header[c.own:] }

// matchHeader finds out what each column is.
func (c *csvReader) matchHeader(o Options) error {
	theirs := make(map[string]string, len(o.Columns)) // the file's name → ours
	for _, ours := range slices.Sorted(maps.Keys(o.Columns)) {
		name := o.Columns[ours]
		if !slices.Contains(c.header, name) {
			return surveys.Errorf(surveys.Invalid, "line 1: there is no column “%s”, which --column %s=%s speaks of; the columns are %s",
				name, ours, name, strings.Join(c.header, ", "))
		}
		theirs[name] = ours
	}
	for ours := range o.Set {
		if ours == "participant" || !slices.Contains(facts, ours) {
			return surveys.Errorf(surveys.Invalid, "--set %s: only %s can be set for every row", ours, strings.Join(facts[1:], ", "))
		}
	}
	var wrong []string
	seen := make(map[string]bool)
	for i, name := range c.header {
		ours, renamed := theirs[name]
		if !renamed {
			ours = name
		}
		if i < c.own || slices.Contains(o.Ignore, name) && !renamed {
			continue
		}
		item, isItem := c.q.Item(ours)
		switch _, isSet := o.Set[ours]; {
		case seen[ours]:
			wrong = append(wrong, fmt.Sprintf("line 1, column %d: there are two columns “%s”", i+1, ours))
		case slices.Contains(facts, ours) && isSet:
			wrong = append(wrong, fmt.Sprintf("line 1, column %d: “%s” is both a column and given with --set", i+1, ours))
		case slices.Contains(facts, ours):
			c.facts[i] = ours
		case isItem && item.Kind != surveys.KindDisplay:
			c.items[i] = item.Item
		default:
			wrong = append(wrong, fmt.Sprintf("line 1, column %d: “%s” is no column that this wave knows.%s Name it with --column or leave it out with --ignore %s",
				i+1, name, c.suggest(name), name))
		}
		seen[ours] = true
	}
	if !seen["participant"] {
		wrong = append(wrong, "line 1: there is no column participant; if another column numbers the people, say --column participant=NAME")
	}
	wrong = append(wrong, c.missingItems(seen)...)
	if len(wrong) > 0 {
		return surveys.Errorf(surveys.Invalid, "%s", strings.Join(wrong, "\n"))
	}
	return nil
}

// missingItems lists the questions for which there should be a column. A file may leave out whole instruments, but of
// one that it has it must have every question that is always asked: a lost column would look like answers not given.
func (c *csvReader) missingItems(seen map[string]bool) []string {
	if len(c.items) == 0 {
		return []string{"line 1: no column holds answers; the items of this wave are " + strings.Join(c.codes(), ", ")}
	}
	var wrong []string
	for _, instrument := range c.q.Instruments {
		var missing []string
		present := 0
		for _, item := range instrument.Items {
			switch {
			case item.Kind == surveys.KindDisplay:
			case seen[item.Code]:
				present++
			case item.EnableWhen == nil:
				missing = append(missing, item.Code)
			}
		}
		if present > 0 && len(missing) > 0 {
			wrong = append(wrong, fmt.Sprintf("line 1: the file has other items of %s but no column %s", instrument.ID, strings.Join(missing, ", ")))
		}
	}
	return wrong
}

func (c *csvReader) codes() []string {
	codes := make([]string, 0, len(c.q.Items))
	for _, item := range c.q.Items {
		if item.Kind != surveys.KindDisplay {
			codes = append(codes, item.Code)
		}
	}
	return codes
}

// suggest names the column that was probably meant, if one is near enough.
func (c *csvReader) suggest(name string) string {
	known := append(slices.Clone(facts), c.codes()...)
	lower := make([]string, len(known))
	for i, word := range known {
		lower[i] = strings.ToLower(word)
	}
	meant := strictyaml.Nearest(strings.ToLower(name), lower, len(name)/3)
	if meant == "" {
		return ""
	}
	return fmt.Sprintf(" Did you mean “%s”?", known[slices.Index(lower, meant)])
}

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
	c.limit.left = maxRecord
	cells, err := c.csv.Read()
	var parse *csv.ParseError
	switch {
	case errors.Is(err, errTooLong):
		return Row{}, surveys.Errorf(surveys.Invalid, "the row behind line %d is longer than 1 MB; is a quotation mark left open?", c.line)
	case errors.As(err, &parse):
		return Row{Line: parse.StartLine}, &RowError{Line: parse.Line, Reason: fmt.Sprintf("character %d: %v", parse.Column, parse.Err)}
	case err != nil:
		return Row{}, err
	}
	line, _ := c.csv.FieldPos(0)
	c.line, _ = c.csv.FieldPos(len(cells) - 1)
	row := Row{Line: line, Raw: cells[min(c.own, len(cells)):], How: surveys.Collection{Mode: surveys.Bulk}}
	if len(cells) != len(c.header) {
		return row, &RowError{Line: line, Reason: fmt.Sprintf("the row has %d fields and the header has %d", len(cells), len(c.header))}
	}
	return row, nil
}

// parse reads the facts and answers of a row.
func (c *csvReader) parse(row Row) (Row, error) {
	line := row.Line
	for name, value := range c.set {
		if err := row.setFact(name, value, c.zone); err != nil {
			return row, surveys.Errorf(surveys.Invalid, "--set %s=%s: %w", name, value, err)
		}
	}
	values, blank := make(map[string]surveys.Value, len(c.items)), []string(nil)
	for i, cell := range row.Raw {
		i += c.own
		if !utf8.ValidString(cell) {
			return row, &RowError{line, c.header[i], "the text is not in UTF-8"}
		}
		if fact, ok := c.facts[i]; ok {
			if err := row.setFact(fact, cell, c.zone); err != nil {
				return row, &RowError{line, c.header[i], err.Error()}
			}
		}
		item, ok := c.items[i]
		if !ok {
			continue
		}
		value, err := surveys.ParseValue(item, cell)
		switch {
		case err != nil:
			return row, &RowError{line, c.header[i], err.Error()}
		case value.Given():
			values[item.Code] = value
			row.Answers = append(row.Answers, surveys.ItemAnswer{Code: item.Code, Value: value})
		default:
			blank = append(blank, item.Code)
		}
	}
	if len(values) == 0 {
		return row, &RowError{Line: line, Reason: "there is no answer in this row"}
	}
	row.fillBlanks(c.q, blank, values)
	return row, nil
}

// objectReader reads the rejected lines of an NDJSON file: each stands as it came in the one column of a CSV file.
type objectReader struct{ *csvReader }

// Next reads the next object.
func (o *objectReader) Next() (Row, error) {
	row, err := o.cells()
	if err != nil {
		return row, err
	}
	return parseObjectRow(row.Raw[0], row.Line, o.q, o.zone, o.set)
}

// errTooLong ends the reading of a row that never ends.
var errTooLong = errors.New("too long")

// recordLimit passes on what it reads until a row has become too long.
type recordLimit struct {
	r    *bufio.Reader
	left int
}

func (l *recordLimit) Read(b []byte) (int, error) {
	if l.left < 0 {
		return 0, errTooLong
	}
	n, err := l.r.Read(b)
	l.left -= n
	return n, err
}
