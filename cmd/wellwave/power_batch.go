package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	decimals "wellwave/scoring/decimal"
	"wellwave/scoring/power"
	"wellwave/surveys"
	"wellwave/surveys/csvtable"
	"wellwave/surveys/strictyaml"
)

const batchHelp = `--batch answers a plan a row. The columns are design (means, paired, proportions, cluster-means, cluster-proportions), n1, n2, pairs, k1, k2, cv1, cv2, k, m, cv, delta, sd, p1, p2, alpha, sides, power, icc, correlation, correlation_cluster, baseline_difference, attrition1, attrition2 and df; those that no row needs may be left out. The columns id, row, label, name, note, notes, comment and title pass through, and others that --pass names; any other is refused, because it may be a slip. Behind the columns of the table come out_power, out_n, out_n_ceiling, out_k, out_k_ceiling, out_m, out_delta, out_recruit1, out_recruit2 and out_why, which says why a row has no answer. out_n is per group, pairs if paired; it, out_k and out_m are empty where the arms differ. A row without an answer leaves the exit code at 0; a cell that is no number where one must stand makes it 2, is told with its line and column, and the other rows are answered.`

type powerBatchCommand struct {
	Batch  string   `placeholder:"FILE.csv" help:"Answer every row of a CSV table; - for standard input."`
	Pass   []string `placeholder:"COLUMN,…" help:"Columns of the table that pass through unread."`
	Method string   `default:"pooled" enum:"pooled,arcsine" help:"The approximation for proportions in a batch. One of ${enum}."`
}

// Run answers a table of plans.
func (c *powerBatchCommand) Run(a *app) error {
	if c.Batch == "" {
		return surveys.Errorf(surveys.Invalid, "say which design, or give --batch: see wellwave power --help")
	}
	path := c.Batch
	if path == "-" {
		path = ""
	}
	table, done, err := a.openTable(path)
	if err != nil {
		return err
	}
	defer done()
	batch, err := newPowerBatch(table, c.Method == "arcsine", c.Pass)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(a.stdout)
	err = errors.Join(batch.answer(a, out), out.Flush())
	if err != nil {
		return err
	}
	return batch.summary(a)
}

// batchOut are the columns that a batch adds.
var batchOut = []string{"out_power", "out_n", "out_n_ceiling", "out_k", "out_k_ceiling", "out_m", "out_delta", "out_recruit1",
	"out_recruit2", "out_why"}

// powerBatch answers the rows of a table.
type powerBatch struct {
	table   *csvtable.Reader
	arcsine bool
	design  int // its column
	df      int // −1 if there is none
	numbers []batchNumber

	rows, bad, without int
	warned             map[string]int // how many rows each warning is for
	warnings           []string       // in the order in which they came up
}

// batchNumber is a column of numbers and where they go in a plan.
type batchNumber struct {
	column int
	field  func(*power.Plan) *power.Number
}

// batchColumns are the columns of numbers that a batch can have.
var batchColumns = []struct {
	name  string
	field func(*power.Plan) *power.Number
}{
	{"n1", func(p *power.Plan) *power.Number { return &p.N1 }},
	{"n2", func(p *power.Plan) *power.Number { return &p.N2 }},
	{"pairs", func(p *power.Plan) *power.Number { return &p.Pairs }},
	{"k1", func(p *power.Plan) *power.Number { return &p.K1 }},
	{"k2", func(p *power.Plan) *power.Number { return &p.K2 }},
	{"cv1", func(p *power.Plan) *power.Number { return &p.CV1 }},
	{"cv2", func(p *power.Plan) *power.Number { return &p.CV2 }},
	{"k", func(p *power.Plan) *power.Number { return &p.K }},
	{"m", func(p *power.Plan) *power.Number { return &p.M }},
	{"cv", func(p *power.Plan) *power.Number { return &p.CV }},
	{"delta", func(p *power.Plan) *power.Number { return &p.Delta }},
	{"sd", func(p *power.Plan) *power.Number { return &p.SD }},
	{"p1", func(p *power.Plan) *power.Number { return &p.P1 }},
	{"p2", func(p *power.Plan) *power.Number { return &p.P2 }},
	{"alpha", func(p *power.Plan) *power.Number { return &p.Alpha }},
	{"sides", func(p *power.Plan) *power.Number { return &p.Sides }},
	{"power", func(p *power.Plan) *power.Number { return &p.Power }},
	{"icc", func(p *power.Plan) *power.Number { return &p.ICC }},
	{"correlation", func(p *power.Plan) *power.Number { return &p.Correlation }},
	{"correlation_cluster", func(p *power.Plan) *power.Number { return &p.ClusterCorrelation }},
	{"baseline_difference", func(p *power.Plan) *power.Number { return &p.BaselineDifference }},
	{"attrition1", func(p *power.Plan) *power.Number { return &p.Attrition1 }},
	{"attrition2", func(p *power.Plan) *power.Number { return &p.Attrition2 }},
}

func newPowerBatch(table *csvtable.Reader, arcsine bool, pass []string) (*powerBatch, error) {
	if err := table.Need("design"); err != nil {
		return nil, err
	}
	for _, name := range batchOut {
		if i, ok := table.Column(name); ok {
			return nil, &csvtable.Error{File: table.File(), Line: 1, Column: i + 1, Name: name, Reason: "the table has this column of the answer already"}
		}
	}
	b := &powerBatch{table: table, arcsine: arcsine, df: -1, warned: make(map[string]int)}
	b.design, _ = table.Column("design")
	if i, ok := table.Column("df"); ok {
		b.df = i
	}
	for _, c := range batchColumns {
		if i, ok := table.Column(c.name); ok {
			b.numbers = append(b.numbers, batchNumber{i, c.field})
		}
	}
	return b, b.refuseUnknown(pass)
}

// passing are the columns that say which row is which.
var passing = []string{"id", "row", "label", "name", "note", "notes", "comment", "title"}

// refuseUnknown refuses every column that is neither read nor passed through, by name: a plan without the number that
// somebody believed to have given would be answered as if all were well.
func (b *powerBatch) refuseUnknown(pass []string) error {
	known := []string{"design", "df"}
	for _, c := range batchColumns {
		known = append(known, c.name)
	}
	var unknown []string
	for i, name := range b.table.Header() {
		if slices.Contains(known, name) || slices.Contains(passing, name) || slices.Contains(pass, name) {
			continue
		}
		why := fmt.Sprintf("column %d, “%s”, is none that a batch reads", i+1, csvtable.Excerpt(name))
		switch meant := strictyaml.Nearest(strings.ToLower(name), known, len(name)/3+1); {
		case name == "attrition":
			why += ": attrition1 and attrition2 are"
		case name == "sizes1" || name == "sizes2":
			why += ": n, k and cv of each arm say the sizes of its clusters"
		case meant != "":
			why += fmt.Sprintf("; did you mean %s?", meant)
		}
		unknown = append(unknown, why)
	}
	if unknown == nil {
		return nil
	}
	return surveys.Errorf(surveys.Invalid, "%s\nColumns that are only to stand in the answer are named with --pass NAME", strings.Join(unknown, "\n"))
}

// answer reads the rows and writes them with their answers.
func (b *powerBatch) answer(a *app, out io.Writer) error {
	line := make([]byte, 0, 1024)
	for _, name := range b.table.Header() {
		line = append(appendCell(line, name), ',')
	}
	line = append(append(line, strings.Join(batchOut, ",")...), '\n')
	for {
		if _, err := out.Write(line); err != nil {
			return err
		}
		row, err := b.table.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := a.ctx.Err(); err != nil {
			return err
		}
		b.rows++
		line = line[:0]
		for i := range row.Len() {
			line = append(row.AppendCell(line, i), ',')
		}
		answer, why := b.solve(a, row)
		line = append(appendAnswer(line, answer, why), '\n')
	}
}

// solve returns the answer to a row, or why there is none.
func (b *powerBatch) solve(a *app, row *csvtable.Row) (*power.Answer, string) {
	plan, faults := b.plan(row)
	if faults != nil {
		b.bad++
		why := make([]string, 0, len(faults))
		for _, fault := range faults {
			a.note("%v", fault)
			why = append(why, fault.Name+": "+fault.Reason)
		}
		return nil, strings.Join(why, "; ")
	}
	answer, err := plan.Solve()
	if err != nil {
		b.without++
		return nil, whyNot(plan, answer, err)
	}
	for _, warning := range answer.Warnings {
		warning, _, _ = strings.Cut(warning, ":") // without what differs from row to row
		if b.warned[warning]++; b.warned[warning] == 1 {
			b.warnings = append(b.warnings, warning)
		}
	}
	return answer, ""
}

// plan reads a row, and returns everything that can't be read.
func (b *powerBatch) plan(row *csvtable.Row) (*power.Plan, []*csvtable.Error) {
	p := &power.Plan{Design: power.Design(csvtable.Trim(row.Bytes(b.design)))}
	p.Arcsine = b.arcsine && (p.Design == power.DesignProportions || p.Design == power.DesignClusterProportions)
	var faults []*csvtable.Error
	for _, c := range b.numbers {
		value, given, ok := csvtable.ParseNumberAs(row.Bytes(c.column), decimals.Written|decimals.Nearest)
		if !ok {
			faults = append(faults, row.Errorf(c.column, "“%s” is not a number", csvtable.Excerpt(row.Text(c.column))))
		}
		if given {
			*c.field(p) = power.Of(value)
		}
	}
	if b.df < 0 {
		return p, faults
	}
	if df := csvtable.Trim(row.Bytes(b.df)); len(df) > 0 {
		if err := p.DF.UnmarshalText(df); err != nil {
			faults = append(faults, row.Errorf(b.df, "“%s” is %v", csvtable.Excerpt(string(df)), err))
		}
	}
	return p, faults
}

// summary says what went wrong, once all rows are answered.
func (b *powerBatch) summary(a *app) error {
	for _, warning := range b.warnings {
		a.note("wellwave: in %s: %s", count(b.warned[warning], "row"), warning)
	}
	if b.without > 0 {
		a.note("wellwave: %d of %s without an answer: see out_why", b.without, count(b.rows, "row"))
	}
	if b.bad > 0 {
		a.note("wellwave: %d of %s without an answer because of these cells", b.bad, count(b.rows, "row"))
		return errReported
	}
	return nil
}

// appendAnswer appends the cells of batchOut.
func appendAnswer(line []byte, a *power.Answer, why string) []byte {
	if a == nil {
		for range len(batchOut) - 1 {
			line = append(line, ',')
		}
		return appendCell(line, why)
	}
	cells := []string{ten(a.Power), tenOr(a.N), whole(a.NCeiling), tenOr(a.K), whole(a.KCeiling), tenOr(a.M), ten(a.Delta),
		whole(a.Recruit1), whole(a.Recruit2)}
	for _, cell := range cells {
		line = append(append(line, cell...), ',')
	}
	return line
}
