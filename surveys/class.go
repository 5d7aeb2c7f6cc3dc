package surveys

import (
	"fmt"
	"slices"

	"wellwave/scoring"
)

// Class says what a column can give away, which decides whether and how it may leave.
type Class uint8

// The classes.
const (
	ClassPseudonym  Class = iota + 1 // a release's own id
	ClassIdentifier                  // names a person by itself, so it never leaves
	ClassKey                         // what somebody might know about a person already: leaves as a key or not at all
	ClassSensitive                   // what would harm if it became known
	ClassOrdinary                    // anything else that is chosen from a list
	ClassFreeText                    // people write of themselves and others what they like
	ClassParadata                    // how the answers were given
)

var classWords = Words[Class]{ClassPseudonym: "pseudonym", ClassIdentifier: "direct-identifier", ClassKey: "key", ClassSensitive: "sensitive",
	ClassOrdinary: "ordinary", ClassFreeText: "free-text", ClassParadata: "paradata"}

// String returns the word that stands in files, codebooks and stored plans.
func (c Class) String() string { return classWords.Word(c) }

// ParseClass returns the class named by word.
func ParseClass(word string) (Class, bool) { return classWords.Parse(word) }

// MarshalText returns the word.
func (c Class) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText reads the word.
func (c *Class) UnmarshalText(text []byte) error {
	return unmarshalWord(c, classWords, "a class of columns", text)
}

// ItemClasses lists the classes that a file may give an item.
func ItemClasses() []Class {
	return []Class{ClassIdentifier, ClassKey, ClassSensitive, ClassOrdinary, ClassFreeText}
}

// leaves reports whether columns of the class are ever released.
func (c Class) leaves() bool { return c == ClassKey || c == ClassSensitive || c == ClassOrdinary }

// ClassOf returns the class of one of the instrument's items: what its file says, else what follows from its kind. A text to
// read has none.
func (i *Instrument) ClassOf(item *Item) Class {
	if item.Class != 0 {
		return item.Class
	}
	return i.classByKind(item)
}

// SaidClass is what the file of an instrument says of the class of an item.
type SaidClass struct {
	Class  Class  `json:"class"`
	Reason string `json:"reason,omitempty"`
}

// SaidClasses returns what the instrument's file says of its items, by code. Items of which it says nothing are not there.
func (i *Instrument) SaidClasses() map[string]SaidClass {
	said := make(map[string]SaidClass)
	for _, item := range i.Items {
		if item.Class != 0 {
			said[item.Code] = SaidClass{item.Class, item.ClassReason}
		}
	}
	return said
}

// WithClasses returns the instrument with these classes of its items, by code, and no others.
func (i *Instrument) WithClasses(said map[string]SaidClass) *Instrument {
	other := *i
	other.Items = slices.Clone(i.Items)
	for at := range other.Items {
		item := &other.Items[at]
		item.Class, item.ClassReason = said[item.Code].Class, said[item.Code].Reason
	}
	return &other
}

// widestRating is how far the ends of a rating can be apart before it is as telling as a number that is typed.
const widestRating = 100

// classByKind is the class of an item of which no file says one. Numbers and days that are typed single people out, and so
// can a choice; in a scale choices stand for how somebody feels.
func (i *Instrument) classByKind(item *Item) Class {
	switch {
	case item.Kind == KindDisplay:
		return 0
	case item.Kind.Text():
		return ClassFreeText
	case item.Kind.Typed(), !item.Kind.Chosen() && item.Max-item.Min > widestRating:
		return ClassKey
	case item.Safety:
		return ClassSensitive
	case i.scores(item.Code):
		return ClassOrdinary
	default:
		return ClassKey
	}
}

// scores reports whether a scale counts the item.
func (i *Instrument) scores(code string) bool {
	at, ok := i.index[code]
	return ok && slices.ContainsFunc(i.Scales, func(scale *scoring.Scale) bool { return slices.Contains(scale.Items(), at) })
}

// classFor returns the class that a file gives an item of the kind, or what is wrong with it.
func classFor(kind ItemKind, word string, reasoned bool) (Class, string) {
	class, ok := ParseClass(word)
	switch {
	case !ok || !slices.Contains(ItemClasses(), class):
		return 0, fmt.Sprintf("“%s” is not a class of items; write %s.", Excerpt(word), Either(ItemClasses()))
	case kind == KindDisplay:
		return 0, "This is a text to read, which has no answers and so no class."
	case kind.Text() && class.leaves():
		return 0, fmt.Sprintf("What people write themselves is never %s: it is %s or %s.", class, ClassFreeText, ClassIdentifier)
	case !kind.Text() && class == ClassFreeText:
		return 0, fmt.Sprintf("An item of the kind %s is no %s; what must not leave and is no text is %s.", kind, ClassFreeText, ClassIdentifier)
	case kind.Typed() && !reasoned && (class == ClassOrdinary || class == ClassSensitive):
		return 0, fmt.Sprintf("Numbers and days that people type single them out, so an item of the kind %s is %s unless the file gives a reason.", kind, ClassKey)
	}
	return class, ""
}
