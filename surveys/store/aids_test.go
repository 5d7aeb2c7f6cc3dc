package store_test

import (
	"testing"

	"wellwave/surveys"
	"wellwave/surveys/store/storetest"
)

const collected = "SELECT mode, helper, place, aids FROM responses"

// under returns the save as it is held with the given helper, in the given place and with the given aids.
func under(sub surveys.Submission, helper, place, aids string) surveys.Submission {
	sub.How.Helper, sub.How.Place, sub.How.Aids = helper, place, aids
	return sub
}

// What was used stays with a response, and the latest place that is known.
func TestSubmitKeepsAidsAndPlace(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		tr := newTrial(t, db, 1)
		tr.submit(under(tr.save(9, 1, "mood_1", 1), "staff", "practice", "listened telescope"))
		tr.wantRows(collected, "web|staff|practice|listened")
		tr.submit(under(tr.save(9, 2, "mood_2", 1), "", "", "large-print"))
		tr.wantRows(collected, "web||practice|large-print listened")
		tr.submit(under(tr.save(9, 3, "mood_3", 1), "family", "home", ""))
		tr.wantRows(collected, "web|family|home|large-print listened")
		tr.wantRows("SELECT COUNT(*) FROM submissions WHERE content LIKE '%\"aids\":%'", "2")
		tr.wantFolds()

		tr.withdraw(tr.people[0], surveys.EraseAnswers)
		tr.wantRows(collected+" WHERE wave_id = 'baseline'", "|||")
		tr.wantFolds()
	})
}

// An aid says how something was answered, and not what: the same answers sent again are known.
func TestSubmitKnowsTheSaveAgainWithoutItsAids(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		tr := newTrial(t, db, 1)
		tr.submit(tr.save(9, 1, "mood_1", 1))
		if got := tr.submit(under(tr.save(9, 1, "mood_1", 1), "", "home", "listened")); !got.Repeated {
			t.Errorf("Submit() = %+v, want the receipt that is there", got)
		}
		tr.wantRows(collected, "web|||")
	})
}

// beforeAids makes the database what it was before aids were stored.
func (tr *trial) beforeAids() {
	tr.t.Helper()
	tr.backTo(5, "DROP INDEX submissions_conflicts")
}

// A database from before is brought up to what its ledger says.
func TestMigrateAids(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		old := newTrial(t, db, 3)
		old.submit(under(old.save(9, 1, "mood_1", 1), "staff", "practice", ""))
		old.submit(under(old.save(9, 2, "mood_2", 1), "", "", ""))
		old.submit(of(old.save(10, 1, "mood_1", 2), old.people[1]))
		old.wantRows("SELECT place FROM responses ORDER BY place", "", "practice")
		old.beforeAids()

		tr := &trial{Store: db.Open(t, storetest.Clock(old.now)), t: t, people: old.people, ahead: old.ahead}
		tr.wantRows("SELECT helper, place, aids, revision FROM responses ORDER BY place", "|||1", "|practice||2")
		tr.wantRows("SELECT COUNT(*) FROM refolds", "0")
		tr.wantFolds()
		tr.submit(of(under(tr.save(11, 1, "mood_1", 2), "", "home", "easy-read"), tr.people[2]))
		tr.wantRows("SELECT place, aids FROM responses WHERE aids <> ''", "home|easy-read")
	})
}

// of returns the submission as another person's.
func of(sub surveys.Submission, person surveys.EnrolmentID) surveys.Submission {
	sub.Enrolment = person
	return sub
}
