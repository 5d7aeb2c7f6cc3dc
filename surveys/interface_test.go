package surveys

import (
	"testing"

	"wellwave/surveys/locale"
)

// Paper goes by the direction that a study's own interface pack says, as pages do; without one by the script.
func TestRightToLeft(t *testing.T) {
	study := &Study{}
	for _, own := range []locale.Pack{{Language: "pa", Direction: "rtl"}, {Language: "ks", Direction: "ltr"}} {
		study.Interfaces = append(study.Interfaces, InterfaceSource{Pack: &own})
	}
	for language, want := range map[string]bool{"pa": true, "ks": false, "ar": true, "en-GB": false, "fa": true, "ur-PK": true, "pl": false, "no language": false} {
		if got := study.RightToLeft(language); got != want {
			t.Errorf("RightToLeft(%s) = %v, want %v", language, got, want)
		}
	}
}
