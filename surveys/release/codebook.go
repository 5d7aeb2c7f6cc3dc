package release

import (
	"strings"
	"unicode"

	"wellwave/surveys"
)

// entry is one column of one file as a codebook describes it.
type entry struct {
	file, column, class, kind, label, values, recoding, source string
}

var codebookHeaders = entry{"file", "column", "class", "type", "label", "values", "recoding", "source"}

func (e entry) cells() []string {
	return []string{e.file, e.column, e.class, e.kind, e.label, e.values, e.recoding, e.source}
}

// appendCSV writes the entry as a line.
func (e entry) appendCSV(b []byte, excel bool) []byte {
	for i, cell := range e.cells() {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendCell(b, cell, excel || cell == e.label || cell == e.source) // a codebook is opened in a spreadsheet anyway
	}
	return append(b, '\n')
}

// values says what may stand in the column.
func (c *Column) values() string {
	switch {
	case len(c.Labels) > 0 && c.Min >= c.Bands[0] && c.Min < c.Max:
		return strings.Join(c.Labels[1:], "; ") // nothing lies below the first bound
	case len(c.Labels) > 0:
		return strings.Join(c.Labels, "; ")
	case len(c.Options) > 0:
		var options []string
		for _, o := range c.Options {
			text := o.Code
			if label := clean(o.Label); label != "" && label != o.Code {
				text += " = " + label
			}
			options = append(options, text)
		}
		return strings.Join(options, "; ")
	case c.Type == Boolean:
		return "1 = yes; 0 = no"
	case c.Type == Number && c.Min < c.Max:
		return string(appendNumber(nil, c.Min)) + " to " + string(appendNumber(nil, c.Max))
	default:
		return ""
	}
}

// recoding says what was done to the values.
func (c *Column) recoding() string {
	switch {
	case len(c.Bands) > 0:
		return "put into bands"
	case c.Type == Days:
		return "date replaced by days since the person's baseline"
	default:
		return ""
	}
}

// markdown keeps a text from being read as markup.
func markdown(s string) string {
	return strings.NewReplacer("|", `\|`, "<", "&lt;", "*", `\*`, "_", `\_`, "`", "\\`", "[", `\[`).Replace(clean(s))
}

// clean makes a text one line, and drops the characters that turn the direction of what follows: in a codebook they
// could make one code look like another.
func clean(s string) string {
	return strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		switch {
		case r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069:
			return -1
		case unicode.IsControl(r):
			return ' '
		default:
			return r
		}
	}, s)), " ")
}

func join(waves []surveys.WaveID) string {
	words := make([]string, len(waves))
	for i, id := range waves {
		words[i] = string(id)
	}
	return strings.Join(words, ", ")
}
