package office_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"wellwave/server/servertest"
	"wellwave/surveys"
	"wellwave/surveys/store/storetest"
)

func TestStudiesWithoutAny(t *testing.T) {
	o := servertest.NewOffice(t)
	servertest.WantText(t, "no study", o.As(surveys.Researcher).Get("/office"), "There is no study yet", "wellwave study load", `href="/office/load"`)
	r := o.As(surveys.Auditor).Get("/office")
	if strings.Contains(r.Body, `href="/office/load"`) {
		t.Error("an auditor is offered to load a study")
	}
	admin := o.As(surveys.Administrator)
	servertest.WantText(t, "no site", admin.Get("/desk"), "There is no study yet")
	servertest.WantStatus(t, "an unknown study", admin.Get("/office/studies/none"), http.StatusNotFound)
}

func TestStudyPageAndStates(t *testing.T) {
	o := servertest.NewOffice(t)
	storetest.LoadStudyIn(t, o.Store, surveys.Pilot)
	b := o.As(surveys.Researcher)
	r := b.Get("/office/studies/trial")
	servertest.WantText(t, "the study", r, "Trial of the tests", "North Practice", "Round 1", "due 90 days after baseline, open 7 before to 30 after",
		"1 January 2026 to 31 December 2026", "one question a screen", "Open the study", "This study is being tried out")
	r = b.Get("/office/studies/trial/state/live")
	servertest.WantText(t, "before opening", r, "Open this study?", "may then only be added to", "Cancel")
	if o.Audited("study.live") != 0 {
		t.Error("asking has opened the study")
	}
	servertest.WantStatus(t, "opening", b.Post("/office/studies/trial/state/live", nil), http.StatusSeeOther)
	if o.Audited("study.live") != 1 {
		t.Error("opening is not in the audit trail")
	}
	for _, state := range []string{"draft", "pilot", "locked"} {
		servertest.WantStatus(t, "to "+state, b.Get("/office/studies/trial/state/"+state), http.StatusConflict)
		servertest.WantStatus(t, "to "+state, b.Post("/office/studies/trial/state/"+state, nil), http.StatusConflict)
	}
	servertest.WantStatus(t, "to nonsense", b.Get("/office/studies/trial/state/open"), http.StatusNotFound)
	typed := url.Values{"typed": {" Trial "}}
	move := func(state string) {
		t.Helper()
		servertest.WantText(t, "before "+state, b.Get("/office/studies/trial/state/"+state), "?</h1>")
		servertest.WantStatus(t, "to "+state, b.Post("/office/studies/trial/state/"+state, typed), http.StatusSeeOther)
	}
	move("closed")
	for _, wrong := range []url.Values{nil, {"typed": {"yes"}}, {"typed": {"\u202etrial"}}} {
		r := b.Post("/office/studies/trial/state/locked", wrong)
		servertest.WantStatus(t, "locked without typing", r, http.StatusBadRequest)
		servertest.WantText(t, "locked without typing", r, `href="#typed"`)
	}
	move("locked")
	move("closed") // which only asks for it
	second := "/office/studies/trial/second-person"
	list := b.Get(second)
	servertest.WantText(t, "what waits", list, "Unlock the study", "waits")
	_, rest, _ := strings.Cut(list.Body, second+"/")
	id, _, _ := strings.Cut(rest, `"`)
	servertest.WantText(t, "for who asked", b.Get(second+"/"+id), "You asked for this yourself")
	servertest.WantStatus(t, "decided by who asked", b.Post(second+"/"+id, url.Values{"ground": {"checked"}}), http.StatusForbidden)
	servertest.WantStatus(t, "decided by an auditor", o.As(surveys.Auditor).Post(second+"/"+id, url.Values{"ground": {"checked"}}), http.StatusForbidden)
	manager := o.As(surveys.DataManager)
	servertest.WantText(t, "for somebody else", manager.Get(second+"/"+id), "Agree: I have checked", "Second person (1)")
	servertest.WantStatus(t, "no ground", manager.Post(second+"/"+id, nil), http.StatusBadRequest)
	servertest.WantStatus(t, "agreed", manager.Post(second+"/"+id, url.Values{"ground": {"checked"}}), http.StatusSeeOther)
	servertest.WantStatus(t, "agreed again", manager.Post(second+"/"+id, url.Values{"ground": {"doubt"}}), http.StatusConflict)
	servertest.WantText(t, "decided", b.Get(second+"/"+id), "Agree: I have checked", "Decided by")
	move("live")
}

func TestLoadStudyFile(t *testing.T) {
	o := servertest.NewOffice(t)
	b := o.As(surveys.Researcher)
	wrong := strings.Replace(servertest.SmallStudy, "title: A small", "titel: A small", 1)
	r := b.Upload("/office/load", "load", "", wrong)
	servertest.WantStatus(t, "a misspelt key", r, http.StatusBadRequest)
	servertest.WantText(t, "a misspelt key", r, "study.yaml:2:1", "titel", "There is a problem", "titel: A small study")
	r = b.Upload("/office/load", "check", "", servertest.SmallStudy)
	servertest.WantStatus(t, "checking", r, http.StatusOK)
	servertest.WantText(t, "checking", r, "Nothing is wrong with this file")
	if o.Audited("study.load") != 0 {
		t.Error("checking has stored the study")
	}
	r = b.Upload("/office/load", "load", "mine.yaml", servertest.SmallStudy)
	if r.Status != http.StatusSeeOther || r.Header.Get("Location") != "/office/studies/small" {
		t.Errorf("loading: %d %q, want 303 to the study\n%s", r.Status, r.Header.Get("Location"), servertest.Excerpt(r.Body))
	}
	if o.Audited("study.load") != 1 {
		t.Error("loading is not in the audit trail")
	}
	servertest.WantText(t, "a study with one site", b.Get("/office/studies/small"), "The Only Practice", "1 site", "draft")
	servertest.WantText(t, "its monitor", b.Get("/office/studies/small/monitor"), "Nobody is enrolled yet")
	servertest.WantText(t, "changing it", b.Get("/office/load?study=small"), "title: A small study")
}

func TestMonitorPage(t *testing.T) {
	o := servertest.NewOffice(t)
	storetest.LoadStudy(t, o.Store)
	people := o.Answered(7) // four at north, three at south
	b := o.As(surveys.Auditor)
	r := b.Get("/office/studies/trial/monitor?wave=baseline")
	servertest.WantText(t, "the baseline", r, "7 questionnaires are complete at baseline", "4 of 4", "3 of 3", "100.0%", "No window has closed yet",
		`role="img"`, "The numbers of this chart", "Response rate RR1", "COOP4", "I / (I+P + R+NC+O + U)")
	r = b.Get("/office/studies/trial/monitor")
	servertest.WantText(t, "the wave with the target", r, "Mood at three months", "Power now", "Design effect", `aria-current="true">Three months`)
	if strings.Contains(r.Body, "more than one answer") {
		t.Error("the monitor doubts answers before there are two to a question")
	}
	for sitting, mood := range []float64{1, 5} { // two devices of one person
		_, err := o.Store.Submit(context.Background(), surveys.Submission{By: surveys.Themselves(), Basis: surveys.Operator(), Study: storetest.Study, Enrolment: people[0], Wave: storetest.Baseline,
			Sitting: storetest.SittingID(90 + sitting), Seq: 1, Answers: []surveys.ItemAnswer{{Code: "mood_1", Value: surveys.Number(mood)}}})
		if err != nil {
			t.Fatal(err)
		}
	}
	servertest.WantText(t, "two answers", b.Get("/office/studies/trial/monitor?wave=baseline"),
		"To one questionnaire more than one answer came for the same question", "P1", "North Practice")
	pdf := b.Get("/office/studies/trial/report.pdf")
	servertest.WantStatus(t, "the report", pdf, http.StatusOK)
	if !strings.HasPrefix(pdf.Body, "%PDF-") || !strings.Contains(pdf.Header.Get("Content-Disposition"), `filename="trial-report.pdf"`) {
		t.Errorf("the report begins %q, named %q", pdf.Body[:8], pdf.Header.Get("Content-Disposition"))
	}
}

func TestAuditPage(t *testing.T) {
	o := servertest.NewOffice(t)
	storetest.LoadStudy(t, o.Store)
	storetest.Enrol(t, o.Store, 105)
	b := o.As(surveys.Auditor)
	first := b.Get("/office/audit")
	servertest.WantText(t, "the first page", first, "The auditor", "account.sign-in", "Older entries")
	filtered := b.Get("/office/audit?study=trial")
	if strings.Contains(filtered.Body, "account.sign-in") {
		t.Error("one study's entries hold a sign-in")
	}
	_, link, _ := strings.Cut(filtered.Body, `href="/office/audit?`)
	link, _, _ = strings.Cut(link, `"`)
	older := b.Get("/office/audit?" + strings.ReplaceAll(link, "&amp;", "&"))
	servertest.WantText(t, "the second page", older, "study.load")
	if strings.Contains(older.Body, "Older entries") {
		t.Error("the last page offers older entries")
	}
	servertest.WantText(t, "no entry", b.Get("/office/audit?study=none"), "Nothing has been recorded for this study yet")
}
