package store_test

import (
	"context"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"wellwave/surveys"
	"wellwave/surveys/store"
	"wellwave/surveys/store/storetest"
)

// TestSubmitKeepsTheVersion changes a study in the pilot while people answer, through two servers of which each learns of
// it in its own time.
func TestSubmitKeepsTheVersion(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		tr := &trial{Store: db.Open(t), t: t}
		ctx := context.Background()
		storetest.LoadStudyIn(t, tr.Store, surveys.Pilot)
		tr.people = storetest.Enrol(t, tr.Store, 2)
		tr.submit(tr.save(9, 1, "mood_1", 1, "about_age", 40))

		source, err := os.ReadFile("storetest/testdata/study.yaml")
		if err != nil {
			t.Fatal(err)
		}
		changed := strings.Replace(string(source), "instruments: [mood, about]", "instruments: [about, mood]", 1)
		other := db.Open(t)
		if _, _, err := other.LoadStudy(ctx, "", "study.yaml", []byte(changed), &surveys.Definitions{}); err != nil {
			t.Fatal(err)
		}
		tr.submit(tr.save(9, 2, "mood_2", 2)) // this server has not heard of the change
		begun := tr.save(8, 1, "mood_1", 3)
		begun.Enrolment = tr.people[1]
		tr.submit(begun)
		for _, s := range []*store.Store{other, db.Open(t)} { // and the last has not read the older questionnaire yet
			sub := tr.save(9, 0, "about_age", 41)
			if receipt, err := s.Submit(ctx, sub); err != nil || receipt.Seq != 3 {
				t.Errorf("Submit() to a response of the older version = %+v, %v, want it taken", receipt, err)
			}
		}
		// Answers are stored in the order of the questionnaire.
		tr.wantRows("SELECT r.answers FROM responses r JOIN enrolments e ON e.id = r.enrolment_id ORDER BY e.label", `{"mood_1":1,"mood_2":2,"about_age":41}`, `{"mood_1":3}`)
		tr.wantRows("SELECT COUNT(DISTINCT questionnaire), COUNT(*) FROM responses", "2|2")
		tr.wantRows("SELECT COUNT(*) FROM responses WHERE pilot", "2")
		tr.wantFolds()
	})
}

// TestBulkBeginsTheBaseline takes the day of the baseline from a row that says when it was given, and else from its arrival.
func TestBulkBeginsTheBaseline(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		tr := newTrial(t, db, 1)
		ctx := context.Background()
		for label, at := range map[string]time.Time{"B1": {}, "B2": storetest.Start.Add(30 * time.Hour),
			"B4": storetest.Start.AddDate(0, -1, 0)} { // the last was answered on paper before the enrolment was entered
			person, err := tr.Enrol(ctx, "", surveys.NewEnrolment{Study: storetest.Study, Site: "north", Label: label})
			if err != nil {
				t.Fatal(err)
			}
			sub := tr.save(9, 1, "mood_1", 1)
			sub.Enrolment, sub.Bulk, sub.AnsweredAt = person.ID, true, at
			tr.ahead.Store(int64(80 * time.Hour))
			tr.submit(sub)
			tr.submit(sub)
			tr.ahead.Store(0)
		}
		// 2 February 2026 is day 20486; the answers came on the 5th, and B2's were given on the 3rd.
		tr.wantRows("SELECT label, baseline_day FROM enrolments WHERE label LIKE 'B%' ORDER BY label", "B1|20489", "B2|20487", "B4|20455")
		tr.wantRows("SELECT COUNT(*) FROM responses WHERE late_days > 0", "0")
	})
}

// TestProgress follows four people through their baseline and to the next wave.
func TestProgress(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		tr := newTrial(t, db, 4)
		ctx := context.Background()
		whole := tr.save(9, 1)
		whole.Answers, whole.Finish = storetest.Answers(1), true
		tr.submit(whole)
		begun := tr.save(8, 1, "mood_1", 1)
		begun.Enrolment = tr.people[1]
		tr.submit(begun)
		if err := tr.RecordDisposition(ctx, "", tr.people[2], storetest.Baseline, surveys.OtherEligible, "died"); err != nil {
			t.Fatal(err)
		}
		counts := func() []string {
			t.Helper()
			list, err := tr.MonitorCounts(ctx, storetest.Study)
			if err != nil {
				t.Fatal(err)
			}
			var words []string
			for _, c := range list {
				word := strings.Join([]string{string(c.Wave), string(c.Site), string(c.Arm), c.Disposition.String(), c.Reason}, " ")
				if c.WindowClosed {
					word += " closed"
				}
				words = append(words, strings.Repeat("+", c.N)+" "+word)
			}
			slices.Sort(words)
			return words
		}
		want := []string{"+ baseline north new complete ", "+ baseline north new other-eligible died", "++ baseline south usual pending ",
			"+ later north new not-yet-due ", "+ later north new other-eligible died", "++ later south usual not-yet-due "}
		slices.Sort(want)
		if got := counts(); !slices.Equal(got, want) {
			t.Errorf("MonitorCounts() = %q, want %q", got, want)
		}
		curve, err := tr.Curve(ctx, storetest.Study)
		if err != nil || len(curve) != 1 || curve[0].N != 1 || curve[0].Wave != storetest.Baseline || curve[0].Day.Format(time.DateOnly) != "2026-02-02" {
			t.Errorf("Curve() = %+v, %v, want one on 2 February", curve, err)
		}

		tr.wait(90) // to the due day of the later wave, when the baseline's window has closed
		if _, err := tr.FinaliseClosed(ctx); err != nil {
			t.Fatal(err)
		}
		want = []string{"+ baseline north new complete  closed", "+ baseline north new other-eligible died closed", "+ baseline south usual break-off  closed",
			"+ baseline south usual non-contact  closed", "+ later north new other-eligible died", "+ later north new pending ", "++ later south usual pending "}
		slices.Sort(want)
		if got := counts(); !slices.Equal(got, want) {
			t.Errorf("MonitorCounts() after 90 days = %q, want %q", got, want)
		}
		due, err := tr.ListDue(ctx, storetest.Study, "south", tr.now())
		if err != nil || len(due) != 4 {
			t.Fatalf("ListDue() = %+v, %v, want two people at two waves", due, err)
		}
		for _, d := range due {
			wantBegun := d.Enrolment == tr.people[1] && d.Wave == storetest.Baseline
			if d.Site != "south" || d.Begun != wantBegun || d.Invited || !d.HasWindow || d.Wave == storetest.Later && d.Disposition != surveys.Pending {
				t.Errorf("ListDue() has %+v", d)
			}
		}
	})
}
