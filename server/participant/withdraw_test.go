package participant_test

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

func TestConsentCopy(t *testing.T) {
	r := servertest.NewRoom(t)
	person := r.Enrol("P1")
	b := r.Browser()
	b.Get("/s/"+r.Invite(person, "baseline").Link).Wants(200, "/welcome", b.On("withdraw")).Lacks("/agreed")
	b.Get(b.On("agreed")).Wants(200, "/welcome") // nothing agreed to yet
	b.Post(b.On("consent"), "version", "2", "clause", "take-part").Wants(200, "/1", b.On("agreed"))
	question := b.Path
	b.Get(b.On("agreed")).Wants(200, "/agreed", "What you agreed to", "Monday 2 March 2026", "version 2", "I agree to take part.", "You agreed",
		"You did not tick this", "<strong>P1</strong>", "Erase what can be erased", "What stays", "tel:116123", "Safety copies", b.On("withdraw"))
	reply, err := b.Client.Get(r.URL + b.On("agreed.pdf"))
	if err != nil {
		t.Fatal(err)
	}
	defer reply.Body.Close()
	if reply.StatusCode != 200 || reply.Header.Get("Content-Type") != "application/pdf" || !strings.Contains(reply.Header.Get("Content-Disposition"), "what-you-agreed-to.pdf") ||
		reply.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("the PDF came as %d %v", reply.StatusCode, reply.Header)
	}
	other := r.Browser()
	other.Get("/s/"+r.Invite(r.Enrol("P2"), "baseline").Link).Wants(200, "/welcome")
	other.Get(strings.TrimSuffix(question, "/1")+"/agreed").Wants(409, "/agreed", "belongs to another link").Lacks("I agree to take part.")
}

func TestLeaveByCode(t *testing.T) {
	r := servertest.NewRoom(t)
	person := r.Enrol("P1")
	link := r.Invite(person, "baseline").Link
	b := r.Browser()
	b.Begin(link).Send().Wants(200, "/2", b.On("withdraw"))
	b.Send("ease_1", "3").Wants(200, "/3")
	question := b.Path

	b.Get(b.On("withdraw")).Wants(200, "/withdraw", "How far do you want to leave?", "Do not contact me again")
	b.Get(b.On("withdraw?asked=yes")).Wants(400, "/withdraw", "There is a problem", `href="#level-no-contact"`)
	b.Get(b.On("withdraw?asked=yes&level=everything")).Wants(400, "/withdraw")
	b.Send("level", "everything").Wants(200, "/withdraw") // nothing of the list
	b.Get(b.On("withdraw?asked=yes&level=no-contact")).Wants(200, "/withdraw", "Nothing has happened yet", "Change my choice")
	if r.Left(person) != 0 {
		t.Fatal("somebody has left before they confirmed it")
	}
	b.Send("level", "no-contact").Wants(200, "/withdrawn", "You have left the study", "2 March 2026", "<strong>P1</strong>", "Ask for more than this")
	b.Post(b.On("withdraw"), "level", "no-contact").Wants(200, "/withdrawn") // pressed twice
	r.Browser().Get("/s/"+link).Wants(404, "/s/"+link)

	b.Post(question, "ease_2", "4").Wants(410, "", "You have left the study") // what was typed before is kept
	if got := r.Answer(person, "baseline", "ease_2"); got != surveys.Number(4) {
		t.Errorf("ease_2 = %v, want what was still on its way", got)
	}
	b.Get(b.On("agreed")).Wants(200, "/agreed", "You have left the study", "Do not contact me again")

	b.Get(b.On("withdraw")).Wants(200, "/withdraw").Lacks("level-no-contact")
	b.Get(b.On("withdraw?asked=yes&level=erasure")).Wants(200, "/withdraw", "cannot be brought back")
	b.Send("level", "erasure").Wants(200, "/withdrawn", "Erase what can be erased").Lacks("Ask for more than this")
	if got := r.Answer(person, "baseline", "ease_1"); got.Given() {
		t.Errorf("ease_1 = %v after erasure", got)
	}
	b.Get(b.On("withdraw")).Wants(200, "/withdrawn")
	b.Post(question, "ease_2", "5").Wants(410, "", "You have left the study")
	if got := r.Answer(person, "baseline", "ease_2"); got.Given() {
		t.Errorf("ease_2 = %v, taken after erasure", got)
	}
	b.Post(b.On("withdraw"), "level", "no-collection").Wants(200, "/withdrawn")
	if r.Left(person) != surveys.EraseAnswers {
		t.Error("a withdrawal was lowered")
	}

	stranger := r.Browser()
	stranger.Post(b.On("withdraw"), "level", "no-contact").Wants(401, "/withdraw", "Open your link again")
}

// Once the study is locked nothing is erased, and nobody is offered it.
func TestLeaveOnceLocked(t *testing.T) {
	r := servertest.NewRoom(t)
	person := r.Enrol("P1")
	b := r.Browser()
	b.Begin(r.Invite(person, "baseline").Link).Send()
	b.Send("ease_1", "3")
	for _, state := range []surveys.StudyState{surveys.Ended, surveys.Locked} {
		if err := r.Store.SetStudyState(context.Background(), "", "kinds", state); err != nil {
			t.Fatal(err)
		}
	}
	b.Get(b.Path).Wants(410, "", b.On("withdraw")) // closed, and still left from
	b.Get(b.On("withdraw")).Wants(200, "/withdraw", "Do not contact me again", "are locked", "level-erasure", "decides within a month")
	b.Post(b.On("withdraw"), "level", "erasure").Wants(200, "/withdrawn", "All answers that you had given before", "You asked on")
	if got := r.Answer(person, "baseline", "ease_1"); got != surveys.Number(3) {
		t.Errorf("ease_1 = %v, want it as it was locked", got)
	}
}

func TestLeaveAtTheDesk(t *testing.T) {
	o := servertest.NewOffice(t)
	storetest.LoadStudy(t, o.Store)
	people := storetest.Enrol(t, o.Store, 2) // at the practice's own site, and at the other
	person, elsewhere := "/desk/people/"+string(people[0]), "/desk/people/"+string(people[1])
	b := o.As(surveys.Practice)
	leave := person + "/withdrawal"
	servertest.WantText(t, "the person", b.Get(person), "They want to leave the study", leave)
	servertest.WantText(t, "the form", b.Get(leave), "What did they ask for?", "How did they tell you?", "On the telephone")
	for name, form := range map[string]url.Values{"nothing": {}, "no level": {"channel": {"desk"}}, "no channel": {"level": {"erasure"}},
		"by code": {"level": {"erasure"}, "channel": {"code"}}, "nonsense": {"level": {"all"}, "channel": {"desk"}}} {
		form.Set("confirm", "yes")
		servertest.WantStatus(t, name, b.Post(leave, form), http.StatusBadRequest)
	}
	form := url.Values{"level": {"no-collection"}, "channel": {"telephone"}}
	servertest.WantText(t, "asked again", b.Post(leave, form), "Does person P00001 leave the study?", "on the telephone", `name="confirm"`)
	if o.Audited("withdrawal.record") != 0 {
		t.Fatal("recorded before it was confirmed")
	}
	form.Set("confirm", "yes")
	for range 2 { // pressed twice
		r := b.Post(leave, form)
		servertest.WantStatus(t, "recorded", r, http.StatusSeeOther)
		if r.Header.Get("Location") != leave {
			t.Errorf("led to %s", r.Header.Get("Location"))
		}
	}
	if o.Audited("withdrawal.record") != 1 {
		t.Error("the withdrawal is not once in the audit trail")
	}
	r := b.Get(leave)
	servertest.WantText(t, "afterwards", r, "They have left the study", "Do not collect anything more about me", "on the telephone", "the study team can take it back", "level-erasure")
	if strings.Contains(r.Body, "undo") {
		t.Error("a practice can take a withdrawal back")
	}
	r = b.Get(person)
	servertest.WantText(t, "the person afterwards", r, "has left the study", "withdrew from the study")
	if strings.Contains(r.Body, "Give a") || strings.Contains(r.Body, "Take back") {
		t.Errorf("somebody who has left can be given a link, or be taken back here\n%s", servertest.Excerpt(r.Body))
	}
	servertest.WantStatus(t, "a link afterwards", b.Post(person+"/later/link", nil), http.StatusGone)
	servertest.WantStatus(t, "another outcome", b.Post(person+"/baseline/outcome", url.Values{"reason": {"refusal/declined"}}), http.StatusGone)
	servertest.WantStatus(t, "an undo", b.Post(person+"/baseline/undo", nil), http.StatusGone)

	servertest.WantStatus(t, "another site's person", b.Get(elsewhere+"/withdrawal"), http.StatusNotFound)
	servertest.WantStatus(t, "another site's person leaves", b.Post(elsewhere+"/withdrawal", form), http.StatusNotFound)
	servertest.WantStatus(t, "the office's page", b.Get("/office/studies/trial/withdrawals"), http.StatusNotFound)
	servertest.WantStatus(t, "the office's undo", b.Post("/office/studies/trial/withdrawals/"+string(people[0])+"/undo", url.Values{"reason": {"mistake"}}), http.StatusNotFound)
	servertest.WantStatus(t, "somebody who is not signed in", o.Client().Post(elsewhere+"/withdrawal", form), http.StatusUnauthorized)
	servertest.WantStatus(t, "an auditor at the desk", o.As(surveys.Auditor).Post(elsewhere+"/withdrawal", form), http.StatusForbidden)
	if o.Audited("withdrawal.record") != 1 || o.Audited("withdrawal.undo") != 0 {
		t.Error("something was recorded that was refused")
	}
}

func TestLeaveInTheOffice(t *testing.T) {
	o := servertest.NewOffice(t)
	storetest.LoadStudy(t, o.Store)
	people := storetest.Enrol(t, o.Store, 2)
	b := o.As(surveys.Researcher)
	list := "/office/studies/trial/withdrawals"
	servertest.WantText(t, "nobody yet", b.Get(list), "Nobody has left this study.", "Study number")
	r := b.Get(list + "?label=P00009")
	servertest.WantStatus(t, "an unknown number", r, http.StatusNotFound)
	servertest.WantText(t, "an unknown number", r, "Nobody in this study has this number.")
	r = b.Get(list + "?label=p00002")
	servertest.WantStatus(t, "a number", r, http.StatusSeeOther)
	page := r.Header.Get("Location")
	if page != list+"/"+string(people[1]) {
		t.Fatalf("the number leads to %s", page)
	}
	form := url.Values{"level": {"no-contact"}, "channel": {"letter"}, "confirm": {"yes"}}
	servertest.WantStatus(t, "recorded", b.Post(page, form), http.StatusSeeOther)
	servertest.WantText(t, "the list", b.Get(list), "P00002", "South Practice", "Do not contact me again", "by letter or e-mail")
	servertest.WantText(t, "the list for the auditor", o.As(surveys.Auditor).Get(list), "P00002")
	servertest.WantStatus(t, "take it back for no reason", b.Post(page+"/undo", nil), http.StatusBadRequest)
	for range 2 { // pressed twice
		servertest.WantStatus(t, "take it back", b.Post(page+"/undo", url.Values{"reason": {"asked-back"}}), http.StatusSeeOther)
	}
	servertest.WantText(t, "the history", b.Get(page), "Taken back", "asked to take part again", "The researcher")
	if o.Audited("withdrawal.undo") != 1 {
		t.Error("the undoing is not once in the audit trail")
	}
	form.Set("level", "erasure")
	servertest.WantText(t, "erasure, asked again", b.Post(page, url.Values{"level": {"erasure"}, "channel": {"letter"}}), "cannot be brought back", "Erase their answers")
	servertest.WantStatus(t, "erased", b.Post(page, form), http.StatusSeeOther)
	r = b.Get(page)
	servertest.WantText(t, "after erasure", r, "They have left the study", "Safety copies")
	if strings.Contains(r.Body, `name="level"`) {
		t.Errorf("erasure can be gone beyond\n%s", servertest.Excerpt(r.Body))
	}
	servertest.WantText(t, "while the answers wait", r, "Their answers are out of use", "answers are then in use again")
	servertest.WantText(t, "the list", b.Get(list), "out of use; erased for good on")
	servertest.WantStatus(t, "taken back", b.Post(page+"/undo", url.Values{"reason": {"mistake"}}), http.StatusSeeOther)
	servertest.WantText(t, "the history", b.Get(page), "Erase what can be erased (taken back on")
	servertest.WantStatus(t, "a person of another study", b.Get("/office/studies/other/withdrawals/"+string(people[1])), http.StatusNotFound)
	servertest.WantStatus(t, "the interviewer in the office", o.As(surveys.Interviewer).Post(page, form), http.StatusForbidden)
}
