package server

import (
	"context"
	"regexp"
	"strings"
	"testing"
	"time"

	"wellwave/surveys"
	"wellwave/surveys/store"
)

func TestPatientAnswersOneQuestionAScreen(t *testing.T) {
	r := newRoom(t)
	person := r.enrol("P1")
	invitation := r.invite(person, "baseline")
	b := r.browser()

	b.get("/").wants(200, "/", "Enter your code", "tel:999", "tel:111", "tel:116123", "tel:0800838587")
	b.send().wants(400, "/", "There is a problem", `href="#code"`)
	b.send("code", invitation.Code).wants(200, "/welcome", "Demonstration with invented people.", "There are about 10 questions.")
	b.get(strings.Replace(b.path, "welcome", "1", 1)).wants(200, "/welcome") // no question before consent
	consent := strings.Replace(b.path, "welcome", "consent", 1)
	b.get(consent).wants(200, "/consent", "I agree to take part.", `value="2"`)
	b.send("version", "2", "clause", "ask-again").wants(400, "/consent", "There is a problem", `href="#clause-take-part"`, `value="ask-again" checked`)
	b.send("version", "1", "clause", "take-part").wants(400, "/consent", "The statements have changed")

	b.send("version", "2", "clause", "take-part").wants(200, "/1", "Welcome to the first part.").lacks("Question ")
	b.send().wants(200, "/2", "Question 1 of 10", "Please think of today.", "How easy was getting up?", "Choose one.")
	b.send().wants(200, "/2", "You have not answered this one", "Carry on without answering")
	b.send("ease_1", "7").wants(400, "/2", "There is a problem", "is not an answer to this question")
	b.send("ease_1", "3", "ease_1", "4").wants(400, "/2", "There is a problem", "“3, 4” is not an answer to this question")
	b.send("ease_1", "3").wants(200, "/3", "Question 2 of 10", "0: Not easy", "10: Very easy")
	if got := r.answer(person, "baseline", "ease_1"); got != surveys.Number(3) {
		t.Errorf("ease_1 = %#v, want 3", got)
	}
	b.send("skip", "yes").wants(200, "/4", "Are you happy?")
	if got := r.answer(person, "baseline", "ease_2"); got != surveys.Absent(surveys.Skipped) {
		t.Errorf("ease_2 = %#v, want skipped", got)
	}
	b.get(strings.TrimSuffix(b.path, "4")+"2").wants(200, "/2", `value="3" checked`)
	b.send("ease_1", "3").wants(200, "/4")
	b.send("happy", "0").wants(200, "/5", "Question 4 of 11", "Why is that &lt;so&gt;?")
	b.send("why", "Rain\r\nand wind").wants(200, "/6", "Question 5 of 11", "0: Cold")
	b.send("thermometer", "101").wants(400, "/6", "out of range", `value="101"`)
	b.send("thermometer", "40").wants(200, "/7")
	b.send("age", "forty").wants(400, "/7", "is not a number", `value="forty"`)
	b.send("age", "40").wants(200, "/8")
	b.send("height", "1.75").wants(200, "/9", "Day", "Month", "Year")
	b.send("met-day", "30", "met-month", "2", "met-year", "2026").wants(400, "/9", "not a day of the calendar", `value="30"`)
	b.send("met-day", "1", "met-month", "3", "met-year", "2999").wants(400, "/9", "“2999” cannot be the right year", `value="2999"`)
	b.send("met-day", "1", "met-month", "03", "met-year", "2026").wants(200, "/10", "Tick all that apply.")
	b.send("with", "3", "with", "1").wants(200, "/11")
	b.send().wants(200, "/12", "Getting there") // not a required question: no notice
	b.send("transport", "2").wants(200, "/check", "Rain\nand wind", "1 March 2026", "Family\nOthers", "By bus", "Not answered", "1.75")
	if got := r.answer(person, "baseline", "name_of_pet"); got != surveys.Absent(surveys.Skipped) {
		t.Errorf("name_of_pet = %#v, want skipped", got)
	}
	b.send().wants(200, "/thanks", "Your answers are saved.", "Look at your answers again")
	sitting, err := r.store.Sitting(context.Background(), person, "baseline")
	if err != nil || !sitting.Finished {
		t.Errorf("Finished = %v, %v, want true", sitting.Finished, err)
	}
	b.get("/s/"+invitation.Link).wants(200, "/thanks")
}

func TestResumeElsewhereHidesEarlierAnswers(t *testing.T) {
	r := newRoom(t)
	person := r.enrol("P1")
	link := r.invite(person, "baseline").Link
	phone, tablet := r.browser(), r.browser()

	phone.begin(link).send()
	phone.send("ease_1", "3").send("ease_2", "9").send("happy", "0").wants(200, "/5")
	phone.send("why", "A secret reason").wants(200, "/6")

	tablet.get("/s/"+link).wants(200, "/6", "How warm do you feel?")
	base := strings.TrimSuffix(tablet.path, "6")
	tablet.get(base+"5").wants(200, "/5", "You answered this earlier").lacks("A secret reason")
	tablet.send().wants(200, "/6") // left as it was
	if got := r.answer(person, "baseline", "why"); got != surveys.Text("A secret reason") {
		t.Errorf("why = %#v, want what the phone gave", got)
	}
	tablet.get(base+"2").wants(200, "/2").lacks("checked")
	tablet.get(base+"check").wants(200, "/check", "Answered earlier").lacks("A secret reason", "Easy<")
	phone.get(base+"check").wants(200, "/check", "A secret reason", "Easy<")
	phone.get("/s/"+link).get(base+"5").wants(200, "/5", "A secret reason") // the same device
}

func TestPracticeCannotReadAnswersOnItsTablet(t *testing.T) {
	r := newRoom(t)
	b := r.atPractice()
	b.post("/desk/people/"+string(r.enrol("P1"))+"/baseline/link").wants(200, "/link", "a page that is already open can still be finished")
	link := regexp.MustCompile(`/s/([A-Z0-9]+)`).FindStringSubmatch(b.html)[1]
	b.begin(link).send()
	b.send("ease_1", "3").send("ease_2", "9").send("happy", "0").wants(200, "/5")
	b.send("why", "A secret reason").wants(200, "/6")
	base := strings.TrimSuffix(b.path, "6")
	hidden := func(name string) {
		t.Helper()
		b.get(base+"check").lacks("A secret reason", "Easy<")
		b.get(base + "2").lacks("checked")
		b.get(base + "5").lacks("A secret reason")
		if t.Failed() {
			t.Fatalf("%s, answers are shown", name)
		}
	}
	hidden("when the tablet comes back")
	b.get("/s/"+link).wants(200, "/6")
	hidden("when the practice opens the link again")
	b.get(base+"5").wants(200, "/5", "You answered this earlier").send().wants(200, "/6") // left as it was
	b.send("thermometer", "40").wants(200, "/7")

	b.post("/sign-out").wants(200, "/sign-in")
	b.get(base+"check").wants(401, "/check", "Open your link again")
	b.get("/s/"+link).wants(200, "/7")
	hidden("when the practice has signed out and opens the link")
	b.post("/sign-in", "email", "practice@example.org", "password", testPassword)
	b.get(base+"check").wants(401, "/check", "Open your link again")
}

func TestFinishOnThisDevice(t *testing.T) {
	r := newRoom(t)
	one, two := r.invite(r.enrol("P1"), "baseline").Link, r.invite(r.enrol("P2"), "baseline").Link
	b := r.browser()
	b.begin(one).send()
	b.send("ease_1", "3").wants(200, "/3")
	base := strings.TrimSuffix(b.path, "3")
	b.post(base+"check").wants(200, "/thanks", "Finish on this device", base+"leave")
	for range 2 { // pressed twice
		b.post(base+"leave").wants(200, "/", "You have finished on this device", "Enter your code")
	}
	b.get(base+"check").wants(401, "/check")
	b.get("/s/" + one)
	b.get(base+"check").wants(200, "/check", "Answered earlier").lacks("Easy<")
	b.get("/").lacks("You have finished")

	b.get("/s/"+two).wants(200, "/welcome")
	other := b.path
	b.post(base+"leave").wants(409, "/leave", "This page belongs to another link")
	b.get(other).wants(200, "/welcome")
}

func TestAnswerBeforeConsentIsKeptOnThePage(t *testing.T) {
	r := newRoom(t)
	person := r.enrol("P1")
	b := r.browser()
	b.get("/s/"+r.invite(person, "baseline").Link).wants(200, "/welcome")
	base := strings.TrimSuffix(b.path, "welcome")
	b.post(base+"5", "why", "A long reason", "seq", "1").wants(403, "/5", "Please read this first", "Why is that &lt;so&gt;?", `href="`+base+`consent"`)
	if got := r.answer(person, "baseline", "why"); got.Kind != surveys.Untouched {
		t.Errorf("why = %#v before consent, want untouched", got)
	}
	b.post(base+"2", "ease_1", "3", "seq", "1").wants(403, "/2", "Easy", `name="ease_1" type="hidden" value="3"`, `name="seq" type="hidden" value="1"`)
	page := b.path
	b.post(base+"consent", "version", "2", "clause", "take-part").wants(200, "/1")
	b.post(page, "ease_1", "3", "seq", "1").wants(200, "/3")
	if got := r.answer(person, "baseline", "ease_1"); got != surveys.Number(3) {
		t.Errorf("ease_1 = %#v after consent, want 3", got)
	}
}

func TestOlderFormThatComesAgainChangesNothing(t *testing.T) {
	r := newRoom(t)
	person := r.enrol("P1")
	b := r.browser()
	b.begin(r.invite(person, "baseline").Link).send()
	seq := hiddenValue(t, b.html, "seq")
	b.send("ease_1", "3", "seq", seq).send("ease_1", "3", "seq", seq).wants(200, "/3")
	page := strings.TrimSuffix(b.path, "3") + "2"
	if got := r.ledger(person, "baseline"); got != 1 {
		t.Errorf("%d rows after a double click, want 1", got)
	}
	b.get(page)
	b.send("ease_1", "1", "seq", hiddenValue(t, b.html, "seq")).wants(200, "/3")
	b.post(page, "ease_1", "3", "seq", seq).wants(200, "/3") // on its way for a long time
	if got := r.answer(person, "baseline", "ease_1"); got != surveys.Number(1) {
		t.Errorf("ease_1 = %#v, want the newer answer", got)
	}
	b.post(page, "ease_1", "2", "seq", seq) // gone back to, and changed
	if got := r.answer(person, "baseline", "ease_1"); got != surveys.Number(2) {
		t.Errorf("ease_1 = %#v, want the changed answer", got)
	}
	for i, garbled := range []string{"", "-1", "x", "999999"} {
		want := surveys.Number(float64(1 + i%2))
		b.post(page, "ease_1", want.String(), "seq", garbled).wants(200, "/3")
		if got := r.answer(person, "baseline", "ease_1"); got != want {
			t.Errorf("ease_1 = %#v with the number %q, want %#v", got, garbled, want)
		}
	}
	check := strings.TrimSuffix(page, "2") + "check"
	b.get(check)
	seq = hiddenValue(t, b.html, "seq")
	before := r.ledger(person, "baseline")
	b.post(check, "seq", seq).wants(200, "/thanks")
	b.post(check, "seq", seq).wants(200, "/thanks")
	b.post(check).wants(200, "/thanks")
	if got := r.ledger(person, "baseline"); got != before+1 {
		t.Errorf("%d rows for finishing, want 1", got-before)
	}
}

func TestOlderSheetThatComesAgainChangesNothing(t *testing.T) {
	r := newRoom(t)
	person := r.enrol("P1")
	b := r.browser()
	b.begin(r.invite(person, "baseline").Link).send("ease_1", "3")
	r.now = r.now.AddDate(0, 0, 1)
	b.get("/s/" + r.invite(person, "sheet").Link)
	page := strings.Replace(b.path, "welcome", "all", 1)
	b.get(page)
	older := []string{"ease_1", "1", "ease_2", "9", "skip", "yes", "seq", hiddenValue(t, b.html, "seq")}
	b.send(older...).wants(200, "/thanks")
	b.post(page, older...).wants(200, "/thanks")
	if got := r.ledger(person, "sheet"); got != 1 {
		t.Errorf("%d rows after a double click, want 1", got)
	}
	b.get(page)
	newer := []string{"ease_1", "2", "ease_2", "9", "happy", "0", "why", "Rain", "skip", "yes", "seq", hiddenValue(t, b.html, "seq")}
	b.send(newer...).wants(200, "/thanks")
	b.post(page, older...).wants(200, "/thanks")
	for code, want := range map[string]surveys.Value{"ease_1": surveys.Number(2), "happy": surveys.Number(0), "why": surveys.Text("Rain")} {
		if got := r.answer(person, "sheet", code); got != want {
			t.Errorf("%s = %#v, want %#v of the newer page", code, got, want)
		}
	}
}

func TestPageOfAnotherLinkWritesNothing(t *testing.T) {
	r := newRoom(t)
	first, second := r.enrol("P1"), r.enrol("P2")
	one, two := r.invite(first, "baseline").Link, r.invite(second, "baseline").Link
	b := r.browser()

	b.begin(one).send().wants(200, "/2")
	page := b.path
	b.begin(two)
	b.post(page, "ease_1", "3").wants(409, "/2", "This page belongs to another link", "How easy was getting up?", "Easy", `name="ease_1" type="hidden" value="3"`)
	for _, person := range []surveys.EnrolmentID{first, second} {
		if got := r.answer(person, "baseline", "ease_1"); got.Kind != surveys.Untouched {
			t.Errorf("ease_1 of %s = %#v, want untouched", person, got)
		}
	}
	b.post(page+"?reading", "ease_1", "3", "read-large", "on").wants(409, "/2", "ww-page--large", "Easy", `name="ease_1" type="hidden" value="3"`,
		`value="off" form="answers" formaction="?reading"`).lacks(`name="read-large" type="hidden"`)
	b.get(page).wants(409, "/2", "This page belongs to another link").lacks("Save this now")
	b.get("/s/" + one)
	b.post(page, "ease_1", "3").wants(200, "/3")
	if got := r.answer(first, "baseline", "ease_1"); got != surveys.Number(3) {
		t.Errorf("ease_1 = %#v, want 3 once the link is open again", got)
	}

	stranger := r.browser()
	stranger.post(page, "ease_1", "2").wants(401, "/2", "Open your link again", "What you typed or chose is kept on this page.", `value="2"`)
}

func TestFailedSaveKeepsWhatWasTyped(t *testing.T) {
	r := newRoomOn(t, func(clock func() time.Time) *store.Store { return openRoomStore(t, clock) })
	b := r.browser()
	b.begin(r.invite(r.enrol("P1"), "baseline").Link).send().wants(200, "/2")
	if err := r.store.Close(); err != nil {
		t.Fatal(err)
	}
	b.send("ease_1", "3").wants(503, "/2", "Your answer is not saved yet", `name="ease_1" type="hidden" value="3"`)
}

func TestUnknownAndEndedCodesLookAlike(t *testing.T) {
	r := newRoom(t)
	person := r.enrol("P1")
	ended := r.invite(person, "baseline")
	r.invite(person, "baseline")
	b := r.browser()
	unknown := b.get("/s/"+surveys.NewLink()).wants(404, "", "This code or link does not work").html
	if got := b.get("/s/"+ended.Link).wants(404, "").html; got != unknown {
		t.Error("an ended link shows another page than an unknown one")
	}
	if got := b.post("/", "code", ended.Code).wants(404, "/").html; got != unknown {
		t.Error("an ended code shows another page than an unknown link")
	}
}

func TestClosedPages(t *testing.T) {
	r := newRoom(t)
	person := r.enrol("P1")
	baseline, later := r.invite(person, "baseline").Link, r.invite(person, "sheet").Link
	b := r.browser()
	b.begin(baseline).send().wants(200, "/2")
	question := b.path
	r.now = r.now.AddDate(0, 0, 61)
	b.get("/s/"+baseline).wants(410, "", "This questionnaire has closed", "Friday 1 May 2026")
	b.post(question, "ease_1", "2").wants(410, "", "received after closing") // kept, and flagged by the store
	if got := r.answer(person, "baseline", "ease_1"); got != surveys.Number(2) {
		t.Errorf("ease_1 = %#v, want the late answer kept", got)
	}
	b.get("/s/"+later).wants(410, "", "This questionnaire has closed")
	if err := r.store.SetStudyState(context.Background(), "", "kinds", surveys.Ended); err != nil {
		t.Fatal(err)
	}
	r.now = r.now.AddDate(0, 0, -59)
	b.get("/s/"+later).wants(410, "", "This study has closed")
}

// The last page tells of lateness by when the answers came, not by when it is read.
func TestThanksTellsWhatWasLate(t *testing.T) {
	const late = "received after closing"
	r := newRoom(t)
	inTime, after := r.browser(), r.browser()
	link := r.invite(r.enrol("P1"), "baseline").Link
	inTime.begin(link)
	inTime.post(strings.TrimSuffix(inTime.path, "1") + "check")
	after.begin(r.invite(r.enrol("P2"), "baseline").Link)
	check := strings.TrimSuffix(after.path, "1") + "check"
	if err := r.store.SetStudyState(context.Background(), "", "kinds", surveys.Ended); err != nil {
		t.Fatal(err)
	}
	after.post(check).wants(200, "/thanks", late)
	r.now = r.now.AddDate(0, 0, 61)
	inTime.get("/s/"+link).wants(200, "/thanks").lacks(late)
}

func TestOnePageLayout(t *testing.T) {
	r := newRoom(t)
	person := r.enrol("P1")
	b := r.browser()
	b.begin(r.invite(person, "baseline").Link)
	link := r.invite(person, "sheet").Link
	b.get("/s/"+link).wants(410, "", "This questionnaire is not open yet", "Tuesday 3 March 2026")
	r.now = r.now.AddDate(0, 0, 1)
	b.get("/s/"+link).wants(200, "/welcome")
	b.get(strings.Replace(b.path, "welcome", "all", 1)).wants(200, "/all", "Later questions", "Welcome to the first part.", "What is your pet called?").lacks("Why is that")

	b.send("ease_1", "1", "age", "old", "happy", "0").wants(400, "/all", "There is a problem", `href="#age"`, `value="old"`, `value="1" checked`)
	if got := r.answer(person, "sheet", "ease_1"); got != surveys.Number(1) {
		t.Errorf("ease_1 = %#v, want it saved beside a mistake", got)
	}
	b.send("ease_1", "1", "age", "40", "happy", "0").wants(200, "/all", "You have missed one question", `href="#ease_2-0"`, "Why is that &lt;so&gt;?")
	b.send("ease_1", "1", "age", "40", "happy", "0", "why", "Rain", "skip", "yes").wants(200, "/thanks")
	for code, want := range map[string]surveys.Value{"ease_1": surveys.Number(1), "ease_2": surveys.Absent(surveys.Skipped),
		"why": surveys.Text("Rain"), "age": surveys.Number(40), "height": surveys.Absent(surveys.Skipped)} {
		if got := r.answer(person, "sheet", code); got != want {
			t.Errorf("%s = %#v, want %#v", code, got, want)
		}
	}
}

func TestStaffSurvey(t *testing.T) {
	r := newRoom(t)
	codes, err := r.store.MakeStaffCodes(context.Background(), "", "kinds", "round-1", "north", 2)
	if err != nil {
		t.Fatal(err)
	}
	b := r.browser()
	b.post("/", "code", codes[0]).wants(200, "/staff/", "What is stored", "What is not stored", "not a place to report an incident")
	b.get("/staff/survey").wants(200, "/staff/survey", "We talk about mistakes.", "We learn from mistakes.", `<th scope="col">At times</th>`)
	handle := hiddenValue(t, b.html, "handle")
	b.send("handle", handle, "open_1", "3").wants(200, "/staff/survey", "You have missed one question", `value="3" checked`)
	b.send("handle", "another", "open_1", "3").wants(409, "/staff/survey", "This page belongs to another link", `name="open_1" type="hidden" value="3"`)
	b.send("handle", handle, "open_1", "3", "skip", "yes").wants(200, "/staff/thanks", "Your card is used up")
	b.get("/staff/").wants(401, "/staff/", "Open your link again")
	b.post("/", "code", codes[0]).wants(404, "/")

	// Pressing twice: the second finds the card spent and says that all is well.
	b.post("/", "code", codes[1]).get("/staff/survey")
	handle = hiddenValue(t, b.html, "handle")
	cookies := b.client.Jar.Cookies(mustURL(t, r.url))
	b.send("handle", handle, "open_1", "1", "open_2", "2").wants(200, "/staff/thanks")
	b.client.Jar.SetCookies(mustURL(t, r.url), cookies)
	b.post("/staff/survey", "handle", handle, "open_1", "1", "open_2", "2").wants(410, "/staff/survey", "This card has been used")
	counts, err := r.store.StaffProgress(context.Background(), "kinds")
	if err != nil {
		t.Fatal(err)
	}
	if len(counts) != 1 || counts[0].Answered != 2 || counts[0].Open != 0 {
		t.Errorf("StaffProgress() = %+v, want two answered and no card open", counts)
	}
}
