package entry_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"wellwave/server/servertest"
	"wellwave/surveys"
	"wellwave/surveys/library"
	"wellwave/surveys/store/storetest"
)

func TestEntryFromPaper(t *testing.T) {
	o := servertest.NewOffice(t)
	storetest.LoadStudy(t, o.Store)
	people := storetest.Enrol(t, o.Store, 2)
	b := o.As(surveys.DataEntry)
	servertest.WantText(t, "the list", b.Get("/entry"), "No paper waits for a second entry or a decision", "Find the person")
	servertest.WantStatus(t, "home", b.Get("/home"), http.StatusSeeOther)
	r := b.Get("/entry?study=trial&label=Q1")
	servertest.WantStatus(t, "nobody", r, http.StatusNotFound)
	servertest.WantText(t, "nobody", r, "Nobody in this study has this number", `href="#label"`)
	r = b.Get("/entry?study=trial&label=p00001")
	person := servertest.EntryPath(people[0])
	if got := r.Header.Get("Location"); r.Status != http.StatusSeeOther || got != person {
		t.Fatalf("a number leads to %s with %d, want %s", got, r.Status, person)
	}
	at := person + "/baseline/paper"
	servertest.WantText(t, "the person", b.Get(person), "P00001", at, "Enter on the telephone", "opens on")
	page := b.Get(at)
	servertest.WantText(t, "the page", page, "How often is statement 1 true of you today?", "1 Never", "5 Always", `data-values="1 2 3 4 5"`, "1 Family",
		"From 16 to 110.", "2 Family or a friend helped", `src="/static/entry`)

	form := servertest.HiddenValue(t, page.Body, "form")
	wrong := url.Values{"form": {form}, "mood_1": {"9"}, "mood_2": {"3"}, "about_age": {"x"}, "about_help": {"1 3"}, "about_note": {"<em>kept</em>"},
		surveys.EntryDay: {"31022026"}, surveys.EntryHelper: {"9"}}
	r = b.Post(at, wrong)
	servertest.WantStatus(t, "slips", r, http.StatusBadRequest)
	servertest.WantText(t, "slips", r, "The answers are 1 to 5", `href="#mood_1"`, `href="#about_age"`, `href="#entry-day"`, `href="#entry-helper"`,
		`value="9"`, `value="3"`, `value="1 3"`, "&lt;em&gt;kept&lt;/em&gt;", `value="31022026"`)
	if got := servertest.HiddenValue(t, r.Body, "form"); got != form {
		t.Errorf("the page comes back as the form %s, want %s", got, form)
	}
	right := url.Values{"form": {form}, "mood_1": {"4"}, "mood_2": {"p"}, "mood_3": {"n"}, "about_age": {"47"}, "about_work": {"0"}, "about_hours": {"12"},
		"about_help": {"1,3"}, "about_note": {"/p"}, surveys.EntryDay: {time.Now().Format("02012006")}, surveys.EntryHelper: {"2"}}
	for range 2 { // and sent twice
		r = b.Post(at, right)
		servertest.WantStatus(t, "a good entry", r, http.StatusSeeOther)
	}
	servertest.WantText(t, "afterwards", b.Get(r.Header.Get("Location")), "entered and received by the study", "1 answer is kept aside")
	sitting, err := o.Store.Occasion(t.Context(), people[0], storetest.Baseline)
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

	// A second paper replaces the first only if the form says so; what was typed stays on the page.
	r = b.Enter(at, url.Values{"mood_1": {"2"}})
	servertest.WantStatus(t, "over other answers", r, http.StatusConflict)
	servertest.WantText(t, "over other answers", r, `id="over"`, `href="#over"`, `value="2"`)
	if strings.Contains(r.Body, `value="47"`) {
		t.Error("the page shows what was answered before")
	}
	servertest.WantStatus(t, "over other answers, and said so", b.Enter(at, url.Values{"mood_1": {"2"}, "over": {"yes"}}), http.StatusSeeOther)
	servertest.WantStatus(t, "an unknown mode", b.Get(person+"/baseline/web"), http.StatusNotFound)
	servertest.WantStatus(t, "an unknown wave", b.Get(person+"/nothing/paper"), http.StatusNotFound)
	servertest.WantStatus(t, "the staff's round", b.Get(person+"/round-1/paper"), http.StatusNotFound)
	servertest.WantStatus(t, "a wave that has not opened", b.Get(person+"/later/paper"), http.StatusSeeOther)
	if log := o.Log.String(); strings.Contains(log, "kept") || strings.Contains(log, "P00001") {
		t.Error("the log holds what was typed")
	}
}

func TestEntryOnTheTelephone(t *testing.T) {
	london, err := time.LoadLocation("Europe/London")
	if err != nil {
		t.Fatal(err)
	}
	o := servertest.NewOffice(t)
	storetest.LoadStudy(t, o.Store)
	people := storetest.Enrol(t, o.Store, 1)
	b := o.As(surveys.Interviewer)
	servertest.WantText(t, "the desk", b.Get("/desk/people/"+string(people[0])), servertest.EntryPath(people[0]))
	at := servertest.EntryPath(people[0]) + "/baseline/telephone"
	servertest.WantText(t, "the page", b.Get(at), "1 The interviewer read the questions out", `value="`+time.Now().In(london).Format("02.01.2006")+`"`)
	servertest.WantStatus(t, "a call", b.Enter(at, url.Values{"mood_1": {"1"}, surveys.EntryHelper: {"1"}}), http.StatusSeeOther)
	// 14 of mood and 4 of about, one of which was answered: the rest is recorded as blank
	sitting, err := o.Store.Occasion(t.Context(), people[0], storetest.Baseline)
	if err != nil || !sitting.Finished || sitting.Answers.Given() != 1 {
		t.Errorf("the response: %+v, %v, want it finished with one answer", sitting.Answers, err)
	}
}

func TestEntryTwice(t *testing.T) {
	o := servertest.NewOffice(t)
	storetest.LoadStudy(t, o.Store)
	people := storetest.Enrol(t, o.Store, 2)
	paper := o.Differing(people[0])
	first := o.Client()
	first.SignIn("clerk-0@example.org", servertest.Password)
	third := o.As(surveys.Interviewer)
	at := "/entry/papers/" + paper

	servertest.WantText(t, "the list of whoever entered", first.Get("/entry"), "0 for a second entry, 1 for a decision", "a decision, by a third person")
	servertest.WantStatus(t, "the differences, for whoever entered", first.Get(at), http.StatusConflict)
	servertest.WantText(t, "the list", third.Get("/entry"), at, "Decide")
	page := third.Get(at)
	servertest.WantText(t, "the differences", page, "17 of 18 items agree", "1. How often is statement 1 true of you today?", "First entry: 4 Often", "Second entry: 5 Always", "1 Never")
	if strings.Contains(page.Body, "the same") {
		t.Error("the page shows more than what differs")
	}
	servertest.WantText(t, "the team's page", o.As(surveys.Researcher).Get("/office/studies/trial/paper"), "two people, and where they differ a third decides", "1 paper", "94.4%: 17 of 18 items")
	form := servertest.HiddenValue(t, page.Body, "form")
	r := third.Post(at, url.Values{"form": {form}})
	servertest.WantStatus(t, "nothing chosen", r, http.StatusBadRequest)
	servertest.WantText(t, "nothing chosen", r, "Choose what stands on the paper", `href="#mood_1"`)
	r = third.Post(at, url.Values{"form": {form}, "mood_1": {"other"}, "mood_1-other": {"7"}})
	servertest.WantStatus(t, "not one of the answers", r, http.StatusBadRequest)
	servertest.WantText(t, "not one of the answers", r, "The answers are 1 to 5", `href="#mood_1-other"`, `value="7"`)
	good := url.Values{"form": {form}, "mood_1": {"other"}, "mood_1-other": {"3"}}
	servertest.WantStatus(t, "decided by whoever entered", first.Post(at, good), http.StatusConflict)
	for range 2 {
		r = third.Post(at, good)
		servertest.WantStatus(t, "decided", r, http.StatusSeeOther)
	}
	servertest.WantText(t, "decided", third.Get(r.Header.Get("Location")), "entered and received by the study")
	sitting, err := o.Store.Occasion(t.Context(), people[0], storetest.Baseline)
	if err != nil || sitting.Answers.Value("mood_1") != surveys.Number(3) || sitting.Answers.Value("about_note") != surveys.Text("the same") {
		t.Errorf("the response: %v, %v, want what was decided and what agreed", sitting.Answers.Encode(), err)
	}
	servertest.WantText(t, "the list afterwards", third.Get("/entry"), "No paper waits", "How often two entries agree", "94.4%")

	once := servertest.EntryPath(people[1]) + "/baseline/paper"
	servertest.WantStatus(t, "a first entry", first.Enter(once, url.Values{"mood_1": {"1"}}), http.StatusSeeOther)
	r = first.Enter(once, url.Values{"mood_1": {"1"}})
	servertest.WantStatus(t, "a second by the same account", r, http.StatusConflict)
	servertest.WantText(t, "a second by the same account", r, "is your own", `value="1"`)
	servertest.WantText(t, "the person", first.Get(servertest.EntryPath(people[1])), "by somebody else than you")
	servertest.WantText(t, "the person, for another", third.Get(servertest.EntryPath(people[1])), "Enter it again", once)
	entries, err := o.Store.ListAudit(t.Context(), storetest.Study, "", 100)
	if err != nil {
		t.Fatal(err)
	}
	if slices.ContainsFunc(entries, func(e surveys.AuditEntry) bool { return strings.Contains(e.Detail, "mood") }) || o.Audited("paper.enter") != 4 || o.Audited("paper.submit") != 1 {
		t.Error("the audit trail lacks an entry, or names an item")
	}
}

func TestEntryForThoseWhoMayNotBeAsked(t *testing.T) {
	o := servertest.NewOffice(t)
	storetest.LoadStudy(t, o.Store)
	people := storetest.Enrol(t, o.Store, 1)
	stranger, err := o.Store.Enrol(t.Context(), "", surveys.NewEnrolment{Study: storetest.Study, Site: "north", Label: "X1"})
	if err != nil {
		t.Fatal(err)
	}
	b := o.As(surveys.DataEntry)
	person := servertest.EntryPath(stranger.ID)
	consent := person + "/baseline/consent"
	servertest.WantText(t, "before consent", b.Get(person), "has not agreed to take part yet", consent)
	servertest.WantStatus(t, "the form before consent", b.Get(person+"/baseline/paper"), http.StatusSeeOther)
	servertest.WantText(t, "the consent", b.Get(consent), "I agree to take part. (needed)", "You may ask me again.")
	r := b.Post(consent, url.Values{"version": {"1"}, "clause": {"ask-again"}})
	servertest.WantStatus(t, "not agreed", r, http.StatusBadRequest)
	servertest.WantText(t, "not agreed", r, "ticked every statement that is needed", `checked`)
	r = b.Post(consent, url.Values{"version": {"1"}, "clause": {"take-part"}, "day": {"01013000"}})
	servertest.WantStatus(t, "a day to come", r, http.StatusBadRequest)
	servertest.WantText(t, "a day to come", r, `href="#day"`, `value="01013000"`)
	for range 2 {
		servertest.WantStatus(t, "agreed", b.Post(consent, url.Values{"version": {"1"}, "clause": {"take-part"}, "day": {"1.2.2026"}}), http.StatusSeeOther)
	}
	if n := o.Audited("consent.record"); n != 1 {
		t.Errorf("%d consents in the audit trail, want 1", n)
	}
	servertest.WantStatus(t, "the form after consent", b.Get(person+"/baseline/paper"), http.StatusOK)

	at := servertest.EntryPath(people[0]) + "/baseline/paper"
	form := servertest.HiddenValue(t, b.Get(at).Body, "form")
	if err := o.Store.Withdraw(t.Context(), surveys.Withdrawal{Enrolment: people[0], Level: surveys.EraseAnswers, Channel: surveys.ByLetter}); err != nil {
		t.Fatal(err)
	}
	r = b.Post(at, url.Values{"form": {form}, "mood_1": {"1"}})
	servertest.WantStatus(t, "somebody whose answers were erased", r, http.StatusGone)
	servertest.WantText(t, "somebody whose answers were erased", r, "asked that nothing more be collected")
	servertest.WantText(t, "their page", b.Get(servertest.EntryPath(people[0])), "asked that nothing more be collected")
}

func TestEntryThatRaisesAnAlert(t *testing.T) {
	o := servertest.NewOffice(t)
	definitions, err := library.Definitions()
	if err != nil {
		t.Fatal(err)
	}
	storetest.LoadSafety(t, o.Store, definitions)
	people := storetest.Enrol(t, o.Store, 1)
	b := o.As(surveys.Interviewer)
	at := servertest.EntryPath(people[0]) + "/baseline/telephone"
	r := b.Enter(at, url.Values{"phq9_9": {"1"}})
	servertest.WantStatus(t, "a call", r, http.StatusSeeOther)
	servertest.WantText(t, "afterwards", b.Get(r.Header.Get("Location")), "An alert was raised at once", "say to them: “Thank you for telling us.")
	alerts, err := o.Store.ListAlerts(t.Context(), storetest.Study)
	if err != nil || len(alerts) != 1 {
		t.Errorf("ListAlerts() = %+v, %v, want one", alerts, err)
	}
}
