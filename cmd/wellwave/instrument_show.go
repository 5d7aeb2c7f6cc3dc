package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"wellwave/scoring"
	"wellwave/surveys"
	"wellwave/surveys/locale"
)

// showInstrument writes an instrument down for people: what it is, its columns with their answers, and how each scale is
// scored with where that is from. Its words are those of the English pack; without one answers are shown as numbers.
func showInstrument(w io.Writer, i *surveys.Instrument, packs []*surveys.Wording) error {
	var b strings.Builder
	var english *surveys.Wording
	languages := make([]string, 0, len(packs))
	for _, pack := range packs {
		if pack.Language == locale.Source {
			english = pack
		}
		languages = append(languages, packText(pack))
	}
	fmt.Fprintf(&b, "%s, version %s\n%s\n\nFrom: %s\n", i.ID, i.Version, i.Title, i.Citation)
	if i.DOI != "" {
		fmt.Fprintf(&b, "doi: %s\n", i.DOI)
	}
	if i.Recall != "" {
		fmt.Fprintf(&b, "About: %s\n", i.Recall)
	}
	fmt.Fprintf(&b, "Wording: %s", i.Licence.Wording)
	for _, part := range []string{i.Licence.Holder, i.Licence.Terms} {
		if part != "" {
			fmt.Fprintf(&b, "; %s", strings.TrimSuffix(part, "."))
		}
	}
	if len(languages) > 0 {
		fmt.Fprintf(&b, "\nLanguages: %s", strings.Join(languages, ", "))
	}
	fmt.Fprintf(&b, "\nHash: %s\n\nItems\n", i.Hash)
	answers := make(map[string]string) // the first item with each list of answers
	for n := range i.Items {
		showItem(&b, &i.Items[n], english, answers)
	}
	b.WriteString("\nScales\n")
	for _, scale := range i.Scales {
		showScale(&b, scale)
	}
	if len(i.Scales) == 0 {
		b.WriteString("  none: nothing here is scored\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// packText says in which language a wording pack is and whether a study with real people may use it.
func packText(pack *surveys.Wording) string {
	switch {
	case pack.Neutral:
		return pack.Language + " (neutral labels)"
	case pack.Reviewed.By == "":
		return pack.Language + " (not reviewed)"
	}
	return pack.Language
}

// showItem writes down one item. A list of answers that stood before is not repeated.
func showItem(b *strings.Builder, item *surveys.Item, pack *surveys.Wording, before map[string]string) {
	fmt.Fprintf(b, "  %s (%s)", item.Code, item.Kind)
	if item.Reverse {
		b.WriteString(" reversed")
	}
	if item.Safety {
		b.WriteString(" safety item")
	}
	if pack != nil {
		fmt.Fprintf(b, " %s", pack.Question(item.Code))
	}
	b.WriteString("\n")
	var answers strings.Builder
	for _, value := range item.Labelled {
		answers.WriteString("    " + plain(value))
		if pack != nil {
			fmt.Fprintf(&answers, " %s", pack.Label(item.Code, value))
		}
		answers.WriteString("\n")
	}
	list := answers.String()
	if first, there := before[list]; there && list != "" {
		fmt.Fprintf(b, "    answers as %s\n", first)
		return
	}
	before[list] = item.Code
	b.WriteString(list)
}

// showScale writes down one scale; whatever nobody has compared with its source is marked.
func showScale(b *strings.Builder, scale *scoring.Scale) {
	d := scale.Definition()
	lo, hi := scale.Range()
	fmt.Fprintf(b, "  %s: %s\n", d.ID, d.Title)
	line := func(name, text, source string, unconfirmed bool) {
		fmt.Fprintf(b, "    %s: %s", name, text)
		if source != "" {
			fmt.Fprintf(b, " (%s)", strings.TrimSuffix(source, "."))
		}
		if unconfirmed {
			b.WriteString(", unconfirmed")
		}
		b.WriteString("\n")
	}
	line("rule", scale.RuleText(), "", d.Unconfirmed)
	if len(d.Table) > 0 {
		line("table", tableText(d.Table), "", false)
	}
	line("items", strings.Join(d.Items, " "), "", false)
	line("range", fmt.Sprintf("%s to %s, %s", plain(lo), plain(hi), strings.ReplaceAll(d.Direction, "-", " is ")), "", false)
	line("missing", scale.MissingText(), d.Missing.Source, d.Missing.Unconfirmed)
	if len(d.Bands) > 0 {
		labels := make([]string, len(d.Bands))
		for i, band := range d.Bands {
			labels[i] = plain(band.From) + " " + band.Label
		}
		line("bands, from", strings.Join(labels, ", "), d.BandsSource, d.BandsUnconfirmed)
	}
	if d.Difference != nil {
		line("minimal important difference", plain(d.Difference.Value), d.Difference.Source, d.Difference.Unconfirmed)
	}
	line("source", d.Source, "", d.Unconfirmed)
	if d.Note != "" {
		line("note", d.Note, "", false)
	}
}

// tableText writes a conversion table in the order of what it converts.
func tableText(table map[float64]float64) string {
	var rows []string
	for _, from := range slices.Sorted(maps.Keys(table)) {
		rows = append(rows, plain(from)+" → "+plain(table[from]))
	}
	return strings.Join(rows, ", ")
}

// plain writes a number without an exponent and with no more digits than it has.
func plain(v float64) string { return surveys.FormatNumber(v) }
