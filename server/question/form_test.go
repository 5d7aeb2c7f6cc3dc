package question

import (
	"net/url"
	"testing"

	"wellwave/surveys"
)

func TestTypedValueTakesNoneOfTwo(t *testing.T) {
	options := []float64{1, 2, 3}
	tests := []struct {
		name      string
		give      surveys.Item
		giveForm  url.Values
		want      surveys.Value
		wantError string
	}{
		{"one choice", surveys.Item{Kind: surveys.KindSingle, Options: options}, url.Values{"x": {"2"}}, surveys.Number(2), ""},
		{"two choices", surveys.Item{Kind: surveys.KindSingle, Options: options}, url.Values{"x": {"2", "3"}}, surveys.Value{}, "“2, 3” is not an answer to this question."},
		{"a choice and none", surveys.Item{Kind: surveys.KindSingle, Options: options}, url.Values{"x": {"", "3"}}, surveys.Value{}, "“, 3” is not an answer to this question."},
		{"two numbers", surveys.Item{Kind: surveys.KindInteger, Max: 9}, url.Values{"x": {"2", "2"}}, surveys.Value{}, "“2, 2” is not an answer to this question."},
		{"two texts", surveys.Item{Kind: surveys.KindShortText, MaxLength: 9}, url.Values{"x": {"a", "b"}}, surveys.Value{}, "“a, b” is not an answer to this question."},
		{"several of several", surveys.Item{Kind: surveys.KindMultiple, Options: options}, url.Values{"x": {"3", "1"}}, surveys.Set(1, 3), ""},
		{"two days", surveys.Item{Kind: surveys.KindDate}, url.Values{"x-day": {"1", "2"}, "x-month": {"3"}, "x-year": {"2026"}}, surveys.Value{}, NotADay},
		{"two days and no month", surveys.Item{Kind: surveys.KindDate}, url.Values{"x-day": {"1", "2"}, "x-year": {"2026"}}, surveys.Value{}, NotADay},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.give.Code = "x"
			got, err := TypedValue(&tt.give, tt.giveForm)
			said := ""
			if err != nil {
				said = err.Error()
			}
			if got != tt.want || said != tt.wantError || err != nil && surveys.KindOf(err) != surveys.Invalid {
				t.Errorf("typedValue(%v) = %#v, %q, want %#v, %q", tt.giveForm, got, said, tt.want, tt.wantError)
			}
		})
	}
}
