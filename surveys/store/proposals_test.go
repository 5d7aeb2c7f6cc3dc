package store_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"wellwave/surveys"
	"wellwave/surveys/store/storetest"
)

// decide has an account decide a proposal of the kind, one that waits if there is one.
func (tr *trial) decide(kind surveys.ProposalKind, by surveys.AccountID, ground string) error {
	tr.t.Helper()
	return tr.decideIn(context.Background(), kind, by, ground)
}

func (tr *trial) decideIn(ctx context.Context, kind surveys.ProposalKind, by surveys.AccountID, ground string) error {
	tr.t.Helper()
	list, err := tr.ListProposals(context.Background(), storetest.Study)
	list = slices.DeleteFunc(list, func(p surveys.Proposal) bool { return p.Kind != kind })
	if waiting := slices.IndexFunc(list, func(p surveys.Proposal) bool { return p.State == surveys.ProposalWaiting }); waiting > 0 {
		list = list[waiting:]
	}
	if err != nil || len(list) == 0 {
		tr.t.Fatalf("ListProposals() = %v, %v, want one to decide", list, err)
	}
	return tr.decideOn(ctx, list[0].ID, by, ground)
}

func (tr *trial) decideOn(ctx context.Context, id surveys.ProposalID, by surveys.AccountID, ground string) error {
	tr.t.Helper()
	account, err := tr.FindAccount(context.Background(), by)
	tr.wantNoErr("FindAccount()", err)
	return tr.DecideProposal(ctx, account, storetest.Study, id, ground)
}

// member adds an account of the role that was given every study.
func (tr *trial) member(name string, role surveys.Role) surveys.AccountID {
	tr.t.Helper()
	n := surveys.NewAccount{Email: name + "@example.org", Name: name, Role: role, Grant: surveys.Grant{Every: true}}
	if role == surveys.Practice {
		n.Study, n.Site = storetest.Study, "north"
	}
	account, err := tr.AddAccount(context.Background(), "", n, password)
	if err != nil {
		tr.t.Fatal(err)
	}
	return account.ID
}

func (tr *trial) wantNoErr(what string, err error) {
	tr.t.Helper()
	if err != nil {
		tr.t.Fatalf("%s: %v", what, err)
	}
}

// wantCounts fails the test if accounts are told of other numbers of what they could decide.
func (tr *trial) wantCounts(when string, want map[surveys.AccountID]int) {
	tr.t.Helper()
	for id, n := range want {
		account, err := tr.FindAccount(context.Background(), id)
		tr.wantNoErr("FindAccount()", err)
		if got, err := tr.CountProposals(context.Background(), account, storetest.Study); got != n || err != nil {
			tr.t.Errorf("%s: CountProposals() of the %s = %d, %v, want %d", when, account.Role.Label(), got, err, n)
		}
	}
}

// One account that asks for everybody of a site has three people erased, and these come back.
func TestErasuresOfAnHour(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		tr := newTrial(t, db, 12) // six at each site
		ctx := context.Background()
		desk, team := tr.member("desk", surveys.Practice), tr.member("ada", surveys.Researcher)
		north := tr.Inspect(t, "SELECT id FROM enrolments WHERE site_id = 'north' ORDER BY label")
		const gone = "SELECT COUNT(*) FROM enrolments WHERE withdrawal = 'erasure'"
		told := func(i int, by surveys.AccountID) {
			t.Helper()
			tr.wantNoErr("Withdraw()", tr.Withdraw(ctx, surveys.Withdrawal{Enrolment: surveys.EnrolmentID(north[i]), Level: surveys.EraseAnswers, Channel: surveys.AtDesk, By: by}))
		}
		for i := range north {
			told(i, desk)
			told(i, desk) // pressed twice
		}
		tr.wantRows(gone, "3")
		tr.wantRows("SELECT COUNT(*) FROM proposals WHERE kind = 'erasure' AND state = 'waiting'", "3")
		told(4, team) // nor does an account of the team
		tr.wantRows(gone, "3")
		found, err := tr.FindWithdrawal(ctx, surveys.EnrolmentID(north[5]))
		if err != nil || len(found.Asked) != 1 || found.Asked[0].By != desk {
			t.Fatalf("FindWithdrawal() = %+v, %v, want it to tell of what waits", found, err)
		}
		asked := found.Asked[0].ID
		tr.wantCounts("by the desk", map[surveys.AccountID]int{desk: 0, team: 3})
		tr.wantKind("decided by who asked", tr.decideOn(t.Context(), asked, desk, "checked"), surveys.Forbidden)
		tr.wantKind("decided for no reason", tr.decideOn(t.Context(), asked, team, "because"), surveys.Invalid)
		tr.wantNoErr("decided", tr.decideOn(t.Context(), asked, team, "checked"))
		tr.wantKind("decided again", tr.decideOn(t.Context(), asked, team, "doubt"), surveys.Conflict)
		tr.wantRows(gone, "4")
		tr.wantRows("SELECT account_id FROM withdrawals WHERE enrolment_id = '"+north[5]+"'", string(desk))
		tr.withdraw(surveys.EnrolmentID(north[4]), surveys.EraseAnswers) // by the person: nobody else is asked
		tr.wantRows(gone, "5")
		south := tr.Inspect(t, "SELECT id FROM enrolments WHERE site_id = 'south' ORDER BY label LIMIT 1")
		tr.wantNoErr("another site", tr.Withdraw(ctx, surveys.Withdrawal{Enrolment: surveys.EnrolmentID(south[0]), Level: surveys.EraseAnswers, Channel: surveys.ByLetter, By: team}))
		tr.wantRows(gone, "6")
		tr.ahead.Add(int64(time.Hour))
		tr.wantRows("SELECT COUNT(*) FROM proposals WHERE decided_by = account_id", "0")
		tr.wantWhole("at the end")
	})
}

// Nobody unlocks a study by themselves, and what was not decided in three days has to be asked for again.
func TestUnlockingNeedsTwo(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		tr := newTrial(t, db, 1)
		ctx := context.Background()
		ada, bob := tr.member("ada", surveys.Administrator), tr.member("bob", surveys.Researcher)
		tr.wantKind("of a study that is not locked", tr.ProposeUnlock(ctx, ada, storetest.Study), surveys.Conflict)
		tr.wantNoErr("close", tr.SetStudyState(ctx, ada, storetest.Study, surveys.Ended))
		tr.wantNoErr("lock", tr.SetStudyState(ctx, ada, storetest.Study, surveys.Locked))
		tr.wantKind("unlock alone", tr.SetStudyState(ctx, ada, storetest.Study, surveys.Ended), surveys.Forbidden)
		for range 2 {
			tr.wantNoErr("propose", tr.ProposeUnlock(ctx, ada, storetest.Study))
		}
		tr.wantRows("SELECT COUNT(*) FROM proposals", "1")
		tr.wantKind("decided by who asked", tr.decide(surveys.Unlock, ada, "checked"), surveys.Forbidden)
		tr.wantCounts("in time", map[surveys.AccountID]int{ada: 0, bob: 1})
		tr.wait(3)
		tr.wantCounts("too late", map[surveys.AccountID]int{ada: 0, bob: 0})
		tr.wantKind("decided too late", tr.decide(surveys.Unlock, bob, "checked"), surveys.Conflict)
		tr.wantNoErr("propose again", tr.ProposeUnlock(ctx, ada, storetest.Study))
		tr.wantRows("SELECT state FROM studies", "locked")
		tr.wantNoErr("decided", tr.decide(surveys.Unlock, bob, "checked"))
		tr.wantRows("SELECT state FROM studies", "closed")
	})
}

// After the lock somebody who asks for erasure leaves as far as can be, and the data manager decides about the rest.
func TestErasureAfterTheLock(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		tr := newTrial(t, db, 3)
		ctx := context.Background()
		manager, researcher := tr.member("max", surveys.DataManager), tr.member("ada", surveys.Researcher)
		for i := range tr.people {
			tr.finish(i)
		}
		tr.sql("INSERT INTO contact_details (participant_id, name, telephone, email, address, changed_at) SELECT participant_id, 'Agnes', '', '', '', 1 FROM enrolments")
		for _, state := range []surveys.StudyState{surveys.Ended, surveys.Locked} {
			tr.wantNoErr("state", tr.SetStudyState(ctx, "", storetest.Study, state))
		}
		before := tr.Inspect(t, "SELECT * FROM responses ORDER BY id")
		for _, person := range tr.people[:2] {
			for range 2 {
				tr.withdraw(person, surveys.EraseAnswers)
			}
		}
		tr.wantRows("SELECT * FROM responses ORDER BY id", before...)
		tr.wantRows("SELECT withdrawal FROM enrolments ORDER BY label", "no-collection", "no-collection", "")
		tr.wantRows("SELECT COUNT(*) FROM contact_details", "1")
		tr.wantRows("SELECT kind, state FROM proposals", "locked-erasure|waiting", "locked-erasure|waiting")
		tr.wantKind("a researcher decides", tr.decide(surveys.EraseLocked, researcher, "research"), surveys.Forbidden)
		tr.wait(40)
		tr.wantCounts("late", map[surveys.AccountID]int{manager: 2, researcher: 0})
		list, err := tr.ListProposals(ctx, storetest.Study)
		if err != nil || len(list) != 2 || !list[0].Late(tr.now()) || list[0].Lapsed(tr.now()) {
			t.Errorf("ListProposals() = %+v, %v, want them late and still to be decided", list, err)
		}
		tr.wantNoErr("erased", tr.decideOn(t.Context(), list[0].ID, manager, "objection"))
		tr.wantRows("SELECT COUNT(*) FROM enrolments WHERE withdrawal = 'erasure'", "1")
		tr.wantRows("SELECT COUNT(*) FROM responses WHERE answers = '{}' AND wave_id = 'baseline'", "1")
		tr.wantNoErr("kept", tr.decideOn(t.Context(), list[1].ID, manager, "research"))
		tr.wantRows("SELECT COUNT(*) FROM enrolments WHERE withdrawal = 'erasure'", "1")
		tr.wantWhole("decided")
	})
}
