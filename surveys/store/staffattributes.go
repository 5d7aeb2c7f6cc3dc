package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"wellwave/surveys"
	"wellwave/surveys/disclosure"
	"wellwave/surveys/store/engine"
)

// What staff say about themselves. At practices that are large enough it stands with their answers; of the others only that is
// kept which may be shown of all of them together, because an exact count of very few says who said it.

// readAttributes reads the columns of an answer.
func readAttributes(role, tenure string) (a surveys.StaffAttributes, err error) {
	if role != "" {
		if a.Role, err = word("staff_answers.role", surveys.ParseStaffRole, role); err != nil {
			return a, err
		}
	}
	if tenure != "" {
		a.Tenure, err = word("staff_answers.tenure", surveys.ParseStaffTenure, tenure)
	}
	return a, err
}

// forget drops the attributes of practices that turned out to be too small since the round was set up.
func (o *openedAnswers) forget(shrunk []surveys.SiteID) {
	for i := range o.rows {
		if row := &o.rows[i]; slices.Contains(shrunk, surveys.SiteID(row.Site)) {
			row.Role, row.Tenure = "", ""
		}
	}
}

// mixes returns the JSON of what may be shown of the attributes that were kept apart, and nil where none were.
func (o *openedAnswers) mixes(rules surveys.RoundRules) (any, error) {
	if len(o.apart) == 0 {
		return nil, nil
	}
	shown := disclosure.DefaultRules()
	if len(rules.Shown) > 0 {
		if err := json.Unmarshal(rules.Shown, &shown); err != nil {
			return nil, fmt.Errorf("read the thresholds of a round: %w", err)
		}
	}
	mixes := make(map[string]disclosure.Mix, len(rules.Attributes))
	for _, attribute := range rules.Attributes {
		var counts []disclosure.Count
		for _, c := range attribute.Count(o.apart) {
			counts = append(counts, disclosure.Count(c))
		}
		mixes[attribute.String()] = shown.PoolMix(counts, len(o.sites))
	}
	text, err := json.Marshal(mixes)
	return string(text), err
}

// dropShrunk does the same where the server keeps the answers.
func dropShrunk(ctx context.Context, tx *engine.Tx, a audit, study *surveys.Study, rules surveys.RoundRules) error {
	sites, err := roundSites(ctx, tx, study, surveys.WaveID(a.object))
	if err != nil {
		return err
	}
	for _, site := range rules.Shrunk(sites) {
		if _, err := tx.Exec(ctx, a, `
			UPDATE staff_answers
			SET role = '', tenure = ''
			WHERE study_id = ? AND wave_id = ? AND site_id = ?`, a.study, a.object, site); err != nil {
			return err
		}
	}
	return nil
}
