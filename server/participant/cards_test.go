package participant_test

import (
	"fmt"
	"strings"
	"testing"

	"wellwave/server/servertest"
	"wellwave/surveys"
)

// tryCard does with a card all that does not use it up, and returns what can be seen on the way.
func tryCard(t *testing.T, r *servertest.Room, code string) (seen []string) {
	t.Helper()
	b := r.Browser()
	see := func() {
		text := strings.ReplaceAll(b.HTML, code, "")
		if b.Path == "/staff/survey" {
			text = strings.ReplaceAll(text, servertest.HiddenValue(t, text, "page"), "")
			text = strings.ReplaceAll(text, servertest.HiddenValue(t, text, "handle"), "")
		}
		seen = append(seen, fmt.Sprint(b.Status, " ", strings.ReplaceAll(b.Path, code, ""), " ", text))
	}
	b.Get("/s/" + code)
	if see(); b.Path != "/staff/" {
		return seen
	}
	b.Get("/staff/survey")
	see()
	handle, page := servertest.HiddenValue(t, b.HTML, "handle"), servertest.HiddenValue(t, b.HTML, "page")
	for _, typed := range [][]string{{"open_1", "99"}, {"open_1", "3"}, {"open_1", "3", "open_1", "2", "skip", "yes"}} {
		b.Post("/staff/survey", append([]string{"handle", handle, "page", page}, typed...)...)
		see()
	}
	return seen
}

// Somebody who has noted the codes of all cards before they are handed out tries them again and again, to see when each is
// used. Nothing that leaves a card unused tells.
func TestTryingCardsTellsNothing(t *testing.T) {
	r := servertest.NewRoom(t)
	codes, err := r.Store.MakeStaffCodes(t.Context(), "", "kinds", "round-1", "north", 3)
	if err != nil {
		t.Fatal(err)
	}
	before := tryCard(t, r, codes[0])
	if len(before) < 5 {
		t.Fatalf("a card that is not used leads to %d pages, want 5:\n%q", len(before), before)
	}
	b := r.Browser()
	b.Get("/s/"+codes[0]).Get("/staff/survey").Send("handle", servertest.HiddenValue(t, b.HTML, "handle"), "open_1", "3", "open_2", "2").Wants(200, "/staff/thanks")
	after := tryCard(t, r, codes[0])
	for i := range before {
		if i >= len(after) || after[i] != before[i] {
			t.Fatalf("step %d shows whether a card was used: before\n%.400s\nafter\n%.400s", i+1, before[i], strings.Join(after[min(i, len(after)):], "\n"))
		}
	}
	b.Get("/s/"+codes[0]).Get("/staff/survey").Send("handle", servertest.HiddenValue(t, b.HTML, "handle"), "open_1", "3", "open_2", "2").Wants(410, "/staff/survey", "This card cannot be used")
	if err := r.Store.CloseRound(t.Context(), "", "kinds", "round-1"); err != nil {
		t.Fatal(err)
	}
	if used, unused := tryCard(t, r, codes[0]), tryCard(t, r, codes[1]); used[0] != unused[0] || !strings.HasPrefix(used[0], "404") {
		t.Errorf("after the round a card that was used shows\n%s\nand one that was not\n%s", used[0], unused[0])
	}
}

// A code that nobody has and one with a slip are answered alike, and counted alike against whoever tries them.
func TestUnknownAndMistypedCodesAreAlike(t *testing.T) {
	answers := func(beginning string, valid bool) (all []string) {
		b := servertest.NewRoom(t).Browser()
		for len(all) < 40 {
			code := beginning + surveys.NewTypedCode()[3:]
			if _, ok := surveys.ReadCode(code); ok == valid {
				b.Get("/s/" + code)
				all = append(all, fmt.Sprint(b.Status, strings.ReplaceAll(b.HTML, code, "")))
			}
		}
		return all
	}
	mistyped, unknown := answers("345", false), answers("678", true)
	for i := range unknown {
		if unknown[i] != mistyped[i] {
			t.Fatalf("try %d of an unknown code is answered\n%.300s\nand of a mistyped one\n%.300s", i+1, unknown[i], mistyped[i])
		}
	}
}
