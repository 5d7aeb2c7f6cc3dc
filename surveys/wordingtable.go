package surveys

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"golang.org/x/text/language"

	"wellwave/surveys/csvtable"
)

// WordingTable is the table in which somebody translates a wording pack, one row a text: its key, a note on what it is,
// the text of the source, in a column that is named for its language, and beside it, in a column that is named in the
// same way, the translation. Where both languages are one there is one column, and what it holds is the translation.
type WordingTable struct {
	instrument *Instrument
	source     *WordingText
	language   string
	phrases    []phrase // that the source has
	extra      []phrase // that a translation may add
}

// The columns beside those of the languages.
const (
	wordingKey  = "key"
	wordingNote = "note"
)

// NewWordingTable returns the table for translating a pack into a language. It fails with Invalid for what is no
// language, and for a source that is not a complete pack of the instrument.
func NewWordingTable(i *Instrument, source *WordingText, into string) (*WordingTable, error) {
	tag, err := language.Parse(into)
	switch {
	case err != nil:
		return nil, Errorf(Invalid, "“%s” is not a language code such as ar or en-GB.", Excerpt(into))
	case tag.String() != into:
		return nil, Errorf(Invalid, "The language code “%s” is written “%s”.", Excerpt(into), tag)
	}
	if missing := i.Missing(source.Wording); len(missing) > 0 {
		return nil, Errorf(Invalid, "The wording pack to translate from is not complete: %s.", strings.Join(missing, ", "))
	}
	return &WordingTable{i, source, into, source.phrases(i), source.extra(i)}, nil
}

// Monolingual reports whether the table is in the language of its source, and so has one column for both.
func (t *WordingTable) Monolingual() bool { return t.language == t.source.Language }

// ToGo says how much of a pack is not translated yet.
type ToGo struct {
	Missing, Of int
}

// Write writes the table in CSV with the translation that there is so far, nil for none. It begins with a byte order mark,
// without which Excel takes UTF-8 for something else. It fails with Invalid for a translation of something else.
func (t *WordingTable) Write(w io.Writer, soFar *WordingText) (ToGo, error) {
	texts := make(map[string]string)
	switch {
	case soFar == nil && t.Monolingual():
		texts = t.source.inShapeOf(t.source, t.instrument)
	case soFar == nil:
	case t.Monolingual():
		return ToGo{}, Errorf(Invalid, "The table is in the language of its source, %s, and has no place for another wording in it.", t.language)
	case soFar.Instrument != t.instrument.ID || soFar.Version != t.instrument.Version || soFar.Language != t.language:
		return ToGo{}, Errorf(Invalid, "The translation so far is of %s version %s into %s; %s version %s into %s is wanted.", soFar.Instrument,
			soFar.Version, soFar.Language, t.instrument.ID, t.instrument.Version, t.language)
	default:
		texts = soFar.inShapeOf(t.source, t.instrument)
	}
	rows := [][]string{t.row(wordingKey, wordingNote, t.source.Language, t.language)}
	for _, p := range t.phrases {
		rows = append(rows, t.row(p.key, p.note, csvtable.Shield(p.text), csvtable.Shield(texts[p.key])))
	}
	for _, p := range t.extra {
		if text := texts[p.key]; text != "" {
			rows = append(rows, t.row(p.key, p.note, "", csvtable.Shield(text)))
		}
	}
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return ToGo{}, fmt.Errorf("write the table: %w", err)
	}
	if err := csv.NewWriter(w).WriteAll(rows); err != nil {
		return ToGo{}, fmt.Errorf("write the table: %w", err)
	}
	return t.toGo(texts), nil
}

func (t *WordingTable) row(key, note, source, translation string) []string {
	if t.Monolingual() {
		return []string{key, note, translation}
	}
	return []string{key, note, source, translation}
}

func (t *WordingTable) toGo(texts map[string]string) ToGo {
	var left ToGo
	for _, p := range t.phrases {
		if p.text != "" {
			left.Of++
			if texts[p.key] == "" {
				left.Missing++
			}
		}
	}
	return left
}

// TranslatedTable is what a table says when it comes back.
type TranslatedTable struct {
	ToGo
	// Remarks say with their places what is missing, which columns were not read and where the table shows another source
	// text than the pack has.
	Remarks []error

	of    *WordingTable
	texts map[string]string
}

// Read reads the table as it comes back, with rows and columns in any order. Its error joins a csvtable.Error for every
// mistake: a key that the pack has no text for or that is there twice, or no column for the translation.
func (t *WordingTable) Read(table *csvtable.Reader) (*TranslatedTable, error) {
	if err := table.Need(wordingKey, t.language); err != nil {
		return nil, err
	}
	r := &wordingReader{WordingTable: t, table: table, texts: make(map[string]string), lines: make(map[string]int), source: -1}
	r.key, _ = table.Column(wordingKey)
	r.translation, _ = table.Column(t.language)
	if column, there := table.Column(t.source.Language); there && column != r.translation {
		r.source = column
	}
	r.noteColumns()
	for {
		row, err := table.Next()
		var fault *csvtable.Error
		switch {
		case err == nil:
			r.read(row)
			continue
		case errors.As(err, &fault) && fault.Cells != nil: // of this row alone
			r.faults = append(r.faults, err)
			continue
		case !errors.Is(err, io.EOF):
			return nil, errors.Join(append(r.faults, err)...)
		}
		break
	}
	if len(r.faults) > 0 {
		return nil, errors.Join(r.faults...)
	}
	for _, p := range t.phrases {
		if _, there := r.lines[p.key]; !there && p.text != "" {
			r.remarks = append(r.remarks, &csvtable.Error{File: table.File(), Reason: "there is no row " + p.key})
		}
	}
	return &TranslatedTable{t.toGo(r.texts), r.remarks, t, r.texts}, nil
}

// Pack returns the file of a wording pack that says what the table says. Nobody has reviewed it. It is neutral if its source
// is, unless the texts are those that the instrument's owner licenses.
func (t *TranslatedTable) Pack(licensed bool) []byte {
	neutral := t.of.source.Neutral && !licensed
	return t.of.source.translated(t.of.instrument, t.of.language, neutral, t.texts).write(t.of.instrument)
}

// wordingReader reads one table.
type wordingReader struct {
	*WordingTable
	table                    *csvtable.Reader
	key, source, translation int // columns; source is −1 if it is not there or is the translation
	texts                    map[string]string
	lines                    map[string]int // on which each key stands
	faults, remarks          []error
}

// noteColumns remarks on columns that somebody may have taken for the translation.
func (r *wordingReader) noteColumns() {
	for i, name := range r.table.Header() {
		if i != r.key && i != r.translation && i != r.source && name != wordingNote {
			r.remarks = append(r.remarks, &csvtable.Error{File: r.table.File(), Line: 1, Column: i + 1, Name: name, Reason: "this column is not read"})
		}
	}
}

func (r *wordingReader) read(row *csvtable.Row) {
	key, text := strings.TrimSpace(row.Text(r.key)), cellText(row, r.translation)
	source, known := r.find(key)
	first, twice := r.lines[key]
	hidden := strings.IndexFunc(text, unseen)
	switch {
	case key == "" && r.blank(row):
		return
	case key == "":
		r.faults = append(r.faults, row.Errorf(r.key, "this row has no key"))
		return
	case !known:
		r.faults = append(r.faults, row.Errorf(r.key, "“%s” is not a text of %s version %s", csvtable.Excerpt(key), r.instrument.ID, r.instrument.Version))
		return
	case twice:
		r.faults = append(r.faults, row.Errorf(r.key, "“%s” is here twice; the first is on line %d", csvtable.Excerpt(key), first))
		return
	case hidden >= 0:
		r.faults = append(r.faults, row.Errorf(r.translation, "the text holds a character that cannot be seen, after “%s”", csvtable.Excerpt(text[:hidden])))
		return
	}
	r.lines[key] = row.Line
	if text != "" {
		r.texts[key] = text
	} else if source.text != "" {
		r.remarks = append(r.remarks, row.Errorf(r.translation, "%s is not translated", key))
	}
	if r.source >= 0 && cellText(row, r.source) != source.text {
		r.remarks = append(r.remarks, row.Errorf(r.source, "%s is “%s” in the pack now; is the translation still right?", key, csvtable.Excerpt(source.text)))
	}
}

// find returns the text with a key.
func (r *wordingReader) find(key string) (p phrase, known bool) {
	is := func(p phrase) bool { return p.key == key }
	if n := slices.IndexFunc(r.phrases, is); n >= 0 {
		return r.phrases[n], true
	}
	return phrase{}, slices.ContainsFunc(r.extra, is)
}

// blank holds for the rows that spreadsheets leave behind a table.
func (r *wordingReader) blank(row *csvtable.Row) bool {
	for i := range row.Len() {
		if strings.TrimSpace(row.Text(i)) != "" {
			return false
		}
	}
	return true
}

func cellText(row *csvtable.Row, column int) string {
	return csvtable.Unshield(NormalText(row.Text(column)))
}
