package rounds_test

import (
	"fmt"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"wellwave/server"
	"wellwave/server/access"
	"wellwave/server/servertest"
	"wellwave/surveys"
	"wellwave/surveys/store/storetest"
)

const (
	roundsAt     = "/office/studies/trial/rounds"
	roundAt      = roundsAt + "/round-1"
	custodiansAt = "/office/studies/trial/custodians"
)

// roundOffice is an office with a clock and the tests' study, whose staff round three custodians open.
type roundOffice struct {
	*servertest.Office
	now time.Time
}

// newRoundOffice returns an office whose study's file is changed by pairs of what it says and is to say.
func newRoundOffice(t *testing.T, config server.Config, changes ...string) *roundOffice {
	t.Helper()
	o := &roundOffice{now: storetest.Start}
	o.Office = servertest.NewOfficeAt(t, func() time.Time { return o.now }, config)
	other := storetest.New(t)
	storetest.LoadStudy(t, other)
	source, err := other.StudySource(t.Context(), storetest.Study)
	if err != nil {
		t.Fatal(err)
	}
	definitions := new(surveys.Definitions)
	storetest.AddDefinitions(t, definitions)
	source = strings.NewReplacer(append(changes, ", sealing: server", "")...).Replace(source)
	if _, _, err := o.Store.LoadStudy(t.Context(), "", "study.yaml", []byte(source), definitions); err != nil {
		t.Fatal(err)
	}
	if err := o.Store.SetStudyState(t.Context(), "", storetest.Study, surveys.Live); err != nil {
		t.Fatal(err)
	}
	return o
}

// endsSoon has the round end in the month that the clock of the tests begins in, and over is the first moment after it.
var (
	endsSoon = []string{"closes: 2026-12-31", "closes: 2026-02-19"}
	over     = time.Date(2026, time.February, 20, 0, 0, 0, 0, time.UTC)
)

// setUp has the round set up by three custodians, and returns their keys.
func (o *roundOffice) setUp() [3]string {
	o.T.Helper()
	keys := storetest.MakeCustodians(o.T, o.Store)
	if err := o.Store.SetUpRound(o.T.Context(), "", storetest.Study, storetest.Round); err != nil {
		o.T.Fatal(err)
	}
	return keys
}

// answer sends n answers from a practice.
func (o *roundOffice) answer(site surveys.SiteID, n int) {
	o.T.Helper()
	codes, err := o.Store.MakeStaffCodes(o.T.Context(), "", storetest.Study, storetest.Round, site, n)
	if err != nil {
		o.T.Fatal(err)
	}
	for i, code := range codes {
		opened, err := o.Store.OpenLink(o.T.Context(), code)
		if err != nil {
			o.T.Fatal(err)
		}
		sub := surveys.StaffSubmission{StaffCode: opened.StaffCode, Language: "en",
			Answers: []surveys.ItemAnswer{{Code: "climate_1", Value: surveys.Number(float64(i%7 + 1))}, {Code: "climate_2", Value: surveys.Number(4)}}}
		if err := o.Store.SubmitStaff(o.T.Context(), sub); err != nil {
			o.T.Fatal(err)
		}
	}
}

func wantRedirect(t *testing.T, what string, r servertest.Reply, to string) {
	t.Helper()
	if got := r.Header.Get("Location"); r.Status != http.StatusSeeOther || got != to {
		t.Errorf("%s: %d to %q, want 303 to %q\n%s", what, r.Status, got, to, servertest.Excerpt(r.Body))
	}
}

func wantAudited(t *testing.T, o *roundOffice, action string, want int) {
	t.Helper()
	if n := o.Audited(action); n != want {
		t.Errorf("%s is in the audit trail %d times, want %d", action, n, want)
	}
}

func wantNot(t *testing.T, what string, r servertest.Reply, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if strings.Contains(html.UnescapeString(r.Body), text) {
			t.Errorf("%s: the page says %q\n%s", what, text, servertest.Excerpt(r.Body))
		}
	}
}

func TestStudyWithoutRounds(t *testing.T) {
	o := servertest.NewOffice(t)
	definitions := new(surveys.Definitions)
	storetest.AddDefinitions(t, definitions)
	source := strings.NewReplacer("{wellbeing: \"1\"}", "{mood: \"1\"}", "primary: wellbeing", "primary: mood", "[wellbeing]", "[mood]").Replace(servertest.SmallStudy)
	if _, _, err := o.Store.LoadStudy(t.Context(), "", "study.yaml", []byte(source), definitions); err != nil {
		t.Fatal(err)
	}
	b := o.As(surveys.Researcher)
	r := b.Get("/office/studies/small/rounds")
	servertest.WantStatus(t, "no rounds", r, http.StatusOK)
	servertest.WantText(t, "no rounds", r, "This study has no staff rounds")
	wantNot(t, "no rounds", r, "Custodians")
	servertest.WantStatus(t, "a round that is none", b.Get("/office/studies/small/rounds/baseline"), http.StatusNotFound)
	servertest.WantStatus(t, "an unknown study", b.Get("/office/studies/none/rounds"), http.StatusNotFound)
}

func TestRoundsSayHowFarTheyHaveCome(t *testing.T) {
	o := newRoundOffice(t, server.Config{}, endsSoon...)
	b := o.As(surveys.Researcher)
	servertest.WantText(t, "planned", b.Get(roundsAt), "Round 1", "planned", "none: the round is not set up yet", "So far 0 of 3 have", "no key yet", custodiansAt)
	r := b.Get(roundAt)
	servertest.WantText(t, "planned", r, `aria-current="step">Planned`, "Go to the custodians", "whoever are the three custodians", "Poster for the practices")
	wantNot(t, "planned", r, "Set the round up", "Make cards", "Text to copy", "Certificate")

	o.setUp()
	servertest.WantText(t, "the list", b.Get(roundsAt), "Ailsa, key read back", "fewer than 5 answers on 2 February 2026",
		"counts are taken once a day, rounded down to 5, and not in the last 2 days")
	r = b.Get(roundAt)
	servertest.WantText(t, "open", r, `aria-current="step">Open`, "Planned<span class=\"ww-hidden\">, done", "<li>Bashir</li>", "none of them can alone", "Make the cards", "Close the round", "Text to copy",
		"you need do nothing", "until 19 February 2026", "Questions: The front desk")
	o.answer("north", 8)
	servertest.WantText(t, "the same day", b.Get(roundsAt), "fewer than 5 answers on 2 February 2026")
	o.now = o.now.AddDate(0, 0, 1)
	b = o.As(surveys.DataManager)
	servertest.WantText(t, "the next day", b.Get(roundsAt), "about 5 answers on 3 February 2026; counts are taken once a day")

	o.now = over
	b = o.As(surveys.Administrator)
	r = b.Get(roundAt)
	servertest.WantText(t, "over", r, "Its last day has passed", "sealed envelope")
	wantNot(t, "over", r, "Make the cards", "Make cards", "Text to copy")
	servertest.WantText(t, "over", b.Get(roundsAt), "over, not closed yet")
}

func TestRoundThatTheServerKeeps(t *testing.T) {
	o := newRoundOffice(t, server.Config{}, "staff_survey: {programme: new, sealing: server}", "staff_survey: {programme: new, sealing: server, attributes: [role, tenure]}")
	b := o.As(surveys.Researcher)
	servertest.WantText(t, "planned", b.Get(roundAt), "The server keeps the answers readable", "Set the round up", "Make cards")
	wantNot(t, "the list", b.Get(roundsAt), "Custodians")
	servertest.WantText(t, "its custodians", b.Get(custodiansAt), "no custodian is needed")
	servertest.WantText(t, "set up?", b.Get(roundAt+"/set-up"), "this round stays as it is",
		"the kind of work and how long they have been there", "practices that have a headcount of 20 or more now", "At smaller ones nobody is asked")
	wantRedirect(t, "set up", b.Post(roundAt+"/set-up", nil), roundAt)
	wantRedirect(t, "set up again", b.Post(roundAt+"/set-up", nil), roundAt)
	wantAudited(t, o, "round.set-up", 1)
	o.answer("south", 6)
	servertest.WantText(t, "close?", b.Get(roundAt+"/close"), "nobody has to open them afterwards")
	wantRedirect(t, "close", b.Post(roundAt+"/close", url.Values{"sure": {"true"}}), roundAt)
	servertest.WantText(t, "closed", b.Get(roundAt), `aria-current="step">Opened`, "about 5, to the nearest 5", "nobody: the server kept the answers", "5 to 10", "0 to 4")
}

func TestHeadcounts(t *testing.T) {
	o := newRoundOffice(t, server.Config{})
	b := o.As(surveys.Researcher)
	form := url.Values{"site": {"north", "south"}, "staff": {"7", "12"}, "contact": {"  Practice   manager ", ""}}
	wantRedirect(t, "saved", b.Post(roundAt, form), roundAt)
	wantAudited(t, o, "round.headcount", 1) // south stays as it was
	r := b.Get(roundAt)
	servertest.WantText(t, "saved", r, `id="staff-north" name="staff" type="text" value="7"`, `value="Practice manager"`, "fewer than 8: its results can only stand together with other practices’")
	wantRedirect(t, "the same again", b.Post(roundAt, form), roundAt)
	wantAudited(t, o, "round.headcount", 1)

	r = b.Post(roundAt, url.Values{"site": {"north", "south"}, "staff": {"three", "1001"}, "contact": {strings.Repeat("x", 121), ""}})
	servertest.WantStatus(t, "nothing right", r, http.StatusBadRequest)
	servertest.WantText(t, "nothing right", r, `href="#staff-north">North Practice: A headcount is a whole number from 0 to 1000.`, `href="#contact-north"`, `href="#staff-south"`,
		`value="three"`, `value="1001"`, `aria-invalid="true"`)
	servertest.WantStatus(t, "a row cut short", b.Post(roundAt, url.Values{"site": {"north"}}), http.StatusBadRequest)
	wantRedirect(t, "a practice that is not there", b.Post(roundAt, url.Values{"site": {"west"}, "staff": {"9"}, "contact": {""}}), roundAt)
	wantAudited(t, o, "round.headcount", 1)
	wantRedirect(t, "no headcount", b.Post(roundAt, url.Values{"site": {"north"}, "staff": {""}, "contact": {""}}), roundAt)
	servertest.WantText(t, "no headcount", b.Get(roundAt), "without a headcount there are no cards")

	r = o.As(surveys.Auditor).Get(roundAt)
	servertest.WantText(t, "for an auditor", r, "Practices in this round", "not given")
	wantNot(t, "for an auditor", r, `name="staff"`, "Save headcounts", "Go to the custodians", "Make cards")

	o.setUp()
	if err := o.Store.CloseRound(t.Context(), "", storetest.Study, storetest.Round); err != nil {
		t.Fatal(err)
	}
	servertest.WantStatus(t, "after closing", b.Post(roundAt, form), http.StatusConflict)
	wantNot(t, "after closing", b.Get(roundAt), `name="staff"`, "Save headcounts", "poster.pdf")
}

func TestSetUpRound(t *testing.T) {
	o := newRoundOffice(t, server.Config{})
	b := o.As(surveys.DataManager)
	servertest.WantText(t, "the question", b.Get(roundAt+"/set-up"), "nobody yet as custodian 1, nobody yet as custodian 2 and nobody yet as custodian 3")
	r := b.Post(roundAt+"/set-up", nil)
	servertest.WantStatus(t, "without custodians", r, http.StatusConflict)
	servertest.WantText(t, "without custodians", r, "Three custodians need a key before a round can be set up, and there are 0.", "There is a problem")
	storetest.MakeCustodians(t, o.Store)
	newKey(t, b, 2, "Bashir")
	servertest.WantText(t, "with a key that was not read back", b.Post(roundAt+"/set-up", nil), "Custodian 2 has not shown yet that their key can be read back.")
	wantRedirect(t, "cards before it is set up", b.Get(roundAt+"/north/cards"), roundAt)
	wantRedirect(t, "cards before it is set up", b.Post(roundAt+"/cards", nil), roundAt)
	wantAudited(t, o, "round.set-up", 0)
	storetest.MakeCustodians(t, o.Store)
	servertest.WantText(t, "the round", b.Get(roundAt), "Set the round up")
	servertest.WantText(t, "the question", b.Get(roundAt+"/set-up"), "Ailsa, Bashir and Catriona", "does not open this round", "nobody can ever read the answers",
		"from 8 answers", "the arm “New” are those of the programme")
	wantRedirect(t, "set up", b.Post(roundAt+"/set-up", nil), roundAt)
	wantAudited(t, o, "round.set-up", 1)
	wantRedirect(t, "asked again", b.Get(roundAt+"/set-up"), roundAt)
}

func TestCloseRound(t *testing.T) {
	o := newRoundOffice(t, server.Config{})
	b := o.As(surveys.Researcher)
	wantRedirect(t, "before it is set up", b.Post(roundAt+"/close", url.Values{"sure": {"true"}}), roundAt)
	o.setUp()
	o.answer("north", 9)
	r := b.Get(roundAt + "/close")
	servertest.WantText(t, "the question", r, "stop working for good", "Ailsa, Bashir and Catriona", "cannot be opened for answers again", "Its last day, 31 December 2026, has not passed yet")
	r = b.Post(roundAt+"/close", nil)
	servertest.WantStatus(t, "without the tick", r, http.StatusBadRequest)
	servertest.WantText(t, "without the tick", r, `href="#sure"`, "Tick the box", `aria-invalid="true"`)
	servertest.WantStatus(t, "a tick that is none", b.Post(roundAt+"/close", url.Values{"sure": {"maybe"}}), http.StatusBadRequest)
	wantAudited(t, o, "round.close", 0)
	wantRedirect(t, "close", b.Post(roundAt+"/close", url.Values{"sure": {"true"}}), roundAt)
	wantRedirect(t, "close again", b.Post(roundAt+"/close", url.Values{"sure": {"true"}}), roundAt)
	if o.Audited("round.close") == 0 {
		t.Error("closing is not in the audit trail")
	}
	r = b.Get(roundAt)
	servertest.WantText(t, "closed", r, `aria-current="step">Closed`, "Bring two of the three custodians together", "Open the answers", "5 to 9", "0 to 4")
	wantRedirect(t, "cards", b.Post(roundAt+"/cards", nil), roundAt)

	late := newRoundOffice(t, server.Config{}, endsSoon...)
	late.setUp()
	late.now = over
	r = late.As(surveys.Researcher).Get(roundAt + "/close")
	servertest.WantText(t, "after the last day", r, "cannot be opened for answers again")
	wantNot(t, "after the last day", r, "has not passed yet")
}

// parts are what to look for if a key were shown: every eight letters of it in a row, and its groups as the office writes
// them.
func parts(key string) []string {
	rest := strings.TrimPrefix(key, "AGE-SECRET-KEY-1")
	var parts []string
	for i := 0; i+8 <= len(rest); i += 4 {
		parts = append(parts, rest[i:i+8], rest[i:i+4]+"</span> <span class=\"ww-key__group\">"+rest[i+4:i+8])
	}
	return parts
}

func wantNoKey(t *testing.T, what, text string, keys ...string) {
	t.Helper()
	text = strings.ToUpper(text)
	for _, key := range keys {
		for _, part := range parts(key) {
			if strings.Contains(text, strings.ToUpper(part)) {
				t.Errorf("%s holds a part of a key", what)
				return
			}
		}
	}
}

func TestOpenRound(t *testing.T) {
	o := newRoundOffice(t, server.Config{})
	b := o.As(surveys.Researcher)
	wantRedirect(t, "before it is closed", b.Get(roundAt+"/open"), roundAt)
	keys := o.setUp()
	o.answer("north", 9)
	wantRedirect(t, "before it is closed", b.Post(roundAt+"/open", url.Values{"first": {keys[0]}, "second": {keys[1]}}), roundAt)
	if err := o.Store.CloseRound(t.Context(), "", storetest.Study, storetest.Round); err != nil {
		t.Fatal(err)
	}
	r := b.Get(roundAt + "/open")
	servertest.WantText(t, "the question", r, "Ailsa, Bashir and Catriona", "First key", "Second key from a file", `autocomplete="off"`, `spellcheck="false"`, "cannot be undone")
	wantNot(t, "the question", r, "demonstration")

	damaged := keys[1][:40] + map[bool]string{true: "P", false: "Q"}[keys[1][40] == 'Q'] + keys[1][41:]
	large := strings.Repeat("# a comment\n", 400) + keys[1]
	for _, tt := range []struct {
		name          string
		first, second string
		file          string // for the second key
		field, want   string
	}{
		{"nothing", "", "", "", "first", "No key was given."},
		{"one alone", keys[0], "", "", "second", "No key was given."},
		{"the same twice", keys[0], keys[0], "", "second", "Second key: both keys are of the same custodian."},
		{"a letter wrong", keys[0], damaged, "", "second", "Second key: a letter of this key is wrong or missing"},
		{"something else", "open sesame", keys[1], "", "first", "First key: this is not a custodian’s key"},
		{"something else as a file", keys[0], "", "\x00\xff\xfe", "second", "this is not a custodian’s key"},
		{"a large file", keys[0], "", large, "second", "this file is too large"},
		{"a long text", keys[0], strings.Repeat("A", 5000), "", "second", "Use at most 4096 characters."},
		{"one wrong after a right one", keys[0], keys[2][:30], "", "second", "a letter of this key is wrong or missing"},
	} {
		r := b.PostFiles(roundAt+"/open", url.Values{"typed": {"trial"}, "first": {tt.first}, "second": {tt.second}}, map[string]string{"first-file": "", "second-file": tt.file})
		servertest.WantStatus(t, tt.name, r, http.StatusBadRequest)
		if !strings.Contains(strings.ToLower(html.UnescapeString(r.Body)), strings.ToLower(tt.want)) {
			t.Errorf("%s: the page lacks %q\n%s", tt.name, tt.want, servertest.Excerpt(r.Body))
		}
		servertest.WantText(t, tt.name, r, `href="#`+tt.field+`"`, fmt.Sprintf(`id="%s-error"`, tt.field))
		wantNoKey(t, tt.name+": the page", r.Body, append(keys[:], damaged)...)
		wantNot(t, tt.name, r, "open sesame")
	}
	servertest.WantStatus(t, "a body without end", b.PostFiles(roundAt+"/open", nil, map[string]string{"first-file": strings.Repeat("x", 70<<10)}), http.StatusRequestEntityTooLarge)
	wantAudited(t, o, "round.open", 0)

	// One typed from paper, the other as the file of the age tool.
	typed := strings.ToLower(keys[2][:20]) + " " + keys[2][20:50] + "\r\n" + keys[2][50:]
	r = b.PostFiles(roundAt+"/open", url.Values{"typed": {"trial"}, "first": {typed}, "second": {""}}, map[string]string{"first-file": "", "second-file": "# created by hand\n" + keys[0] + "\n"})
	wantRedirect(t, "open", r, roundAt)
	wantRedirect(t, "open again", b.Post(roundAt+"/open", url.Values{"first": {keys[0]}, "second": {keys[1]}}), roundAt)
	if o.Audited("round.open") == 0 {
		t.Error("opening is not in the audit trail")
	}
	r = b.Get(roundAt)
	servertest.WantText(t, "opened", r, `aria-current="step">Opened`, "Certificate", "2 February 2026", "about 10, to the nearest 5", "Ailsa and Catriona", "What was sealed is destroyed")
	if !regexp.MustCompile(`<dd>[0-9a-f]{64}</dd>`).MatchString(r.Body) {
		t.Error("the certificate has no check sum")
	}
	for _, at := range []string{roundsAt, roundAt, custodiansAt, "/office/studies/trial"} {
		wantNoKey(t, at, b.Get(at).Body, keys[:]...)
	}
	wantNoKey(t, "the audit trail", o.As(surveys.Auditor).Get("/office/audit").Body, keys[:]...)
	wantNoKey(t, "the log", o.Log.String(), append(keys[:], damaged)...)
	for _, word := range []string{"SESAME", "SECRET-KEY", "secret-key"} {
		if strings.Contains(o.Log.String(), word) {
			t.Errorf("the log says %s", word)
		}
	}
}

func TestKeysOfADemonstration(t *testing.T) {
	shown := []access.DemoCustodian{{Study: storetest.Study, Name: "Ailsa", Key: "AGE-SECRET-KEY-1AILSA"}, {Study: "other", Name: "Oona", Key: "AGE-SECRET-KEY-1OONA"}}
	closed := func(changes ...string) servertest.Reply {
		o := newRoundOffice(t, server.Config{DemoCustodians: shown}, changes...)
		o.setUp()
		if err := o.Store.CloseRound(t.Context(), "", storetest.Study, storetest.Round); err != nil {
			t.Fatal(err)
		}
		return o.As(surveys.Researcher).Get(roundAt + "/open")
	}
	r := closed("title: Trial of the tests", "title: Trial of the tests\ndemo: true")
	servertest.WantText(t, "a demonstration", r, "shown in the open", "AGE-SECRET-KEY-1AILSA")
	wantNot(t, "a demonstration", r, "OONA")
	wantNot(t, "a study that is none", closed(), "shown in the open", "AILSA")
}
