package surveys

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"wellwave/surveys/strictyaml"
)

// WordingText is the file of a wording pack taken apart for translators: its texts, each under the path at which it
// stands in the file, and the shape that a pack in another language is to have.
type WordingText struct {
	*Wording
	file wordingFile
}

// ReadWordingText reads a wording pack as ParseWording does.
func ReadWordingText(name string, data []byte) (*WordingText, error) {
	w, err := ParseWording(name, data)
	if err != nil {
		return nil, err
	}
	t := &WordingText{Wording: w}
	_, err = strictyaml.Decode(name, data, &t.file)
	return t, wrongFile(err)
}

// phrase is one text of a wording pack.
type phrase struct {
	key  string // its path in the file, such as items.phq9_1.text
	note string // what it is, for somebody who sees nothing but the texts
	text string // empty where the pack has none
}

// phrases lists every text of the pack in the order of the questionnaire. Answers that several items share are there once.
func (t *WordingText) phrases(i *Instrument) []phrase {
	phrases := []phrase{
		{"title", "The heading of the whole questionnaire", t.Title},
		{"intro", "What stands before the questions", t.Intro},
	}
	add := func(under, note string, options map[float64]string, users ...*Item) {
		for _, value := range slices.Sorted(maps.Keys(options)) {
			if slices.ContainsFunc(users, func(item *Item) bool { return slices.Contains(item.wordable(), value) }) {
				phrases = append(phrases, phrase{optionKey(under, value), note, NormalText(options[value])})
			}
		}
	}
	users := t.users(i, "options")
	add("options", fmt.Sprintf("An answer to %d of the questions", len(users)), t.file.Options, users...)
	for _, set := range slices.Sorted(maps.Keys(t.file.OptionSets)) {
		users := t.users(i, setKey(set))
		codes := make([]string, len(users))
		for n, item := range users {
			codes[n] = item.Code
		}
		add(setKey(set), "An answer to "+strings.Join(codes, ", "), t.file.OptionSets[set], users...)
	}
	for n := range i.Items {
		item := &i.Items[n]
		words := t.items[item.Code]
		if words.title != "" {
			phrases = append(phrases, phrase{titleKey(item.Code), "A heading above " + item.Code, words.title})
		}
		phrases = append(phrases, phrase{textKey(item.Code), questionNote(item), words.text})
		if words.hint != "" {
			phrases = append(phrases, phrase{hintKey(item.Code), "A help below " + item.Code, words.hint})
		}
		add(optionsKey(item.Code), "An answer to "+item.Code, t.file.Items[item.Code].Options, item)
	}
	return phrases
}

// users lists the items that take their answers from what stands under a path.
func (t *WordingText) users(i *Instrument, under string) []*Item {
	var users []*Item
	for n := range i.Items {
		if item := &i.Items[n]; len(item.Labelled) > 0 && t.optionsOf(item.Code) == under {
			users = append(users, item)
		}
	}
	return users
}

func questionNote(item *Item) string {
	if item.Kind == KindDisplay {
		return "A text to read: " + item.Code
	}
	return "The question " + item.Code
}

// extra lists the texts that a pack of the instrument may have although this one has none in their place: headings and
// helps, and answers of its own for an item that shares them here, which some languages need.
func (t *WordingText) extra(i *Instrument) []phrase {
	var extra []phrase
	for n := range i.Items {
		item := &i.Items[n]
		if words := t.items[item.Code]; words.title == "" {
			extra = append(extra, phrase{key: titleKey(item.Code), note: "A heading above " + item.Code})
		}
		if words := t.items[item.Code]; words.hint == "" {
			extra = append(extra, phrase{key: hintKey(item.Code), note: "A help below " + item.Code})
		}
		for _, value := range item.wordable() {
			if _, there := t.file.Items[item.Code].Options[value]; !there {
				extra = append(extra, phrase{key: optionKey(optionsKey(item.Code), value), note: "An answer to " + item.Code + " alone"})
			}
		}
	}
	return extra
}

// wordable lists the values of an item that may have words: of a rating not only both ends, which need them.
func (i *Item) wordable() []float64 {
	if i.Kind != KindRating && i.Kind != KindVAS {
		return i.Labelled
	}
	var values []float64
	for v := i.Min; v <= i.Max; v++ {
		values = append(values, v)
	}
	return values
}

// inShapeOf returns the pack's texts under the keys of another pack of the instrument, whose file may have another shape.
// An answer that several items share there comes under its key if all of them have it here; where one says something else
// or lacks it, under keys of their own.
func (t *WordingText) inShapeOf(source *WordingText, i *Instrument) map[string]string {
	shared, lacking := make(map[string]string), make(map[string]bool)
	for _, alone := range []bool{false, true} { // what is shared here stays shared
		for n := range i.Items {
			item := &i.Items[n]
			if (t.file.Items[item.Code].Options != nil) != alone {
				continue
			}
			for _, value := range item.wordable() {
				key, label := optionKey(source.optionsOf(item.Code), value), t.label(item, value)
				if lacking[key] = lacking[key] || label == ""; shared[key] == "" {
					shared[key] = label
				}
			}
		}
	}
	texts := map[string]string{"title": t.Title, "intro": t.Intro}
	for n := range i.Items {
		item := &i.Items[n]
		words := t.items[item.Code]
		texts[titleKey(item.Code)], texts[textKey(item.Code)], texts[hintKey(item.Code)] = words.title, words.text, words.hint
		for _, value := range item.wordable() {
			key, label := optionKey(source.optionsOf(item.Code), value), t.label(item, value)
			if lacking[key] || shared[key] != label || source.label(item, value) == "" {
				key = optionKey(optionsKey(item.Code), value)
			}
			texts[key] = label
		}
	}
	maps.DeleteFunc(texts, func(_, text string) bool { return text == "" })
	return texts
}

func (t *WordingText) label(item *Item, value float64) string {
	return NormalText(t.items[item.Code].labels[value])
}

// optionsOf returns the path of the options that an item's answers are taken from.
func (t *WordingText) optionsOf(code string) string {
	switch entry := t.file.Items[code]; {
	case entry.Options != nil:
		return optionsKey(code)
	case entry.OptionSet != "":
		return setKey(entry.OptionSet)
	}
	return "options"
}

// translated returns the file of a pack in this one's shape that says something else in another language. A text that is
// not there is left out; every item is there, because without its entry it would not take shared answers either.
func (t *WordingText) translated(i *Instrument, language string, neutral bool, texts map[string]string) *wordingFile {
	file := &wordingFile{Instrument: string(i.ID), Version: i.Version, Language: language, Neutral: neutral, Title: texts["title"],
		Intro: texts["intro"], Options: pick("options", t.file.Options, texts), OptionSets: make(map[string]map[float64]string),
		Items: make(map[string]wordingEntry)}
	for set, options := range t.file.OptionSets {
		file.OptionSets[set] = pick(setKey(set), options, texts)
	}
	for n := range i.Items {
		item := &i.Items[n]
		entry := wordingEntry{Title: texts[titleKey(item.Code)], Text: texts[textKey(item.Code)], Hint: texts[hintKey(item.Code)],
			OptionSet: t.file.Items[item.Code].OptionSet}
		if own := t.ownOptions(item, texts); own != nil {
			entry.Options, entry.OptionSet = own, ""
		}
		file.Items[item.Code] = entry
	}
	return file
}

// ownOptions returns the answers of an item that shares none, or not all of them any more: the rest of its answers then
// come from what it shared.
func (t *WordingText) ownOptions(item *Item, texts map[string]string) map[float64]string {
	shared := t.optionsOf(item.Code)
	own := make(map[float64]string)
	for _, value := range item.wordable() {
		if text := texts[optionKey(optionsKey(item.Code), value)]; text != "" {
			own[value] = text
		}
	}
	switch {
	case shared == optionsKey(item.Code):
		return own
	case len(own) == 0:
		return nil
	}
	for value, text := range pick(shared, t.items[item.Code].labels, texts) {
		if _, there := own[value]; !there {
			own[value] = text
		}
	}
	return own
}

// pick returns the texts for the values of some options, nil where there are no options.
func pick(under string, options map[float64]string, texts map[string]string) map[float64]string {
	if options == nil {
		return nil
	}
	picked := make(map[float64]string)
	for value := range options {
		if text := texts[optionKey(under, value)]; text != "" {
			picked[value] = text
		}
	}
	return picked
}

func titleKey(code string) string   { return "items." + code + ".title" }
func textKey(code string) string    { return "items." + code + ".text" }
func hintKey(code string) string    { return "items." + code + ".hint" }
func optionsKey(code string) string { return "items." + code + ".options" }
func setKey(set string) string      { return "option_sets." + set }

func optionKey(under string, value float64) string { return under + "." + FormatNumber(value) }
