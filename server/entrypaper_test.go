package server

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"wellwave/surveys"
	"wellwave/surveys/store/storetest"
)

func TestBlankPapers(t *testing.T) {
	o := newOffice(t)
	storetest.LoadStudy(t, o.store)
	b := o.as(surveys.Researcher)
	at := "/office/studies/trial/paper"
	wantText(t, "the list", b.get(at), "Baseline", "Three months", at+"/baseline/en.pdf", "would tell who answered what")
	first, again := b.get(at+"/baseline/en.pdf"), b.get(at+"/baseline/en.pdf")
	wantStatus(t, "a paper", first, http.StatusOK)
	if !strings.HasPrefix(first.body, "%PDF-") || first.body != again.body {
		t.Error("the paper is no PDF, or another one the second time")
	}
	if got := first.header.Get("Content-Disposition"); got != `attachment; filename="trial-baseline-en.pdf"` {
		t.Errorf("the file is called %s", got)
	}
	for _, path := range []string{at + "/nothing/en.pdf", at + "/baseline/gd.pdf", at + "/baseline/en", "/office/studies/nothing/paper"} {
		wantStatus(t, path, b.get(path), http.StatusNotFound)
	}
}

func TestAPersonsPaper(t *testing.T) {
	o := newOffice(t)
	storetest.LoadStudy(t, o.store)
	people := storetest.Enrol(t, o.store, 2)
	b := o.as(surveys.Practice)
	person := "/desk/people/" + string(people[0])
	wantText(t, "the person", b.get(person), person+"/baseline/paper", "Print on paper")
	wantText(t, "before printing", b.get(person+"/baseline/paper"), "a new code", `<option value="en">`)
	before, err := o.store.Invite(t.Context(), "", people[0], storetest.Baseline)
	if err != nil {
		t.Fatal(err)
	}
	wantStatus(t, "a language that is not there", b.post(person+"/baseline/paper", url.Values{"language": {"gd"}}), http.StatusBadRequest)
	wantStatus(t, "the link before", o.client().get("/s/"+before.Link), http.StatusSeeOther)
	r := b.post(person+"/baseline/paper", url.Values{"language": {"en"}})
	wantStatus(t, "a paper", r, http.StatusOK)
	if !strings.HasPrefix(r.body, "%PDF-") {
		t.Error("the paper is no PDF")
	}
	wantStatus(t, "the link before, once a paper is printed", o.client().get("/s/"+before.Link), http.StatusNotFound)
	if n := o.audited("invitation.create"); n != 2 {
		t.Errorf("%d invitations in the audit trail, want 2", n)
	}
	wantStatus(t, "another site's person", b.post("/desk/people/"+string(people[1])+"/baseline/paper", url.Values{"language": {"en"}}), http.StatusNotFound)
	if err := o.store.Withdraw(t.Context(), surveys.Withdrawal{Enrolment: people[0], Level: surveys.StopContact, Channel: surveys.AtDesk}); err != nil {
		t.Fatal(err)
	}
	wantStatus(t, "for somebody who has left", b.post(person+"/baseline/paper", url.Values{"language": {"en"}}), http.StatusGone)
}
