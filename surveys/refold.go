package surveys

import "time"

// Refold puts into the response what folding its ledger again gives, where that is something else than it was when the
// response was stored, and returns what this changed about its disposition. A disposition that a person set stays, and so
// does one that does not rest on the outcome.
func (r *Response) Refold(state *State, how Collection, outcome Disposition, now time.Time) []DispositionChange {
	before := r.Outcome
	r.State, r.How, r.Outcome = state, how, outcome
	if outcome == before || r.Source == ByPerson || r.Disposition != before {
		return nil
	}
	return []DispositionChange{r.dispose(outcome, r.Source, "", "", now)}
}
