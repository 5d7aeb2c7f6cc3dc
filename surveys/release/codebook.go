package release

import (
	"fmt"
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

// entries describes every column of the file, in the file's order.
func (f *File) entries() []entry {
	list := []entry{{f.Name, idColumn, surveys.ClassPseudonym.String(), "text", "Id of the person in this release", "32 hexadecimal digits",
		"new in this release, equal across its files", ""}}
	for i := range f.Columns {
		c := &f.Columns[i]
		list = append(list, entry{f.Name, c.Name, c.Class.String(), c.Type.String(), clean(c.Label), c.values(), c.recoding(), clean(c.Source)})
		if names := c.Names(); len(names) > 1 {
			second := entry{file: f.Name, column: names[1], class: c.Class.String(), kind: "word",
				label: "Why " + c.Name + " is empty", values: missingWords}
			if c.From == FromScale {
				second.kind, second.label, second.values = Number.String(), "Items of "+c.Name+" that were answered", ""
			}
			list = append(list, second)
		}
	}
	return list
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

func (p *Plan) codebookCSV() []byte {
	var b []byte
	if p.Excel {
		b = append(b, bom...)
	}
	add := func(e entry) {
		for i, cell := range e.cells() {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendCell(b, cell, p.Excel || cell == e.label || cell == e.source) // a codebook is opened in a spreadsheet anyway
		}
		b = append(b, '\n')
	}
	add(codebookHeaders)
	for i := range p.Files {
		for _, e := range p.Files[i].entries() {
			add(e)
		}
	}
	return b
}

// codebookMD is the codebook to read.
func (p *Plan) codebookMD(number int) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s, release %d\n\nProfile %s: at least %d people share every combination of the keys.\n\n", markdown(p.Title), number, p.Profile, p.K)
	for _, note := range notes {
		fmt.Fprintf(&b, "- %s\n", note)
	}
	b.WriteString("\nNot included:\n\n")
	for _, left := range p.notIncluded() {
		fmt.Fprintf(&b, "- %s\n", markdown(left))
	}
	for i := range p.Files {
		f := &p.Files[i]
		fmt.Fprintf(&b, "\n## %s: %s\n\n", f.Name, markdown(f.Title))
		b.WriteString("| column | class | type | label | values | recoding | source |\n|---|---|---|---|---|---|---|\n")
		for _, e := range f.entries() {
			if strings.HasSuffix(e.column, missingEnding) {
				e.values = "see above"
			}
			for _, cell := range e.cells()[1:] {
				fmt.Fprintf(&b, "| %s ", markdown(cell))
			}
			b.WriteString("|\n")
		}
	}
	return []byte(b.String())
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
