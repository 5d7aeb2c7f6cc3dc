package climate

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"wellwave/surveys"
)

// askRound has the staff of a round say something about themselves, at the first practice with their answers: of 24, 14 have
// clinical work and 6 other work, and 4 say nothing; all but those have been there for over ten years.
func (h held) askRound(round *surveys.OpenedRound, attributes ...surveys.StaffAttribute) {
	h.study.Zone = time.UTC
	h.study.Waves = append(h.study.Waves, round.Wave)
	round.Rules.Attributes, round.Rules.AttributesFrom, round.Rules.WithAnswers = attributes, 20, []surveys.SiteID{"p00"}
	for i := range round.Answers {
		if answer := &round.Answers[i]; answer.Site == "p00" {
			role, tenure := surveys.ClinicalRole, surveys.OverTenYears
			switch {
			case i >= 20:
				role, tenure = 0, 0
			case i >= 14:
				role = surveys.OtherRole
			}
			answer.Attributes = surveys.StaffAttributes{Role: role, Tenure: tenure}.Of(attributes)
		}
	}
}

// What staff said about themselves stands in their own practice's report, and of the small practices together in the
// programme's; never in a file, and never in an earlier round's.
func TestReportAttributes(t *testing.T) {
	h := holdRounds(t, 6, 2, func(int, int) int { return 24 })
	h.askRound(&h.rounds[1], surveys.AskRole, surveys.AskTenure)
	h.rounds[1].Apart = json.RawMessage(`{"role":{"shown":[{"name":"clinical work","percent":60}],"rest":["other work","rather not say"],"rest_percent":40},"tenure":{"hidden":"too few answers"}}`)
	r := h.reportAll(t)
	if got, want := r.ApartSays(), "Who answered in the practices under 20 staff, all together, to the nearest 10%: clinical work 60%; other work and rather not say together 40%."; got != want {
		t.Errorf("ApartSays() = %q, want %q", got, want)
	}
	for site, want := range map[surveys.SiteID]string{
		"p00": "Who answered, to the nearest 10%: clinical work 60%; other work and rather not say together 40%.",
		"p01": "",
	} {
		own, err := r.Practice(h.study, h.rounds[1].Questionnaire, site)
		if err != nil {
			t.Fatal(err)
		}
		if got := own.RolesSay(); got != want {
			t.Errorf("RolesSay() of %s = %q, want %q", site, got, want)
		}
	}
	if earlier := r.Shown.Rounds[0].Practices[0]; earlier.Tenures != nil || len(earlier.Roles.Shown) > 0 {
		t.Errorf("a round that asked nothing shows %+v and %+v", earlier.Roles, earlier.Tenures)
	}
	for name, write := range map[string]func(*bytes.Buffer) error{
		"results": func(b *bytes.Buffer) error { return r.WriteCSV(b) },
		"items":   func(b *bytes.Buffer) error { return r.WriteItemsCSV(b) },
	} {
		var b bytes.Buffer
		if err := write(&b); err != nil {
			t.Fatal(err)
		}
		if text := b.String(); strings.Contains(text, "clinical") || strings.Contains(text, "years") {
			t.Errorf("the CSV of %s tells what staff said about themselves", name)
		}
	}
}

// A study may ask one of the two alone.
func TestReportTenureAlone(t *testing.T) {
	h := holdRounds(t, 6, 1, func(int, int) int { return 24 })
	h.askRound(&h.rounds[0], surveys.AskTenure)
	r := h.reportAll(t)
	own, err := r.Practice(h.study, h.rounds[0].Questionnaire, "p00")
	if err != nil {
		t.Fatal(err)
	}
	// 20 and 4: with the two that nobody chose the 4 are still too few to stand together.
	if got := own.RolesSay(); got != "" {
		t.Errorf("RolesSay() = %q, want nothing where a remainder of four would be known", got)
	}
	for i := range h.rounds[0].Answers {
		if i < 10 {
			h.rounds[0].Answers[i].Attributes.Tenure = surveys.TwoToTenYears
		}
	}
	h.rounds[0].Report, h.rounds[0].Stage = "", surveys.RoundOpened
	if own, err = h.reportAll(t).Practice(h.study, h.rounds[0].Questionnaire, "p00"); err != nil {
		t.Fatal(err)
	}
	const want = "Who answered, by how long they have worked there, to the nearest 10%: over 10 years 40%; under 2 years, 2 to 10 years and rather not say together 60%."
	if got := own.RolesSay(); got != want {
		t.Errorf("RolesSay() = %q, want %q", got, want)
	}
}
