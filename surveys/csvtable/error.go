package csvtable

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Error says what is wrong in a table, and where.
type Error struct {
	File   string // empty for standard input
	Line   int    // as an editor counts: the header begins on line 1
	Column int    // from 1; 0 where the whole row is meant
	Name   string // of the column
	Reason string
	Cells  []string // of a row that is wrong as a whole, as far as they can be told apart
}

// Error returns the place and the reason: "line 7, column 3 (phq9_3): …", or where the file is known
// "answers.csv:7:3: phq9_3: …", at which editors jump to the place.
func (e *Error) Error() string {
	var b strings.Builder
	switch {
	case e.File != "" && e.Line > 0:
		fmt.Fprintf(&b, "%s:%d:%d: ", e.File, e.Line, max(e.Column, 1))
		if e.Name != "" {
			fmt.Fprintf(&b, "%s: ", Excerpt(e.Name))
		}
	case e.File != "":
		fmt.Fprintf(&b, "%s: ", e.File)
	case e.Line > 0:
		fmt.Fprintf(&b, "line %d", e.Line)
		if e.Column > 0 {
			fmt.Fprintf(&b, ", column %d", e.Column)
		}
		if e.Name != "" {
			fmt.Fprintf(&b, " (%s)", Excerpt(e.Name))
		}
		b.WriteString(": ")
	}
	b.WriteString(e.Reason)
	return b.String()
}

// Excerpt keeps what stands in a file short and plain enough to be repeated in a message.
func Excerpt(text string) string {
	const most = 40
	text = strings.Map(func(r rune) rune {
		if r < ' ' || r == utf8.RuneError {
			return ' '
		}
		return r
	}, text)
	if utf8.RuneCountInString(text) > most {
		return string([]rune(text)[:most]) + "…"
	}
	return text
}
