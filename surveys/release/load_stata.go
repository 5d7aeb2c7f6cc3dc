package release

import (
	"fmt"
	"regexp"
	"strings"
)

// longestLabelStata is how many characters the label of a variable has.
const longestLabelStata = 80

// plainStata replaces what Stata acts upon wherever it stands, also between quotation marks: macros, their escapes, and what begins
// and ends a comment or a literal. The likenesses mean nothing to it.
var plainStata = strings.NewReplacer("`", "‘", "$", "＄", `"`, "”", `\`, "＼", "//", "∕∕", "/*", "∕*", "*/", "*∕")

// stata makes a literal of a text that holds none of those.
func stata(s string) string { return `"` + plainStata.Replace(clean(s)) + `"` }

// wholeNumber is what a value label of Stata can stand for.
var wholeNumber = regexp.MustCompile(`^-?[0-9]{1,9}$`)

const headStata = `* Makes labelled data of the tables of this release, each in a file of its own name that ends in .dta. Start it in the folder of the
* release: do load.do
* Why a number is missing is an extended missing value (.a, .b and so on) with a label; of texts the file of reasons says it.
version 14
clear

`

// loadStata writes load.do, or nothing for Excel.
func (d *description) loadStata() ([]byte, error) {
	if d.plan.Excel {
		return nil, nil
	}
	var b strings.Builder
	b.WriteString(headStata)
	for _, t := range d.describeTables() {
		d.tableStata(&b, &t)
	}
	return []byte(b.String()), nil
}

func (d *description) tableStata(b *strings.Builder, t *describedTable) {
	names, numeric, keys := t.names(), t.numeric(), strings.Join(t.key(), " ")
	told := len(numeric) > 0 && !d.empty(t)
	if told {
		readStata(b, reasonsOf(t.name), append(t.key(), columnColumn, reasonColumn))
		b.WriteString("generate byte wellwave_why = .\n")
		for i, r := range d.plan.reasons() {
			fmt.Fprintf(b, "replace wellwave_why = %d if reason == %s\n", i+1, stata(r.Code))
		}
		var list []string
		for _, i := range numeric {
			fmt.Fprintf(b, "generate byte wellwave_%d = wellwave_why if column == %s\n", i, stata(t.variables[i].name))
			list = append(list, fmt.Sprintf("wellwave_%d", i))
		}
		fmt.Fprintf(b, "collapse (max) %s, by(%s)\ntempfile reasons\nsave \"`reasons'\", replace\n\n", strings.Join(list, " "), keys)
	}
	readStata(b, t.name, names)
	if told {
		fmt.Fprintf(b, "merge 1:1 %s using \"`reasons'\", keep(master match) nogenerate\n", keys)
	}
	for i := range t.variables {
		t.variables[i].loadStata(b, names[i], i, told, d.plan.reasons())
	}
	if told {
		b.WriteString("drop wellwave_*\n")
	}
	fmt.Fprintf(b, "order %s\nsort %s\nsave %s, replace\n\n", strings.Join(names, " "), keys, stata(t.base()+".dta"))
}

// readStata reads a file as texts and names its columns.
func readStata(b *strings.Builder, file string, names []string) {
	fmt.Fprintf(b, "import delimited using %s, delimiters(\",\") varnames(nonames) rowrange(2) stringcols(_all) bindquotes(strict) encoding(\"UTF-8\") clear\n", stata(file))
	read := make([]string, len(names))
	for i := range read {
		read[i] = fmt.Sprintf("v%d", i+1)
	}
	fmt.Fprintf(b, "rename (%s) (%s)\n", strings.Join(read, " "), strings.Join(names, " ")) // at once, because a column may be called v2
}

// loadStata makes a labelled variable of what was read.
func (v *variable) loadStata(b *strings.Builder, name string, at int, told bool, reasons []Option) {
	labels := labelsOf(v.options)
	var defined []string
	switch v.kind {
	case asNumber, asCoded:
		fmt.Fprintf(b, "destring %s, replace\n", name)
		for i := range reasons {
			letter := string(rune('a' + i))
			if told {
				fmt.Fprintf(b, "replace %s = .%s if wellwave_%d == %d\n", name, letter, at, i+1)
			}
			defined = append(defined, "."+letter+" "+stata(reasons[i].Code))
		}
		for i, o := range v.options {
			if wholeNumber.MatchString(o.Code) {
				defined = append(defined, o.Code+" "+stata(labels[i]))
			}
		}
	case asWord, asBand:
		fmt.Fprintf(b, "rename %s wellwave_text\ngenerate byte %s = .\n", name, name)
		if len(v.options) > 100 {
			fmt.Fprintf(b, "recast int %s\n", name)
		}
		for i, o := range v.options {
			fmt.Fprintf(b, "replace %s = %d if wellwave_text == %s\n", name, i+1, stata(o.Code))
			defined = append(defined, fmt.Sprintf("%d %s", i+1, stata(labels[i])))
		}
		b.WriteString("drop wellwave_text\n")
	}
	label := []rune(clean(v.label))
	if name != v.name {
		label = []rune(v.name + ": " + clean(v.label))
	}
	fmt.Fprintf(b, "label variable %s %s\n", name, stata(string(label[:min(len(label), longestLabelStata)])))
	if len(defined) > 0 {
		for i, one := range defined {
			add := ""
			if i > 0 {
				add = ", add"
			}
			fmt.Fprintf(b, "label define wellwave_%d %s%s\n", at, one, add)
		}
		fmt.Fprintf(b, "label values %s wellwave_%d\n", name, at)
	}
}
