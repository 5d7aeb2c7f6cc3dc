package store

import (
	"wellwave/surveys"
	"wellwave/surveys/store/engine"
)

// noteCorrection writes the audit entry of a row of a file, or of another system, that may replace answers which were there.
// The ledger says what the row brought and what was there before.
func (a *arrival) noteCorrection(tx engine.Batch, r *surveys.Response) error {
	if !a.sub.Correct || r.Revision < 2 {
		return nil
	}
	entry := audit{a.sub.By, "response.correct", a.sub.Study, string(r.Enrolment), string(r.Wave)}
	return tx.Later(insertAudit, entry.values(a.now)...)
}
