package store_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"slices"
	"strings"
	"testing"

	"wellwave/surveys"
	"wellwave/surveys/store/storetest"
)

// moreSites are three further practices of the tests' study, of which one is large.
const moreSites = `
  - {id: east, title: East Practice, arm: new, staff: 19}
  - {id: west, title: West Practice, arm: new, staff: 9}
  - {id: large, title: Large Practice, arm: new, staff: 20}`

// asking is a study whose staff round, which is set up, asks both attributes.
func asking(t *testing.T, db storetest.Database, how surveys.Sealing) *sealedTrial {
	tr := &sealedTrial{trial: newTrial(t, db, 1)}
	tr.reload("\n  - {id: south,", moreSites+"\n  - {id: south,", "sealing: server", "sealing: "+how.String()+", attributes: [role, tenure]")
	if how == surveys.ByCustodians {
		tr.keys = storetest.MakeCustodians(t, tr.Store)
	}
	if err := tr.SetUpRound(t.Context(), "", storetest.Study, storetest.Round); err != nil {
		t.Fatal(err)
	}
	return tr
}

// reload loads the study again with texts of its file replaced by others.
func (tr *trial) reload(oldnew ...string) {
	tr.t.Helper()
	source, err := tr.StudySource(tr.t.Context(), storetest.Study)
	if err != nil {
		tr.t.Fatal(err)
	}
	text := strings.NewReplacer(oldnew...).Replace(string(source))
	definitions := new(surveys.Definitions)
	storetest.AddDefinitions(tr.t, definitions)
	if _, _, err := tr.LoadStudy(tr.t.Context(), "", "study.yaml", []byte(text), definitions); err != nil {
		tr.t.Fatal(err)
	}
}

// say sends n answers from a practice whose staff say the same of themselves.
func (tr *sealedTrial) say(site surveys.SiteID, n int, role surveys.StaffRole, tenure surveys.StaffTenure) {
	tr.t.Helper()
	for i, card := range tr.cards(site, n) {
		sub := climate(card, i%7+1)
		sub.Attributes = surveys.StaffAttributes{Role: role, Tenure: tenure}
		if err := tr.SubmitStaff(context.Background(), sub); err != nil {
			tr.t.Fatal(err)
		}
	}
}

const attributesOfAnswers = "SELECT site_id, role, tenure, COUNT(*) FROM staff_answers GROUP BY site_id, role, tenure ORDER BY site_id, role, tenure"

// Attributes of a large practice are opened with its answers; of small ones nothing is left but what may be shown of all.
func TestAttributesOfSealedRound(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		tr := asking(t, db, surveys.ByCustodians)
		tr.say("large", 2, surveys.ClinicalRole, surveys.OverTenYears)
		tr.say("large", 1, 0, 0)
		tr.say("north", 8, surveys.ClinicalRole, surveys.UnderTwoYears)
		tr.say("east", 5, surveys.ClinicalRole, surveys.OverTenYears)
		tr.say("west", 7, surveys.OtherRole, surveys.TwoToTenYears)
		tr.say("west", 1, 0, 0)
		var ciphertexts [][]byte
		for table, rows := range map[string]int{"staff_sealed": 24, "staff_attributes": 21} {
			sealed := tr.Inspect(t, "SELECT sealed FROM "+table)
			if len(sealed) != rows {
				t.Errorf("%s has %d rows, want %d, whatever anybody said", table, len(sealed), rows)
			}
			for _, text := range sealed {
				raw, err := base64.StdEncoding.DecodeString(text)
				if err != nil || len(text) != len(sealed[0]) || bytes.Contains(raw, []byte("clinical")) {
					t.Errorf("%s holds something readable, or of another length: %v", table, err)
				}
				ciphertexts = append(ciphertexts, raw)
			}
		}
		tr.closeRound()
		if err := tr.openRound(tr.keys[0], tr.keys[1]); err != nil {
			t.Fatal(err)
		}
		tr.wantRows(attributesOfAnswers, "east|||5", "large|clinical|over-10|2", "large|rather-not-say|rather-not-say|1", "north|||8", "west|||8")
		tr.wantRows("SELECT COUNT(*) FROM staff_attributes", "0")
		slices.SortFunc(ciphertexts, bytes.Compare)
		sum := sha256.Sum256(bytes.Join(ciphertexts, nil))
		if c := tr.round().Certificate; c.Digest != hex.EncodeToString(sum[:]) || c.Sealed != 25 {
			t.Errorf("the certificate is %+v, want 24 answers told as 25 and the hash over them and the attributes", c)
		}
		opened, err := tr.OpenedRounds(t.Context(), storetest.Study)
		if err != nil {
			t.Fatal(err)
		}
		const want = `{"role":{"shown":[{"name":"clinical work","percent":60}],"rest":["other work","rather not say"],"rest_percent":40},` +
			`"tenure":{"shown":[{"name":"under 2 years","percent":40},{"name":"2 to 10 years","percent":30}],"rest":["over 10 years","rather not say"],"rest_percent":30}}`
		if got := string(opened[0].Apart); got != want {
			t.Errorf("of the small practices is kept\n%s, want\n%s", got, want)
		}
		said := make(map[surveys.StaffAttributes]int)
		for _, answer := range opened[0].Answers {
			said[answer.Attributes]++
		}
		if n := said[surveys.StaffAttributes{Role: surveys.ClinicalRole, Tenure: surveys.OverTenYears}]; n != 2 || said[surveys.StaffAttributes{}] != 21 {
			t.Errorf("OpenedRounds() has the attributes %v, want two of the large practice and none of 21", said)
		}
	})
}

// Of few, and of fewer practices than a pool has, nothing is kept: an exact count would say who said it.
func TestAttributesOfFew(t *testing.T) {
	for name, sites := range map[string][]surveys.SiteID{"few people": {"north", "east", "west"}, "few practices": {"north", "east", "east", "east", "east", "large"}} {
		tr := asking(t, storetest.SQLite(t), surveys.ByCustodians)
		for _, site := range sites {
			tr.say(site, 6, surveys.ClinicalRole, surveys.UnderTwoYears)
			tr.say(site, 5, surveys.OtherRole, surveys.OverTenYears)
			if name == "few people" {
				break
			}
		}
		tr.closeRound()
		if err := tr.openRound(tr.keys[0], tr.keys[1]); err != nil {
			t.Fatal(err)
		}
		tr.wantRows("SELECT apart FROM staff_rounds", `{"role":{"hidden":"too few answers"},"tenure":{"hidden":"too few answers"}}`)
	}
}

// A practice that turns out to be small has no attributes with its answers; one that turns out to be large was asked as a small
// one, and stays so. What the study file asks later is for later rounds.
func TestAttributesAreFrozen(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		tr := asking(t, db, surveys.ByCustodians)
		tr.reload(", attributes: [role, tenure]", "")
		tr.say("large", 2, surveys.OtherRole, surveys.OverTenYears)
		if err := tr.SetRoundSites(t.Context(), "", storetest.Study, storetest.Round, []surveys.RoundSite{{Site: "large", Staff: 19}, {Site: "north", Staff: 30}}); err != nil {
			t.Fatal(err)
		}
		tr.say("north", 3, surveys.OtherRole, surveys.OverTenYears)
		tr.wantRows("SELECT COUNT(*) FROM staff_attributes", "3")
		tr.closeRound()
		if err := tr.openRound(tr.keys[0], tr.keys[1]); err != nil {
			t.Fatal(err)
		}
		tr.wantRows(attributesOfAnswers, "large|||2", "north|||3")
	})
}

// Where the server keeps the answers, staff of a small practice are asked nothing, and nothing of what a page sends is kept.
func TestAttributesKeptByServer(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		tr := asking(t, db, surveys.ByServer)
		for site, want := range map[surveys.SiteID]int{"north": 0, "large": 2} {
			if round, err := tr.StaffRound(t.Context(), tr.cards(site, 1)[0]); err != nil || len(round.Attributes) != want {
				t.Errorf("StaffRound() at %s asks %v, %v, want %d attributes", site, round.Attributes, err, want)
			}
		}
		tr.say("large", 2, surveys.ClinicalRole, 0)
		tr.say("north", 2, surveys.ClinicalRole, surveys.OverTenYears)
		want := []string{"large|clinical|rather-not-say|2", "north|||2"}
		tr.wantRows(attributesOfAnswers, want...)
		tr.wantRows("SELECT COUNT(*) FROM staff_attributes", "0")
		if err := tr.ShuffleStaff(t.Context()); err != nil {
			t.Fatal(err)
		}
		tr.wantRows(attributesOfAnswers, want...)
		if err := tr.SetRoundSites(t.Context(), "", storetest.Study, storetest.Round, []surveys.RoundSite{{Site: "large", Staff: 12}}); err != nil {
			t.Fatal(err)
		}
		tr.closeRound()
		tr.wantRows(attributesOfAnswers, "large|||2", "north|||2")
	})
}

// Damage to what is sealed apart from answers is told of as that to answers is, and nothing is opened.
func TestOpenRoundFindsDamagedAttributes(t *testing.T) {
	tr := asking(t, storetest.SQLite(t), surveys.ByCustodians)
	tr.say("north", 3, surveys.ClinicalRole, 0)
	tr.closeRound()
	whole := tr.Inspect(t, "SELECT id, sealed FROM staff_attributes")[0]
	id, sealed, _ := strings.Cut(whole, "|")
	tr.sql("UPDATE staff_attributes SET sealed = 'AAAA" + sealed[4:] + "' WHERE id = '" + id + "'")
	if err := tr.openRound(tr.keys[0], tr.keys[1]); surveys.KindOf(err) != surveys.Unavailable {
		t.Errorf("OpenRound() with damaged attributes = %v, want Unavailable", err)
	}
	tr.wantRows("SELECT COUNT(*) FROM staff_answers", "0")
	tr.sql("UPDATE staff_attributes SET sealed = '" + sealed + "' WHERE id = '" + id + "'")
	if err := tr.openRound(tr.keys[0], tr.keys[1]); err != nil {
		t.Errorf("OpenRound() once it is repaired = %v", err)
	}
}
