// Package passwords tells passwords that somebody would try early: those that many people use, with what people put around
// them to satisfy a rule, and those that are made of words that belong to where they are used.
package passwords

import (
	_ "embed"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

//go:embed common.txt
var commonText string

// common are the passwords of the list, in lower case.
var common = sync.OnceValue(func() map[string]bool {
	known := make(map[string]bool, 11_000)
	for line := range strings.Lines(commonText) {
		known[strings.TrimSpace(line)] = true
	}
	return known
})

// Fault says what is wrong with a password.
type Fault uint8

// The faults.
const (
	Common Fault = iota + 1 // many people use it, or it, with something around it
	Known                   // it is made of words of the study, the site or the account
	Simple                  // it repeats itself or is a row of the keyboard
)

// leastOwn is how many characters of a password must be left when the words that belong to the place are gone.
const leastOwn = 8

// leastWord is the length from which a word counts as belonging to the place: shorter ones are in everything.
const leastWord = 4

// rows are what fingers find without thinking.
var rows = []string{"abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm", "01234567890123456789", "1q2w3e4r5t6y7u8i9o0p", "qazwsxedcrfvtgbyhnujm"}

// Check returns the fault of a password, 0 where it has none. words belong to the place where it is used.
func Check(password string, words ...string) Fault {
	lower := strings.ToLower(strings.TrimSpace(password))
	switch {
	case isCommon(lower):
		return Common
	case isSimple(lower):
		return Simple
	case utf8.RuneCountInString(without(lower, words)) < leastOwn:
		return Known
	default:
		return 0
	}
}

// isCommon reports whether a password is on the list, or becomes one that is when what people add to satisfy a rule is taken
// away: digits and signs before and after, digits in place of letters, the whole written twice.
func isCommon(lower string) bool {
	bare := strings.TrimFunc(lower, func(r rune) bool { return !unicode.IsLetter(r) })
	for _, form := range []string{lower, bare, letters(lower), unleet(lower), unleet(bare), letters(unleet(bare))} {
		if common()[once(form)] && form != "" {
			return true
		}
	}
	return bare == "" || isAllCommon(bare) // digits and signs alone are no better than the common ones among them
}

// isAllCommon reports whether a text without blanks is two common passwords one after the other, each of four or more
// characters. With three it is as good as three words.
func isAllCommon(bare string) bool {
	if strings.ContainsFunc(bare, unicode.IsSpace) {
		return false
	}
	for i := leastWord; i+leastWord <= len(bare); i++ {
		if common()[bare[:i]] && common()[bare[i:]] {
			return true
		}
	}
	return false
}

// letters returns the letters of a text alone.
func letters(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			return r
		}
		return -1
	}, text)
}

var leet = strings.NewReplacer("0", "o", "1", "l", "3", "e", "4", "a", "5", "s", "7", "t", "@", "a", "$", "s", "!", "i")

// unleet writes letters for the digits and signs that stand in their place.
func unleet(text string) string { return leet.Replace(text) }

// once returns the part that a text is made of by repeating it, or the text.
func once(text string) string {
	for n := 1; n <= len(text)/2; n++ {
		if len(text)%n == 0 && strings.Repeat(text[:n], len(text)/n) == text {
			return text[:n]
		}
	}
	return text
}

// isSimple reports whether a password has fewer than five different characters, repeats four of them or fewer, or goes along
// a row of the keyboard or the alphabet, forwards or backwards.
func isSimple(lower string) bool {
	different := make(map[rune]bool)
	for _, r := range lower {
		different[r] = true
	}
	if len(different) < 5 || len(once(lower)) <= 4 {
		return true
	}
	part := once(lower)
	for _, row := range rows {
		if strings.Contains(row+row, part) || strings.Contains(backwards(row+row), part) {
			return true
		}
	}
	return false
}

func backwards(text string) string {
	b := []byte(text)
	for i, j := 0, len(b)-1; i < j; i, j = i+1, j-1 {
		b[i], b[j] = b[j], b[i]
	}
	return string(b)
}

// without returns a text without the words that belong to the place, the digits around them, and blanks.
func without(lower string, words []string) string {
	lower = unblanked(lower)
	found := false
	for _, word := range words {
		for _, part := range append(strings.FieldsFunc(strings.ToLower(word), notLetterOrDigit), strings.ToLower(word)) {
			if part = unblanked(part); utf8.RuneCountInString(part) < leastWord {
				continue
			}
			if rest := strings.ReplaceAll(lower, part, ""); rest != lower {
				lower, found = rest, true
			} else if rest := strings.ReplaceAll(unleet(lower), part, ""); rest != unleet(lower) {
				lower, found = rest, true
			}
		}
	}
	if found {
		lower = letters(lower)
	}
	return lower
}

func notLetterOrDigit(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }

func unblanked(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '-' || r == '_' || r == '.' {
			return -1
		}
		return r
	}, text)
}
