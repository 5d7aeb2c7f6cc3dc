package store_test

import (
	"context"
	"testing"

	"wellwave/surveys"
	"wellwave/surveys/store/storetest"
)

// What is shown of a round can be read once it is reported, and for whoever asks before there is nothing.
func TestReportedRound(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		ctx, tr := context.Background(), newTrial(t, db, 1)
		for _, card := range tr.cards("north", 2) {
			if err := tr.SubmitStaff(ctx, climate(card, 5)); err != nil {
				t.Fatal(err)
			}
		}
		nothing := func(when string) {
			t.Helper()
			if rounds, err := tr.ReportedRounds(ctx, storetest.Study); err != nil || len(rounds) > 0 {
				t.Errorf("%s: ReportedRounds() = %v, %v, want none", when, rounds, err)
			}
			for _, wave := range []surveys.WaveID{storetest.Round, storetest.Baseline, "nonsense"} {
				if round, err := tr.ReportedRound(ctx, storetest.Study, wave); surveys.KindOf(err) != surveys.NotFound {
					t.Errorf("%s: ReportedRound(%s) = %+v, %v, want NotFound", when, wave, round, err)
				}
			}
		}
		nothing("while it is open")
		if err := tr.CloseRound(ctx, "", storetest.Study, storetest.Round); err != nil {
			t.Fatal(err)
		}
		nothing("before it is reported")
		if err := tr.ReportRound(ctx, "", storetest.Study, storetest.Round, `{"round":"round-1"}`); err != nil {
			t.Fatal(err)
		}
		rounds, err := tr.ReportedRounds(ctx, storetest.Study)
		if err != nil || len(rounds) != 1 || rounds[0].ID != storetest.Round {
			t.Errorf("ReportedRounds() = %v, %v, want the round", rounds, err)
		}
		round, err := tr.ReportedRound(ctx, storetest.Study, storetest.Round)
		if err != nil || round.Report != `{"round":"round-1"}` || round.Wave.ID != storetest.Round {
			t.Fatalf("ReportedRound() = %+v, %v", round, err)
		}
		if _, ok := round.Questionnaire.Item("climate_2"); !ok {
			t.Error("the reported round comes without its questions")
		}
	})
}
