package surveys

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"

	"wellwave/scoring"
	"wellwave/surveys/strictyaml"
)

// instrumentFile is an instrument as its author writes it.
type instrumentFile struct {
	ID         string               `yaml:"id"`
	Version    string               `yaml:"version"`
	Title      string               `yaml:"title"`
	Citation   string               `yaml:"citation"`
	DOI        string               `yaml:"doi"`
	Licence    licenceEntry         `yaml:"licence"`
	Recall     string               `yaml:"recall"`
	OptionSets map[string][]float64 `yaml:"option_sets"`
	Items      []itemEntry          `yaml:"items"`
	Scales     []scoring.Definition `yaml:"scales"`
	Examples   []exampleEntry       `yaml:"examples"`
}

type licenceEntry struct {
	Wording     string `yaml:"wording"`
	Holder      string `yaml:"holder"`
	Terms       string `yaml:"terms"`
	Attribution string `yaml:"attribution"`
}

type itemEntry struct {
	Code       string      `yaml:"code"`
	Kind       string      `yaml:"kind"`
	Options    []float64   `yaml:"options"`
	OptionSet  string      `yaml:"option_set"`
	Min        *float64    `yaml:"min"`
	Max        *float64    `yaml:"max"`
	MaxLength  int         `yaml:"max_length"`
	Reverse    bool        `yaml:"reverse"`
	Required   string      `yaml:"required"`
	Safety     bool        `yaml:"safety"`
	Class      string      `yaml:"class"`
	Reason     string      `yaml:"class_reason"`
	EnableWhen *EnableWhen `yaml:"enable_when"`
}

const (
	maxItems   = 500
	maxOptions = 200
	maxNumber  = 1e9 // of an option, minimum or maximum
)

var (
	instrumentIDForm = regexp.MustCompile(`^[a-z][a-z0-9-]{0,39}$`)
	versionForm      = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9.-]{0,19}$`)
	// An item code or scale id is also a column name, a form field and a key in JSON, none of which should need escaping.
	codeForm = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]{0,39}$`)
)

// reservedCodes are columns of answer files and releases that mean something else, fields that every form of questions has
// besides, and what a script knows of a form by the same name.
var reservedCodes = append(CollectionNames(), "participant", "site", "arm", "wave", "completed_at", "proxy",
	"handle", "seq", "skip", "action", "elements", "method", "requestSubmit")

// ParseInstrument reads an instrument from data, the content of the file called name. Its error is Invalid and lists
// every mistake as name:line:column: sentence, one a line. The worked examples of the file are part of it: one that does
// not come out as the file says is a mistake like any other.
func ParseInstrument(name string, data []byte) (*Instrument, error) {
	return parseInstrument(name, data, func(file *strictyaml.File) { file.RejectTexts(unseenIn) })
}

// ParseStoredInstrument reads an instrument that was stored, which people may be answering with such texts in it. Its items have
// no classes: those in the text are of whoever stored it first, and each study has its own, see WithClasses.
func ParseStoredInstrument(name string, data []byte) (*Instrument, error) {
	instrument, err := parseInstrument(name, data, func(*strictyaml.File) {})
	if err != nil {
		return nil, err
	}
	return instrument.WithClasses(nil), nil
}

func parseInstrument(name string, data []byte, check func(*strictyaml.File)) (*Instrument, error) {
	var entry instrumentFile
	file, err := strictyaml.Decode(name, data, &entry)
	if err != nil {
		return nil, wrongFile(err)
	}
	p := &instrumentParser{file: file, entry: &entry, instrument: &Instrument{index: make(map[string]int)}}
	check(file)
	p.head()
	p.items()
	// Scales need sound items and examples sound scales: what a mistake entails is not reported beside the mistake.
	for _, next := range []func(){p.scales, p.examples} {
		if err := wrongFile(file.Err()); err != nil {
			return nil, err
		}
		next()
	}
	if err := wrongFile(file.Err()); err != nil {
		return nil, err
	}
	p.instrument.Hash = file.Hash("items[].class", "items[].class_reason")
	p.remarkNames()
	return p.instrument, nil
}

// instrumentParser builds an instrument from its file and rejects what is wrong where it stands.
type instrumentParser struct {
	file       *strictyaml.File
	entry      *instrumentFile
	instrument *Instrument
}

func at(path string, i int) string { return fmt.Sprintf("%s[%d]", path, i) }

func (p *instrumentParser) head() {
	e := p.entry
	licence, ok := ParseWordingLicence(e.Licence.Wording)
	if !ok {
		p.file.Reject("licence.wording", "The licence must say what wording is: %s.", Either(licenceWords.Values()))
	}
	if !instrumentIDForm.MatchString(e.ID) {
		p.file.Reject("id", "“%s” is not an id: up to 40 small letters, digits and hyphens, a letter first.", Excerpt(e.ID))
	}
	if !versionForm.MatchString(e.Version) {
		p.file.Reject("version", "“%s” is not a version: up to 20 letters, digits, dots and hyphens.", Excerpt(e.Version))
	}
	if e.Title == "" {
		p.file.Reject("title", "The instrument needs a title.")
	}
	if e.Citation == "" {
		p.file.Reject("citation", "The instrument needs a citation, so that people can see where it is from.")
	}
	if ok && licence != WordingOwn && e.Licence.Holder == "" {
		p.file.Reject("licence.holder", "The licence must name the holder of the wording.")
	}
	i := p.instrument
	i.ID, i.Version, i.Title = InstrumentID(e.ID), e.Version, e.Title
	i.Citation, i.DOI, i.Recall = e.Citation, e.DOI, e.Recall
	i.Licence = Licence{licence, e.Licence.Holder, e.Licence.Terms, e.Licence.Attribution}
}

func (p *instrumentParser) items() {
	if n := len(p.entry.Items); n == 0 || n > maxItems {
		p.file.Reject("items", "An instrument has between 1 and %d items.", maxItems)
		return
	}
	for i := range p.entry.Items {
		path := at("items", i)
		item := p.item(path, &p.entry.Items[i])
		if first, twice := p.instrument.index[item.Code]; twice {
			p.file.Reject(path+".code", "“%s” is the code of two items; the first is on line %d.", item.Code, p.file.Line(at("items", first)))
		}
		p.instrument.Items = append(p.instrument.Items, item)
		p.instrument.index[item.Code] = i
	}
}

func (p *instrumentParser) item(path string, e *itemEntry) Item {
	kind, ok := ParseItemKind(e.Kind)
	if !ok {
		p.file.Reject(path+".kind", "“%s” is not a kind of item. The kinds are %s.", Excerpt(e.Kind), strings.Join(Listed(kindWords.Values()), ", "))
	}
	switch {
	case !codeForm.MatchString(e.Code):
		p.file.Reject(path+".code", "“%s” is not an item code: up to 40 letters, digits and underscores, a letter first.", Excerpt(e.Code))
	case slices.Contains(reservedCodes, e.Code) || strings.HasSuffix(e.Code, "_missing"):
		p.file.Reject(path+".code", "“%s” cannot be an item code, because files of answers use that column for something else.", e.Code)
	}
	if e.Required != "" && e.Required != "soft" {
		p.file.Reject(path+".required", "An answer can be asked for once more, which is “required: soft”; it cannot be demanded.")
	}
	item := Item{Code: e.Code, Kind: kind, Reverse: e.Reverse, Required: e.Required != "", Safety: e.Safety}
	if ok {
		p.answers(path, e, &item)
		p.class(path, e, &item)
	}
	item.EnableWhen = p.enableWhen(path+".enable_when", e.EnableWhen)
	return item
}

// answers fills in which answers the item takes.
func (p *instrumentParser) answers(path string, e *itemEntry, item *Item) {
	text := item.Kind.Text()
	bounded := item.Kind.Numeric() && !item.Kind.Chosen()
	if (e.Min != nil || e.Max != nil) && !bounded {
		p.file.Reject(path, "min and max do not belong to an item of the kind %s.", item.Kind)
	}
	if e.MaxLength != 0 && !text {
		p.file.Reject(path+".max_length", "max_length belongs to texts only.")
	}
	if item.Reverse && !item.Kind.Numeric() {
		p.file.Reject(path+".reverse", "Only an item whose answer is a number can be reversed.")
	}
	if item.Safety && item.Kind != KindMultiple && !item.Kind.Numeric() {
		p.file.Reject(path+".safety", "A safety item is answered by a choice or a number, of which every one but the lowest raises an alert.")
	}
	set, ok := p.optionSet(path, e, item)
	switch {
	case !ok:
	case item.Kind == KindYesNo:
		item.Options, item.Labelled, item.Max = []float64{0, 1}, []float64{0, 1}, 1
	case item.Kind.Chosen():
		p.options(path, set, item)
	case bounded:
		p.bounds(path, e, item)
	case text:
		item.MaxLength = cmp.Or(e.MaxLength, map[ItemKind]int{KindShortText: shortTextLength, KindLongText: longTextLength}[item.Kind])
		if item.MaxLength < 1 || item.MaxLength > longTextLength {
			p.file.Reject(path+".max_length", "A text has between 1 and %d characters.", longTextLength)
		}
	}
}

// class fills in what the file says about the class of the item.
func (p *instrumentParser) class(path string, e *itemEntry, item *Item) {
	item.ClassReason = NormalText(e.Reason)
	if e.Class == "" {
		if e.Reason != "" {
			p.file.Reject(path+".class_reason", "This gives a reason for a class, and the item says none.")
		}
		return
	}
	class, wrong := classFor(item.Kind, e.Class, item.ClassReason != "")
	if wrong != "" {
		p.file.Reject(path+".class", "%s", wrong)
		return
	}
	item.Class = class
}

// optionSet returns the item's own options or those of the set that it names, and whether they can be gone on with.
func (p *instrumentParser) optionSet(path string, e *itemEntry, item *Item) (options []float64, ok bool) {
	if item.Kind == KindYesNo || !item.Kind.Chosen() {
		if e.Options != nil || e.OptionSet != "" {
			p.file.Reject(path, "An item of the kind %s takes no options.", item.Kind)
			return nil, false
		}
		return nil, true
	}
	if e.OptionSet == "" {
		return e.Options, true
	}
	if e.Options != nil {
		p.file.Reject(path+".option_set", "An item has options or an option set, not both.")
		return nil, false
	}
	set, ok := p.entry.OptionSets[e.OptionSet]
	if !ok {
		p.file.Reject(path+".option_set", "There is no option set “%s” in this file.", Excerpt(e.OptionSet))
	}
	return set, ok
}

func (p *instrumentParser) options(path string, options []float64, item *Item) {
	field := path + ".options"
	if len(options) < 2 || len(options) > maxOptions {
		p.file.Reject(field, "An item of the kind %s has between 2 and %d options.", item.Kind, maxOptions)
		return
	}
	for i, v := range options {
		switch {
		case slices.Index(options, v) < i:
			p.file.Reject(at(field, i), "The option %s is here twice.", FormatNumber(v))
		case math.Abs(v) > maxNumber:
			p.file.Reject(at(field, i), "The option %s is too large.", FormatNumber(v))
		case i > 0 && v < options[i-1]:
			p.file.Reject(at(field, i), "Options stand in ascending order; a wording pack gives them their words.")
		}
	}
	item.Options, item.Labelled = options, options
	item.Min, item.Max = options[0], options[len(options)-1]
}

// bounds fills in the lowest and highest answer of a kind without options.
func (p *instrumentParser) bounds(path string, e *itemEntry, item *Item) {
	switch item.Kind {
	case KindRating:
		item.Max = 10
	case KindVAS:
		item.Max = 100
	default:
		if e.Min == nil || e.Max == nil {
			p.file.Reject(path, "An item of the kind %s needs min and max, so that slips of the finger are noticed.", item.Kind)
			return
		}
	}
	if e.Min != nil {
		item.Min = *e.Min
	}
	if e.Max != nil {
		item.Max = *e.Max
	}
	if item.Min >= item.Max || math.Abs(item.Min) > maxNumber || math.Abs(item.Max) > maxNumber {
		p.file.Reject(path, "min must be less than max, and neither beyond %s.", FormatNumber(maxNumber))
	}
	if item.Kind != KindDecimal && (item.Min != math.Trunc(item.Min) || item.Max != math.Trunc(item.Max)) {
		p.file.Reject(path, "min and max of an item of the kind %s are whole numbers.", item.Kind)
	}
	if item.Kind == KindRating || item.Kind == KindVAS {
		item.Labelled = []float64{item.Min, item.Max}
	}
}

// scales compiles the scales and places what scoring finds wrong with them.
func (p *instrumentParser) scales() {
	items := make([]scoring.Item, len(p.instrument.Items))
	for i := range items {
		items[i] = p.instrument.Items[i].scored()
	}
	for i, definition := range p.entry.Scales {
		path := at("scales", i)
		if definition.ID != "" && !codeForm.MatchString(definition.ID) {
			p.file.Reject(path+".id", "“%s” is not a scale id: up to 40 letters, digits and underscores, a letter first.", Excerpt(definition.ID))
		}
		if _, twice := p.instrument.Scale(ScaleID(definition.ID)); twice {
			p.file.Reject(path+".id", "“%s” is the id of two scales.", definition.ID)
		}
		scale, err := scoring.Compile(definition, items)
		if faults := (scoring.Faults)(nil); errors.As(err, &faults) {
			for _, fault := range faults {
				p.file.Reject(path+"."+fault.Field, "%s", fault.Message)
			}
			continue
		}
		p.instrument.Scales = append(p.instrument.Scales, scale)
	}
}
