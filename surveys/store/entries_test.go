package store_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"wellwave/surveys"
	"wellwave/surveys/library"
	"wellwave/surveys/store/storetest"
)

// clerks is a trial with three people who enter papers.
type clerks struct {
	*trial
	first, second, third surveys.AccountID
	forms                int
}

func newClerks(t *testing.T, db storetest.Database, people int) *clerks {
	t.Helper()
	c := &clerks{trial: newTrial(t, db, people)}
	c.hire()
	return c
}

// hire adds the accounts of the three.
func (c *clerks) hire() {
	c.t.Helper()
	for i, id := range []*surveys.AccountID{&c.first, &c.second, &c.third} {
		account, err := c.AddAccount(context.Background(), "", surveys.NewAccount{Email: fmt.Sprintf("clerk%d@example.org", i), Name: "Clerk", Role: surveys.DataEntry}, "three unrelated words")
		if err != nil {
			c.t.Fatal(err)
		}
		*id = account.ID
	}
}

// askTwice loads the study with the safety plan again, with its papers entered twice.
func (c *clerks) askTwice() {
	c.t.Helper()
	definitions, err := library.Definitions()
	if err != nil {
		c.t.Fatal(err)
	}
	source := storetest.SafetySource(c.t) + "paper: {double_entry: true}\n"
	storetest.AddDefinitions(c.t, definitions)
	if _, _, err := c.LoadStudy(context.Background(), "", "study.yaml", []byte(source), definitions); err != nil {
		c.t.Fatal(err)
	}
}

// entry is a paper of the first person as somebody reads it.
func (c *clerks) entry(by surveys.AccountID, pairs ...any) surveys.Entered {
	c.forms++
	return surveys.Entered{ID: storetest.SittingID(7000 + c.forms), Enrolment: c.people[0], Wave: storetest.Baseline, Mode: surveys.Paper,
		Language: "en", CompletedOn: "2026-02-01", Answers: given(pairs...), By: by}
}

func (c *clerks) enter(e surveys.Entered, want surveys.PaperState) surveys.EntryOutcome {
	c.t.Helper()
	got, err := c.Enter(context.Background(), e)
	if err != nil || got.State != want {
		c.t.Fatalf("Enter() = %+v, %v, want %v", got, err, want)
	}
	return got
}

func (c *clerks) refuses(name string, e surveys.Entered, want surveys.Kind, sentence string) {
	c.t.Helper()
	if _, err := c.Enter(context.Background(), e); surveys.KindOf(err) != want || !strings.Contains(err.Error(), sentence) {
		c.t.Errorf("%s: Enter() = %v, want kind %v with %q", name, err, want, sentence)
	}
}

func (c *clerks) open() []surveys.EnteredPaper {
	c.t.Helper()
	papers, err := c.ListPapers(context.Background())
	if err != nil {
		c.t.Fatal(err)
	}
	return papers
}

const howStored = "SELECT mode, language, helper, late_days, answered_at IS NULL FROM responses"

func TestEnterOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		c := newClerks(t, db, 1)
		e := c.entry(c.first, "mood_1", 4, "mood_2", surveys.PreferNotToSay, "about_work", 0, "about_hours", 12)
		e.Helper = "family"
		got := c.enter(e, surveys.PaperSubmitted)
		if len(got.Refused) != 1 || got.Refused[0].Code != "about_hours" {
			t.Errorf("kept aside: %+v, want the hours of somebody who doesn't work", got.Refused)
		}
		rows := c.Inspect(t, "SELECT answers, disposition, finished_at IS NULL FROM responses")
		for _, want := range []string{`"mood_1":4`, `"mood_2":{"missing":"prefer-not-to-say"}`, `"mood_3":{"missing":"not-recorded"}`, `"about_age":{"missing":"not-recorded"}`} {
			if !strings.Contains(rows[0], want) {
				t.Errorf("stored %s, want %s in it", rows[0], want)
			}
		}
		if strings.Contains(rows[0], "about_hours") {
			t.Errorf("stored %s, want nothing about hours", rows[0])
		}
		c.wantRows("SELECT account_id FROM submissions", string(c.first))
		if rows := c.Inspect(t, howStored); len(rows) != 1 || !strings.HasPrefix(rows[0], "paper|en|family|0|") {
			t.Errorf("stored %q, want how it was collected", rows)
		}
		c.enter(e, surveys.PaperSubmitted)
		c.wantRows("SELECT COUNT(*) FROM submissions", "1")
		e.Answers[0].Value = surveys.Number(5) // gone back to, and sent again changed
		c.enter(e, surveys.PaperSubmitted)
		c.wantRows("SELECT COUNT(*) FROM submissions", "2")
		c.wantFolds()

		other := c.entry(c.second, "mood_1", 2)
		c.refuses("over another sitting's answers", other, surveys.Conflict, "in another way")
		other.Over = true
		c.enter(other, surveys.PaperSubmitted)
		rows = c.Inspect(t, "SELECT answers FROM responses")
		if !strings.Contains(rows[0], `"mood_1":2`) || !strings.Contains(rows[0], `"about_work":0`) {
			t.Errorf("stored %s, want the newer answer, and blanks that replace nothing", rows[0])
		}
		c.wantFolds()
	})
}

func TestEnterRefuses(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		c := newClerks(t, db, 3)
		fields := func(change func(*surveys.Entered), field string) {
			t.Helper()
			e := c.entry(c.first, "mood_1", 1)
			change(&e)
			_, err := c.Enter(context.Background(), e)
			if refused, ok := err.(*surveys.Error); !ok || refused.Kind != surveys.Invalid || refused.Fields[field] == "" {
				t.Errorf("Enter() = %v, want a message for %s", err, field)
			}
		}
		fields(func(e *surveys.Entered) { e.CompletedOn = "2026-02-03" }, surveys.EntryDay)
		fields(func(e *surveys.Entered) { e.CompletedOn = "2026-02-31" }, surveys.EntryDay)
		fields(func(e *surveys.Entered) { e.Helper = "dog" }, surveys.EntryHelper)
		fields(func(e *surveys.Entered) { e.Mode = surveys.Telephone }, surveys.EntryHelper)
		fields(func(e *surveys.Entered) { e.Language = "gd" }, surveys.EntryLanguage)
		fields(func(e *surveys.Entered) { e.Answers = given("mood_1", 9) }, "mood_1")
		web := c.entry(c.first, "mood_1", 1)
		web.Mode = surveys.Web
		c.refuses("the web", web, surveys.Invalid, "paper or the telephone")
		early := c.entry(c.first, "mood_1", 1)
		early.Wave = storetest.Later
		c.refuses("a wave that has not opened", early, surveys.Closed, "opens on")
		staff := c.entry(c.first)
		staff.Wave = storetest.Round
		c.refuses("the staff survey", staff, surveys.NotFound, "anonymous")

		stranger, err := c.Store.Enrol(context.Background(), "", surveys.NewEnrolment{Study: storetest.Study, Site: "north", Label: "X1"})
		if err != nil {
			t.Fatal(err)
		}
		unasked := c.entry(c.first, "mood_1", 1)
		unasked.Enrolment = stranger.ID
		c.refuses("somebody who has not agreed", unasked, surveys.Forbidden, "not agreed")
		given := surveys.ConsentGiven{Version: "1", Language: "en", Clauses: []string{"take-part"}, Sitting: unasked.ID, By: c.first, On: storetest.Start.AddDate(0, 0, -3)}
		if err := c.Consent(context.Background(), stranger.ID, storetest.Baseline, given); err != nil {
			t.Fatal(err)
		}
		c.wantRows("SELECT baseline_day FROM enrolments WHERE label = 'X1'", fmt.Sprint(storetest.Start.AddDate(0, 0, -3).Unix()/86400))
		c.wantRows("SELECT account_id, detail FROM audit WHERE action = 'consent.record'", string(c.first)+"|version 1, entered for them")
		c.enter(unasked, surveys.PaperSubmitted)

		for i, level := range []surveys.WithdrawalLevel{surveys.StopContact, surveys.StopCollection, surveys.EraseAnswers} {
			c.withdraw(c.people[i], level)
			e := c.entry(c.first, "mood_1", 1)
			e.Enrolment = c.people[i]
			if level == surveys.StopContact {
				c.enter(e, surveys.PaperSubmitted)
				continue
			}
			c.refuses(level.String(), e, surveys.Closed, "nothing more be collected")
		}
	})
}

func TestEnterTwice(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		c := newClerks(t, db, 1)
		storetest.EnterTwice(t, c.Store)
		one := c.entry(c.first, "mood_1", 4, "about_age", 40)
		c.enter(one, surveys.EnteredOnce)
		c.enter(one, surveys.EnteredOnce) // sent twice
		c.wantRows("SELECT COUNT(*) FROM submissions", "0")
		changed := one
		changed.Answers = given("mood_1", 5)
		c.refuses("the same form with something else", changed, surveys.Conflict, "sent before")
		c.refuses("the same person again", c.entry(c.first, "mood_1", 4), surveys.Conflict, "is your own")
		if papers := c.open(); len(papers) != 1 || papers[0].State != surveys.EnteredOnce || papers[0].Label != "P00001" || papers[0].Entries[0].By != c.first || papers[0].Entries[0].Answers != nil {
			t.Errorf("ListPapers() = %+v, want the one that waits, without answers", papers)
		}
		two := c.entry(c.second, "mood_1", 4, "about_age", 40)
		c.enter(two, surveys.PaperSubmitted)
		c.enter(two, surveys.PaperSubmitted)
		c.enter(one, surveys.PaperSubmitted)
		if papers := c.open(); len(papers) != 0 {
			t.Errorf("ListPapers() = %+v, want none", papers)
		}
		c.wantRows("SELECT sitting = (SELECT id FROM papers), account_id FROM submissions", yes(c)+"|"+string(c.second))
		c.wantRows("SELECT number, account_id FROM paper_entries ORDER BY number", "1|"+string(c.first), "2|"+string(c.second))
		compared, equal, err := c.EntryAgreement(context.Background(), storetest.Study)
		if err != nil || compared != 18 || equal != 18 { // 14 of mood, 4 of about: hours are not asked
			t.Errorf("EntryAgreement() = %d, %d, %v, want 18 and 18", compared, equal, err)
		}
		c.wantRows("SELECT action, detail FROM audit WHERE action LIKE 'paper.%' ORDER BY action, detail", "paper.enter|baseline: first entry",
			"paper.enter|baseline: second entry, 18 of 18 items equal", "paper.submit|baseline")
		c.wantFolds()

		call := c.entry(c.first, "mood_1", 2)
		call.Mode, call.Helper, call.Over, call.CompletedOn = surveys.Telephone, "interviewer", true, ""
		c.enter(call, surveys.PaperSubmitted) // the telephone is live
	})
}

// yes is how an engine writes true.
func yes(c *clerks) string {
	if c.Engine() == "sqlite" {
		return "1"
	}
	return "true"
}

func TestEntriesThatDiffer(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		c := newClerks(t, db, 1)
		ctx := context.Background()
		storetest.EnterTwice(t, c.Store)
		c.enter(c.entry(c.first, "mood_1", 4, "mood_2", 2, "about_age", 40), surveys.EnteredOnce)
		two := c.entry(c.second, "mood_1", 5, "about_age", 40)
		two.CompletedOn = ""
		c.enter(two, surveys.EntriesDiffer)
		c.wantRows("SELECT COUNT(*) FROM submissions", "0")
		c.refuses("a third entry", c.entry(c.third, "mood_1", 5), surveys.Conflict, "entered twice already")
		id := c.open()[0].ID
		paper, err := c.FindPaper(ctx, id)
		if err != nil || len(paper.Entries) != 2 || paper.Compared != 18 || paper.Equal != 16 {
			t.Fatalf("FindPaper() = %+v, %v, want two entries with 16 of 18 items equal", paper, err)
		}
		decided := map[string]surveys.Value{"mood_1": surveys.Number(3), "mood_2": {}, surveys.EntryDay: surveys.Text("2026-02-01")}
		form := storetest.SittingID(1)
		refuse := func(by surveys.AccountID, decided map[string]surveys.Value, want surveys.Kind) {
			t.Helper()
			if _, err := c.DecidePaper(ctx, by, id, form, decided); surveys.KindOf(err) != want {
				t.Errorf("DecidePaper() = %v, want kind %v", err, want)
			}
		}
		refuse(c.first, decided, surveys.Conflict)
		refuse(c.second, decided, surveys.Conflict)
		refuse(c.third, map[string]surveys.Value{"mood_1": surveys.Number(3)}, surveys.Invalid)
		refuse(c.third, map[string]surveys.Value{"mood_1": surveys.Number(9), "mood_2": {}, surveys.EntryDay: surveys.Text("")}, surveys.Invalid)
		for range 2 { // and sent twice
			got, err := c.DecidePaper(ctx, c.third, id, form, decided)
			if err != nil || got.State != surveys.PaperSubmitted {
				t.Fatalf("DecidePaper() = %+v, %v, want it submitted", got, err)
			}
		}
		rows := c.Inspect(t, "SELECT answers FROM responses")
		if !strings.Contains(rows[0], `"mood_1":3,"mood_2":{"missing":"not-recorded"}`) {
			t.Errorf("stored %s, want what was decided", rows[0])
		}
		c.wantRows("SELECT account_id FROM submissions", string(c.third))
		c.wantFolds()
		refuse(c.third, map[string]surveys.Value{"mood_1": surveys.Number(1)}, 0)
		if entries := c.Inspect(t, "SELECT detail FROM audit"); slices.ContainsFunc(entries, func(d string) bool { return strings.Contains(d, "mood_") }) {
			t.Errorf("the audit trail names items: %q", entries)
		}
	})
}

// A server that is killed after two entries agreed leaves the paper to whoever keeps house next.
func TestPapersAreSubmittedAfterAKill(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		c := newClerks(t, db, 1)
		ctx := context.Background()
		storetest.EnterTwice(t, c.Store)
		c.enter(c.entry(c.first, "mood_1", 4), surveys.EnteredOnce)
		if err := c.Close(); err != nil { // between two entries
			t.Fatal(err)
		}
		c.Store = db.Open(t, storetest.Clock(c.now))
		c.enter(c.entry(c.second, "mood_1", 4), surveys.PaperSubmitted)
		if err := c.Exec(ctx, "UPDATE papers SET state = 'agreed', submitted_at = NULL"); err != nil { // killed before it was noted
			t.Fatal(err)
		}
		for range 2 {
			if err := c.SubmitPapers(ctx); err != nil {
				t.Fatal(err)
			}
		}
		c.wantRows("SELECT state FROM papers", "submitted")
		c.wantRows("SELECT COUNT(*) FROM submissions", "1")
		c.wantFolds()
	})
}

func TestPapersOfThoseWhoLeave(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		c := newClerks(t, db, 3)
		storetest.EnterTwice(t, c.Store)
		for _, person := range c.people {
			e := c.entry(c.first, "mood_1", 4)
			e.Enrolment = person
			c.enter(e, surveys.EnteredOnce)
		}
		done := c.entry(c.second, "mood_1", 4)
		done.Enrolment = c.people[2]
		c.enter(done, surveys.PaperSubmitted)
		c.withdraw(c.people[0], surveys.StopContact)
		c.wantRows("SELECT COUNT(*) FROM papers", "3")
		c.withdraw(c.people[1], surveys.StopCollection)
		c.wantRows("SELECT COUNT(*) FROM papers", "2")
		c.withdraw(c.people[2], surveys.StopCollection)
		c.wantRows("SELECT COUNT(*) FROM paper_entries", "3")
		paper := c.Inspect(t, "SELECT id FROM papers WHERE enrolment_id = '"+string(c.people[2])+"'")[0]
		c.withdraw(c.people[2], surveys.EraseAnswers)
		if _, err := c.FindPaper(t.Context(), paper); surveys.KindOf(err) != surveys.NotFound {
			t.Errorf("FindPaper() of who is to be erased = %v, want NotFound", err)
		}
		c.wantRows("SELECT COUNT(*) FROM paper_entries", "3")
		c.eraseDue(1)
		c.wantRows("SELECT COUNT(*) FROM paper_entries", "1")
		c.enter(c.entry(c.second, "mood_1", 4), surveys.PaperSubmitted) // of whom only no more contact was asked
		c.wantFolds()
	})
}

// Two people who enter one paper at the same moment make a first and a second entry of it, and a button pressed many times
// makes one.
func TestEnterAtOnce(t *testing.T) {
	for range storetest.Times(t, "times that a paper is entered at once", 1, 20) {
		storetest.Each(t, func(t *testing.T, db storetest.Database) {
			c := newClerks(t, db, 1)
			storetest.EnterTwice(t, c.Store)
			entries := []surveys.Entered{c.entry(c.first, "mood_1", 4), c.entry(c.second, "mood_1", 4)}
			var wg sync.WaitGroup
			for i := range 12 {
				wg.Go(func() {
					if _, err := c.Enter(context.Background(), entries[i%2]); err != nil {
						t.Errorf("Enter() = %v", err)
					}
				})
			}
			wg.Wait()
			c.wantRows("SELECT state, (SELECT COUNT(*) FROM paper_entries), (SELECT COUNT(*) FROM submissions) FROM papers", "submitted|2|1")
		})
	}
}

// An answer that the safety plan acts on raises its alert with the first entry that has it, and the paper goes its way.
func TestNoAlertWaitsForASecondEntry(t *testing.T) {
	for _, tt := range []struct {
		name         string
		first, last  int // answers of the two entries to the safety item
		afterFirst   int // alerts
		afterSecond  int
		want         surveys.PaperState
		wantStanding string
	}{
		{"both", 1, 1, 1, 1, surveys.PaperSubmitted, `"phq9_9":1`},
		{"neither", 0, 0, 0, 0, surveys.PaperSubmitted, `"phq9_9":0`},
		{"a slip of the first", 2, 0, 1, 1, surveys.EntriesDiffer, `"phq9_9":2`},
		{"a slip of the first the other way", 0, 3, 0, 1, surveys.EntriesDiffer, `"phq9_9":3`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, db storetest.Database) {
				c := &clerks{trial: newGuarded(t, db, 1)}
				c.hire()
				c.askTwice()
				got := c.enter(c.entry(c.first, "mood_1", 4, item9, tt.first), surveys.EnteredOnce)
				if got.Alert != (tt.afterFirst > 0) {
					t.Errorf("Enter() = %+v, want an alert: %v", got, tt.afterFirst > 0)
				}
				c.wantAlerts("after the first entry", tt.afterFirst)
				c.enter(c.entry(c.second, "mood_1", 4, item9, tt.last), tt.want)
				c.wantAlerts("after the second entry", tt.afterSecond)
				if rows := c.Inspect(t, "SELECT answers FROM responses"); len(rows) != 1 || !strings.Contains(rows[0], tt.wantStanding) {
					t.Errorf("stored %q, want %s", rows, tt.wantStanding)
				}
				if tt.want != surveys.EntriesDiffer {
					return
				}
				decided := map[string]surveys.Value{item9: surveys.Number(0)}
				if got, err := c.DecidePaper(context.Background(), c.third, c.open()[0].ID, storetest.SittingID(1), decided); err != nil || got.State != surveys.PaperSubmitted {
					t.Fatalf("DecidePaper() = %+v, %v, want it submitted", got, err)
				}
				if rows := c.Inspect(t, "SELECT answers FROM responses"); !strings.Contains(rows[0], `"phq9_9":0`) {
					t.Errorf("stored %q, want what was decided", rows)
				}
				c.wantAlerts("after the decision", tt.afterSecond)
			})
		})
	}
}
