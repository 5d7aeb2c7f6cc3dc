package surveys

import (
	"encoding/json"
	"slices"
	"testing"
)

// What is kept says nothing of what was not asked, and looks alike for whoever passed a question over and would rather not say.
func TestStaffAttributesOf(t *testing.T) {
	said := StaffAttributes{Role: ClinicalRole, Tenure: OverTenYears}
	tests := []struct {
		name  string
		give  StaffAttributes
		asked []StaffAttribute
		want  StaffAttributes
	}{
		{"nothing asked", said, nil, StaffAttributes{}},
		{"one asked", said, []StaffAttribute{AskTenure}, StaffAttributes{Tenure: OverTenYears}},
		{"both asked", said, []StaffAttribute{AskTenure, AskRole}, said},
		{"passed over", StaffAttributes{}, []StaffAttribute{AskRole, AskTenure}, StaffAttributes{Role: RoleUnsaid, Tenure: TenureUnsaid}},
		{"one passed over", StaffAttributes{Role: OtherRole}, []StaffAttribute{AskRole, AskTenure}, StaffAttributes{Role: OtherRole, Tenure: TenureUnsaid}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.give.Of(tt.asked); got != tt.want {
				t.Errorf("Of(%v) = %+v, want %+v", tt.asked, got, tt.want)
			}
		})
	}
}

func TestStaffAttributeCount(t *testing.T) {
	people := []StaffAttributes{{Role: ClinicalRole}, {Role: RoleUnsaid, Tenure: TwoToTenYears}, {}, {Role: ClinicalRole, Tenure: TwoToTenYears}}
	if got, want := AskRole.Count(people), []AttributeCount{{"clinical work", 2}, {"other work", 0}, {"rather not say", 1}}; !slices.Equal(got, want) {
		t.Errorf("Count() of roles = %v, want %v", got, want)
	}
	if got, want := AskTenure.Count(people), []AttributeCount{{"under 2 years", 0}, {"2 to 10 years", 2}, {"over 10 years", 0}, {"rather not say", 0}}; !slices.Equal(got, want) {
		t.Errorf("Count() of tenures = %v, want %v", got, want)
	}
}

// A round asks what was frozen when it was set up, whatever the headcounts are later.
func TestRoundRulesAsk(t *testing.T) {
	both := []StaffAttribute{AskRole, AskTenure}
	var rules RoundRules
	rules.Freeze(both, []RoundSite{{Site: "large", Staff: 20}, {Site: "small", Staff: 19}, {Site: "unknown"}})
	text, err := json.Marshal(rules)
	if err != nil {
		t.Fatal(err)
	}
	var kept RoundRules
	if err := json.Unmarshal(text, &kept); err != nil {
		t.Fatalf("the rules %s cannot be read: %v", text, err)
	}
	for _, tt := range []struct {
		sealing         Sealing
		site            SiteID
		want            []StaffAttribute
		wantWithAnswers bool
	}{
		{ByCustodians, "large", both, true}, {ByCustodians, "small", both, false}, {ByCustodians, "unknown", both, false}, {ByCustodians, "new", both, false},
		{ByServer, "large", both, true}, {ByServer, "small", nil, false}, {ByServer, "new", nil, false},
	} {
		if asked, with := kept.Asks(tt.sealing, tt.site); !slices.Equal(asked, tt.want) || with != tt.wantWithAnswers {
			t.Errorf("Asks(%v, %s) = %v, %v, want %v, %v", tt.sealing, tt.site, asked, with, tt.want, tt.wantWithAnswers)
		}
	}
	if got := kept.Shrunk([]RoundSite{{Site: "large", Staff: 20}, {Site: "small", Staff: 3}}); got != nil {
		t.Errorf("Shrunk() = %v, want none", got)
	}
	if got := kept.Shrunk([]RoundSite{{Site: "large", Staff: 19}, {Site: "small", Staff: 30}}); !slices.Equal(got, []SiteID{"large"}) {
		t.Errorf("Shrunk() = %v, want large", got)
	}
	var none RoundRules
	none.Freeze(nil, []RoundSite{{Site: "large", Staff: 40}})
	if asked, _ := none.Asks(ByCustodians, "large"); asked != nil || none.WithAnswers != nil {
		t.Errorf("a round that asks nothing has %+v", none)
	}
}

func TestStaffAttributesRefuseOtherWords(t *testing.T) {
	for _, text := range []string{`{"role": "nurse"}`, `{"tenure": "3"}`, `{"role": 1}`} {
		if err := json.Unmarshal([]byte(text), new(StaffAttributes)); err == nil {
			t.Errorf("%s is read", text)
		}
	}
	if err := json.Unmarshal([]byte(`["age"]`), new([]StaffAttribute)); err == nil {
		t.Error("age is read as an attribute")
	}
}
