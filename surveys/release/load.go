package release

import (
	_ "embed" // what is the same in every load.R and load.py
	"fmt"
	"strconv"
	"strings"
)

// The scripts load.R, load.py, load.sps and load.do make labelled data of the tables. Their texts come from study files and
// instruments, which people write who are not those that run the scripts: each language has one function that makes a literal of a
// text, and no text stands in a script but through it.

const (
	loadR    = "load.R"
	loadPy   = "load.py"
	loadSPSS = "load.sps"
	loadDo   = "load.do"
)

var (
	//go:embed load/load.R
	loadingInR string
	//go:embed load/load.py
	loadingInPython string
)

// kindWords are the kinds as load.R and load.py call them.
var kindWords = map[kind]string{asText: "text", asNumber: "number", asCoded: "coded", asWord: "word", asBand: "band"}

// ascii makes a literal of a text that both R and Python read as that text and nothing else: between double quotes, with escapes for
// quotation marks, backslashes and everything that is not ASCII, so that no encoding, no direction of writing and no line break matters.
func ascii(s string) string { return strconv.QuoteToASCII(clean(s)) }

// key lists the columns that a row of the table is known by.
func (t *describedTable) key() []string {
	if t.long {
		return []string{idColumn, waveColumn}
	}
	return []string{idColumn}
}

// labelsOf says what each option means, no two alike, because programs know an option by its label.
func labelsOf(options []Option) []string {
	labels, seen := make([]string, len(options)), make(map[string]int)
	for i, o := range options {
		if labels[i] = clean(o.Label); labels[i] == "" {
			labels[i] = o.Code
		}
		seen[labels[i]]++
	}
	for i, o := range options {
		if seen[labels[i]] > 1 {
			labels[i] += " (" + o.Code + ")"
		}
	}
	return labels
}

func codeWords(options []Option) []string {
	list := make([]string, len(options))
	for i, o := range options {
		list[i] = o.Code
	}
	return list
}

// literals joins texts as they stand in a script.
func literals(texts []string, literal func(string) string) string {
	list := make([]string, len(texts))
	for i, text := range texts {
		list[i] = literal(text)
	}
	return strings.Join(list, ", ")
}

// loadR writes load.R, or nothing for Excel, whose texts are not those that were given.
func (d *description) loadR() ([]byte, error) {
	if d.plan.Excel {
		return nil, nil
	}
	var b strings.Builder
	b.WriteString(loadingInR)
	fmt.Fprintf(&b, "release_reasons <- c(%s)\n\nrelease_tables <- list()\n", literals(codeWords(d.plan.reasons()), ascii))
	for _, t := range d.describeTables() {
		fmt.Fprintf(&b, "release_tables[[%s]] <- list(key = c(%s), columns = list(", ascii(t.base()), literals(t.key(), ascii))
		for i := range t.variables {
			v := &t.variables[i]
			if i > 0 {
				b.WriteByte(',')
			}
			fmt.Fprintf(&b, "\n  list(name = %s, kind = %s, label = %s, codes = c(%s), labels = c(%s))", ascii(v.name), ascii(kindWords[v.kind]), ascii(v.label),
				literals(codeWords(v.options), ascii), literals(labelsOf(v.options), ascii))
		}
		b.WriteString("))\n")
	}
	return []byte(b.String()), nil
}

// loadPython writes load.py, or nothing for Excel.
func (d *description) loadPython() ([]byte, error) {
	if d.plan.Excel {
		return nil, nil
	}
	var b strings.Builder
	b.WriteString(loadingInPython)
	b.WriteString("_TABLES = {\n")
	for _, t := range d.describeTables() {
		fmt.Fprintf(&b, "    %s: {\"key\": [%s], \"columns\": [\n", ascii(t.base()), literals(t.key(), ascii))
		for i := range t.variables {
			v := &t.variables[i]
			fmt.Fprintf(&b, "        {\"name\": %s, \"kind\": %s, \"label\": %s, \"codes\": [%s], \"labels\": [%s]},\n", ascii(v.name), ascii(kindWords[v.kind]), ascii(v.label),
				literals(codeWords(v.options), ascii), literals(labelsOf(v.options), ascii))
		}
		b.WriteString("    ]},\n")
	}
	b.WriteString("}\n")
	return []byte(b.String()), nil
}

// base is the table's name without the ending of its file.
func (t *describedTable) base() string { return strings.TrimSuffix(t.name, ".csv") }
