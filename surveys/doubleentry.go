package surveys

import (
	"slices"
	"time"
)

// PaperState says how far a paper that is entered twice has come.
type PaperState uint8

// The states.
const (
	EnteredOnce    PaperState = iota + 1 // waits for the entry of somebody else
	EntriesDiffer                        // waits for a third person to decide
	EntriesAgree                         // is about to be submitted
	PaperSubmitted                       // is in the ledger
)

var paperStateWords = Words[PaperState]{EnteredOnce: "entered", EntriesDiffer: "differing", EntriesAgree: "agreed", PaperSubmitted: "submitted"}

// String returns the word that stands in the database.
func (s PaperState) String() string { return paperStateWords.Word(s) }

// ParsePaperState returns the state named by word.
func ParsePaperState(word string) (PaperState, bool) { return paperStateWords.Parse(word) }

// EnteredPaper is one paper questionnaire that is entered twice. Its id is that of the sitting in which it is submitted.
type EnteredPaper struct {
	ID        string
	Study     StudyID
	Enrolment EnrolmentID
	Label     string
	Wave      WaveID
	State     PaperState
	Compared  int       // items, once there are two entries
	Equal     int       // those of them that agree
	Entries   []Entered // the first, the second, and the one that a third person decided on
}

// CheckSecond fails with Conflict where an account cannot make the next entry of the paper.
func (p *EnteredPaper) CheckSecond(by AccountID) error {
	switch {
	case p.State != EnteredOnce:
		return Errorf(Conflict, "This paper has been entered twice already.")
	case p.EnteredBy(by):
		return Errorf(Conflict, "The first entry of this paper is your own. The second must be made by somebody else.")
	}
	return nil
}

// CheckDecide fails with Conflict where an account cannot decide between the two entries.
func (p *EnteredPaper) CheckDecide(by AccountID) error {
	switch {
	case p.State != EntriesDiffer:
		return Errorf(Conflict, "There is nothing to decide about this paper any more.")
	case p.EnteredBy(by):
		return Errorf(Conflict, "One of the two entries is your own, so somebody else must decide between them.")
	}
	return nil
}

// EnteredBy reports whether one of the entries is an account's.
func (p *EnteredPaper) EnteredBy(by AccountID) bool {
	return slices.ContainsFunc(p.Entries, func(e Entered) bool { return e.By == by })
}

// Forms lists the forms of the entries.
func (p *EnteredPaper) Forms() []string {
	forms := make([]string, len(p.Entries))
	for i, e := range p.Entries {
		forms[i] = e.ID
	}
	return forms
}

// Result returns the entry that is submitted, under the paper's own id.
func (p *EnteredPaper) Result() Entered {
	e := p.Entries[len(p.Entries)-1]
	e.ID = p.ID
	e.Over = slices.ContainsFunc(p.Entries, func(e Entered) bool { return e.Over })
	return e
}

// What stands on a paper beside its items, in the place of an item code, which has no hyphen.
const (
	EntryDay      = "entry-day"
	EntryHelper   = "entry-helper"
	EntryLanguage = "entry-language"
)

// Difference is something that two entries of one paper read differently. A value may be untouched: nothing was typed.
type Difference struct {
	Code          string
	First, Second Value
}

// Comparison is what two entries of one paper have in common. Compared and Equal count items.
type Comparison struct {
	Compared, Equal int
	Differing       []Difference
}

// Compare compares two entries item by item. An item counts if either of them has something in it, or by either of them
// the person was asked it: two blanks agree as well.
func (q *Questionnaire) Compare(first, second *Entered) Comparison {
	var c Comparison
	for i, item := range q.Items {
		one, two := first.Value(item.Code), second.Value(item.Code)
		if one == (Value{}) && two == (Value{}) && !q.Asked(i, first.Value) && !q.Asked(i, second.Value) {
			continue
		}
		if item.Kind == KindDisplay {
			continue
		}
		c.Compared++
		if one == two {
			c.Equal++
			continue
		}
		c.Differing = append(c.Differing, Difference{item.Code, one, two})
	}
	for _, fact := range []struct{ code, one, two string }{{EntryDay, first.CompletedOn, second.CompletedOn},
		{EntryHelper, first.Helper, second.Helper}, {EntryLanguage, first.Language, second.Language}} {
		if fact.one != fact.two {
			c.Differing = append(c.Differing, Difference{fact.code, Text(fact.one), Text(fact.two)})
		}
	}
	return c
}

// Decide returns the entry that a third person makes of two that differ: what they agree on, and for each difference what
// was decided. It fails with Invalid, with a message for each, where a difference is left open.
func (q *Questionnaire) Decide(first, second *Entered, decided map[string]Value, by AccountID, at time.Time) (Entered, error) {
	result := *first
	result.By, result.At = by, at
	open := make(map[string]string)
	differing := make(map[string]Value)
	for _, d := range q.Compare(first, second).Differing {
		v, ok := decided[d.Code]
		if !ok {
			open[d.Code] = "Choose what stands on the paper."
			continue
		}
		switch d.Code {
		case EntryDay:
			result.CompletedOn = v.Text
		case EntryHelper:
			result.Helper = v.Text
		case EntryLanguage:
			result.Language = v.Text
		default:
			differing[d.Code] = v
		}
	}
	if len(open) > 0 {
		return Entered{}, &Error{Kind: Invalid, Message: "Some differences are not decided yet.", Fields: open}
	}
	result.Answers = nil
	for _, item := range q.Items {
		v, ok := differing[item.Code]
		if !ok {
			v = first.Value(item.Code)
		}
		if v.Kind != Untouched {
			result.Answers = append(result.Answers, ItemAnswer{item.Code, v})
		}
	}
	return result, nil
}

// EntryOutcome says what became of an entry.
type EntryOutcome struct {
	State    PaperState
	Refused  []RefusedItem // kept aside, once it is submitted: the question was not for this person
	Alert    bool          // an answer raised an alert
	Queried  bool          // they had answered completely: it is kept as a query
	LateDays int           // days after closing, once it is submitted; 0 in time
}
