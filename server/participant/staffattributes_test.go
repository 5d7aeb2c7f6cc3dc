package participant_test

import (
	"strings"
	"testing"

	"wellwave/server/servertest"
	"wellwave/surveys"
)

// askingRoom is a room whose staff round asks both attributes; the North Practice is small and the South Practice large. It
// returns a card for each of n members of staff there.
func askingRoom(t *testing.T, sealed bool, n int) (r *servertest.Room, north, south []string) {
	t.Helper()
	r = servertest.NewRoom(t)
	plan := "staff_survey: {sealing: server, attributes: [role, tenure]}"
	if sealed {
		plan = "staff_survey: {attributes: [role, tenure]}"
	}
	r.Reload("staff_survey: {sealing: server}", plan)
	sites := []surveys.RoundSite{{Site: "north", Staff: 19}, {Site: "south", Staff: 20}}
	if err := r.Store.SetRoundSites(t.Context(), "", "kinds", "round-1", sites); err != nil {
		t.Fatal(err)
	}
	if sealed {
		for i, name := range []string{"Ailsa", "Bashir", "Catriona"} {
			key, err := r.Store.MakeCustodianKey(t.Context(), "", "kinds", surveys.StaffCustodian{Number: i + 1, Name: name}, "")
			if err != nil {
				t.Fatal(err)
			}
			if err := r.Store.ProveCustodianKey(t.Context(), "", "kinds", i+1, key); err != nil {
				t.Fatal(err)
			}
		}
		if err := r.Store.SetUpRound(t.Context(), "", "kinds", "round-1"); err != nil {
			t.Fatal(err)
		}
	}
	var cards [2][]string
	for i, site := range sites {
		var err error
		if cards[i], err = r.Store.MakeStaffCodes(t.Context(), "", "kinds", "round-1", site.Site, n); err != nil {
			t.Fatal(err)
		}
	}
	return r, cards[0], cards[1]
}

// Staff are asked about themselves at the end, need not say anything, and are told what becomes of it.
func TestStaffAttributes(t *testing.T) {
	r, north, south := askingRoom(t, true, 2)
	b := r.Browser()
	b.Post("/", "code", north[0]).Wants(200, "/staff/", "counts as one of fewer than 20 staff, so it is kept apart from your answers")
	b.Get("/staff/survey").Wants(200, "/staff/survey", "What is your work in this practice?", "How long have you worked in this practice?", "it is locked by itself, and nothing connects the two",
		`name="staff-role" type="radio" value="rather-not-say"`, `name="staff-tenure" type="radio" value="2-to-10"`).Lacks(" checked")
	if about, last := strings.Index(b.HTML, "What is your work"), strings.LastIndex(b.HTML, `name="open_2"`); about < last {
		t.Error("staff are asked about themselves before the end of the questionnaire")
	}
	handle := servertest.HiddenValue(t, b.HTML, "handle")

	// What was chosen is kept in the page, also where somebody changes how they read; neither question is ever missed.
	b.Send("handle", handle, "open_1", "3", "staff-tenure", "over-10").Wants(200, "/staff/survey", "You have missed one question",
		`id="staff-tenure-over-10" name="staff-tenure" type="radio" value="over-10" checked`)
	b.Post("/staff/survey?reading", "handle", handle, "open_1", "3", "staff-role", "clinical", "read-large", "on").Wants(200, "/staff/survey", "ww-page--large",
		`name="staff-role" type="radio" value="clinical" checked`)
	b.Send("handle", handle, "open_1", "3", "open_2", "1", "staff-role", "nurse<").Wants(200, "/staff/thanks")

	b.Post("/", "code", south[0]).Wants(200, "/staff/", "counts as one of 20 staff or more, so it is kept with your answers")
	b.Get("/staff/survey").Wants(200, "/staff/survey", "so this is kept with your answers")
	b.Send("handle", servertest.HiddenValue(t, b.HTML, "handle"), "open_1", "3", "open_2", "1", "staff-role", "other", "staff-tenure", "under-2").Wants(200, "/staff/thanks")
}

// Where the server keeps the answers, staff of a small practice are asked nothing about themselves.
func TestStaffAttributesKeptByServer(t *testing.T) {
	r, north, south := askingRoom(t, false, 1)
	b := r.Browser()
	b.Post("/", "code", north[0]).Wants(200, "/staff/").Lacks("about your work")
	b.Get("/staff/survey").Wants(200, "/staff/survey").Lacks("staff-role", "staff-tenure", "About you")
	b.Post("/", "code", south[0]).Wants(200, "/staff/", "about your work")
	b.Get("/staff/survey").Wants(200, "/staff/survey", "staff-role", "staff-tenure")
	b.Send("handle", servertest.HiddenValue(t, b.HTML, "handle"), "open_1", "3", "open_2", "1", "staff-role", "other").Wants(200, "/staff/thanks")
	if err := r.Store.CloseRound(t.Context(), "", "kinds", "round-1"); err != nil {
		t.Fatal(err)
	}
	rounds, err := r.Store.OpenedRounds(t.Context(), "kinds")
	if err != nil {
		t.Fatal(err)
	}
	want := surveys.StaffAttributes{Role: surveys.OtherRole, Tenure: surveys.TenureUnsaid}
	if answers := rounds[0].Answers; len(answers) != 1 || answers[0].Attributes != want {
		t.Errorf("OpenedRounds() has %+v, want one answer with %+v", answers, want)
	}
}
