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
	"wellwave/surveys/locale"
)

// InterfaceTable is the table in which somebody translates what the pages say around the questions, one row a text: its part
// (messages, or easy for easy read), the plural category that it is for, the message that it is of, what English says, and
// beside it, in a column that is named for the language, the translation.
type InterfaceTable struct {
	language string
	rows     []interfaceRow
}

type interfaceRow struct{ part, form, message, english string }

// The columns beside that of the translation.
const (
	interfacePart    = "part"
	interfaceForm    = "form"
	interfaceMessage = "message"
)

// NewInterfaceTable returns the table for translating the pages into a language. It fails with Invalid for what is no
// language, and for English.
func NewInterfaceTable(into string) (*InterfaceTable, error) {
	tag, err := language.Parse(into)
	switch {
	case err != nil:
		return nil, Errorf(Invalid, "“%s” is not a language code such as pl or ar.", Excerpt(into))
	case tag.String() != into:
		return nil, Errorf(Invalid, "The language code “%s” is written “%s”.", Excerpt(into), tag)
	case into == locale.Source:
		return nil, Errorf(Invalid, "English is what the product speaks itself.")
	}
	t := &InterfaceTable{language: into}
	for _, part := range []struct {
		name     string
		messages []string
	}{{locale.MessagesPart, locale.AllMessages()}, {locale.EasyPart, locale.EasyMessages()}} {
		for _, message := range part.messages {
			english := locale.English().Words(part.name, message)
			forms := []string{""}
			if locale.Counts(message) {
				forms = locale.Forms(tag)
			}
			for _, form := range forms {
				t.rows = append(t.rows, interfaceRow{part.name, form, message, firstOf(english[form], english["other"], english[""], message)})
			}
		}
	}
	return t, nil
}

// firstOf returns the first text that is not empty.
func firstOf(texts ...string) string {
	for _, text := range texts {
		if text != "" {
			return text
		}
	}
	return ""
}

// Write writes the table in CSV with the translation that there is so far, nil for none. It begins with a byte order mark,
// without which Excel takes UTF-8 for something else.
func (t *InterfaceTable) Write(w io.Writer, soFar *locale.Pack) (ToGo, error) {
	rows := [][]string{{interfacePart, interfaceForm, interfaceMessage, locale.Source, t.language}}
	texts := make(map[interfaceRow]string)
	for _, row := range t.rows {
		if soFar != nil {
			words := soFar.Words(row.part, row.message)
			texts[row] = firstOf(words[row.form], words[""])
		}
		rows = append(rows, []string{row.part, row.form, csvtable.Shield(row.message), csvtable.Shield(row.english), csvtable.Shield(texts[row])})
	}
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return ToGo{}, fmt.Errorf("write the table: %w", err)
	}
	if err := csv.NewWriter(w).WriteAll(rows); err != nil {
		return ToGo{}, fmt.Errorf("write the table: %w", err)
	}
	return t.toGo(texts), nil
}

// toGo counts what every pack must have; easy read may fall back on the other words.
func (t *InterfaceTable) toGo(texts map[interfaceRow]string) ToGo {
	var left ToGo
	for _, row := range t.rows {
		if row.part == locale.MessagesPart {
			left.Of++
			if texts[row] == "" {
				left.Missing++
			}
		}
	}
	return left
}

// TranslatedInterface is what a table says when it comes back.
type TranslatedInterface struct {
	ToGo
	Remarks []error // with their places, what is missing

	of    *InterfaceTable
	texts map[interfaceRow]string
}

// Read reads the table as it comes back, with rows and columns in any order. Its error joins a csvtable.Error for every
// mistake: a row of a text that the product does not say, or one that is there twice.
func (t *InterfaceTable) Read(table *csvtable.Reader) (*TranslatedInterface, error) {
	if err := table.Need(interfacePart, interfaceForm, interfaceMessage, t.language); err != nil {
		return nil, err
	}
	column := func(name string) int { n, _ := table.Column(name); return n }
	part, form, message, translation := column(interfacePart), column(interfaceForm), column(interfaceMessage), column(t.language)
	done := &TranslatedInterface{of: t, texts: make(map[interfaceRow]string)}
	lines := make(map[interfaceRow]int)
	var faults []error
	for {
		row, err := table.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, errors.Join(append(faults, err)...)
		}
		at := slices.IndexFunc(t.rows, func(one interfaceRow) bool {
			return one.part == strings.TrimSpace(row.Text(part)) && one.form == strings.TrimSpace(row.Text(form)) && one.message == csvtable.Unshield(row.Text(message))
		})
		if at < 0 {
			if strings.TrimSpace(row.Text(message)) != "" {
				faults = append(faults, row.Errorf(message, "“%s” is not a text of the pages with this part and form", csvtable.Excerpt(row.Text(message))))
			}
			continue
		}
		one := t.rows[at]
		if first, twice := lines[one]; twice {
			faults = append(faults, row.Errorf(message, "“%s” is here twice; the first is on line %d", csvtable.Excerpt(one.message), first))
			continue
		}
		lines[one] = row.Line
		if text := csvtable.Unshield(row.Text(translation)); strings.TrimSpace(text) != "" {
			done.texts[one] = text
		} else if one.part == locale.MessagesPart {
			done.Remarks = append(done.Remarks, row.Errorf(translation, "“%s” is not translated", csvtable.Excerpt(one.english)))
		}
	}
	if len(faults) > 0 {
		return nil, errors.Join(faults...)
	}
	for _, one := range t.rows {
		if lines[one] == 0 && one.part == locale.MessagesPart {
			done.Remarks = append(done.Remarks, &csvtable.Error{File: table.File(), Reason: fmt.Sprintf("there is no row for “%s”", csvtable.Excerpt(one.message))})
		}
	}
	done.ToGo = t.toGo(done.texts)
	return done, nil
}

// Pack returns the file of an interface pack that says what the table says, in a language of the given name and direction,
// ltr or rtl. Nobody has reviewed it.
func (t *TranslatedInterface) Pack(name, direction string) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "language: %s\nname: %s\ndirection: %s\n", quoted(t.of.language), quoted(name), direction)
	part, message := "", ""
	for _, row := range t.of.rows {
		text := t.texts[row]
		if text == "" {
			continue
		}
		if row.part != part {
			part, message = row.part, ""
			fmt.Fprintf(&b, "%s:\n", part)
		}
		switch {
		case row.form == "":
			fmt.Fprintf(&b, "  %s: %s\n", quoted(row.message), quoted(text))
		case row.message != message:
			fmt.Fprintf(&b, "  %s:\n", quoted(row.message))
			fallthrough
		default:
			fmt.Fprintf(&b, "    %s: %s\n", row.form, quoted(text))
		}
		message = row.message
	}
	return []byte(b.String())
}
