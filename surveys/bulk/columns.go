package bulk

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"wellwave/scoring/decimal"
	"wellwave/surveys"
	"wellwave/surveys/csvtable"
	"wellwave/surveys/strictyaml"
)

// column is what stands in a column of a file: a fact, the answer to an item, whether one choice of an item was ticked, or a
// state whose digits answer several items. One that is not wanted is none of these.
type column struct {
	name   string // as the file has it
	fact   string
	items  []*surveys.Item
	tick   bool
	option float64 // of a choice
	state  bool
}

// tickSign stands between an item and the number of a choice in the name of a column, as REDCap has it.
const tickSign = "___"

// ReadMap reads a table with the columns column and item, which says what the columns of other people's files are here. A
// column without an item is one that is not wanted. Its error is a *csvtable.Error.
func ReadMap(r io.Reader, file string) (map[string]string, error) {
	table, err := csvtable.NewReader(r, file)
	if err != nil {
		return nil, err
	}
	if err := table.Need("column", "item"); err != nil {
		return nil, err
	}
	theirs, _ := table.Column("column")
	ours, _ := table.Column("item")
	names := make(map[string]string)
	for {
		row, err := table.Next()
		if errors.Is(err, io.EOF) {
			return names, nil
		}
		if err != nil {
			return nil, err
		}
		name := csvtable.TrimText(row.Text(theirs))
		if _, twice := names[name]; twice {
			return nil, row.Errorf(theirs, "the column “%s” stands here twice", csvtable.Excerpt(name))
		}
		names[name] = csvtable.TrimText(row.Text(ours))
	}
}

// names returns what the file's columns are called here, where options say so.
func (c *csvReader) names() (map[string]string, error) {
	o, header := c.options, c.table.Header()
	theirs := make(map[string]string, len(o.Columns)+len(o.Map)) // the file's name → ours
	maps.Copy(theirs, o.Map)
	c.notes = append(c.notes, noteAbsent(header, o.Map)...)
	for _, ours := range slices.Sorted(maps.Keys(o.Columns)) {
		name := o.Columns[ours]
		if !slices.Contains(header, name) {
			return nil, surveys.Errorf(surveys.Invalid, "line %d: there is no column “%s”, which --column %s=%s speaks of; the columns are %s",
				c.table.HeaderLine(), name, ours, name, strings.Join(header, ", "))
		}
		theirs[name] = ours
	}
	return theirs, nil
}

// noteAbsent says which columns of a map a file does not have.
func noteAbsent(header []string, names map[string]string) []string {
	var absent []string
	for _, name := range slices.Sorted(maps.Keys(names)) {
		if !slices.Contains(header, name) {
			absent = append(absent, "“"+surveys.Excerpt(name)+"”")
		}
	}
	if absent == nil {
		return nil
	}
	return []string{"The file has no column " + strings.Join(absent, ", ") + " of the map."}
}

// Rename calls the columns of a table what a map of ReadMap says of them, for a calculation with the items of one instrument: by
// the codes of items, of which a state has several, and by nothing where they are not wanted. A map may be about a whole wave, so
// what the instrument does not have is not refused but said: notes are sentences about that. It fails as [csvtable.Reader.Rename]
// does.
func Rename(table *csvtable.Reader, names map[string]string, instrument *surveys.Instrument) (notes []string, err error) {
	q, err := surveys.NewQuestionnaire("", "", []*surveys.Instrument{instrument}, nil)
	if err != nil {
		return nil, err
	}
	notes = noteAbsent(table.Header(), names)
	called := make(map[string][]string)
	for _, name := range table.Header() {
		ours, renamed := names[name]
		switch found, known := find(q, ours, true); {
		case !renamed:
		case ours == "":
			called[name] = []string{}
		case known && !found.tick:
			called[name] = found.what()
		default: // also what is no item here goes by its new name alone
			called[name] = []string{ours}
			if known { // one choice of several, of which nothing is calculated
				break
			}
			notes = append(notes, fmt.Sprintf("The map says that “%s” is %s, which is no item of %s.", surveys.Excerpt(name), surveys.Excerpt(ours), instrument.ID))
		}
	}
	return notes, table.Rename(called)
}

// matchHeader finds out what each column is.
func (c *csvReader) matchHeader() error {
	o := c.options
	theirs, err := c.names()
	if err != nil {
		return err
	}
	for ours := range o.Set {
		if ours == "participant" || !slices.Contains(facts, ours) {
			return surveys.Errorf(surveys.Invalid, "--set %s: only %s can be set for every row", ours, strings.Join(facts[1:], ", "))
		}
	}
	var wrong []string
	seen := make(map[string]bool) // facts and items
	choices := make(map[string][]float64)
	for i, name := range c.Header() {
		ours, renamed := theirs[name]
		if !renamed {
			ours = name
		}
		found, known := column{name: name}, true
		if !(slices.Contains(o.Ignore, name) && !renamed) && !(renamed && ours == "") {
			found, known = find(c.q, ours, renamed)
			found.name = name
		}
		place := fmt.Sprintf("line %d, column %d: ", c.table.HeaderLine(), i+c.own+1)
		_, isSet := o.Set[found.fact]
		switch {
		case !known:
			wrong = append(wrong, fmt.Sprintf("%s“%s” is no column that this wave knows.%s Name it with --column or --map, or leave it out with --ignore %s",
				place, ours, c.suggest(ours), name))
		case found.fact != "" && isSet:
			wrong = append(wrong, fmt.Sprintf("%s“%s” is both a column and given with --set", place, ours))
		case found.tick && slices.Contains(choices[found.items[0].Code], found.option):
			wrong = append(wrong, fmt.Sprintf("%sthere are two columns “%s”", place, ours))
		case found.tick:
			choices[found.items[0].Code] = append(choices[found.items[0].Code], found.option)
		default:
			for _, what := range found.what() {
				if seen[what] {
					wrong = append(wrong, fmt.Sprintf("%sthere are two columns “%s”", place, what))
				}
				seen[what] = true
			}
		}
		c.columns = append(c.columns, found)
	}
	if !seen["participant"] {
		wrong = append(wrong, c.headerf("there is no column participant; if another column numbers the people, say --column participant=NAME"))
	}
	wrong = append(wrong, c.missingChoices(choices, seen)...)
	wrong = append(wrong, c.missingItems(seen)...)
	if len(wrong) > 0 {
		return surveys.Errorf(surveys.Invalid, "%s", strings.Join(wrong, "\n"))
	}
	var items []*surveys.Item
	for _, column := range c.columns {
		if !column.tick {
			items = append(items, column.items...)
		}
	}
	c.notes = append(c.notes, NoteAnswers(o.Cells, items)...)
	return nil
}

// headerf returns a sentence about the header, with its place.
func (c *csvReader) headerf(format string, args ...any) string {
	return fmt.Sprintf("line %d: ", c.table.HeaderLine()) + fmt.Sprintf(format, args...)
}

// what lists the fact and the items that a column is about.
func (c *column) what() []string {
	if c.fact != "" {
		return []string{c.fact}
	}
	var codes []string
	for _, item := range c.items {
		codes = append(codes, item.Code)
	}
	return codes
}

// find returns the column that has one of our names: a fact, an item, an item and one of its choices, or, where somebody has
// said so, several items or an instrument, of whose items the digits of a state are the answers.
func find(q *surveys.Questionnaire, ours string, said bool) (column, bool) {
	if slices.Contains(facts, ours) {
		return column{fact: ours}, true
	}
	if item, ok := answered(q, ours); ok {
		return column{items: []*surveys.Item{item}}, true
	}
	if at := strings.LastIndex(ours, tickSign); at > 0 {
		item, ok := answered(q, ours[:at])
		// Of a choice that is less than 0 the sign is one more underscore.
		option, err := decimal.Parse(strings.Replace(ours[at+len(tickSign):], "_", "-", 1), decimal.Written)
		if ok && err == nil && item.Kind == surveys.KindMultiple && slices.Contains(item.Options, option) {
			return column{items: []*surveys.Item{item}, tick: true, option: option}, true
		}
		if item, ok = answered(q, strings.TrimSuffix(ours[:at], "_")); ok && strings.HasSuffix(ours[:at], "_") && slices.Contains(item.Options, -option) {
			return column{items: []*surveys.Item{item}, tick: true, option: -option}, true
		}
	}
	if !said {
		return column{}, false
	}
	state := column{state: true}
	for _, instrument := range q.Instruments {
		if string(instrument.ID) != ours {
			continue
		}
		for i := range instrument.Items {
			if item, ok := answered(q, instrument.Items[i].Code); ok && oneDigit(item) {
				state.items = append(state.items, item)
			}
		}
		return state, len(state.items) > 0
	}
	for code := range strings.FieldsSeq(ours) {
		item, ok := answered(q, code)
		if !ok || !oneDigit(item) {
			return column{}, false
		}
		state.items = append(state.items, item)
	}
	return state, len(state.items) > 1
}

// answered returns the item with a code, if it is one that is answered.
func answered(q *surveys.Questionnaire, code string) (*surveys.Item, bool) {
	item, ok := q.Item(code)
	if !ok || item.Kind == surveys.KindDisplay {
		return nil, false
	}
	return item.Item, true
}

// oneDigit reports whether every choice of an item is one digit.
func oneDigit(item *surveys.Item) bool {
	return item.Kind.Chosen() && item.Kind != surveys.KindMultiple && len(item.Options) > 0 && !slices.ContainsFunc(item.Options, func(option float64) bool {
		return option < 0 || option > 9 || option != float64(int(option))
	})
}

// missingChoices lists the choices for which there should be a column: a lost column would look like a choice that nobody
// made. An item with all of them has its answers there.
func (c *csvReader) missingChoices(choices map[string][]float64, seen map[string]bool) []string {
	var wrong []string
	for _, code := range slices.Sorted(maps.Keys(choices)) {
		item, _ := answered(c.q, code) // find found it
		if seen[code] {
			wrong = append(wrong, c.headerf("%s has a column of its own and one for each choice", code))
		}
		seen[code] = true
		var missing []string
		for _, option := range item.Options {
			if !slices.Contains(choices[code], option) {
				missing = append(missing, code+tickSign+surveys.FormatNumber(option))
			}
		}
		if len(missing) > 0 {
			wrong = append(wrong, c.headerf("the file has other choices of %s but no column %s", code, strings.Join(missing, ", ")))
		}
	}
	return wrong
}

// missingItems lists the questions for which there should be a column. A file may leave out whole instruments, but of
// one that it has it must have every question that is always asked: a lost column would look like answers not given.
func (c *csvReader) missingItems(seen map[string]bool) []string {
	if !slices.ContainsFunc(c.columns, func(column column) bool { return len(column.items) > 0 }) {
		return []string{c.headerf("no column holds answers; the items of this wave are %s", strings.Join(c.codes(), ", "))}
	}
	var wrong []string
	for _, instrument := range c.q.Instruments {
		var missing []string
		present := 0
		for _, item := range instrument.Items {
			switch {
			case item.Kind == surveys.KindDisplay:
			case seen[item.Code]:
				present++
			case item.EnableWhen == nil:
				missing = append(missing, item.Code)
			}
		}
		if present > 0 && len(missing) > 0 {
			wrong = append(wrong, c.headerf("the file has other items of %s but no column %s", instrument.ID, strings.Join(missing, ", ")))
		}
	}
	return wrong
}

// NoteAnswers says which codes for missing answers are answers to some of the items.
func NoteAnswers(form surveys.CellForm, items []*surveys.Item) (notes []string) {
	for _, code := range form.Missing {
		one := surveys.CellForm{Comma: form.Comma, Missing: []string{code}}
		var codes []string
		for _, item := range items {
			if len(one.AnswersAmong(item)) > 0 {
				codes = append(codes, item.Code)
			}
		}
		if len(codes) > 0 {
			notes = append(notes, fmt.Sprintf("%s is an answer to %s and is read as one there, not as missing.", surveys.Excerpt(code), strings.Join(codes, ", ")))
		}
	}
	return notes
}

func (c *csvReader) codes() []string {
	codes := make([]string, 0, len(c.q.Items))
	for _, item := range c.q.Items {
		if item.Kind != surveys.KindDisplay {
			codes = append(codes, item.Code)
		}
	}
	return codes
}

// suggest names the column that was probably meant, if one is near enough.
func (c *csvReader) suggest(name string) string {
	known := append(slices.Clone(facts), c.codes()...)
	lower := make([]string, len(known))
	for i, word := range known {
		lower[i] = strings.ToLower(word)
	}
	meant := strictyaml.Nearest(strings.ToLower(name), lower, len(name)/3)
	if meant == "" {
		return ""
	}
	return fmt.Sprintf(" Did you mean “%s”?", known[slices.Index(lower, meant)])
}
