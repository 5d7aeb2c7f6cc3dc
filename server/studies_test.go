package server

import (
	"archive/zip"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"wellwave/surveys"
	"wellwave/surveys/store/storetest"
)

func TestStudiesWithoutAny(t *testing.T) {
	o := newOffice(t)
	wantText(t, "no study", o.as(surveys.Researcher).get("/office"), "There is no study yet", "wellwave study load", `href="/office/load"`)
	r := o.as(surveys.Auditor).get("/office")
	if strings.Contains(r.body, `href="/office/load"`) {
		t.Error("an auditor is offered to load a study")
	}
	admin := o.as(surveys.Administrator)
	wantText(t, "no site", admin.get("/desk"), "There is no study yet")
	wantStatus(t, "an unknown study", admin.get("/office/studies/none"), http.StatusNotFound)
}

func TestStudyPageAndStates(t *testing.T) {
	o := newOffice(t)
	storetest.LoadStudyIn(t, o.store, surveys.Pilot)
	b := o.as(surveys.Researcher)
	r := b.get("/office/studies/trial")
	wantText(t, "the study", r, "Trial of the tests", "North Practice", "Round 1", "due 90 days after baseline, open 7 before to 30 after",
		"1 January 2026 to 31 December 2026", "one question a screen", "Open the study", "This study is being tried out")
	r = b.get("/office/studies/trial/state/live")
	wantText(t, "before opening", r, "Open this study?", "may then only be added to", "Cancel")
	if o.audited("study.live") != 0 {
		t.Error("asking has opened the study")
	}
	wantStatus(t, "opening", b.post("/office/studies/trial/state/live", nil), http.StatusSeeOther)
	if o.audited("study.live") != 1 {
		t.Error("opening is not in the audit trail")
	}
	for _, state := range []string{"draft", "pilot", "locked"} {
		wantStatus(t, "to "+state, b.get("/office/studies/trial/state/"+state), http.StatusConflict)
		wantStatus(t, "to "+state, b.post("/office/studies/trial/state/"+state, nil), http.StatusConflict)
	}
	wantStatus(t, "to nonsense", b.get("/office/studies/trial/state/open"), http.StatusNotFound)
	for _, state := range []string{"closed", "locked", "closed", "live"} {
		wantText(t, "before "+state, b.get("/office/studies/trial/state/"+state), "?</h1>")
		wantStatus(t, "to "+state, b.post("/office/studies/trial/state/"+state, nil), http.StatusSeeOther)
	}
}

const ownStudy = `id: small
title: A small study
contact: The front desk
consent: {version: "1", intro: Please read this., clauses: [{id: yes, text: I agree., required: true}]}
arms: [{id: all, title: Everybody}]
sites: [{id: one, title: The Only Practice, arm: all, staff: 3}]
instruments: {wellbeing: "1"}
primary: wellbeing
waves:
  - {id: baseline, title: Baseline, audience: patients, baseline: true, after: 28, instruments: [wellbeing]}
`

func TestLoadStudyFile(t *testing.T) {
	o := newOffice(t)
	b := o.as(surveys.Researcher)
	wrong := strings.Replace(ownStudy, "title: A small", "titel: A small", 1)
	r := b.upload("/office/load", "load", "", wrong)
	wantStatus(t, "a misspelt key", r, http.StatusBadRequest)
	wantText(t, "a misspelt key", r, "study.yaml:2:1", "titel", "There is a problem", "titel: A small study")
	r = b.upload("/office/load", "check", "", ownStudy)
	wantStatus(t, "checking", r, http.StatusOK)
	wantText(t, "checking", r, "Nothing is wrong with this file")
	if o.audited("study.load") != 0 {
		t.Error("checking has stored the study")
	}
	r = b.upload("/office/load", "load", "mine.yaml", ownStudy)
	if r.status != http.StatusSeeOther || r.header.Get("Location") != "/office/studies/small" {
		t.Errorf("loading: %d %q, want 303 to the study\n%s", r.status, r.header.Get("Location"), excerpt(r.body))
	}
	if o.audited("study.load") != 1 {
		t.Error("loading is not in the audit trail")
	}
	wantText(t, "a study with one site", b.get("/office/studies/small"), "The Only Practice", "1 site", "draft")
	wantText(t, "its monitor", b.get("/office/studies/small/monitor"), "Nobody is enrolled yet")
	wantText(t, "changing it", b.get("/office/load?study=small"), "title: A small study")
}

func TestMonitorPage(t *testing.T) {
	o := newOffice(t)
	storetest.LoadStudy(t, o.store)
	people := o.answered(7) // four at north, three at south
	b := o.as(surveys.Auditor)
	r := b.get("/office/studies/trial/monitor?wave=baseline")
	wantText(t, "the baseline", r, "7 questionnaires are complete at baseline", "4 of 4", "3 of 3", "100.0%", "No window has closed yet",
		`role="img"`, "The numbers of this chart", "Response rate RR1", "COOP4", "I / (I+P + R+NC+O + U)")
	r = b.get("/office/studies/trial/monitor")
	wantText(t, "the wave with the target", r, "Mood at three months", "Power now", "Design effect", `aria-current="true">Three months`)
	if strings.Contains(r.body, "more than one answer") {
		t.Error("the monitor doubts answers before there are two to a question")
	}
	for sitting, mood := range []float64{1, 5} { // two devices of one person
		_, err := o.store.Submit(context.Background(), surveys.Submission{Study: storetest.Study, Enrolment: people[0], Wave: storetest.Baseline,
			Sitting: storetest.SittingID(90 + sitting), Seq: 1, Answers: []surveys.ItemAnswer{{Code: "mood_1", Value: surveys.Number(mood)}}})
		if err != nil {
			t.Fatal(err)
		}
	}
	wantText(t, "two answers", b.get("/office/studies/trial/monitor?wave=baseline"),
		"To one questionnaire more than one answer came for the same question", "P1", "North Practice")
	pdf := b.get("/office/studies/trial/report.pdf")
	wantStatus(t, "the report", pdf, http.StatusOK)
	if !strings.HasPrefix(pdf.body, "%PDF-") || !strings.Contains(pdf.header.Get("Content-Disposition"), `filename="trial-report.pdf"`) {
		t.Errorf("the report begins %q, named %q", pdf.body[:8], pdf.header.Get("Content-Disposition"))
	}
}

func TestRoundsAndCards(t *testing.T) {
	o := newOffice(t)
	storetest.LoadStudy(t, o.store)
	b := o.as(surveys.Researcher)
	path := "/office/studies/trial/rounds/round-1/north/cards"
	wantText(t, "the question", b.get(path), "Make 12 cards for North Practice?", "do not recall old ones")
	wantStatus(t, "a form without its id", b.post(path, nil), http.StatusBadRequest)
	form := url.Values{"form": {hiddenValue(t, b.get(path).body, "form")}}
	r := b.post(path, form)
	wantStatus(t, "the cards", r, http.StatusOK)
	if got := strings.Count(r.body, `class="ww-cards__code"`); got != 12 { // ten members of staff and a fifth more
		t.Errorf("%d cards, want 12", got)
	}
	if got := strings.Count(r.body, `<svg class="ww-qr"`); got != 12 {
		t.Errorf("%d QR codes, want 12", got)
	}
	again := b.post(path, form)
	wantStatus(t, "the button pressed twice", again, http.StatusConflict)
	wantText(t, "the button pressed twice", again, "nothing was done the second time", "Make the cards")
	wantText(t, "the rounds", b.get("/office/studies/trial/rounds"), "Round 1", `<td class="ww-table__number">12</td>`)
	if o.audited("staff-codes.create") != 1 {
		t.Error("making cards is not in the audit trail")
	}
	for _, wrong := range []string{"/office/studies/trial/rounds/baseline/north/cards", "/office/studies/trial/rounds/round-1/west/cards"} {
		wantStatus(t, wrong, b.post(wrong, nil), http.StatusNotFound)
	}
}

func TestReleasePages(t *testing.T) {
	o := newOffice(t)
	storetest.LoadStudy(t, o.store)
	o.answered(8)
	b := o.as(surveys.DataManager)
	wantText(t, "no release", b.get("/office/studies/trial/releases"), "No release has been made", "Make a release")
	wantStatus(t, "no profile", b.post("/office/studies/trial/releases/new", url.Values{"profile": {"everyone"}}), http.StatusBadRequest)
	page := "/office/studies/trial/releases/new"
	form := url.Values{"profile": {"team"}, "form": {hiddenValue(t, b.get(page).body, "form")}}
	r := b.post(page, form)
	wantStatus(t, "a release of eight people", r, http.StatusBadRequest)
	wantText(t, "a release of eight people", r, "There is a problem", "arm")
	if n := o.audited("release.make"); n != 0 {
		t.Errorf("%d releases after a refusal, want none", n)
	}
	for i := range 8 { // four more in each arm
		person, err := o.store.Enrol(t.Context(), "", surveys.NewEnrolment{Study: storetest.Study, Site: []surveys.SiteID{"north", "south"}[i%2], Label: fmt.Sprintf("Q-%d", i)})
		if err != nil {
			t.Fatal(err)
		}
		given := surveys.ConsentGiven{Version: "1", Language: "en", Clauses: []string{"take-part"}, Sitting: storetest.SittingID(100 + i)}
		if err := o.store.Consent(t.Context(), person.ID, storetest.Baseline, given); err != nil {
			t.Fatal(err)
		}
		answers := append(storetest.Answers(i), surveys.ItemAnswer{Code: "about_age", Value: surveys.Number(30)})
		if _, err := o.store.Submit(t.Context(), surveys.Submission{Study: storetest.Study, Enrolment: person.ID, Wave: storetest.Baseline, Sitting: storetest.SittingID(100 + i),
			Seq: 1, Finish: true, Answers: answers, How: surveys.Collection{Mode: surveys.Web, Language: "en"}}); err != nil {
			t.Fatal(err)
		}
	}
	wantStatus(t, "a release of sixteen by the form that was refused", b.post(page, form), http.StatusSeeOther)
	r = b.post(page, form)
	wantStatus(t, "the button pressed twice", r, http.StatusConflict)
	wantText(t, "the button pressed twice", r, "nothing was done the second time")
	if n := o.audited("release.make"); n != 1 {
		t.Errorf("%d releases after the button was pressed twice, want 1", n)
	}
	wantText(t, "the list", b.get("/office/studies/trial/releases"), "team (k = 5)", "/releases/1/files.zip")
	first := b.get("/office/studies/trial/releases/1/files.zip")
	wantStatus(t, "the files", first, http.StatusOK)
	if again := b.get("/office/studies/trial/releases/1/files.zip"); again.body != first.body {
		t.Error("the same release is other bytes the second time")
	}
	archive, err := zip.NewReader(strings.NewReader(first.body), int64(len(first.body)))
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
	if o.audited("release.download") != 2 {
		t.Errorf("%d downloads in the audit trail, want 2", o.audited("release.download"))
	}
	wantStatus(t, "an unknown release", b.get("/office/studies/trial/releases/9/files.zip"), http.StatusNotFound)
	wantStatus(t, "no number", b.get("/office/studies/trial/releases/x/files.zip"), http.StatusNotFound)
}

func TestAuditPage(t *testing.T) {
	o := newOffice(t)
	storetest.LoadStudy(t, o.store)
	storetest.Enrol(t, o.store, 105)
	b := o.as(surveys.Auditor)
	first := b.get("/office/audit")
	wantText(t, "the first page", first, "The auditor", "account.sign-in", "Older entries")
	filtered := b.get("/office/audit?study=trial")
	if strings.Contains(filtered.body, "account.sign-in") {
		t.Error("one study's entries hold a sign-in")
	}
	_, link, _ := strings.Cut(filtered.body, `href="/office/audit?`)
	link, _, _ = strings.Cut(link, `"`)
	older := b.get("/office/audit?" + strings.ReplaceAll(link, "&amp;", "&"))
	wantText(t, "the second page", older, "study.load")
	if strings.Contains(older.body, "Older entries") {
		t.Error("the last page offers older entries")
	}
	wantText(t, "no entry", b.get("/office/audit?study=none"), "Nothing has been recorded for this study yet")
}
