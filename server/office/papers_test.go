package office_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"wellwave/server/servertest"
	"wellwave/surveys"
	"wellwave/surveys/store/storetest"
)

func TestBlankPapers(t *testing.T) {
	o := servertest.NewOffice(t)
	storetest.LoadStudy(t, o.Store)
	b := o.As(surveys.Researcher)
	at := "/office/studies/trial/paper"
	servertest.WantText(t, "the list", b.Get(at), "Baseline", "Three months", at+"/baseline/en.pdf", "would tell who answered what")
	first, again := b.Get(at+"/baseline/en.pdf"), b.Get(at+"/baseline/en.pdf")
	servertest.WantStatus(t, "a paper", first, http.StatusOK)
	if !strings.HasPrefix(first.Body, "%PDF-") || first.Body != again.Body {
		t.Error("the paper is no PDF, or another one the second time")
	}
	if got := first.Header.Get("Content-Disposition"); got != `attachment; filename="trial-baseline-en.pdf"` {
		t.Errorf("the file is called %s", got)
	}
	for _, path := range []string{at + "/nothing/en.pdf", at + "/baseline/gd.pdf", at + "/baseline/en", "/office/studies/nothing/paper"} {
		servertest.WantStatus(t, path, b.Get(path), http.StatusNotFound)
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
