package release

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// reservedWords are those that SPSS or Stata takes for something else than a name.
var reservedWords = strings.Fields("all and by eq ge gt le lt ne not or to with byte double float if in int long using str strl")

// legalName is what both take as one, apart from the length.
var legalName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]*$`)

// names returns names for the columns of a table that SPSS and Stata take: their own, or where these are too long, reserved or differ
// from another by capital letters alone, column_ and their place.
func (t *describedTable) names() []string {
	names, seen := make([]string, len(t.variables)), make(map[string]int)
	for i := range t.variables {
		seen[strings.ToLower(t.variables[i].name)]++
	}
	for i := range t.variables {
		name := t.variables[i].name
		lower := strings.ToLower(name)
		reserved := slices.Contains(reservedWords, lower) || strings.HasPrefix(lower, "wellwave_") || strings.HasPrefix(lower, "column_")
		if names[i] = name; len(name) > longestName || reserved || seen[lower] > 1 || !legalName.MatchString(name) {
			names[i] = fmt.Sprintf("column_%d", i+1)
		}
	}
	return names
}

// shortened cuts a text to so many bytes between characters.
func shortened(s string, most int) string {
	if len(s) <= most {
		return s
	}
	for cut := most; ; cut-- {
		if s[cut]&0xc0 != 0x80 {
			return strings.TrimSpace(s[:cut])
		}
	}
}

// numeric lists the places of the columns whose missing values SPSS and Stata can tell apart.
func (t *describedTable) numeric() []int {
	var list []int
	for i := range t.variables {
		if k := t.variables[i].kind; k == asNumber || k == asCoded {
			list = append(list, i)
		}
	}
	return list
}

// empty reports whether no cell of the table has a reason to be empty.
func (d *description) empty(t *describedTable) bool {
	at := slices.IndexFunc(d.made.files, func(f FileSum) bool { return f.Name == reasonsOf(t.name) })
	return d.made.files[at].Rows == 0
}

// widest is the most bytes that a cell of text takes.
func (v *variable) widest() int {
	switch {
	case v.column == nil && v.name == idColumn:
		return 2 * idSize
	case len(v.options) == 0 && v.column != nil && len(v.column.Options) == 0:
		return 255
	case len(v.options) == 0: // a set
		n := 0
		for _, o := range v.column.Options {
			n += len(o.Code) + 1
		}
		return max(n, 1)
	}
	n := 1
	for _, o := range v.options {
		n = max(n, len(o.Code))
	}
	return n
}
