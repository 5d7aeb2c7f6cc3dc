package participant_test

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"wellwave/server/servertest"
	"wellwave/surveys"
)

// secrets are what somebody says to a yes-no question, of which no leads to another question, and there. A colleague's devices
// must not tell them apart.
var secrets = map[string][]string{
	"no, and why":        {"happy", "0", "why", "Nobody may know"},
	"no, and left there": {"happy", "0"},
	"yes":                {"happy", "1"},
	"left out":           {"happy", ""},
}

// answerSecretly answers in somebody's own browser what leads to other questions, and leaves the rest.
func answerSecretly(r *servertest.Room, link string, secret []string) {
	phone := r.Browser().Begin(link)
	phone.Send()
	for _, answer := range [][]string{{"ease_1", "2"}, {"ease_2", "5"}, secret[:2]} {
		phone.Send(answer...)
	}
	if len(secret) > 2 {
		phone.Wants(200, "/5").Send(secret[2:]...)
	}
}

// random is what is drawn anew each time and always as long, and study numbers.
var random = regexp.MustCompile(`"(token|ticket)":"[^"]*"|"until":\d+|P\d\d`)

// seen returns all that a device gets without asking what comes next: its pages, and what its worker keeps.
func seen(b *servertest.Browser) (all []string) {
	handle := strings.Split(b.Path, "/")[2]
	note := func() {
		text := random.ReplaceAllString(b.HTML, "")
		all = append(all, strings.ReplaceAll(fmt.Sprint(b.Status, " ", b.Path, " ", text), handle, "HANDLE"))
	}
	note() // where the device stands when the questionnaire is opened on it
	for _, page := range []string{"", "welcome", "check", "thanks", "offline.json", "all", "help", "1", "2", "3", "4", "6", "7"} {
		b.Get("/q/" + handle + "/" + page)
		note()
	}
	return all
}

// A colleague opens on another device, on the practice's tablet and on a computer where an account is signed in the
// questionnaires of people who have answered on their own phones, and loads them onto the tablet for when there is no network.
// What differs between the answers shows nowhere, not in a byte.
func TestAnswersDoNotShowInWhatFollowsFromThem(t *testing.T) {
	r := servertest.NewRoom(t)
	kiosk, practice := r.Kiosk("north"), r.AtPractice()
	devices := map[string]func(surveys.EnrolmentID, string) []string{
		"another browser": func(_ surveys.EnrolmentID, link string) []string { return seen(r.Browser().Get("/s/" + link)) },
		"an account's":    func(_ surveys.EnrolmentID, link string) []string { return seen(practice.Get("/s/" + link)) },
		"the tablet":      func(who surveys.EnrolmentID, _ string) []string { return seen(kiosk.HandTo(who, "baseline")) },
	}
	before, first, load := make(map[string][]string), "", []string(nil)
	for name, secret := range secrets {
		who := r.Enrol(fmt.Sprint("P", 10+len(load)))
		link := r.Invite(who, "baseline").Link
		answerSecretly(r, link, secret)
		load = append(load, "person", string(who)+"/baseline")
		for device, open := range devices {
			if device == "the tablet" && len(load) > 4 {
				continue // each PIN takes long, and the pages there are those of another browser
			}
			got := open(who, link)
			for i := range before[device] {
				if got[i] != before[device][i] {
					t.Errorf("%s, view %d: %q and %q look different:\n%.300s\n%.300s", device, i+1, first, name, before[device][i], got[i])
				}
			}
			if before[device] == nil {
				before[device] = got
			}
		}
		first = cmp.Or(first, name)
	}
	kiosk.Get(servertest.KioskPath).Post(servertest.KioskPath, "pin", servertest.PIN).Post("/q/kiosk/load", load...)
	var people []string
	for text := range strings.SplitSeq(kiosk.HTML, `{"label":`) {
		if handle := regexp.MustCompile(`"handle":"(\w+)"`).FindStringSubmatch(text); handle != nil {
			people = append(people, strings.Trim(random.ReplaceAllString(strings.ReplaceAll(text, handle[1], "HANDLE"), ""), `,]}0":deikps`))
		}
	}
	if slices.Sort(people); len(people) != len(secrets) || people[0] != people[len(people)-1] {
		t.Errorf("what a tablet keeps of %d people differs:\n%.300s\n%.300s", len(people), people[0], people[len(people)-1])
	}
}

// Where all questions stand on one page, what follows from hidden answers is asked on a page of its own, after the others.
func TestOnePageAsksTheRestLast(t *testing.T) {
	r := servertest.NewRoom(t)
	who := r.Enrol("P1")
	r.Browser().Begin(r.Invite(who, "baseline").Link)
	r.Now = r.Now.AddDate(0, 0, 1)
	link := r.Invite(who, "sheet").Link
	phone := r.Browser().Get("/s/"+link).Wants(200, "/welcome")
	phone.Get(phone.On("all")).Send("ease_1", "1", "ease_2", "2", "happy", "0", "age", "old").Wants(400, "/all")
	b := r.Browser().Get("/s/"+link).Wants(200, "/all").Lacks("Why is that")
	b.Send("age", "40").Wants(200, "/next-0", "Why is that").Lacks("What is your pet called?")
	b.Send("asked", "why", "asked", "happy", "asked", "nothing", "why", "Rain \u202e").Wants(200, "/thanks")
	for code, want := range map[string]surveys.Value{"happy": surveys.Number(0), "age": surveys.Number(40), "ease_1": surveys.Number(1)} {
		if got := r.Answer(who, "sheet", code); got != want {
			t.Errorf("%s = %#v, want %#v", code, got, want)
		}
	}
	if got := r.Answer(who, "sheet", "why"); !strings.HasPrefix(got.Text, "Rain") {
		t.Errorf("why = %#v, want what was typed", got)
	}
	b.Get(b.On("next-0")).Wants(200, "/thanks")
}

// The person goes on: the server is asked what comes next, and asks what follows from the answers that are not shown.
func TestServerAsksWhatFollowsFromHiddenAnswers(t *testing.T) {
	r := servertest.NewRoom(t)
	for name, next := range map[string]string{"no, and why": "/6", "no, and left there": "/5", "yes": "/6", "left out": "/6"} {
		who := r.Enrol("Q" + fmt.Sprint(len(name)))
		link := r.Invite(who, "baseline").Link
		answerSecretly(r, link, secrets[name])
		b := r.Browser().Get("/s/"+link).Wants(200, "/6")
		b.Get(b.On("next-0")).Wants(200, next)
		if next != "/5" {
			b.Get(b.On("5")).Wants(200, "/6") // what was answered elsewhere looks like what is not asked
			continue
		}
		b.Wants(200, "/5", "Question 4 of 11").Send("why", "Said here").Wants(200, "/6", "Question 5 of 11")
		b.Get(b.On("check")).Wants(200, "/check", "Said here", "Asked earlier")
	}
}
