package page

import "strings"

// TextField is a labelled line of text, as the partial text-field prints it.
type TextField struct {
	ID, Label, Hint, Error, Value string
	Type                          string // text where empty
	Multiple                      bool   // several files may be chosen
	Class                         string // further classes of the input
	Autocomplete, InputMode       string
}

// Described lists the ids of the sentences that describe the field.
func (f TextField) Described() string {
	var ids []string
	if f.Hint != "" {
		ids = append(ids, f.ID+"-hint")
	}
	if f.Error != "" {
		ids = append(ids, f.ID+"-error")
	}
	return strings.Join(ids, " ")
}

// Fact is a term and what it is.
type Fact struct{ Term, Text string }

// Choice is one option of a list or of radio buttons.
type Choice struct {
	ID, Value, Label string
	Chosen           bool
}

// SelectField is a list to choose one from.
type SelectField struct {
	ID, Label, Hint, Error string
	Options                []Choice
}

// Described lists the ids of the sentences that describe the field.
func (f SelectField) Described() string {
	return TextField{ID: f.ID, Hint: f.Hint, Error: f.Error}.Described()
}

// ChoiceField is one of several radio buttons. ID is that of the first, to which the error summary leads.
type ChoiceField struct {
	ID, Name, Label, Error string
	Options                []Choice
}

// HiddenField carries one typed value through a movedPage.
type HiddenField struct{ Name, Value string }

// Clause is one clause to tick.
type Clause struct {
	ID, Value, Text  string
	Optional, Ticked bool
	Error            string
}
