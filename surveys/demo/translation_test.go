package demo

import (
	"strings"
	"testing"

	"wellwave/surveys"
	"wellwave/surveys/library"
)

// TestDemonstrationSpeaksArabic wants every questionnaire of the demonstration to be offered in Arabic, under the notice
// that nobody has reviewed it, and what the studies say in English to be said in Arabic too.
func TestDemonstrationSpeaksArabic(t *testing.T) {
	definitions, err := library.Definitions()
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{"study.yaml": linksFile, "tryit.yaml": tryItFile} {
		study, err := surveys.ParseStudy(name, data, definitions.Find)
		if err != nil {
			t.Fatal(err)
		}
		for _, wave := range study.Waves {
			var instruments []*surveys.Instrument
			var packs []*surveys.Wording
			for _, id := range wave.Instruments {
				instrument, err := library.Find(id)
				if err != nil {
					t.Fatal(err)
				}
				own, err := library.Wordings(id)
				if err != nil {
					t.Fatal(err)
				}
				instruments, packs = append(instruments, instrument), append(packs, own...)
			}
			q, err := surveys.NewQuestionnaire(study.ID, wave.ID, instruments, packs)
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Join(study.Offered(q, surveys.Live), " "); got != "en-GB ar" || !study.Unreviewed(q, "ar") {
				t.Errorf("%s of %s is offered in %q, not reviewed in Arabic: %v", wave.ID, name, got, study.Unreviewed(q, "ar"))
			}
			live := *study
			live.Demo = false
			if got := strings.Join(live.Offered(q, surveys.Live), " "); got != "en-GB" {
				t.Errorf("with real people, %s of %s would be offered in %q", wave.ID, name, got)
			}
			if said := study.In("ar").WaveIn(wave, "ar").Title; said == wave.Title {
				t.Errorf("%s of %s is called %q in Arabic", wave.ID, name, said)
			}
		}
	}
}
