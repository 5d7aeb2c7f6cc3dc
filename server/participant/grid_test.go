package participant_test

import (
	"maps"
	"strings"
	"testing"

	"wellwave/server/servertest"
	"wellwave/surveys"
)

func TestQuestionsInATable(t *testing.T) {
	r := servertest.NewRoom(t)
	b, person := r.AtTable()
	base := strings.TrimSuffix(b.Path, "1")
	b.Get(base+"grid-1").Wants(200, "/grid-1", "Questions 1 to 2 of 2", `<th scope="col">At times</th>`, `<th scope="row"><span id="open_1-label">We talk about mistakes.</span>`,
		`name="open_2" type="radio" value="3" aria-labelledby="open_2-label open_2-2-label"`, `/1" data-other="grid">Show one question a screen`).Lacks("checked")
	b.Send("open_1", "7").Wants(400, "/grid-1", "There is a problem", `href="#open_1-0"`, "is not an answer to this question").Lacks("data-other")
	b.Send("open_1", "3").Wants(200, "/grid-1", "You have missed one question", `href="#open_2-0"`, "Carry on without answering", `value="3" checked`).Lacks("data-other")
	if got := r.Answer(person, "table", "open_1"); got != surveys.Number(3) {
		t.Errorf("open_1 = %#v before anything is said of open_2, want 3", got)
	}
	b.Get(base+"grid-1").Wants(200, "/grid-1", `value="3" checked`, `/2" data-other="grid"`) // one by one goes on at the first open question

	other := r.Browser()
	other.Get("/s/"+r.Invite(person, "table").Link).Wants(200, "/2")
	other.Get(base+"grid-1").Wants(200, "/grid-1", "You answered some of this earlier").Lacks("checked")
	other.Send("skip", "yes").Wants(200, "/check", "Asked earlier")
	for code, want := range map[string]surveys.Value{"open_1": surveys.Number(3), "open_2": surveys.Absent(surveys.Skipped)} {
		if got := r.Answer(person, "table", code); got != want {
			t.Errorf("%s = %#v, want %#v", code, got, want)
		}
	}
}

func TestTableSavesByItself(t *testing.T) {
	r := servertest.NewRoom(t)
	b, person := r.AtTable()
	base := strings.TrimSuffix(b.Path, "1")
	save := base + "grid-1/save"
	b.Post(save, "seq", "1").Wants(200, "/save", `"seq":"1"`).Lacks(`"received":true`)
	b.Post(save, "seq", "1", "open_1", "2").Wants(200, "/save", `"received":true`, `"seq":"2"`)
	b.Post(save, "seq", "2", "open_1", "2", "open_2", "1").Wants(200, "/save", `"received":true`, `"seq":"3"`)
	for code, want := range map[string]float64{"open_1": 2, "open_2": 1} {
		if got := r.Answer(person, "table", code); got != surveys.Number(want) {
			t.Errorf("%s = %#v, want %v", code, got, want)
		}
	}
}

// TestTableWhereNoneWasAsked: without tables, the address of one leads on to the questions.
func TestTableWhereNoneWasAsked(t *testing.T) {
	r := servertest.NewRoom(t)
	b := r.Browser()
	b.Begin(r.Invite(r.Enrol("P1"), "baseline").Link).Send().Wants(200, "/2").Lacks("grid-")
	base := strings.TrimSuffix(b.Path, "2")
	for _, number := range []string{"2", "0", "99", "x"} {
		b.Get(base+"grid-"+number).Wants(200, "/welcome")
		b.Post(base+"grid-"+number, "ease_1", "1").Wants(200, "/welcome")
	}
}

// TestBundleOfSeveralQuestionsAPage: a worker gets what pages of several questions are made of.
func TestBundleOfSeveralQuestionsAPage(t *testing.T) {
	r := servertest.NewRoom(t)
	b, person := r.AtTable()
	table := b.Bundle()
	if want := map[string][2]int{"grid-1": {0, 2}}; !maps.Equal(table.Sheets, want) || len(table.Blocks) > 0 {
		t.Errorf("a wave with a table has sheets %v and %d blocks, want %v and none", table.Sheets, len(table.Blocks), want)
	}
	for _, name := range []string{"1", "2", "grid-1", "check"} {
		if table.Pages[name] == nil {
			t.Errorf("the bundle lacks page %s", name)
		}
	}
	b.Get("/s/"+r.Invite(person, "sheet").Link).Wants(200, "/welcome")
	sheet := b.Bundle()
	if want := map[string][2]int{"all": {0, 12}}; !maps.Equal(sheet.Sheets, want) || len(sheet.Sections) != 1 || len(sheet.Blocks) != 12 || sheet.Pages["all"] == nil {
		t.Errorf("a wave on one page has sheets %v, %d sections and %d blocks", sheet.Sheets, len(sheet.Sections), len(sheet.Blocks))
	}
	// What does not apply yet is there too, and no word of the page waits for a person.
	for i, text := range map[int]string{4: "Why is that &lt;so&gt;?", 11: `name="transport" type="radio" value="2"`} {
		if !strings.Contains(sheet.Blocks[i], text) {
			t.Errorf("block %d lacks %q: %s", i, text, sheet.Blocks[i])
		}
	}
}
