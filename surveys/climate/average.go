package climate

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"wellwave/scoring"
	"wellwave/surveys/csvtable"
)

// Average is the published average of practices, such as a country's, round by round. Its means are taken as fixed.
type Average struct {
	Name      string // for captions, such as “Scotland”
	Weighting Weighting
	means     map[averageKey]AverageMean
}

// AverageMean is the average of a theme in a round.
type AverageMean struct {
	Round                  int
	Theme                  string
	Mean                   float64
	SD                     scoring.Figure // of what the mean is of; for the reader alone
	Practices, Respondents int            // 0 where the file does not say
}

type averageKey struct {
	theme string
	round int
}

// Weighting says what weighs alike in a published mean.
type Weighting int

// The weightings. The zero value is that the file does not say.
const (
	ByPractices Weighting = iota + 1
	ByRespondents
)

var weightingWords = [...]string{"", "practices", "respondents"}

// String returns what weighs alike, and nothing where that is not known.
func (w Weighting) String() string {
	if w < 0 || int(w) >= len(weightingWords) {
		return fmt.Sprintf("weighting(%d)", int(w))
	}
	return weightingWords[w]
}

// NewAverage returns an average. Of two means of one theme and round the later counts.
func NewAverage(name string, weighting Weighting, means []AverageMean) *Average {
	a := &Average{Name: name, Weighting: weighting, means: make(map[averageKey]AverageMean, len(means))}
	for _, m := range means {
		a.means[averageKey{m.Theme, m.Round}] = m
	}
	return a
}

// At returns the average of a theme in a round.
func (a *Average) At(theme string, round int) (AverageMean, bool) {
	m, ok := a.means[averageKey{theme, round}]
	return m, ok
}

// covers returns an error unless there is a mean of every theme of the data in these rounds.
func (a *Average) covers(d *Data, rounds ...int) error {
	for _, t := range d.themes {
		for _, round := range rounds {
			if m, ok := a.At(t.name, round); !ok || !finite(m.Mean) {
				return fmt.Errorf("the average “%s” has no mean for %s in round %d", a.Name, themed(t.name), round)
			}
		}
	}
	return nil
}

// ReadAverage reads an average from a table with the columns round, factor and mean, and where they are known sd, practices
// and respondents, for the themes and rounds of the data. A column weighted says what weighs alike in the means, practices or
// respondents, the same in every row; without it that is known where only one of the two counts is given.
//
// Every theme of the data must be there in every round of it, once, and no other theme: a factor that is misspelt would
// else be left out in silence. Other rounds are let be. The column factor may be empty, or not there, where the data has one
// theme without a name. Mistakes are of the type [*csvtable.Error].
func ReadAverage(table *csvtable.Reader, name string, d *Data) (*Average, error) {
	var wanted []wantedTheme
	for _, theme := range d.Themes() {
		wanted = append(wanted, wantedTheme{id: theme, title: theme, called: themed(theme), rounds: d.rounds})
	}
	r := averageReader{table: table, themes: wanted, lines: make(map[averageKey]int)}
	if err := r.readAll(); err != nil {
		return nil, err
	}
	return NewAverage(name, r.weighting(), r.means), nil
}

// wantedTheme is a theme that a table of averages must have, and in which rounds. It is written by its id or its title.
type wantedTheme struct {
	id, title string
	called    string // in a message
	rounds    []int
}

// The columns of a table of averages.
const (
	roundColumn = iota
	factorColumn
	meanColumn
	sdColumn
	practicesColumn
	respondentsColumn
	weightedColumn
)

var averageColumns = [...]string{"round", "factor", "mean", "sd", "practices", "respondents", "weighted"}

type averageReader struct {
	table   *csvtable.Reader
	themes  []wantedTheme
	onScale bool                     // whether means must lie on the scale of the staff survey
	columns [len(averageColumns)]int // −1 where there is none
	means   []AverageMean
	lines   map[averageKey]int
	said    Weighting // by the column weighted
}

func (r *averageReader) readAll() error {
	if err := r.header(); err != nil {
		return err
	}
	for {
		row, err := r.table.Next()
		if errors.Is(err, io.EOF) {
			return r.complete()
		}
		if err != nil {
			return err
		}
		if err := r.read(row); err != nil {
			return err
		}
	}
}

// nameless reports whether there is one theme without a name.
func (r *averageReader) nameless() bool { return len(r.themes) == 1 && r.themes[0].id == "" }

func (r *averageReader) header() error {
	needed := []string{"round", "factor", "mean"}
	if r.nameless() {
		needed = []string{"round", "mean"}
	}
	if err := r.table.Need(needed...); err != nil {
		return err
	}
	for i, name := range averageColumns {
		at, ok := r.table.Column(name)
		if !ok {
			if like, is := r.table.Like(name); is {
				return &csvtable.Error{File: r.table.File(), Line: 1, Column: like + 1, Reason: fmt.Sprintf("the column “%s” must be called %s", csvtable.Excerpt(r.table.Header()[like]), name)}
			}
			at = -1
		}
		r.columns[i] = at
	}
	return nil
}

// text returns what a cell says, nothing where there is no such column.
func (r *averageReader) text(row *csvtable.Row, column int) string {
	if r.columns[column] < 0 {
		return ""
	}
	return strings.TrimSpace(row.Text(r.columns[column]))
}

func (r *averageReader) read(row *csvtable.Row) error {
	var m AverageMean
	var err error
	if m.Round, err = r.whole(row, roundColumn, MaxRound); err != nil {
		return err
	}
	if m.Round == 0 {
		return row.Errorf(r.columns[roundColumn], "a round is a whole number from 1 to %d", MaxRound)
	}
	written := r.text(row, factorColumn)
	at := slices.IndexFunc(r.themes, func(t wantedTheme) bool { return written == t.id || written == t.title })
	if at < 0 {
		return row.Errorf(r.columns[factorColumn], "there is no factor “%s”; %s", csvtable.Excerpt(written), r.theFactors())
	}
	m.Theme = r.themes[at].id
	value, given, err := row.Number(r.columns[meanColumn])
	if err != nil {
		return err
	}
	if !given {
		return row.Errorf(r.columns[meanColumn], "the cell is empty, and the mean is wanted")
	}
	if r.onScale && (value < bottom || value > top) {
		return row.Errorf(r.columns[meanColumn], "a mean lies between %.0f and %.0f, as the answers do", bottom, top)
	}
	m.Mean = value
	if at := r.columns[sdColumn]; at >= 0 {
		value, given, err := row.Number(at)
		if err != nil {
			return err
		}
		if value < 0 {
			return row.Errorf(at, "a standard deviation is not below 0")
		}
		m.SD = scoring.Figure{Value: value, Known: given}
	}
	if m.Practices, err = r.whole(row, practicesColumn, maxCount); err != nil {
		return err
	}
	if m.Respondents, err = r.whole(row, respondentsColumn, maxCount); err != nil {
		return err
	}
	if err := r.weighted(row); err != nil {
		return err
	}
	key := averageKey{m.Theme, m.Round}
	if line, twice := r.lines[key]; twice {
		return row.Errorf(r.columns[roundColumn], "%s stands here for round %d again; the first time is on line %d", r.themes[at].called, m.Round, line)
	}
	r.lines[key] = row.Line
	r.means = append(r.means, m)
	return nil
}

// maxCount is how many practices or respondents an average may be of.
const maxCount = 1e9

// whole returns a number from 1 to most, and 0 for an empty cell or no column.
func (r *averageReader) whole(row *csvtable.Row, column int, most float64) (int, error) {
	at := r.columns[column]
	if at < 0 {
		return 0, nil
	}
	value, given, err := row.Number(at)
	switch {
	case err != nil:
		return 0, err
	case !given:
		return 0, nil
	case value < 1 || value > most || value != float64(int(value)):
		return 0, row.Errorf(at, "“%s” is not a whole number from 1 to %.0f", csvtable.Excerpt(row.Text(at)), most)
	}
	return int(value), nil
}

func (r *averageReader) weighted(row *csvtable.Row) error {
	if r.columns[weightedColumn] < 0 {
		return nil
	}
	word := r.text(row, weightedColumn)
	at := slices.Index(weightingWords[:], word)
	switch {
	case at < 1:
		return row.Errorf(r.columns[weightedColumn], "“%s” cannot weigh alike: write practices or respondents", csvtable.Excerpt(word))
	case r.said != 0 && r.said != Weighting(at):
		return row.Errorf(r.columns[weightedColumn], "%s weigh alike here and %s in a row above", word, r.said)
	}
	r.said = Weighting(at)
	return nil
}

// weighting returns what weighs alike.
func (r *averageReader) weighting() Weighting {
	var practices, respondents bool
	for _, m := range r.means {
		practices, respondents = practices || m.Practices > 0, respondents || m.Respondents > 0
	}
	switch {
	case r.said != 0:
		return r.said
	case practices && !respondents:
		return ByPractices
	case respondents && !practices:
		return ByRespondents
	}
	return 0
}

// complete looks for themes and rounds that are not there.
func (r *averageReader) complete() error {
	for _, theme := range r.themes {
		first := 0
		for _, m := range r.means {
			if m.Theme == theme.id {
				first = r.lines[averageKey{theme.id, m.Round}]
				break
			}
		}
		for _, round := range theme.rounds {
			if _, ok := r.lines[averageKey{theme.id, round}]; ok {
				continue
			}
			fault := &csvtable.Error{File: r.table.File(), Line: max(first, 1), Column: r.columns[roundColumn] + 1, Name: averageColumns[roundColumn]}
			if first == 0 {
				fault.Reason = fmt.Sprintf("there is no average of %s", theme.called)
			} else {
				fault.Reason = fmt.Sprintf("%s is here and has no row for round %d", theme.called, round)
			}
			return fault
		}
	}
	return nil
}

func (r *averageReader) theFactors() string {
	if r.nameless() {
		return "the scores have no column theme, so factor must be empty"
	}
	titles := make([]string, len(r.themes))
	for i, t := range r.themes {
		titles[i] = t.title
	}
	return "the factors are " + strings.Join(titles, ", ")
}
