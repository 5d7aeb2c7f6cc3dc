package surveys

import (
	"fmt"
	"slices"

	"wellwave/scoring"
)

// ClassSource says who gave an item the class that decides.
type ClassSource uint8

// The sources, the strongest first.
const (
	ClassByStudy      ClassSource = iota + 1 // the study file, with a reason
	ClassByInstrument                        // the instrument's file
	ClassByKind                              // nobody: it follows from the kind
)

var classSourceWords = Words[ClassSource]{ClassByStudy: "study", ClassByInstrument: "instrument", ClassByKind: "kind"}

// classSources tell people the same.
var classSources = Words[ClassSource]{ClassByStudy: "as the study file says", ClassByInstrument: "as its instrument says",
	ClassByKind: "by its kind"}

// String returns the word of the source.
func (s ClassSource) String() string { return classSourceWords.Word(s) }

// ParseClassSource returns the source named by word.
func ParseClassSource(word string) (ClassSource, bool) { return classSourceWords.Parse(word) }

// ItemClass is the class that decides about an item in a study.
type ItemClass struct {
	Class  Class // zero for a text to read
	By     ClassSource
	Reason string // empty where nobody gave one
}

// ClassOf returns the class that decides about an item of one of the study's instruments: what the study file says with a reason,
// else what the instrument says, else what follows from its kind. What an instrument never lets out no study file does.
func (s *Study) ClassOf(instrument *Instrument, item *Item) ItemClass {
	if own := s.asks[instrument.ID]; own != nil { // which has what is said of it now; a stored copy what was said at first
		instrument = own
		if same, ok := own.Item(item.Code); ok {
			item = same
		}
	}
	said := instrument.ClassOf(item)
	for _, declared := range s.Release.Classes {
		if declared.Item == item.Code && said != 0 && (said.leaves() || !declared.Class.leaves()) {
			return ItemClass{declared.Class, ClassByStudy, declared.Reason}
		}
	}
	if item.Class != 0 {
		return ItemClass{said, ClassByInstrument, item.ClassReason}
	}
	return ItemClass{Class: said, By: ClassByKind}
}

// Withheld is why something cannot leave as a release plan has it; the zero value lets it out.
type Withheld struct {
	Why string
	// Unclassified says that nobody has given it a class yet and its kind alone makes it a key. Such a plan may stand in a study
	// file, and what it names leaves for the study's own team; nobody else is given it before somebody has decided.
	Unclassified bool
}

// From reports whether it keeps something from a release.
func (w Withheld) From(profile ReleaseProfile) bool {
	return w.Why != "" && !(w.Unclassified && profile == TeamRelease)
}

// Withholds says why the study's item cannot leave in a column of the class as, which is key, sensitive or ordinary. An ordinary
// item can leave as any of them.
func (s *Study) Withholds(instrument *Instrument, item *Item, as Class) Withheld {
	why := s.withholds(instrument, item, as)
	return Withheld{why, why != "" && s.unclassified(instrument, item)}
}

// unclassified reports whether an item is a key by its kind alone.
func (s *Study) unclassified(instrument *Instrument, item *Item) bool {
	of := s.ClassOf(instrument, item)
	return of.Class == ClassKey && of.By == ClassByKind
}

func (s *Study) withholds(instrument *Instrument, item *Item, as Class) string {
	of := s.ClassOf(instrument, item)
	because := classSources.Word(of.By)
	switch {
	case of.Class == ClassFreeText:
		return fmt.Sprintf("the item “%s” is free text, in which people name themselves and others; it cannot be released", item.Code)
	case of.Class == ClassIdentifier:
		return fmt.Sprintf("the item “%s” names people by itself, %s; it cannot be released", item.Code, because)
	case of.Class == ClassKey && as != ClassKey:
		return fmt.Sprintf("the item “%s” is a key, %s: it can leave only under keys, or as what release.classes calls it with a reason", item.Code, because)
	case of.Class == ClassSensitive && as != ClassSensitive:
		return fmt.Sprintf("the item “%s” is sensitive, %s: it can leave only under sensitive", item.Code, because)
	case !of.Class.leaves():
		return fmt.Sprintf("the item “%s” has no class that can be released", item.Code)
	}
	return ""
}

// WithholdsScale says why the scores of a scale cannot leave. What is made from a key tells the key.
func (s *Study) WithholdsScale(instrument *Instrument, scale *scoring.Scale) Withheld {
	var found Withheld
	for _, at := range scale.Items() {
		item := &instrument.Items[at]
		if of := s.ClassOf(instrument, item); of.Class != ClassOrdinary && of.Class != ClassSensitive {
			w := Withheld{fmt.Sprintf("the score “%s” is made from “%s”, which is %s, %s, so it tells that and cannot be released", scale.ID(), item.Code, of.Class,
				classSources.Word(of.By)), s.unclassified(instrument, item)}
			if found.Why == "" || found.Unclassified && !w.Unclassified {
				found = w
			}
		}
	}
	return found
}

// ScaleClass returns the class of the scores of a scale that can leave: sensitive if an answer is that they are made from.
func (s *Study) ScaleClass(instrument *Instrument, scale *scoring.Scale) Class {
	if slices.ContainsFunc(scale.Items(), func(at int) bool { return s.ClassOf(instrument, &instrument.Items[at]).Class == ClassSensitive }) {
		return ClassSensitive
	}
	return ClassOrdinary
}

// askedOfPatients lists the instruments of the patients' waves, each once, in the order in which they are first asked.
func (s *Study) askedOfPatients() []*Instrument {
	var asked []*Instrument
	for _, wave := range s.Waves {
		for _, id := range wave.Instruments {
			if instrument := s.asks[id]; wave.Audience == Patients && instrument != nil && !slices.Contains(asked, instrument) {
				asked = append(asked, instrument)
			}
		}
	}
	return asked
}
