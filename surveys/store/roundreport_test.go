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
		if err := tr.ReportRound(ctx, "", storetest.Study, storetest.Round, `{"round":"round-1"}`, ""); err != nil {
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

// A published average may be replaced and taken away until its round is reported, on both engines, and a report is kept only
// with the average that it was made with.
func TestStaffAverage(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		ctx, tr := context.Background(), newTrial(t, db, 1)
		tr.cards("north", 1)
		load := func(name string) error {
			return tr.LoadAverage(ctx, "", storetest.Study, storetest.Round, name, `{"name":"`+name+`"}`)
		}
		want := func(when, average string) {
			t.Helper()
			if got, err := tr.StaffAverage(ctx, storetest.Study, storetest.Round); err != nil || got != average {
				t.Errorf("%s: StaffAverage() = %q, %v, want %q", when, got, err, average)
			}
		}
		conflicts := func(when string, err error) {
			t.Helper()
			if surveys.KindOf(err) != surveys.Conflict {
				t.Errorf("%s: %v, want Conflict", when, err)
			}
		}
		want("at first", "")
		for _, name := range []string{"Wales", "Scotland"} {
			if err := load(name); err != nil {
				t.Fatal(err)
			}
			want("once loaded", `{"name":"`+name+`"}`)
		}
		for _, wave := range []surveys.WaveID{storetest.Baseline, "nonsense"} {
			if err := tr.LoadAverage(ctx, "", storetest.Study, wave, "Wales", "{}"); surveys.KindOf(err) != surveys.NotFound {
				t.Errorf("LoadAverage(%s) = %v, want NotFound", wave, err)
			}
			if err := tr.RemoveAverage(ctx, "", storetest.Study, wave); surveys.KindOf(err) != surveys.NotFound {
				t.Errorf("RemoveAverage(%s) = %v, want NotFound", wave, err)
			}
		}
		if err := tr.RemoveAverage(ctx, "", storetest.Study, storetest.Round); err != nil {
			t.Fatal(err)
		}
		want("once it is taken away", "")
		if err := tr.CloseRound(ctx, "", storetest.Study, storetest.Round); err != nil {
			t.Fatal(err)
		}
		if err := load("Scotland"); err != nil {
			t.Fatal(err)
		}
		rounds, err := tr.OpenedRounds(ctx, storetest.Study)
		if err != nil || len(rounds) != 1 || rounds[0].Average != `{"name":"Scotland"}` {
			t.Fatalf("OpenedRounds() = %d rounds, %v, want one with its average", len(rounds), err)
		}
		if err := load("Wales"); err != nil {
			t.Fatal(err)
		}
		conflicts("a report made beside another average", tr.ReportRound(ctx, "", storetest.Study, storetest.Round, "{}", rounds[0].Average))
		if err := tr.ReportRound(ctx, "", storetest.Study, storetest.Round, "{}", `{"name":"Wales"}`); err != nil {
			t.Fatal(err)
		}
		conflicts("loading after the report", load("Scotland"))
		conflicts("taking away after the report", tr.RemoveAverage(ctx, "", storetest.Study, storetest.Round))
		want("after the report", `{"name":"Wales"}`)
		tr.wantRows("SELECT action, detail FROM audit WHERE action LIKE 'average.%' ORDER BY action, detail",
			"average.load|Scotland", "average.load|Scotland", "average.load|Wales", "average.load|Wales", "average.remove|")
	})
}
