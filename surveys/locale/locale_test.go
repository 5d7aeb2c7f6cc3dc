package locale_test

import (
	"strings"
	"testing"

	"wellwave/surveys/locale"
)

func TestSay(t *testing.T) {
	arabic, ok := locale.Find("ar")
	if !ok {
		t.Fatal("there is no Arabic")
	}
	pack, err := locale.Parse([]byte("language: fr\nname: français\ndirection: ltr\nmessages:\n  Question %s of %s: \"%[2]s questions, celle-ci est la %[1]s\"\n"))
	if err != nil {
		t.Fatal(err)
	}
	const questions = "There are %d questions."
	tests := []struct {
		name    string
		pack    *locale.Pack
		message string
		args    []any
		want    string
	}{
		{"what a pack lacks is English", arabic, "Not %s there", []any{"quite"}, "Not quite there"},
		{"a per cent sign needs no argument", locale.English(), "100 % done", nil, "100 % done"},
		{"one", locale.English(), questions, []any{1}, "There is 1 question."},
		{"many", locale.English(), questions, []any{1000}, "There are 1000 questions."},
		{"a dual without its number", arabic, questions, []any{2}, "هناك سؤالان."},
		{"few", arabic, questions, []any{4}, "هناك 4 أسئلة."},
		{"many in Arabic", arabic, questions, []any{39}, "هناك 39 سؤالًا."},
		{"another order", pack, "Question %s of %s", []any{"2", "9"}, "9 questions, celle-ci est la 2"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.pack.Say(tt.message, tt.args...); got != tt.want {
				t.Errorf("Say(%q, %v) = %q, want %q", tt.message, tt.args, got, tt.want)
			}
		})
	}
}

func TestParseRefuses(t *testing.T) {
	const head = "language: fr\nname: français\ndirection: ltr\n"
	for give, want := range map[string]string{
		"language: français\nname: x\ndirection: ltr\n":         "not a language",
		"language: fr\nname: x\n":                               "ltr or rtl",
		head + "message: {}\n":                                  "message",
		head + "messages: {\"%d days\": {one: jour}}\n":         "other",
		head + "messages: {\"%d days\": {once: a, other: b}}\n": "plural category",
	} {
		if _, err := locale.Parse([]byte(give)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Parse(%q) = %v, want an error with %q", give, err, want)
		}
	}
}
