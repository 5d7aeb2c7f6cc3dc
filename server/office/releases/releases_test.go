package releases_test

import (
	"archive/zip"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"wellwave/server/servertest"
	"wellwave/surveys"
	"wellwave/surveys/store/storetest"
)

func TestReleasePages(t *testing.T) {
	o := servertest.NewOffice(t)
	storetest.LoadStudy(t, o.Store)
	o.Answered(8)
	b := o.As(surveys.DataManager)
	servertest.WantText(t, "no release", b.Get("/office/studies/trial/releases"), "No release has been made", "Make a release")
	servertest.WantStatus(t, "no profile", b.Post("/office/studies/trial/releases/new", url.Values{"profile": {"everyone"}}), http.StatusBadRequest)
	page := "/office/studies/trial/releases/new"
	form := url.Values{"profile": {"team"}, "typed": {"trial"}, "form": {servertest.HiddenValue(t, b.Get(page).Body, "form")}}
	r := b.Post(page, form)
	servertest.WantStatus(t, "a release of eight people", r, http.StatusBadRequest)
	servertest.WantText(t, "a release of eight people", r, "There is a problem", "This release would be refused", "What would help, the best first", "Smallest class")
	form.Set("try", "true")
	form.Del("typed")
	r = b.Post(page, form)
	servertest.WantStatus(t, "trying it", r, http.StatusOK)
	servertest.WantText(t, "trying it", r, "This release would be refused", "arm left out: smallest class 4 → 8", "Too few people share", "arm=", `value="`+form.Get("form")+`"`)
	if o.Audited("release.try") != 1 {
		t.Errorf("%d entries of a release that was tried, want 1", o.Audited("release.try"))
	}
	form.Del("try")
	form.Set("typed", "trial")
	if n := o.Audited("release.make"); n != 0 {
		t.Errorf("%d releases after a refusal, want none", n)
	}
	for i := range 16 { // eight more in each arm
		person, err := o.Store.Enrol(t.Context(), "", surveys.NewEnrolment{Study: storetest.Study, Site: []surveys.SiteID{"north", "south"}[i%2], Label: fmt.Sprintf("Q-%d", i)})
		if err != nil {
			t.Fatal(err)
		}
		given := surveys.ConsentGiven{Version: "1", Language: "en", Clauses: []string{"take-part"}, Sitting: storetest.SittingID(100 + i)}
		if err := o.Store.Consent(t.Context(), person.ID, storetest.Baseline, given); err != nil {
			t.Fatal(err)
		}
		answers := append(storetest.Answers(i), surveys.ItemAnswer{Code: "about_age", Value: surveys.Number(30)})
		if _, err := o.Store.Submit(t.Context(), surveys.Submission{By: surveys.Themselves(), Basis: surveys.Operator(), Study: storetest.Study, Enrolment: person.ID, Wave: storetest.Baseline, Sitting: storetest.SittingID(100 + i),
			Seq: 1, Finish: true, Answers: answers, How: surveys.Collection{Mode: surveys.Web, Language: "en"}}); err != nil {
			t.Fatal(err)
		}
	}
	form.Set("try", "true")
	servertest.WantText(t, "trying two dozen", b.Post(page, form), "This release can be made", "It would hold 24 people", "participants.csv", "All sites")
	form.Del("try")
	servertest.WantStatus(t, "a release of two dozen by the form that was refused", b.Post(page, form), http.StatusSeeOther)
	r = b.Post(page, form)
	servertest.WantStatus(t, "the button pressed twice", r, http.StatusConflict)
	servertest.WantText(t, "the button pressed twice", r, "nothing was done the second time")
	if n := o.Audited("release.make"); n != 1 {
		t.Errorf("%d releases after the button was pressed twice, want 1", n)
	}
	servertest.WantText(t, "the list", b.Get("/office/studies/trial/releases"), "team (k = 5)", "/releases/1/files.zip")
	first := b.Get("/office/studies/trial/releases/1/files.zip")
	servertest.WantStatus(t, "the files", first, http.StatusOK)
	if again := b.Get("/office/studies/trial/releases/1/files.zip"); again.Body != first.Body {
		t.Error("the same release is other bytes the second time")
	}
	archive, err := zip.NewReader(strings.NewReader(first.Body), int64(len(first.Body)))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, file := range archive.File {
		names = append(names, file.Name)
	}
	for _, want := range []string{"codebook.csv", "manifest.json", "risk.json"} {
		if !slices.Contains(names, want) {
			t.Errorf("the archive holds %v, want %s in it", names, want)
		}
	}
	if o.Audited("release.download") != 2 {
		t.Errorf("%d downloads in the audit trail, want 2", o.Audited("release.download"))
	}
	servertest.WantStatus(t, "an unknown release", b.Get("/office/studies/trial/releases/9/files.zip"), http.StatusNotFound)
	servertest.WantStatus(t, "no number", b.Get("/office/studies/trial/releases/x/files.zip"), http.StatusNotFound)
}
