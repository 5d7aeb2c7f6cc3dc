package releases_test

import (
	"archive/zip"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"wellwave/server"
	"wellwave/server/servertest"
	"wellwave/surveys"
	"wellwave/surveys/release"
	"wellwave/surveys/store/storetest"
)

// answeredMore has n more people of each arm answer the baseline.
func answeredMore(t *testing.T, o *servertest.Office, n int) []surveys.EnrolmentID {
	t.Helper()
	var people []surveys.EnrolmentID
	for i := range 2 * n {
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
		people = append(people, person.ID)
	}
	return people
}

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
	answeredMore(t, o, 8)
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

// manifestIn returns the manifest of an archive of a release.
func manifestIn(t *testing.T, body string) (m release.Manifest) {
	t.Helper()
	archive, err := zip.NewReader(strings.NewReader(body), int64(len(body)))
	if err != nil {
		t.Fatal(err)
	}
	file, err := archive.Open(release.ManifestName)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.NewDecoder(file).Decode(&m); err != nil {
		t.Fatal(err)
	}
	return m
}

// A release for people beyond the team is asked for under an approval, leaves once a second person has agreed, and says so in its
// manifest and in the register, until something in it is erased.
func TestRegister(t *testing.T) {
	o := servertest.NewOffice(t)
	storetest.LoadStudy(t, o.Store)
	people := answeredMore(t, o, 25)
	manager, second := o.As(surveys.DataManager), o.As(surveys.Administrator)
	const list, at = "/office/studies/trial/releases", "/office/studies/trial/releases/1"
	form := url.Values{"profile": {"shared"}, "typed": {"trial"}, "form": {servertest.HiddenValue(t, manager.Get(list+"/new").Body, "form")}}
	for reference, says := range map[string]string{" ": "under which approval", "DSA\u202e-1": "can all be seen", strings.Repeat("x", 201): "at most 200"} {
		form.Set("approval", reference)
		got := manager.Post(list+"/new", form)
		servertest.WantStatus(t, reference, got, http.StatusBadRequest)
		servertest.WantText(t, reference, got, says)
	}
	form.Set("approval", " DSA-7  <b>é🙂 ")
	servertest.WantStatus(t, "asked for", manager.Post(list+"/new", form), http.StatusSeeOther)
	servertest.WantText(t, "waiting", manager.Get(at), "waits for a second person", "DSA-7 <b>é🙂", "nobody yet", "participants.csv", "How it hides people", "Nobody has fetched its files")
	servertest.WantStatus(t, "its files before", manager.Get(at+"/files.zip"), http.StatusForbidden)
	proposals, err := o.Store.ListProposals(context.Background(), storetest.Study)
	if err != nil || len(proposals) != 1 {
		t.Fatalf("%d proposals, %v", len(proposals), err)
	}
	decision := "/office/studies/trial/second-person/" + string(proposals[0].ID)
	servertest.WantStatus(t, "one's own", manager.Post(decision, url.Values{"ground": {"checked"}}), http.StatusForbidden)
	servertest.WantText(t, "asked to agree", second.Get(decision), "DSA-7 <b>é🙂")
	servertest.WantStatus(t, "agreed", second.Post(decision, url.Values{"ground": {"checked"}}), http.StatusSeeOther)
	files := manager.Get(at + "/files.zip")
	servertest.WantStatus(t, "its files", files, http.StatusOK)
	if said := manifestIn(t, files.Body).Approval; said == nil || said.By != "The administrator" || said.Reference != "DSA-7 <b>é🙂" {
		t.Errorf("the manifest says of the approval %+v", said)
	}
	if again := second.Get(at + "/files.zip"); again.Body != files.Body {
		t.Error("the same release is other bytes for somebody else")
	}
	servertest.WantText(t, "the register", manager.Get(list), "shared (k = 10)", "The data-manager", "The administrator, DSA-7", "1 time before", "Download")
	servertest.WantText(t, "the release", o.As(surveys.Auditor).Get(at), "can be fetched", "Who fetched its files", "The administrator")

	left := surveys.Withdrawal{Enrolment: people[0], Level: surveys.EraseAnswers, Channel: surveys.ByCode}
	if err := o.Store.Withdraw(t.Context(), left); err != nil {
		t.Fatal(err)
	}
	const erased = "it holds answers that were erased since. Make a new release."
	servertest.WantText(t, "after an erasure", manager.Get(at), "cannot be made again", erased)
	servertest.WantText(t, "the register then", manager.Get(list), "cannot be made again")
	files = manager.Get(at + "/files.zip")
	servertest.WantStatus(t, "its files then", files, http.StatusConflict)
	servertest.WantText(t, "its files then", files, erased)
	if n := o.Audited("release.download"); n != 2 {
		t.Errorf("%d downloads in the audit trail, want 2", n)
	}
	for _, path := range []string{list + "/2", list + "/01", list + "/x", list + "/1%2f.."} {
		servertest.WantStatus(t, path, manager.Get(path), http.StatusNotFound)
	}
}

// Nobody else is at a demonstration, so it agrees itself, and says so wherever the approval stands.
func TestDemonstrationApprovesItself(t *testing.T) {
	o := servertest.NewOfficeAt(t, time.Now, server.Config{Demo: true})
	storetest.LoadStudy(t, o.Store)
	answeredMore(t, o, 25)
	manager := o.As(surveys.DataManager)
	const list = "/office/studies/trial/releases"
	page := manager.Get(list + "/new")
	servertest.WantText(t, "the form", page, "in this demonstration it approves itself")
	form := url.Values{"profile": {"shared"}, "typed": {"trial"}, "approval": {"DSA-1"}, "form": {servertest.HiddenValue(t, page.Body, "form")}}
	servertest.WantStatus(t, "made", manager.Post(list+"/new", form), http.StatusSeeOther)
	files := manager.Get(list + "/1/files.zip")
	servertest.WantStatus(t, "its files", files, http.StatusOK)
	if said := manifestIn(t, files.Body).Approval; said == nil || !strings.Contains(said.By, "demonstration") {
		t.Errorf("the manifest says of the approval %+v", said)
	}
}
