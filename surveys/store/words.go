package store

import "fmt"

// word reads what a column holds of a closed set. Another word was put there past this program, so nobody can act on it but
// us; no such column holds anything that was answered.
func word[T any](column string, parse func(string) (T, bool), text string) (T, error) {
	value, ok := parse(text)
	if !ok {
		return value, fmt.Errorf("%s holds the unknown word %q", column, text)
	}
	return value, nil
}

// wordOrNone is word for a column that may be empty, which is the zero value.
func wordOrNone[T any](column string, parse func(string) (T, bool), text string) (none T, err error) {
	if text == "" {
		return none, nil
	}
	return word(column, parse, text)
}
