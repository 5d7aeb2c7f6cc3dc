package server

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"wellwave/surveys"
	"wellwave/surveys/store/storetest"
)

// TestRoles asks for every page as every role, and for every change as every role that may not make it.
func TestRoles(t *testing.T) {
	o := newOffice(t)
	storetest.LoadStudy(t, o.store)
	people := storetest.Enrol(t, o.store, 2)
	spare, _, err := o.store.CreateAccount(t.Context(), "", surveys.NewAccount{Email: "spare@example.org", Name: "Spare", Role: surveys.Auditor})
	if err != nil {
		t.Fatal(err)
	}
	fill := strings.NewReplacer(":study", string(storetest.Study), ":site", "north", ":enrolment", string(people[0]),
		":account", string(spare.ID), ":file", "en.pdf", ":mode", "paper", ":paper", o.differing(people[1]), ":change", "disable", ":state", "closed", ":number", "1").Replace
	address := func(path string) string {
		wave := storetest.Baseline
		if strings.Contains(path, "/rounds/") {
			wave = storetest.Round
		}
		return strings.ReplaceAll(fill(path), ":wave", string(wave))
	}
	visitors := map[surveys.Role]*client{}
	for _, role := range surveys.Roles() {
		visitors[role] = o.as(role)
	}
	stranger := o.client()
	for _, r := range o.srv.table() {
		if len(r.roles) == 0 || strings.Contains(r.path, "/alerts") { // which the safety plan has a say in: see TestWhoSeesAlerts
			continue
		}
		path := address(r.path)
		t.Run(r.method+" "+r.path, func(t *testing.T) {
			ask := (*client).get
			want := http.StatusSeeOther
			if r.method == http.MethodPost {
				ask = func(b *client, path string) reply { return b.post(path, nil) }
				want = http.StatusUnauthorized
			}
			wantStatus(t, "nobody", ask(stranger, path), want)
			for role, visitor := range visitors {
				if slices.Contains(r.roles, role) {
					if r.method == http.MethodGet && !strings.HasSuffix(path, "files.zip") {
						if got := ask(visitor, path).status; got != http.StatusOK && got != http.StatusSeeOther {
							t.Errorf("%v: status %d, want 200 or 303", role, got)
						}
					}
					continue
				}
				want := http.StatusForbidden
				if role == surveys.Practice {
					want = http.StatusNotFound
				}
				wantStatus(t, role.String(), ask(visitor, path), want)
			}
		})
	}
}
