package release

import (
	"fmt"
	"strings"

	"wellwave/surveys"
)

// codebookMD is the codebook of format 1 to read.
const codebookMD = "codebook.md"

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

func (p *Plan) codebookCSV1() []byte {
	var b []byte
	if p.Excel {
		b = append(b, bom...)
	}
	b = codebookHeaders1.appendCSV(b, p.Excel)
	for i := range p.Files {
		for _, e := range p.Files[i].entries() {
			b = e.appendCSV(b, p.Excel)
		}
	}
	return b
}

// codebookMD1 is the codebook to read.
func (p *Plan) codebookMD1(number int) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s, release %d\n\nProfile %s: at least %d people share every combination of the keys.\n\n", markdown(p.Title), number, p.Profile, p.K)
	for _, note := range notes1 {
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

// entry is one column of one file as a codebook describes it.
type entry struct {
	file, column, class, kind, label, values, recoding, source string
}

var codebookHeaders1 = entry{"file", "column", "class", "type", "label", "values", "recoding", "source"}

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

// markdown keeps a text from being read as markup.
func markdown(s string) string {
	return strings.NewReplacer("|", `\|`, "<", "&lt;", "*", `\*`, "_", `\_`, "`", "\\`", "[", `\[`).Replace(clean(s))
}
