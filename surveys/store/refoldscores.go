package store

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"math"
	"slices"

	"wellwave/scoring"
	"wellwave/surveys"
)

// storedScore is a row of scores.
type storedScore struct {
	Scale    surveys.ScaleID `db:"scale_id"`
	Rule     string          `db:"rule"`
	Value    sql.NullFloat64 `db:"value"`
	Answered int             `db:"answered"`
	Asked    int             `db:"asked"`
	Prorated bool            `db:"prorated"`
	Hash     string          `db:"instrument_hash"`
	Why      string          `db:"why"`
	Pilot    bool            `db:"pilot"`
}

// scoreDust is how far a stored score may be from the one that its answers have: versions that added up in floating point
// left out the last digits.
const scoreDust = 1e-9

// is reports whether the row says what the answers score; the zero row, of a scale of which nothing was ever answered, says
// nothing but that. When a row of a pilot was stored, the study may have named another primary scale, and a proxy may have
// answered that one.
func (have storedScore) is(want surveys.ScaleScore) bool {
	switch {
	case have.Answered != want.Answered:
		return false
	case have.Scale == "", have.Pilot && (have.Why == surveys.WhyProxy) != (want.Why == surveys.WhyProxy):
		return true
	case have.Asked != want.Of, have.Prorated != want.Prorated, have.Hash != want.Instrument, have.Why != want.Why:
		return false
	case want.Valid:
		return have.Value.Valid && math.Abs(have.Value.Float64-want.Value) <= scoreDust*max(1, math.Abs(want.Value))
	default:
		return !have.Value.Valid
	}
}

// checkScores says which stored score is not what the answers score by the rules that the row names, if one is.
func (s *Store) checkScores(ctx context.Context, id string, answers *surveys.Answers, ledger []surveys.Entry, primary surveys.ScaleID) (string, error) {
	var rows []storedScore
	if err := s.db.List(ctx, &rows, `
		SELECT s.scale_id, s.rule, s.value, s.answered, s.asked, s.prorated, s.instrument_hash, s.why, r.pilot
		FROM scores s
		JOIN responses r ON r.id = s.response_id
		WHERE s.response_id = ?`, id); err != nil {
		return "", surveys.Wrap("read scores", err)
	}
	stored := map[string]scoresByScale{ruleVersion: {}}
	for _, row := range rows {
		if stored[row.Rule] == nil {
			stored[row.Rule] = make(scoresByScale)
		}
		stored[row.Rule][row.Scale] = row
	}
	for _, rule := range slices.Sorted(maps.Keys(stored)) {
		wrong, err := stored[rule].differFrom(answers, rule, primary)
		switch {
		case err != nil:
			return err.Error(), nil
		case wrong != "" && (rule == ruleVersion || !stored[rule].stood(answers.Questionnaire(), ledger, rule, primary)):
			return fmt.Sprintf("its score on %s is not what its answers score by version %s of the rules", wrong, rule), nil
		}
	}
	return "", nil
}

// scoresByScale are the stored scores of a response by one version of the rules.
type scoresByScale map[surveys.ScaleID]storedScore

// differFrom returns the first scale of which the score is another than the answers have by this version of the rules.
func (have scoresByScale) differFrom(answers *surveys.Answers, rule string, primary surveys.ScaleID) (wrong surveys.ScaleID, err error) {
	scores, err := answers.ScoresBy(rule, primary)
	if err != nil {
		return "", err
	}
	exact := answers.Scores(primary)
	for i, want := range scores {
		one := have[want.Scale]
		if !one.is(want) && !(rule == scoring.FloatingRules && one.is(exact[i])) { // the last programs of that name were exact
			return want.Scale, nil
		}
	}
	return "", nil
}

// stood reports whether the scores by an older version of the rules are those of the answers at some time. They are left as they
// were when a newer version came, whatever was answered since.
func (have scoresByScale) stood(q *surveys.Questionnaire, ledger []surveys.Entry, rule string, primary surveys.ScaleID) bool {
	for n := len(ledger) - 1; n > 0; n-- {
		if wrong, err := have.differFrom(replay(ledger[:n], q, primary).Answers, rule, primary); wrong == "" && err == nil {
			return true
		}
	}
	return false
}
