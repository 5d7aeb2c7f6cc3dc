package store_test

import (
	"slices"
	"testing"

	"wellwave/surveys"
	"wellwave/surveys/store/storetest"
)

func TestGrantStudies(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		ctx, s := t.Context(), db.Open(t)
		storetest.LoadStudy(t, s)
		storetest.LoadOther(t, s)
		administrator, err := s.AddAccount(ctx, "", ada, password)
		if err != nil {
			t.Fatal(err)
		}
		bea, err := s.AddAccount(ctx, administrator.ID, surveys.NewAccount{Name: "Bea", Email: "bea@example.org", Role: surveys.Researcher,
			Grant: surveys.Grant{Studies: []surveys.StudyID{storetest.Study, storetest.Study}}}, password)
		if err != nil {
			t.Fatal(err)
		}
		sees := func(what string, want ...surveys.StudyID) {
			t.Helper()
			account, err := s.FindAccount(ctx, bea.ID)
			if err != nil {
				t.Fatal(err)
			}
			for _, study := range []surveys.StudyID{storetest.Study, storetest.Other, "later"} {
				if got := account.SeesStudy(study); got != slices.Contains(want, study) {
					t.Errorf("%s: SeesStudy(%s) = %v", what, study, got)
				}
			}
		}
		sees("as added", storetest.Study)
		for _, tt := range []struct {
			give surveys.Grant
			want []surveys.StudyID
		}{
			{surveys.Grant{Studies: []surveys.StudyID{storetest.Other}}, []surveys.StudyID{storetest.Other}},
			{surveys.Grant{Every: true}, []surveys.StudyID{storetest.Study, storetest.Other, "later"}},
			{surveys.Grant{}, nil},
			{surveys.Grant{Studies: []surveys.StudyID{storetest.Study, storetest.Other}}, []surveys.StudyID{storetest.Study, storetest.Other}},
		} {
			if err := s.GrantStudies(ctx, administrator.ID, bea.ID, tt.give); err != nil {
				t.Fatal(err)
			}
			sees("granted", tt.want...)
		}
		if err := s.GrantStudies(ctx, "", bea.ID, surveys.Grant{Studies: []surveys.StudyID{"none"}}); surveys.KindOf(err) != surveys.NotFound {
			t.Errorf("GrantStudies() of a study that is not there = %v, want NotFound", err)
		}
		sees("after a refusal", storetest.Study, storetest.Other)
		if err := s.GrantStudies(ctx, "", administrator.ID, surveys.Grant{}); surveys.KindOf(err) != surveys.Invalid {
			t.Errorf("GrantStudies() to an administrator = %v, want Invalid", err)
		}
		if err := s.GrantStudies(ctx, "", "nobody", surveys.Grant{}); surveys.KindOf(err) != surveys.NotFound {
			t.Errorf("GrantStudies() to nobody = %v, want NotFound", err)
		}
		if err := s.GrantStudies(ctx, "", bea.ID, surveys.Grant{Studies: []surveys.StudyID{storetest.Study}}); err != nil {
			t.Fatal(err)
		}
		definitions := new(surveys.Definitions)
		storetest.AddDefinitions(t, definitions)
		for id, want := range map[surveys.StudyID]surveys.Kind{storetest.Other: surveys.Conflict, "new": 0} {
			source := storetest.SourceAs(t, id)
			if _, _, err := s.LoadStudy(ctx, bea.ID, "study.yaml", source, definitions); surveys.KindOf(err) != want {
				t.Errorf("LoadStudy() of %s by somebody who was given the trial = %v, want kind %v", id, err, want)
			}
		}
		account, err := s.FindAccount(ctx, bea.ID)
		if err != nil || !account.SeesStudy("new") {
			t.Errorf("whoever loaded a study sees it = false, %v", err)
		}
	})
}

// An account from before grants keeps every study, and a practice its own.
func TestAccountsFromBeforeGrants(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		tr := newTrial(t, db, 1)
		tr.sql("INSERT INTO accounts (id, email, name, role, password, created_at) VALUES ('a', 'a@example.org', 'A', 'researcher', '', 1)")
		tr.sql("INSERT INTO accounts (id, email, name, role, study_id, site_id, password, created_at) VALUES ('b', 'b@example.org', 'B', 'practice', 'trial', 'north', '', 1)")
		tr.backTo(14)
		s := db.Open(t, storetest.Clock(tr.now))
		for id, want := range map[surveys.AccountID]bool{"a": true, "b": false} {
			account, err := s.FindAccount(t.Context(), id)
			if err != nil || account.SeesStudy("later") != want || !account.SeesStudy(storetest.Study) {
				t.Errorf("the account %s sees %+v, %v, want a later study: %v", id, account.Grant, err, want)
			}
		}
	})
}
