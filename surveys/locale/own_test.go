package locale_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/language"

	"wellwave/surveys/locale"
)

// polish returns a pack whose words are the English ones, a line a message from line 5 on, after a change.
func polish(change func(message string) string) string {
	var b strings.Builder
	b.WriteString("language: pl\nname: polski\ndirection: ltr\nmessages:\n")
	for _, message := range locale.AllMessages() {
		b.WriteString(change(message))
	}
	return b.String()
}

func same(message string) string { return fmt.Sprintf("  %q: %q\n", message, message) }

func TestReadOwn(t *testing.T) {
	pack, err := locale.ReadOwn("pl.yaml", []byte(polish(same)))
	if err != nil || pack.Name != "polski" || pack.Direction != "ltr" || pack.Ready() {
		t.Fatalf("ReadOwn() = %+v, %v", pack, err)
	}
	again, err := locale.ReadOwn("other.yaml", []byte(polish(same)))
	if err != nil || again != pack {
		t.Errorf("ReadOwn() of the same file = %p, %v, want the same pack %p", again, err, pack)
	}
	if _, err := locale.ReadOwn("pl.yaml", []byte("\ufeff"+polish(same))); err != nil {
		t.Errorf("ReadOwn() behind a byte order mark = %v", err)
	}
}

// What is wrong or missing is told with its place.
func TestReadOwnTellsThePlace(t *testing.T) {
	line := func(message string) int { return 5 + slices.Index(locale.AllMessages(), message) }
	const back, minutes, question = "Back", "Most people need about %d minutes.", "Question %s of %s"
	without := func(gone ...string) string {
		return polish(func(message string) string {
			if slices.Contains(gone, message) {
				return ""
			}
			return same(message)
		})
	}
	instead := func(message, words string) string {
		return polish(func(m string) string {
			if m == message {
				return fmt.Sprintf("  %q: %s\n", m, words)
			}
			return same(m)
		})
	}
	english := polish(same)
	tests := []struct{ name, give, want string }{
		{"a gap", without(back), fmt.Sprintf("p.yaml:%d:3: Behind this there are no words for “Back”.", line(back)-1)},
		{"empty words", instead(back, `" "`), fmt.Sprintf("p.yaml:%d:3: There are no words for “Back”.", line(back))},
		{"a sentence that nobody says", strings.Replace(english, `"Back": `, `"Backwards": "x"`+"\n"+`  "Back": `, 1), fmt.Sprintf("p.yaml:%d:3: The product does not say “Backwards”.", line(back))},
		{"a plural form that is not there", instead(minutes, "{one: minuta, few: minuty, other: minut}"), fmt.Sprintf("p.yaml:%d:3: There are no words for “%s” where the number is of the plural category many.", line(minutes), minutes)},
		{"an argument too many", instead(question, `"%s %s %s"`), fmt.Sprintf("p.yaml:%d:3: The words for “%s” do not take what it brings: use %%s and %%s.", line(question), question)},
		{"an argument of another kind", instead(question, `"%d %s"`), "do not take what it brings"},
		{"a number of an argument that is not there", instead(question, `"%[3]s"`), "do not take what it brings"},
		{"a verb that there is not", instead(question, `"%s 100 % w"`), "do not take what it brings"},
		{"English", strings.Replace(english, "language: pl", "language: en-GB", 1), "p.yaml:1:1: English is what the product speaks itself."},
		{"a code in capitals", strings.Replace(english, "language: pl", "language: PL", 1), "p.yaml:1:1: The language code “PL” is written “pl”."},
		{"no direction", strings.Replace(english, "direction: ltr\n", "", 1), "p.yaml:1:1: This pack cannot be read:"},
		{"an unknown key", english + "mesages: {}\n", fmt.Sprintf("p.yaml:%d:1: This pack cannot be read:", 5+len(locale.AllMessages()))},
		{"no messages", "language: pl\nname: polski\ndirection: ltr\nmessages: {}\n", "p.yaml:4:1: Behind this there are no words for “Back”."},
		{"too large", english + strings.Repeat("#", 1<<20), "larger than 1 MB"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if pack, err := locale.ReadOwn("p.yaml", []byte(tt.give)); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("ReadOwn() = %v, %v, want %q", pack, err, tt.want)
			}
		})
	}
	for name, give := range map[string]string{"every form": instead(minutes, "{one: minuta, few: \"%d minuty\", many: \"%d minut\", other: \"%d minuty\"}"),
		"arguments in another order": instead(question, `"%[2]s: %[1]s"`), "one left out": instead(question, `"%[2]s"`)} {
		if _, err := locale.ReadOwn("p.yaml", []byte(give)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err := locale.ReadOwn("p.yaml", []byte(without(back, question)))
	if err == nil || strings.Count(err.Error(), "\n") != 1 {
		t.Errorf("two gaps are told as %q", err)
	}
}

func TestForms(t *testing.T) {
	for code, want := range map[string]string{"en": "one other", "pl": "one few many other", "ar": "zero one two few many other", "ja": "other", "cy": "zero one two few many other"} {
		if got := strings.Join(locale.Forms(language.Make(code)), " "); got != want {
			t.Errorf("Forms(%s) = %s, want %s", code, got, want)
		}
	}
}
