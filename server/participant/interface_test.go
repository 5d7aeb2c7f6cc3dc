package participant_test

import (
	"context"
	"fmt"
	"html"
	"os"
	"strings"
	"testing"

	"wellwave/server/servertest"
	"wellwave/surveys"
	"wellwave/surveys/locale"
)

// inventedPack is an interface pack in a language that nobody speaks, which says every sentence in brackets, from right to left.
func inventedPack() string {
	var b strings.Builder
	b.WriteString("language: qaa\nname: Invented\ndirection: rtl\nmessages:\n")
	for _, message := range locale.AllMessages() {
		fmt.Fprintf(&b, "  %q: %q\n", message, "‹"+message+"›")
	}
	return b.String()
}

// withInvented loads the room's study again, with everything that it needs in the invented language beside it.
func withInvented(t *testing.T, r *servertest.Room) {
	t.Helper()
	ctx := context.Background()
	source, err := r.Store.StudySource(ctx, "kinds")
	if err != nil {
		t.Fatal(err)
	}
	source = strings.Replace(source, "translations:\n", `translations:
  qaa:
    title: Title in it
    contact: Contact in it
    consent:
      intro: Intro in it.
      clauses: {take-part: Clause in it., ask-again: Another in it.}
    waves: {baseline: Baseline in it, sheet: Sheet in it, table: Table in it, round-1: Round in it}
`, 1)
	words, err := os.ReadFile("../servertest/kinds/kinds.ar.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var definitions surveys.Definitions
	if err := definitions.AddWording("kinds.qaa.yaml", []byte(strings.Replace(string(words), "language: ar", "language: qaa", 1))); err != nil {
		t.Fatal(err)
	}
	if _, _, err := r.Store.LoadStudy(ctx, "", "study.yaml", []byte(source), &definitions); surveys.KindOf(err) != surveys.Invalid || !strings.Contains(err.Error(), "needs an interface pack beside the study file") {
		t.Errorf("LoadStudy() without the interface pack = %v, want it refused", err)
	}
	if err := definitions.AddInterface("interface.qaa.yaml", []byte(inventedPack())); err != nil {
		t.Fatal(err)
	}
	if _, changed, err := r.Store.LoadStudy(ctx, "", "study.yaml", []byte(source), &definitions); err != nil || !changed {
		t.Fatalf("LoadStudy() = changed %v, %v", changed, err)
	}
	if _, changed, err := r.Store.LoadStudy(ctx, "", "study.yaml", []byte(source), new(surveys.Definitions)); err != nil || changed {
		t.Errorf("LoadStudy() again without the packs = changed %v, %v, want nothing different", changed, err)
	}
}

// A study brings a language that the program was not built with, and every page for participants is in it.
func TestPagesInAStudysOwnLanguage(t *testing.T) {
	r := servertest.NewRoom(t)
	withInvented(t, r)
	person := r.Enrol("P1")
	b := r.Browser()
	wants := func(status int, ending string, texts ...string) {
		t.Helper()
		b.Wants(status, ending, append(texts, `lang="qaa" dir="rtl"`)...)
		text := html.UnescapeString(b.HTML)
		for _, message := range locale.AllMessages() {
			if len(message) < 12 || strings.Contains(message, "%") {
				continue
			}
			if whole, own := strings.Count(text, ">"+message+"<"), strings.Count(text, ">‹"+message+"›<"); whole > own {
				t.Errorf("%s says %q in English", b.Path, message)
			}
		}
	}
	b.Get("/s/"+r.Invite(person, "baseline").Link).Wants(200, "/welcome", `value="qaa" lang="qaa" dir="rtl"`, "Invented")
	b.Post(b.Path+"?reading", "language", "qaa")
	wants(200, "/welcome", "Title in it", "‹Start›")
	b.Get(b.On("consent"))
	wants(200, "/consent", "Intro in it.", "Clause in it.")
	b.Post(b.On("consent"), "version", "2", "clause", "take-part")
	wants(200, "/1", "‹Continue›")
	b.Get(b.On("2"))
	wants(200, "/2", "هل كان النهوض سهلًا؟", "‹Question 1 of 10›")
	b.Send("ease_1", "9")
	wants(400, "/2")
	b.Send("skip", "yes")
	wants(200, "/3")
	for _, page := range []string{"6", "7", "8", "9", "10", "check", "help", "agreed", "withdraw"} {
		b.Get(b.On(page))
		wants(200, "/"+page)
	}
	b.Post(b.Path+"?reading", "read-easy", "on")
	wants(200, "/withdraw")
	b.Get(b.On("check")).Post(b.On("check"), "skip", "yes")
	wants(200, "/thanks")
	if got := r.Answer(person, "baseline", "ease_1"); got != surveys.Absent(surveys.Skipped) {
		t.Errorf("ease_1 = %#v, want skipped", got)
	}
	b.Get("/").Wants(200, "/", "Enter your code") // which belongs to no study
	r.Now = r.Now.AddDate(0, 0, 61)
	b.Get("/s/" + r.Invite(person, "baseline").Link)
	wants(200, "/thanks")
}
