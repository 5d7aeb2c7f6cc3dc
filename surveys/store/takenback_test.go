package store_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"wellwave/surveys"
	"wellwave/surveys/store"
	"wellwave/surveys/store/storetest"
)

// granted is a store in which everything was granted that can be taken back, and what somebody kept of it.
type granted struct {
	*store.Store
	t               *testing.T
	now             *clock
	person          surveys.EnrolmentID
	link            surveys.Invitation
	kiosk           surveys.KioskDevice
	handOver        surveys.HandOver
	proof           string // of the open tablet
	key             surveys.APIKey
	secret          string
	admin, bea, cyd surveys.Account
	signIn          surveys.SignInID
	codes           []string
	cards           []string
	token           string // of a set-up link
	custodian       string // key
}

const newPassword = "seven slow brown herons"

func (g *granted) must(err error) {
	g.t.Helper()
	if err != nil {
		g.t.Fatal(err)
	}
}

// grant fills a store.
func grant(t *testing.T, s *store.Store, now *clock) *granted {
	t.Helper()
	g, ctx := &granted{Store: s, t: t, now: now}, t.Context()
	storetest.LoadStudy(t, s)
	g.person = storetest.Enrol(t, s, 2)[0] // of the north
	var err error
	account := func(name string, role surveys.Role) surveys.Account {
		made, err := s.AddAccount(ctx, "", surveys.NewAccount{Name: name, Email: name + "@example.org", Role: role, Grant: surveys.Grant{Studies: []surveys.StudyID{storetest.Study}}}, password)
		g.must(err)
		return made
	}
	g.admin, g.bea, g.cyd = account("ada", surveys.Administrator), account("bea", surveys.Researcher), account("cyd", surveys.Researcher)
	g.link, err = s.Invite(ctx, "", g.person, storetest.Baseline)
	g.must(err)
	g.kiosk, err = s.CreateKiosk(ctx, g.admin.ID, surveys.NewKiosk{Study: storetest.Study, Site: "north", Name: "Desk", PIN: "271828"})
	g.must(err)
	g.proof, err = s.UnlockKiosk(ctx, g.kiosk.ID, "271828")
	g.must(err)
	g.handOver, err = s.HandOver(ctx, g.proof, surveys.HandOver{Kiosk: g.kiosk.ID, Enrolment: g.person, Wave: storetest.Baseline, Initials: "mb"})
	g.must(err)
	g.key, g.secret, err = s.AddKey(ctx, "", storetest.Study, "a program", surveys.SubmitScope)
	g.must(err)
	_, proof, err := s.SignIn(ctx, g.bea.Email, password)
	g.must(err)
	g.signIn, err = s.BeginSignIn(ctx, g.bea.ID, proof, "192.0.2.0/24")
	g.must(err)
	g.codes, err = s.AddPasskey(ctx, g.bea.ID, g.signIn, surveys.Passkey{ID: "a", Name: "Lost phone", Credential: "{}"})
	g.must(err)
	g.cards, err = s.MakeStaffCodes(ctx, "", storetest.Study, storetest.Round, "north", 1)
	g.must(err)
	g.token, err = s.RenewSetupLink(ctx, g.admin.ID, g.cyd.ID)
	g.must(err)
	g.custodian, err = s.MakeCustodianKey(ctx, "", storetest.Study, surveys.StaffCustodian{Number: 1, Name: "Dee"}, "")
	g.must(err)
	return g
}

// takeBack takes everything back.
func (g *granted) takeBack() {
	g.t.Helper()
	ctx := g.t.Context()
	_, err := g.Invite(ctx, "", g.person, storetest.Baseline)
	g.must(err)
	g.must(g.RevokeKiosk(ctx, g.admin.ID, storetest.Study, "north", g.kiosk.ID))
	g.must(g.RevokeKey(ctx, "", g.key.ID))
	_, err = g.AddPasskey(ctx, g.bea.ID, g.signIn, surveys.Passkey{ID: "b", Name: "New phone", Credential: "{}"})
	g.must(err)
	g.must(g.RemovePasskey(ctx, g.bea.ID, g.signIn, "a"))
	_, err = g.NewRecoveryCodes(ctx, g.bea.ID, g.signIn)
	g.must(err)
	g.must(g.ChangePassword(ctx, g.bea.ID, g.signIn, password, newPassword))
	g.must(g.EndSignIn(ctx, g.bea.ID, g.bea.ID, g.signIn))
	g.must(g.EndSitting(ctx, surveys.Basis{Kind: surveys.OnInvitation, Sitting: storetest.SittingID(8)}))
	g.must(g.GrantStudies(ctx, "", g.bea.ID, surveys.Grant{}))
	g.must(g.DisableAccount(ctx, g.admin.ID, g.cyd.ID))
	g.must(g.CloseRound(ctx, "", storetest.Study, storetest.Round))
	custodians, err := g.ListCustodians(ctx, storetest.Study)
	g.must(err)
	_, err = g.MakeCustodianKey(ctx, "", storetest.Study, surveys.StaffCustodian{Number: 1, Name: "Eve"}, custodians[0].Recipient)
	g.must(err)
}

// opens lists what of the things that somebody kept still opens something.
func (g *granted) opens() (what []string) {
	g.t.Helper()
	ctx := g.t.Context()
	try := func(name string, opened bool) {
		if opened {
			what = append(what, name)
		}
	}
	for _, on := range []struct {
		name  string
		basis surveys.Basis
	}{
		{"change by link", surveys.Basis{Kind: surveys.OnInvitation, ID: string(g.link.ID), Sitting: storetest.SittingID(9)}},
		{"change on a tablet in hands", surveys.Basis{Kind: surveys.OnHandOver, ID: string(g.kiosk.ID), Epoch: string(g.handOver.ID)}},
		{"change from a tablet", surveys.Basis{Kind: surveys.OnTablet, ID: string(g.kiosk.ID)}},
		{"change by key", surveys.Basis{Kind: surveys.OnKey, ID: g.key.ID}},
		{"change by sign-in", surveys.Basis{Kind: surveys.OnSignIn, ID: string(g.signIn)}},
	} { // by a request that was let in before
		try(on.name, g.NoteRefusal(store.RestingOn(ctx, on.basis), "", "access.refuse", "a page", "192.0.2.0/24") == nil)
	}
	_, err := g.OpenLink(ctx, g.link.Link)
	try("link", err == nil)
	_, err = g.OccasionOn(ctx, surveys.Basis{Kind: surveys.OnInvitation, ID: string(g.link.ID), Sitting: storetest.SittingID(9)}, g.person, storetest.Baseline)
	try("session", err == nil)
	_, err = g.OccasionOn(ctx, surveys.Basis{Kind: surveys.OnHandOver, ID: string(g.kiosk.ID), Epoch: string(g.handOver.ID)}, g.person, storetest.Baseline)
	try("tablet in hands", err == nil)
	_, err = g.UnlockKiosk(ctx, g.kiosk.ID, "271828")
	try("tablet", err == nil)
	_, err = g.FindKey(ctx, g.secret)
	try("key", err == nil)
	_, _, err = g.SignedIn(ctx, g.signIn)
	try("sign-in", err == nil)
	_, _, err = g.SignIn(ctx, g.bea.Email, password)
	try("password", err == nil)
	try("recovery code", g.CheckFactorCode(ctx, g.bea.ID, g.codes[0]) == nil)
	factors, err := g.Factors(ctx, g.bea.ID)
	g.must(err)
	try("passkey", slices.ContainsFunc(factors.Passkeys, func(k surveys.Passkey) bool { return k.ID == "a" }))
	bea, err := g.FindAccount(ctx, g.bea.ID)
	g.must(err)
	try("study", bea.SeesStudy(storetest.Study))
	_, _, err = g.SignIn(ctx, g.cyd.Email, password)
	try("account", err == nil)
	_, err = g.FindSetupLink(ctx, g.token)
	try("set-up link", err == nil)
	_, err = g.OpenLink(ctx, g.cards[0])
	try("card", err == nil)
	try("custodian", g.ProveCustodianKey(ctx, "", storetest.Study, 1, g.custodian) == nil)
	return what
}

// everything is what granted grants.
var everything = []string{"change by link", "change on a tablet in hands", "change from a tablet", "change by key", "change by sign-in", "link", "session", "tablet in hands", "tablet", "key", "sign-in", "password", "recovery code", "passkey", "study", "account", "set-up link", "card", "custodian"}

// A backup from before things were taken back does not bring them back. That each is one that the backup would is shown by
// trying it before.
func TestRestoreTakesBackAgain(t *testing.T) {
	path := filepath.Join(t.TempDir(), "wellwave.db")
	backup, now := path+".backup", &clock{storetest.Start}
	db := storetest.Database{DSN: "sqlite:" + path}
	s := db.Open(t, storetest.Clock(now.Now))
	g := grant(t, s, now)
	if err := s.Backup(t.Context(), backup); err != nil {
		t.Fatal(err)
	}
	if got := g.opens(); !slices.Equal(got, everything) {
		t.Errorf("before anything was taken back %q opens, want %q", got, everything)
	}
	now.now = now.now.Add(time.Minute)
	g.takeBack()
	if got := g.opens(); len(got) != 0 {
		t.Errorf("after it was taken back %q opens", got)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	done, err := store.Restore(t.Context(), db.DSN, "", store.BackupFile{Path: backup})
	want := store.TakenBack{Links: 1, Tablets: 1, Keys: 1, Accounts: 1, Passwords: 1, Factors: 1, Studies: 1, Custodians: 1, Rounds: 1}
	if err != nil || done.Replayed.TakenBack != want {
		t.Fatalf("Restore() = %+v, %v, want %+v taken back again", done, err, want)
	}
	g.Store = db.Open(t, storetest.Clock(now.Now))
	if got := g.opens(); len(got) != 0 {
		t.Errorf("after a restore %q opens", got)
	}
	if _, _, err := g.SignIn(t.Context(), g.bea.Email, newPassword); err != nil {
		t.Errorf("SignIn() with the present password = %v", err)
	}
	if got := g.Inspect(t, "SELECT sitting FROM ended_sittings"); !slices.Equal(got, []string{storetest.SittingID(8)}) {
		t.Errorf("sittings %q have ended, want the one that somebody finished", got)
	}
	for action, n := range map[string]string{"invitation.replay": "1", "kiosk.replay": "1", "key.replay": "1", "account.replay": "3", "right.replay": "1", "custodian.replay": "1", "round.close": "1"} {
		if got := g.Inspect(t, "SELECT COUNT(*) FROM audit WHERE action = ?", action); got[0] != n {
			t.Errorf("%s entries %s, want %s", got[0], action, n)
		}
	}
}

// Where nothing can be read of the database that was there, what lives a day at most ends all the same.
func TestRestoreElsewhereEndsWhatWasOpen(t *testing.T) {
	path := filepath.Join(t.TempDir(), "wellwave.db")
	now := &clock{storetest.Start}
	s := storetest.Database{DSN: "sqlite:" + path}.Open(t, storetest.Clock(now.Now))
	g := grant(t, s, now)
	if err := s.Backup(t.Context(), path+".backup"); err != nil {
		t.Fatal(err)
	}
	other := storetest.Database{DSN: "sqlite:" + filepath.Join(t.TempDir(), "other.db"), KeyFile: path + ".key"}
	if done, err := store.Restore(t.Context(), other.DSN, other.KeyFile, store.BackupFile{Path: path + ".backup"}); err != nil || done.Unread == nil {
		t.Fatalf("Restore() = %+v, %v, want it said that nothing could be read", done, err)
	}
	g.Store = other.Open(t, storetest.Clock(now.Now))
	for _, ended := range []string{"tablet in hands", "sign-in", "set-up link"} {
		if slices.Contains(g.opens(), ended) {
			t.Errorf("elsewhere the %s still opens", ended)
		}
	}
}

// Replay reads another database on either engine. Of one that is no newer there is nothing to take back, however often.
func TestReplayOfItself(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		now := &clock{storetest.Start}
		g := grant(t, db.Open(t, storetest.Clock(now.Now)), now)
		g.takeBack()
		for range 2 {
			if done, err := g.Replay(t.Context(), db.DSN); err != nil || done != (store.Replayed{}) {
				t.Errorf("Replay() of itself = %+v, %v, want nothing done", done, err)
			}
		}
	})
}

// Whatever in a database lets somebody in is known to a restore: whoever adds a column of hashes, secrets or ends says here
// how it is kept from coming back.
func TestEveryGrantIsKnownToARestore(t *testing.T) {
	s := storetest.SQLite(t).Open(t)
	const ended, short, replaced, none = "ended again", "ends with every restore", "the present one counts", "lets nobody in"
	known := map[string]string{
		"invitations.link_hash": ended, "invitations.code_hash": ended, "invitations.ended_at": ended,
		"kiosks.pin": ended, "kiosks.revoked_at": ended, "kiosks.unlocked_by": short, "kiosks.lent_to": short, "hand_overs.ended_at": short,
		"api_keys.key_hash": ended, "api_keys.revoked_at": ended,
		"accounts.password": replaced, "accounts.disabled_at": ended, "accounts.epoch": short,
		"account_sessions.token_hash": short, "setup_links.token_hash": short, "sign_ins.proof": short,
		"authenticators.secret": replaced, "recovery_codes.code_hash": replaced, "passkeys.credential": replaced,
		"staff_codes.code_hash": ended, // with its round; one that was spent since may be spent again, because its answer is gone
		"staff_cards.code_hash": ended,
		"staff_sent.page_hash":  none, "sent_forms.form_hash": none, "attempts.key_hash": none, "ended_sittings.ended_at": ended,
		"scores.instrument_hash": none, "wordings.instrument_hash": none, "server_keys.secret": none, // see root-key rotate
	}
	for _, column := range s.Inspect(t, `
		SELECT m.name || '.' || c.name
		FROM sqlite_master m, pragma_table_info(m.name) c
		WHERE m.type = 'table' AND (c.name LIKE '%\_hash' ESCAPE '\' AND c.name <> 'row_hash' OR c.name LIKE '%secret%' OR c.name LIKE '%token%' OR c.name LIKE '%password%'
			OR c.name IN ('pin', 'proof', 'credential', 'revoked_at', 'ended_at', 'disabled_at', 'unlocked_by', 'lent_to', 'epoch'))`) {
		if known[column] == "" {
			t.Errorf("say of %s what a restore does about it", column)
		}
		delete(known, column)
	}
	if len(known) > 0 {
		t.Errorf("these columns are listed and are not there: %v", known)
	}
}

// Each kind of grant has its condition, under its own number.
func TestEveryKindOfGrantStands(t *testing.T) {
	for i, kind := range surveys.BasisKinds() {
		if int(kind) != i+1 || strings.Count(store.Stands(kind), "?") == 0 && kind != surveys.OnMachine || kind.Ended() == nil {
			t.Errorf("kind %d at %d asks %q", kind, i, store.Stands(kind))
		}
	}
	if next := surveys.BasisKinds()[len(surveys.BasisKinds())-1] + 1; store.Stands(next) != "" {
		t.Errorf("kind %d has a condition and is not listed", next)
	}
}
