package report

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"wellwave/surveys"
	"wellwave/surveys/library"
)

// longSite is as long a name as a practice may reasonably have: sixty characters.
const longSite = "The Old Mill Street and Riverside Family Medical Partnership"

// newPaper returns a questionnaire of the library's instruments.
func newPaper(t *testing.T, ids ...surveys.InstrumentID) Paper {
	t.Helper()
	var instruments []*surveys.Instrument
	var packs []*surveys.Wording
	for _, id := range ids {
		ins, err := library.Find(id)
		if err != nil {
			t.Fatal(err)
		}
		own, err := library.Wordings(id)
		if err != nil {
			t.Fatal(err)
		}
		instruments, packs = append(instruments, ins), append(packs, own...)
	}
	q, err := surveys.NewQuestionnaire("links", "baseline", instruments, packs)
	if err != nil {
		t.Fatal(err)
	}
	study := &surveys.Study{ID: "links", Title: "Community links practitioners in general practice", Zone: time.UTC,
		Contact: "The study team, whom you can ask at your practice’s front desk",
		Consent: surveys.Consent{Version: "1", Intro: "We would like to know how people are doing.", Clauses: []surveys.Clause{
			{ID: "take-part", Text: "I have read what this study is about and I agree to take part.", Required: true},
			{ID: "ask-again", Text: "The study team may ask me again at later dates."}}}}
	return Paper{Study: study, State: surveys.Live, Wave: surveys.Wave{ID: "baseline", Title: "Baseline", Audience: surveys.Patients, Baseline: true},
		Questionnaire: q, Language: "en-GB"}
}

func (p Paper) forPerson() Paper {
	p.Person = &PaperPerson{Label: "P-12", Site: longSite, Code: "ABC-DEF-GHJK", Address: "study.example.org",
		Link: "https://study.example.org/s/23456789ABCDEFGHJKMNPQRTUVW"}
	return p
}

// printed writes a paper, and a copy into the folder that WELLWAVE_PAPERS names, for people to look at.
func printed(t *testing.T, p Paper) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := WritePaper(&b, p); err != nil {
		t.Fatal(err)
	}
	if folder := os.Getenv("WELLWAVE_PAPERS"); folder != "" {
		name := strings.ReplaceAll(t.Name(), "/", "-") + ".pdf"
		if err := os.WriteFile(filepath.Join(folder, name), b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return b.Bytes()
}

var pages = regexp.MustCompile(`/Type /Page\b`)

func TestPapersOfTheLibrary(t *testing.T) {
	for _, ids := range [][]surveys.InstrumentID{{"phq9"}, {"eq5d5l"}, {"wellbeing"}, {"ons4"}, {"safety-climate"}, {"about-you"},
		{"links-contact"}, {"eq5d5l", "wellbeing", "phq8", "gad7", "ons4", "about-you"}} {
		name := string(ids[0])
		if len(ids) > 1 {
			name = "several"
		}
		t.Run(name, func(t *testing.T) {
			p := newPaper(t, ids...)
			p.Consent = len(ids) > 1
			blank := printed(t, p)
			if again := printed(t, p); !bytes.Equal(blank, again) {
				t.Error("the same questionnaire gives other bytes")
			}
			if n := len(pages.FindAll(blank, -1)); n < 2 || n > 9 {
				t.Errorf("%d pages, want a few", n)
			}
			if own := printed(t, p.forPerson()); bytes.Equal(own, blank) {
				t.Error("a person's own paper is the blank one")
			}
		})
	}
}

func TestPaperGolden(t *testing.T) {
	p := newPaper(t, "links-contact", "ons4").forPerson()
	p.State = surveys.Pilot
	got := printed(t, p)
	golden(t, "paper.pdf", got)
	text := pdfText(t, got)
	for _, want := range []string{"Community links practitioners in general practice", "The study team, whom you can ask", "P-12", "ABC-DEF-GHJK",
		"study.example.org", "Pilot: answers do not count", "contacts_helped", "Please answer only if your answer to question 1 is 1 or more.",
		"On which day did you fill this in?", "Somebody answered in my place", "Samaritans, day and night: 116 123", "Page 1 of",
		"links-contact version 1; ons4 version 1", "content " + p.Questionnaire.PrintedHash("en-GB")} {
		if !strings.Contains(strings.ReplaceAll(text, "\n", " "), want) {
			t.Errorf("the paper doesn't say %q", want)
		}
	}
	if strings.Contains(text, "Neutral labels") || strings.Contains(text, "Before you begin") {
		t.Error("the paper has a banner or asks for a consent that it should not")
	}
}

func TestPapersThatCannotBePrinted(t *testing.T) {
	pack := func(lang, text string) []byte {
		return []byte("instrument: links-contact\nversion: \"1\"\nlanguage: " + lang + "\ntitle: T\nitems:\n  contacts_number: {text: \"" + text + "\"}\n")
	}
	tests := []struct {
		name, giveLanguage, giveText, want string
	}{
		{"no such pack", "gd", "", "no wording in the language “gd”"},
		{"right to left", "ar", "كم مرة؟", "from right to left"},
		{"right to left by its script", "az-Arab", "نئچه", "from right to left"},
		{"letters that the fonts lack", "zh", "几次？", "the letter “几”"},
		{"no language at all", "?", "", "is not a language code"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := newPaper(t, "links-contact")
			p.Language = tt.giveLanguage
			if tt.giveText != "" {
				w, err := surveys.ParseWording("pack.yaml", pack(tt.giveLanguage, tt.giveText))
				if err != nil {
					t.Fatal(err)
				}
				p.Questionnaire.Packs = append(p.Questionnaire.Packs, w)
			}
			err := WritePaper(new(bytes.Buffer), p)
			if surveys.KindOf(err) == 0 || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("WritePaper() = %v, want a refusal with %q", err, tt.want)
			}
		})
	}
}

func TestAnswerOnlyIf(t *testing.T) {
	one := func(question, operator string, answer any) *surveys.EnableWhen {
		return &surveys.EnableWhen{Behaviour: "all", Conditions: []surveys.Condition{{Question: question, Operator: operator, Answer: answer}}}
	}
	p := newPaper(t, "links-contact", "about-you")
	q := p.Questionnaire
	tests := []struct {
		give *surveys.EnableWhen
		want string
	}{
		{nil, ""},
		{one("contacts_number", ">=", 1.0), "Please answer only if your answer to question 1 is 1 or more."},
		{one("contacts_number", "!=", 0.0), "Please answer only if your answer to question 1 is not 0."},
		{one("contacts_number", "exists", true), "Please answer only if you answered question 1."},
		{one("contacts_number", "exists", false), "Please answer only if you left question 1 out."},
		{one("change_perceived", "<=", 2.0), "Please answer only if you crossed “Much worse” or “A little worse” in question 3."},
		{&surveys.EnableWhen{Behaviour: "any", Conditions: []surveys.Condition{
			{Question: "contacts_number", Operator: "<", Answer: 1.0}, {Question: "change_perceived", Operator: "=", Answer: 3.0}}},
			"Please answer only if your answer to question 1 is less than 1 or you crossed “About the same” in question 3."},
	}
	pack, _ := q.Wording(q.Instruments[0], "en-GB")
	for _, tt := range tests {
		item := q.Items[1]
		copied := *item.Item
		copied.EnableWhen = tt.give
		item.Item = &copied
		if got := answerOnlyIf(q, item, printedNumbers(q), pack); got != tt.want {
			t.Errorf("answerOnlyIf(%v) = %q, want %q", tt.give, got, tt.want)
		}
	}
}

// TestNothingIsBroken holds every block to fit on a page, because a block is never broken.
func TestNothingIsBroken(t *testing.T) {
	all, err := library.List()
	if err != nil {
		t.Fatal(err)
	}
	for _, ins := range all {
		p := newPaper(t, ins.ID)
		s := &sheet{document: newDocument("", "Banner", "", undated), paper: p}
		numbers := printedNumbers(p.Questionnaire)
		for i, item := range p.Questionnaire.Items {
			pack, _ := p.Questionnaire.Wording(ins, p.Language)
			head := s.instrumentHead(ins, pack)
			if b := s.item(item, numbers, pack); i > 0 && b.height > pageHeight-marginTop-marginFoot-8 || i == 0 && head.height+b.height > pageHeight-marginTop-marginFoot-8 {
				t.Errorf("%s is %.0f mm high, which no page holds", item.Code, b.height)
			}
		}
		printed(t, p)
	}
}

func TestTables(t *testing.T) {
	tests := []struct {
		ins  surveys.InstrumentID
		want int // items in the first table
	}{{"phq9", 9}, {"wellbeing", 14}, {"safety-climate", 30}, {"eq5d5l", 1}, {"ons4", 1}, {"about-you", 1}}
	for _, tt := range tests {
		p := newPaper(t, tt.ins)
		s := &sheet{document: newDocument("", "", "", undated), paper: p}
		pack, _ := p.Questionnaire.Wording(p.Questionnaire.Instruments[0], p.Language)
		if got := s.alike(0, pack); got != tt.want {
			t.Errorf("%s: %d items in the first table, want %d", tt.ins, got, tt.want)
		}
	}
}
