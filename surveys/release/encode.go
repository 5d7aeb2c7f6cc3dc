package release

import (
	"crypto/hmac"
	"crypto/sha256"
	"hash"
	"slices"
	"strconv"
	"time"

	"wellwave/surveys"
)

// idSize is the length of a release's ids in bytes.
const idSize = 16

// Cells are told apart by characters that none holds.
const (
	cellEnd = '\x1f' // after each
	partEnd = '\x1e' // in format 1: after the keys that one file adds
	outside = '\x1d' // before the reason in a cell without a value; in format 1 in place of the keys of a file that the person is not in
)

// encoder turns the responses of one file into records. It is used by one goroutine.
type encoder struct {
	file   *File
	excel  bool
	ids    *ids
	finder questionnaires

	layout *layout
	values []surveys.Value // by item of the questionnaire
	next   int             // the item that the stored answers probably hold next
	given  int
	take   func(code string, v surveys.Value) error // e.answer, made once
	lookup func(code string) surveys.Value          // e.value, made once
}

// ids makes the ids of a release. It is used by one goroutine.
type ids struct {
	mac  hash.Hash
	sum  [sha256.Size]byte
	text []byte
}

func newIDs(key []byte) *ids { return &ids{mac: hmac.New(sha256.New, key)} }

// of returns the id of an enrolment, which stands until the next is asked for.
func (i *ids) of(enrolment surveys.EnrolmentID) []byte {
	i.mac.Reset()
	i.text = append(i.text[:0], enrolment...)
	_, _ = i.mac.Write(i.text) // a hash never fails
	return i.mac.Sum(i.sum[:0])[:idSize]
}

// layout says where the columns of a file find their items in one questionnaire.
type layout struct {
	q     *surveys.Questionnaire
	items []int  // by column: the item, or -1
	rules []bool // by column: the item is asked under a condition
}

// questionnaires finds the questionnaire that a response keeps.
type questionnaires func(hash string) (*layout, error)

func newEncoder(file *File, excel bool, key []byte, find questionnaires) *encoder {
	e := &encoder{file: file, excel: excel, ids: newIDs(key), finder: find}
	e.take, e.lookup = e.answer, e.value
	return e
}

// newLayout finds the items of the file's columns in a questionnaire.
func newLayout(file *File, q *surveys.Questionnaire) *layout {
	l := &layout{q: q, items: make([]int, len(file.Columns)), rules: make([]bool, len(file.Columns))}
	for i := range file.Columns {
		l.items[i] = -1
		if item, ok := q.Item(file.Columns[i].Name); ok && file.Columns[i].From == FromItem {
			l.items[i], l.rules[i] = item.Index, item.EnableWhen != nil
		}
	}
	return l
}

// read takes in a response and returns its id in the release; ok is false if nothing in it was answered.
func (e *encoder) read(r *surveys.ReleasedResponse) (id []byte, ok bool, err error) {
	if e.layout == nil || e.layout.q.Hash != r.Questionnaire {
		if e.layout, err = e.finder(r.Questionnaire); err != nil {
			return nil, false, err
		}
		e.values = make([]surveys.Value, len(e.layout.q.Items))
	}
	clear(e.values)
	e.next, e.given = 0, 0
	if err := surveys.EachAnswer(r.Answers, e.take); err != nil {
		return nil, false, err
	}
	return e.ids.of(r.Enrolment), e.given > 0, nil
}

// answer keeps one stored answer. They come in the order of the questionnaire, some of them left out.
func (e *encoder) answer(code string, v surveys.Value) error {
	items := e.layout.q.Items
	for e.next < len(items) && items[e.next].Code != code {
		e.next++
	}
	if e.next == len(items) {
		e.next = 0 // written in another order, or not an item any more
		item, ok := e.layout.q.Item(code)
		if !ok {
			return nil
		}
		e.next = item.Index
	}
	e.values[e.next] = v
	e.next++
	if v.Given() {
		e.given++
	}
	return nil
}

func (e *encoder) value(code string) surveys.Value {
	if item, ok := e.layout.q.Item(code); ok {
		return e.values[item.Index]
	}
	return surveys.Value{}
}

// appendKeys packs the cells of the file's keys.
func (e *encoder) appendKeys(b []byte, r *surveys.ReleasedResponse) []byte {
	return e.appendPacked(b, r, func(c *Column) bool { return c.Class == surveys.ClassKey })
}

// appendCells packs the cells of all columns; a scale has three.
func (e *encoder) appendCells(b []byte, r *surveys.ReleasedResponse) []byte {
	return e.appendPacked(b, r, func(*Column) bool { return true })
}

func (e *encoder) appendPacked(b []byte, r *surveys.ReleasedResponse, wanted func(*Column) bool) []byte {
	scale := 0
	for i := range e.file.Columns {
		c := &e.file.Columns[i]
		if c.From == FromScale {
			scale++
		}
		if !wanted(c) {
			continue
		}
		var missing surveys.Missing
		if c.From == FromScale {
			b = appendScore(b, &r.Scores[scale-1])
		} else if b, missing = e.appendValue(b, r, i, e.excel); missing != 0 {
			b = appendMissing(b, missing)
		}
		b = append(b, cellEnd)
	}
	return b
}

// appendScore packs score, items answered and whether it was prorated.
func appendScore(b []byte, score *surveys.ReleasedScore) []byte {
	if score.Valid {
		b = appendNumber(b, score.Value)
	} else {
		b = appendMissing(b, 0)
	}
	b = strconv.AppendInt(append(b, cellEnd), int64(score.Answered), 10)
	return append(b, cellEnd, boolean(score.Prorated))
}

func boolean(b bool) byte {
	if b {
		return '1'
	}
	return '0'
}

// appendMissing packs why a cell is empty; 0 is a scale without a score.
func appendMissing(b []byte, m surveys.Missing) []byte { return append(b, outside, '0'+byte(m)) }

// unpack returns why a packed cell is empty, or false where it is not, or is and nothing says why.
func unpack(cell []byte) (surveys.Missing, bool) {
	if len(cell) == 2 && cell[0] == outside {
		return surveys.Missing(cell[1] - '0'), true
	}
	return 0, false
}

// appendValue writes the cell of the i-th column, or nothing and why.
func (e *encoder) appendValue(b []byte, r *surveys.ReleasedResponse, i int, excel bool) ([]byte, surveys.Missing) {
	c := &e.file.Columns[i]
	switch c.From {
	case FromArm:
		return appendCell(b, string(r.Arm), excel), 0
	case FromSite:
		return appendCell(b, string(r.Site), excel), 0
	case FromDecile:
		return c.appendRecoded(b, r.SIMDDecile)
	case FromQuintile:
		return c.appendRecoded(b, (r.SIMDDecile+1)/2)
	case FromMode, FromLanguage, FromHelper, FromPlace, FromAids:
		words := r.How.Words()
		return appendCell(b, words[c.From-FromMode], excel), 0
	case FromProxy:
		return append(b, boolean(r.Proxy)), 0
	case FromTiming:
		if r.LateDays > 0 {
			return append(b, late...), 0
		}
		return append(b, timely...), 0
	case FromDay:
		if r.HasDay && r.HasBaseline {
			b = strconv.AppendInt(b, int64(r.Day-r.Baseline), 10)
		}
		return b, 0
	case FromLate:
		return strconv.AppendInt(b, int64(r.LateDays), 10), 0
	default:
		return e.appendItem(b, r, i)
	}
}

// appendRecoded writes a SIMD group; 0 is unknown.
func (c *Column) appendRecoded(b []byte, group int) ([]byte, surveys.Missing) {
	if group == 0 {
		return b, surveys.NotRecorded
	}
	return c.appendNumber(b, float64(group)), 0
}

// appendNumber writes a number or the band that it lies in.
func (c *Column) appendNumber(b []byte, n float64) []byte {
	if len(c.Bands) > 0 {
		return append(b, c.Labels[band(c.Bands, n)]...)
	}
	if c.Bottom != nil {
		n = max(n, *c.Bottom)
	}
	if c.Top != nil {
		n = min(n, *c.Top)
	}
	start := len(b)
	b = appendNumber(b, n)
	for _, g := range c.Groups {
		if slices.Contains(g.Codes, string(b[start:])) {
			return append(b[:start], g.Label...)
		}
	}
	return b
}

func (e *encoder) appendItem(b []byte, r *surveys.ReleasedResponse, i int) ([]byte, surveys.Missing) {
	item := e.layout.items[i]
	if item < 0 || e.layout.rules[i] && !e.layout.q.Asked(item, e.lookup) {
		return b, surveys.NotAsked
	}
	c, v := &e.file.Columns[i], e.values[item]
	switch {
	case v.Kind == surveys.NumberValue:
		return c.appendNumber(b, v.Number), 0
	case v.Kind == surveys.SetValue:
		return append(b, v.Text...), 0
	case v.Kind == surveys.TextValue: // a date: nothing else that is text has a column
		day, err := time.Parse(time.DateOnly, v.Text)
		if err != nil || !r.HasBaseline {
			return b, surveys.NotRecorded
		}
		return c.appendNumber(b, float64(day.Unix()/86400-int64(r.Baseline))), 0
	case v.Kind == surveys.AbsentValue:
		return b, v.Missing
	case r.Finished:
		return b, surveys.Skipped
	default:
		return b, surveys.NotReached
	}
}
