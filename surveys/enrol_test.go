package surveys

import (
	"testing"
	"time"
)

func TestIsFrom(t *testing.T) {
	at := time.Date(2026, time.March, 1, 9, 0, 0, 0, time.UTC)
	person := Enrolment{ID: "e", Study: "trial", Site: "north", Arm: "new", Label: "P1", SampledAt: at, SIMDDecile: 3}
	asked := NewEnrolment{Study: "trial", Site: "north", Label: "p1", SIMDDecile: 3}
	tests := []struct {
		name   string
		change func(*NewEnrolment)
		now    time.Time
		want   bool
	}{
		{"pressed twice", func(*NewEnrolment) {}, at.Add(time.Second), true},
		{"a minute later", func(*NewEnrolment) {}, at.Add(time.Minute), false},
		{"at another site", func(n *NewEnrolment) { n.Site = "south" }, at, false},
		{"with another decile", func(n *NewEnrolment) { n.SIMDDecile = 4 }, at, false},
		{"another number", func(n *NewEnrolment) { n.Label = "P2" }, at, false},
		{"in another study", func(n *NewEnrolment) { n.Study = "other" }, at, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			n := asked
			tt.change(&n)
			if got := person.IsFrom(n, tt.now); got != tt.want {
				t.Errorf("IsFrom() = %v, want %v", got, tt.want)
			}
		})
	}
}

func TestCheckPlace(t *testing.T) {
	person := Enrolment{Label: "P1", Site: "north", Arm: "new"}
	tests := []struct {
		site SiteID
		arm  ArmID
		want string
	}{
		{"", "", ""},
		{"north", "", ""},
		{"north", "new", ""},
		{"south", "new", "participant P1 belongs to site north, not south"},
		{"", "usual", "participant P1 belongs to arm new, not usual"},
	}
	for _, tt := range tests {
		err := person.CheckPlace(tt.site, tt.arm)
		if got := KindOf(err); tt.want == "" && err != nil || tt.want != "" && (got != Invalid || err.Error() != tt.want) {
			t.Errorf("CheckPlace(%q, %q) = %v, want %q", tt.site, tt.arm, err, tt.want)
		}
	}
}

func TestEnrolmentNeedsASite(t *testing.T) {
	study := &Study{Arms: []Arm{{ID: "new"}}, Sites: []Site{{ID: "north", Arm: "new"}}}
	n := NewEnrolment{Label: "P1"}
	if err := n.Check(study, Live); KindOf(err) != Invalid {
		t.Errorf("Check() without a site = %v, want Invalid", err)
	}
	n.Site = "north"
	if err := n.Check(study, Live); err != nil || n.Arm != "new" {
		t.Errorf("Check() = %v with arm %q, want the site's", err, n.Arm)
	}
}
