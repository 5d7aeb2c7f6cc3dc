package store_test

import (
	"strings"
	"testing"

	"wellwave/surveys"
	"wellwave/surveys/store/storetest"
)

// A form is one page of one person's questionnaire. Taken for another's, it would be reported as kept and be lost.
func TestEntryFormsAreOfOneQuestionnaire(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		c := newClerks(t, db, 2)
		storetest.EnterTwice(t, c.Store)
		e := c.entry(c.first, "mood_1", 4)
		c.enter(e, surveys.EnteredOnce)
		c.enter(e, surveys.EnteredOnce)
		e.Enrolment = c.people[1]
		c.refuses("the same form for somebody else", e, surveys.Conflict, "another questionnaire")
		for _, id := range []string{"", strings.Repeat("A", 32), strings.Repeat("\x00", 32), e.ID + "0"} {
			e.ID = id
			c.refuses("a form that no page made", e, surveys.Invalid, "not complete")
		}
		if papers := c.open(); len(papers) != 1 {
			t.Errorf("%d papers wait, want the one", len(papers))
		}
	})
}
