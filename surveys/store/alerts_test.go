package store_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"wellwave/surveys"
	"wellwave/surveys/library"
	"wellwave/surveys/store"
	"wellwave/surveys/store/storetest"
)

// newGuarded opens the pilot with a safety plan and n people.
func newGuarded(t *testing.T, db storetest.Database, n int) *trial {
	t.Helper()
	tr := &trial{t: t, ahead: new(atomic.Int64)}
	tr.Store = db.Open(t, storetest.Clock(tr.now))
	definitions, err := library.Definitions()
	if err != nil {
		t.Fatal(err)
	}
	storetest.LoadSafety(t, tr.Store, definitions)
	tr.people = storetest.Enrol(t, tr.Store, n)
	return tr
}

// alerts returns the alerts of the study.
func (tr *trial) alerts() []surveys.Alert {
	tr.t.Helper()
	list, err := tr.ListAlerts(context.Background(), storetest.Study)
	if err != nil {
		tr.t.Fatal(err)
	}
	return list
}

func (tr *trial) wantAlerts(when string, n int) {
	tr.t.Helper()
	if got := len(tr.alerts()); got != n {
		tr.t.Errorf("%s there are %d alerts, want %d", when, got, n)
	}
	tr.wantFolds()
}

// account adds an account for somebody of the safety plan.
func (tr *trial) account(email string) surveys.AccountID {
	tr.t.Helper()
	made, err := tr.AddAccount(context.Background(), "", surveys.NewAccount{Email: email, Name: "Somebody", Role: surveys.Researcher}, "three unrelated words")
	if err != nil {
		tr.t.Fatal(err)
	}
	return made.ID
}

const item9 = "phq9_9"

func TestAlertOnConfirmedAnswer(t *testing.T) {
	draft := func(sub surveys.Submission) surveys.Submission { sub.Draft = true; return sub }
	finish := func(sub surveys.Submission) surveys.Submission { sub.Finish = true; return sub }
	anyhow := func(sub surveys.Submission) surveys.Submission { sub.Seq, sub.Renumber = 0, true; return sub }
	tests := []struct {
		name  string
		steps func(tr *trial) []surveys.Submission
		want  []int // alerts after each step
	}{
		{"the lowest option", func(tr *trial) []surveys.Submission { return []surveys.Submission{tr.save(1, 1, item9, 0)} }, []int{0}},
		{"another item", func(tr *trial) []surveys.Submission { return []surveys.Submission{tr.save(1, 1, "phq9_1", 3)} }, []int{0}},
		{"any option above the lowest, as the first save of all", func(tr *trial) []surveys.Submission { return []surveys.Submission{tr.save(1, 1, item9, 1)} }, []int{1}},
		{"sent twice, corrected up, down and up", func(tr *trial) []surveys.Submission {
			return []surveys.Submission{tr.save(1, 1, "phq9_1", 3), tr.save(1, 2, item9, 1), tr.save(1, 2, item9, 1), tr.save(1, 3, item9, 3), tr.save(1, 4, item9, 0), tr.save(1, 5, item9, 2)}
		}, []int{0, 1, 1, 1, 1, 1}},
		{"a draft that is taken back", func(tr *trial) []surveys.Submission {
			return []surveys.Submission{draft(tr.save(1, 1, item9, 3)), draft(tr.save(1, 2, item9, 0)), tr.save(1, 3, item9, 0), finish(tr.save(1, 4))}
		}, []int{0, 0, 0, 0}},
		{"a draft that Continue confirms", func(tr *trial) []surveys.Submission {
			return []surveys.Submission{draft(tr.save(1, 1, item9, 3)), tr.save(1, 2, item9, 3)}
		}, []int{0, 1}},
		{"a draft that Continue confirms under the number of the draft", func(tr *trial) []surveys.Submission {
			confirm := tr.save(1, 1, item9, 3)
			confirm.Renumber = true
			return []surveys.Submission{draft(tr.save(1, 1, item9, 3)), confirm, confirm}
		}, []int{0, 1, 1}},
		{"a draft that a page without numbers confirms", func(tr *trial) []surveys.Submission {
			return []surveys.Submission{draft(tr.save(1, 1, item9, 3)), anyhow(tr.save(1, 0, item9, 3)), anyhow(tr.save(1, 0, item9, 3))}
		}, []int{0, 1, 1}},
		{"a draft that finishing confirms", func(tr *trial) []surveys.Submission {
			return []surveys.Submission{draft(tr.save(1, 1, item9, 3)), tr.save(1, 2, "phq9_1", 0), finish(tr.save(1, 3))}
		}, []int{0, 0, 1}},
		{"two sittings, as two devices have", func(tr *trial) []surveys.Submission {
			return []surveys.Submission{tr.save(1, 1, item9, 2), tr.save(2, 1, item9, 3)}
		}, []int{1, 1}},
		{"a file", func(tr *trial) []surveys.Submission {
			sub := tr.save(1, 0, item9, 2)
			sub.Bulk, sub.How.Mode = true, surveys.Bulk
			return []surveys.Submission{sub, sub}
		}, []int{1, 1}},
		{"entry from paper", func(tr *trial) []surveys.Submission {
			sub := tr.save(1, 1, item9, 2)
			sub.How.Mode, sub.AnsweredAt = surveys.Paper, storetest.Start.AddDate(0, 0, -1)
			return []surveys.Submission{sub}
		}, []int{1}},
	}
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		tr := newGuarded(t, db, len(tests))
		raised := 0
		for i, tt := range tests {
			for step, sub := range tt.steps(tr) {
				sub.Enrolment, sub.Sitting = tr.people[i], storetest.SittingID(i)[:16]+sub.Sitting[16:]
				receipt, err := tr.Submit(t.Context(), sub)
				if err != nil {
					t.Errorf("%s, step %d: %v", tt.name, step+1, err)
				}
				if got := len(tr.alerts()) - raised; got != tt.want[step] {
					t.Errorf("%s, step %d: %d alerts, want %d", tt.name, step+1, got, tt.want[step])
				}
				if first := step == 0 || tt.want[step-1] == 0; receipt.Alert != (tt.want[step] == 1 && first) && !receipt.Repeated {
					t.Errorf("%s, step %d: the receipt says %v about an alert", tt.name, step+1, receipt.Alert)
				}
			}
			raised += tt.want[len(tt.want)-1]
		}
		tr.wantFolds()
	})
}

// TestAlertSaysNothing looks for the answer in everything that an alert writes.
func TestAlertSaysNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		tr := newGuarded(t, db, 1)
		by := tr.account(storetest.DutyHolder)
		sub := tr.save(1, 1, item9, 3)
		sub.How.DeviceTime = tr.now().Add(-73 * time.Hour)
		tr.submit(sub)
		alert := tr.alerts()[0]
		if !alert.Trial || alert.Label != "P00001" || alert.Site != "north" || alert.Arrival() != "Answered 3 days before it arrived." {
			t.Errorf("the alert is %+v, %q", alert, alert.Arrival())
		}
		if err := tr.RecordAlertAction(t.Context(), by, storetest.Study, alert.ID, "reached"); err != nil {
			t.Fatal(err)
		}
		// The item stands in the key that keeps an alert to one, and in the ledger with what is folded from it.
		knows := []string{"alerts", "submissions", "responses", "instruments", "wordings"}
		for table, rows := range tr.everything() {
			if text := strings.Join(rows, "\n"); strings.Contains(text, item9) && !slices.Contains(knows, table) {
				t.Errorf("%s speaks of the item: %s", table, text)
			}
		}
		for _, table := range []string{"alerts", "alert_messages", "alert_actions", "audit"} {
			for _, row := range tr.everything()[table] {
				if fields := strings.Split(row, "|"); slices.Contains(fields, "3") || strings.Contains(row, "Better off dead") {
					t.Errorf("%s tells the answer: %s", table, row)
				}
			}
		}
		tr.wantRows("SELECT action, detail FROM audit WHERE action LIKE 'alert%'", "alert.action|reached")
	})
}

func TestAlertRoute(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		tr := newGuarded(t, db, 3)
		by := tr.account(storetest.DutyHolder)
		claim := func() (steps []string) {
			t.Helper()
			mails, err := tr.ClaimAlertMail(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			for _, mail := range mails {
				steps = append(steps, mail.Step.String()+" to "+mail.To.Email)
				if err := tr.AlertMailSent(t.Context(), mail); err != nil {
					t.Fatal(err)
				}
			}
			return steps
		}
		pass := func(d time.Duration) { tr.ahead.Add(int64(d)) }
		want := func(when string, steps ...string) {
			t.Helper()
			if got := claim(); !slices.Equal(got, steps) {
				t.Errorf("%s these are sent: %q, want %q", when, got, steps)
			}
		}
		tr.submit(tr.save(1, 1, item9, 1))
		want("at once", "duty-holder to "+storetest.DutyHolder)
		want("and then")
		pass(61 * time.Minute)
		want("after an hour", "deputy to "+storetest.Deputy)
		pass(3 * time.Hour)
		want("after four hours", "escalation to "+storetest.Escalation)
		pass(48 * time.Hour)
		want("later")

		pass(11 * time.Hour) // out of hours: Wednesday night
		other := tr.save(2, 1, item9, 1)
		other.Enrolment = tr.people[1]
		tr.submit(other)
		want("at night", "deputy to "+storetest.Deputy, "duty-holder to "+storetest.DutyHolder)
		open := tr.alerts()[0]
		if !open.Open() || len(open.Messages) != 3 || open.Messages[0].SentTo.Name != "Dr Duty" || !open.Messages[2].SentAt.IsZero() {
			t.Errorf("the open alert is %+v", open)
		}
		if err := tr.RecordAlertAction(t.Context(), by, storetest.Study, open.ID, "taken-on"); err != nil {
			t.Fatal(err)
		}
		if err := tr.RecordAlertAction(t.Context(), by, storetest.Study, open.ID, "reached"); err != nil {
			t.Fatal(err)
		}
		pass(24 * time.Hour)
		want("after somebody took it on")
		done, err := tr.FindAlert(t.Context(), storetest.Study, open.ID)
		if err != nil || len(done.Actions) != 2 || !done.Messages[2].Dropped || done.Open() {
			t.Errorf("FindAlert() = %+v, %v", done, err)
		}
		if err := tr.RecordAlertAction(t.Context(), by, storetest.Study, open.ID, "felt sad"); surveys.KindOf(err) != surveys.Invalid {
			t.Errorf("an action in free text: %v", err)
		}
		if err := tr.RecordAlertAction(t.Context(), by, "other", open.ID, "reached"); surveys.KindOf(err) != surveys.NotFound {
			t.Errorf("an action on an alert of another study: %v", err)
		}
		if n, err := tr.OpenAlerts(t.Context()); err != nil || n[storetest.Study] != 1 {
			t.Errorf("OpenAlerts() = %v, %v, want the first one", n, err)
		}
	})
}

// TestAlertMailOfTwoServers has two stores on one database, and one of them dying, take messages on.
func TestAlertMailOfTwoServers(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		const people = 12
		tr := newGuarded(t, db, people)
		second := db.Open(t, storetest.Clock(tr.now))
		for i, person := range tr.people {
			sub := tr.save(100+i, 1, item9, 2)
			sub.Enrolment = person
			tr.submit(sub)
		}
		claim := func(stores ...*store.Store) map[surveys.AlertID]int {
			t.Helper()
			times := make(map[surveys.AlertID]int)
			var mu sync.Mutex
			var wg sync.WaitGroup
			for _, s := range slices.Repeat(stores, 4) {
				wg.Go(func() {
					for {
						mails, err := s.ClaimAlertMail(context.Background())
						if err != nil && surveys.KindOf(err) != surveys.Unavailable {
							t.Error(err)
						}
						if len(mails) == 0 {
							return
						}
						mu.Lock()
						for _, mail := range mails {
							times[mail.Alert.ID]++
						}
						mu.Unlock()
					}
				})
			}
			wg.Wait()
			return times
		}
		once := func(when string, times map[surveys.AlertID]int) {
			t.Helper()
			if len(times) != people {
				t.Errorf("%s %d messages are taken on, want %d", when, len(times), people)
			}
			for id, n := range times {
				if n != 1 {
					t.Errorf("%s the message of %s is taken on %d times", when, id, n)
				}
			}
		}
		once("at first", claim(tr.Store, second))
		if times := claim(tr.Store, second); len(times) != 0 {
			t.Errorf("while they are being sent, %d are taken on again", len(times))
		}
		tr.ahead.Add(int64(3 * time.Minute)) // whoever had them has died
		once("after their server died", claim(second))
	})
}

func TestAlertMailBacksOff(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		tr := newGuarded(t, db, 1)
		tr.submit(tr.save(1, 1, item9, 1))
		var waits []string
		last := tr.now()
		for len(waits) < 8 {
			mails, err := tr.ClaimAlertMail(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			for _, mail := range mails {
				if mail.Step == surveys.TellDutyHolder {
					waits = append(waits, tr.now().Sub(last).String())
					last = tr.now()
				}
				if err := tr.AlertMailFailed(t.Context(), mail); err != nil {
					t.Fatal(err)
				}
			}
			tr.ahead.Add(int64(30 * time.Second))
		}
		if got, want := strings.Join(waits, " "), "0s 30s 1m0s 2m0s 4m0s 8m0s 15m0s 15m0s"; got != want {
			t.Errorf("it is tried after %s, want %s", got, want)
		}
		if got := tr.alerts()[0].Messages[0].Tries; got != 8 {
			t.Errorf("the alert knows of %d tries, want 8", got)
		}
	})
}

// TestAlertsAndErasure keeps an alert that nobody has taken on, and no other trace of one.
func TestAlertsAndErasure(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		tr := newGuarded(t, db, 2)
		by := tr.account(storetest.DutyHolder)
		for i, person := range tr.people {
			sub := tr.save(50+i, 1, item9, 2)
			sub.Enrolment = person
			tr.submit(sub)
		}
		for _, alert := range tr.alerts() {
			if alert.Enrolment == tr.people[0] {
				if err := tr.RecordAlertAction(t.Context(), by, storetest.Study, alert.ID, "reached"); err != nil {
					t.Fatal(err)
				}
			}
		}
		tr.withdraw(tr.people[0], surveys.EraseAnswers)
		tr.wantAlerts("after the person of a closed alert asked for erasure", 1)
		tr.withdraw(tr.people[1], surveys.EraseAnswers)
		tr.wantAlerts("after the person of an open alert asked for erasure", 1)
		tr.eraseDue(2)
		tr.wantAlerts("when both are erased", 1)
		if err := tr.ForgetErased(t.Context()); err != nil {
			t.Error(err)
		}
		const waiting = "SELECT COUNT(*) FROM withdrawals WHERE forgotten_at IS NULL"
		tr.wantRows(waiting, "0")
		if err := tr.RecordAlertAction(t.Context(), by, storetest.Study, tr.alerts()[0].ID, "reached"); err != nil {
			t.Fatal(err)
		}
		tr.wantAlerts("when that is acted on", 0)
		tr.wantRows("SELECT (SELECT COUNT(*) FROM alert_messages), (SELECT COUNT(*) FROM alert_actions)", "0|0")
		tr.wantRows(waiting, "1") // what was deleted now is to be forgotten too
		if err := tr.ForgetErased(t.Context()); err != nil {
			t.Error(err)
		}
		tr.wantRows(waiting, "0")
	})
}

// TestNoAnswerWithoutAlert loses the alert's row and wants the answer gone with it.
func TestNoAnswerWithoutAlert(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		tr := newGuarded(t, db, 1)
		if err := tr.Exec(t.Context(), "ALTER TABLE alert_messages RENAME TO elsewhere"); err != nil {
			t.Fatal(err)
		}
		if _, err := tr.Submit(t.Context(), tr.save(1, 1, item9, 1)); err == nil || !strings.Contains(err.Error(), "alert_messages") {
			t.Errorf("Submit() without the alert's table = %v, want that table missed", err)
		}
		if err := tr.Exec(t.Context(), "ALTER TABLE elsewhere RENAME TO alert_messages"); err != nil {
			t.Fatal(err)
		}
		tr.wantRows("SELECT (SELECT COUNT(*) FROM submissions), (SELECT COUNT(*) FROM alerts)", "0|0")
		tr.submit(tr.save(1, 1, item9, 1))
		tr.wantAlerts("when the same is sent again,", 1)
		if err := tr.Exec(t.Context(), "DELETE FROM alert_messages"); err != nil {
			t.Fatal(err)
		}
		if err := tr.Exec(t.Context(), "DELETE FROM alerts"); err != nil {
			t.Fatal(err)
		}
		wrong, err := tr.CheckFolds(t.Context(), nil)
		if err != nil || len(wrong) != 1 || wrong[0].What != "an answer to a safety item raised no alert" {
			t.Errorf("CheckFolds() = %v, %v, want the alert missed", wrong, err)
		}
	})
}

// TestGoLiveWithSafetyItem removes what is in the way one by one.
func TestGoLiveWithSafetyItem(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		tr := newGuarded(t, db, 1)
		live := func() error { return tr.SetStudyState(t.Context(), "", storetest.Study, surveys.Live) }
		wantConflict(t, live(), "No server of this database can send e-mail")
		wantConflict(t, live(), "The duty holder, Dr Duty, has no account")
		wantConflict(t, live(), "The deputy, Dr Deputy, has no account")
		tr.account(storetest.DutyHolder)
		tr.account(storetest.Deputy)
		if err := tr.NoteMailRoute(t.Context()); err != nil {
			t.Fatal(err)
		}
		tr.ahead.Add(int64(16 * time.Minute))
		wantConflict(t, live(), "No server of this database can send e-mail")
		if err := tr.NoteMailRoute(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := live(); err != nil {
			t.Fatal(err)
		}
		definitions, err := library.Definitions()
		if err != nil {
			t.Fatal(err)
		}
		without, _, _ := strings.Cut(storetest.SafetySource(t), "safety:")
		_, _, err = tr.LoadStudy(t.Context(), "", "study.yaml", []byte(without), definitions)
		wantConflict(t, err, "- the safety plan is gone")
		newDeputy := strings.Replace(storetest.SafetySource(t), storetest.Deputy, "new@example.org", 1)
		_, _, err = tr.LoadStudy(t.Context(), "", "study.yaml", []byte(newDeputy), definitions)
		wantConflict(t, err, "The deputy, Dr Deputy, has no account")
		tr.account("new@example.org")
		load(t, tr.Store, newDeputy, definitions)
		tr.submit(tr.save(1, 1, item9, 1))
		if alert := tr.alerts()[0]; alert.Trial {
			t.Error("an alert of a live study says that it is a trial")
		}
	})
}

// TestAlertHoweverItArrives raises alerts for answers that do not count as others do: they were said all the same.
func TestAlertHoweverItArrives(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		tr := newGuarded(t, db, 3)
		as := func(person int, sub surveys.Submission) surveys.Submission {
			sub.Enrolment = tr.people[person]
			return sub
		}
		tr.submit(as(0, tr.save(1, 1, "phq9_1", 1)))
		if receipt := tr.refused("other content under a number that was used", as(0, tr.save(1, 1, item9, 2)), surveys.Conflict); !receipt.Alert {
			t.Errorf("the receipt is %+v, want one with an alert", receipt)
		}
		tr.wantAlerts("after a conflict", 1)
		tr.submit(as(1, tr.save(2, 1, item9, 0)))
		tr.wait(70)
		if receipt := tr.submit(as(1, tr.save(3, 1, item9, 1))); receipt.LateDays == 0 || !receipt.Alert {
			t.Errorf("the receipt is %+v, want a late one with an alert", receipt)
		}
		tr.wantAlerts("after an answer that came after closing", 2)
		for _, state := range []surveys.StudyState{surveys.Ended, surveys.Locked} {
			if err := tr.SetStudyState(t.Context(), "", storetest.Study, state); err != nil {
				t.Fatal(err)
			}
		}
		if receipt := tr.submit(as(2, tr.save(4, 1, item9, 3))); receipt.Verdict != surveys.Aside || !receipt.Alert {
			t.Errorf("the receipt is %+v, want one set aside with an alert", receipt)
		}
		tr.wantAlerts("after an answer that came after the lock", 3)
	})
}
