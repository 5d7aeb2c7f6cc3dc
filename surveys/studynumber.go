package surveys

import (
	"regexp"
	"strings"
	"time"

	"wellwave/surveys/csvtable"
)

// A study number is a key wherever people are told apart: in files, in other systems, on pages and on paper. It has one form
// in which it is compared and stored, and it must be of no use to anybody outside the study.

// StudyNumber returns a label in the form in which it is a key: without white space and what cannot be seen around it, and in
// capitals. So p12 and
// P12 are one person, whoever typed them.
func StudyNumber(label string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' { // no other letter has a place in it, and some become these in capitals
			return r - 'a' + 'A'
		}
		return r
	}, csvtable.TrimText(label))
}

// AlikeKey returns what study numbers have in common that differ only by what a spreadsheet takes from a number or adds to
// it: leading zeros, and a point with zeros behind it. 007 and 7 may be one person or two.
func AlikeKey(label string) string {
	label = lostDecimals.ReplaceAllString(StudyNumber(label), "")
	return leadingZeros.ReplaceAllString(label, "$1$2")
}

// AlikeTo returns the first of these numbers, as text, that may be the given one in another form, and nothing where there
// is none or where the given one is among them.
func AlikeTo(label string, numbers []string) (other string) {
	number, key := StudyNumber(label), AlikeKey(label)
	for _, known := range numbers {
		switch known = StudyNumber(known); {
		case known == number:
			return ""
		case AlikeKey(known) == key && (other == "" || known < other):
			other = known
		}
	}
	return other
}

var (
	lostDecimals = regexp.MustCompile(`\.0+$`)
	leadingZeros = regexp.MustCompile(`(^|[^0-9])0+([0-9])`)
)

// CheckStudyNumber lets study numbers through and stops what a person could be known by elsewhere. Its sentences do not
// repeat what stands there: if it is what it looks like, it must not be shown.
func CheckStudyNumber(label string) error {
	label = StudyNumber(label)
	digits := 0
	for _, r := range label {
		switch {
		case r >= '0' && r <= '9':
			digits++
		case r >= 'A' && r <= 'Z', r == '-', r == '_', r == '.':
		case r == '@':
			return Errorf(Invalid, "this looks like an e-mail address, which must not enter the study: use a number of the study's own")
		default:
			return Errorf(Invalid, "a study number has letters, digits, hyphens, dots and underscores only: it must not be a name or an address")
		}
	}
	switch {
	case label == "" || len(label) > 32:
		return Errorf(Invalid, "a study number has 1 to 32 characters")
	case digits == 0:
		return Errorf(Invalid, "a study number has at least one digit: it must not be a name")
	}
	for _, looks := range knownElsewhere {
		if looks.like(label) || looks.like(lostDecimals.ReplaceAllString(label, "")) {
			return Errorf(Invalid, "%s, which must not enter the study: use a number of the study's own", looks.what)
		}
	}
	return nil
}

// knownElsewhere are the numbers by which a person is known outside the study, and how they look.
var knownElsewhere = []struct {
	what string
	like func(label string) bool
}{
	{"ten digits look like a CHI or NHS number", isHealthNumber},
	{"nine digits look like a CHI number that has lost its first 0", isShortenedCHI},
	{"this looks like a telephone number", isTelephone},
	{"this looks like a date of birth", isBirthday},
	{"this looks like a postcode", postcode.MatchString},
}

// isHealthNumber takes ten digits, however they are grouped.
func isHealthNumber(label string) bool { return len(digitsOf(label)) == 10 }

// isShortenedCHI takes nine digits that begin with a day of one digit and a month and a year, as a CHI number does once its
// first 0 is lost.
func isShortenedCHI(label string) bool {
	digits := digitsOf(label)
	if len(digits) != 9 {
		return false
	}
	_, err := time.Parse("020106", "0"+digits[:5])
	return err == nil
}

// isTelephone takes numbers as they are dialled in the United Kingdom, with or without its code, grouped or behind letters.
func isTelephone(label string) bool {
	number := digitsOf(label)
	if !telephoneWord.MatchString(label) && strings.ContainsAny(label, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") && !strings.Contains(label, number) {
		return false // a site and a number, or the like
	}
	return telephone.MatchString(number)
}

func digitsOf(label string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, label)
}

var (
	telephone     = regexp.MustCompile(`^(0[1-9][0-9]{9}|(00)?440?[1-9][0-9]{9})$`)
	telephoneWord = regexp.MustCompile(`^(TEL|TELEPHONE|PHONE|MOB|MOBILE)[-._]?[0-9]`)
	// The letters of the second half are those that postcodes have.
	postcode = regexp.MustCompile(`^[A-Z]{1,2}[0-9][A-Z0-9]?[-._]?[0-9][ABD-HJLNP-UW-Z]{2}$`)
	// Days with a year of four digits anywhere, and with one of two digits where there is nothing else.
	dates     = regexp.MustCompile(`(?:^|[^0-9])(?:([0-9]{1,2})[-._]([0-9]{1,2})[-._]([0-9]{4})|([0-9]{4})[-._]([0-9]{1,2})[-._]([0-9]{1,2})|([0-9]{8}))(?:[^0-9]|$)`)
	shortDate = regexp.MustCompile(`^[0-9]{1,2}[-._][0-9]{1,2}[-._][0-9]{2}$`)
	namedDate = regexp.MustCompile(`(?:^|[^0-9])[0-9]{1,2}[-._]?(?:JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)[A-Z]*[-._]?(?:19|20)?[0-9]{2}(?:[^0-9]|$)`)
	// And with the name of the month first, or the year.
	monthFirst = regexp.MustCompile(`(?:^|[^A-Z])(?:JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)[A-Z]*[-._]?[0-9]{1,2}[-._](?:19|20)[0-9]{2}(?:[^0-9]|$)`)
	yearFirst  = regexp.MustCompile(`(?:^|[^0-9])(?:19|20)[0-9]{2}[-._]?(?:JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)[A-Z]*[-._]?[0-9]{1,2}(?:[^0-9]|$)`)
)

// isBirthday takes the days on which people who take part in studies were born, as people write them: eight digits, with
// separators, or with the name of the month. Six digits alone are as likely to be a number that somebody counted up.
func isBirthday(label string) bool {
	if namedDate.MatchString(label) || monthFirst.MatchString(label) || yearFirst.MatchString(label) {
		return true
	}
	if shortDate.MatchString(label) {
		return anyDay(strings.FieldsFunc(label, isSeparator), "2 1 06", "1 2 06", "06 1 2")
	}
	found := dates.FindStringSubmatch(label)
	if found == nil {
		return false
	}
	if packed := found[7]; packed != "" {
		return anyDay([]string{packed}, "02012006", "20060102", "01022006")
	}
	parts := append(found[1:4:4], found[4:7]...)
	return anyDay(nonEmpty(parts), "2 1 2006", "1 2 2006", "2006 1 2")
}

func isSeparator(r rune) bool { return strings.ContainsRune("-._", r) }

func nonEmpty(parts []string) []string {
	kept := parts[:0:0]
	for _, part := range parts {
		if part != "" {
			kept = append(kept, part)
		}
	}
	return kept
}

// lastBirthYear is the last year in which somebody may be born for the day to be taken for a date of birth: numbers that
// begin with the year of a study are common.
const lastBirthYear = 2021

// anyDay reports whether the parts are a day in one of the layouts.
func anyDay(parts []string, layouts ...string) bool {
	for _, layout := range layouts {
		// A year of two digits tells nothing about the century.
		if day, err := time.Parse(layout, strings.Join(parts, " ")); err == nil && (!strings.Contains(layout, "2006") || day.Year() >= 1900 && day.Year() <= lastBirthYear) {
			return true
		}
	}
	return false
}
