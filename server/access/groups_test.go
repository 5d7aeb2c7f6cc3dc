package access_test

import (
	"testing"

	"wellwave/server/access"
	"wellwave/surveys"
)

func TestHas(t *testing.T) {
	tests := []struct {
		giveGroup access.Group
		giveRole  surveys.Role
		want      bool
	}{
		{access.AnyAccount, surveys.Auditor, true},
		{access.Readers, surveys.Auditor, true},
		{access.Team, surveys.Auditor, false},
		{access.Team, surveys.Researcher, true},
		{access.Releasers, surveys.Researcher, false},
		{access.Releasers, surveys.DataManager, true},
		{access.Enterers, surveys.Administrator, false},
		{access.Enterers, surveys.DataEntry, true},
		{access.Desk, surveys.Practice, true},
		{access.Desk, surveys.Researcher, false},
		{access.KioskKeepers, surveys.Interviewer, false},
		{access.Alertable, surveys.Practice, false},
		{access.Everybody, surveys.Administrator, false}, // it is for no account
		{access.Group{}, surveys.Administrator, false},
	}
	for _, tt := range tests {
		t.Run(tt.giveGroup.Name+"/"+tt.giveRole.String(), func(t *testing.T) {
			if got := tt.giveGroup.Has(surveys.Account{Role: tt.giveRole}); got != tt.want {
				t.Errorf("Has(%v) = %v, want %v", tt.giveRole, got, tt.want)
			}
		})
	}
}
