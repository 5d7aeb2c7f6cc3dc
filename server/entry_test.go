package server

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"wellwave/surveys"
	"wellwave/surveys/library"
	"wellwave/surveys/store/storetest"
)

func TestEntryFromPaper(t *testing.T) {
	o := newOffice(t)
	storetest.LoadStudy(t, o.store)
	people := storetest.Enrol(t, o.store, 2)
	b := o.as(surveys.DataEntry)
	wantText(t, "the list", b.get("/entry"), "No paper waits for a second entry or a decision", "Find the person")
	wantStatus(t, "home", b.get("/home"), http.StatusSeeOther)
	r := b.get("/entry?study=trial&label=Q1")
	wantStatus(t, "nobody", r, http.StatusNotFound)
	wantText(t, "nobody", r, "Nobody in this study has this number", `href="#label"`)
	r = b.get("/entry?study=trial&label=p00001")
	person := entryOf(people[0])
	if got := r.header.Get("Location"); r.status != http.StatusSeeOther || got != person {
		t.Fatalf("a number leads to %s with %d, want %s", got, r.status, person)
	}
	at := person + "/baseline/paper"
	wantText(t, "the person", b.get(person), "P00001", at, "Enter on the telephone", "opens on")
	page := b.get(at)
	wantText(t, "the page", page, "How often is statement 1 true of you today?", "1 Never", "5 Always", `data-values="1 2 3 4 5"`, "1 Family",
		"From 16 to 110.", "2 Family or a friend helped", `src="/static/entry`)

	form := hiddenValue(t, page.body, "form")
	wrong := url.Values{"form": {form}, "mood_1": {"9"}, "mood_2": {"3"}, "about_age": {"x"}, "about_help": {"1 3"}, "about_note": {"<em>kept</em>"},
		surveys.EntryDay: {"31022026"}, surveys.EntryHelper: {"9"}}
	r = b.post(at, wrong)
	wantStatus(t, "slips", r, http.StatusBadRequest)
	wantText(t, "slips", r, "The answers are 1 to 5", `href="#mood_1"`, `href="#about_age"`, `href="#entry-day"`, `href="#entry-helper"`,
		`value="9"`, `value="3"`, `value="1 3"`, "&lt;em&gt;kept&lt;/em&gt;", `value="31022026"`)
	if got := hiddenValue(t, r.body, "form"); got != form {
		t.Errorf("the page comes back as the form %s, want %s", got, form)
	}
	right := url.Values{"form": {form}, "mood_1": {"4"}, "mood_2": {"p"}, "mood_3": {"n"}, "about_age": {"47"}, "about_work": {"0"}, "about_hours": {"12"},
		"about_help": {"1,3"}, "about_note": {"/p"}, surveys.EntryDay: {time.Now().Format("02012006")}, surveys.EntryHelper: {"2"}}
	for range 2 { // and sent twice
		r = b.post(at, right)
		wantStatus(t, "a good entry", r, http.StatusSeeOther)
	}
	wantText(t, "afterwards", b.get(r.header.Get("Location")), "entered and received by the study", "1 answer is kept aside")
	sitting, err := o.store.Sitting(t.Context(), people[0], storetest.Baseline)
	if err != nil {
		t.Fatal(err)
	}
	for code, want := range map[string]surveys.Value{"mood_1": surveys.Number(4), "mood_2": surveys.Absent(surveys.PreferNotToSay), "mood_3": surveys.Absent(surveys.NotApplicable),
		"mood_4": surveys.Absent(surveys.NotRecorded), "about_help": surveys.Set(1, 3), "about_hours": {}, "about_note": surveys.Absent(surveys.PreferNotToSay)} {
		if got := sitting.Answers.Value(code); got != want {
			t.Errorf("%s = %#v, want %#v", code, got, want)
		}
	}
	if n := sitting.Answers.Highest(form); n != 1 {
		t.Errorf("%d submissions, want 1", n)
	}

	// A second paper goes over the first only where that is said; what was typed stays.
	r = b.enter(at, url.Values{"mood_1": {"2"}})
	wantStatus(t, "over other answers", r, http.StatusConflict)
	wantText(t, "over other answers", r, `id="over"`, `href="#over"`, `value="2"`)
	if strings.Contains(r.body, `value="47"`) {
		t.Error("the page shows what was answered before")
	}
	wantStatus(t, "over other answers, and said so", b.enter(at, url.Values{"mood_1": {"2"}, "over": {"yes"}}), http.StatusSeeOther)
	wantStatus(t, "a mode that is none", b.get(person+"/baseline/web"), http.StatusNotFound)
	wantStatus(t, "a wave that is none", b.get(person+"/nothing/paper"), http.StatusNotFound)
	wantStatus(t, "the staff's round", b.get(person+"/round-1/paper"), http.StatusNotFound)
	wantStatus(t, "a wave that has not opened", b.get(person+"/later/paper"), http.StatusSeeOther)
	if log := o.log.String(); strings.Contains(log, "kept") || strings.Contains(log, "P00001") {
		t.Error("the log holds what was typed")
	}
}

func TestEntryOnTheTelephone(t *testing.T) {
	london, err := time.LoadLocation("Europe/London")
	if err != nil {
		t.Fatal(err)
	}
	o := newOffice(t)
	storetest.LoadStudy(t, o.store)
	people := storetest.Enrol(t, o.store, 1)
	b := o.as(surveys.Interviewer)
	wantText(t, "the desk", b.get("/desk/people/"+string(people[0])), entryOf(people[0]))
	at := entryOf(people[0]) + "/baseline/telephone"
	wantText(t, "the page", b.get(at), "1 The interviewer read the questions out", `value="`+time.Now().In(london).Format("02.01.2006")+`"`)
	wantStatus(t, "a call", b.enter(at, url.Values{"mood_1": {"1"}, surveys.EntryHelper: {"1"}}), http.StatusSeeOther)
	// 14 of mood and 4 of about, one of which was answered: the rest is recorded as blank
	sitting, err := o.store.Sitting(t.Context(), people[0], storetest.Baseline)
	if err != nil || !sitting.Finished || sitting.Answers.Given() != 1 {
		t.Errorf("the response: %+v, %v, want it finished with one answer", sitting.Answers, err)
	}
}

func TestEntryTwice(t *testing.T) {
	o := newOffice(t)
	storetest.LoadStudy(t, o.store)
	people := storetest.Enrol(t, o.store, 2)
	paper := o.differing(people[0])
	first := o.client()
	first.signIn("clerk-0@example.org", testPassword)
	third := o.as(surveys.Interviewer)
	at := "/entry/papers/" + paper

	wantText(t, "the list of whoever entered", first.get("/entry"), "0 for a second entry, 1 for a decision", "a decision, by a third person")
	wantStatus(t, "the differences, for whoever entered", first.get(at), http.StatusConflict)
	wantText(t, "the list", third.get("/entry"), at, "Decide")
	page := third.get(at)
	wantText(t, "the differences", page, "17 of 18 items agree", "1. How often is statement 1 true of you today?", "First entry: 4 Often", "Second entry: 5 Always", "1 Never")
	if strings.Contains(page.body, "the same") {
		t.Error("the page shows more than what differs")
	}
	wantText(t, "the team's page", o.as(surveys.Researcher).get("/office/studies/trial/paper"), "two people, and where they differ a third decides", "1 paper", "94.4%: 17 of 18 items")
	form := hiddenValue(t, page.body, "form")
	r := third.post(at, url.Values{"form": {form}})
	wantStatus(t, "nothing chosen", r, http.StatusBadRequest)
	wantText(t, "nothing chosen", r, "Choose what stands on the paper", `href="#mood_1"`)
	r = third.post(at, url.Values{"form": {form}, "mood_1": {"other"}, "mood_1-other": {"7"}})
	wantStatus(t, "no answer of it", r, http.StatusBadRequest)
	wantText(t, "no answer of it", r, "The answers are 1 to 5", `href="#mood_1-other"`, `value="7"`)
	good := url.Values{"form": {form}, "mood_1": {"other"}, "mood_1-other": {"3"}}
	wantStatus(t, "decided by whoever entered", first.post(at, good), http.StatusConflict)
	for range 2 {
		r = third.post(at, good)
		wantStatus(t, "decided", r, http.StatusSeeOther)
	}
	wantText(t, "decided", third.get(r.header.Get("Location")), "entered and received by the study")
	sitting, err := o.store.Sitting(t.Context(), people[0], storetest.Baseline)
	if err != nil || sitting.Answers.Value("mood_1") != surveys.Number(3) || sitting.Answers.Value("about_note") != surveys.Text("the same") {
		t.Errorf("the response: %v, %v, want what was decided and what agreed", sitting.Answers.Answers(), err)
	}
	wantText(t, "the list afterwards", third.get("/entry"), "No paper waits", "How often two entries agree", "94.4%")

	once := entryOf(people[1]) + "/baseline/paper"
	wantStatus(t, "a first entry", first.enter(once, url.Values{"mood_1": {"1"}}), http.StatusSeeOther)
	r = first.enter(once, url.Values{"mood_1": {"1"}})
	wantStatus(t, "a second by the same account", r, http.StatusConflict)
	wantText(t, "a second by the same account", r, "is your own", `value="1"`)
	wantText(t, "the person", first.get(entryOf(people[1])), "by somebody else than you")
	wantText(t, "the person, for another", third.get(entryOf(people[1])), "Enter it again", once)
	entries, err := o.store.ListAudit(t.Context(), storetest.Study, "", 100)
	if err != nil {
		t.Fatal(err)
	}
	if slices.ContainsFunc(entries, func(e surveys.AuditEntry) bool { return strings.Contains(e.Detail, "mood") }) || o.audited("paper.enter") != 4 || o.audited("paper.submit") != 1 {
		t.Error("the audit trail lacks an entry, or names an item")
	}
}

func TestEntryForThoseWhoMayNotBeAsked(t *testing.T) {
	o := newOffice(t)
	storetest.LoadStudy(t, o.store)
	people := storetest.Enrol(t, o.store, 1)
	stranger, err := o.store.Enrol(t.Context(), "", surveys.NewEnrolment{Study: storetest.Study, Site: "north", Label: "X1"})
	if err != nil {
		t.Fatal(err)
	}
	b := o.as(surveys.DataEntry)
	person := entryOf(stranger.ID)
	consent := person + "/baseline/consent"
	wantText(t, "before consent", b.get(person), "has not agreed to take part yet", consent)
	wantStatus(t, "the form before consent", b.get(person+"/baseline/paper"), http.StatusSeeOther)
	wantText(t, "the consent", b.get(consent), "I agree to take part. (needed)", "You may ask me again.")
	r := b.post(consent, url.Values{"version": {"1"}, "clause": {"ask-again"}})
	wantStatus(t, "not agreed", r, http.StatusBadRequest)
	wantText(t, "not agreed", r, "ticked every statement that is needed", `checked`)
	r = b.post(consent, url.Values{"version": {"1"}, "clause": {"take-part"}, "day": {"01013000"}})
	wantStatus(t, "a day to come", r, http.StatusBadRequest)
	wantText(t, "a day to come", r, `href="#day"`, `value="01013000"`)
	for range 2 {
		wantStatus(t, "agreed", b.post(consent, url.Values{"version": {"1"}, "clause": {"take-part"}, "day": {"1.2.2026"}}), http.StatusSeeOther)
	}
	if n := o.audited("consent.record"); n != 1 {
		t.Errorf("%d consents in the audit trail, want 1", n)
	}
	wantStatus(t, "the form after consent", b.get(person+"/baseline/paper"), http.StatusOK)

	at := entryOf(people[0]) + "/baseline/paper"
	form := hiddenValue(t, b.get(at).body, "form")
	if err := o.store.Withdraw(t.Context(), surveys.Withdrawal{Enrolment: people[0], Level: surveys.EraseAnswers, Channel: surveys.ByLetter}); err != nil {
		t.Fatal(err)
	}
	r = b.post(at, url.Values{"form": {form}, "mood_1": {"1"}})
	wantStatus(t, "somebody whose answers were erased", r, http.StatusGone)
	wantText(t, "somebody whose answers were erased", r, "asked that nothing more be collected")
	wantText(t, "their page", b.get(entryOf(people[0])), "asked that nothing more be collected")
}

func TestEntryThatRaisesAnAlert(t *testing.T) {
	o := newOffice(t)
	definitions, err := library.Definitions()
	if err != nil {
		t.Fatal(err)
	}
	storetest.LoadSafety(t, o.store, definitions)
	people := storetest.Enrol(t, o.store, 1)
	b := o.as(surveys.Interviewer)
	at := entryOf(people[0]) + "/baseline/telephone"
	r := b.enter(at, url.Values{"phq9_9": {"1"}})
	wantStatus(t, "a call", r, http.StatusSeeOther)
	wantText(t, "afterwards", b.get(r.header.Get("Location")), "An alert was raised at once", "say to them: “Thank you for telling us.")
	alerts, err := o.store.ListAlerts(t.Context(), storetest.Study)
	if err != nil || len(alerts) != 1 {
		t.Errorf("ListAlerts() = %+v, %v, want one", alerts, err)
	}
}
