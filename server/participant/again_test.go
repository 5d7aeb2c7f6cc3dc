package participant_test

import (
	"strings"
	"testing"

	"wellwave/server/servertest"
	"wellwave/surveys"
)

// A page that somebody goes back to says what it was sent with last, also if it was sent with that before.
func TestFormChangedAndChangedBack(t *testing.T) {
	r := servertest.NewRoom(t)
	person := r.Enrol("P1")
	b := r.Browser()
	b.Begin(r.Invite(person, "baseline").Link).Send()
	page, seq := b.Path, servertest.HiddenValue(t, b.HTML, "seq")
	rows := 0
	for i, value := range []string{"2", "3", "2", "2", "3", "", "2", "3", "2"} {
		b.Post(page, "ease_1", value, "skip", "yes", "seq", seq).Wants(200, "/3")
		want := surveys.Absent(surveys.Skipped)
		if value != "" {
			want = surveys.Number(float64(value[0] - '0'))
		}
		if got := r.Answer(person, "baseline", "ease_1"); got != want {
			t.Errorf("ease_1 = %#v after %d forms, want %#v", got, i+1, want)
		}
		if i != 3 { // the same again
			rows++
		}
		if got := r.Ledger(person, "baseline"); got != rows {
			t.Errorf("%d rows after %d forms, want %d", got, i+1, rows)
		}
	}
	r.Now = r.Now.AddDate(0, 0, 1)
	b.Get("/s/" + r.Invite(person, "sheet").Link)
	page = strings.Replace(b.Path, "welcome", "all", 1)
	b.Get(page)
	seq = servertest.HiddenValue(t, b.HTML, "seq")
	for i, value := range []string{"2", "3", "2", "3"} {
		b.Post(page, "ease_1", value, "skip", "yes", "seq", seq).Wants(200, "/thanks")
		if got, want := r.Answer(person, "sheet", "ease_1"), surveys.Number(float64(value[0]-'0')); got != want {
			t.Errorf("ease_1 = %#v after %d sheets, want %#v", got, i+1, want)
		}
	}
}
