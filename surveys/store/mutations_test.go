package store_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"wellwave/surveys"
	"wellwave/surveys/library"
	"wellwave/surveys/store/storetest"
)

var accountMutations = []mutation{
	{"SetUpFirst", "account.create", byNobody, func(ctx context.Context, w *world) error {
		token, _, err := w.SetupLink(ctx)
		if err != nil {
			return err
		}
		account, err := w.SetUpFirst(ctx, token, "Ada", "ada@example.org", password)
		w.ada = account.ID
		return err
	}},
	{"AddAccount", "account.create", byNobody, func(ctx context.Context, w *world) error {
		w.hire()
		return nil
	}},
	{"CreateAccount", "account.create", byAda, func(ctx context.Context, w *world) error {
		account, _, err := w.CreateAccount(ctx, w.ada, surveys.NewAccount{Name: "Bob", Email: "bob@example.org", Role: surveys.Researcher})
		w.bob = account.ID
		return err
	}},
	{"RenewSetupLink", "account.new-link", byAda, func(ctx context.Context, w *world) (err error) {
		w.token, err = w.RenewSetupLink(ctx, w.ada, w.bob)
		return err
	}},
	{"SetPassword", "account.set-password", byBob, func(ctx context.Context, w *world) error {
		_, err := w.SetPassword(ctx, w.token, password)
		return err
	}},
	{"SignIn", "account.sign-in", byBob, func(ctx context.Context, w *world) error {
		_, _, err := w.SignIn(ctx, "bob@example.org", password)
		return err
	}},
	{"SignInFrom", "account.sign-in", byBob, func(ctx context.Context, w *world) error {
		_, _, err := w.SignInFrom(ctx, w.KnowBrowser("", w.bob), "bob@example.org", password)
		return err
	}},
	{"BeginSignIn", "session.begin", byBob, func(ctx context.Context, w *world) (err error) {
		_, proof, err := w.SignIn(ctx, "bob@example.org", password)
		if err == nil {
			w.signIn, err = w.BeginSignIn(ctx, w.bob, proof, "192.0.2.0/24")
		}
		return err
	}},
	{"ConfirmSignIn", "session.confirm", byBob, func(ctx context.Context, w *world) error { return w.ConfirmSignIn(ctx, w.bob, w.signIn) }},
	{"ConfirmAuthenticator", "factor.add", byBob, func(ctx context.Context, w *world) error {
		secret, err := w.PendingAuthenticator(ctx, w.bob)
		if err == nil {
			w.codes, err = w.ConfirmAuthenticator(ctx, w.bob, w.signIn, appCode(w.t, secret, w.now()))
		}
		return err
	}},
	{"CheckFactorCode", "factor.use-code", byBob, func(ctx context.Context, w *world) error { return w.CheckFactorCode(ctx, w.bob, w.codes[0]) }},
	{"NewRecoveryCodes", "factor.new-codes", byBob, func(ctx context.Context, w *world) error {
		_, err := w.NewRecoveryCodes(ctx, w.bob, w.signIn)
		return err
	}},
	{"AddPasskey", "factor.add", byBob, func(ctx context.Context, w *world) error {
		_, err := w.AddPasskey(ctx, w.bob, w.signIn, surveys.Passkey{ID: "key", Name: "Laptop", Credential: "{}"})
		return err
	}},
	{"RemoveAuthenticator", "factor.remove", byBob, func(ctx context.Context, w *world) error {
		if _, err := w.AddPasskey(ctx, w.bob, w.signIn, surveys.Passkey{ID: "second", Name: "Telephone", Credential: "{}"}); err != nil {
			return err
		}
		return w.RemoveAuthenticator(ctx, w.bob, w.signIn)
	}},
	{"RemovePasskey", "factor.remove", byBob, func(ctx context.Context, w *world) error { return w.RemovePasskey(ctx, w.bob, w.signIn, "key") }},
	{"ChangePassword", "account.change-password", byBob, func(ctx context.Context, w *world) error {
		return w.ChangePassword(ctx, w.bob, w.signIn, password, "four other unrelated words")
	}},
	{"EndSignIn", "session.end", byAda, func(ctx context.Context, w *world) error { return w.EndSignIn(ctx, w.ada, "", w.signIn) }},
	{"ResetFactors", "factor.reset", byAda, func(ctx context.Context, w *world) error { return w.ResetFactors(ctx, w.ada, w.bob) }},
	{"NoteFailedSignIn", "session.refuse", byNobody, func(ctx context.Context, w *world) error {
		return w.NoteFailedSignIn(ctx, "bob@example.org", "192.0.2.0/24")
	}},
	{"NoteRefusal", "access.refuse", byBob, func(ctx context.Context, w *world) error {
		return w.NoteRefusal(ctx, w.bob, "access.refuse", "GET /office", "192.0.2.0/24")
	}},
	{"GrantStudies", "right.give", byAda, func(ctx context.Context, w *world) error {
		return w.GrantStudies(ctx, w.ada, w.bob, surveys.Grant{Studies: []surveys.StudyID{storetest.Study}})
	}},
	{"GrantStudies", "right.take", byAda, func(ctx context.Context, w *world) error {
		return w.GrantStudies(ctx, w.ada, w.bob, surveys.Grant{})
	}},
	{"DisableAccount", "account.disable", byAda, func(ctx context.Context, w *world) error { return w.DisableAccount(ctx, w.ada, w.bob) }},
	{"EnableAccount", "account.enable", byAda, func(ctx context.Context, w *world) error { return w.EnableAccount(ctx, w.ada, w.bob) }},
}

var siteMutations = []mutation{
	{"CreateKiosk", "kiosk.create", byAda, func(ctx context.Context, w *world) (err error) {
		w.kiosk, err = w.CreateKiosk(ctx, w.ada, surveys.NewKiosk{Study: storetest.Study, Site: "north", Name: "Desk", PIN: tabletPIN})
		return err
	}},
	{"HandOver", "kiosk.hand-over", byAda, func(ctx context.Context, w *world) error {
		proof, err := w.UnlockKiosk(ctx, w.kiosk.ID, tabletPIN)
		if err != nil {
			return err
		}
		_, err = w.HandOver(ctx, proof, surveys.HandOver{Kiosk: w.kiosk.ID, Enrolment: w.people[0], Wave: storetest.Baseline, Initials: "mb"})
		return err
	}},
	{"ReportHandOver", "kiosk.hand-over", byAda, func(ctx context.Context, w *world) error {
		_, err := w.ReportHandOver(ctx, surveys.HandOver{ID: surveys.HandOverID(storetest.SittingID(1)), Kiosk: w.kiosk.ID,
			Enrolment: w.people[0], Wave: storetest.Baseline, Initials: "mb", At: w.now()})
		return err
	}},
	{"AdoptHandOver", "kiosk.hand-over", byAda, func(ctx context.Context, w *world) error {
		_, err := w.AdoptHandOver(ctx, surveys.HandOver{ID: surveys.HandOverID(storetest.SittingID(2)), Kiosk: w.kiosk.ID,
			Enrolment: w.people[0], Wave: storetest.Baseline, Initials: "mb", At: w.now()})
		return err
	}},
	{"UnlockKiosk", "kiosk.wait", byNobody, func(ctx context.Context, w *world) error {
		for range 20 {
			switch _, err := w.UnlockKiosk(ctx, w.kiosk.ID, "000001"); surveys.KindOf(err) {
			case surveys.Unauthenticated:
			case surveys.Closed:
				return nil
			default:
				return fmt.Errorf("a wrong PIN: %w", err)
			}
		}
		return errors.New("twenty wrong PINs were looked at")
	}},
	{"RevokeKiosk", "kiosk.revoke", byAda, func(ctx context.Context, w *world) error {
		return w.RevokeKiosk(ctx, w.ada, storetest.Study, "north", w.kiosk.ID)
	}},
	{"MakeCustodianKey", "custodian.create", byAda, func(ctx context.Context, w *world) (err error) {
		w.keys[0], err = w.MakeCustodianKey(ctx, w.ada, storetest.Study, surveys.StaffCustodian{Number: 1, Name: "Ailsa"}, "")
		return err
	}},
	{"ProveCustodianKey", "custodian.prove", byAda, func(ctx context.Context, w *world) error {
		return w.ProveCustodianKey(ctx, w.ada, storetest.Study, 1, w.keys[0])
	}},
	{"SetRoundSites", "round.headcount", byAda, func(ctx context.Context, w *world) error {
		return w.SetRoundSites(ctx, w.ada, storetest.Study, storetest.Round, []surveys.RoundSite{{Site: "north", Staff: 11, Contact: "Reception"}})
	}},
	{"SetUpRound", "round.set-up", byAda, func(ctx context.Context, w *world) error {
		w.keys = storetest.MakeCustodians(w.t, w.Store)
		return w.SetUpRound(ctx, w.ada, storetest.Study, storetest.Round)
	}},
	{"MakeStaffCodes", "staff-codes.create", byAda, func(ctx context.Context, w *world) error {
		codes, err := w.MakeStaffCodes(ctx, w.ada, storetest.Study, storetest.Round, "north", 3)
		if err != nil {
			return err
		}
		card, err := w.OpenLink(ctx, codes[0])
		if err != nil {
			return err
		}
		return w.SubmitStaff(ctx, climate(card, 4))
	}},
	{"CloseRound", "round.close", byAda, func(ctx context.Context, w *world) error {
		return w.CloseRound(ctx, w.ada, storetest.Study, storetest.Round)
	}},
	{"OpenRound", "round.open", byAda, func(ctx context.Context, w *world) error {
		return w.OpenRound(ctx, w.ada, storetest.Study, storetest.Round, [2]string(w.keys[1:]))
	}},
	{"LoadAverage", "average.load", byAda, func(ctx context.Context, w *world) error {
		return w.LoadAverage(ctx, w.ada, storetest.Study, storetest.Round, "Scotland", "{}")
	}},
	{"RemoveAverage", "average.remove", byAda, func(ctx context.Context, w *world) error {
		return w.RemoveAverage(ctx, w.ada, storetest.Study, storetest.Round)
	}},
	{"ReportRound", "round.report", byAda, func(ctx context.Context, w *world) error {
		return w.ReportRound(ctx, w.ada, storetest.Study, storetest.Round, "{}", "")
	}},
	{"AddKey", "key.add", byAda, func(ctx context.Context, w *world) (err error) {
		w.key, _, err = w.AddKey(ctx, w.ada, storetest.Study, "a laboratory", surveys.SubmitScope)
		return err
	}},
	{"RevokeKey", "key.revoke", byAda, func(ctx context.Context, w *world) error { return w.RevokeKey(ctx, w.ada, w.key.ID) }},
	{"FreezeRelease", "release.freeze", byAda, freeze},
	{"KeepRelease", "release.make", byAda, func(ctx context.Context, w *world) error {
		w.release.Manifest = "{}"
		return w.KeepRelease(ctx, w.release)
	}},
	{"RecordDownload", "release.download", byBob, func(ctx context.Context, w *world) error {
		return w.RecordDownload(ctx, w.bob, storetest.Study, w.release.Number)
	}},
	{"DropRelease", "release.fail", byAda, func(ctx context.Context, w *world) error {
		return errors.Join(freeze(ctx, w), w.DropRelease(ctx, w.release, surveys.ReleaseFailed))
	}},
	{"DropRelease", "release.refuse", byAda, func(ctx context.Context, w *world) error {
		return errors.Join(freeze(ctx, w), w.DropRelease(ctx, w.release, surveys.ReleaseRefused))
	}},
}

func freeze(ctx context.Context, w *world) (err error) {
	w.release, err = w.FreezeRelease(ctx, surveys.Release{Study: storetest.Study, Profile: surveys.TeamRelease, Plan: "{}", By: w.ada})
	return err
}

var peopleMutations = []mutation{
	{"LoadStudy", "study.load", byAda, func(ctx context.Context, w *world) error {
		definitions, err := library.Definitions()
		if err != nil {
			return err
		}
		storetest.AddDefinitions(w.t, definitions)
		source := storetest.SafetySource(w.t) + "paper: {double_entry: true}\n"
		_, _, err = w.LoadStudy(ctx, w.ada, "study.yaml", []byte(source), definitions)
		return err
	}},
	{"Enrol", "enrolment.create", byAda, func(ctx context.Context, w *world) error {
		_, err := w.Enrol(ctx, w.ada, surveys.NewEnrolment{Study: storetest.Study, Site: "north", Label: "X1"})
		return err
	}},
	{"EnrolOnce", "enrolment.create", byAda, func(ctx context.Context, w *world) error {
		_, err := w.EnrolOnce(ctx, w.ada, surveys.NewEnrolment{Study: storetest.Study, Site: "north", Label: "X4"})
		return err
	}},
	{"EnrolMany", "enrolment.create", byBob, func(ctx context.Context, w *world) error {
		_, err := w.EnrolMany(ctx, w.bob, storetest.Study, []surveys.NewEnrolment{{Study: storetest.Study, Site: "south", Label: "X2"}})
		return err
	}},
	{"EnrolAndSubmit", "enrolment.create", byAda, func(ctx context.Context, w *world) error {
		row := bulkRow(w, 40, "mood_1", 2)
		row.Enrolment = ""
		_, err := w.EnrolAndSubmit(ctx, w.ada, surveys.NewEnrolment{Study: storetest.Study, Site: "north", Label: "X3"}, row)
		return err
	}},
	{"Invite", "invitation.create", byAda, func(ctx context.Context, w *world) error {
		_, err := w.Invite(ctx, w.ada, w.people[0], storetest.Baseline)
		return err
	}},
	{"Consent", "consent.record", byBob, func(ctx context.Context, w *world) error {
		return w.Consent(ctx, w.people[0], storetest.Baseline, surveys.ConsentGiven{Version: "1", Language: "en", Clauses: []string{"take-part"},
			By: w.bob})
	}},
	{"AddEvents", "event.create", byAda, func(ctx context.Context, w *world) error {
		return w.AddEvents(ctx, w.ada, storetest.Study, []surveys.Event{{Enrolment: w.people[0], Kind: "referral", On: w.now()},
			{Enrolment: w.people[1], Kind: "contact", On: w.now(), Attended: true}})
	}},
	{"RecordDisposition", "disposition.record", byAda, func(ctx context.Context, w *world) error {
		return w.RecordDisposition(ctx, w.ada, w.people[1], storetest.Baseline, surveys.Refusal, "declined")
	}},
	{"UndoDisposition", "disposition.undo", byBob, func(ctx context.Context, w *world) error {
		return w.UndoDisposition(ctx, w.bob, w.people[1], storetest.Baseline)
	}},
}

// bulkRow is a row of a file about the third person.
func bulkRow(w *world, sitting int, pairs ...any) surveys.Submission {
	row := of(w.save(sitting, 0, pairs...), w.people[2])
	row.Bulk, row.How.Mode, row.AnsweredAt = true, surveys.Bulk, w.now().Add(-time.Hour)
	return row
}

var answerMutations = []mutation{
	{"Submit", "response.correct", byBob, func(ctx context.Context, w *world) error {
		if _, err := w.Submit(ctx, bulkRow(w, 41, "mood_1", 2)); err != nil {
			return err
		}
		row := bulkRow(w, 42, "mood_1", 3)
		row.Correct, row.By = true, surveys.AccountAuthor(w.bob)
		_, err := w.Submit(ctx, row)
		return err
	}},
	{"Submit", "baseline.move", byBob, func(ctx context.Context, w *world) error {
		row := bulkRow(w, 42, "mood_1", 3)
		row.Correct, row.By, row.AnsweredAt = true, surveys.AccountAuthor(w.bob), w.now().AddDate(-1, 0, 0)
		if _, err := w.Submit(ctx, row); err != nil {
			return err
		}
		later := bulkRow(w, 45, "mood_1", 2)
		later.Wave, later.Bulk = "later", false // late by the wrong day, and judged anew by the right one
		if _, err := w.Submit(ctx, later); err != nil {
			return err
		}
		row.AnsweredAt = w.now()
		_, err := w.Submit(ctx, row)
		return err
	}},
	{"Enter", "paper.enter", func(w *world) surveys.AccountID { return w.first }, func(ctx context.Context, w *world) error {
		if _, err := w.Enter(ctx, w.entry(w.second, "mood_1", 1, "mood_2", 1)); err != nil {
			return err
		}
		_, err := w.Enter(ctx, w.entry(w.first, "mood_1", 1, "mood_2", 2))
		return err
	}},
	{"DecidePaper", "paper.enter", func(w *world) surveys.AccountID { return w.third }, func(ctx context.Context, w *world) error {
		_, err := w.DecidePaper(ctx, w.third, w.open()[0].ID, storetest.SittingID(900), map[string]surveys.Value{"mood_2": surveys.Number(2)})
		return err
	}},
	{"SubmitPapers", "paper.submit", byNobody, func(ctx context.Context, w *world) error {
		if err := w.Exec(ctx, "UPDATE papers SET state = 'agreed', submitted_at = NULL"); err != nil { // killed before it was noted
			return err
		}
		return w.SubmitPapers(ctx)
	}},
	{"DecideQuery", "query.decide", byBob, func(ctx context.Context, w *world) error {
		whole := of(w.save(46, 1), w.people[5])
		for i := range 14 {
			whole.Answers = append(whole.Answers, given(fmt.Sprintf("mood_%d", i+1), 1)...)
		}
		whole.Finish = true
		if _, err := w.Submit(ctx, whole); err != nil {
			return err
		}
		whole.Sitting, whole.How.Mode = storetest.SittingID(47), surveys.Paper
		if _, err := w.Submit(ctx, whole); err != nil {
			return err
		}
		list, err := w.ListQueries(ctx, storetest.Study)
		if err != nil || len(list) != 1 {
			return fmt.Errorf("%d queries: %w", len(list), err)
		}
		return w.DecideQuery(ctx, w.bob, list[0].ID, surveys.OtherTaken, surveys.QueryAnswered)
	}},
	{"LookAtQuery", "query.look", byBob, func(ctx context.Context, w *world) error {
		_, _, err := w.LookAtQuery(ctx, w.bob, storetest.Study, w.Inspect(w.t, "SELECT id FROM queries")[0])
		return err
	}},
	{"LookAtAnswers", "answers.look", byBob, func(ctx context.Context, w *world) error {
		_, err := w.LookAtAnswers(ctx, w.bob, w.people[5], surveys.Look{Why: surveys.LookToVerify})
		return err
	}},
	{"CorrectAnswer", "response.correct", byBob, func(ctx context.Context, w *world) error {
		return w.CorrectAnswer(ctx, w.bob, w.people[5], storetest.Baseline, storetest.SittingID(48), given("mood_1", 3)[0], surveys.TypedWrong)
	}},
	{"RecordAlertAction", "alert.action", byAda, func(ctx context.Context, w *world) error {
		if _, err := w.Submit(ctx, of(w.save(43, 1, item9, 2), w.people[3])); err != nil {
			return err
		}
		return w.RecordAlertAction(ctx, w.ada, storetest.Study, w.alerts()[0].ID, "taken-on")
	}},
}

var leavingMutations = []mutation{
	{"Withdraw", "withdrawal.record", byBob, func(ctx context.Context, w *world) error {
		return w.Withdraw(ctx, surveys.Withdrawal{Enrolment: w.people[4], Level: surveys.StopContact, Channel: surveys.AtDesk, By: w.bob})
	}},
	{"UndoWithdrawal", "withdrawal.undo", byAda, func(ctx context.Context, w *world) error {
		return w.UndoWithdrawal(ctx, w.ada, w.people[4], "mistake")
	}},
	{"Withdraw", "withdrawal.record", byNobody, func(ctx context.Context, w *world) error {
		return w.Withdraw(ctx, surveys.Withdrawal{Enrolment: w.people[2], Level: surveys.EraseAnswers, Channel: surveys.ByCode})
	}},
	{"EraseDue", "response.erase", byNobody, func(ctx context.Context, w *world) error {
		w.wait(1)
		_, err := w.EraseDue(ctx)
		return err
	}},
	{"Replay", "withdrawal.replay", byNobody, func(ctx context.Context, w *world) error {
		_, err := w.Replay(ctx, otherDatabase(w.t, []any{string(w.people[5]), 1, "no-collection", "letter", "", nil, 1000}))
		return err
	}},
	{"SetStudyState", "study.closed", byAda, func(ctx context.Context, w *world) error {
		return w.SetStudyState(ctx, w.ada, storetest.Study, surveys.Ended)
	}},
	{"ProposeRelease", "proposal.make", byAda, func(ctx context.Context, w *world) error {
		made, err := w.FreezeRelease(ctx, surveys.Release{Study: storetest.Study, Profile: surveys.OpenRelease, Plan: "{}", By: w.ada})
		if err != nil {
			return err
		}
		made.Manifest = "{}"
		return errors.Join(w.KeepRelease(ctx, made), w.ProposeRelease(ctx, w.ada, storetest.Study, made.Number))
	}},
	{"ProposeUnlock", "proposal.make", byBob, func(ctx context.Context, w *world) error {
		return errors.Join(w.SetStudyState(ctx, w.ada, storetest.Study, surveys.Locked), w.ProposeUnlock(ctx, w.bob, storetest.Study))
	}},
	{"DecideProposal", "proposal.agreed", byAda, func(ctx context.Context, w *world) error { return w.decideIn(ctx, surveys.Unlock, w.ada, "checked") }},
	{"DecideProposal", "proposal.refused", byBob, func(ctx context.Context, w *world) error {
		if err := w.GrantStudies(ctx, w.ada, w.bob, surveys.Grant{Every: true}); err != nil {
			return err
		}
		if err := w.SetStudyState(ctx, w.ada, storetest.Study, surveys.Locked); err != nil {
			return err
		}
		return errors.Join(w.ProposeUnlock(ctx, w.ada, storetest.Study), w.decideIn(ctx, surveys.Unlock, w.bob, "doubt"))
	}},
}
