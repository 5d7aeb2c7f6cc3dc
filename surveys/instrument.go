package surveys

import (
	"slices"

	"wellwave/scoring"
)

// Instrument is one version of a published questionnaire: its items, how they are scored, where that is from and who
// may use its wording. It is read from a YAML file by ParseInstrument and never changes. What its items say to people is
// in wording packs, one a language.
type Instrument struct {
	ID       InstrumentID
	Version  string
	Title    string
	Citation string
	DOI      string
	Licence  Licence
	Recall   string // the period that the questions are about, such as "the past two weeks"
	Items    []Item
	Scales   []*scoring.Scale
	Examples []Example
	// Hash is the first 128 bits of the SHA-256 of the file's meaning, in hex: comments, layout and the classes of items may
	// change, nothing else.
	Hash string
	// Remarks are what is in order and may yet give trouble, such as a name that a statistics program reserves, each as
	// name:line:column: sentence.
	Remarks []string

	index map[string]int
}

// Licence says whether the wording may be given away with the program.
type Licence struct {
	Wording     WordingLicence
	Holder      string
	Terms       string // the licence's name, or what its holder asks for
	Attribution string // the line to show where the wording is shown
}

// WordingLicence says which wording of an instrument the program may carry.
type WordingLicence uint8

// The licences of wording.
const (
	WordingOwn     WordingLicence = iota + 1 // our own instrument
	WordingShips                             // the published wording may be passed on, with its attribution
	WordingNeutral                           // only neutral labels of ours; the wording needs a licence of the study's own
)

var licenceWords = Words[WordingLicence]{WordingOwn: "own", WordingShips: "ships", WordingNeutral: "neutral"}

// String returns the word that stands in files.
func (w WordingLicence) String() string { return licenceWords.Word(w) }

// ParseWordingLicence returns the licence named by word.
func ParseWordingLicence(word string) (WordingLicence, bool) { return licenceWords.Parse(word) }

// ItemKind says what an item asks for.
type ItemKind uint8

// The kinds of item.
const (
	KindSingle    ItemKind = iota + 1 // one of several options
	KindMultiple                      // any number of several options
	KindLikert                        // one of several ordered options
	KindRating                        // a whole number, 0 to 10 unless the item says otherwise
	KindVAS                           // a visual analogue scale: a whole number, 0 to 100 unless the item says otherwise
	KindInteger                       // a whole number that is typed
	KindDecimal                       // a number that is typed
	KindDate                          // a day
	KindShortText                     // a line
	KindLongText                      // paragraphs
	KindYesNo                         // 1 for yes, 0 for no
	KindDisplay                       // a text to read, no question
)

var kindWords = Words[ItemKind]{KindSingle: "single", KindMultiple: "multiple", KindLikert: "likert", KindRating: "rating",
	KindVAS: "vas", KindInteger: "integer", KindDecimal: "decimal", KindDate: "date", KindShortText: "short-text",
	KindLongText: "long-text", KindYesNo: "yes-no", KindDisplay: "display"}

// String returns the word that stands in files.
func (k ItemKind) String() string { return kindWords.Word(k) }

// ParseItemKind returns the kind named by word.
func ParseItemKind(word string) (ItemKind, bool) { return kindWords.Parse(word) }

// Chosen reports whether the answer is picked from a list of options.
func (k ItemKind) Chosen() bool {
	return k == KindSingle || k == KindMultiple || k == KindLikert || k == KindYesNo
}

// Numeric reports whether the answer is a number.
func (k ItemKind) Numeric() bool {
	return k == KindSingle || k == KindLikert || k == KindYesNo || k == KindRating || k == KindVAS || k == KindInteger || k == KindDecimal
}

// Text reports whether people write the answer in their own words.
func (k ItemKind) Text() bool { return k == KindShortText || k == KindLongText }

// Typed reports whether the answer is a number or a day that is typed.
func (k ItemKind) Typed() bool { return k == KindInteger || k == KindDecimal || k == KindDate }

// Item is one question, or a text to read between questions.
type Item struct {
	Code      string // unique in the instrument; also the name of its column in files
	Kind      ItemKind
	Options   []float64 // ascending; Chosen kinds only
	Labelled  []float64 // the values for which a wording pack has a label: the options, or both ends of a rating
	Min, Max  float64   // of numeric kinds, for options the first and the last
	MaxLength int       // characters, text kinds only
	Reverse   bool      // scales count it from the other end
	Required  bool      // softly: a person who skips it is asked once whether they meant to
	Safety    bool      // its answer can raise an alert

	// Class is what the file says that the answers can give away, zero where it says nothing, for which see ClassOf. Neither it nor
	// its reason is part of the instrument's meaning.
	Class       Class
	ClassReason string

	EnableWhen *EnableWhen // nil where the item is always asked
}

// Item returns the item with the given code.
func (i *Instrument) Item(code string) (*Item, bool) {
	at, ok := i.index[code]
	if !ok {
		return nil, false
	}
	return &i.Items[at], true
}

// Scale returns the scale with the given id.
func (i *Instrument) Scale(id ScaleID) (*scoring.Scale, bool) {
	for _, scale := range i.Scales {
		if scale.ID() == string(id) {
			return scale, true
		}
	}
	return nil, false
}

// HasSafetyItem reports whether some answer to the instrument can raise an alert.
func (i *Instrument) HasSafetyItem() bool {
	return slices.ContainsFunc(i.Items, func(item Item) bool { return item.Safety })
}

// scored returns the item as scoring sees it.
func (i *Item) scored() scoring.Item {
	s := scoring.Item{Code: i.Code, Reverse: i.Reverse}
	if i.Kind.Numeric() {
		s.Min, s.Max, s.Options = i.Min, i.Max, i.Options
	}
	return s
}
