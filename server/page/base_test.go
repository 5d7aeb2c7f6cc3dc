package page

import (
	"testing"

	"wellwave/surveys"
)

func TestDemonstrationSaysSoOnce(t *testing.T) {
	v := StudyBase("Studies", &surveys.Study{Demo: true}, surveys.Live, false)
	if v.inDemonstration(); len(v.Banners) != 1 {
		t.Errorf("banners %v, want the study's one", v.Banners)
	}
}
