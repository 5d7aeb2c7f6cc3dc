package desk_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"wellwave/server/servertest"
	"wellwave/surveys"
	"wellwave/surveys/store/storetest"
)

func TestEnrolAndHandOver(t *testing.T) {
	o := servertest.NewOffice(t)
	storetest.LoadStudy(t, o.Store)
	b := o.As(surveys.Practice)
	servertest.WantText(t, "an empty site", b.Get("/desk/sites/trial/north"), "Nobody is enrolled at this site yet", "Enrol a person")
	enrol := "/desk/sites/trial/north/enrol"
	for label, want := range map[string]string{
		"":                   "This is needed",
		"Agnes McDonald":     "must not be a name",
		"Agnes":              "must not be a name",
		"0101701234":         "CHI or NHS number",
		"010-170-1234":       "CHI or NHS number",
		"agnes1@example.org": "looks like an e-mail address",
	} {
		r := b.Post(enrol, url.Values{"label": {label}})
		servertest.WantStatus(t, label, r, http.StatusBadRequest)
		servertest.WantText(t, label, r, want, `href="#label"`)
	}
	servertest.WantStatus(t, "a decile of eleven", b.Post(enrol, url.Values{"label": {"N-1"}, "decile": {"11"}}), http.StatusBadRequest)
	if o.Audited("enrolment.create") != 0 {
		t.Error("somebody was enrolled under a refused label")
	}
	r := b.Post(enrol, url.Values{"label": {" N-1 "}, "decile": {"2"}})
	servertest.WantStatus(t, "a good number", r, http.StatusSeeOther)
	person := r.Header.Get("Location")
	if again := b.Post(enrol, url.Values{"label": {"N-1"}, "decile": {"2"}}); again.Status != http.StatusSeeOther || again.Header.Get("Location") != person {
		t.Errorf("a second press answers %d and leads to %q, want the person just enrolled", again.Status, again.Header.Get("Location"))
	}
	for _, label := range []string{"N-01", "n-0001", "N-1.0"} {
		r := b.Post(enrol, url.Values{"label": {label}, "other": {"N-009"}})
		servertest.WantStatus(t, label, r, http.StatusConflict)
		servertest.WantText(t, label, r, `href="#other"`, "The study has number N-1 already", `value="`+strings.ToUpper(label)+`"`)
	}
	servertest.WantStatus(t, "a number that is like none", b.Post(enrol, url.Values{"label": {"N-10"}}), http.StatusSeeOther)
	servertest.WantStatus(t, "the same number", b.Post(enrol, url.Values{"label": {"n-1"}}), http.StatusConflict)
	servertest.WantStatus(t, "two people", b.Post(enrol, url.Values{"label": {" n-01"}, "other": {"N-01"}}), http.StatusSeeOther)
	if o.Audited("enrolment.create") != 3 {
		t.Error("the enrolment is not in the audit trail")
	}
	servertest.WantText(t, "the person", b.Get(person), "Person N-1", "Give a link and code", "Baseline", "Three months")

	r = b.Post(person+"/baseline/link", nil)
	servertest.WantStatus(t, "a link", r, http.StatusOK)
	servertest.WantText(t, "a link", r, "study.example.org", `<svg class="ww-qr"`, "not shown again")
	code := regexp.MustCompile(`ww-code--large">([A-Z0-9-]+)<`).FindStringSubmatch(r.Body)
	link := regexp.MustCompile(`http://study\.example\.org(/s/[A-Z0-9]+)`).FindStringSubmatch(r.Body)
	if code == nil || link == nil {
		t.Fatalf("no code or link on the page\n%s", servertest.Excerpt(r.Body))
	}
	servertest.WantStatus(t, "the link", o.Client().Get(link[1]), http.StatusSeeOther)
	servertest.WantStatus(t, "the code", o.Client().Post("/", url.Values{"code": {code[1]}}), http.StatusSeeOther)
	b.Post(person+"/baseline/link", nil)
	servertest.WantStatus(t, "the link once there is a newer one", o.Client().Get(link[1]), http.StatusNotFound)
	if o.Audited("invitation.create") != 2 {
		t.Error("the links are not in the audit trail")
	}
	for _, page := range []string{person, "/desk/sites/trial/north"} {
		if strings.Contains(b.Get(page).Body, code[1]) {
			t.Errorf("%s shows a code again", page)
		}
	}
}

func TestOutcomes(t *testing.T) {
	o := servertest.NewOffice(t)
	storetest.LoadStudy(t, o.Store)
	person := "/desk/people/" + string(storetest.Enrol(t, o.Store, 1)[0])
	b := o.As(surveys.Practice)
	r := b.Get(person + "/later/outcome")
	servertest.WantText(t, "the reasons", r, "Said no", "Died", "Moved, and no new address is known")
	if strings.Contains(r.Body, "inclusion rule") {
		t.Error("somebody enrolled can be found ineligible at a later wave")
	}
	for _, reason := range []string{"", "complete/", "refusal/rude", "nonsense"} {
		r := b.Post(person+"/baseline/outcome", url.Values{"reason": {reason}})
		servertest.WantStatus(t, "reason "+reason, r, http.StatusBadRequest)
		servertest.WantText(t, "reason "+reason, r, "Choose the reason that fits best")
	}
	servertest.WantStatus(t, "a refusal", b.Post(person+"/baseline/outcome", url.Values{"reason": {"refusal/declined"}}), http.StatusSeeOther)
	servertest.WantText(t, "after the refusal", b.Get(person), "said no", "Refused", "Take back “Said no”", "an account")
	servertest.WantText(t, "the list", b.Get("/desk/sites/trial/north?show=done"), "said no")
	servertest.WantStatus(t, "take it back", b.Post(person+"/baseline/undo", nil), http.StatusSeeOther)
	if r := b.Get(person); strings.Contains(r.Body, "Take back") {
		t.Errorf("what was taken back can be taken back again\n%s", servertest.Excerpt(r.Body))
	}
	servertest.WantText(t, "the way out", b.Get(person+"/later/outcome"), person+"/withdrawal")
	servertest.WantStatus(t, "a withdrawal as a reason", b.Post(person+"/baseline/outcome", url.Values{"reason": {"refusal/withdrew"}}), http.StatusBadRequest)
	servertest.WantStatus(t, "an unknown wave", b.Get(person+"/nonsense/outcome"), http.StatusNotFound)
	servertest.WantStatus(t, "a round", b.Post(person+"/round-1/link", nil), http.StatusNotFound)
}

func TestDueListShowsNoAnswer(t *testing.T) {
	o := servertest.NewOffice(t)
	storetest.LoadStudy(t, o.Store)
	o.Answered(6)
	b := o.As(surveys.Practice)
	r := b.Get("/desk/sites/trial/north?show=all")
	servertest.WantText(t, "everybody", r, "P00001", "P00003", "P00005", "complete", "All (6)", "Done (3)")
	if strings.Contains(r.Body, "P00002") {
		t.Error("the list names a person of the other site")
	}
	r = b.Get("/desk/sites/trial/north?label=0003")
	servertest.WantText(t, "a search", r, "P00003", "All (2)")
	if strings.Contains(r.Body, "P00001") {
		t.Error("a search shows somebody else")
	}
	servertest.WantText(t, "a search for nobody", b.Get("/desk/sites/trial/north?label=%3Cem%3E"), "No study number here contains “&lt;em&gt;”")
	servertest.WantText(t, "nothing to do", b.Get("/desk/sites/trial/north"), "Nobody is due just now")
}

func TestAPracticeSeesItsOwnSiteAlone(t *testing.T) {
	o := servertest.NewOffice(t)
	storetest.LoadStudy(t, o.Store)
	people := storetest.Enrol(t, o.Store, 2) // north, south
	b := o.As(surveys.Practice)
	own, other := "/desk/people/"+string(people[0]), "/desk/people/"+string(people[1])
	servertest.WantStatus(t, "own site", b.Get("/desk/sites/trial/north"), http.StatusOK)
	servertest.WantStatus(t, "own person", b.Get(own), http.StatusOK)
	missing := b.Get("/desk/people/nobody")
	for _, path := range []string{"/desk/sites/trial/south", "/desk/sites/trial/south/enrol", "/desk/sites/other/north", other,
		other + "/baseline/outcome"} {
		r := b.Get(path)
		servertest.WantStatus(t, path, r, http.StatusNotFound)
		if strings.Contains(r.Body, "P00002") {
			t.Errorf("%s names the person of another site", path)
		}
	}
	servertest.WantStatus(t, "somebody who is not there", missing, http.StatusNotFound)
	for _, path := range []string{"/desk/sites/trial/south/enrol", other + "/baseline/link", other + "/baseline/outcome", other + "/baseline/undo"} {
		servertest.WantStatus(t, "POST "+path, b.Post(path, url.Values{"label": {"S-1"}, "reason": {"refusal/declined"}}), http.StatusNotFound)
	}
	if n := o.Audited("invitation.create"); n != 0 {
		t.Errorf("%d invitations made for another site's person, want none", n)
	}
}

func TestAPersonsPaper(t *testing.T) {
	o := servertest.NewOffice(t)
	storetest.LoadStudy(t, o.Store)
	people := storetest.Enrol(t, o.Store, 2)
	b := o.As(surveys.Practice)
	person := "/desk/people/" + string(people[0])
	servertest.WantText(t, "the person", b.Get(person), person+"/baseline/paper", "Print on paper")
	servertest.WantText(t, "before printing", b.Get(person+"/baseline/paper"), "a new code", `<option value="en">`)
	before, err := o.Store.Invite(t.Context(), "", people[0], storetest.Baseline)
	if err != nil {
		t.Fatal(err)
	}
	servertest.WantStatus(t, "a language that is not there", b.Post(person+"/baseline/paper", url.Values{"language": {"gd"}}), http.StatusBadRequest)
	servertest.WantStatus(t, "the link before", o.Client().Get("/s/"+before.Link), http.StatusSeeOther)
	r := b.Post(person+"/baseline/paper", url.Values{"language": {"en"}})
	servertest.WantStatus(t, "a paper", r, http.StatusOK)
	if !strings.HasPrefix(r.Body, "%PDF-") {
		t.Error("the paper is no PDF")
	}
	servertest.WantStatus(t, "the link before, once a paper is printed", o.Client().Get("/s/"+before.Link), http.StatusNotFound)
	if n := o.Audited("invitation.create"); n != 2 {
		t.Errorf("%d invitations in the audit trail, want 2", n)
	}
	servertest.WantStatus(t, "another site's person", b.Post("/desk/people/"+string(people[1])+"/baseline/paper", url.Values{"language": {"en"}}), http.StatusNotFound)
	if err := o.Store.Withdraw(t.Context(), surveys.Withdrawal{Enrolment: people[0], Level: surveys.StopContact, Channel: surveys.AtDesk}); err != nil {
		t.Fatal(err)
	}
	servertest.WantStatus(t, "for somebody who has left", b.Post(person+"/baseline/paper", url.Values{"language": {"en"}}), http.StatusGone)
}
