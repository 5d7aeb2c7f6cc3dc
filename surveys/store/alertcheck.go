package store

import (
	"context"
	"math"
	"slices"

	"wellwave/surveys"
)

// checkAlerts says what is wrong with the alerts of a response, if anything is: every confirmed answer in the ledger that
// calls for one has raised it. What was erased, and what came before there were alerts, calls for none.
func (s *Store) checkAlerts(ctx context.Context, id, questionnaire string) (string, error) {
	q, err := s.Questionnaire(ctx, questionnaire)
	if err != nil || !q.HasSafetyItem() {
		return "", err
	}
	rows, err := readLedger(ctx, s.db, id, math.MaxInt32)
	if err != nil {
		return "", err
	}
	var raised []string
	if err := s.db.List(ctx, &raised, `
		SELECT item
		FROM alerts
		WHERE response_id = ?`, id); err != nil {
		return "", surveys.Wrap("read the alerts of a response", err)
	}
	response := surveys.NewResponse(surveys.ResponseID(id), "", "", q)
	for _, row := range rows {
		content, err := row.fold(response.State)
		if err != nil || !content.Confirmed {
			continue // what cannot be read is told of where answers are compared
		}
		answers, err := answersIn(content)
		if err != nil {
			continue
		}
		for _, code := range response.Alarms(surveys.Submission{Finish: content.Finish}, answers) {
			if !slices.Contains(raised, code) {
				return "an answer to a safety item raised no alert", nil
			}
		}
	}
	return "", nil
}
