package store_test

import (
	"context"
	"testing"

	"wellwave/surveys"
	"wellwave/surveys/store/storetest"
)

// due lists the waves at which something is known or wanted of a person.
func (tr *trial) due(person surveys.EnrolmentID) (waves []string) {
	tr.t.Helper()
	list, err := tr.ListDue(context.Background(), storetest.Study, "", tr.now())
	if err != nil {
		tr.t.Fatal(err)
	}
	for _, d := range list {
		if d.Enrolment == person {
			waves = append(waves, string(d.Wave)+" "+d.Disposition.String())
		}
	}
	return waves
}

func TestWithdrawal(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		tr := newTrial(t, db, 2)
		ctx, person := context.Background(), tr.people[0]
		tr.submit(tr.save(9, 1, "mood_1", 1))
		invitation, err := tr.Invite(ctx, "", person, storetest.Baseline)
		if err != nil {
			t.Fatal(err)
		}
		record := func(wave surveys.WaveID, reason string) {
			t.Helper()
			if err := tr.RecordDisposition(ctx, "", person, wave, surveys.Refusal, reason); err != nil {
				t.Fatal(err)
			}
		}
		undo := func(wave surveys.WaveID) {
			t.Helper()
			if err := tr.UndoDisposition(ctx, "", person, wave); err != nil {
				t.Fatal(err)
			}
		}
		sent := 0
		want := func(name string, left bool) {
			t.Helper()
			sent++
			kinds := map[bool][3]surveys.Kind{true: {surveys.NotFound, surveys.Closed, surveys.Closed}}[left]
			_, open := tr.OpenLink(ctx, invitation.Link)
			_, invite := tr.Invite(ctx, "", person, storetest.Later)
			_, submit := tr.Submit(ctx, tr.save(9, 0, "about_age", 50+sent))
			if got := [3]surveys.Kind{surveys.KindOf(open), surveys.KindOf(invite), surveys.KindOf(submit)}; got != kinds {
				t.Errorf("%s: OpenLink() = %v, Invite() = %v, Submit() = %v, want kinds %v", name, open, invite, submit, kinds)
			}
			page, err := tr.Sitting(ctx, person, storetest.Baseline)
			if err != nil || page.Withdrawn != left {
				t.Errorf("%s: Sitting() says withdrawn %v, %v, want %v", name, page.Withdrawn, err, left)
			}
		}

		record(storetest.Baseline, "declined")
		want("declined", false)
		record(storetest.Baseline, surveys.Withdrew)
		want("withdrew", true)
		if got := tr.due(person); len(got) != 2 || got[0] != "baseline refusal" || got[1] != "later refusal" {
			t.Errorf("due are %q, want what is final", got)
		}
		counts, err := tr.MonitorCounts(ctx, storetest.Study)
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, c := range counts {
			if c.Reason == surveys.Withdrew {
				n += c.N
			}
		}
		if n != 2 {
			t.Errorf("the monitor counts %d refusals of who withdrew, want one at each wave", n)
		}
		undo(storetest.Later)
		want("taken back at one of two waves", true)
		if got := tr.due(person); len(got) != 1 {
			t.Errorf("due are %q, want nothing that is open", got)
		}
		undo(storetest.Baseline)
		want("taken back", false)
		tr.wantRows("SELECT revision, answers FROM responses WHERE wave_id = 'baseline'", `3|{"mood_1":1,"about_age":54}`)
		tr.wantRows("SELECT COUNT(*) FROM enrolments WHERE withdrawn_at IS NOT NULL", "0")
		tr.wantFolds()
	})
}

// Nothing is taken from somebody once their withdrawal is recorded, however much was under way.
func TestWithdrawalAmongSubmissions(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		tr := newTrial(t, db, 1)
		stop := tr.flood(surveys.Closed)
		err := tr.RecordDisposition(context.Background(), "", tr.people[0], storetest.Baseline, surveys.Refusal, surveys.Withdrew)
		before := tr.Inspect(t, storedAnswers)
		stop()
		if err != nil {
			t.Fatal(err)
		}
		tr.wantRows(storedAnswers, before...)
		tr.refused("after the withdrawal", tr.save(9, 1, "mood_1", 1), surveys.Closed)
		tr.wantFolds()
	})
}
