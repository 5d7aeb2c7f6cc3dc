package main

import (
	"strings"
	"testing"
)

// Other ways in which the same kinds of file arrive: they are read as they were meant, or one sentence says what is wrong.
func TestIngestOtherHabits(t *testing.T) {
	database := hunt(t)
	header := "participant,site,completed_at,o_income" + missingItems + "\n"
	row := func(number string) string { return number + ",s1,2026-11-30,5" + missingCells + "\n" }
	between := func(sign string) string { return strings.ReplaceAll(header+row("P1"), ",", sign) }
	for name, tt := range map[string]struct{ content, want string }{
		"blanks around the names":      {strings.ReplaceAll(header, ",", " , ") + row("P1"), "stored 1,"},
		"rows of nothing above":        {"\n" + strings.Repeat(",", 16) + "\n" + header + row("P2"), "stored 1,"},
		"marks that nobody sees":       {header + "\u200eP3\u202c,\u200bs1,\u202a2026-11-30\u202c,\u200e5" + missingCells + "\n", "stored 1,"},
		"digits of other scripts":      {header + "P4,s1,٢٠٢٦-١١-٣٠,۴۷" + missingCells + "\n", "stored 1,"},
		"the end of a file of old":     {header + row("P5") + "\x1a", "stored 1,"},
		"a mark too many":              {"\ufeff\ufeff" + header + row("P6"), "stored 1,"},
		"colons":                       {between(":"), "the columns seem to be separated by colons"},
		"blanks":                       {between(" "), "the columns seem to be separated by blanks"},
		"a line about another sign":    {"sep=~\n" + between("~"), "line 1: the line says that “~” separates the columns"},
		"row names":                    {",\"" + header + "1," + row("P7"), "line 1, column 2: the quotation mark"},
		"row names without a name":     {"," + header + "1," + row("P7"), "line 1, column 1: the column has no name; if it numbers the rows"},
		"a blank before a mark":        {header + strings.Replace(row("P7"), ",5,", `, "5",`, 1), "line 2, column o_income: a blank stands before the quotation mark"},
		"a mistake below blank lines":  {"\n\n" + strings.Replace(header, "site", "sight", 1) + row("P7"), "line 3, column 2: “sight” is no column"},
		"a health number in disguise":  {header + row("\u200e0203450123\u200e"), "line 2: ten digits look like"},
		"one of another script":        {header + row("٠٢٠٣٤٥٠١٢٣"), "line 2: a study number has letters, digits"},
		"a picture":                    {"\x89PNG\r\n\x1a\n", "is a picture, not a CSV table"},
		"an exponent in a tick's name": {strings.Replace(header, "o_multi", "o_multi___1,o_multi___2,o_multi___3,o_multi___1e6,o_multi___1500000", 1) + strings.Replace(row("P8"), missingCells, missingCells+",,,,", 1), "stored 1,"},
	} {
		t.Run(name, func(t *testing.T) {
			got := takeIn(t, database, writeFile(t, "habits.csv", tt.content), "--enrol")
			if all := got.stdout + got.stderr; !strings.Contains(all, tt.want) || strings.Count(all, "\n") > 3 {
				t.Errorf("%+v, want %q and no more than it needs", got, tt.want)
			}
		})
	}
	if got := must(t, database, "", "ingest", "--study", "hunt", "--wave", "base", writeFile(t, "same.csv", header+"p4,s1,2026-11-30,47"+missingCells+"\n")); !strings.Contains(got, "already there 1") {
		t.Errorf("digits of another script are others: %s", got)
	}
}
