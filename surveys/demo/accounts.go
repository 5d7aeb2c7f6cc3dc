package demo

import (
	"context"
	"crypto/rand"
	"fmt"

	"wellwave/surveys"
	"wellwave/surveys/store"
)

// every is what most of them see: also studies that somebody loads to try that.
var every = surveys.Grant{Every: true}

// colleagues are the accounts of the demonstration, one a role, and two for data entry: papers may be entered twice.
var colleagues = []surveys.NewAccount{
	{Name: "Ada Administrator", Email: "administrator@demo.example", Role: surveys.Administrator},
	{Name: "Rona Researcher", Email: "researcher@demo.example", Role: surveys.Researcher, Grant: every},
	{Name: "Dougal Datamanager", Email: "data-manager@demo.example", Role: surveys.DataManager, Grant: every},
	{Name: "Isla Interviewer", Email: "interviewer@demo.example", Role: surveys.Interviewer, Grant: every},
	{Name: "Effie Entry", Email: "data-entry@demo.example", Role: surveys.DataEntry, Grant: every},
	{Name: "Ewan Entry", Email: "second-entry@demo.example", Role: surveys.DataEntry, Grant: every},
	{Name: "Ashlaw reception", Email: "practice@demo.example", Role: surveys.Practice, Study: Links, Site: "ashlaw"},
	{Name: "Archie Auditor", Email: "auditor@demo.example", Role: surveys.Auditor, Grant: every},
}

// addAccounts makes the accounts with new random passwords, in the order of colleagues.
func addAccounts(ctx context.Context, s *store.Store) ([]SignIn, map[surveys.Role]surveys.AccountID, error) {
	signIns := make([]SignIn, len(colleagues))
	made := make([]surveys.Account, len(colleagues))
	for i, colleague := range colleagues {
		signIns[i] = SignIn{colleague.Role, colleague.Email, rand.Text()[:16]}
		var err error
		if made[i], err = s.AddAccount(ctx, "", colleague, signIns[i].Password); err != nil {
			return nil, nil, fmt.Errorf("make the accounts of the demonstration: %w", err)
		}
	}
	ids := make(map[surveys.Role]surveys.AccountID, len(made))
	for _, account := range made {
		ids[account.Role] = account.ID
	}
	return signIns, ids, nil
}
