package server

import (
	"testing"

	"wellwave/surveys/locale"
)

// Somebody who never chose gets what their browser asks for, and the study's own language where nothing suits.
func TestReaderAmong(t *testing.T) {
	offered := []string{"en-GB", "ar"}
	for _, tt := range []struct {
		give reader
		want string
	}{
		{reader{}, "en-GB"},
		{reader{accept: "ar-EG,en;q=0.5"}, "ar"},
		{reader{accept: "de-DE,ar;q=0.5"}, "ar"},
		{reader{accept: "de-DE"}, "en-GB"},
		{reader{accept: "\x00;;q=9"}, "en-GB"},
		{reader{reading{Language: "ar"}, "en-GB"}, "ar"},
		{reader{reading{Language: "fr"}, "ar"}, "ar"},
	} {
		if got := tt.give.among(offered); got.Language != tt.want {
			t.Errorf("%+v reads %s, want %s", tt.give, got.Language, tt.want)
		}
	}
	if got := (reader{reading: reading{Easy: true}}).among(offered); got != locale.English().Easy() {
		t.Errorf("somebody who wants easy read gets %+v", got)
	}
}
