package library

import (
	"fmt"
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

// Databases know instruments by these hashes. A version whose hash changes could not be loaded again beside its stored copy.
func TestHashesStay(t *testing.T) {
	kept, err := os.ReadFile("testdata/hashes.txt")
	if err != nil {
		t.Fatal(err)
	}
	instruments, err := List()
	if err != nil {
		t.Fatal(err)
	}
	var now strings.Builder
	for _, instrument := range instruments {
		fmt.Fprintln(&now, instrument.ID, instrument.Version, instrument.Hash)
		if known, ok := Same(instrument.ID, instrument.Hash); !ok || known != instrument {
			t.Errorf("Same(%s) = %v, %v", instrument.ID, known, ok)
		}
	}
	if now.String() != string(kept) {
		t.Errorf("the hashes are\n%swant those of testdata/hashes.txt:\n%s", &now, kept)
	}
	for id, hash := range map[surveys.InstrumentID]string{"phq9": "", "phq9.en-GB": instruments[0].Hash, "../library/phq9": instruments[0].Hash, "": "", "none": instruments[0].Hash} {
		if _, ok := Same(id, hash); ok {
			t.Errorf("Same(%q, %q) is known", id, hash)
		}
	}
}

// Every item says its class, and none is less protected than an item of which nothing is said, but where somebody has looked.
func TestEveryItemSaysItsClass(t *testing.T) {
	instruments, err := List()
	if err != nil {
		t.Fatal(err)
	}
	looked := "contacts_helped change_perceived phq9_difficulty saq_14 saq_33 saq_34 saq_35 saq_36" // choices outside of scales that nobody could know
	for _, instrument := range instruments {
		silent := instrument.WithClasses(nil)
		for i := range instrument.Items {
			item := &instrument.Items[i]
			if item.Class == 0 {
				t.Errorf("%s says no class of %s", instrument.ID, item.Code)
			}
			if by := silent.ClassOf(&silent.Items[i]); item.Class != by && !strings.Contains(looked, item.Code) {
				t.Errorf("%s says that %s is %s, by its kind it is %s", instrument.ID, item.Code, item.Class, by)
			}
		}
	}
	for code, want := range map[string]surveys.Class{"about_age": surveys.ClassKey, "about_gender": surveys.ClassKey, "about_living": surveys.ClassKey, "contacts_number": surveys.ClassKey,
		"about_gender_own": surveys.ClassFreeText, "phq9_9": surveys.ClassSensitive, "phq9_2": surveys.ClassOrdinary, "eq5d5l_vas": surveys.ClassOrdinary} {
		for _, instrument := range instruments {
			if item, ok := instrument.Item(code); ok && item.Class != want {
				t.Errorf("%s is %s, want %s", code, item.Class, want)
			}
		}
	}
}
