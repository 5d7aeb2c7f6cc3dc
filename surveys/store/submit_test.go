package store_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"wellwave/scoring"
	"wellwave/surveys"
	"wellwave/surveys/store"
	"wellwave/surveys/store/storetest"
)

// trial is the tests' study with some people, and a clock that a test can move.
type trial struct {
	*store.Store
	t      *testing.T
	people []surveys.EnrolmentID
	ahead  *atomic.Int64 // of storetest.Start
}

// newTrial opens the study with n people who have consented. Their baseline window is open for 60 days.
func newTrial(t *testing.T, db storetest.Database, n int) *trial {
	t.Helper()
	tr := &trial{t: t, ahead: new(atomic.Int64)}
	tr.Store = db.Open(t, storetest.Clock(tr.now))
	storetest.LoadStudy(t, tr.Store)
	tr.people = storetest.Enrol(t, tr.Store, n)
	return tr
}

func (tr *trial) now() time.Time { return storetest.Start.Add(time.Duration(tr.ahead.Load())) }

// wait lets days pass.
func (tr *trial) wait(days int) { tr.ahead.Add(int64(days) * int64(24*time.Hour)) }

// save is a save of the first person in the sitting with the given number.
func (tr *trial) save(sitting, seq int, pairs ...any) surveys.Submission {
	return surveys.Submission{By: surveys.Themselves(), Basis: surveys.Operator(), Study: storetest.Study, Enrolment: tr.people[0], Wave: storetest.Baseline, Sitting: storetest.SittingID(sitting), Seq: seq,
		Answers: given(pairs...), How: surveys.Collection{Mode: surveys.Web, Language: "en"}}
}

// given reads pairs of item code and value.
func given(pairs ...any) []surveys.ItemAnswer {
	var list []surveys.ItemAnswer
	for i := 0; i < len(pairs); i += 2 {
		a := surveys.ItemAnswer{Code: pairs[i].(string)}
		switch v := pairs[i+1].(type) {
		case int:
			a.Value = surveys.Number(float64(v))
		case string:
			a.Value = surveys.Text(v)
		case surveys.Missing:
			a.Value = surveys.Absent(v)
		}
		list = append(list, a)
	}
	return list
}

// submit takes in a submission that must not fail.
func (tr *trial) submit(sub surveys.Submission) surveys.Receipt {
	tr.t.Helper()
	receipt, err := tr.Submit(context.Background(), sub)
	if err != nil {
		tr.t.Fatalf("Submit(%s/%d) = %v, want a receipt", sub.Sitting[30:], sub.Seq, err)
	}
	return receipt
}

// refused sends a submission that must fail in the given way.
func (tr *trial) refused(name string, sub surveys.Submission, want surveys.Kind) surveys.Receipt {
	tr.t.Helper()
	receipt, err := tr.Submit(context.Background(), sub)
	if surveys.KindOf(err) != want || want == 0 && err != nil {
		tr.t.Errorf("%s: Submit() = %+v, %v, want kind %v", name, receipt, err, want)
	}
	return receipt
}

// wantRows compares what a query returns.
func (tr *trial) wantRows(query string, want ...string) {
	tr.t.Helper()
	if got := tr.Inspect(tr.t, query); !slices.Equal(got, want) {
		tr.t.Errorf("%s:\n got %q\nwant %q", query, got, want)
	}
}

// wantFolds demands that folding the ledger again gives what is stored.
func (tr *trial) wantFolds() {
	tr.t.Helper()
	wrong, err := tr.CheckFolds(context.Background(), nil)
	if err != nil || len(wrong) > 0 {
		tr.t.Errorf("CheckFolds() = %v, %v, want nothing wrong", wrong, err)
	}
}

const (
	ledger        = "SELECT sitting, seq, attempt, revision, verdict FROM submissions ORDER BY sitting, seq, attempt"
	storedAnswers = "SELECT revision, answers FROM responses"
)

// row is a row of the ledger as the tests' query shows it.
func row(sitting, seq, attempt, revision int, verdict surveys.Verdict) string {
	return fmt.Sprintf("%s|%d|%d|%d|%v", storetest.SittingID(sitting), seq, attempt, revision, verdict)
}

func TestSubmitGivesTheSameReceiptAgain(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		tests := []struct {
			name string
			give func(*trial) surveys.Submission
			days int
			want surveys.Verdict
		}{
			{"finished", func(tr *trial) surveys.Submission {
				sub := tr.save(9, 1)
				sub.Answers, sub.Finish = storetest.Answers(1), true
				return sub
			}, 0, surveys.Accepted},
			{"partly refused", func(tr *trial) surveys.Submission {
				return tr.save(9, 1, "mood_1", 9, "mood_2", 2, "x\"y", 1, "about_note", "<b>\x00", "about_hours", 3)
			}, 0, surveys.PartlyRefused},
			{"nothing but finished", func(tr *trial) surveys.Submission { s := tr.save(9, 1); s.Finish = true; return s }, 0, surveys.Accepted},
			{"late", func(tr *trial) surveys.Submission { return tr.save(9, 1, "mood_1", 1) }, 61, surveys.Late},
			{"late without a number", func(tr *trial) surveys.Submission { return tr.save(9, 0, "mood_1", 1) }, 70, surveys.Late},
		}
		tr := newTrial(t, db, len(tests))
		people := tr.people
		for i, tt := range tests {
			t.Run(tt.name, func(t *testing.T) {
				tr.t, tr.people = t, people[i:i+1]
				tr.ahead.Store(0)
				tr.wait(tt.days)
				sub := tt.give(tr)
				first := tr.submit(sub)
				if first.Verdict != tt.want || first.Repeated || first.Revision != 1 || first.Seq != 1 || first.LateDays != max(0, tt.days-60) {
					t.Errorf("Submit() = %+v, want %v", first, tt.want)
				}
				tr.wait(1)
				for range 2 {
					again := tr.submit(sub)
					if !again.Repeated {
						t.Error("the receipt does not say that it is a repetition")
					}
					again.Repeated = false
					if diff := cmp.Diff(first, again); diff != "" {
						t.Errorf("the receipt of the same submission (-first +again):\n%s", diff)
					}
				}
				tr.wantRows(fmt.Sprintf("SELECT COUNT(*) FROM submissions WHERE response_id = '%s'", first.Response), "1")
			})
		}
		tr.t = t
		tr.wantFolds()
	})
}

func TestSubmitKeepsConflicts(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		tr := newTrial(t, db, 1)
		first := tr.save(9, 1, "mood_1", 1)
		tr.submit(first)
		tr.submit(tr.save(9, 2, "mood_2", 2))
		want := []string{`2|{"mood_1":1,"mood_2":2}`}
		tr.wantRows(storedAnswers, want...)

		other := tr.save(9, 1, "mood_1", 5, "no\"such\x00item", 1, "about_note", "a\x00\xffb")
		receipt := tr.refused("other content", other, surveys.Conflict)
		if receipt.Verdict != surveys.Conflicted || receipt.Repeated || receipt.Seq != 1 {
			t.Errorf("the receipt of a conflict = %+v", receipt)
		}
		tr.wait(1)
		if again := tr.refused("a third time", other, surveys.Conflict); again.Verdict != surveys.Conflicted || !again.Repeated || !again.ReceivedAt.Equal(receipt.ReceivedAt) {
			t.Errorf("the receipt of the same conflict = %+v, want that of %v", again, receipt.ReceivedAt)
		}
		finish := first
		finish.Finish = true
		tr.refused("the same answers, but finished", finish, surveys.Conflict)
		if again := tr.submit(first); again.Verdict != surveys.Accepted || !again.Repeated {
			t.Errorf("the first content after the conflict = %+v, want its receipt", again)
		}
		tr.wantRows(storedAnswers, want...)
		tr.wantRows(ledger, row(9, 1, 0, 1, surveys.Accepted), row(9, 1, 1, 2, surveys.Conflicted), row(9, 1, 2, 2, surveys.Conflicted), row(9, 2, 0, 2, surveys.Accepted))
		if kept := tr.Inspect(t, "SELECT content FROM submissions WHERE attempt = 1")[0]; !strings.Contains(kept, `"mood_1":5`) || !strings.Contains(kept, `no\"such\u0000item`) {
			t.Errorf("of the conflict the ledger keeps %s", kept)
		}
		tr.wantFolds()

		if err := tr.Exec(context.Background(), "UPDATE enrolments SET withdrawal = 'no-collection', withdrawn_at = 1"); err != nil {
			t.Fatal(err)
		}
		tr.refused("other content from somebody who has left", tr.save(9, 1, "mood_1", 4), surveys.Closed)
		if n := len(tr.Inspect(t, ledger)); n != 4 {
			t.Errorf("the ledger holds %d rows, want 4: nothing more of somebody who has left", n)
		}
		tr.submit(first) // a receipt that was lost on the way is still given
	})
}

func TestSubmitWithoutNumbers(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		tr := newTrial(t, db, 1)
		click := tr.save(9, 0, "mood_1", 1)
		if first := tr.submit(click); first.Seq != 1 || first.Repeated {
			t.Errorf("the first save = %+v, want sequence 1", first)
		}
		if second := tr.submit(click); second.Seq != 1 || !second.Repeated || second.Revision != 1 {
			t.Errorf("a double click = %+v, want the first receipt", second)
		}
		if changed := tr.submit(tr.save(9, 0, "mood_1", 2)); changed.Seq != 2 || changed.Repeated {
			t.Errorf("another answer = %+v, want sequence 2", changed)
		}
		if back := tr.submit(click); back.Seq != 3 || back.Repeated {
			t.Errorf("the first answer once more = %+v, want sequence 3", back)
		}
		if other := tr.submit(tr.save(8, 0, "mood_1", 1)); other.Seq != 1 || other.Revision != 4 {
			t.Errorf("another sitting = %+v, want its own sequence 1", other)
		}
		done := tr.save(9, 0)
		done.Finish = true
		if receipt := tr.submit(done); !receipt.Finished || receipt.Seq != 4 || receipt.Disposition != surveys.BreakOff {
			t.Errorf("finished = %+v, want sequence 4, a break-off", receipt)
		}
		if receipt := tr.submit(done); !receipt.Repeated {
			t.Errorf("finished by a double click = %+v, want it repeated", receipt)
		}
		tr.wantRows(storedAnswers, `5|{"mood_1":1}`)
		tr.wantFolds()
	})
}

func TestSubmitTwoSittings(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		tr := newTrial(t, db, 1)
		tr.submit(tr.save(9, 2, "mood_1", 2, "mood_3", 3))
		tr.submit(tr.save(8, 1, "mood_1", 5, "mood_3", 3))
		tr.submit(tr.save(9, 1, "mood_1", 1, "mood_2", 1)) // late on its way
		tr.submit(tr.save(9, 3, "mood_3", surveys.Cleared))
		tr.wantRows("SELECT revision, answers, differing FROM responses", `4|{"mood_1":5,"mood_2":1}|1`)
		tr.wantRows(ledger, row(8, 1, 0, 2, surveys.Accepted), row(9, 1, 0, 3, surveys.Accepted), row(9, 2, 0, 1, surveys.Accepted), row(9, 3, 0, 4, surveys.Accepted))
		tr.wantFolds()
	})
}

func TestSubmitAfterClosing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		tr := newTrial(t, db, 1)
		ctx := context.Background()
		to := func(states ...surveys.StudyState) {
			for _, state := range states {
				if err := tr.SetStudyState(ctx, "", storetest.Study, state); err != nil {
					t.Fatal(err)
				}
			}
		}
		tr.submit(tr.save(9, 1, "mood_1", 1))
		to(surveys.Ended)
		if got := tr.submit(tr.save(9, 2, "mood_1", 4, "mood_2", 2)); got.Verdict != surveys.Late || got.LateDays != 1 || got.Disposition != surveys.BreakOff {
			t.Errorf("after the study was closed = %+v, want it late, and what there was", got)
		}
		bulk := tr.save(7, 1, "mood_1", 1)
		bulk.Bulk = true
		tr.refused("bulk after the study was closed", bulk, surveys.Closed)
		to(surveys.Locked)
		aside := tr.save(9, 3, "mood_1", 5)
		first := tr.submit(aside)
		if first.Verdict != surveys.Aside || first.Revision != 2 {
			t.Errorf("after the lock = %+v, want it put aside", first)
		}
		for sitting := 20; sitting > 10; sitting-- { // of many, whose order the ledger does not tell
			tr.submit(tr.save(sitting, 1, "mood_1", 4))
		}
		if again := tr.submit(aside); again.Verdict != surveys.Aside || !again.Repeated {
			t.Errorf("after the lock, again = %+v, want the same", again)
		}
		tr.refused("after the lock, other content", tr.save(9, 3, "mood_1", 4), surveys.Conflict)
		tr.wantRows(storedAnswers, `2|{"mood_1":1,"mood_2":2}`)
		tr.wantFolds()
		if err := tr.RecordDisposition(ctx, "", tr.people[0], storetest.Baseline, surveys.Refusal, "declined"); surveys.KindOf(err) != surveys.Closed {
			t.Errorf("RecordDisposition() after the lock = %v, want it closed", err)
		}
		tr.wait(2)
		to(surveys.Ended) // which does not put the closing off
		if got := tr.submit(tr.save(9, 4, "mood_2", 5)); got.Verdict != surveys.Late || got.LateDays != 3 {
			t.Errorf("on the third day after the study was closed = %+v, want it 3 days late", got)
		}
		page, err := tr.Occasion(ctx, tr.people[0], storetest.Baseline)
		if err != nil || page.LateDays != 3 {
			t.Errorf("Sitting() = %d days late, %v, want 3", page.LateDays, err)
		}
		to(surveys.Live)
		if got := tr.submit(tr.save(9, 5, "mood_1", 3)); got.Verdict != surveys.Accepted || got.LateDays != 0 {
			t.Errorf("after the study was opened again = %+v, want it accepted", got)
		}
		tr.wantRows(storedAnswers, `4|{"mood_1":3,"mood_2":2}`)
		tr.wantRows("SELECT seq, late_days FROM submissions WHERE sitting = '"+storetest.SittingID(9)+"' AND attempt = 0 ORDER BY seq", "1|0", "2|1", "3|1", "4|3", "5|0")
		tr.wantFolds()
	})
}

// What is late is kept, and neither the answers nor the scores there were in time nor what was made of them change, in
// the database, in the ledger folded again and in a release written again.
func TestLateAnswersReplaceNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		tr := newTrial(t, db, 1)
		whole := tr.save(9, 1, "about_age", 50)
		whole.Answers, whole.Finish = append(whole.Answers, storetest.Answers(1)...), true
		tr.submit(whole)
		stored := func() []string {
			return append(tr.Inspect(t, "SELECT outcome, disposition, disposition_source, answers FROM responses"),
				tr.Inspect(t, "SELECT scale_id, value, answered, prorated FROM scores ORDER BY scale_id")...)
		}
		want := stored()
		tr.wait(61)
		late := tr.save(8, 1, "about_age", 60, "mood_3", surveys.Cleared)
		late.Answers = append(late.Answers, storetest.Answers(3)[:2]...)
		if got := tr.submit(late); got.Verdict != surveys.Late || got.LateDays != 1 || got.Disposition != surveys.Complete {
			t.Errorf("other answers a day late = %+v, want them late, and the response complete as it was", got)
		}
		if got := stored(); !slices.Equal(got, want) {
			t.Errorf("after late answers:\n got %q\nwant %q", got, want)
		}
		if kept := tr.Inspect(t, "SELECT content FROM submissions WHERE verdict = 'late'"); len(kept) != 1 || !strings.Contains(kept[0], `"about_age":60`) {
			t.Errorf("of the late answers the ledger keeps %s", kept)
		}
		tr.submit(tr.save(8, 2, "about_work", 1))
		tr.wantFolds()

		ctx := context.Background()
		released := func(r surveys.Release) (line string) {
			err := tr.EachReleased(ctx, r, storetest.Baseline, nil, scoring.RuleVersion, 0, 1, func(row *surveys.ReleasedResponse) error {
				line = fmt.Sprintf("%d days late: %s", row.LateDays, row.Answers)
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			return line
		}
		frozen, err := tr.FreezeRelease(ctx, surveys.Release{Study: storetest.Study, Profile: surveys.TeamRelease})
		if err != nil {
			t.Fatal(err)
		}
		before := released(frozen)
		correction := tr.save(7, 0, "about_age", 51)
		correction.Bulk, correction.Correct, correction.AnsweredAt = true, true, storetest.Start
		tr.submit(correction)
		tr.wait(9)
		tr.submit(tr.save(8, 3, "about_hours", 20))
		if after := released(frozen); after != before || !strings.HasPrefix(after, "1 days late") || !strings.Contains(after, `"about_age":50`) || !strings.Contains(after, `"about_work":1`) {
			t.Errorf("the release changed from %s to %s", before, after)
		}
		tr.wantRows("SELECT COUNT(*) FROM responses WHERE answers LIKE '%\"about_age\":51%'", "1")
		tr.wantFolds()
	})
}

func TestSubmitKeepsRefusedText(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		tr := newTrial(t, db, 1)
		sub := tr.save(9, 1, "mood_1", 1, "about_note", "a\x00b")
		sub.How.Language, sub.How.Helper, sub.How.Place = "en\x00", "\xff", strings.Repeat("x", 1000)
		if got := tr.submit(sub); got.Verdict != surveys.PartlyRefused || len(got.Refused) != 1 || got.Refused[0].Code != "about_note" {
			t.Errorf("U+0000 = %+v, want that item refused", got)
		}
		tr.submit(tr.save(9, 2, "about_note", "e\u0301 \u202e \U0001f600 \"quoted\" \\ </script>"))
		if got := tr.submit(tr.save(9, 3, "about_note", "bad\xfe")); got.Verdict != surveys.PartlyRefused {
			t.Errorf("no UTF-8 = %+v, want it refused", got)
		}
		if got := tr.submit(tr.save(9, 4, "about_note", strings.Repeat("x", 501))); got.Verdict != surveys.PartlyRefused {
			t.Errorf("too long = %+v, want it refused", got)
		}
		page, err := tr.Occasion(context.Background(), tr.people[0], storetest.Baseline)
		if err != nil {
			t.Fatal(err)
		}
		if got, want := page.Answers.Value("about_note"), surveys.Text("\u00e9 \u202e \U0001f600 \"quoted\" \\ </script>"); got != want {
			t.Errorf("about_note = %q, want %q", got, want)
		}
		if kept := tr.Inspect(t, "SELECT content FROM submissions WHERE seq = 1")[0]; !strings.Contains(kept, `a\u0000b`) {
			t.Errorf("the ledger keeps %s", kept)
		}
		tr.wantFolds()
	})
}

func TestSubmitBulk(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		tr := newTrial(t, db, 1)
		row := tr.save(9, 0, "mood_1", 1, "mood_2", surveys.NotRecorded)
		row.Bulk, row.Finish, row.AnsweredAt = true, true, storetest.Start
		tr.submit(row)
		if again := tr.submit(row); !again.Repeated {
			t.Errorf("the same row again = %+v, want it already there", again)
		}
		row.Answers = given("mood_1", 2, "mood_2", surveys.NotRecorded)
		tr.refused("changed content", row, surveys.Conflict)
		tr.wantRows(storedAnswers, `1|{"mood_1":1,"mood_2":{"missing":"not-recorded"}}`)
		row.Correct = true
		tr.submit(row)
		tr.wantRows(storedAnswers, `2|{"mood_1":2,"mood_2":{"missing":"not-recorded"}}`)
		tr.wantFolds()
	})
}

// A file that tells another day of answers that are there already corrects it: a wrong day makes answers late.
func TestSubmitBulkRedated(t *testing.T) {
	const given = "SELECT revision, answered_at, late_days, mode, disposition FROM responses"
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		tr := newTrial(t, db, 1)
		tr.wait(90) // the window closed after 60
		row := tr.save(9, 0, "mood_1", 1, "mood_2", 2)
		row.Bulk, row.Finish, row.How.Mode = true, true, surveys.Paper
		day := func(days int) int64 { return storetest.Start.AddDate(0, 0, days).UnixMilli() }
		on := func(days int) surveys.Submission {
			row := row
			row.AnsweredAt = storetest.Start.AddDate(0, 0, days).Add(time.Microsecond) // finer than what is stored
			return row
		}
		tr.submit(on(80))
		tr.wantRows(given, fmt.Sprintf("1|%d|20|paper|non-contact", day(80)))
		silent := on(80)
		silent.AnsweredAt, silent.How = time.Time{}, surveys.Collection{Mode: surveys.Bulk}
		for _, same := range []surveys.Submission{on(80), silent} {
			if again := tr.submit(same); !again.Repeated {
				t.Errorf("the same again = %+v, want it already there", again)
			}
		}
		right := on(10)
		tr.refused("another day", right, surveys.Conflict)
		right.Correct = true
		if receipt := tr.submit(right); receipt.Repeated || receipt.LateDays != 0 {
			t.Errorf("the right day = %+v, want it taken in time", receipt)
		}
		tr.wantRows(given, fmt.Sprintf("2|%d|0|paper|break-off", day(10)))
		if again := tr.submit(on(10)); !again.Repeated {
			t.Errorf("the corrected row again = %+v, want it already there", again)
		}
		frozen, err := tr.FreezeRelease(context.Background(), surveys.Release{Study: storetest.Study, Profile: surveys.TeamRelease})
		if err != nil {
			t.Fatal(err)
		}
		released := func() (line string) {
			err := tr.EachReleased(context.Background(), frozen, storetest.Baseline, nil, scoring.RuleVersion, 0, 1, func(row *surveys.ReleasedResponse) error {
				line = fmt.Sprintf("%s on day %d, %d late", row.How.Mode, row.Day, row.LateDays)
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			return line
		}
		before := released()
		heard := on(12)
		heard.How.Mode = surveys.Telephone
		tr.refused("another mode", heard, surveys.Conflict)
		heard.Correct = true
		tr.submit(heard)
		tr.wantRows(given, fmt.Sprintf("3|%d|0|telephone|break-off", day(12)))
		if got := released(); got != before {
			t.Errorf("released again: %q, want %q as it was", got, before)
		}
		tr.wantFolds()
	})
}

// A page without script is sent, sent again as it was after a newer one, and sent again changed.
func TestSubmitRenumber(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		s := db.Open(t)
		storetest.LoadStudy(t, s)
		person := storetest.Enrol(t, s, 1)[0]
		save := func(seq int, value float64) surveys.Receipt {
			t.Helper()
			got, err := s.Submit(context.Background(), surveys.Submission{By: surveys.Themselves(), Basis: surveys.Operator(), Study: storetest.Study, Enrolment: person,
				Wave: storetest.Baseline, Sitting: storetest.SittingID(9), Seq: seq, Renumber: true,
				Answers: []surveys.ItemAnswer{{Code: "mood_1", Value: surveys.Number(value)}},
				How:     surveys.Collection{Mode: surveys.Web, Language: "en"}})
			if err != nil {
				t.Fatalf("Submit(%d, %v) = %v", seq, value, err)
			}
			return got
		}
		stands := func() float64 {
			t.Helper()
			page, err := s.Occasion(context.Background(), person, storetest.Baseline)
			if err != nil {
				t.Fatal(err)
			}
			return page.Answers.Value("mood_1").Number
		}
		save(1, 1)
		save(2, 2)
		if got := save(1, 1); !got.Repeated || stands() != 2 {
			t.Errorf("the first save delivered again: %+v, and the answer is %v, want a repeat and 2", got, stands())
		}
		if got := save(1, 3); got.Seq != 3 || got.Verdict != surveys.Accepted || stands() != 3 {
			t.Errorf("the first page sent again changed: %+v, and the answer is %v, want sequence 3 and 3", got, stands())
		}
		if got := save(1, 3); !got.Repeated || got.Seq != 3 || stands() != 3 {
			t.Errorf("the changed page delivered again: %+v, and the answer is %v, want a repeat and 3", got, stands())
		}
		if got := save(1, 1); got.Repeated || stands() != 1 {
			t.Errorf("the first page sent as at first: %+v, and the answer is %v, want 1", got, stands())
		}
		if got := save(3, 3); got.Repeated || stands() != 3 {
			t.Errorf("a page whose number the first had taken with the same: %+v, and the answer is %v, want 3", got, stands())
		}
		save(6, 5)
		if got := save(1, 5); got.Repeated || stands() != 5 {
			t.Errorf("the first page says what stands: %+v, and the answer is %v, want it kept", got, stands())
		}
		if got := save(1, 1); got.Repeated || stands() != 1 {
			t.Errorf("the first page changed back: %+v, and the answer is %v, want 1", got, stands())
		}
		if got := save(6, 5); !got.Repeated || stands() != 1 {
			t.Errorf("a page that was not changed, delivered late: %+v, and the answer is %v, want a repeat and 1", got, stands())
		}
	})
}
