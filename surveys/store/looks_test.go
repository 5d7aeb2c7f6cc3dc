package store_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"wellwave/surveys"
	"wellwave/surveys/store/storetest"
)

// audited returns the details of the trail's entries of an action, the oldest first.
func (tr *trial) audited(action string) (details []string) {
	tr.t.Helper()
	return tr.Inspect(tr.t, "SELECT detail FROM audit WHERE action = '"+action+"' ORDER BY id")
}

// A look tells every answer with who gave it, every change with what stood before, and stands in the trail first; without a
// reason there is none.
func TestLookAtAnswers(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		tr, ctx := newTrial(t, db, 1), context.Background()
		manager, err := tr.AddAccount(ctx, "", surveys.NewAccount{Email: "manager@example.org", Name: "Manager", Role: surveys.DataManager}, password)
		if err != nil {
			t.Fatal(err)
		}
		person := tr.people[0]
		if err := tr.CorrectAnswer(ctx, manager.ID, person, storetest.Baseline, storetest.SittingID(8), given("mood_1", 2)[0], surveys.TypedWrong); surveys.KindOf(err) != surveys.Conflict {
			t.Errorf("correct what is not there: %v", err)
		}
		tr.submit(tr.save(1, 1, "mood_1", 1))
		tr.submit(tr.save(1, 2, "mood_1", 2)) // a change of mind on the way, which is no change
		whole := tr.wholeOf(1, 0, surveys.Web)
		whole.Seq = 3
		tr.submit(whole)
		tr.wait(1)
		correct := func(form, code string, v surveys.Value, why surveys.CorrectionReason) error {
			return tr.CorrectAnswer(ctx, manager.ID, person, storetest.Baseline, form, surveys.ItemAnswer{Code: code, Value: v}, why)
		}
		was := tr.standsAs()
		form := storetest.SittingID(9)
		for _, bad := range []struct {
			name string
			err  error
			want surveys.Kind
		}{
			{"no reason", correct(form, "mood_1", surveys.Number(3), 0), surveys.Invalid},
			{"no answer", correct(form, "mood_1", surveys.Number(99), surveys.TypedWrong), surveys.Invalid},
			{"no item", correct(form, "nothing", surveys.Number(1), surveys.TypedWrong), surveys.Invalid},
			{"no form", correct("", "mood_1", surveys.Number(3), surveys.TypedWrong), surveys.Invalid},
		} {
			if surveys.KindOf(bad.err) != bad.want {
				t.Errorf("%s: %v", bad.name, bad.err)
			}
		}
		for range 2 { // the button pressed twice corrects once
			if err := correct(form, "mood_1", surveys.Number(4), surveys.TypedWrong); err != nil {
				t.Fatal(err)
			}
		}
		if err := correct(form, "mood_1", surveys.Number(5), surveys.TypedWrong); surveys.KindOf(err) != surveys.Conflict {
			t.Errorf("another answer under the same form: %v", err)
		}
		if err := correct(storetest.SittingID(10), "mood_2", surveys.Absent(surveys.NotRecorded), surveys.PersonAsked); err != nil {
			t.Fatal(err)
		}
		if now := tr.standsAs(); strings.Split(now, "|")[0] != strings.Split(was, "|")[0] {
			t.Errorf("after corrections the response stands as %q, before as %q", now, was)
		}
		tr.wantFolds()

		for name, look := range map[string]surveys.Look{"no reason": {}, "a long note": {Why: surveys.LookToCheck, Note: strings.Repeat("é", surveys.MaxLookNote+1)},
			"a note that turns": {Why: surveys.LookToCheck, Note: "visit \u202e7"}, "lines": {Why: surveys.LookToCheck, Note: "a\nb"}} {
			if got, err := tr.LookAtAnswers(ctx, manager.ID, person, look); surveys.KindOf(err) != surveys.Invalid || got != nil {
				t.Errorf("%s: %v, %v", name, got, err)
			}
		}
		if _, err := tr.LookAtAnswers(ctx, manager.ID, "nobody", surveys.Look{Why: surveys.LookToCheck}); surveys.KindOf(err) != surveys.NotFound {
			t.Errorf("look at nobody: %v", err)
		}
		if got := tr.audited("answers.look"); len(got) != 0 {
			t.Errorf("looks that were refused are in the trail: %q", got)
		}
		all, err := tr.LookAtAnswers(ctx, manager.ID, person, surveys.Look{Why: surveys.LookToVerify, Note: "visit 7 🙂"})
		if err != nil || len(all) != 1 {
			t.Fatalf("%d waves, %v", len(all), err)
		}
		if got := strings.Join(tr.audited("answers.look"), "; "); got != "monitoring: visit 7 🙂" {
			t.Errorf("the trail says %q", got)
		}
		says := func(c surveys.Change) string {
			return fmt.Sprint(c.Code, " ", c.From, ">", c.To, " ", c.By.Kind, " ", c.Why, " ", c.How.Mode)
		}
		var got []string
		for _, c := range all[0].Changes {
			got = append(got, says(c))
		}
		first := storetest.Answers(0)
		want := fmt.Sprintf("[mood_1 %v>4 account typed web mood_2 %v>%v account asked web]", first[0].Value, first[1].Value, surveys.Absent(surveys.NotRecorded))
		if fmt.Sprint(got) != want {
			t.Errorf("changes %v, want %s", got, want)
		}
		if o := all[0].Origins; o[0].By.Account() != manager.ID || o[2].By != surveys.Themselves() || o[2].Why != 0 {
			t.Errorf("the answers come from %+v", o[:3])
		}
		told, err := tr.ListChanges(ctx, person)
		if err != nil || len(told) != 2 || told[0].Code != "" || told[0].From != (surveys.Value{}) || told[0].To != (surveys.Value{}) {
			t.Errorf("without answers: %+v, %v", told, err)
		}

		// Of who has asked for erasure nothing is shown, and that is before anything is blanked.
		if err := tr.Withdraw(ctx, surveys.Withdrawal{Enrolment: person, Level: surveys.EraseAnswers, Channel: surveys.ByCode}); err != nil {
			t.Fatal(err)
		}
		if got, err := tr.LookAtAnswers(ctx, manager.ID, person, surveys.Look{Why: surveys.LookToCheck}); surveys.KindOf(err) != surveys.Closed || got != nil {
			t.Errorf("look at who asked for erasure: %v, %v", got, err)
		}
		if told, err := tr.ListChanges(ctx, person); len(told) != 0 || err != nil {
			t.Errorf("changes of who asked for erasure: %v, %v", told, err)
		}
	})
}
