package surveys

import (
	"fmt"
	"slices"
	"time"

	"wellwave/surveys/strictyaml"

	"golang.org/x/text/language"
)

// Wording is a wording pack: what one version of an instrument says to people in one language. Whoever holds the
// licence of an instrument whose wording may not ship writes such a file themselves.
type Wording struct {
	Instrument InstrumentID
	Version    string
	Language   string // BCP 47, such as en-GB
	Neutral    bool   // labels of ours that stand in for wording that may not ship; a study cannot go live with them
	Reviewed   Review
	Title      string
	Intro      string
	Hash       string // of the file's meaning, as Instrument.Hash

	items map[string]itemWording
}

// Review says who has compared a wording pack with its source, and when. The zero value is nobody.
type Review struct {
	By string
	On time.Time
}

type itemWording struct {
	title, text, hint string
	labels            map[float64]string
}

// wordingFile is a wording pack as its author writes it. An item's labels are its own options, else those of the option
// set that it names, else the options of the file.
type wordingFile struct {
	Instrument string                        `yaml:"instrument"`
	Version    string                        `yaml:"version"`
	Language   string                        `yaml:"language"`
	Neutral    bool                          `yaml:"neutral"`
	Reviewed   *reviewEntry                  `yaml:"reviewed"`
	Title      string                        `yaml:"title"`
	Intro      string                        `yaml:"intro"`
	Options    map[float64]string            `yaml:"options"`
	OptionSets map[string]map[float64]string `yaml:"option_sets"`
	Items      map[string]wordingEntry       `yaml:"items"`
}

type reviewEntry struct {
	By string `yaml:"by"`
	On string `yaml:"on"`
}

type wordingEntry struct {
	Title     string             `yaml:"title"`
	Text      string             `yaml:"text"`
	Hint      string             `yaml:"hint"`
	Options   map[float64]string `yaml:"options"`
	OptionSet string             `yaml:"option_set"`
}

// ParseWording reads a wording pack from data, the content of the file called name. Its error is Invalid and lists
// every mistake as name:line:column: sentence, one a line. Whether the pack is complete is for Instrument.Missing.
func ParseWording(name string, data []byte) (*Wording, error) {
	return parseWording(name, data, func(file *strictyaml.File) {
		file.RejectTexts(bracesIn)
		file.RejectTexts(unseenIn)
	})
}

// ParseStoredWording reads a wording pack that was stored, which people may be reading with braces in it.
func ParseStoredWording(name string, data []byte) (*Wording, error) {
	return parseWording(name, data, func(*strictyaml.File) {})
}

func parseWording(name string, data []byte, check func(*strictyaml.File)) (*Wording, error) {
	var entry wordingFile
	file, err := strictyaml.Decode(name, data, &entry)
	if err != nil {
		return nil, wrongFile(err)
	}
	if _, err := language.Parse(entry.Language); err != nil {
		file.Reject("language", "“%s” is not a language code such as en-GB.", Excerpt(entry.Language))
	}
	if !instrumentIDForm.MatchString(entry.Instrument) {
		file.Reject("instrument", "The pack must name its instrument by id.")
	}
	if !versionForm.MatchString(entry.Version) {
		file.Reject("version", "The pack must say for which version of the instrument it is.")
	}
	w := &Wording{Instrument: InstrumentID(entry.Instrument), Version: entry.Version, Language: entry.Language,
		Neutral: entry.Neutral, Title: NormalText(entry.Title), Intro: NormalText(entry.Intro), items: make(map[string]itemWording)}
	w.Reviewed = parseReview(file, "reviewed", entry.Reviewed)
	for code, item := range entry.Items {
		w.items[code] = itemWording{NormalText(item.Title), NormalText(item.Text), NormalText(item.Hint), entry.labels(file, code)}
	}
	check(file)
	if err := wrongFile(file.Err()); err != nil {
		return nil, err
	}
	w.Hash = file.Hash()
	return w, nil
}

// parseReview reads the review that stands at a path of a file.
func parseReview(file *strictyaml.File, path string, entry *reviewEntry) Review {
	if entry == nil {
		return Review{}
	}
	on, err := time.Parse(time.DateOnly, entry.On)
	if err != nil {
		file.Reject(path+".on", "“%s” is not a day. Write it as 2026-03-31.", Excerpt(entry.On))
	}
	if entry.By == "" {
		file.Reject(path+".by", "A review needs the name of who did it.")
	}
	return Review{entry.By, on}
}

func (e *wordingFile) labels(file *strictyaml.File, code string) map[float64]string {
	item := e.Items[code]
	if item.Options != nil {
		return item.Options
	}
	if item.OptionSet == "" {
		return e.Options
	}
	set, ok := e.OptionSets[item.OptionSet]
	if !ok {
		file.Reject("items."+code+".option_set", "There is no option set “%s” in this file.", Excerpt(item.OptionSet))
	}
	return set
}

// Question returns the text of an item.
func (w *Wording) Question(code string) string { return w.items[code].text }

// Hint returns what helps to understand an item, empty for most.
func (w *Wording) Hint(code string) string { return w.items[code].hint }

// ItemTitle returns the heading of an item, empty for most.
func (w *Wording) ItemTitle(code string) string { return w.items[code].title }

// Label returns the words for one value of an item; for a value without words, such as a 7 of 10, the number.
func (w *Wording) Label(code string, value float64) string {
	if label, ok := w.items[code].labels[value]; ok {
		return label
	}
	return FormatNumber(value)
}

// Missing lists what the pack lacks to be used with the instrument, as paths into the pack's file, in the order of the
// items. A pack of another instrument or version lacks everything; one that has words for items or answers that do not
// exist is told so as well, because the words are then probably missing elsewhere.
func (i *Instrument) Missing(w *Wording) []string {
	if w.Instrument != i.ID || w.Version != i.Version {
		return []string{fmt.Sprintf("the pack is for %s version %s", w.Instrument, w.Version)}
	}
	var missing []string
	if w.Title == "" {
		missing = append(missing, "title")
	}
	for _, item := range i.Items {
		words := w.items[item.Code]
		if words.text == "" {
			missing = append(missing, "items."+item.Code+".text")
		}
		for _, value := range item.Labelled {
			if words.labels[value] == "" {
				missing = append(missing, "items."+item.Code+".options."+FormatNumber(value))
			}
		}
	}
	var foreign []string
	for code := range w.items {
		if _, ok := i.Item(code); !ok {
			foreign = append(foreign, "items."+code+" is not an item of the instrument")
		}
	}
	slices.Sort(foreign)
	return append(missing, foreign...)
}
