package main

import (
	"fmt"
	"io"

	"wellwave/surveys/csvtable"
)

type scoreCommand struct {
	answerTable
	Scale      []string `placeholder:"ID" help:"Only these scales, and only the items that they need."`
	Provenance bool     `help:"Add to each score how many items were answered, whether missing ones were filled in, and why there is none."`
	KeepGoing  bool     `help:"Leave the scores of a row with a wrong value empty, and list these rows at the end."`
}

// Help shows examples.
func (*scoreCommand) Help() string {
	return `The columns of the answers have the codes of the items for names, as instrument show prints them, in any order. An empty cell is a missing answer; where an item need not apply to everybody, not-applicable may stand there as well. All other columns come first in the output, as they are. Then comes a column for each scale, empty where the scale's rule for missing answers leaves no score.

A scale of which the table has some items but not all is an error, lest a misspelt name be taken for a missing answer. One of which it has none is left out, unless --scale asks for it.

--provenance adds SCALE_answered, SCALE_prorated (1 or 0) and SCALE_why.

` + answersHelp + `

Nothing is written before the whole table is read, so that the output is complete or empty. A value that is not an option of its item ends the work with exit code 2. With --keep-going every row comes out and the exit code is 2 if any row had a wrong value. A table that is no proper CSV is always refused.

Examples:
  wellwave score --instrument phq9 < answers.csv > scores.csv
  wellwave score --instrument eq5d5l --scale uk_crosswalk --provenance answers.csv
  wellwave score --file bfi25.yaml --keep-going answers.csv
  wellwave score --instrument eq5d5l --map items.csv --missing NA,-99 states.csv`
}

// Run scores the table.
func (c *scoreCommand) Run(a *app) error {
	planner, done, err := c.open(a)
	if err != nil {
		return err
	}
	defer done()
	planner.wanted = c.Scale
	plan, err := planner.plan(c.Provenance)
	if err != nil {
		return err
	}
	return c.score(a, planner.table, plan)
}

// score holds the output back until it is whole: a table that ends in the middle looks like one that is complete.
func (c *scoreCommand) score(a *app, table *csvtable.Reader, plan *scorePlan) error {
	var scores, faults spool
	defer scores.close()
	defer faults.close()
	if _, err := scores.Write(plan.header(table)); err != nil {
		return err
	}
	shown := a.progress("scored")
	rows, bad := 0, 0
	err := scoreBlocks(a.ctx, table, plan, c.KeepGoing, func(s *scored) error {
		rows, bad = rows+s.rows, bad+s.bad
		shown.at(rows, 0)
		if _, err := faults.Write(s.faults); err != nil {
			return err
		}
		_, err := scores.Write(s.out)
		return err
	})
	shown.end()
	if err != nil {
		return err
	}
	if err := scores.copyTo(a.stdout); err != nil {
		return fmt.Errorf("write the scores: %w", err)
	}
	if bad == 0 {
		return nil
	}
	return c.list(a.stderr, &faults, rows, bad)
}

// list tells which rows have no scores.
func (c *scoreCommand) list(w io.Writer, faults *spool, rows, bad int) error {
	if err := faults.copyTo(w); err != nil {
		return err
	}
	if _, err := fmt.Fprintf(w, "wellwave: %d of %s without scores because of these values\n", bad, count(rows, "row")); err != nil {
		return err
	}
	return errReported
}
