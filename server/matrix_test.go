package server_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"wellwave/server/servertest"
	"wellwave/surveys"
	"wellwave/surveys/store/storetest"
)

// place is where the addresses of the access matrix lead.
type place struct {
	name  string
	fill  []string       // pairs of a parameter and what stands there
	roles []surveys.Role // whose business it is not
}

// TestAccessMatrix asks for every line of the table that names a study, a site or somebody of one, as every role, at a study
// and at a site that are not its business: nothing of them exists for anybody. That each of these roles is let in where it
// belongs is for TestRoles, and whoever has no account for TestAttack.
func TestAccessMatrix(t *testing.T) {
	o := servertest.NewOffice(t)
	storetest.LoadStudy(t, o.Store)
	people := storetest.Enrol(t, o.Store, 2) // north, south
	storetest.MakeCustodians(t, o.Store)
	own := o.Differing(people[1])
	other := storetest.LoadOther(t, o.Store)
	paper := o.EnteredTwice(other)
	visitors, accounts := map[surveys.Role]*servertest.Client{}, map[surveys.Role]surveys.AccountID{}
	for _, role := range surveys.Roles() {
		account := o.Account(role)
		if role.Granted() {
			if err := o.Store.GrantStudies(t.Context(), "", account.ID, surveys.Grant{Studies: []surveys.StudyID{storetest.Study}}); err != nil {
				t.Fatal(err)
			}
		}
		visitors[role], accounts[role] = o.Client(), account.ID
		visitors[role].SignIn(account.Email, servertest.Password)
	}
	north, err := o.Store.CreateKiosk(t.Context(), accounts[surveys.Administrator], surveys.NewKiosk{Study: storetest.Other, Site: "north", Name: "Desk", PIN: servertest.PIN})
	if err != nil {
		t.Fatal(err)
	}
	rest := []string{":file", "en.pdf", ":mode", "paper", ":state", "closed", ":number", "1", ":alert", "1", ":kiosk", string(north.ID)}
	ofStudy := []string{":study", string(storetest.Other), ":site", "north", ":enrolment", string(other), ":paper", paper}
	ofSite := []string{":study", string(storetest.Study), ":site", "south", ":enrolment", string(people[1]), ":paper", own}
	granted := slices.DeleteFunc(surveys.Roles(), func(r surveys.Role) bool { return r == surveys.Administrator })
	places := []place{
		{"another study", append(ofStudy, rest...), granted},
		{"another site", append(ofSite, rest...), []surveys.Role{surveys.Practice}},
	}
	_, key, err := o.Store.AddKey(t.Context(), "", storetest.Study, "a program", surveys.ReadScope)
	if err != nil {
		t.Fatal(err)
	}
	asked := 0
	for _, line := range o.Server.Table() {
		program := line.Who == "programs"
		if len(line.Roles) == 0 && !program || !ofSomeStudy(line.Path) {
			continue
		}
		for _, at := range places {
			wave := storetest.Baseline
			if strings.Contains(line.Path, "/rounds/") {
				wave = storetest.Round
			}
			path := strings.ReplaceAll(strings.NewReplacer(at.fill...).Replace(line.Path), ":wave", string(wave))
			if program {
				asked++
				visitor := o.Client()
				r := visitor.Request(line.Method, path, strings.NewReader("{}"))
				r.Header.Set("Authorization", "Bearer "+key)
				if got := visitor.Do(r).Status; at.name == "another study" && got != http.StatusForbidden {
					t.Errorf("%s %s as a program of another study: status %d, want 403", line.Method, path, got)
				}
				continue
			}
			for _, role := range at.roles {
				asked++
				visitor := visitors[role]
				want := http.StatusForbidden
				if role == surveys.Practice || slices.Contains(line.Roles, role) {
					want = http.StatusNotFound
				}
				var got servertest.Reply
				if line.Method == http.MethodGet {
					got = visitor.Get(path)
				} else {
					got = visitor.Post(path, nil)
				}
				if got.Status != want {
					t.Errorf("%s %s of %s as %v: status %d, want %d\n%s", line.Method, path, at.name, role, got.Status, want, servertest.Excerpt(got.Body))
				}
			}
		}
	}
	if asked < 400 {
		t.Errorf("%d requests were made, which cannot be the whole matrix", asked)
	}
}

// ofSomeStudy reports whether a path names a study, or something that belongs to one.
func ofSomeStudy(path string) bool {
	return slices.ContainsFunc([]string{":study", ":enrolment", ":paper"}, func(part string) bool { return strings.Contains(path, part) })
}

// TestListsOfStudies reads every list of studies as somebody who was given one, and as somebody who was given none.
func TestListsOfStudies(t *testing.T) {
	o := servertest.NewOffice(t)
	storetest.LoadStudy(t, o.Store)
	person := storetest.LoadOther(t, o.Store)
	paper := o.EnteredTwice(person)
	for role, paths := range map[surveys.Role][]string{
		surveys.Researcher:  {"/office"},
		surveys.Auditor:     {"/office", "/office/audit"},
		surveys.Interviewer: {"/desk", "/entry"},
		surveys.DataEntry:   {"/desk", "/entry"},
	} {
		account := o.Account(role)
		visitor := o.Client()
		visitor.SignIn(account.Email, servertest.Password)
		for _, given := range [][]surveys.StudyID{{storetest.Study}, nil} {
			if err := o.Store.GrantStudies(t.Context(), "", account.ID, surveys.Grant{Studies: given}); err != nil {
				t.Fatal(err)
			}
			for _, path := range paths {
				got := visitor.Get(path)
				servertest.WantStatus(t, path, got, http.StatusOK)
				for _, sign := range []string{"/" + string(storetest.Other), `value="other"`, "study-other", "Q00001", paper, ">other<"} {
					if strings.Contains(got.Body, sign) {
						t.Errorf("%s as %v, who was given %v, has %q", path, role, given, sign)
					}
				}
				if shows := strings.Contains(got.Body, "trial"); shows != (given != nil) {
					t.Errorf("%s as %v, who was given %v: shows the trial = %v", path, role, given, shows)
				}
			}
		}
		if role == surveys.Auditor {
			servertest.WantStatus(t, "the trail of another study", visitor.Get("/office/audit?study=other"), http.StatusNotFound)
		}
		if role == surveys.DataEntry {
			servertest.WantStatus(t, "somebody of another study", visitor.Get("/entry?study=other&label=Q00001"), http.StatusNotFound)
		}
	}
}
