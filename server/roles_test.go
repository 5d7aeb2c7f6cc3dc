package server_test

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
	"testing"

	"wellwave/server/servertest"
	"wellwave/surveys"
	"wellwave/surveys/store/storetest"
)

// TestRoles asks for every page as every role, and for every change as every role that may not make it.
func TestRoles(t *testing.T) {
	o := servertest.NewOffice(t)
	storetest.LoadStudy(t, o.Store)
	people := storetest.Enrol(t, o.Store, 3)
	storetest.MakeCustodians(t, o.Store)
	spare, _, err := o.Store.CreateAccount(t.Context(), "", surveys.NewAccount{Email: "spare@example.org", Name: "Spare", Role: surveys.Auditor})
	if err != nil {
		t.Fatal(err)
	}
	fill := strings.NewReplacer(":study", string(storetest.Study), ":site", "north", ":enrolment", string(people[0]),
		":account", string(spare.ID), ":file", "en.pdf", ":mode", "paper", ":paper", o.Differing(people[1]), ":query", o.Query(people[2]), ":proposal", o.Proposal(), ":item", "mood_1", ":change", "disable", ":state", "closed", ":number", "1").Replace
	address := func(path string) string {
		wave := storetest.Baseline
		if strings.Contains(path, "/rounds/") {
			wave = storetest.Round
		}
		return strings.ReplaceAll(fill(path), ":wave", string(wave))
	}
	visitors := map[surveys.Role]*servertest.Client{}
	for _, role := range surveys.Roles() {
		visitors[role] = o.As(role)
	}
	stranger := o.Client()
	for _, r := range o.Server.Table() {
		if len(r.Roles) == 0 || strings.Contains(r.Path, "/alerts") || strings.HasPrefix(r.Path, "/desk/sites/:study/:site/rounds/") {
			// The safety plan has a say in alerts, and a round must be reported: see TestWhoSeesAlerts and TestWhoReadsPracticeReports.
			continue
		}
		path := address(r.Path)
		t.Run(r.Method+" "+r.Path, func(t *testing.T) {
			ask := (*servertest.Client).Get
			want := http.StatusSeeOther
			if r.Method == http.MethodPost {
				ask = func(b *servertest.Client, path string) servertest.Reply { return b.Post(path, nil) }
				want = http.StatusUnauthorized
			}
			servertest.WantStatus(t, "nobody", ask(stranger, path), want)
			for role, visitor := range visitors {
				if slices.Contains(r.Roles, role) {
					if r.Method == http.MethodGet && !isLaterFile(path) {
						wantLet(t, role, path, ask(visitor, path))
					}
					continue
				}
				want := http.StatusForbidden
				if role == surveys.Practice {
					want = http.StatusNotFound
				}
				servertest.WantStatus(t, role.String(), ask(visitor, path), want)
			}
		})
	}
}

// isLaterFile reports whether an address is that of a file which is there only once a release is made or a round reported; see
// the tests of those.
func isLaterFile(path string) bool {
	return strings.HasSuffix(path, "files.zip") || strings.HasSuffix(path, "/releases/1") || strings.HasSuffix(path, "report.pdf") && strings.Contains(path, "/rounds/") || strings.HasSuffix(path, ".csv")
}

// wantLet wants the page itself, or the way on to the one page that is meant for the role there. To be sent to sign in is
// to be turned away.
func wantLet(t *testing.T, role surveys.Role, path string, got servertest.Reply) {
	t.Helper()
	begins := map[surveys.Role]string{surveys.Practice: "/desk", surveys.Interviewer: "/desk", surveys.DataEntry: "/entry"}
	onwards := ""
	switch {
	case path == "/home":
		onwards = cmp.Or(begins[role], "/office")
	case path == "/desk" && role == surveys.Practice:
		onwards = "/desk/sites/trial/north"
	case strings.HasSuffix(path, "/round-1/close"), strings.HasSuffix(path, "/round-1/open"): // whose turn it is not
		onwards = path[:strings.LastIndexByte(path, '/')]
	case strings.HasSuffix(path, "/baseline/consent"): // which everybody here has given
		onwards = strings.TrimSuffix(path, "/baseline/consent")
	}
	want := http.StatusOK
	if onwards != "" {
		want = http.StatusSeeOther
	}
	if to := got.Header.Get("Location"); got.Status != want || to != onwards {
		t.Errorf("%v: status %d to %q, want %d to %q", role, got.Status, to, want, onwards)
	}
}
