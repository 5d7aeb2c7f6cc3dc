package main

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"wellwave/surveys"
	"wellwave/surveys/climate"
	"wellwave/surveys/csvtable"
)

type climateCommand struct {
	File    string   `arg:"" optional:"" type:"existingfile" stdin:"" help:"A CSV table with a header; without it, or for -, standard input."`
	Average string   `type:"existingfile" placeholder:"AVERAGE.csv" help:"A CSV table of a published average to compare with, instead of the other practices."`
	Margin  *float64 `placeholder:"M" help:"How far below the average a change still counts as almost as much, fixed before the round."`
	JSON    bool     `name:"json" help:"Print JSON with full precision."`
}

// Help shows an example.
func (*climateCommand) Help() string {
	return `The columns of the table are practice, programme (1 for the programme's practices, else 0), round and score, and where they are known staff, the practice's headcount in the round, and theme; others are not looked at. A row is what one respondent scored on one theme in one round; equal rows are different people. A row with an empty score is left out.

The first round is compared with the last, theme by theme, and a practice without respondents in either is left out and named. The headline is the mean change of the programme's practices minus that of the others, practices weighing alike, by Welch's t; of two practices with one variance for both groups; of one by the method of Crawford and Howell, corrected for the sampling of staff. Beside it: respondents weighing alike, with the cluster-robust variance CR2 by practice and Satterthwaite's degrees of freedom; the census view, where these practices and this staff are all there is, which needs headcounts; and the difference adjusted for where practices started. Each practice stands beside all others as Crawford and Howell print it, and corrected. Intervals are 95 %.

The sentence of a theme never says that something rose which fell. It says more only where the interval is above 0, or adds that chance is not excluded, and almost as much only with --margin.

An average has the columns round, factor and mean, and where they are known sd, practices and respondents, with a row for each theme and round of the scores. Its changes are taken as fixed.

Examples:
  wellwave climate scores.csv
  wellwave climate scores.csv --margin 0.15 --json
  wellwave climate scores.csv --average scotland.csv`
}

// Run compares the rounds.
func (c *climateCommand) Run(a *app) error {
	if c.Margin != nil && !(*c.Margin > 0 && *c.Margin < 1e9) {
		return surveys.Errorf(surveys.Invalid, "--margin must be above 0")
	}
	table, done, err := a.openTable(c.File)
	if err != nil {
		return err
	}
	defer done()
	r := scoreReader{table: table, data: new(climate.Data), same: make(map[string]string), practiceLines: make(map[string]int),
		staffLines: make(map[practiceRound]int), themeLines: make(map[string]int)}
	if err := r.readAll(a); err != nil {
		return err
	}
	o := climate.Options{Margin: c.Margin}
	if c.Average != "" {
		if o.Average, err = a.readAverage(c.Average, r.data); err != nil {
			return err
		}
	}
	if err := r.enough(o); err != nil {
		return err
	}
	results, err := r.data.Compare(o)
	if err != nil {
		return r.place(err)
	}
	p := climatePrinter{results: results}
	p.notes(a)
	if c.JSON {
		return writeJSON(a.stdout, p.json())
	}
	return p.print(a.stdout)
}

// readAverage reads an average, whose name is that of its file.
func (a *app) readAverage(path string, data *climate.Data) (*climate.Average, error) {
	table, done, err := a.openTable(path)
	if err != nil {
		return nil, err
	}
	defer done()
	return climate.ReadAverage(table, strings.TrimSuffix(filepath.Base(path), filepath.Ext(path)), data)
}

// The columns of a table of scores; the first four must be there.
var scoreColumns = []string{"practice", "programme", "round", "score", "staff", "theme"}

const neededScoreColumns = 4

// practiceRound is a practice in a round.
type practiceRound struct {
	practice string
	round    int
}

// scoreReader gathers one row after the other.
type scoreReader struct {
	table   *csvtable.Reader
	columns map[string]int // −1 where there is none
	data    *climate.Data
	same    map[string]string // one copy of every word
	empty   int               // rows without a score

	// The lines on which things first stand, for messages.
	practiceLines, themeLines map[string]int
	staffLines                map[practiceRound]int
}

func (r *scoreReader) readAll(a *app) error {
	if err := r.header(a); err != nil {
		return err
	}
	for {
		if err := a.ctx.Err(); err != nil {
			return err
		}
		row, err := r.table.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		if err := r.read(row); err != nil {
			return err
		}
	}
	if r.empty > 0 {
		a.note("Rows without a score, which are left out: %d.", r.empty)
	}
	return nil
}

// header finds the columns. One that is there by nearly its name is an error, because staff or themes must not be left
// out in silence.
func (r *scoreReader) header(a *app) error {
	if err := r.table.Need(scoreColumns[:neededScoreColumns]...); err != nil {
		return err
	}
	r.columns = make(map[string]int)
	var others []string
	for _, name := range r.table.Header() {
		others = append(others, csvtable.Excerpt(name))
	}
	for _, name := range scoreColumns {
		at, ok := r.table.Column(name)
		if !ok {
			if like, is := r.table.Like(name); is {
				return r.atHeader(like, "the column “%s” must be called %s", csvtable.Excerpt(r.table.Header()[like]), name)
			}
			at = -1
		}
		r.columns[name] = at
		others = without(others, name)
	}
	if len(others) > 0 {
		a.note("Not looked at: %s.", strings.Join(others, ", "))
	}
	return nil
}

// atHeader returns an error at the name of a column.
func (r *scoreReader) atHeader(column int, format string, args ...any) error {
	return &csvtable.Error{File: r.table.File(), Line: 1, Column: column + 1, Name: r.table.Header()[column], Reason: fmt.Sprintf(format, args...)}
}

// word returns what a cell says, which must not be empty.
func (r *scoreReader) word(row *csvtable.Row, name string) (string, error) {
	cell := csvtable.Trim(row.Bytes(r.columns[name]))
	if len(cell) == 0 {
		return "", row.Errorf(r.columns[name], "the cell is empty")
	}
	word, ok := r.same[string(cell)]
	if !ok {
		word = string(cell)
		r.same[word] = word
	}
	return word, nil
}

// whole returns the whole number in a cell, which must lie between least and most.
func (r *scoreReader) whole(row *csvtable.Row, name string, least, most int) (value int, given bool, err error) {
	at := r.columns[name]
	number, given, err := row.Number(at)
	switch {
	case err != nil || !given:
		return 0, given, err
	case number < float64(least) || number > float64(most) || number != float64(int(number)):
		if most == 1 {
			return 0, false, row.Errorf(at, "“%s” is neither 0 nor 1", csvtable.Excerpt(row.Text(at)))
		}
		return 0, false, row.Errorf(at, "“%s” is not a whole number from %d to %d", csvtable.Excerpt(row.Text(at)), least, most)
	}
	return int(number), true, nil
}

// maxHeadcount is more than any practice has.
const maxHeadcount = 1_000_000

// read gathers a row, or returns a *csvtable.Error that says what is wrong with it.
func (r *scoreReader) read(row *csvtable.Row) error {
	var s climate.Score
	var err error
	if s.Practice, err = r.word(row, "practice"); err != nil {
		return err
	}
	programme, given, err := r.whole(row, "programme", 0, 1)
	if err != nil {
		return err
	}
	if !given {
		return row.Errorf(r.columns["programme"], "the cell is empty, and 0 or 1 is wanted")
	}
	s.Programme = programme == 1
	if s.Round, given, err = r.whole(row, "round", 1, climate.MaxRound); err != nil {
		return err
	}
	if !given {
		return row.Errorf(r.columns["round"], "the cell is empty")
	}
	if r.columns["staff"] >= 0 {
		if s.Staff, _, err = r.whole(row, "staff", 1, maxHeadcount); err != nil {
			return err
		}
	}
	if r.columns["theme"] >= 0 {
		if s.Theme, err = r.word(row, "theme"); err != nil {
			return err
		}
	}
	if s.Value, given, err = row.Number(r.columns["score"]); err != nil {
		return err
	}
	if !given {
		r.empty++
		return nil
	}
	return r.add(row, s)
}

// add counts a score.
func (r *scoreReader) add(row *csvtable.Row, s climate.Score) error {
	in := practiceRound{s.Practice, s.Round}
	var fault *climate.ScoreError
	if err := r.data.Add(s); errors.As(err, &fault) {
		reason := csvtable.Excerpt(s.Practice)
		switch fault.Field {
		case "programme":
			return row.Errorf(r.columns["programme"], "the practice “%s” is not on both sides: line %d says otherwise", reason, r.practiceLines[s.Practice])
		case "staff":
			return row.Errorf(r.columns["staff"], "the practice “%s” has another headcount in round %d on line %d", reason, s.Round, r.staffLines[in])
		}
		return row.Errorf(r.columns[fault.Field], "%s", fault.Reason)
	} else if err != nil {
		return err
	}
	if _, ok := r.practiceLines[s.Practice]; !ok {
		r.practiceLines[s.Practice] = row.Line
	}
	if _, ok := r.staffLines[in]; !ok {
		r.staffLines[in] = row.Line
	}
	if _, ok := r.themeLines[s.Theme]; !ok {
		r.themeLines[s.Theme] = row.Line
	}
	return nil
}

// enough returns an error where there is nothing to compare.
func (r *scoreReader) enough(o climate.Options) error {
	programme, others := r.data.Practices()
	rounds := r.data.Rounds()
	switch {
	case len(rounds) == 0:
		return &csvtable.Error{File: r.table.File(), Line: 1, Reason: "the table has no scores"}
	case len(rounds) == 1:
		return r.atHeader(r.columns["round"], "there is only round %d, and a change is from one round to another", rounds[0])
	case programme == 0:
		return r.atHeader(r.columns["programme"], "no practice is of the programme: 1 must stand beside those that are")
	case others == 0 && o.Average == nil:
		return r.atHeader(r.columns["programme"], "every practice is of the programme; to compare them with a published average, give --average")
	}
	return nil
}

// place gives an error of the whole comparison its place in the table.
func (r *scoreReader) place(err error) error {
	var missing *climate.ThemeError
	if !errors.As(err, &missing) {
		return err
	}
	return &csvtable.Error{File: r.table.File(), Line: r.themeLines[missing.Theme], Column: max(r.columns["theme"], 0) + 1, Name: "theme", Reason: missing.Error()}
}
