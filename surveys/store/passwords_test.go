package store_test

import (
	"strings"
	"testing"

	"wellwave/surveys/store"
	"wellwave/surveys/store/storetest"
)

// A store that nobody asked for cheap passwords takes dear ones, and knows those that were made at another cost.
func TestPasswordsCostMuch(t *testing.T) {
	db := storetest.SQLite(t)
	if _, err := db.Open(t).AddAccount(t.Context(), "", ada, password); err != nil {
		t.Fatal(err)
	}
	s := db.Open(t, func(o *store.Options) { o.PasswordMemory = 0 })
	other := ada
	other.Email = "other@example.org"
	if _, err := s.AddAccount(t.Context(), "", other, password); err != nil {
		t.Fatal(err)
	}
	for _, email := range []string{"ada@example.org", "other@example.org"} {
		if _, _, err := s.SignIn(t.Context(), email, password); err != nil {
			t.Errorf("SignIn(%s) = %v", email, err)
		}
	}
	stored := s.Inspect(t, "SELECT password FROM accounts WHERE email = 'other@example.org'")[0]
	if !strings.HasPrefix(stored, "$argon2id$v=19$m=65536,t=3,p=1$") {
		t.Errorf("a password is stored as %.40s…, want 64 MiB, three passes and one lane", stored)
	}
}
