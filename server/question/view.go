package question

import "strings"

// View is one item as a participant sees it.
type View struct {
	Code    string
	Lang    string // of its words, and Dir their direction; empty if they are the page's
	Dir     string
	Input   string // choices, rating, date, number, vas, line, long or display
	Main    bool   // the page's own heading
	Listen  string // the button that reads it out; none where empty
	Intro   string // of the instrument
	Topic   string // a word or two above the question
	Text    string
	Hint    string
	Error   string
	Value   string // what an input for text or a number holds
	Low     string // what the lowest value means
	High    string // what the highest value means
	Whole   bool   // a number without decimals
	Multi   bool   // choices of which several may be ticked
	Scale   *Scale // of the input vas
	Parts   []Part
	Options []Option
}

// Option is one choice of a View.
type Option struct {
	ID, Value, Label string
	Chosen           bool
}

// Scale is what a visual analogue scale is drawn from, its ticks from the top down.
type Scale struct {
	Lowest, Highest string
	Ticks           []string
}

// Part is day, month or year of a date.
type Part struct{ ID, Label, Value string }

// Grouped reports whether the question needs a fieldset around several inputs.
func (q View) Grouped() bool {
	return q.Input == "choices" || q.Input == "rating" || q.Input == "date"
}

// OptionType is the type of the inputs of its options.
func (q View) OptionType() string {
	if q.Multi {
		return "checkbox"
	}
	return "radio"
}

// FieldID is the id of the input that a link to the question should lead to.
func (q View) FieldID() string {
	switch {
	case q.Input == "date":
		return q.Parts[0].ID
	case len(q.Options) > 0:
		return q.Options[0].ID
	default:
		return q.Code
	}
}

// InputMode asks a phone for the right keyboard.
func (q View) InputMode() string {
	switch {
	case q.Input != "number" && q.Input != "vas":
		return ""
	case q.Whole:
		return "numeric"
	default:
		return "decimal"
	}
}

// Described lists the ids of the sentences that describe the inputs.
func (q View) Described() string {
	var ids []string
	if q.Intro != "" {
		ids = append(ids, q.Code+"-intro")
	}
	if q.Hint != "" {
		ids = append(ids, q.Code+"-hint")
	}
	if q.Low != "" {
		ids = append(ids, q.Code+"-ends")
	}
	if q.Error != "" {
		ids = append(ids, q.Code+"-error")
	}
	return strings.Join(ids, " ")
}
