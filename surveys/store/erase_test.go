package store_test

import (
	"context"
	"testing"
	"time"

	"wellwave/scoring"
	"wellwave/surveys"
	"wellwave/surveys/store/storetest"
)

// wantWhole fails the test for anything that the doctor finds.
func (tr *trial) wantWhole(when string) {
	tr.t.Helper()
	if faults, err := tr.Examine(context.Background()); err != nil || len(faults) > 0 {
		tr.t.Errorf("%s: Examine() = %q, %v, want nothing wrong", when, faults, err)
	}
	tr.wantFolds()
}

// Answers that wait for their erasure are nowhere to be seen, come back as they were when it is taken back, and are gone once
// it is due.
func TestErasureWaits(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		tr := newTrial(t, db, 2)
		ctx, person := context.Background(), tr.people[0]
		tr.finish(0)
		released, err := tr.FreezeRelease(ctx, surveys.Release{Study: storetest.Study, Profile: surveys.TeamRelease, Plan: "{}"})
		if err != nil {
			t.Fatal(err)
		}
		tr.submit(tr.save(9, 1, "mood_1", 2)) // so that the release reads the ledger
		tr.refused("another answer under the same number", tr.save(9, 1, "mood_1", 3), surveys.Conflict)
		tr.sql("UPDATE enrolments SET simd_decile = 1, simd_version = '2020v2'")
		const answers = `SELECT r.answers, r.origins, r.revision, r.outcome, r.disposition, r.mode, r.finished_at, s.scale_id, s.value, s.answered
			FROM responses r JOIN scores s ON s.response_id = r.id ORDER BY r.id, s.scale_id`
		before := tr.Inspect(t, answers)
		contents := tr.Inspect(t, "SELECT content, digest FROM submissions ORDER BY sitting, seq, attempt")
		seen := func() (n int) {
			t.Helper()
			if err := tr.EachReleased(ctx, released, storetest.Baseline, nil, scoring.RuleVersion, 0, 1, func(r *surveys.ReleasedResponse) error {
				n += len(r.Answers)
				return nil
			}); err != nil {
				t.Fatal(err)
			}
			return n - len("{}")
		}
		if seen() == 0 {
			t.Fatal("the release holds nothing, so this shows nothing")
		}
		told := surveys.Withdrawal{Enrolment: person, Level: surveys.EraseAnswers, Channel: surveys.ByTelephone}
		if err := tr.Withdraw(ctx, told); err != nil {
			t.Fatal(err)
		}
		tr.wantWhole("while it waits")
		tr.wantRows(answers)
		tr.wantRows("SELECT content, digest FROM submissions ORDER BY sitting, seq, attempt", contents...)
		if n := seen(); n != 0 {
			t.Errorf("a release still reads %d bytes of answers that wait for erasure", n)
		}
		if list, err := tr.ListDiscrepancies(ctx, storetest.Study, storetest.Baseline); len(list) != 0 || err != nil {
			t.Errorf("ListDiscrepancies() = %v, %v, want nothing of who is to be erased", list, err)
		}
		if found, err := tr.FindEnrolment(ctx, person); found.SIMDDecile != 0 || found.SIMDVersion != "" || err != nil {
			t.Errorf("FindEnrolment() = %+v, %v, want nothing of where they live", found, err)
		}
		tr.refused("the same save again", tr.save(9, 1, "mood_1", 2), surveys.Closed)
		tr.eraseDue(0) // the day that counts where the person asked themselves
		if err := tr.UndoWithdrawal(ctx, "", person, "mistake"); err != nil {
			t.Fatal(err)
		}
		tr.wantRows(answers, before...)
		tr.wantWhole("taken back")
		if seen() == 0 {
			t.Error("the release has lost what came back")
		}
		tr.wait(7)
		tr.eraseDue(0)

		if err := tr.Withdraw(ctx, told); err != nil {
			t.Fatal(err)
		}
		tr.ahead.Add(int64(surveys.AtDesk.ErasureWait(surveys.DefaultErasureDays) - time.Millisecond))
		if n, err := tr.EraseDue(ctx); n != 0 || err != nil {
			t.Errorf("EraseDue() a moment before = %d, %v, want none", n, err)
		}
		tr.ahead.Add(int64(time.Millisecond))
		if err := tr.UndoWithdrawal(ctx, "", person, "mistake"); surveys.KindOf(err) != surveys.Conflict {
			t.Errorf("UndoWithdrawal() when it is due = %v, want Conflict", err)
		}
		for _, want := range []int{1, 0} {
			if n, err := tr.EraseDue(ctx); n != want || err != nil {
				t.Errorf("EraseDue() = %d, %v, want %d", n, err, want)
			}
		}
		tr.wantRows("SELECT COUNT(*) FROM submissions WHERE content <> '' OR digest <> ''", "0")
		tr.wantWhole("erased")
	})
}

// How long an erasure waits is what the study's file said when it was asked for, whatever a later one says.
func TestErasureWaitsAsPromised(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		tr := newTrial(t, db, 12) // six at each site
		ctx := context.Background()
		desk, team := tr.member("desk", surveys.Practice), tr.member("ada", surveys.Researcher)
		const dues = "SELECT (er.due_at - w.at) / 3600000 FROM erasures er JOIN withdrawals w ON w.enrolment_id = er.enrolment_id AND w.number = er.number ORDER BY w.at, w.enrolment_id"
		north := tr.Inspect(t, "SELECT id FROM enrolments WHERE site_id = 'north' ORDER BY id")
		told := func(person string) {
			t.Helper()
			tr.ahead.Add(int64(time.Second))
			tr.wantNoErr("Withdraw()", tr.Withdraw(ctx, surveys.Withdrawal{Enrolment: surveys.EnrolmentID(person), Level: surveys.EraseAnswers, Channel: surveys.AtDesk, By: desk}))
		}
		told(north[0])
		storetest.DelayErasure(t, tr.Store, 2)
		for _, person := range north[1:4] { // the last of them waits for a second person
			told(person)
		}
		storetest.DelayErasure(t, tr.Store, 30)
		tr.wantNoErr("decide", tr.decide(surveys.EraseMore, team, "checked"))
		tr.withdraw(surveys.EnrolmentID(north[4]), surveys.EraseAnswers) // by the person
		tr.wantRows(dues, "168", "48", "48", "48", "24")
		tr.ahead.Add(int64(time.Hour))
		storetest.DelayErasure(t, tr.Store, 0)
		told(north[5])
		tr.wantKind("take back what is gone at once", tr.UndoWithdrawal(ctx, team, surveys.EnrolmentID(north[5]), "mistake"), surveys.Conflict)
		if n, err := tr.EraseDue(ctx); n != 1 || err != nil {
			t.Errorf("EraseDue() = %d, %v, want the one of no days", n, err)
		}
		tr.wantWhole("at the end")
	})
}

// Whoever had asked for less before is there again when the erasure is taken back.
func TestErasureIsTakenBackToWhatHeldBefore(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		tr := newTrial(t, db, 1)
		ctx, person := context.Background(), tr.people[0]
		tr.finish(0)
		tr.withdraw(person, surveys.StopCollection)
		const standing = "SELECT e.withdrawal, r.wave_id, r.disposition, r.disposition_reason, r.answers FROM enrolments e JOIN responses r ON r.enrolment_id = e.id ORDER BY r.wave_id"
		before := tr.Inspect(t, standing)
		tr.withdraw(person, surveys.EraseAnswers)
		if err := tr.UndoWithdrawal(ctx, "", person, "mistake"); err != nil {
			t.Fatal(err)
		}
		tr.wantRows(standing, before...)
		tr.wantWhole("taken back")
		tr.wantRows("SELECT detail FROM audit WHERE action = 'withdrawal.undo'", "mistake, back to no-collection")
		if err := tr.UndoWithdrawal(ctx, "", person, "mistake"); err != nil {
			t.Fatal(err)
		}
		tr.wantRows("SELECT withdrawal FROM enrolments", "")
		tr.wantWhole("back in the study")
	})
}

// The doctor finds an erasure of which a part is missing, and one that no server carries out.
func TestExamineErasures(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		tr := newTrial(t, db, 1)
		tr.finish(0)
		tr.withdraw(tr.people[0], surveys.EraseAnswers)
		for _, tt := range []struct{ breaks, mends string }{
			{"UPDATE submissions SET erased_at = NULL", "UPDATE submissions SET erased_at = 1"},
			{"UPDATE erasures SET undone_at = 1", "UPDATE erasures SET undone_at = NULL"},
			{"UPDATE enrolments SET withdrawal = 'no-contact'", "UPDATE enrolments SET withdrawal = 'erasure'"},
			{"UPDATE erasures SET due_at = 1", "UPDATE erasures SET due_at = 9999999999999"},
		} {
			tr.wantWhole("before " + tt.breaks)
			tr.sql(tt.breaks)
			if faults, err := tr.Examine(context.Background()); err != nil || len(faults) == 0 {
				t.Errorf("%s: Examine() = %q, %v, want a fault", tt.breaks, faults, err)
			}
			tr.sql(tt.mends)
		}
	})
}
