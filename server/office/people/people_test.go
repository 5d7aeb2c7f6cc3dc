package people_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"wellwave/server/servertest"
	"wellwave/surveys"
	"wellwave/surveys/store/storetest"
)

// look asks for the page of a person, and then for the answers.
func look(t *testing.T, as *servertest.Client, at, reason, note string) (url.Values, servertest.Reply) {
	t.Helper()
	asked := as.Get(at)
	servertest.WantStatus(t, "the question why", asked, http.StatusOK)
	form := url.Values{"form": {servertest.HiddenValue(t, asked.Body, "form")}, "reason": {reason}, "note": {note}}
	return form, as.Post(at, form)
}

// shown is what stands on no page but that of a look.
const shown = "What was answered"

// Nobody sees answers without a reason, each look is in the trail, and a form looks once.
func TestLookAtAPerson(t *testing.T) {
	o := servertest.NewOffice(t)
	storetest.LoadStudy(t, o.Store)
	people := o.Answered(2)
	storetest.LoadOther(t, o.Store)
	at := "/office/studies/trial/people/" + string(people[0])
	manager := o.As(surveys.DataManager)

	found := manager.Post("/office/studies/trial/people", url.Values{"label": {" p00001 "}})
	if found.Status != http.StatusSeeOther || found.Header.Get("Location") != at {
		t.Errorf("the number leads to %d %s, want %s", found.Status, found.Header.Get("Location"), at)
	}
	servertest.WantStatus(t, "an unknown number", manager.Post("/office/studies/trial/people", url.Values{"label": {"P09999"}}), http.StatusNotFound)
	servertest.WantStatus(t, "somebody of another study", manager.Post(strings.Replace(at, "trial", "other", 1), url.Values{"form": {"one"}, "reason": {"check"}}), http.StatusNotFound)
	servertest.WantStatus(t, "no form", manager.Post(at, url.Values{"reason": {"check"}}), http.StatusBadRequest)
	for _, reason := range []string{"", "curious"} {
		if _, got := look(t, manager, at, reason, ""); got.Status != http.StatusBadRequest || strings.Contains(got.Body, shown) {
			t.Errorf("the reason %q shows %d\n%s", reason, got.Status, servertest.Excerpt(got.Body))
		}
	}
	if _, got := look(t, manager, at, "check", "\u202e<em>7"); got.Status != http.StatusBadRequest || strings.Contains(got.Body, shown) {
		t.Errorf("a note that turns the line shows %d", got.Status)
	}
	if n := o.Audited("answers.look"); n != 0 {
		t.Errorf("%d looks are in the trail, want none of those refused", n)
	}
	for n, as := range []*servertest.Client{manager, o.As(surveys.Researcher)} {
		form, got := look(t, as, at, "check", "visit 7")
		servertest.WantText(t, "the answers", got, shown, "the participant", "North Practice", "own device")
		again := as.Post(at, form)
		servertest.WantStatus(t, "the same form again", again, http.StatusConflict)
		if strings.Contains(again.Body, shown) {
			t.Error("the same form shows the answers again")
		}
		if looks := o.Audited("answers.look"); looks != n+1 {
			t.Errorf("%d looks are in the trail, want %d", looks, n+1)
		}
	}
}

// Before its lock a masked study shows answers to data managers alone, beside neither site nor arm, and cannot be unmasked by
// loading its file again; after it to researchers too.
func TestMaskedStudy(t *testing.T) {
	o := servertest.NewOffice(t)
	storetest.LoadStudy(t, o.Store)
	people := o.Answered(1)
	if err := storetest.Mask(t, o.Store, true); err != nil {
		t.Fatal(err)
	}
	at := "/office/studies/trial/people/" + string(people[0])
	item := at + "/baseline/mood_1"
	researcher, manager := o.As(surveys.Researcher), o.As(surveys.DataManager)
	for _, path := range []string{"/office/studies/trial/people", at, item} {
		servertest.WantStatus(t, "a researcher before the lock", researcher.Get(path), http.StatusForbidden)
		servertest.WantStatus(t, "a researcher before the lock", researcher.Post(path, url.Values{"form": {"one"}, "reason": {"check"}, "label": {"P00001"}}), http.StatusForbidden)
	}
	if strings.Contains(researcher.Get("/office/studies/trial").Body, "/office/studies/trial/people") {
		t.Error("a researcher is led to where they may not be")
	}
	_, got := look(t, manager, at, "check", "")
	servertest.WantText(t, "the answers", got, shown)
	for _, place := range []string{"north", "North", "ntervention", "new"} {
		if _, main, _ := strings.Cut(got.Body, "<main"); strings.Contains(main, place) {
			t.Errorf("the page tells %q", place)
		}
	}
	if err := storetest.Mask(t, o.Store, false); surveys.KindOf(err) != surveys.Conflict {
		t.Errorf("load the study unmasked: %v", err)
	}
	for _, state := range []surveys.StudyState{surveys.Ended, surveys.Locked} {
		if err := o.Store.SetStudyState(t.Context(), "", storetest.Study, state); err != nil {
			t.Fatal(err)
		}
		want := http.StatusForbidden
		if state == surveys.Locked {
			want = http.StatusOK
		}
		servertest.WantStatus(t, "a researcher once it is "+state.String(), researcher.Get(at), want)
	}
	_, got = look(t, researcher, at, "check", "")
	servertest.WantText(t, "the answers after the lock", got, shown, "North Practice")
	if strings.Contains(got.Body, item) {
		t.Error("answers of a locked study can be corrected")
	}
}

// A correction asks for a reason; the desk learns that something was changed, and by whom.
func TestCorrectAnAnswer(t *testing.T) {
	o := servertest.NewOffice(t)
	storetest.LoadStudy(t, o.Store)
	people := o.Answered(1)
	at := "/office/studies/trial/people/" + string(people[0])
	item := at + "/baseline/mood_1"
	manager := o.As(surveys.DataManager)
	asked := manager.Get(item)
	servertest.WantStatus(t, "the page", asked, http.StatusOK)
	if strings.Contains(asked.Body, "checked") {
		t.Error("the page tells what stands")
	}
	servertest.WantStatus(t, "no such question", manager.Get(at+"/baseline/nothing"), http.StatusNotFound)
	servertest.WantStatus(t, "no such wave", manager.Get(at+"/nowhere/mood_1"), http.StatusNotFound)
	form := url.Values{"correction-form": {servertest.HiddenValue(t, asked.Body, "correction-form")}, "mood_1": {"4"}}
	servertest.WantStatus(t, "no reason", manager.Post(item, form), http.StatusBadRequest)
	form.Set("correction-reason", "typed")
	for _, wrong := range []url.Values{{}, {"mood_1": {"77"}}, {"mood_1": {"4"}, "correction-none": {"yes"}}} {
		wrong.Set("correction-form", form.Get("correction-form"))
		wrong.Set("correction-reason", "typed")
		servertest.WantStatus(t, wrong.Encode(), manager.Post(item, wrong), http.StatusBadRequest)
	}
	servertest.WantStatus(t, "a correction", manager.Post(item, form), http.StatusSeeOther)
	servertest.WantStatus(t, "sent again", manager.Post(item, form), http.StatusSeeOther)
	form.Set("mood_1", "5")
	servertest.WantStatus(t, "sent again changed", manager.Post(item, form), http.StatusConflict)
	if n := o.Audited("response.correct"); n != 1 {
		t.Errorf("%d corrections are in the trail, want 1", n)
	}
	_, got := look(t, manager, at, "check", "")
	servertest.WantText(t, "the answers", got, "What was changed", "It was typed wrong", "corrected: it was typed wrong")
	desk := o.As(surveys.Practice).Get("/desk/people/" + string(people[0]))
	servertest.WantText(t, "the desk", desk, "Something was changed in the answers", "The "+surveys.DataManager.String())
	if strings.Contains(desk.Body, "mood") || strings.Contains(desk.Body, "typed wrong") {
		t.Error("the desk tells what was changed")
	}
}
