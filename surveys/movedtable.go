package surveys

import "time"

// MovedTable says what corrections of days of baseline moved, a row for each wave that follows. Days are as 2026-03-31.
type MovedTable struct {
	Heads  []string
	Days   []bool // of each column, whether it holds days
	Rows   [][]string
	People []EnrolmentID // of each row
}

// NewMovedTable makes the table of these moves, in their order. The command line prints it and the office shows it.
func NewMovedTable(zone *time.Location, moves []BaselineMove) MovedTable {
	t := MovedTable{Heads: []string{"Participant", "Site", "Baseline was", "Baseline is", "Wave", "Due was", "Due is", "Last day"},
		Days: []bool{false, false, true, true, false, true, true, true}}
	day := func(n int) string { return DayStart(n, zone).Format(time.DateOnly) }
	for _, m := range moves {
		for _, w := range m.Later {
			t.People = append(t.People, m.Enrolment)
			t.Rows = append(t.Rows, []string{m.Label, string(m.Site), day(m.Before), day(m.After), string(w.Wave),
				w.Before.Due.Format(time.DateOnly), w.After.Due.Format(time.DateOnly), AddDays(w.After.Closes, -1).Format(time.DateOnly)})
		}
	}
	return t
}
