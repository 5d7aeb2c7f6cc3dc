package store_test

import (
	"context"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"

	"wellwave/scoring"
	"wellwave/surveys"
	"wellwave/surveys/store/storetest"
)

// An instrument with a score in which floating point cannot see a tie.
const (
	tieInstrument = `id: tie
version: "1"
title: Tie
citation: Made for this test
licence: {wording: own}
items:
  - {code: tie_1, kind: decimal, min: 0, max: 10}
scales:
  - {id: tied, title: Tied, rule: mean, items: [tie_1], round: [2], range: [0, 10], direction: neutral, source: this test}
`
	tieWording = `instrument: tie
version: "1"
language: en
reviewed: {by: The authors of the tests, on: 2026-01-01}
title: Tie
items:
  tie_1: {text: How much?}
`
)

// A database as the first version of the rules left it is whole, keeps its scores, and gets those by the second beside them; a
// release that was made by the first stays what it was, also of a response that was changed since, and of one whose scores by the
// first are gone.
func TestScoresByOlderRules(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		ctx := context.Background()
		old := &trial{t: t, ahead: new(atomic.Int64)}
		old.Store = db.Open(t, storetest.Clock(old.now))
		storetest.LoadAsking(t, old.Store, "tie", tieInstrument, tieWording)
		old.people = storetest.Enrol(t, old.Store, 4)
		amount := func(tr *trial, person, seq int, v float64) surveys.Submission {
			sub := of(tr.save(person+1, seq, "mood_1", 1), tr.people[person])
			sub.Answers = append(sub.Answers, surveys.ItemAnswer{Code: "tie_1", Value: surveys.Number(v)})
			return sub
		}
		for person := range 3 {
			old.submit(amount(old, person, 1, 1.005))
		}
		release, err := old.FreezeRelease(ctx, surveys.Release{Study: storetest.Study, Profile: surveys.TeamRelease})
		if err != nil {
			t.Fatal(err)
		}
		// What a program of then had made of 1.005.
		old.backTo(33, "UPDATE scores SET rule = '1'", "UPDATE scores SET value = 1 WHERE scale_id = 'tied'")

		tr := &trial{Store: db.Open(t, storetest.Clock(old.now)), t: t, people: old.people, ahead: old.ahead}
		const byRule = "SELECT rule, value, COUNT(*) FROM scores WHERE scale_id = 'tied' GROUP BY rule, value ORDER BY rule, value"
		tr.wantRows(byRule, "1|1|3", "2|1.01|3")
		tr.wantRows("SELECT COUNT(*) FROM refolds", "0")
		tr.wantFolds()
		released := func(rule string) (values []string) {
			t.Helper()
			if err := tr.EachReleased(ctx, release, storetest.Baseline, []surveys.ScaleID{"tied"}, rule, 0, 1, func(row *surveys.ReleasedResponse) error {
				values = append(values, fmt.Sprint(row.Scores[0].Value, row.Scores[0].Valid, row.Scores[0].Answered))
				return nil
			}); err != nil {
				t.Fatal(err)
			}
			return values
		}
		wantReleased := func(when string) {
			t.Helper()
			if got, now := released(scoring.FloatingRules), released(scoring.RuleVersion); !slices.Equal(got, []string{"1 true 1", "1 true 1", "1 true 1"}) ||
				!slices.Equal(now, []string{"1.01 true 1", "1.01 true 1", "1.01 true 1"}) {
				t.Errorf("%s the release has %q by the first rules and %q by the second, want 1 and 1.01", when, got, now)
			}
		}
		wantReleased("after the upgrade")
		tr.submit(amount(tr, 0, 2, 2.675))
		tr.submit(amount(tr, 3, 1, 1.005))
		tr.sql("DELETE FROM scores WHERE rule = '1' AND response_id IN (SELECT id FROM responses WHERE enrolment_id = '" + string(tr.people[1]) + "')")
		tr.wantRows(byRule, "1|1|2", "2|1.01|3", "2|2.68|1")
		wantReleased("after a change")
		tr.wantFolds()

		// By the last programs that wrote the name of the first rules, which were exact; and by nobody.
		last := "UPDATE scores SET value = %v WHERE rule = '1' AND scale_id = 'tied' AND response_id IN (SELECT id FROM responses WHERE enrolment_id = '" + string(tr.people[2]) + "')"
		tr.sql(fmt.Sprintf(last, 1.01))
		tr.wantFolds()
		tr.sql(fmt.Sprintf(last, 1.02))
		if wrong, err := tr.CheckFolds(ctx, nil); err != nil || len(wrong) != 1 || wrong[0].What != "its score on tied is not what its answers score by version 1 of the rules" {
			t.Errorf("CheckFolds() = %+v, %v, want the score that nobody made", wrong, err)
		}
	})
}
