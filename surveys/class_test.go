package surveys

import (
	"strings"
	"testing"
)

const classedFile = `
id: classed
version: "1"
title: Classed
citation: Made up for the tests of wellwave.
licence: {wording: own}
items:
  - {code: note, kind: short-text}
  - {code: age, kind: integer, min: 0, max: 120}
  - {code: hours, kind: decimal, min: 0, max: 24}
  - {code: born, kind: date}
  - {code: low, kind: likert, options: [0, 1, 2]}
  - {code: harm, kind: yes-no, safety: true}
  - {code: pain, kind: vas}
  - {code: year, kind: rating, min: 1900, max: 2020}
  - {code: home, kind: single, options: [1, 2, 3]}
  - {code: help, kind: multiple, options: [1, 2, 3]}
  - {code: read, kind: display}
scales:
  - {id: mood, title: Mood, rule: mean, items: [low, harm, pain, year], missing: {source: none}, direction: neutral, source: none}
`

// said puts what a file says of an item into its line.
func said(file, code, says string) string {
	return strings.Replace(file, "{code: "+code+", ", "{code: "+code+", "+says+", ", 1)
}

func TestClassOf(t *testing.T) {
	tests := []struct {
		code, says string
		want       Class
	}{
		{"note", "", ClassFreeText},
		{"age", "", ClassKey},
		{"hours", "", ClassKey},
		{"born", "", ClassKey},
		{"low", "", ClassOrdinary},
		{"harm", "", ClassSensitive},
		{"pain", "", ClassOrdinary},
		{"year", "", ClassKey}, // a rating in name only
		{"home", "", ClassKey},
		{"help", "", ClassKey},
		{"read", "", 0},
		{"note", "class: direct-identifier", ClassIdentifier},
		{"low", "class: sensitive", ClassSensitive},
		{"harm", "class: ordinary", ClassOrdinary},
		{"home", "class: ordinary", ClassOrdinary},
		{"help", "class: direct-identifier", ClassIdentifier},
		{"age", "class: key", ClassKey},
		{"hours", "class: ordinary, class_reason: hours of sleep in one night", ClassOrdinary},
		{"born", "class: sensitive, class_reason: day of a loss", ClassSensitive},
	}
	for _, tt := range tests {
		t.Run(tt.code+" "+tt.says, func(t *testing.T) {
			file := classedFile
			if tt.says != "" {
				file = said(file, tt.code, tt.says)
			}
			instrument := parse(t, file)
			item, _ := instrument.Item(tt.code)
			if got := instrument.ClassOf(item); got != tt.want {
				t.Errorf("ClassOf(%s) = %v, want %v", tt.code, got, tt.want)
			}
			if plain := parse(t, classedFile); instrument.Hash != plain.Hash {
				t.Errorf("with a class the hash is %s, without one %s", instrument.Hash, plain.Hash)
			}
		})
	}
}

func TestClassesThatAreRefused(t *testing.T) {
	tests := []struct{ code, says, want string }{
		{"low", "class: secret", "x.yaml:12:24: “secret” is not a class of items; write direct-identifier, key, sensitive, ordinary or free-text."},
		{"low", "class: paradata", "x.yaml:12:24: “paradata” is not a class of items; write direct-identifier, key, sensitive, ordinary or free-text."},
		{"low", "class: free-text", "x.yaml:12:24: An item of the kind likert is no free-text; what must not leave and is no text is direct-identifier."},
		{"note", "class: key", "x.yaml:8:25: What people write themselves is never key: it is free-text or direct-identifier."},
		{"age", "class: ordinary", "x.yaml:9:24: Numbers and days that people type single them out, so an item of the kind integer is key unless the file gives a reason."},
		{"born", `class: sensitive, class_reason: " "`, "x.yaml:11:25: Numbers and days that people type single them out, so an item of the kind date is key unless the file gives a reason."},
		{"read", "class: key", "x.yaml:18:25: This is a text to read, which has no answers and so no class."},
		{"low", "class_reason: none", "x.yaml:12:31: This gives a reason for a class, and the item says none."},
	}
	for _, tt := range tests {
		t.Run(tt.code+" "+tt.says, func(t *testing.T) {
			_, err := ParseInstrument("x.yaml", []byte(said(classedFile, tt.code, tt.says)))
			if err == nil || err.Error() != tt.want {
				t.Errorf("ParseInstrument() failed with %v, want %s", err, tt.want)
			}
		})
	}
}

// Only the class of an item is no part of what the file means: the same words elsewhere are.
func TestHashOfWhatIsCalledClass(t *testing.T) {
	file := strings.Replace(classedFile, "scales:", "option_sets: {class: [1, 2], class_reason: [1, 2, 3]}\nscales:", 1)
	one := parse(t, file)
	two := parse(t, strings.Replace(file, "class: [1, 2]", "class: [1, 3]", 1))
	if one.Hash == two.Hash {
		t.Error("the hash does not tell option sets called class apart")
	}
}
