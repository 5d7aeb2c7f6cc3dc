package report

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"wellwave/surveys"
)

// modelRound returns the study and wave of a staff round.
func modelRound() (*surveys.Study, surveys.Wave) {
	study := &surveys.Study{ID: "links", Title: "Community links practitioners in general practice", Zone: time.UTC,
		Contact: "The study team, 0141 496 0000, links-study@example.org"}
	return study, surveys.Wave{ID: "round-2", Title: "Second yearly round", Audience: surveys.Staff,
		Opens: time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC), Closes: time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)}
}

// modelCards returns twelve cards for a practice with a long name, and one for another.
func modelCards() Cards {
	study, wave := modelRound()
	c := Cards{Study: study, State: surveys.Live, Wave: wave, Address: "study.example.org", Sheets: []CardSheet{{Site: longSite}, {Site: "Ash Lane"}}}
	for i := range 13 {
		code := fmt.Sprintf("ABC-DEF-GH%02d", i+10)
		sheet := &c.Sheets[i/12]
		sheet.Cards = append(sheet.Cards, Card{Code: code, Link: "https://study.example.org/s/" + code})
	}
	return c
}

// onPaper returns what write writes, and leaves a copy in the folder that WELLWAVE_PAPERS names, for people to look at.
func onPaper(t *testing.T, write func(*bytes.Buffer) error) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := write(&b); err != nil {
		t.Fatal(err)
	}
	if folder := os.Getenv("WELLWAVE_PAPERS"); folder != "" {
		if err := os.WriteFile(filepath.Join(folder, strings.ReplaceAll(t.Name(), "/", "-")+".pdf"), b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return b.Bytes()
}

// written returns what is written in a PDF of ours, lines joined by spaces.
func written(pdf []byte) string {
	var texts []string
	for _, page := range pdfPages(pdf) {
		for _, step := range page {
			if text, ok := strings.CutPrefix(step, "write “"); ok {
				texts = append(texts, text[:strings.LastIndex(text, "”")])
			}
		}
	}
	return strings.Join(strings.Fields(strings.Join(texts, " ")), " ")
}

func TestWriteCards(t *testing.T) {
	write := func(b *bytes.Buffer) error { return WriteCards(b, modelCards()) }
	got := onPaper(t, write)
	golden(t, "cards.pdf", got)
	if again := onPaper(t, write); !bytes.Equal(got, again) {
		t.Error("the same cards give other bytes")
	}
	text := written(got)
	for i := range 13 {
		if code := fmt.Sprintf("ABC-DEF-GH%02d", i+10); strings.Count(text, code) != 1 {
			t.Errorf("the code %s stands %d times, want once", code, strings.Count(text, code))
		}
	}
	for _, want := range []string{"Community links practitioners in general practice", "Ash Lane", "Second yearly round",
		"Scan the square, or go to study.example.org and type", "Last day: 31 March 2026. Anonymous: nobody knows who drew this card. It works once.",
		"Cards for Ash Lane", "Page 1 of 3"} {
		if !strings.Contains(text, want) {
			t.Errorf("the cards don't say %q", want)
		}
	}
	pages := pdfPages(got)
	if len(pages) != 3 { // ten cards, two of the same practice, and one of the other
		t.Fatalf("%d pages, want 3: a practice begins on a new one", len(pages))
	}
	for i, want := range []int{10, 2, 1} {
		if n := strings.Count(strings.Join(pages[i], "\n"), "“ABC-DEF-"); n != want {
			t.Errorf("page %d has %d cards, want %d", i+1, n, want)
		}
		if other := strings.Contains(strings.Join(pages[i], "\n"), "Ash Lane"); other != (i == 2) {
			t.Errorf("page %d: the other practice is there: %v", i+1, other)
		}
	}
}

// Whatever the texts, each card keeps to its place, so that no cut goes through one.
func TestCardsKeepToTheirPlace(t *testing.T) {
	long := strings.Repeat("A very long title that no card could ever hold in full ", 6)
	for name, give := range map[string]string{"short": "A", "long": long, "one word": strings.Repeat("w", 90), "letters that the fonts lack": "实践 🏥"} {
		c := modelCards()
		c.Study.Title, c.Study.Demo, c.State, c.Wave.Title, c.Address = give, true, surveys.Pilot, give, "wellbeing-of-staff.some-university.example.org:8443"
		c.Sheets[0].Site = give
		d := newDocument("", "", "", undated)
		d.card(c, give, c.Sheets[0].Cards[0], cardsLeft, cardsTop)
		if d.y > cardsTop+cardHeight-1 {
			t.Errorf("%s: the card ends %.1f mm below its place", name, d.y-cardsTop-cardHeight)
		}
		text := written(onPaper(t, func(b *bytes.Buffer) error { return WriteCards(b, c) }))
		if !strings.Contains(text, "Demonstration. Pilot: answers do not count. Last day: 31 March 2026") {
			t.Errorf("%s: the card does not say that it is a demonstration and a pilot", name)
		}
	}
}

func TestWriteCardsRefusesNone(t *testing.T) {
	if err := WriteCards(new(bytes.Buffer), Cards{}); surveys.KindOf(err) != surveys.Invalid {
		t.Errorf("WriteCards() of none = %v, want Invalid", err)
	}
}

func TestWritePoster(t *testing.T) {
	study, wave := modelRound()
	tests := []struct {
		name       string
		give       Poster
		want, none []string
	}{
		{"sealed by custodians", Poster{Study: study, State: surveys.Live, Wave: wave, Sealing: surveys.ByCustodians, Address: "study.example.org"},
			[]string{"Staff survey", "Second yearly round", "From 1 March 2026 until 31 March 2026", "study.example.org", "two of three people", "0141 496 0000", "call 999"},
			[]string{"Demonstration", "Pilot", "in no order"}},
		{"kept by the server", Poster{Study: study, State: surveys.Pilot, Wave: wave, Sealing: surveys.ByServer, Address: "study.example.org"},
			[]string{"in no order", "Pilot: answers do not count"}, []string{"two of three"}},
		{"long texts", Poster{Study: &surveys.Study{Title: strings.Repeat("A long title ", 20), Contact: strings.Repeat("Somebody to ask ", 20), Zone: time.UTC, Demo: true},
			State: surveys.Pilot, Wave: surveys.Wave{Title: strings.Repeat("A long round ", 10), Opens: wave.Opens, Closes: wave.Closes}, Sealing: surveys.ByCustodians,
			Address: "wellbeing-of-staff.some-university.example.org:8443"}, []string{"Demonstration · Pilot: answers do not count"}, nil},
	}
	for _, tt := range tests {
		t.Run(strings.ReplaceAll(tt.name, " ", "-"), func(t *testing.T) {
			write := func(b *bytes.Buffer) error { return WritePoster(b, tt.give) }
			got := onPaper(t, write)
			if again := onPaper(t, write); !bytes.Equal(got, again) {
				t.Error("the same poster gives other bytes")
			}
			if n := len(pages.FindAll(got, -1)); n != 1 {
				t.Errorf("%d pages, want 1", n)
			}
			text := written(got)
			for _, want := range tt.want {
				if !strings.Contains(text, want) {
					t.Errorf("the poster doesn't say %q", want)
				}
			}
			for _, none := range tt.none {
				if strings.Contains(text, none) {
					t.Errorf("the poster says %q", none)
				}
			}
		})
	}
}

func TestPosterGolden(t *testing.T) {
	study, wave := modelRound()
	golden(t, "poster.pdf", onPaper(t, func(b *bytes.Buffer) error {
		return WritePoster(b, Poster{Study: study, State: surveys.Live, Wave: wave, Sealing: surveys.ByCustodians, Address: "study.example.org"})
	}))
}

// What cards cost, most of it for their squares: those of 100 practices with 24 cards each fill 300 pages.
func BenchmarkWriteCards(b *testing.B) {
	const largeCards = 24
	for _, size := range []struct {
		name      string
		practices int
	}{{"small", 1}, {"large", 100}} {
		b.Run(size.name, func(b *testing.B) {
			c := modelCards()
			sheet := CardSheet{Site: longSite}
			for i := range largeCards {
				sheet.Cards = append(sheet.Cards, c.Sheets[0].Cards[i%12])
			}
			c.Sheets = slices.Repeat([]CardSheet{sheet}, size.practices)
			for b.Loop() {
				if err := WriteCards(new(bytes.Buffer), c); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
