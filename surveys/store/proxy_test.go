package store_test

import (
	"context"
	"fmt"
	"testing"

	"wellwave/surveys"
	"wellwave/surveys/store/storetest"
)

// proxied shows of each response whether a proxy gave any of it, the primary score and what it amounts to.
const proxied = `
	SELECT r.proxied, COALESCE(s.value, -1), s.answered, s.why, r.outcome, r.disposition
	FROM responses r
	JOIN scores s ON s.response_id = r.id
	WHERE s.scale_id = 'mood'
	ORDER BY r.outcome, r.disposition`

// shown is a row of it.
func shown(proxy bool, score, answered int, outcome surveys.Disposition) string {
	why := ""
	if score < 0 {
		why = surveys.WhyProxy
	}
	return fmt.Sprintf("%v|%d|%d|%s|%v|%v", proxy, score, answered, why, outcome, outcome)
}

// whole is a finished save of all fourteen items of the primary scale: 41 of Answers(1).
func (tr *trial) whole(sitting, seq int, helper string) surveys.Submission {
	sub := under(tr.save(sitting, seq), helper, "", "")
	sub.Answers, sub.Finish = storetest.Answers(1), true
	return sub
}

// A proxy's answers stay out of the primary score, and so out of the completes, until the person gives them.
func TestSubmitByProxy(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		tr := newTrial(t, db, 1)
		tr.submit(tr.whole(9, 1, surveys.ProxyHelper))
		tr.wantRows(proxied, shown(true, -1, 14, surveys.Partial))
		tr.wantFolds()
		if got := tr.submit(tr.whole(9, 1, surveys.ProxyHelper)); !got.Repeated {
			t.Errorf("Submit() of the same = %+v, want the receipt that is there", got)
		}
		counts, err := tr.MonitorCounts(context.Background(), storetest.Study)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range counts {
			if c.Disposition == surveys.Complete {
				t.Errorf("a proxy counts as complete: %+v", c)
			}
		}

		own := tr.whole(10, 1, "family")
		own.Answers = own.Answers[:13]
		tr.submit(own)
		tr.wantRows(proxied, shown(true, -1, 14, surveys.Partial))
		last := tr.save(10, 2)
		last.Answers = storetest.Answers(1)[13:]
		tr.submit(last)
		tr.wantRows(proxied, shown(false, 41, 14, surveys.Complete))
		tr.wantRows("SELECT number, disposition, source FROM dispositions ORDER BY number", "1|partial|answers", "2|complete|answers")
		tr.wantFolds()

		tr.submit(under(tr.save(11, 2, "mood_1", 5), surveys.ProxyHelper, "", ""))
		tr.wantRows(proxied, shown(true, -1, 14, surveys.Partial))
		tr.submit(tr.save(11, 1, "mood_1", 1)) // given before, and arrived behind
		tr.wantRows(proxied, shown(true, -1, 14, surveys.Partial))
		tr.wantFolds()

		tr.withdraw(tr.people[0], surveys.EraseAnswers)
		tr.wantRows("SELECT COUNT(*) FROM responses WHERE proxied", "0")
		tr.wantFolds()
	})
}

// A page without script is sent again, changed in nothing but who answers.
func TestSubmitTakesAProxyBack(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		tr := newTrial(t, db, 1)
		page := func(helper string) surveys.Submission {
			sub := tr.whole(9, 1, helper)
			sub.Renumber = true
			return sub
		}
		tr.submit(page(surveys.ProxyHelper))
		if got := tr.submit(page("")); got.Repeated || got.Seq != 2 {
			t.Errorf("Submit() of the person's own = %+v, want it taken as another", got)
		}
		tr.wantRows(proxied, shown(false, 41, 14, surveys.Complete))
		if got := tr.submit(page("")); !got.Repeated {
			t.Errorf("Submit() of the same = %+v, want the receipt that is there", got)
		}
		tr.wantFolds()
	})
}

// Who answers late takes nothing away from what was there in time.
func TestSubmitByProxyLate(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		tr := newTrial(t, db, 2)
		own := tr.whole(9, 1, "")
		own.Answers = own.Answers[:13]
		tr.submit(own)
		tr.wait(61)
		tr.submit(tr.whole(10, 1, surveys.ProxyHelper))
		tr.wantRows("SELECT r.proxied, s.answered, s.why, r.outcome, r.late_days FROM responses r JOIN scores s ON s.response_id = r.id WHERE s.scale_id = 'mood'",
			"false|13||complete|1")
		tr.submit(of(tr.whole(11, 1, surveys.ProxyHelper), tr.people[1]))
		tr.wantRows("SELECT r.proxied, s.answered, s.why, r.outcome, r.disposition FROM responses r JOIN scores s ON s.response_id = r.id WHERE s.scale_id = 'mood' AND r.enrolment_id = '"+
			string(tr.people[1])+"'", "true|14|"+surveys.WhyProxy+"||non-contact")
		tr.wantFolds()
	})
}

// What is entered from paper follows the same rule, and so do files that correct it.
func TestEnterByProxy(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		c := newClerks(t, db, 1)
		e := c.entry(c.first)
		e.Answers, e.Helper = storetest.Answers(1), surveys.ProxyHelper
		c.enter(e, surveys.PaperSubmitted)
		c.wantRows(proxied, shown(true, -1, 14, surveys.Partial))
		c.wantRows(collected, "paper|proxy||")

		row := c.whole(9, 0, "")
		row.Bulk, row.Correct, row.How.Mode = true, true, surveys.Bulk
		row.AnsweredAt = c.now()
		c.submit(row)
		c.wantRows(proxied, shown(false, 41, 14, surveys.Complete))
		c.wantFolds()
	})
}

// A database from before marks what a proxy gave, and counts it no more.
func TestMigrateProxies(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		old := newTrial(t, db, 3)
		for i, person := range old.people {
			old.submit(of(old.whole(9+i, 1, "family"), person))
		}
		ctx := context.Background()
		if err := old.RecordDisposition(ctx, "", old.people[2], storetest.Baseline, surveys.Refusal, "declined"); err != nil {
			t.Fatal(err)
		}
		was := old.Inspect(t, "SELECT answers, changed_at, finished_at FROM responses ORDER BY id")
		for _, statement := range []string{
			"UPDATE submissions SET content = REPLACE(content, '\"family\"', '\"proxy\",\"place\":\"home\"') WHERE sitting <> '" + storetest.SittingID(9) + "'",
			"UPDATE responses SET helper = 'proxy' WHERE enrolment_id <> '" + string(old.people[0]) + "'",
		} {
			if err := old.Exec(ctx, statement); err != nil {
				t.Fatal(err)
			}
		}
		old.beforeAids()

		tr := &trial{Store: db.Open(t, storetest.Clock(old.now)), t: t, people: old.people, ahead: old.ahead}
		tr.wantRows(proxied, shown(false, 41, 14, surveys.Complete), shown(true, -1, 14, surveys.Partial),
			"true|-1|14|"+surveys.WhyProxy+"|partial|refusal")
		tr.wantRows("SELECT answers, changed_at, finished_at FROM responses ORDER BY id", was...)
		tr.wantRows("SELECT d.number, d.disposition, d.source FROM dispositions d JOIN responses r ON r.id = d.response_id WHERE r.proxied ORDER BY r.disposition, d.number",
			"1|complete|answers", "2|partial|answers", "1|complete|answers", "2|refusal|person")
		tr.wantFolds()
		if got := tr.submit(of(tr.whole(10, 1, surveys.ProxyHelper), tr.people[1])); !got.Repeated {
			t.Errorf("Submit() of what was there = %+v, want its receipt", got)
		}
	})
}
