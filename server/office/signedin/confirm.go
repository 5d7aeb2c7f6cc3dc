package signedin

import (
	"strings"

	"wellwave/server/page"
)

// ConfirmPage says what is about to happen and does nothing yet.
type ConfirmPage struct {
	Frame
	Says      []string
	Warning   string
	Action    string
	Fields    []page.HiddenField
	Choices   []page.ChoiceField
	Tick      page.Clause    // must be ticked too, where it has an id
	Typed     page.TextField // must be filled in as it says, where it has an id
	Button    string
	Alarm     bool // cannot be undone
	CancelURL string
}

func (*ConfirmPage) Template() string { return "office/confirm" }

// TypedField asks for the name of what a change is about to be typed, so that nobody makes it in one breath.
func TypedField(name string) page.TextField {
	return page.TextField{ID: "typed", Label: "Type “" + name + "” to confirm", Class: "ww-input--medium", Autocomplete: "off"}
}

// WasTyped reports whether the name was typed; else the field says so, and so does the list of errors.
func WasTyped(typed, name string, field *page.TextField, errors *[]page.FieldError) bool {
	if strings.EqualFold(strings.TrimSpace(typed), name) {
		return true
	}
	field.Value, field.Error = typed, "Type “"+name+"”, as it stands here"
	*errors = append(*errors, page.FieldError{Field: field.ID, Text: field.Error})
	return false
}
