package main

import (
	"fmt"
	"strings"
	"text/tabwriter"

	"wellwave/surveys"
	"wellwave/surveys/store"
)

type studyDatesCommand struct {
	ID string `arg:"" help:"The study."`
}

// Help shows an example.
func (*studyDatesCommand) Help() string {
	return "Every correction of the day of somebody's baseline, and what it moved: the day on which each later wave is due, and the last day on which answers are in time. Which answers came late is judged anew by the right day; receipts and releases of before stay as they were.\n\nExample:\n  wellwave study dates links"
}

// Run lists what moved, a line for each wave that follows.
func (c *studyDatesCommand) Run(a *app) error {
	return a.withStore(func(s *store.Store) error {
		study, _, err := s.Study(a.ctx, surveys.StudyID(c.ID))
		if err != nil {
			return err
		}
		moves, err := s.ListBaselineMoves(a.ctx, study.ID)
		if err != nil {
			return err
		}
		if len(moves) == 0 {
			a.note("No day of a baseline has been corrected.")
		}
		moved := surveys.NewMovedTable(study.Zone, moves)
		table := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', 0)
		_, _ = fmt.Fprintln(table, strings.ToUpper(strings.Join(moved.Heads, "\t")))
		for _, row := range moved.Rows {
			_, _ = fmt.Fprintln(table, strings.Join(row, "\t"))
		}
		return table.Flush() // which tells of any failed write
	})
}
