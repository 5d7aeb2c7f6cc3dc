package surveys

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"wellwave/scoring/decimal"
	"wellwave/surveys/csvtable"
)

// CellForm says how a file writes what stands in its cells, where files differ. The zero form is that of most: a point before
// decimals, days such as 2026-03-31, and an empty cell where there is nothing.
type CellForm struct {
	// Comma says that a comma stands before decimals. Where it does, days are written with the day first, so 31/3/2026 and
	// 31.3.2026 are taken as well.
	Comma bool
	// Missing are what stands in a cell where there is no answer, such as NA or -99.
	Missing []string
}

// Blank reports whether a cell says that there is nothing: it is empty, or has one of the codes for that.
func (f CellForm) Blank(cell string) bool {
	cell = csvtable.TrimText(cell)
	return cell == "" || slices.ContainsFunc(f.Missing, func(code string) bool { return f.sameCode(code, cell) })
}

// Fact returns what a cell says that is no answer: nothing where it has a code for that.
func (f CellForm) Fact(cell string) string {
	if f.Blank(cell) {
		return ""
	}
	return cell
}

// sameCode compares a code for missing answers with a cell: −99 is also written -99.0.
func (f CellForm) sameCode(code, cell string) bool {
	if code == cell {
		return true
	}
	a, given, ok := f.number(code)
	b, givenToo, okToo := f.number(cell)
	return given && givenToo && ok && okToo && a == b
}

// AnswersAmong returns those of the codes for missing answers that are answers to the item: nobody could tell there which of
// the two was meant, and so they stay answers.
func (f CellForm) AnswersAmong(item *Item) []string {
	return slices.DeleteFunc(slices.Clone(f.Missing), func(code string) bool { return !f.isAnswer(item, code) })
}

// isAnswer reports whether a code for missing answers is a number that answers the item. Any word would answer one that takes
// a text, and there the code is believed.
func (f CellForm) isAnswer(item *Item, code string) bool {
	n, given, ok := f.number(code)
	if !ok || !given {
		return false
	}
	if item.Kind == KindMultiple {
		return slices.Contains(item.Options, n)
	}
	return item.Kind.Numeric() && item.Check(Number(n)) == nil
}

// Value reads the answer to an item in a cell and checks it. Nothing there is an untouched value.
func (f CellForm) Value(item *Item, cell string) (Value, error) {
	if f.Blank(cell) && !f.isAnswer(item, cell) {
		return Value{}, nil
	}
	v, err := f.read(item, cell)
	if err != nil {
		return Value{}, err
	}
	return v, item.Check(v)
}

func (f CellForm) read(item *Item, cell string) (Value, error) {
	switch {
	case item.Kind == KindMultiple:
		var members []float64
		for _, field := range strings.FieldsFunc(cell, f.parts(item)) {
			n, err := f.numberCell(field)
			if err != nil {
				return Value{}, err
			}
			members = append(members, n)
		}
		return Set(members...), nil
	case item.Kind == KindYesNo:
		if yes, ok := readYesNo(cell); ok {
			return yes, nil
		}
	case item.Kind == KindDate:
		day, err := f.Day(cell)
		return Text(day), err
	case !item.Kind.Numeric():
		return Text(NormalText(cell)), nil
	}
	n, err := f.numberCell(cell)
	return Number(n), err
}

// parts tells what stands between several choices: blanks, semicolons, bars, and commas unless one could be part of a number.
func (f CellForm) parts(item *Item) func(rune) bool {
	between := " \t\u00a0;|,"
	if slices.ContainsFunc(item.Options, func(option float64) bool { return option != float64(int64(option)) }) {
		between = " \t\u00a0;|"
	}
	return func(r rune) bool { return strings.ContainsRune(between, r) }
}

// readYesNo reads the words that programs and people write for yes and no.
func readYesNo(cell string) (Value, bool) {
	switch strings.ToLower(csvtable.TrimText(cell)) {
	case "true", "t", "yes", "y", "checked":
		return Number(1), true
	case "false", "f", "no", "n", "unchecked":
		return Number(0), true
	}
	return Value{}, false
}

// Ticked reads the cell of one choice among several that has a column of its own, as other systems export them.
func (f CellForm) Ticked(cell string) (bool, error) {
	if f.Blank(cell) {
		return false, nil
	}
	if yes, ok := readYesNo(cell); ok {
		return yes.Number == 1, nil
	}
	n, _, ok := f.number(cell)
	if !ok || n != 0 && n != 1 {
		return false, Errorf(Invalid, "“%s” does not say whether this was ticked. Write 1 or 0.", Excerpt(cell))
	}
	return n == 1, nil
}

func (f CellForm) numberCell(cell string) (float64, error) {
	n, _, ok := f.number(cell)
	switch {
	case ok:
		return n, nil
	case !f.Comma && strings.Count(cell, ",") == 1 && !strings.ContainsAny(cell, ".;"):
		return 0, Errorf(Invalid, "“%s” is not a number. If commas stand before decimals in the whole file, say so with --decimal ,", Excerpt(cell))
	}
	if !f.partsThousands(cell) {
		return readNumberCell(csvtable.TrimText(cell), f.numbers()) // which says what is wrong
	}
	return 0, Errorf(Invalid, "“%s” is not a number.", Excerpt(cell))
}

// IsNumber reports whether a cell has a number.
func (f CellForm) IsNumber(cell string) bool {
	_, given, ok := f.number(cell)
	return given && ok
}

func (f CellForm) number(cell string) (n float64, given, ok bool) {
	if f.partsThousands(cell) {
		return 0, false, false
	}
	return csvtable.ParseNumberAs([]byte(cell), f.numbers())
}

// State reads a cell such as 21345, whose digits answer the items with these codes one by one. There are none where there is
// nothing.
func (f CellForm) State(cell string, codes []string) (digits []rune, err error) {
	cell = decimal.Latin(lostDecimals.ReplaceAllString(csvtable.TrimText(cell), "")) // as programs write whole numbers that may be missing
	if f.Blank(cell) {
		return nil, nil
	}
	if digits = []rune(cell); len(digits) != len(codes) {
		return nil, Errorf(Invalid, "“%s” is no state: it has %d digits, one for each of %s", Excerpt(cell), len(codes), strings.Join(codes, ", "))
	}
	return digits, nil
}

// numbers is the form of numbers in cells. Where a comma stands before decimals a point may do so too.
func (f CellForm) numbers() decimal.Form {
	if f.Comma {
		return decimal.Written | decimal.Comma
	}
	return decimal.Written
}

// partsThousands reports whether a point could part thousands, because commas stand before decimals.
func (f CellForm) partsThousands(cell string) bool {
	whole, decimals, point := strings.Cut(csvtable.TrimText(cell), ".")
	return f.Comma && point && (strings.Contains(cell, ",") || len(decimals) == 3 && strings.Trim(whole, "+-0") != "")
}

// Day reads a day, and a moment at midnight, which is how programs write a day that they keep with a time. It returns the day
// as 2026-03-31.
func (f CellForm) Day(cell string) (string, error) {
	day := decimal.Latin(csvtable.TrimText(cell))
	if at := strings.IndexAny(day, " T"); at > 0 && strings.Trim(day[at+1:], "0:.") == "" {
		day = day[:at]
	}
	layouts := []string{"2006-1-2"}
	if f.Comma {
		layouts = append(layouts, "2/1/2006", "2.1.2006")
	}
	for _, layout := range layouts {
		if t, err := time.Parse(layout, day); err == nil {
			return t.Format(time.DateOnly), nil
		}
	}
	return "", Errorf(Invalid, "“%s” is not a day. Write it as 2026-03-31.", Excerpt(cell))
}

// NewCellForm returns the form that two flags describe. It fails with Invalid for a sign before decimals that is none.
func NewCellForm(decimal string, missing []string) (CellForm, error) {
	f := CellForm{Comma: decimal == ","}
	if decimal != "," && decimal != "." {
		return f, Errorf(Invalid, "--decimal %s: before decimals stands a comma or a point", strconv.Quote(decimal))
	}
	for _, code := range missing {
		if code = strings.TrimSpace(code); code != "" {
			f.Missing = append(f.Missing, code)
		}
	}
	return f, nil
}
