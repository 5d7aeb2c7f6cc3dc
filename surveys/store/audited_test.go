package store_test

import (
	"context"
	"reflect"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"wellwave/surveys"
	"wellwave/surveys/library"
	"wellwave/surveys/store"
	"wellwave/surveys/store/storetest"
)

// world is a study in which everything has happened that can: each mutation goes on from those before it.
type world struct {
	*clerks
	ada, bob surveys.AccountID // an administrator, and somebody whose account is changed
	token    string            // of bob's set-up link
	signIn   surveys.SignInID  // of bob
	codes    []string          // for bob's second step
	kiosk    surveys.KioskDevice
	keys     [3]string // of the custodians
	key      surveys.APIKey
	release  surveys.Release
	refused  func(mutation, map[string]bool) // unless nil, tries each mutation before it is done, by what was taken back
}

// mutation is one call of a method that changes something. The ones with the same method differ in what they leave behind.
type mutation struct {
	method string
	want   string // the action in the audit trail
	by     func(*world) surveys.AccountID
	do     func(context.Context, *world) error
}

func byAda(w *world) surveys.AccountID  { return w.ada }
func byBob(w *world) surveys.AccountID  { return w.bob }
func byNobody(*world) surveys.AccountID { return "" }

// mutations are all of them, in an order in which they can be done.
func mutations() []mutation {
	return slices.Concat(accountMutations, peopleMutations, answerMutations, siteMutations, leavingMutations)
}

// newWorld returns a study as it is before any mutation: open, and with nobody who can sign in.
func newWorld(t *testing.T, db storetest.Database) *world {
	t.Helper()
	tr := &trial{t: t, ahead: new(atomic.Int64)}
	tr.Store = db.Open(t, storetest.Clock(tr.now))
	definitions, err := library.Definitions()
	if err != nil {
		t.Fatal(err)
	}
	storetest.LoadSafety(t, tr.Store, definitions)
	tr.people = storetest.Enrol(t, tr.Store, 6)
	return &world{clerks: &clerks{trial: tr}}
}

// fresh returns the entries of the audit trail that are not known yet.
func (w *world) fresh(known map[string]bool) (fresh []surveys.AuditEntry) {
	w.t.Helper()
	entries, err := w.ListAudit(context.Background(), "", "", 1000)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, entry := range entries {
		if !known[entry.ID] {
			known[entry.ID] = true
			fresh = append(fresh, entry)
		}
	}
	return fresh
}

// happen does every mutation, and has look look at what each has left in the audit trail.
func (w *world) happen(look func(m mutation, entries []surveys.AuditEntry)) {
	w.t.Helper()
	known := make(map[string]bool)
	w.fresh(known)
	for _, m := range mutations() {
		if w.refused != nil {
			w.refused(m, known)
		}
		if err := m.do(context.Background(), w); err != nil {
			w.t.Fatalf("%s (%s): %v", m.method, m.want, err)
		}
		look(m, w.fresh(known))
	}
}

// Every mutation leaves its entry, which says who did what and to which study.
func TestEveryMutationIsAudited(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		w := newWorld(t, db)
		w.refused = w.wantRefused
		w.happen(func(m mutation, entries []surveys.AuditEntry) {
			by := m.by(w)
			i := slices.IndexFunc(entries, func(e surveys.AuditEntry) bool { return e.Action == m.want && e.By == by })
			if i < 0 {
				t.Errorf("%s left %+v, want an entry %s by %q", m.method, entries, m.want, by)
				return
			}
			ofStudy := !slices.ContainsFunc([]string{"account.", "session.", "access.", "factor."}, func(of string) bool { return strings.HasPrefix(m.want, of) })
			if (entries[i].Study == storetest.Study) != ofStudy || entries[i].Object == "" && m.want != "event.create" {
				t.Errorf("the entry of %s is %+v, want it to say what it is about", m.method, entries[i])
			}
		})
	})
}

// wantRefused tries a mutation for somebody whose sign-in was ended between the page that let them in and the transaction. It is
// refused and changes nothing.
func (w *world) wantRefused(m mutation, known map[string]bool) {
	w.t.Helper()
	otherwise := map[string]string{"AddAccount": "only commands do that", "Submit": "says itself what it rests on", "UnlockKiosk": "a refusal is as a wrong PIN"}
	if otherwise[m.method] != "" {
		return
	}
	err := m.do(store.RestingOn(context.Background(), surveys.Basis{Kind: surveys.OnSignIn, ID: "ended"}), w)
	did := slices.ContainsFunc(w.fresh(known), func(e surveys.AuditEntry) bool { return e.Action == m.want })
	if surveys.KindOf(err) != surveys.Unauthenticated || did {
		w.t.Errorf("%s, by a sign-in that was ended: %v, and it is in the trail: %t, want it refused", m.method, err, did)
	}
}

// Whoever adds a method to the store says here what it leaves behind.
func TestEveryMethodIsSorted(t *testing.T) {
	sorted := make(map[string]string)
	sort := func(kind string, names ...string) {
		for _, name := range names {
			if as := sorted[name]; as != "" && as != kind {
				t.Errorf("%s is listed as %s and as %s", name, as, kind)
			}
			sorted[name] = kind
		}
	}
	for _, m := range mutations() {
		sort("audited", m.method)
	}
	sort("reading", "Backup", "CheckAudit", "CheckFolds", "CheckRows", "CheckStudy", "ConsentCopy", "CountProposals", "CurrentQuestionnaire", "EachReleased", "EachReleasedMember", "EachReleasedPerson", "Engine",
		"EntryAgreement", "Examine", "Factors", "FindAccount", "FindAlert", "FindEnrolment", "FindEnrolmentByLabel", "FindKey", "FindKiosk",
		"FindOpenPaper", "FindPaper", "FindProposal", "FindQuery", "FindRelease", "FindSetupLink", "FindWithdrawal", "Instrument", "KioskUnlocked", "KnowBrowser", "ListAccounts",
		"ListAlerts", "ListAudit", "ListAuditOf", "ListBaselineMoves", "ListChanges", "ListConsentVersions", "ListDispositions", "ListDownloads", "RegisteredRelease", "ListDiscrepancies", "ListDue", "ListDueOf", "ListKeys", "ListKiosks", "ListPapers", "ListProposals", "ListQueries",
		"ListReleases", "ListSignIns", "NewRootKey", "Now", "ListStudies", "ListStudyNumbers", "ListStudyVersions", "ListWithdrawals", "Monitor", "OpenAlerts", "OpenLink",
		"Questionnaire", "Ready", "SealedBackup", "SealingKeys", "Space", "Occasion", "OccasionOn", "StaffArrived", "StaffRound", "Study", "StudySource",
		"ListCustodians", "OpenedRounds", "ReportedRound", "StaffAverage", "ReportedRounds", "Rounds") // Rounds counts, which nobody decides
	sort("of participants, whose record is the ledger", "SubmitStaff")
	sort("decided by nobody", "FinaliseClosed", "ShuffleStaff")
	sort("the server's own", "AlertMailFailed", "AlertMailSent", "CheckClock", "CheckPresentPassword", "ClaimAlertMail", "ClaimForm", "Close", "CodeFound", "EndSitting", "ForgetErased", "ForgetUnsealed", "KeepSealing",
		"LockKiosk", "NoteMailRoute", "PendingAuthenticator", "ReturnForm", "SealAudit", "SealedHead", "Sessions", "SetupLink", "SignedIn", "SweepSessions", "TryCode", "UsePasskey")
	sort("of tests alone", "Curve", "Exec", "ForgetReady", "HashCode", "HoldAtMost", "Inspect", "MonitorCounts", "RunFold")

	methods := reflect.TypeFor[*store.Store]()
	for i := range methods.NumMethod() {
		name := methods.Method(i).Name
		if sorted[name] == "" {
			t.Errorf("the store has a method %s: add what it changes to the mutations, or list it here", name)
		}
		delete(sorted, name)
	}
	for name, kind := range sorted {
		t.Errorf("%s is listed as %s, and the store has no such method", name, kind)
	}
}
