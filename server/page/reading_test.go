package page

import (
	"testing"

	"wellwave/surveys/locale"
)

// Somebody who never chose gets what their browser asks for, and the study's own language where nothing suits.
func TestReaderAmong(t *testing.T) {
	offered := []string{"en-GB", "ar"}
	for _, tt := range []struct {
		give Reader
		want string
	}{
		{Reader{}, "en-GB"},
		{Reader{accept: "ar-EG,en;q=0.5"}, "ar"},
		{Reader{accept: "de-DE,ar;q=0.5"}, "ar"},
		{Reader{accept: "de-DE"}, "en-GB"},
		{Reader{accept: "\x00;;q=9"}, "en-GB"},
		{Reader{Reading{Language: "ar"}, "en-GB"}, "ar"},
		{Reader{Reading{Language: "fr"}, "ar"}, "ar"},
	} {
		if got := tt.give.Among(offered, locale.Find); got.Language != tt.want {
			t.Errorf("%+v reads %s, want %s", tt.give, got.Language, tt.want)
		}
	}
	if got := (Reader{Reading: Reading{Easy: true}}).Among(offered, locale.Find); got != locale.English().Easy() {
		t.Errorf("somebody who wants easy read gets %+v", got)
	}
}
