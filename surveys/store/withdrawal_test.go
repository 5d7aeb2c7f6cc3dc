package store_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

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

// withdraw lets somebody leave by their own code.
func (tr *trial) withdraw(person surveys.EnrolmentID, level surveys.WithdrawalLevel) {
	tr.t.Helper()
	if err := tr.Withdraw(context.Background(), surveys.Withdrawal{Enrolment: person, Level: level, Channel: surveys.ByCode}); err != nil {
		tr.t.Fatal(err)
	}
}

// finish answers everything at baseline as the given person.
func (tr *trial) finish(person int) {
	tr.t.Helper()
	sub := tr.save(500+person, 1)
	sub.Enrolment, sub.Finish, sub.Answers = tr.people[person], true, append(storetest.Answers(person), given("about_age", 40)...)
	tr.submit(sub)
}

const withdrawals = "SELECT number, level, channel, reason, COALESCE(account_id, '') FROM withdrawals ORDER BY number"

func TestWithdrawal(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		tests := []struct {
			level   surveys.WithdrawalLevel
			takes   bool // what is still on its way
			waves   string
			refused int
		}{
			{surveys.StopContact, true, "later refusal", 1},
			{surveys.StopCollection, false, "baseline refusal, later refusal", 2},
			{surveys.EraseAnswers, false, "baseline refusal, later refusal", 2},
		}
		for _, tt := range tests {
			t.Run(tt.level.String(), func(t *testing.T) {
				tr := newTrial(t, db, 2)
				ctx, person := context.Background(), tr.people[0]
				tr.submit(tr.save(9, 1, "mood_1", 1))
				invitation, err := tr.Invite(ctx, "", person, storetest.Baseline)
				if err != nil {
					t.Fatal(err)
				}
				tr.withdraw(person, tt.level)
				tr.withdraw(person, tt.level) // pressed twice
				if got := tr.Inspect(t, withdrawals); len(got) != 1 || got[0] != "1|"+tt.level.String()+"|code||" {
					t.Errorf("withdrawals are %q", got)
				}
				tr.wantRows("SELECT detail FROM audit WHERE action = 'withdrawal.record'", tt.level.String()+" by code")
				tr.wantRows("SELECT COUNT(*) FROM invitations WHERE ended_at IS NULL", "0")
				if _, err := tr.OpenLink(ctx, invitation.Link); surveys.KindOf(err) != surveys.NotFound {
					t.Errorf("OpenLink() = %v, want it ended", err)
				}
				if _, err := tr.Invite(ctx, "", person, storetest.Later); surveys.KindOf(err) != surveys.Closed {
					t.Errorf("Invite() = %v, want nobody invited who has left", err)
				}
				agreed := surveys.ConsentGiven{Version: "1", Language: "en", Clauses: []string{"take-part"}, Sitting: storetest.SittingID(1)}
				if err := tr.Consent(ctx, person, storetest.Baseline, agreed); surveys.KindOf(err) != surveys.Closed {
					t.Errorf("Consent() = %v, want none of who has left", err)
				}
				if err := tr.RecordDisposition(ctx, "", person, storetest.Baseline, surveys.OtherEligible, "died"); surveys.KindOf(err) != surveys.Closed {
					t.Errorf("RecordDisposition() = %v, want Closed", err)
				}
				_, err = tr.Submit(ctx, tr.save(9, 0, "about_age", 50))
				if want := map[bool]surveys.Kind{false: surveys.Closed}[tt.takes]; surveys.KindOf(err) != want || (err == nil) != tt.takes {
					t.Errorf("Submit() = %v, want kind %v", err, want)
				}
				event := []surveys.Event{{Enrolment: person, Kind: "contact", On: tr.now(), Attended: true}}
				if err, want := tr.AddEvents(ctx, "", storetest.Study, event), map[bool]surveys.Kind{false: surveys.Closed}[tt.takes]; surveys.KindOf(err) != want || (err == nil) != tt.takes {
					t.Errorf("AddEvents() = %v, want kind %v", err, want)
				}
				if got := strings.Join(tr.due(person), ", "); got != tt.waves {
					t.Errorf("due are %q, want %q", got, tt.waves)
				}
				counts, err := tr.MonitorCounts(ctx, storetest.Study)
				if err != nil {
					t.Fatal(err)
				}
				n, all := 0, 0
				for _, c := range counts {
					all += c.N
					if c.Disposition == surveys.Refusal && c.Reason == surveys.Withdrew {
						n += c.N
					}
				}
				if n != tt.refused || all != 4 {
					t.Errorf("the monitor counts %d refusals of who withdrew among %d, want %d among 4", n, all, tt.refused)
				}
				tr.wantFolds()
				tr.returns(person, tt.level)
			})
			if strings.HasPrefix(db.DSN, "postgres") { // one database a test
				db = storetest.Postgres(t)
			} else {
				db = storetest.SQLite(t)
			}
		}
	})
}

// eraseDue lets a day go by, after which what people erased themselves is gone for good.
func (tr *trial) eraseDue(want int) {
	tr.t.Helper()
	tr.wait(1)
	if n, err := tr.EraseDue(context.Background()); n != want || err != nil {
		tr.t.Errorf("EraseDue() = %d, %v, want %d", n, err, want)
	}
}

// returns takes a withdrawal back, which works as long as no answers are erased for good.
func (tr *trial) returns(person surveys.EnrolmentID, level surveys.WithdrawalLevel) {
	tr.t.Helper()
	ctx := context.Background()
	if err := tr.UndoWithdrawal(ctx, "", person, "just so"); surveys.KindOf(err) != surveys.Invalid {
		tr.t.Errorf("UndoWithdrawal() without a reason = %v, want Invalid", err)
	}
	if err := tr.UndoWithdrawal(ctx, "", person, "mistake"); err != nil {
		tr.t.Fatal(err)
	}
	if err := tr.UndoWithdrawal(ctx, "", person, "mistake"); surveys.KindOf(err) != surveys.Conflict {
		tr.t.Errorf("UndoWithdrawal() again = %v, want Conflict", err)
	}
	tr.wantRows(withdrawals, "1|"+level.String()+"|code||", "2|||mistake|")
	tr.wantRows("SELECT COUNT(*) FROM enrolments WHERE withdrawn_at IS NOT NULL OR withdrawal <> ''", "0")
	if got := strings.Join(tr.due(person), ", "); got != "baseline pending, later not-yet-due" {
		tr.t.Errorf("taken back, due are %q", got)
	}
	if _, err := tr.Invite(ctx, "", person, storetest.Baseline); err != nil {
		tr.t.Errorf("taken back, Invite() = %v", err)
	}
	tr.submit(tr.save(9, 0, "about_age", 51))
	tr.wantFolds()
}

func TestWithdrawalIsRaisedAndNeverLowered(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		tr := newTrial(t, db, 1)
		ctx, person := context.Background(), tr.people[0]
		tr.finish(0)
		desk, err := tr.AddAccount(ctx, "", surveys.NewAccount{Name: "Nan", Email: "nan@example.org", Role: surveys.Interviewer}, "four unrelated words")
		if err != nil {
			t.Fatal(err)
		}
		for _, step := range []struct {
			level   surveys.WithdrawalLevel
			channel surveys.Channel
			want    surveys.Kind
		}{{surveys.StopContact, surveys.ByTelephone, 0}, {surveys.StopCollection, surveys.ByLetter, 0}, {surveys.StopContact, surveys.ByTelephone, surveys.Conflict},
			{surveys.EraseAnswers, surveys.AtDesk, 0}, {surveys.StopCollection, surveys.ByLetter, surveys.Conflict}} {
			err := tr.Withdraw(ctx, surveys.Withdrawal{Enrolment: person, Level: step.level, Channel: step.channel, By: desk.ID})
			if surveys.KindOf(err) != step.want || step.want == 0 && err != nil {
				t.Errorf("Withdraw(%v) = %v, want kind %v", step.level, err, step.want)
			}
		}
		by := "||" + string(desk.ID)
		tr.wantRows(withdrawals, "1|no-contact|telephone"+by, "2|no-collection|letter"+by, "3|erasure|desk"+by)
		if err := tr.Withdraw(ctx, surveys.Withdrawal{Enrolment: "nobody", Level: surveys.StopContact, Channel: surveys.ByCode}); surveys.KindOf(err) != surveys.NotFound {
			t.Errorf("Withdraw() of nobody = %v, want NotFound", err)
		}
		leavers, err := tr.ListWithdrawals(ctx, storetest.Study)
		if err != nil || len(leavers) != 1 || leavers[0].Label != "P00001" || leavers[0].Level != surveys.EraseAnswers || leavers[0].Channel != surveys.AtDesk {
			t.Errorf("ListWithdrawals() = %+v, %v, want the one at what holds", leavers, err)
		}
	})
}

// Erased answers are nowhere any more, and all else still adds up.
func TestErasure(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		tr := newTrial(t, db, 3)
		ctx, person := context.Background(), tr.people[0]
		tr.finish(0)
		tr.finish(1)
		tr.submit(tr.save(9, 1, "mood_1", 2))
		tr.refused("another answer under the same number", tr.save(9, 1, "mood_1", 3), surveys.Conflict)
		tr.submit(tr.save(9, 2, "about_work", 7)) // no option: kept with the reason why it was refused
		for _, statement := range []string{
			"UPDATE enrolments SET simd_decile = 1, simd_version = '2020v2'",
			"INSERT INTO contact_details (participant_id, name, telephone, email, address, changed_at) SELECT participant_id, 'Agnes', '', '', '', 1 FROM enrolments",
		} {
			if err := tr.Exec(ctx, statement); err != nil {
				t.Fatal(err)
			}
		}
		for _, who := range tr.people[:2] {
			if err := tr.AddEvents(ctx, "", storetest.Study, []surveys.Event{{Enrolment: who, Kind: "referral", On: tr.now()}}); err != nil {
				t.Fatal(err)
			}
		}
		const trace = "SELECT s.sitting, s.seq, s.attempt, s.revision, s.verdict, s.received_at FROM submissions s ORDER BY s.sitting, s.seq, s.attempt"
		before := tr.Inspect(t, trace)
		released, err := tr.FreezeRelease(ctx, surveys.Release{Study: storetest.Study, Profile: surveys.TeamRelease, Plan: "{}"})
		if err != nil {
			t.Fatal(err)
		}
		released.Manifest = "{}"
		if err := tr.KeepRelease(ctx, released); err != nil {
			t.Fatal(err)
		}

		tr.withdraw(person, surveys.EraseAnswers)
		tr.eraseDue(1)

		tr.wantRows(trace, before...)
		tr.wantRows("SELECT COUNT(*) FROM submissions s JOIN responses r ON r.id = s.response_id WHERE r.enrolment_id = '"+string(person)+
			"' AND (s.content <> '' OR s.digest <> '' OR s.erased_at IS NULL)", "0")
		tr.wantRows("SELECT answers, differing, mode, language, helper, outcome, finished_at, answered_at, disposition, disposition_reason, revision FROM responses WHERE wave_id = 'baseline' AND enrolment_id = '"+
			string(person)+"'", "{}|0|||||||refusal|withdrew|3")
		tr.wantRows("SELECT COUNT(DISTINCT response_id) FROM scores", "1")
		tr.wantRows("SELECT COUNT(*) FROM enrolment_events", "1")
		tr.wantRows("SELECT COUNT(*) FROM contact_details", "2")
		tr.wantRows("SELECT COUNT(*) FROM enrolments WHERE simd_decile IS NULL AND simd_version IS NULL", "1")
		tr.wantRows("SELECT COUNT(*) FROM consents WHERE enrolment_id = '"+string(person)+"'", "1")
		tr.wantRows("SELECT object, detail FROM audit WHERE action = 'response.erase'", string(person)+"|4 submissions")
		tr.wantFolds()
		tr.refused("the same save again", tr.save(9, 1, "mood_1", 2), surveys.Closed)
		tr.refused("another save under the number", tr.save(9, 1, "mood_1", 4), surveys.Closed)
		tr.wantRows(trace, before...)

		found, err := tr.FindWithdrawal(ctx, person)
		if err != nil || fmt.Sprint(found.Releases) != "[1]" || found.Now().Level != surveys.EraseAnswers {
			t.Errorf("FindWithdrawal() = %+v, %v, want the release that holds copies", found, err)
		}
		after, err := tr.FreezeRelease(ctx, surveys.Release{Study: storetest.Study, Profile: surveys.TeamRelease, Plan: "{}"})
		if err != nil || released.Responses != 2 || after.Responses != 1 {
			t.Errorf("releases hold %d and %d responses, %v, want 2 before and 1 after", released.Responses, after.Responses, err)
		}
		counts, err := tr.MonitorCounts(ctx, storetest.Study)
		if err != nil {
			t.Fatal(err)
		}
		tally := make(map[string]int)
		for _, c := range counts {
			tally[string(c.Wave)+" "+c.Disposition.String()] += c.N
		}
		if want := "map[baseline complete:1 baseline pending:1 baseline refusal:1 later not-yet-due:2 later refusal:1]"; fmt.Sprint(tally) != want {
			t.Errorf("the monitor counts %v, want %s", tally, want)
		}
		curve, err := tr.Curve(ctx, storetest.Study)
		if err != nil || len(curve) != 1 || curve[0].N != 1 {
			t.Errorf("Curve() = %v, %v, want one complete", curve, err)
		}
		tr.wait(61)
		if _, err := tr.FinaliseClosed(ctx); err != nil {
			t.Fatal(err)
		}
		tr.wantFolds()
	})
}

// Until the files are made to forget they may hold what was erased, and afterwards they do not.
func TestForgetErased(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		tr := newTrial(t, db, 1)
		ctx := context.Background()
		holds := func(suffix string) bool {
			path, ok := strings.CutPrefix(db.DSN, "sqlite:")
			if !ok {
				return false // the files of PostgreSQL are its server's
			}
			file, err := os.ReadFile(path + suffix)
			if err != nil {
				t.Fatal(err)
			}
			return bytes.Contains(file, []byte(`"mood_1":1`)) || bytes.Contains(file, []byte(`"about_age":40`))
		}
		tr.finish(0)
		if err := tr.ForgetErased(ctx); err != nil {
			t.Fatal(err)
		}
		tr.withdraw(tr.people[0], surveys.EraseAnswers)
		const waiting = "SELECT COUNT(*) FROM withdrawals WHERE forgotten_at IS NULL"
		if err := tr.ForgetErased(ctx); err != nil {
			t.Fatal(err)
		}
		tr.wantRows(waiting, "1") // it is not erased yet
		tr.eraseDue(1)
		tr.wantRows(waiting, "1")
		if tr.Engine() == "sqlite" && !holds("-wal") {
			t.Error("nothing is left to forget, so this shows nothing")
		}
		if err := tr.ForgetErased(ctx); err != nil {
			t.Fatal(err)
		}
		tr.wantRows(waiting, "0")
		for _, suffix := range []string{"", "-wal"} {
			if holds(suffix) {
				t.Errorf("the database's file%s still holds erased answers", suffix)
			}
		}
	})
}

// While people are saving large tables are not written anew, which would hold them up; in the next quiet they are.
func TestForgetErasedWaitsForQuiet(t *testing.T) {
	db := storetest.Postgres(t)
	tr := newTrial(t, db, 2)
	tr.finish(0)
	tr.withdraw(tr.people[0], surveys.EraseAnswers)
	tr.eraseDue(1)
	tr.finish(1)
	tr.HoldAtMost(0)
	for _, tt := range []struct {
		when string
		wait time.Duration
		want string
	}{{"while people save", 0, "1"}, {"a moment before it is quiet", 10*time.Minute - time.Millisecond, "1"}, {"in the quiet", time.Millisecond, "0"}} {
		tr.ahead.Add(int64(tt.wait))
		if err := tr.ForgetErased(t.Context()); err != nil {
			t.Errorf("ForgetErased() %s = %v", tt.when, err)
		}
		tr.wantRows("SELECT COUNT(*) FROM withdrawals WHERE forgotten_at IS NULL", tt.want)
	}
	tr.withdraw(tr.people[1], surveys.EraseAnswers)
	tr.eraseDue(1)
	tr.wait(7)
	tr.sql("UPDATE submissions SET received_at = 9999999999999") // as if somebody had just saved
	if err := tr.ForgetErased(t.Context()); err != nil {
		t.Errorf("ForgetErased() after a week = %v", err)
	}
	tr.wantRows("SELECT COUNT(*) FROM withdrawals WHERE forgotten_at IS NULL", "0")
}

func TestLockedStudyKeepsItsAnswers(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		tr := newTrial(t, db, 1)
		ctx, person := context.Background(), tr.people[0]
		tr.finish(0)
		for _, state := range []surveys.StudyState{surveys.Ended, surveys.Locked} {
			if err := tr.SetStudyState(ctx, "", storetest.Study, state); err != nil {
				t.Fatal(err)
			}
		}
		const all = "SELECT * FROM responses"
		before := tr.Inspect(t, all)
		tr.withdraw(person, surveys.StopCollection)
		tr.wantRows(all, before...)
		if err := tr.UndoWithdrawal(ctx, "", person, "mistake"); surveys.KindOf(err) != surveys.Closed {
			t.Errorf("UndoWithdrawal() in a locked study = %v, want Closed", err)
		}
	})
}

// A withdrawal that fails at its last step, as when the server is killed there, has changed nothing.
func TestWithdrawalIsAllOrNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		tr := newTrial(t, db, 1)
		ctx := context.Background()
		tr.finish(0)
		if _, err := tr.Invite(ctx, "", tr.people[0], storetest.Later); err != nil {
			t.Fatal(err)
		}
		const all = `SELECT e.withdrawal, e.withdrawn_at, r.answers, r.disposition, s.content, (SELECT COUNT(*) FROM scores), (SELECT COUNT(*) FROM withdrawals),
			(SELECT COUNT(*) FROM invitations WHERE ended_at IS NULL), (SELECT COUNT(*) FROM audit), (SELECT COUNT(*) FROM dispositions), s.erased_at,
			(SELECT COUNT(*) FROM erasures WHERE done_at IS NULL AND undone_at IS NULL)
			FROM enrolments e JOIN responses r ON r.enrolment_id = e.id JOIN submissions s ON s.response_id = r.id`
		without := func(table string, do func() error) {
			t.Helper()
			before := tr.Inspect(t, all)
			tr.sql("ALTER TABLE " + table + " RENAME TO elsewhere")
			err := do()
			tr.sql("ALTER TABLE elsewhere RENAME TO " + table)
			if err == nil || !strings.Contains(err.Error(), table) {
				t.Errorf("without %s: %v, want that table missed", table, err)
			}
			tr.wantRows(all, before...)
		}
		w := surveys.Withdrawal{Enrolment: tr.people[0], Level: surveys.EraseAnswers, Channel: surveys.ByCode}
		without("dispositions", func() error { return tr.Withdraw(ctx, w) })
		tr.withdraw(tr.people[0], surveys.EraseAnswers)
		tr.wantFolds()
		without("dispositions", func() error { return tr.UndoWithdrawal(ctx, "", tr.people[0], "mistake") })
		tr.wait(1)
		without("contact_details", func() error {
			_, err := tr.EraseDue(ctx)
			return err
		})
		tr.eraseDue(1)
		tr.wantFolds()
	})
}

// Nothing is taken from somebody once their withdrawal is recorded, and nothing of what they sent is left once it is
// erased, however much was under way.
func TestWithdrawalAmongSubmissions(t *testing.T) {
	for _, level := range []surveys.WithdrawalLevel{surveys.StopCollection, surveys.EraseAnswers} {
		t.Run(level.String(), func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, db storetest.Database) {
				tr := newTrial(t, db, 1)
				stop := tr.flood(surveys.Closed)
				tr.withdraw(tr.people[0], level)
				before := tr.Inspect(t, storedAnswers)
				time.Sleep(20 * time.Millisecond)
				stop()
				tr.wantRows(storedAnswers, before...)
				tr.refused("after the withdrawal", tr.save(9, 1, "mood_1", 1), surveys.Closed)
				if level == surveys.EraseAnswers {
					tr.eraseDue(1)
					tr.wantRows("SELECT COUNT(*) FROM submissions WHERE content <> '' OR digest <> ''", "0")
				}
				tr.wantFolds()
			})
		})
	}
}

// Of many who record somebody's leaving at once the furthest holds, and each step that stands was a step further.
func TestWithdrawalsAtOnce(t *testing.T) {
	for range storetest.Times(t, "times that many withdraw somebody at once", 1, 20) {
		storetest.Each(t, func(t *testing.T, db storetest.Database) {
			tr := newTrial(t, db, 1)
			other := db.Open(t, storetest.Clock(tr.now))
			tr.finish(0)
			done := make(chan error)
			for n := range 12 {
				s := []interface {
					Withdraw(context.Context, surveys.Withdrawal) error
				}{tr, other}[n%2]
				go func() {
					done <- s.Withdraw(context.Background(), surveys.Withdrawal{Enrolment: tr.people[0], Level: surveys.WithdrawalLevel(n%3 + 1), Channel: surveys.ByTelephone})
				}()
			}
			for range 12 {
				if err := <-done; err != nil && surveys.KindOf(err) != surveys.Conflict {
					t.Errorf("Withdraw() = %v", err)
				}
			}
			tr.wantRows("SELECT withdrawal FROM enrolments", "erasure")
			tr.wantRows("SELECT COUNT(*) FROM withdrawals w JOIN withdrawals n ON n.number = w.number + 1 WHERE n.level = w.level", "0")
			tr.wantRows("SELECT COUNT(*) FROM erasures", "1")
			tr.wantFolds()
		})
	}
}

// Of answers whose day a file corrected the ledger still tells how late each came, and folding it again what is stored.
func TestErasureOfRedatedAnswers(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		tr := newTrial(t, db, 1)
		tr.wait(90) // the window closed after 60
		row := tr.save(9, 0, "mood_1", 1)
		row.Bulk, row.Finish = true, true
		for _, days := range []int{80, 10} {
			row.AnsweredAt, row.Correct = storetest.Start.AddDate(0, 0, days), days == 10
			tr.submit(row)
		}
		tr.wantRows("SELECT late_days FROM responses", "0")
		tr.wantFolds()
		tr.withdraw(tr.people[0], surveys.EraseAnswers)
		tr.wantFolds()
		tr.eraseDue(1)
		tr.wantFolds()
	})
}
