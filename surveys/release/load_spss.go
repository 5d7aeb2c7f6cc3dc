package release

import (
	"fmt"
	"strings"
)

// The limits of SPSS, in bytes.
const (
	longestLabelSPSS      = 255 // of a variable
	longestValueLabelSPSS = 120
)

// missingSPSS is the number that stands for the i-th reason. No answer and no day is so far from 0.
func missingSPSS(i int) int { return -99990001 - i }

// spss makes a literal of a text: between apostrophes, with those in it doubled, so that nothing in it ends it. No line ends in one, and
// SPSS puts nothing in place of what stands in a literal.
func spss(s string) string { return "'" + strings.ReplaceAll(clean(s), "'", "''") + "'" }

func shortSPSS(s string, most int) string { return spss(shortened(clean(s), most)) }

const headSPSS = `* Encoding: UTF-8.
* Makes labelled data of the tables of this release, each in a file of its own name that ends in .sav. Start it in the folder:
* CD 'folder'.
* INSERT FILE='load.sps'.
* Why a number is missing is a missing value of its own; of texts the file of reasons says it.

`

// loadSPSS writes load.sps, or nothing for Excel.
func (d *description) loadSPSS() ([]byte, error) {
	if d.plan.Excel {
		return nil, nil
	}
	var b strings.Builder
	b.WriteString(headSPSS)
	for _, t := range d.describeTables() {
		d.tableSPSS(&b, &t)
	}
	return []byte(b.String()), nil
}

func (d *description) tableSPSS(b *strings.Builder, t *describedTable) {
	names, numeric, keys := t.names(), t.numeric(), strings.Join(t.key(), " ")
	told := len(numeric) > 0 && !d.empty(t)
	if told {
		readSPSS(b, reasonsOf(t.name))
		for i := range t.key() {
			fmt.Fprintf(b, "\n  %s A%d", t.variables[i].name, t.variables[i].widest())
		}
		b.WriteString("\n  column A64\n  reason A64.\nRECODE reason")
		for i, r := range d.plan.reasons() {
			fmt.Fprintf(b, "\n  (%s = %d)", spss(r.Code), missingSPSS(i))
		}
		b.WriteString("\n  INTO wellwave_why.\nNUMERIC")
		for _, i := range numeric {
			fmt.Fprintf(b, "\n  wellwave_%d", i)
		}
		b.WriteString(" (F10.0).\n")
		for _, i := range numeric {
			fmt.Fprintf(b, "IF (column EQ %s) wellwave_%d = wellwave_why.\n", spss(t.variables[i].name), i)
		}
		fmt.Fprintf(b, "SORT CASES BY %s.\nAGGREGATE OUTFILE=* /BREAK=%s", keys, keys)
		for _, i := range numeric {
			fmt.Fprintf(b, "\n  /wellwave_%d = MAX(wellwave_%d)", i, i)
		}
		b.WriteString(".\nSAVE OUTFILE='wellwave_reasons.sav'.\n\n")
	}
	readSPSS(b, t.name)
	for i := range t.variables {
		fmt.Fprintf(b, "\n  %s %s", names[i], t.variables[i].formatSPSS())
	}
	b.WriteString(".\n")
	if told {
		fmt.Fprintf(b, "SORT CASES BY %s.\nMATCH FILES /FILE=* /TABLE='wellwave_reasons.sav' /BY %s.\n", keys, keys)
		for _, i := range numeric {
			fmt.Fprintf(b, "IF (SYSMIS(%s)) %s = wellwave_%d.\n", names[i], names[i], i)
		}
		b.WriteString("EXECUTE.\nDELETE VARIABLES")
		for _, i := range numeric {
			fmt.Fprintf(b, "\n  wellwave_%d", i)
		}
		b.WriteString(".\n")
	}
	for i := range t.variables {
		t.variables[i].labelSPSS(b, names[i], d.plan.reasons())
	}
	if told {
		b.WriteString("ERASE FILE='wellwave_reasons.sav'.\n")
	}
	fmt.Fprintf(b, "SAVE OUTFILE=%s.\n\n", spss(t.base()+".sav"))
}

// readSPSS begins to read a file.
func readSPSS(b *strings.Builder, name string) {
	fmt.Fprintf(b, "GET DATA /TYPE=TXT /FILE=%s /ENCODING='UTF8' /ARRANGEMENT=DELIMITED /DELIMITERS=',' /QUALIFIER='\"'\n  /FIRSTCASE=2 /VARIABLES=", spss(name))
}

func (v *variable) formatSPSS() string {
	switch {
	case v.kind == asNumber && v.typeName() == Number.String() && v.part == value:
		return "F20.10"
	case v.kind == asNumber || v.kind == asCoded:
		return "F10.0"
	default:
		return fmt.Sprintf("A%d", v.widest())
	}
}

func (v *variable) labelSPSS(b *strings.Builder, name string, reasons []Option) {
	label := v.label
	if name != v.name {
		label = v.name + ": " + label
	}
	fmt.Fprintf(b, "VARIABLE LABELS %s %s.\n", name, shortSPSS(label, longestLabelSPSS))
	missing := v.kind == asNumber || v.kind == asCoded
	if !missing && v.kind != asWord {
		return
	}
	fmt.Fprintf(b, "VALUE LABELS %s", name)
	for i, text := range labelsOf(v.options) {
		code := v.options[i].Code
		if !missing {
			code = spss(code)
		}
		fmt.Fprintf(b, "\n  %s %s", code, shortSPSS(text, longestValueLabelSPSS))
	}
	if missing {
		for i, r := range reasons {
			fmt.Fprintf(b, "\n  %d %s", missingSPSS(i), spss(r.Code))
		}
	}
	b.WriteString(".\n")
	if missing {
		fmt.Fprintf(b, "MISSING VALUES %s (%d THRU %d).\n", name, missingSPSS(len(reasons)-1), missingSPSS(0))
	}
}
