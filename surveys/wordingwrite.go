package surveys

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// write returns the file as its author would lay it out: a key a line, the items in the order of the instrument. A review is
// not written: whoever makes a file has not compared it yet.
func (e *wordingFile) write(i *Instrument) []byte {
	var b strings.Builder
	line := func(indent int, key, text string) {
		if text != "" {
			fmt.Fprintf(&b, "%*s%s: %s\n", indent, "", key, yamlText(text))
		}
	}
	options := func(indent int, key string, of map[float64]string) {
		switch {
		case of == nil:
			return
		case len(of) == 0: // nothing of it is translated, and it still keeps items from others
			fmt.Fprintf(&b, "%*s%s: {}\n", indent, "", key)
			return
		}
		fmt.Fprintf(&b, "%*s%s:\n", indent, "", key)
		for _, value := range slices.Sorted(maps.Keys(of)) {
			fmt.Fprintf(&b, "%*s%s: %s\n", indent+2, "", FormatNumber(value), yamlText(of[value]))
		}
	}
	line(0, "instrument", e.Instrument)
	fmt.Fprintf(&b, "version: %s\n", quoted(e.Version)) // which may look like a number
	line(0, "language", e.Language)
	if e.Neutral {
		b.WriteString("neutral: true\n")
	}
	line(0, "title", e.Title)
	line(0, "intro", e.Intro)
	options(0, "options", e.Options)
	if len(e.OptionSets) > 0 {
		b.WriteString("option_sets:\n")
	}
	for _, set := range slices.Sorted(maps.Keys(e.OptionSets)) {
		options(2, yamlText(set), e.OptionSets[set])
	}
	b.WriteString("items:\n")
	for n := range i.Items {
		code := i.Items[n].Code
		entry := e.Items[code]
		if entry.Options == nil && entry.Title+entry.Text+entry.Hint+entry.OptionSet == "" {
			fmt.Fprintf(&b, "  %s: {}\n", code)
			continue
		}
		fmt.Fprintf(&b, "  %s:\n", code)
		line(4, "title", entry.Title)
		line(4, "text", entry.Text)
		line(4, "hint", entry.Hint)
		line(4, "option_set", entry.OptionSet)
		options(4, "options", entry.Options)
	}
	return []byte(b.String())
}

var (
	// plainText is what YAML reads as the very same text without quotes, in any script.
	plainText = regexp.MustCompile(`^\p{L}[\p{L}\p{M}\p{N} _.()?!’'/–—;,-]*$`)
	// yamlWords would be read as something else.
	yamlWords = regexp.MustCompile(`(?i)^(y|n|yes|no|on|off|true|false|null|nan|inf)$`)
)

// yamlText writes a text as a YAML scalar of one line, in quotes where it needs them.
func yamlText(text string) string {
	if plainText.MatchString(text) && !yamlWords.MatchString(text) && !strings.HasSuffix(text, " ") {
		return text
	}
	return quoted(text)
}

// quoted writes a text as JSON does, which YAML reads in the same way.
func quoted(text string) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(text) // a string always can be written
	return strings.TrimSuffix(b.String(), "\n")
}
