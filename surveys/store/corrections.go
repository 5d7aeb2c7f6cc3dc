package store

import (
	"fmt"

	"wellwave/surveys"
	"wellwave/surveys/store/engine"
)

// noteCorrection writes the audit entry of a row of a file, or of another system, that may replace answers which were there:
// how many it did, and why. The ledger says what the row brought and what was there before.
func (a *arrival) noteCorrection(tx engine.Batch, r *surveys.Response, taken *surveys.Taken) error {
	if !a.sub.Correct || r.Revision < 2 {
		return nil
	}
	detail := fmt.Sprintf("%s: %d replaced, %d cleared; %s", r.Wave, taken.Replaced, taken.Cleared, taken.Why)
	entry := audit{"", "response.correct", a.sub.Study, string(r.Enrolment), detail}.of(a.sub.By)
	a.store.unsealed.soon() // a group of submissions tells nobody; what comes too soon for this seal is in the next
	return tx.Later(insertAudit, entry.values(a.now)...)
}
