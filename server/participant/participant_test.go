package participant_test

import (
	"context"
	"regexp"
	"strings"
	"testing"
	"time"

	"wellwave/server/servertest"
	"wellwave/surveys"
	"wellwave/surveys/store"
)

func TestPatientAnswersOneQuestionAScreen(t *testing.T) {
	r := servertest.NewRoom(t)
	person := r.Enrol("P1")
	invitation := r.Invite(person, "baseline")
	b := r.Browser()

	b.Get("/").Wants(200, "/", "Enter your code", "tel:999", "tel:111", "tel:116123", "tel:0800838587")
	b.Send().Wants(400, "/", "There is a problem", `href="#code"`)
	b.Send("code", invitation.Code).Wants(200, "/welcome", "Demonstration with invented people.", "There are about 10 questions.")
	b.Get(strings.Replace(b.Path, "welcome", "1", 1)).Wants(200, "/welcome") // no question before consent
	consent := strings.Replace(b.Path, "welcome", "consent", 1)
	b.Get(consent).Wants(200, "/consent", "I agree to take part.", `value="2"`)
	b.Send("version", "2", "clause", "ask-again").Wants(400, "/consent", "There is a problem", `href="#clause-take-part"`, `value="ask-again" checked`)
	b.Send("version", "1", "clause", "take-part").Wants(400, "/consent", "The statements have changed")

	b.Send("version", "2", "clause", "take-part").Wants(200, "/1", "Welcome to the first part.").Lacks("Question ")
	b.Send().Wants(200, "/2", "Question 1 of 10", "Please think of today.", "How easy was getting up?", "Choose one.")
	b.Send().Wants(200, "/2", "You have not answered this one", "Carry on without answering")
	b.Send("ease_1", "7").Wants(400, "/2", "There is a problem", "is not an answer to this question")
	b.Send("ease_1", "3", "ease_1", "4").Wants(400, "/2", "There is a problem", "“3, 4” is not an answer to this question")
	b.Send("ease_1", "3").Wants(200, "/3", "Question 2 of 10", "0: Not easy", "10: Very easy")
	if got := r.Answer(person, "baseline", "ease_1"); got != surveys.Number(3) {
		t.Errorf("ease_1 = %#v, want 3", got)
	}
	b.Send("skip", "yes").Wants(200, "/4", "Are you happy?")
	if got := r.Answer(person, "baseline", "ease_2"); got != surveys.Absent(surveys.Skipped) {
		t.Errorf("ease_2 = %#v, want skipped", got)
	}
	b.Get(strings.TrimSuffix(b.Path, "4")+"2").Wants(200, "/2", `value="3" checked`)
	b.Send("ease_1", "3").Wants(200, "/4")
	b.Send("happy", "0").Wants(200, "/5", "Question 4 of 11", "Why is that &lt;so&gt;?")
	b.Send("why", "Rain\r\nand wind").Wants(200, "/6", "Question 5 of 11", "0: Cold")
	b.Send("thermometer", "101").Wants(400, "/6", "out of range", `value="101"`)
	b.Send("thermometer", "40").Wants(200, "/7")
	b.Send("age", "forty").Wants(400, "/7", "is not a number", `value="forty"`)
	b.Send("age", "40").Wants(200, "/8")
	b.Send("height", "1.75").Wants(200, "/9", "Day", "Month", "Year")
	b.Send("met-day", "30", "met-month", "2", "met-year", "2026").Wants(400, "/9", "not a day of the calendar", `value="30"`)
	b.Send("met-day", "1", "met-month", "3", "met-year", "2999").Wants(400, "/9", "“2999” cannot be the right year", `value="2999"`)
	b.Send("met-day", "1", "met-month", "03", "met-year", "2026").Wants(200, "/10", "Tick all that apply.")
	b.Send("with", "3", "with", "1").Wants(200, "/11")
	b.Send().Wants(200, "/12", "Getting there") // not a required question: no notice
	b.Send("transport", "2").Wants(200, "/check", "Rain\nand wind", "1 March 2026", "Family\nOthers", "By bus", "Not answered", "1.75")
	if got := r.Answer(person, "baseline", "name_of_pet"); got != surveys.Absent(surveys.Skipped) {
		t.Errorf("name_of_pet = %#v, want skipped", got)
	}
	b.Send().Wants(200, "/thanks", "Your answers are saved.", "Look at your answers again")
	sitting, err := r.Store.Occasion(context.Background(), person, "baseline")
	if err != nil || !sitting.Finished {
		t.Errorf("Finished = %v, %v, want true", sitting.Finished, err)
	}
	b.Get("/s/"+invitation.Link).Wants(200, "/thanks")
}

func TestResumeElsewhereHidesEarlierAnswers(t *testing.T) {
	r := servertest.NewRoom(t)
	person := r.Enrol("P1")
	link := r.Invite(person, "baseline").Link
	phone, kiosk := r.Browser(), r.Browser()

	phone.Begin(link).Send()
	phone.Send("ease_1", "3").Send("ease_2", "9").Send("happy", "0").Wants(200, "/5")
	phone.Send("why", "A secret reason").Wants(200, "/6")

	kiosk.Get("/s/"+link).Wants(200, "/6", "How warm do you feel?")
	base := strings.TrimSuffix(kiosk.Path, "6")
	kiosk.Get(base+"5").Wants(200, "/6")  // whether that is asked follows from an answer that was given elsewhere
	kiosk.Post(base+"5").Wants(200, "/6") // left as it was
	if got := r.Answer(person, "baseline", "why"); got != surveys.Text("A secret reason") {
		t.Errorf("why = %#v, want what the phone gave", got)
	}
	kiosk.Get(base+"2").Wants(200, "/2").Lacks("checked")
	kiosk.Get(base+"check").Wants(200, "/check", "Asked earlier").Lacks("A secret reason", "Easy<")
	phone.Get(base+"check").Wants(200, "/check", "A secret reason", "Easy<")
	phone.Get("/s/"+link).Get(base+"5").Wants(200, "/5", "A secret reason") // the same device
}

func TestPracticeCannotReadAnswersOnItsKiosk(t *testing.T) {
	r := servertest.NewRoom(t)
	b := r.AtPractice()
	b.Post("/desk/people/"+string(r.Enrol("P1"))+"/baseline/link").Wants(200, "/link", "a page that is already open can still be finished")
	link := regexp.MustCompile(`/s/([A-Z0-9]+)`).FindStringSubmatch(b.HTML)[1]
	b.Begin(link).Send()
	b.Send("ease_1", "3").Send("ease_2", "9").Send("happy", "0").Wants(200, "/5")
	b.Send("why", "A secret reason").Wants(200, "/6")
	base := strings.TrimSuffix(b.Path, "6")
	hidden := func(name string) {
		t.Helper()
		b.Get(base+"check").Lacks("A secret reason", "Easy<")
		b.Get(base + "2").Lacks("checked")
		b.Get(base + "5").Lacks("A secret reason")
		if t.Failed() {
			t.Fatalf("%s, answers are shown", name)
		}
	}
	hidden("when the tablet comes back")
	b.Get("/s/"+link).Wants(200, "/6")
	hidden("when the practice opens the link again")
	b.Get(base+"5").Wants(200, "/6")
	b.Post(base+"5").Wants(200, "/6") // left as it was
	b.Send("thermometer", "40").Wants(200, "/7")

	b.Post("/sign-out").Wants(200, "/sign-in")
	b.Get(base+"check").Wants(401, "/check", "Open your link again")
	b.Get("/s/"+link).Wants(200, "/7")
	hidden("when the practice has signed out and opens the link")
	b.Post("/sign-in", "email", "practice@example.org", "password", servertest.Password)
	b.Get(base+"check").Wants(401, "/check", "Open your link again")
}

func TestFinishOnThisDevice(t *testing.T) {
	r := servertest.NewRoom(t)
	one, two := r.Invite(r.Enrol("P1"), "baseline").Link, r.Invite(r.Enrol("P2"), "baseline").Link
	b := r.Browser()
	b.Begin(one).Send()
	b.Send("ease_1", "3").Wants(200, "/3")
	base := strings.TrimSuffix(b.Path, "3")
	b.Post(base+"check").Wants(200, "/thanks", "Finish on this device", base+"leave")
	for range 2 { // pressed twice
		b.Post(base+"leave").Wants(200, "/", "You have finished on this device", "Enter your code")
	}
	b.Get(base+"check").Wants(401, "/check")
	b.Get("/s/" + one)
	b.Get(base+"check").Wants(200, "/check", "Asked earlier").Lacks("Easy<")
	b.Get("/").Lacks("You have finished")

	b.Get("/s/"+two).Wants(200, "/welcome")
	other := b.Path
	b.Post(base+"leave").Wants(409, "/leave", "This page belongs to another link")
	b.Get(other).Wants(200, "/welcome")
}

func TestAnswerBeforeConsentIsKeptOnThePage(t *testing.T) {
	r := servertest.NewRoom(t)
	person := r.Enrol("P1")
	b := r.Browser()
	b.Get("/s/"+r.Invite(person, "baseline").Link).Wants(200, "/welcome")
	base := strings.TrimSuffix(b.Path, "welcome")
	b.Post(base+"5", "why", "A long reason", "seq", "1").Wants(403, "/5", "Please read this first", "Why is that &lt;so&gt;?", `href="`+base+`consent"`)
	if got := r.Answer(person, "baseline", "why"); got.Kind != surveys.Untouched {
		t.Errorf("why = %#v before consent, want untouched", got)
	}
	b.Post(base+"2", "ease_1", "3", "seq", "1").Wants(403, "/2", "Easy", `name="ease_1" type="hidden" value="3"`, `name="seq" type="hidden" value="1"`)
	page := b.Path
	b.Post(base+"consent", "version", "2", "clause", "take-part").Wants(200, "/1")
	b.Post(page, "ease_1", "3", "seq", "1").Wants(200, "/3")
	if got := r.Answer(person, "baseline", "ease_1"); got != surveys.Number(3) {
		t.Errorf("ease_1 = %#v after consent, want 3", got)
	}
}

func TestOlderFormThatComesAgainChangesNothing(t *testing.T) {
	r := servertest.NewRoom(t)
	person := r.Enrol("P1")
	b := r.Browser()
	b.Begin(r.Invite(person, "baseline").Link).Send()
	seq := servertest.HiddenValue(t, b.HTML, "seq")
	b.Send("ease_1", "3", "seq", seq).Send("ease_1", "3", "seq", seq).Wants(200, "/3")
	page := strings.TrimSuffix(b.Path, "3") + "2"
	if got := r.Ledger(person, "baseline"); got != 1 {
		t.Errorf("%d rows after a double click, want 1", got)
	}
	b.Get(page)
	b.Send("ease_1", "1", "seq", servertest.HiddenValue(t, b.HTML, "seq")).Wants(200, "/3")
	b.Post(page, "ease_1", "3", "seq", seq).Wants(200, "/3") // on its way for a long time
	if got := r.Answer(person, "baseline", "ease_1"); got != surveys.Number(1) {
		t.Errorf("ease_1 = %#v, want the newer answer", got)
	}
	b.Post(page, "ease_1", "2", "seq", seq) // gone back to, and changed
	if got := r.Answer(person, "baseline", "ease_1"); got != surveys.Number(2) {
		t.Errorf("ease_1 = %#v, want the changed answer", got)
	}
	for i, garbled := range []string{"", "-1", "x", "999999"} {
		want := surveys.Number(float64(1 + i%2))
		b.Post(page, "ease_1", want.String(), "seq", garbled).Wants(200, "/3")
		if got := r.Answer(person, "baseline", "ease_1"); got != want {
			t.Errorf("ease_1 = %#v with the number %q, want %#v", got, garbled, want)
		}
	}
	check := strings.TrimSuffix(page, "2") + "check"
	b.Get(check)
	seq = servertest.HiddenValue(t, b.HTML, "seq")
	before := r.Ledger(person, "baseline")
	b.Post(check, "seq", seq).Wants(200, "/thanks")
	b.Post(check, "seq", seq).Wants(200, "/thanks")
	b.Post(check).Wants(200, "/thanks")
	if got := r.Ledger(person, "baseline"); got != before+1 {
		t.Errorf("%d rows for finishing, want 1", got-before)
	}
}

func TestOlderSheetThatComesAgainChangesNothing(t *testing.T) {
	r := servertest.NewRoom(t)
	person := r.Enrol("P1")
	b := r.Browser()
	b.Begin(r.Invite(person, "baseline").Link).Send("ease_1", "3")
	r.Now = r.Now.AddDate(0, 0, 1)
	b.Get("/s/" + r.Invite(person, "sheet").Link)
	page := strings.Replace(b.Path, "welcome", "all", 1)
	b.Get(page)
	older := []string{"ease_1", "1", "ease_2", "9", "skip", "yes", "seq", servertest.HiddenValue(t, b.HTML, "seq")}
	b.Send(older...).Wants(200, "/thanks")
	b.Post(page, older...).Wants(200, "/thanks")
	if got := r.Ledger(person, "sheet"); got != 1 {
		t.Errorf("%d rows after a double click, want 1", got)
	}
	b.Get(page)
	newer := []string{"ease_1", "2", "ease_2", "9", "happy", "0", "why", "Rain", "skip", "yes", "seq", servertest.HiddenValue(t, b.HTML, "seq")}
	b.Send(newer...).Wants(200, "/thanks")
	b.Post(page, older...).Wants(200, "/thanks")
	for code, want := range map[string]surveys.Value{"ease_1": surveys.Number(2), "happy": surveys.Number(0), "why": surveys.Text("Rain")} {
		if got := r.Answer(person, "sheet", code); got != want {
			t.Errorf("%s = %#v, want %#v of the newer page", code, got, want)
		}
	}
}

func TestPageOfAnotherLinkWritesNothing(t *testing.T) {
	r := servertest.NewRoom(t)
	first, second := r.Enrol("P1"), r.Enrol("P2")
	one, two := r.Invite(first, "baseline").Link, r.Invite(second, "baseline").Link
	b := r.Browser()

	b.Begin(one).Send().Wants(200, "/2")
	page := b.Path
	b.Begin(two)
	b.Post(page, "ease_1", "3").Wants(409, "/2", "This page belongs to another link", "How easy was getting up?", "Easy", `name="ease_1" type="hidden" value="3"`)
	for _, person := range []surveys.EnrolmentID{first, second} {
		if got := r.Answer(person, "baseline", "ease_1"); got.Kind != surveys.Untouched {
			t.Errorf("ease_1 of %s = %#v, want untouched", person, got)
		}
	}
	b.Post(page+"?reading", "ease_1", "3", "read-large", "on").Wants(409, "/2", "ww-page--large", "Easy", `name="ease_1" type="hidden" value="3"`,
		`value="off" form="answers" formaction="?reading"`).Lacks(`name="read-large" type="hidden"`)
	b.Get(page).Wants(409, "/2", "This page belongs to another link").Lacks("Save this now")
	b.Get("/s/" + one)
	b.Post(page, "ease_1", "3").Wants(200, "/3")
	if got := r.Answer(first, "baseline", "ease_1"); got != surveys.Number(3) {
		t.Errorf("ease_1 = %#v, want 3 once the link is open again", got)
	}

	stranger := r.Browser()
	stranger.Post(page, "ease_1", "2").Wants(401, "/2", "Open your link again", "What you typed or chose is kept on this page.", `value="2"`)
}

func TestFailedSaveKeepsWhatWasTyped(t *testing.T) {
	r := servertest.NewRoomOn(t, func(clock func() time.Time) *store.Store { return servertest.OpenRoomStore(t, clock) })
	b := r.Browser()
	b.Begin(r.Invite(r.Enrol("P1"), "baseline").Link).Send().Wants(200, "/2")
	if err := r.Store.Close(); err != nil {
		t.Fatal(err)
	}
	b.Send("ease_1", "3").Wants(503, "/2", "Your answer is not saved yet", `name="ease_1" type="hidden" value="3"`)
}

func TestUnknownAndEndedCodesLookAlike(t *testing.T) {
	r := servertest.NewRoom(t)
	person := r.Enrol("P1")
	ended := r.Invite(person, "baseline")
	r.Invite(person, "baseline")
	b := r.Browser()
	unknown := b.Get("/s/"+surveys.NewLink()).Wants(404, "", "This code or link does not work").HTML
	if got := b.Get("/s/"+ended.Link).Wants(404, "").HTML; got != unknown {
		t.Error("an ended link shows another page than an unknown one")
	}
	if got := b.Post("/", "code", ended.Code).Wants(404, "/").HTML; got != unknown {
		t.Error("an ended code shows another page than an unknown link")
	}
}

func TestClosedPages(t *testing.T) {
	r := servertest.NewRoom(t)
	person := r.Enrol("P1")
	baseline, later := r.Invite(person, "baseline").Link, r.Invite(person, "sheet").Link
	b := r.Browser()
	b.Begin(baseline).Send().Wants(200, "/2")
	question := b.Path
	r.Now = r.Now.AddDate(0, 0, 61)
	b.Get("/s/"+baseline).Wants(410, "", "This questionnaire has closed", "Friday 1 May 2026")
	b.Post(question, "ease_1", "2").Wants(410, "", "received after closing") // kept, and flagged by the store
	if got := r.Answer(person, "baseline", "ease_1"); got != surveys.Number(2) {
		t.Errorf("ease_1 = %#v, want the late answer kept", got)
	}
	b.Get("/s/"+later).Wants(410, "", "This questionnaire has closed")
	if err := r.Store.SetStudyState(context.Background(), "", "kinds", surveys.Ended); err != nil {
		t.Fatal(err)
	}
	r.Now = r.Now.AddDate(0, 0, -59)
	b.Get("/s/"+later).Wants(410, "", "This study has closed")
}

// The last page tells of lateness by when the answers came, not by when it is read.
func TestThanksTellsWhatWasLate(t *testing.T) {
	const late = "received after closing"
	r := servertest.NewRoom(t)
	inTime, after := r.Browser(), r.Browser()
	link := r.Invite(r.Enrol("P1"), "baseline").Link
	inTime.Begin(link)
	inTime.Post(strings.TrimSuffix(inTime.Path, "1") + "check")
	after.Begin(r.Invite(r.Enrol("P2"), "baseline").Link)
	check := strings.TrimSuffix(after.Path, "1") + "check"
	if err := r.Store.SetStudyState(context.Background(), "", "kinds", surveys.Ended); err != nil {
		t.Fatal(err)
	}
	after.Post(check).Wants(200, "/thanks", late)
	r.Now = r.Now.AddDate(0, 0, 61)
	inTime.Get("/s/"+link).Wants(200, "/thanks").Lacks(late)
}

func TestOnePageLayout(t *testing.T) {
	r := servertest.NewRoom(t)
	person := r.Enrol("P1")
	b := r.Browser()
	b.Begin(r.Invite(person, "baseline").Link)
	link := r.Invite(person, "sheet").Link
	b.Get("/s/"+link).Wants(410, "", "This questionnaire is not open yet", "Tuesday 3 March 2026")
	r.Now = r.Now.AddDate(0, 0, 1)
	b.Get("/s/"+link).Wants(200, "/welcome")
	b.Get(strings.Replace(b.Path, "welcome", "all", 1)).Wants(200, "/all", "Later questions", "Welcome to the first part.", "What is your pet called?").Lacks("Why is that")

	b.Send("ease_1", "1", "age", "old", "happy", "0").Wants(400, "/all", "There is a problem", `href="#age"`, `value="old"`, `value="1" checked`)
	if got := r.Answer(person, "sheet", "ease_1"); got != surveys.Number(1) {
		t.Errorf("ease_1 = %#v, want it saved beside a mistake", got)
	}
	b.Send("ease_1", "1", "age", "40", "happy", "0").Wants(200, "/all", "You have missed one question", `href="#ease_2-0"`, "Why is that &lt;so&gt;?")
	b.Send("ease_1", "1", "age", "40", "happy", "0", "why", "Rain", "skip", "yes").Wants(200, "/thanks")
	for code, want := range map[string]surveys.Value{"ease_1": surveys.Number(1), "ease_2": surveys.Absent(surveys.Skipped),
		"why": surveys.Text("Rain"), "age": surveys.Number(40), "height": surveys.Absent(surveys.Skipped)} {
		if got := r.Answer(person, "sheet", code); got != want {
			t.Errorf("%s = %#v, want %#v", code, got, want)
		}
	}
}

func TestStaffSurvey(t *testing.T) {
	r := servertest.NewRoom(t)
	codes, err := r.Store.MakeStaffCodes(context.Background(), "", "kinds", "round-1", "north", 7)
	if err != nil {
		t.Fatal(err)
	}
	b := r.Browser()
	b.Post("/", "code", codes[0]).Wants(200, "/staff/", "What is stored", "What is not stored", "not a place to report an incident")
	b.Get("/staff/survey").Wants(200, "/staff/survey", "We talk about mistakes.", "We learn from mistakes.", `<th scope="col">At times</th>`)
	handle := servertest.HiddenValue(t, b.HTML, "handle")
	b.Send("handle", handle, "open_1", "3").Wants(200, "/staff/survey", "You have missed one question", `value="3" checked`)
	b.Send("handle", "another", "open_1", "3").Wants(409, "/staff/survey", "This page belongs to another link", `name="open_1" type="hidden" value="3"`)
	b.Send("handle", handle, "open_1", "3", "skip", "yes").Wants(200, "/staff/thanks", "Your card is used up")
	b.Get("/staff/").Wants(401, "/staff/", "Open your link again")
	b.Post("/", "code", codes[0]).Wants(200, "/staff/").Get("/staff/survey")
	b.Send("handle", servertest.HiddenValue(t, b.HTML, "handle"), "open_1", "3", "skip", "yes").Wants(410, "/staff/survey", "take another card")

	// Pressing twice: the second is told that it arrived, also once the card is off the device. The card opens nothing more.
	b.Post("/", "code", codes[1]).Get("/staff/survey")
	handle, once := servertest.HiddenValue(t, b.HTML, "handle"), servertest.HiddenValue(t, b.HTML, "page")
	cookies := b.Client.Jar.Cookies(servertest.MustURL(t, r.URL))
	b.Send("handle", handle, "page", once, "open_1", "1", "open_2", "2").Wants(200, "/staff/thanks")
	b.Post("/staff/survey", "handle", handle, "page", once, "open_1", "1", "open_2", "2").Wants(200, "/staff/thanks")
	b.Client.Jar.SetCookies(servertest.MustURL(t, r.URL), cookies)
	b.Post("/staff/survey", "handle", handle, "page", once, "open_1", "1", "open_2", "2").Wants(200, "/staff/thanks")
	b.Client.Jar.SetCookies(servertest.MustURL(t, r.URL), cookies)
	b.Post("/staff/survey", "handle", handle, "page", "another", "open_1", "3", "open_2", "3").Wants(410, "/staff/survey", "This card cannot be used")

	// Two answers are stored: five more make seven, which are told as five once the round is closed, and eight would be ten.
	for _, code := range codes[2:] {
		b.Post("/", "code", code).Get("/staff/survey")
		b.Send("handle", servertest.HiddenValue(t, b.HTML, "handle"), "open_1", "1", "open_2", "2").Wants(200, "/staff/thanks")
	}
	if err := r.Store.CloseRound(t.Context(), "", "kinds", "round-1"); err != nil {
		t.Fatal(err)
	}
	if rounds, err := r.Store.Rounds(t.Context(), "kinds"); err != nil || rounds[0].Certificate.Sealed != 5 {
		t.Errorf("Rounds() = %+v, %v, want about five answers", rounds, err)
	}
}
