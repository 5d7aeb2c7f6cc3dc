package participant_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"wellwave/server/servertest"
	"wellwave/surveys"
)

func TestReadInAnotherLanguage(t *testing.T) {
	r, last := servertest.NewLedgerRoom(t)
	person := r.Enrol("P1")
	b := r.Browser()
	b.Get("/s/"+r.Invite(person, "baseline").Link).Wants(200, "/welcome", `action="?reading"`)
	b.Post(b.Path+"?reading", "language", "ar").Wants(200, "/welcome", `dir="rtl"`, "دراسة كل الأنواع", `<a href="tel:116123" dir="ltr">116 123</a>`)
	b.Post(b.Path+"?reading", "language", "en-GB").Wants(200, "/welcome", `dir="ltr"`)
	b.Get(b.On("consent")).Wants(200, "/consent", `form="answers" formaction="?reading"`)
	b.Post(b.On("consent")+"?reading", "clause", "ask-again", "language", "ar").Wants(200, "/consent", `dir="rtl"`, `value="ask-again" checked`).Lacks(`value="take-part" checked`)
	b.Post(b.On("consent")+"?reading", "clause", "ask-again", "language", "en-GB").Wants(200, "/consent", `value="ask-again" checked`)
	b.Begin(r.Invite(person, "baseline").Link)
	b.Get(b.On("2")).Wants(200, "/2", `lang="en-GB" dir="ltr"`, `name="language" type="submit" value="ar" lang="ar" dir="rtl" form="answers" formaction="?reading"`)

	// What was chosen is kept, and stands in the page in the other language.
	b.Post(b.On("2")+"?reading", "ease_1", "3", "language", "ar").Wants(200, "/2", `lang="ar" dir="rtl"`, "هل كان النهوض سهلًا؟", `value="3" checked`,
		"لم يراجع أحد هذه الترجمة").Lacks("How easy was getting up?")
	if got := r.Answer(person, "baseline", "ease_1"); got != surveys.Number(3) {
		t.Errorf("after changing the language the answer is %#v, want 3", got)
	}
	if saved := last(); !strings.Contains(saved, `"language":"ar"`) {
		t.Errorf("the ledger has %s, want the language in it", saved)
	}
	b.Post(b.On("7")+"?reading", "age", "44", "read-large", "on").Wants(200, "/7", `value="44"`)
	b.Post(b.On("7")+"?reading", "age", "", "read-large", "off").Wants(200, "/7").Lacks(`value="44"`) // taken back
	b.Get(b.On("2")).Send("ease_1", "2").Wants(200, "/3", "هل كان الذهاب إلى النوم سهلًا؟", "0: غير سهل")
	b.Get(b.On("9")).Send("met-day", "31", "met-month", "2", "met-year", "2026").Wants(400, "/9", `dir="rtl"`).Lacks("calendar", "problem")
	b.Get(b.On("check")).Wants(200, "/check", "متوسط").Lacks("Not answered", "Check your answers")
	b.Get(b.On("agreed")).Wants(200, "/agreed", `<p class="ww-text" lang="en-GB" dir="ltr">Please read this.</p>`)

	// It is this device's, and a link that is opened later comes in it at once; pages of no study too.
	b.Get("/").Wants(200, "/", `lang="ar" dir="rtl"`, `name="language" type="submit" value="en-GB"`)
	b.Get("/s/no-such-code").Wants(404, "/s/no-such-code", `lang="ar"`)

	b.Get("/").Post("/?reading", "language", "en-GB").Wants(200, "/", `lang="en-GB"`)
	b.Post("/?reading", "language", "xx").Wants(200, "/", `lang="en-GB"`)
}

// The form that changes how somebody reads is held to what other forms are, though its page may take none.
func TestReadingTakesNoLargeForm(t *testing.T) {
	b := servertest.NewRoom(t).Browser()
	b.Post("/?reading", "language", strings.Repeat("x", 256<<10)).Wants(413, "/")
	b.Post("/no/such/page?reading", "language", strings.Repeat("x", 256<<10)).Wants(413, "/no/such/page")
	b.Post("//elsewhere.example/?reading", "language", "ar").Wants(404, "/elsewhere.example/")
}

func TestAidsToReading(t *testing.T) {
	r, last := servertest.NewLedgerRoom(t)
	person := r.Enrol("P1")
	b := r.Browser().Begin(r.Invite(person, "baseline").Link)
	b.Get(b.On("2")).Wants(200, "/2", `name="read-large" type="submit" value="on"`, `aria-pressed="false"`, `name="aids" type="hidden" value=""`).Lacks("ww-page--large")
	b.Post(b.On("2")+"?reading", "ease_1", "1", "read-large", "on").Wants(200, "/2", `class="ww-page ww-page--large"`, `value="1" checked`,
		`name="read-large" type="submit" value="off"`, `aria-pressed="true"`, `name="aids" type="hidden" value="large-print"`)
	b.Post(b.On("2")+"?reading", "ease_1", "1", "read-easy", "on").Wants(200, "/2", "ww-page--large ww-page--easy", `value="easy-read large-print"`)
	b.Send("ease_1", "2", "aids", "easy-read large-print listened <b>").Wants(200, "/3")
	if saved := last(); !strings.Contains(saved, `"aids":"easy-read large-print listened"`) {
		t.Errorf("the ledger has %s, want the aids that were used", saved)
	}
	b.Post(b.On("3")+"?reading", "read-large", "off").Wants(200, "/3", "ww-page--easy").Lacks("ww-page--large")
	b.Post(b.On("3")+"?reading", "read-large", "sideways").Wants(200, "/3").Lacks("ww-page--large")
}

// In easy read each question stands by itself.
func TestEasyReadHasNoTables(t *testing.T) {
	table, _ := servertest.NewRoom(t).AtTable()
	table.Post(table.On("1")+"?reading", "read-easy", "on").Wants(200, "/1").Lacks("in a table")
	table.Get(table.On("grid-1")).Wants(200, "/welcome")
}

func TestSayWhoHelps(t *testing.T) {
	r, last := servertest.NewLedgerRoom(t)
	person := r.Enrol("P1")
	b := r.Browser()
	b.Get("/s/"+r.Invite(person, "baseline").Link).Wants(200, "/welcome", "Tell us if somebody helps you")
	b.Begin(r.Invite(person, "baseline").Link)

	// From a question, with what was typed.
	b.Get(b.On("2")).Post(b.On("2")+"?reading", "ease_1", "3", "read-help", "yes").Wants(200, "/help", "Who is answering?", "I answer by myself")
	b.Post(b.On("help"), "helper", "interpreter", "place", "home").Wants(200, "/3")
	if got := r.Answer(person, "baseline", "ease_1"); got != surveys.Number(3) {
		t.Errorf("after saying who helps the answer is %#v, want 3", got)
	}
	b.Get(b.On("3")).Send("ease_2", "5").Wants(200, "/4")
	for _, want := range []string{`"helper":"interpreter"`, `"place":"home"`, `"mode":"web"`} {
		if saved := last(); !strings.Contains(saved, want) {
			t.Errorf("the ledger has %s, want %s in it", saved, want)
		}
	}
	b.Get(b.On("help")).Wants(200, "/help", `value="interpreter" checked`, `value="home" checked`)
	b.Post(b.On("help"), "helper", "proxie", "place", "home").Wants(400, "/help", `href="#helper-0"`, "“proxie” is not an answer to this question.")
	b.Post(b.On("help"), "helper", "family", "place", "the moon").Wants(400, "/help", `href="#place-0"`, `value="family" checked`)
	b.Get(b.On("help")).Wants(200, "/help", `value="interpreter" checked`)
	b.Post(b.On("2")+"?reading", "read-help", "yes").Wants(200, "/help")
	b.Get(b.On("check")).Post(b.On("check")+"?reading", "read-help", "yes").Wants(200, "/help")

	r.Now = r.Now.Add(time.Minute)
	// A worker's token knows it as well, and says which aids were used for what it delivers.
	response := b.On("")
	token := b.Bundle().Token
	sitting := strings.Repeat("ab", 16)
	body := fmt.Sprintf(`{"protocol": 1, "token": %q, "submissions": [{"sitting": %q, "seq": 1, "answers": {"happy": 1}, "aids": "listened"}]}`, token, sitting)
	if status, reply := b.Deliver(http.DefaultClient, response, body); status != 200 || len(reply.Receipts) != 1 || reply.Receipts[0].State != "received" {
		t.Errorf("deliver: %d, %+v", status, reply)
	}
	for _, want := range []string{`"helper":"interpreter"`, `"place":"home"`, `"aids":"listened"`} {
		if saved := last(); !strings.Contains(saved, want) {
			t.Errorf("the ledger has %s, want %s in it", saved, want)
		}
	}
}
