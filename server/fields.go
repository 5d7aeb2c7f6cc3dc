package server

import "strings"

// textField is a labelled line of text: what the partial text-field prints.
type textField struct {
	ID, Label, Hint, Error, Value string
	Type                          string // text where empty
	Class                         string // further classes of the input
	Autocomplete, InputMode       string
}

// Described lists the ids of the sentences that describe the field.
func (f textField) Described() string {
	var ids []string
	if f.Hint != "" {
		ids = append(ids, f.ID+"-hint")
	}
	if f.Error != "" {
		ids = append(ids, f.ID+"-error")
	}
	return strings.Join(ids, " ")
}

// fact is a term and what it is.
type fact struct{ Term, Text string }

// choice is one option of a list or of radio buttons.
type choice struct {
	ID, Value, Label string
	Chosen           bool
}

// selectField is a list to choose one from.
type selectField struct {
	ID, Label, Hint, Error string
	Options                []choice
}

// Described lists the ids of the sentences that describe the field.
func (f selectField) Described() string {
	return textField{ID: f.ID, Hint: f.Hint, Error: f.Error}.Described()
}

// choiceField is one of several radio buttons. ID is that of the first, to which the error summary leads.
type choiceField struct {
	ID, Name, Label, Error string
	Options                []choice
}

// hiddenField carries one typed value through a movedPage.
type hiddenField struct{ Name, Value string }

// clauseView is one clause to tick.
type clauseView struct {
	ID, Value, Text  string
	Optional, Ticked bool
	Error            string
}
