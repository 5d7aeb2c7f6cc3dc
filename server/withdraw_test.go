package server

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"wellwave/surveys"
	"wellwave/surveys/store/storetest"
)

func TestConsentCopy(t *testing.T) {
	r := newRoom(t)
	person := r.enrol("P1")
	b := r.browser()
	b.get("/s/"+r.invite(person, "baseline").Link).wants(200, "/welcome", b.on("withdraw")).lacks("/agreed")
	b.get(b.on("agreed")).wants(200, "/welcome") // nothing agreed to yet
	b.post(b.on("consent"), "version", "2", "clause", "take-part").wants(200, "/1", b.on("agreed"))
	question := b.path
	b.get(b.on("agreed")).wants(200, "/agreed", "What you agreed to", "Monday 2 March 2026", "version 2", "I agree to take part.", "You agreed",
		"You did not tick this", "<strong>P1</strong>", "Erase what can be erased", "What stays", "tel:116123", "Safety copies", b.on("withdraw"))
	reply, err := b.client.Get(r.url + b.on("agreed.pdf"))
	if err != nil {
		t.Fatal(err)
	}
	defer reply.Body.Close()
	if reply.StatusCode != 200 || reply.Header.Get("Content-Type") != "application/pdf" || !strings.Contains(reply.Header.Get("Content-Disposition"), "what-you-agreed-to.pdf") ||
		reply.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("the PDF came as %d %v", reply.StatusCode, reply.Header)
	}
	other := r.browser()
	other.get("/s/"+r.invite(r.enrol("P2"), "baseline").Link).wants(200, "/welcome")
	other.get(strings.TrimSuffix(question, "/1")+"/agreed").wants(409, "/agreed", "belongs to another link").lacks("I agree to take part.")
}

func TestLeaveByCode(t *testing.T) {
	r := newRoom(t)
	person := r.enrol("P1")
	link := r.invite(person, "baseline").Link
	b := r.browser()
	b.begin(link).send().wants(200, "/2", b.on("withdraw"))
	b.send("ease_1", "3").wants(200, "/3")
	question := b.path

	b.get(b.on("withdraw")).wants(200, "/withdraw", "How far do you want to leave?", "Do not contact me again")
	b.get(b.on("withdraw?asked=yes")).wants(400, "/withdraw", "There is a problem", `href="#level-no-contact"`)
	b.get(b.on("withdraw?asked=yes&level=everything")).wants(400, "/withdraw")
	b.send("level", "everything").wants(200, "/withdraw") // nothing of the list
	b.get(b.on("withdraw?asked=yes&level=no-contact")).wants(200, "/withdraw", "Nothing has happened yet", "Change my choice")
	if r.left(person) != 0 {
		t.Fatal("somebody has left before they confirmed it")
	}
	b.send("level", "no-contact").wants(200, "/withdrawn", "You have left the study", "2 March 2026", "<strong>P1</strong>", "Ask for more than this")
	b.post(b.on("withdraw"), "level", "no-contact").wants(200, "/withdrawn") // pressed twice
	r.browser().get("/s/"+link).wants(404, "/s/"+link)

	b.post(question, "ease_2", "4").wants(410, "", "You have left the study") // what was typed before is kept
	if got := r.answer(person, "baseline", "ease_2"); got != surveys.Number(4) {
		t.Errorf("ease_2 = %v, want what was still on its way", got)
	}
	b.get(b.on("agreed")).wants(200, "/agreed", "You have left the study", "Do not contact me again")

	b.get(b.on("withdraw")).wants(200, "/withdraw").lacks("level-no-contact")
	b.get(b.on("withdraw?asked=yes&level=erasure")).wants(200, "/withdraw", "cannot be brought back")
	b.send("level", "erasure").wants(200, "/withdrawn", "Erase what can be erased").lacks("Ask for more than this")
	if got := r.answer(person, "baseline", "ease_1"); got.Given() {
		t.Errorf("ease_1 = %v after erasure", got)
	}
	b.get(b.on("withdraw")).wants(200, "/withdrawn")
	b.post(question, "ease_2", "5").wants(410, "", "You have left the study")
	if got := r.answer(person, "baseline", "ease_2"); got.Given() {
		t.Errorf("ease_2 = %v, taken after erasure", got)
	}
	b.post(b.on("withdraw"), "level", "no-collection").wants(200, "/withdrawn")
	if r.left(person) != surveys.EraseAnswers {
		t.Error("a withdrawal was lowered")
	}

	stranger := r.browser()
	stranger.post(b.on("withdraw"), "level", "no-contact").wants(401, "/withdraw", "Open your link again")
}

// Once the study is locked nothing is erased, and nobody is offered it.
func TestLeaveOnceLocked(t *testing.T) {
	r := newRoom(t)
	person := r.enrol("P1")
	b := r.browser()
	b.begin(r.invite(person, "baseline").Link).send()
	b.send("ease_1", "3")
	for _, state := range []surveys.StudyState{surveys.Ended, surveys.Locked} {
		if err := r.store.SetStudyState(context.Background(), "", "kinds", state); err != nil {
			t.Fatal(err)
		}
	}
	b.get(b.path).wants(410, "", b.on("withdraw")) // closed, and still left from
	b.get(b.on("withdraw")).wants(200, "/withdraw", "Do not contact me again", "are locked").lacks("level-erasure")
	b.post(b.on("withdraw"), "level", "erasure").wants(200, "/withdraw")
	b.post(b.on("withdraw"), "level", "no-collection").wants(200, "/withdrawn", "All answers that you had given before").lacks("Ask for more than this")
	if got := r.answer(person, "baseline", "ease_1"); got != surveys.Number(3) {
		t.Errorf("ease_1 = %v, want it as it was locked", got)
	}
}

func TestLeaveAtTheDesk(t *testing.T) {
	o := newOffice(t)
	storetest.LoadStudy(t, o.store)
	people := storetest.Enrol(t, o.store, 2) // at the practice's own site, and at the other
	person, elsewhere := "/desk/people/"+string(people[0]), "/desk/people/"+string(people[1])
	b := o.as(surveys.Practice)
	leave := person + "/withdrawal"
	wantText(t, "the person", b.get(person), "They want to leave the study", leave)
	wantText(t, "the form", b.get(leave), "What did they ask for?", "How did they tell you?", "On the telephone")
	for name, form := range map[string]url.Values{"nothing": {}, "no level": {"channel": {"desk"}}, "no channel": {"level": {"erasure"}},
		"by code": {"level": {"erasure"}, "channel": {"code"}}, "nonsense": {"level": {"all"}, "channel": {"desk"}}} {
		form.Set("confirm", "yes")
		wantStatus(t, name, b.post(leave, form), http.StatusBadRequest)
	}
	form := url.Values{"level": {"no-collection"}, "channel": {"telephone"}}
	wantText(t, "asked again", b.post(leave, form), "Does person P00001 leave the study?", "on the telephone", `name="confirm"`)
	if o.audited("withdrawal.record") != 0 {
		t.Fatal("recorded before it was confirmed")
	}
	form.Set("confirm", "yes")
	for range 2 { // pressed twice
		r := b.post(leave, form)
		wantStatus(t, "recorded", r, http.StatusSeeOther)
		if r.header.Get("Location") != leave {
			t.Errorf("led to %s", r.header.Get("Location"))
		}
	}
	if o.audited("withdrawal.record") != 1 {
		t.Error("the withdrawal is not once in the audit trail")
	}
	r := b.get(leave)
	wantText(t, "afterwards", r, "They have left the study", "Do not collect anything more about me", "on the telephone", "the study team can take it back", "level-erasure")
	if strings.Contains(r.body, "undo") {
		t.Error("a practice can take a withdrawal back")
	}
	r = b.get(person)
	wantText(t, "the person afterwards", r, "has left the study", "withdrew from the study")
	if strings.Contains(r.body, "Give a") || strings.Contains(r.body, "Take back") {
		t.Errorf("somebody who has left can be given a link, or be taken back here\n%s", excerpt(r.body))
	}
	wantStatus(t, "a link afterwards", b.post(person+"/later/link", nil), http.StatusGone)
	wantStatus(t, "another outcome", b.post(person+"/baseline/outcome", url.Values{"reason": {"refusal/declined"}}), http.StatusGone)
	wantStatus(t, "an undo", b.post(person+"/baseline/undo", nil), http.StatusGone)

	wantStatus(t, "another site's person", b.get(elsewhere+"/withdrawal"), http.StatusNotFound)
	wantStatus(t, "another site's person leaves", b.post(elsewhere+"/withdrawal", form), http.StatusNotFound)
	wantStatus(t, "the office's page", b.get("/office/studies/trial/withdrawals"), http.StatusNotFound)
	wantStatus(t, "the office's undo", b.post("/office/studies/trial/withdrawals/"+string(people[0])+"/undo", url.Values{"reason": {"mistake"}}), http.StatusNotFound)
	wantStatus(t, "somebody who is not signed in", o.client().post(elsewhere+"/withdrawal", form), http.StatusUnauthorized)
	wantStatus(t, "an auditor at the desk", o.as(surveys.Auditor).post(elsewhere+"/withdrawal", form), http.StatusForbidden)
	if o.audited("withdrawal.record") != 1 || o.audited("withdrawal.undo") != 0 {
		t.Error("something was recorded that was refused")
	}
}

func TestLeaveInTheOffice(t *testing.T) {
	o := newOffice(t)
	storetest.LoadStudy(t, o.store)
	people := storetest.Enrol(t, o.store, 2)
	b := o.as(surveys.Researcher)
	list := "/office/studies/trial/withdrawals"
	wantText(t, "nobody yet", b.get(list), "Nobody has left this study.", "Study number")
	r := b.get(list + "?label=nobody")
	wantStatus(t, "an unknown number", r, http.StatusNotFound)
	wantText(t, "an unknown number", r, "Nobody in this study has this number.")
	r = b.get(list + "?label=p00002")
	wantStatus(t, "a number", r, http.StatusSeeOther)
	page := r.header.Get("Location")
	if page != list+"/"+string(people[1]) {
		t.Fatalf("the number leads to %s", page)
	}
	form := url.Values{"level": {"no-contact"}, "channel": {"letter"}, "confirm": {"yes"}}
	wantStatus(t, "recorded", b.post(page, form), http.StatusSeeOther)
	wantText(t, "the list", b.get(list), "P00002", "South Practice", "Do not contact me again", "by letter or e-mail")
	wantText(t, "the list for the auditor", o.as(surveys.Auditor).get(list), "P00002")
	wantStatus(t, "take it back for no reason", b.post(page+"/undo", nil), http.StatusBadRequest)
	for range 2 { // pressed twice
		wantStatus(t, "take it back", b.post(page+"/undo", url.Values{"reason": {"asked-back"}}), http.StatusSeeOther)
	}
	wantText(t, "the history", b.get(page), "Taken back", "asked to take part again", "The researcher")
	if o.audited("withdrawal.undo") != 1 {
		t.Error("the undoing is not once in the audit trail")
	}
	form.Set("level", "erasure")
	wantText(t, "erasure, asked again", b.post(page, url.Values{"level": {"erasure"}, "channel": {"letter"}}), "cannot be brought back", "Erase their answers")
	wantStatus(t, "erased", b.post(page, form), http.StatusSeeOther)
	r = b.get(page)
	wantText(t, "after erasure", r, "They have left the study", "Safety copies")
	if strings.Contains(r.body, "/undo") || strings.Contains(r.body, `name="level"`) {
		t.Errorf("erasure can be taken back or gone beyond\n%s", excerpt(r.body))
	}
	wantStatus(t, "taken back after erasure", b.post(page+"/undo", url.Values{"reason": {"mistake"}}), http.StatusConflict)
	wantStatus(t, "a person of another study", b.get("/office/studies/other/withdrawals/"+string(people[1])), http.StatusNotFound)
	wantStatus(t, "the interviewer in the office", o.as(surveys.Interviewer).post(page, form), http.StatusForbidden)
}
