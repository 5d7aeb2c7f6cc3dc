package server

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"wellwave/surveys"
)

func TestReadInAnotherLanguage(t *testing.T) {
	r, last := newLedgerRoom(t)
	person := r.enrol("P1")
	b := r.browser()
	b.get("/s/"+r.invite(person, "baseline").Link).wants(200, "/welcome", `action="?reading"`)
	b.post(b.path+"?reading", "language", "ar").wants(200, "/welcome", `dir="rtl"`, "دراسة كل الأنواع", `<a href="tel:116123" dir="ltr">116 123</a>`)
	b.post(b.path+"?reading", "language", "en-GB").wants(200, "/welcome", `dir="ltr"`)
	b.get(b.on("consent")).wants(200, "/consent", `form="answers" formaction="?reading"`)
	b.post(b.on("consent")+"?reading", "clause", "ask-again", "language", "ar").wants(200, "/consent", `dir="rtl"`, `value="ask-again" checked`).lacks(`value="take-part" checked`)
	b.post(b.on("consent")+"?reading", "clause", "ask-again", "language", "en-GB").wants(200, "/consent", `value="ask-again" checked`)
	b.begin(r.invite(person, "baseline").Link)
	b.get(b.on("2")).wants(200, "/2", `lang="en-GB" dir="ltr"`, `name="language" type="submit" value="ar" lang="ar" dir="rtl" form="answers" formaction="?reading"`)

	// What was chosen is kept, and stands in the page in the other language.
	b.post(b.on("2")+"?reading", "ease_1", "3", "language", "ar").wants(200, "/2", `lang="ar" dir="rtl"`, "هل كان النهوض سهلًا؟", `value="3" checked`,
		"لم يراجع أحد هذه الترجمة").lacks("How easy was getting up?")
	if got := r.answer(person, "baseline", "ease_1"); got != surveys.Number(3) {
		t.Errorf("after changing the language the answer is %#v, want 3", got)
	}
	if saved := last(); !strings.Contains(saved, `"language":"ar"`) {
		t.Errorf("the ledger has %s, want the language in it", saved)
	}
	b.post(b.on("7")+"?reading", "age", "44", "read-large", "on").wants(200, "/7", `value="44"`)
	b.post(b.on("7")+"?reading", "age", "", "read-large", "off").wants(200, "/7").lacks(`value="44"`) // taken back
	b.get(b.on("2")).send("ease_1", "2").wants(200, "/3", "هل كان الذهاب إلى النوم سهلًا؟", "0: غير سهل")
	b.get(b.on("9")).send("met-day", "31", "met-month", "2", "met-year", "2026").wants(400, "/9", `dir="rtl"`).lacks("calendar", "problem")
	b.get(b.on("check")).wants(200, "/check", "متوسط").lacks("Not answered", "Check your answers")
	b.get(b.on("agreed")).wants(200, "/agreed", `<p class="ww-text" lang="en-GB" dir="ltr">Please read this.</p>`)

	// It is this device's, and a link that is opened later comes in it at once; pages of no study too.
	b.get("/").wants(200, "/", `lang="ar" dir="rtl"`, `name="language" type="submit" value="en-GB"`)
	b.get("/s/no-such-code").wants(404, "/s/no-such-code", `lang="ar"`)

	b.get("/").post("/?reading", "language", "en-GB").wants(200, "/", `lang="en-GB"`)
	b.post("/?reading", "language", "xx").wants(200, "/", `lang="en-GB"`)
}

// The form that changes how somebody reads is held to what other forms are, though its page may take none.
func TestReadingTakesNoLargeForm(t *testing.T) {
	b := newRoom(t).browser()
	b.post("/?reading", "language", strings.Repeat("x", 256<<10)).wants(413, "/")
	b.post("/no/such/page?reading", "language", strings.Repeat("x", 256<<10)).wants(413, "/no/such/page")
	b.post("//elsewhere.example/?reading", "language", "ar").wants(404, "/elsewhere.example/")
}

func TestAidsToReading(t *testing.T) {
	r, last := newLedgerRoom(t)
	person := r.enrol("P1")
	b := r.browser().begin(r.invite(person, "baseline").Link)
	b.get(b.on("2")).wants(200, "/2", `name="read-large" type="submit" value="on"`, `aria-pressed="false"`, `name="aids" type="hidden" value=""`).lacks("ww-page--large")
	b.post(b.on("2")+"?reading", "ease_1", "1", "read-large", "on").wants(200, "/2", `class="ww-page ww-page--large"`, `value="1" checked`,
		`name="read-large" type="submit" value="off"`, `aria-pressed="true"`, `name="aids" type="hidden" value="large-print"`)
	b.post(b.on("2")+"?reading", "ease_1", "1", "read-easy", "on").wants(200, "/2", "ww-page--large ww-page--easy", `value="easy-read large-print"`)
	b.send("ease_1", "2", "aids", "easy-read large-print listened <b>").wants(200, "/3")
	if saved := last(); !strings.Contains(saved, `"aids":"easy-read large-print listened"`) {
		t.Errorf("the ledger has %s, want the aids that were used", saved)
	}
	b.post(b.on("3")+"?reading", "read-large", "off").wants(200, "/3", "ww-page--easy").lacks("ww-page--large")
	b.post(b.on("3")+"?reading", "read-large", "sideways").wants(200, "/3").lacks("ww-page--large")
}

// In easy read each question stands by itself.
func TestEasyReadHasNoTables(t *testing.T) {
	table, _ := newRoom(t).atTable()
	table.post(table.on("1")+"?reading", "read-easy", "on").wants(200, "/1").lacks("in a table")
	table.get(table.on("grid-1")).wants(200, "/welcome")
}

func TestSayWhoHelps(t *testing.T) {
	r, last := newLedgerRoom(t)
	person := r.enrol("P1")
	b := r.browser()
	b.get("/s/"+r.invite(person, "baseline").Link).wants(200, "/welcome", "Tell us if somebody helps you")
	b.begin(r.invite(person, "baseline").Link)

	// From a question, with what was typed.
	b.get(b.on("2")).post(b.on("2")+"?reading", "ease_1", "3", "read-help", "yes").wants(200, "/help", "Who is answering?", "I answer by myself")
	b.post(b.on("help"), "helper", "interpreter", "place", "home").wants(200, "/3")
	if got := r.answer(person, "baseline", "ease_1"); got != surveys.Number(3) {
		t.Errorf("after saying who helps the answer is %#v, want 3", got)
	}
	b.get(b.on("3")).send("ease_2", "5").wants(200, "/4")
	for _, want := range []string{`"helper":"interpreter"`, `"place":"home"`, `"mode":"web"`} {
		if saved := last(); !strings.Contains(saved, want) {
			t.Errorf("the ledger has %s, want %s in it", saved, want)
		}
	}
	b.get(b.on("help")).wants(200, "/help", `value="interpreter" checked`, `value="home" checked`)
	b.post(b.on("help"), "helper", "a neighbour", "place", "home").wants(200, "/4") // nothing that anybody could have chosen
	b.get(b.on("help")).wants(200, "/help", `value="interpreter" checked`)
	b.post(b.on("2")+"?reading", "read-help", "yes").wants(200, "/help")
	b.get(b.on("check")).post(b.on("check")+"?reading", "read-help", "yes").wants(200, "/help")

	r.now = r.now.Add(time.Minute)
	// A worker's token knows it as well, and says which aids were used for what it delivers.
	response := b.on("")
	token := b.bundle().Token
	sitting := strings.Repeat("ab", 16)
	body := fmt.Sprintf(`{"protocol": 1, "token": %q, "submissions": [{"sitting": %q, "seq": 1, "answers": {"happy": 1}, "aids": "listened"}]}`, token, sitting)
	if status, reply := b.deliver(http.DefaultClient, response, body); status != 200 || len(reply.Receipts) != 1 || reply.Receipts[0].State != "received" {
		t.Errorf("deliver: %d, %+v", status, reply)
	}
	for _, want := range []string{`"helper":"interpreter"`, `"place":"home"`, `"aids":"listened"`} {
		if saved := last(); !strings.Contains(saved, want) {
			t.Errorf("the ledger has %s, want %s in it", saved, want)
		}
	}
}
