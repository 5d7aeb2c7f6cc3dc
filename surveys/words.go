package surveys

import (
	"fmt"
	"strings"
)

// Words is the table of a closed set: the word of each value, as files, commands and the database have it. Values count from
// 1, so the first word is empty. What is said to people instead of the words is a table of the same kind.
type Words[T ~uint8 | ~int] []string

// Word returns the word of a value, and nothing for a value that is none of the set.
func (w Words[T]) Word(value T) string {
	if i := int(value); i >= 0 && i < len(w) {
		return w[i]
	}
	return ""
}

// Parse returns the value of a word.
func (w Words[T]) Parse(word string) (T, bool) {
	if word == "" {
		return 0, false
	}
	for i := range w {
		if w[i] == word {
			return T(i), true
		}
	}
	return 0, false
}

// Values lists the set in its own order.
func (w Words[T]) Values() []T {
	values := make([]T, 0, len(w))
	for i := 1; i < len(w); i++ {
		values = append(values, T(i))
	}
	return values
}

// unmarshalWord reads a word of a closed set, as files that are kept have it; is says what the set is of.
func unmarshalWord[T ~uint8](into *T, words Words[T], is string, text []byte) error {
	value, ok := words.Parse(string(text))
	if !ok {
		return fmt.Errorf("%q is not %s", text, is)
	}
	*into = value
	return nil
}

// Listed returns the words of some values of a closed set.
func Listed[T fmt.Stringer](values []T) []string {
	words := make([]string, len(values))
	for i, value := range values {
		words[i] = value.String()
	}
	return words
}

// Either lists the words of some values for a sentence, such as "web, kiosk or paper".
func Either[T fmt.Stringer](values []T) string { return either(Listed(values)) }

func either(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " or " + words[last]
}
