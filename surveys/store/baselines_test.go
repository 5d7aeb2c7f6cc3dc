package store_test

import (
	"context"
	"testing"

	"wellwave/surveys"
	"wellwave/surveys/store/storetest"
)

// A corrected day of baseline moves what counts from it, and reopens a window that the wrong day had closed.
func TestMoveBaseline(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		tr := newTrial(t, db, 1)
		right := tr.now()
		row := tr.save(1, 0, "mood_1", 1)
		row.Bulk, row.Finish, row.How.Mode = true, true, surveys.Bulk
		tr.submit(row)
		tr.wantRows("SELECT COUNT(*) FROM baseline_moves", "0")

		row.Correct, row.AnsweredAt = true, right.AddDate(-1, 0, 0)
		tr.submit(row)
		if n, err := tr.FinaliseClosed(context.Background()); err != nil || n != 1 {
			t.Errorf("FinaliseClosed() by the wrong day = %d, %v; want 1", n, err)
		}
		row.AnsweredAt = right
		tr.submit(row)
		tr.submit(row)
		tr.wantRows("SELECT r.disposition, r.disposition_source, r.dispositions FROM responses r WHERE r.wave_id <> '"+string(storetest.Baseline)+"'", "pending|answers|2")
		tr.wantRows("SELECT COUNT(*) FROM audit WHERE action = 'baseline.move'", "2")
		moves, err := tr.ListBaselineMoves(context.Background(), storetest.Study)
		if err != nil || len(moves) != 2 || moves[0].After != moves[1].Before || moves[1].After-moves[1].Before != 365 && moves[1].After-moves[1].Before != 366 ||
			!moves[1].Later[0].After.Due.After(moves[1].Later[0].Before.Due) {
			t.Errorf("ListBaselineMoves() = %+v, %v", moves, err)
		}
		if wrong, err := tr.CheckFolds(context.Background(), nil); err != nil || len(wrong) > 0 {
			t.Errorf("CheckFolds() = %v, %v", wrong, err)
		}
	})
}
