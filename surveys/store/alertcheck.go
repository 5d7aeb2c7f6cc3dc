package store

import (
	"context"
	"slices"

	"wellwave/surveys"
)

// checkAlerts says what is wrong with the alerts of a response, if anything is: every confirmed answer in the ledger that
// calls for one has raised it. What was erased, and what came before there were alerts, calls for none.
func (s *Store) checkAlerts(ctx context.Context, id string, q *surveys.Questionnaire, ledger []surveys.Entry) (string, error) {
	if !q.HasSafetyItem() {
		return "", nil
	}
	var raised []string
	if err := s.db.List(ctx, &raised, `
		SELECT item
		FROM alerts
		WHERE response_id = ?`, id); err != nil {
		return "", surveys.Wrap("read the alerts of a response", err)
	}
	again := surveys.NewReplay(q)
	for i := range ledger {
		again.Fold(&ledger[i], "")
		for _, code := range again.Alarms(&ledger[i]) {
			if !slices.Contains(raised, code) {
				return "an answer to a safety item raised no alert", nil
			}
		}
	}
	return "", nil
}
