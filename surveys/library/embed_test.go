package library

import (
	"os"
	"strings"
	"testing"

	"wellwave/surveys"
)

// The worked examples of every file are run by ParseInstrument, so reading the library is running them.
func TestEveryFileIsReadAndComplete(t *testing.T) {
	instruments, err := List()
	if err != nil {
		t.Fatalf("List() failed:\n%v", err)
	}
	var ids []string
	for _, instrument := range instruments {
		ids = append(ids, string(instrument.ID))
		packs, err := Wordings(instrument.ID)
		if err != nil || len(packs) == 0 {
			t.Errorf("%s has no wording pack (%v)", instrument.ID, err)
		}
		for _, pack := range packs {
			if missing := instrument.Missing(pack); len(missing) > 0 {
				t.Errorf("%s in %s lacks %v", instrument.ID, pack.Language, missing)
			}
			if neutral := instrument.Licence.Wording == surveys.WordingNeutral; pack.Neutral != neutral {
				t.Errorf("%s in %s is neutral = %v, want %v as its licence says", instrument.ID, pack.Language, pack.Neutral, neutral)
			}
		}
		if len(instrument.Scales) > 0 && len(instrument.Examples) == 0 {
			t.Errorf("%s has scales and no worked example", instrument.ID)
		}
		for _, scale := range instrument.Scales {
			d := scale.Definition()
			if d.Source == "" || len(d.Range) != 2 {
				t.Errorf("%s states no source or no range", d.ID)
			}
			if scale.Needed() < len(d.Items) && d.Missing.Source == "" {
				t.Errorf("%s allows missing answers and does not say who does", d.ID)
			}
			if m := d.Difference; m != nil && m.Source == "" {
				t.Errorf("%s has a minimal important difference and does not say whose", d.ID)
			}
		}
	}
	const want = "about-you djg6 eq5d3l eq5d5l gad7 hads icecapa links-contact ons4 pcsafequest phq4 phq8 phq9 safety-climate saq " +
		"swemwbs ucla3 wellbeing wemwbs who5 wsas"
	if got := strings.Join(ids, " "); got != want {
		t.Errorf("List() = %s, want %s", got, want)
	}
}

// The two files that the manual shows first are files that work.
func TestManual(t *testing.T) {
	manual, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := strings.Split(string(manual), "```")
	if len(blocks) != 7 {
		t.Fatalf("README.md has %d blocks, want an instrument, a pack and the commands for translating it", len(blocks)/2)
	}
	instrument, err := surveys.ParseInstrument("sleep.yaml", []byte(strings.TrimPrefix(blocks[1], "yaml")))
	if err != nil {
		t.Fatalf("the instrument:\n%v", err)
	}
	pack, err := surveys.ParseWording("sleep.en-GB.yaml", []byte(strings.TrimPrefix(blocks[3], "yaml")))
	if err != nil {
		t.Fatalf("the wording pack:\n%v", err)
	}
	if missing := instrument.Missing(pack); len(missing) > 0 {
		t.Errorf("the wording pack lacks %v", missing)
	}
}
