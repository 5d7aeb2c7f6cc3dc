package store_test

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"wellwave/surveys"
	"wellwave/surveys/sealing"
	"wellwave/surveys/store/storetest"
)

// sealedTrial is a trial whose staff round is sealed by custodians.
type sealedTrial struct {
	*trial
	keys [3]string
}

func newSealedTrial(t *testing.T, db storetest.Database, ask ...surveys.StaffAttribute) *sealedTrial {
	tr := newTrial(t, db, 1)
	return &sealedTrial{tr, storetest.SealByCustodians(t, tr.Store, ask...)}
}

// closeRound ends the round of the tests.
func (tr *sealedTrial) closeRound() {
	tr.t.Helper()
	if err := tr.CloseRound(context.Background(), "", storetest.Study, storetest.Round); err != nil {
		tr.t.Fatal(err)
	}
}

func (tr *sealedTrial) openRound(first, second string) error {
	return tr.OpenRound(context.Background(), "", storetest.Study, storetest.Round, [2]string{first, second})
}

// round returns what the team sees of the round of the tests.
func (tr *sealedTrial) round() surveys.Round {
	tr.t.Helper()
	rounds, err := tr.Rounds(context.Background(), storetest.Study)
	if err != nil || len(rounds) != 1 {
		tr.t.Fatalf("Rounds() = %d rounds, %v, want one", len(rounds), err)
	}
	return rounds[0]
}

// answer sends n different answers from a practice and returns their stored form, sorted.
func (tr *sealedTrial) answer(site surveys.SiteID, n int) []string {
	tr.t.Helper()
	var want []string
	for i, card := range tr.cards(site, n) {
		sub := climate(card, i%7+1)
		sub.Language = fmt.Sprintf("en-%03d", i)
		if err := tr.SubmitStaff(context.Background(), sub); err != nil {
			tr.t.Fatal(err)
		}
		want = append(want, fmt.Sprintf(`%s|%s|{"climate_1":%d,"climate_2":{"missing":"skipped"}}`, site, sub.Language, i%7+1))
	}
	slices.Sort(want)
	return want
}

const openedAnswers = "SELECT site_id, language, answers FROM staff_answers ORDER BY site_id, language"

// What was sealed is opened by any two custodians, whole and once, and nothing is left that could open it again.
func TestOpenRound(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		tr := newSealedTrial(t, db)
		want := append(tr.answer("north", 7), tr.answer("south", 10)...)
		tr.wantRows("SELECT COUNT(*) FROM staff_answers", "0")
		lengths := make(map[int]bool)
		for _, sealed := range tr.Inspect(t, "SELECT sealed FROM staff_sealed") {
			lengths[len(sealed)] = true
			if raw, err := base64.StdEncoding.DecodeString(sealed); err != nil || strings.Contains(string(raw), "climate_1") {
				t.Errorf("a sealed answer is readable, or not base64: %v", err)
			}
		}
		if len(lengths) != 1 {
			t.Errorf("sealed answers have the lengths %v, want one", lengths)
		}
		if err := tr.openRound(tr.keys[0], tr.keys[1]); surveys.KindOf(err) != surveys.Conflict {
			t.Errorf("OpenRound() of an open round = %v, want Conflict", err)
		}
		left := tr.cards("north", 2)
		tr.closeRound()
		if err := tr.SubmitStaff(context.Background(), climate(left[0], 3)); surveys.KindOf(err) != surveys.NotFound {
			t.Errorf("SubmitStaff() after closing = %v, want NotFound", err)
		}
		if _, err := tr.MakeStaffCodes(context.Background(), "", storetest.Study, storetest.Round, "north", 1); surveys.KindOf(err) != surveys.Conflict {
			t.Errorf("MakeStaffCodes() after closing = %v, want Conflict", err)
		}
		if err := tr.openRound(tr.keys[2], tr.keys[0]); err != nil {
			t.Fatalf("OpenRound() = %v", err)
		}
		tr.wantRows(openedAnswers, want...)
		for _, table := range []string{"staff_sealed", "staff_codes", "staff_sent"} {
			tr.wantRows("SELECT COUNT(*) FROM "+table, "0")
		}
		if key := tr.Inspect(t, "SELECT round_key FROM staff_rounds")[0]; strings.Contains(key, `"sealed":"`) {
			t.Error("the round's private half is still there")
		}
		round := tr.round()
		c := round.Certificate
		if round.Stage != surveys.RoundOpened || c == nil || c.Sealed != 15 || len(c.Digest) != 64 || !slices.Equal(c.By, []string{"Ailsa", "Catriona"}) {
			t.Errorf("Rounds() = stage %v, certificate %+v, want 17 answers told as 15, opened by Ailsa and Catriona", round.Stage, c)
		}
		// 10 of 12 is told as a practice's report tells it: a band that “most” cuts short is joined to the one below.
		if n, s := round.Sites[0], round.Sites[1]; n.Answers != 5 || n.UpTo != 9 || s.Answers != 5 || s.UpTo != 10 || n.Most || s.Most {
			t.Errorf("Rounds() = %+v, want 7 of 10 told as 5 to 9 and 10 of 12 as 5 to 10", round.Sites)
		}
		if err := tr.openRound(tr.keys[0], tr.keys[1]); surveys.KindOf(err) != surveys.Conflict {
			t.Errorf("OpenRound() a second time = %v, want Conflict", err)
		}
	})
}

func TestOpenRoundRefusesKeys(t *testing.T) {
	tr := newSealedTrial(t, storetest.SQLite(t))
	tr.answer("north", 2)
	tr.closeRound()
	stranger, _, err := sealing.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct{ first, second, field string }{
		"the first is of a stranger": {stranger, tr.keys[0], "first"},
		"the second is cut short":    {tr.keys[0], tr.keys[1][:40], "second"},
		"the same key twice":         {tr.keys[0], tr.keys[0], "second"},
		"none":                       {"", "", "first"},
	} {
		var refused *surveys.Error
		err := tr.openRound(tt.first, tt.second)
		if !errors.As(err, &refused) || refused.Kind != surveys.Invalid || len(refused.Fields) != 1 || refused.Fields[tt.field] == "" {
			t.Errorf("%s: OpenRound() = %v, want Invalid for the %s", name, err, tt.field)
		}
	}
	tr.wantRows("SELECT COUNT(*) FROM staff_sealed", "2")
	if err := tr.openRound(tr.keys[1], tr.keys[0]); err != nil {
		t.Errorf("OpenRound() after wrong keys = %v", err)
	}
}

// A key that was replaced opens the rounds that were set up with it, and the new one does not.
func TestCustodianIsReplaced(t *testing.T) {
	tr := newSealedTrial(t, storetest.SQLite(t))
	ctx := context.Background()
	tr.answer("north", 1)
	donald := surveys.StaffCustodian{Number: 2, Name: "Donald"}
	before := tr.recipientOf(2)
	if _, err := tr.MakeCustodianKey(ctx, "", storetest.Study, donald, ""); surveys.KindOf(err) != surveys.Conflict {
		t.Errorf("MakeCustodianKey() in place of nobody = %v, want Conflict", err)
	}
	fresh, err := tr.MakeCustodianKey(ctx, "", storetest.Study, donald, before)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tr.MakeCustodianKey(ctx, "", storetest.Study, donald, before); surveys.KindOf(err) != surveys.Conflict {
		t.Errorf("MakeCustodianKey() in place of a key that was replaced = %v, want Conflict", err)
	}
	if err := tr.ProveCustodianKey(ctx, "", storetest.Study, 2, tr.keys[1]); surveys.KindOf(err) != surveys.Invalid {
		t.Errorf("ProveCustodianKey() with the key before = %v, want Invalid", err)
	}
	custodians, err := tr.ListCustodians(ctx, storetest.Study)
	if err != nil || len(custodians) != 3 || custodians[1].Name != "Donald" || custodians[1].Proved || !custodians[0].Proved {
		t.Errorf("ListCustodians() = %+v, %v, want Donald second, who has proved nothing", custodians, err)
	}
	tr.closeRound()
	if err := tr.openRound(fresh, tr.keys[0]); surveys.KindOf(err) != surveys.Invalid {
		t.Errorf("OpenRound() with the key after = %v, want Invalid", err)
	}
	if err := tr.openRound(tr.keys[1], tr.keys[0]); err != nil {
		t.Errorf("OpenRound() with the key before = %v", err)
	}
}

// recipientOf returns the public half of a custodian's key.
func (tr *sealedTrial) recipientOf(number int) string {
	tr.t.Helper()
	custodians, err := tr.ListCustodians(context.Background(), storetest.Study)
	if err != nil {
		tr.t.Fatal(err)
	}
	return custodians[number-1].Recipient
}

func TestSetUpRoundWaitsForCustodians(t *testing.T) {
	tr := newSealedTrial(t, storetest.SQLite(t))
	ctx := context.Background()
	if err := tr.SetUpRound(ctx, "", storetest.Study, storetest.Round); surveys.KindOf(err) != surveys.Conflict {
		t.Errorf("SetUpRound() a second time = %v, want Conflict", err)
	}
	tr.sql("DELETE FROM staff_rounds")
	if _, err := tr.MakeStaffCodes(ctx, "", storetest.Study, storetest.Round, "north", 1); surveys.KindOf(err) != surveys.Conflict {
		t.Errorf("MakeStaffCodes() before the round is set up = %v, want Conflict", err)
	}
	if _, err := tr.MakeCustodianKey(ctx, "", storetest.Study, surveys.StaffCustodian{Number: 3, Name: "Catriona"}, tr.recipientOf(3)); err != nil {
		t.Fatal(err)
	}
	if err := tr.SetUpRound(ctx, "", storetest.Study, storetest.Round); surveys.KindOf(err) != surveys.Conflict || !strings.Contains(err.Error(), "3") {
		t.Errorf("SetUpRound() while custodian 3 has proved nothing = %v, want Conflict that names them", err)
	}
	tr.sql("DELETE FROM staff_custodians WHERE number = 3")
	if err := tr.SetUpRound(ctx, "", storetest.Study, storetest.Round); surveys.KindOf(err) != surveys.Conflict {
		t.Errorf("SetUpRound() with two custodians = %v, want Conflict", err)
	}
}

// The second press of a page's button is told that it arrived; another page with the same card is not.
func TestSubmitStaffAgain(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		tr := newSealedTrial(t, db)
		sub := climate(tr.cards("north", 1)[0], 4)
		sub.Page = "page"
		var wg sync.WaitGroup
		for range 50 {
			wg.Go(func() {
				if err := tr.SubmitStaff(context.Background(), sub); err != nil {
					t.Errorf("SubmitStaff() of one page pressed often = %v", err)
				}
			})
		}
		wg.Wait()
		var refused atomic.Int32
		for i := range 50 {
			wg.Go(func() {
				another := sub
				another.Page = fmt.Sprint("another ", i)
				if err := tr.SubmitStaff(context.Background(), another); surveys.KindOf(err) == surveys.NotFound {
					refused.Add(1)
				}
			})
		}
		wg.Wait()
		if refused.Load() != 50 {
			t.Errorf("%d of 50 other pages with the card were refused", refused.Load())
		}
		tr.wantRows("SELECT COUNT(*) FROM staff_sealed", "1")
	})
}

// While a round is open its answers are counted once a day, rounded down, and not at all in its last days.
func TestRoundsCountOnceADay(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		tr := newSealedTrial(t, db)
		tr.answer("north", 4)
		want := func(when string, count int) {
			t.Helper()
			if got := tr.round(); got.Count != count || got.Sites[0].Answers != 0 {
				t.Errorf("%s: Rounds() tells of %d answers, and %d at a site, want %d and none", when, got.Count, got.Sites[0].Answers, count)
			}
		}
		want("four", 0)
		tr.answer("south", 8)
		want("twelve, the same day", 0)
		tr.wait(1)
		want("twelve, the next day", 10)
		tr.wait(int(tr.round().Wave.Closes.Sub(tr.now()).Hours()/24) - 1)
		tr.answer("south", 3)
		want("fifteen, in the last days", 10)
	})
}

// A practice's headcount may change until the round is closed, and then decides what is shown.
func TestSetRoundSites(t *testing.T) {
	tr := newSealedTrial(t, storetest.SQLite(t))
	ctx := context.Background()
	set := func(site surveys.RoundSite) error {
		return tr.SetRoundSites(ctx, "", storetest.Study, storetest.Round, []surveys.RoundSite{site})
	}
	if err := set(surveys.RoundSite{Site: "north", Staff: 14, Contact: "  Practice \n manager "}); err != nil {
		t.Fatal(err)
	}
	tr.answer("north", 2)
	if got, want := tr.round().Sites[0], (surveys.RoundSite{Site: "north", Staff: 14, Contact: "Practice manager", Cards: 2}); got != want {
		t.Errorf("Rounds() = %+v, want %+v", got, want)
	}
	if got := tr.round().Sites[1].Staff; got != 12 {
		t.Errorf("the headcount of the other practice is %d, want the study file's 12", got)
	}
	for name, tt := range map[string]struct {
		give surveys.RoundSite
		want surveys.Kind
	}{"too many": {surveys.RoundSite{Site: "north", Staff: 1001}, surveys.Invalid}, "fewer than none": {surveys.RoundSite{Site: "north", Staff: -1}, surveys.Invalid},
		"no such site": {surveys.RoundSite{Site: "west", Staff: 3}, surveys.NotFound}, "a long contact": {surveys.RoundSite{Site: "north", Contact: strings.Repeat("a", 121)}, surveys.Invalid}} {
		if err := set(tt.give); surveys.KindOf(err) != tt.want {
			t.Errorf("%s: SetRoundSites() = %v, want kind %v", name, err, tt.want)
		}
	}
	tr.closeRound()
	if err := set(surveys.RoundSite{Site: "north", Staff: 3}); surveys.KindOf(err) != surveys.Conflict {
		t.Errorf("SetRoundSites() of a closed round = %v, want Conflict", err)
	}
}

// A round that the server keeps counts as opened once it is closed.
func TestCloseRoundThatTheServerKeeps(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		tr := &sealedTrial{trial: newTrial(t, db, 1)}
		if err := tr.CloseRound(context.Background(), "", storetest.Study, storetest.Round); surveys.KindOf(err) != surveys.Conflict {
			t.Errorf("CloseRound() of a planned round = %v, want Conflict", err)
		}
		want := tr.answer("south", 8)
		tr.closeRound()
		tr.wantRows(openedAnswers, want...)
		if got := tr.round(); got.Stage != surveys.RoundOpened || got.Certificate == nil || got.Certificate.Sealed != 10 || got.Certificate.Digest != "" {
			t.Errorf("Rounds() = %+v, %+v, want it opened, with 8 answers told as 10 and no digest", got, got.Certificate)
		}
		if err := tr.CloseRound(context.Background(), "", storetest.Study, storetest.Round); surveys.KindOf(err) != surveys.Conflict {
			t.Errorf("CloseRound() a second time = %v, want Conflict", err)
		}
	})
}

// An answer that was damaged where it lies stops the opening, and nothing of the others is lost or shown.
func TestOpenRoundStopsAtDamage(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		tr := newSealedTrial(t, db)
		want := tr.answer("north", 5)
		tr.closeRound()
		whole := tr.Inspect(t, "SELECT id, sealed FROM staff_sealed")
		id, sealed, _ := strings.Cut(whole[2], "|")
		tr.sql("UPDATE staff_sealed SET sealed = 'AAAA" + sealed[4:] + "' WHERE id = '" + id + "'")
		if err := tr.openRound(tr.keys[0], tr.keys[1]); surveys.KindOf(err) != surveys.Unavailable {
			t.Errorf("OpenRound() with a damaged answer = %v, want Unavailable", err)
		}
		tr.wantRows("SELECT COUNT(*) FROM staff_answers", "0")
		tr.wantRows("SELECT COUNT(*) FROM staff_sealed", "5")
		tr.sql("UPDATE staff_sealed SET sealed = '" + sealed + "' WHERE id = '" + id + "'")
		if err := tr.openRound(tr.keys[0], tr.keys[1]); err != nil {
			t.Errorf("OpenRound() once it is mended = %v", err)
		}
		tr.wantRows(openedAnswers, want...)
	})
}

// A round that cards were made for before the server knew custodians stays open, in the server's keeping.
func TestMigrateRounds(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		old := newTrial(t, db, 1)
		cards := old.cards("north", 2)
		if err := old.SubmitStaff(context.Background(), climate(cards[0], 4)); err != nil {
			t.Fatal(err)
		}
		old.backTo(10)
		tr := &trial{Store: db.Open(t, storetest.Clock(old.now)), t: t, ahead: old.ahead}
		tr.wantRows("SELECT wave_id, sealing, stage FROM staff_rounds", "round-1|server|open")
		if err := tr.SubmitStaff(context.Background(), climate(cards[1], 5)); err != nil {
			t.Errorf("SubmitStaff() with a card from before = %v", err)
		}
		tr.wantRows("SELECT COUNT(*) FROM staff_answers", "2")
		if err := tr.CloseRound(context.Background(), "", storetest.Study, storetest.Round); err != nil {
			t.Errorf("CloseRound() of a round from before = %v", err)
		}
	})
}
