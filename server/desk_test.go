package server

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"wellwave/surveys"
	"wellwave/surveys/store/storetest"
)

func TestEnrolAndHandOver(t *testing.T) {
	o := newOffice(t)
	storetest.LoadStudy(t, o.store)
	b := o.as(surveys.Practice)
	wantText(t, "an empty site", b.get("/desk/sites/trial/north"), "Nobody is enrolled at this site yet", "Enrol a person")
	enrol := "/desk/sites/trial/north/enrol"
	for label, want := range map[string]string{
		"":                   "This is needed",
		"Agnes McDonald":     "must not be a name",
		"Agnes":              "must not be a name",
		"0101701234":         "CHI or NHS number",
		"010-170-1234":       "CHI or NHS number",
		"agnes1@example.org": "must not be a name or an address",
	} {
		r := b.post(enrol, url.Values{"label": {label}})
		wantStatus(t, label, r, http.StatusBadRequest)
		wantText(t, label, r, want, `href="#label"`)
	}
	wantStatus(t, "a decile of eleven", b.post(enrol, url.Values{"label": {"N-1"}, "decile": {"11"}}), http.StatusBadRequest)
	if o.audited("enrolment.create") != 0 {
		t.Error("somebody was enrolled under a refused label")
	}
	r := b.post(enrol, url.Values{"label": {" N-1 "}, "decile": {"2"}})
	wantStatus(t, "a good number", r, http.StatusSeeOther)
	person := r.header.Get("Location")
	if again := b.post(enrol, url.Values{"label": {"N-1"}, "decile": {"2"}}); again.status != http.StatusSeeOther || again.header.Get("Location") != person {
		t.Errorf("a second press answers %d and leads to %q, want the person just enrolled", again.status, again.header.Get("Location"))
	}
	wantStatus(t, "the same number", b.post(enrol, url.Values{"label": {"n-1"}}), http.StatusConflict)
	if o.audited("enrolment.create") != 1 {
		t.Error("the enrolment is not in the audit trail")
	}
	wantText(t, "the person", b.get(person), "Person N-1", "Give a link and code", "Baseline", "Three months")

	r = b.post(person+"/baseline/link", nil)
	wantStatus(t, "a link", r, http.StatusOK)
	wantText(t, "a link", r, "study.example.org", `<svg class="ww-qr"`, "not shown again")
	code := regexp.MustCompile(`ww-code--large">([A-Z0-9-]+)<`).FindStringSubmatch(r.body)
	link := regexp.MustCompile(`http://study\.example\.org(/s/[A-Z0-9]+)`).FindStringSubmatch(r.body)
	if code == nil || link == nil {
		t.Fatalf("no code or link on the page\n%s", excerpt(r.body))
	}
	wantStatus(t, "the link", o.client().get(link[1]), http.StatusSeeOther)
	wantStatus(t, "the code", o.client().post("/", url.Values{"code": {code[1]}}), http.StatusSeeOther)
	b.post(person+"/baseline/link", nil)
	wantStatus(t, "the link once there is a newer one", o.client().get(link[1]), http.StatusNotFound)
	if o.audited("invitation.create") != 2 {
		t.Error("the links are not in the audit trail")
	}
	for _, page := range []string{person, "/desk/sites/trial/north"} {
		if strings.Contains(b.get(page).body, code[1]) {
			t.Errorf("%s shows a code again", page)
		}
	}
}

func TestOutcomes(t *testing.T) {
	o := newOffice(t)
	storetest.LoadStudy(t, o.store)
	person := "/desk/people/" + string(storetest.Enrol(t, o.store, 1)[0])
	b := o.as(surveys.Practice)
	r := b.get(person + "/later/outcome")
	wantText(t, "the reasons", r, "Said no", "Died", "Moved, and no new address is known")
	if strings.Contains(r.body, "inclusion rule") {
		t.Error("somebody enrolled can be found ineligible at a later wave")
	}
	for _, reason := range []string{"", "complete/", "refusal/rude", "nonsense"} {
		r := b.post(person+"/baseline/outcome", url.Values{"reason": {reason}})
		wantStatus(t, "reason "+reason, r, http.StatusBadRequest)
		wantText(t, "reason "+reason, r, "Choose the reason that fits best")
	}
	wantStatus(t, "a refusal", b.post(person+"/baseline/outcome", url.Values{"reason": {"refusal/declined"}}), http.StatusSeeOther)
	wantText(t, "after the refusal", b.get(person), "said no", "Refused", "Take back “Said no”", "an account")
	wantText(t, "the list", b.get("/desk/sites/trial/north?show=done"), "said no")
	wantStatus(t, "take it back", b.post(person+"/baseline/undo", nil), http.StatusSeeOther)
	if r := b.get(person); strings.Contains(r.body, "Take back") {
		t.Errorf("what was taken back can be taken back again\n%s", excerpt(r.body))
	}
	wantText(t, "the way out", b.get(person+"/later/outcome"), person+"/withdrawal")
	wantStatus(t, "a withdrawal as a reason", b.post(person+"/baseline/outcome", url.Values{"reason": {"refusal/withdrew"}}), http.StatusBadRequest)
	wantStatus(t, "an unknown wave", b.get(person+"/nonsense/outcome"), http.StatusNotFound)
	wantStatus(t, "a round", b.post(person+"/round-1/link", nil), http.StatusNotFound)
}

func TestDueListShowsNoAnswer(t *testing.T) {
	o := newOffice(t)
	storetest.LoadStudy(t, o.store)
	o.answered(6)
	b := o.as(surveys.Practice)
	r := b.get("/desk/sites/trial/north?show=all")
	wantText(t, "everybody", r, "P00001", "P00003", "P00005", "complete", "All (6)", "Done (3)")
	if strings.Contains(r.body, "P00002") {
		t.Error("the list names a person of the other site")
	}
	r = b.get("/desk/sites/trial/north?label=0003")
	wantText(t, "a search", r, "P00003", "All (2)")
	if strings.Contains(r.body, "P00001") {
		t.Error("a search shows somebody else")
	}
	wantText(t, "a search for nobody", b.get("/desk/sites/trial/north?label=%3Cem%3E"), "No study number here contains “&lt;em&gt;”")
	wantText(t, "nothing to do", b.get("/desk/sites/trial/north"), "Nobody is due just now")
}
