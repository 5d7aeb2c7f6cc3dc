package main

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"

	"wellwave/scoring"
	"wellwave/surveys/climate"
	"wellwave/surveys/csvtable"
)

// climatePrinter shows results of the staff survey to people and to programs.
type climatePrinter struct {
	results *climate.Results
}

// notes says who is left out and what there is to know of the data.
func (p climatePrinter) notes(a *app) {
	type gap struct {
		practice string
		missing  string
	}
	var gaps []gap
	themes := make(map[gap][]string)
	for _, theme := range p.results.Themes {
		for _, practice := range theme.Practices {
			if len(practice.Missing) == 0 {
				continue
			}
			g := gap{practice.Practice, rounds(practice.Missing)}
			if themes[g] == nil {
				gaps = append(gaps, g)
			}
			themes[g] = append(themes[g], theme.Theme)
		}
	}
	for _, g := range gaps {
		where := ""
		if len(themes[g]) < len(p.results.Themes) {
			where = " of " + strings.Join(themes[g], ", ")
		}
		a.note("Left out of changes%s: %s, without scores in %s.", where, csvtable.Excerpt(g.practice), g.missing)
	}
	for _, note := range p.results.Notes {
		a.note("%s", note)
	}
	var said []string
	for _, theme := range p.results.Themes {
		if theme.Warning != "" && !slices.Contains(said, theme.Warning) {
			said = append(said, theme.Warning)
			a.note("%s", theme.Warning)
		}
	}
}

// rounds names some rounds.
func rounds(numbers []int) string {
	words := make([]string, len(numbers))
	for i, n := range numbers {
		words[i] = strconv.Itoa(n)
	}
	if len(words) == 1 {
		return "round " + words[0]
	}
	return "rounds " + strings.Join(words, " and ")
}

// print writes the results as tables, what they say first.
func (p climatePrinter) print(w io.Writer) error {
	r := p.results
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintf(t, "From round %d to round %d, beside %s. Intervals are 95 %%.\n\n%s\n\n", r.First, r.Last, p.against(), r.Headline())
	for _, theme := range r.Themes {
		_, _ = fmt.Fprintf(t, "%s\t%s\n", orAll(theme.Theme), sentenceOr(theme.Sentence))
	}
	p.groups(t)
	p.differences(t)
	p.trend(t)
	p.agreement(t)
	p.practices(t)
	return t.Flush() // which tells of any failed write
}

// against names what the programme is compared with.
func (p climatePrinter) against() string {
	words := "the published average " + p.results.Against
	switch {
	case p.results.Against == climate.OtherPractices:
		return climate.OtherPractices
	case p.results.Weighting != 0:
		return words + ", " + p.results.Weighting.String() + " weighing alike"
	}
	return words
}

func sentenceOr(sentence string) string {
	if sentence == "" {
		return noNumber
	}
	return sentence
}

// othersName is what the second group is called in tables.
func (p climatePrinter) othersName() string {
	if p.results.Against == climate.OtherPractices {
		return "others"
	}
	return orAll(p.results.Against)
}

func (p climatePrinter) groups(t io.Writer) {
	_, _ = fmt.Fprintln(t, "\nStart and change\nTHEME\tGROUP\tPRACTICES\tRESPONDENTS\tSTART\tCHANGE\t95% INTERVAL")
	for _, theme := range p.results.Themes {
		for _, g := range []struct {
			name string
			climate.Group
		}{{"programme", theme.Programme}, {p.othersName(), theme.Others}} {
			_, _ = fmt.Fprintf(t, "%s\t%s\t%s\t%s, %s\t%s\t%s\t%s\n", orAll(theme.Theme), g.name, countOr(g.Practices), countOr(g.Respondents[0]),
				countOr(g.Respondents[1]), three(g.Start), three(g.Change), between(g.Low, g.High))
		}
	}
}

// countOr writes a count, of which 0 stands for one that is not known.
func countOr(n int) string {
	if n == 0 {
		return noNumber
	}
	return strconv.Itoa(n)
}

func (p climatePrinter) differences(t io.Writer) {
	_, _ = fmt.Fprintf(t, "\nProgramme minus %s\nTHEME\tOF\tDIFFERENCE\tSE\tDF\t95%% INTERVAL\tP\n", p.othersName())
	for _, theme := range p.results.Themes {
		line := func(of string, d climate.Difference) {
			_, _ = fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", orAll(theme.Theme), of, three(d.Estimate), three(d.SE), three(d.DF), between(d.Low, d.High), three(d.P))
		}
		line("starts", theme.StartDifference)
		line("changes", theme.DifferenceOfChanges)
		line("changes, respondents weighing alike", theme.RespondentsWeighted)
		if theme.Census != nil {
			line("changes, these practices and this staff only", *theme.Census)
		}
		line("changes, adjusted for the start", theme.AdjustedForStart)
	}
	if themes := p.results.Themes; !slices.ContainsFunc(themes, func(t climate.Theme) bool { return t.Method != themes[0].Method }) {
		_, _ = fmt.Fprintf(t, "Starts and changes: %s.\n", themes[0].Method)
		return
	}
	for _, theme := range p.results.Themes {
		_, _ = fmt.Fprintf(t, "Starts and changes of %s: %s.\n", orAll(theme.Theme), theme.Method)
	}
}

// trend writes the means of all rounds where there are more than two.
func (p climatePrinter) trend(t io.Writer) {
	if len(p.results.Rounds) < 3 {
		return
	}
	heads := make([]string, 0, len(p.results.Rounds))
	for _, round := range p.results.Rounds {
		heads = append(heads, "ROUND "+strconv.Itoa(round))
	}
	_, _ = fmt.Fprintf(t, "\nMeans of the practices compared\nTHEME\tGROUP\t%s\n", strings.Join(heads, "\t"))
	for _, theme := range p.results.Themes {
		var programme, others []string
		for _, round := range theme.Rounds {
			programme, others = append(programme, three(round.Programme.Mean)), append(others, three(round.Others.Mean))
		}
		_, _ = fmt.Fprintf(t, "%s\tprogramme\t%s\n%s\t%s\t%s\n", orAll(theme.Theme), strings.Join(programme, "\t"), orAll(theme.Theme), p.othersName(), strings.Join(others, "\t"))
	}
}

func (p climatePrinter) agreement(t io.Writer) {
	_, _ = fmt.Fprintln(t, "\nHow alike staff of one practice are\nTHEME\tROUND\tPRACTICES\tRESPONDENTS\tN0\tICC(1) AT N0\t95% INTERVAL\tICC(2)")
	for _, theme := range p.results.Themes {
		for _, round := range theme.Rounds {
			a := round.Agreement
			_, _ = fmt.Fprintf(t, "%s\t%d\t%d\t%d\t%s\t%s\t%s\t%s\n", orAll(theme.Theme), round.Round, a.Practices, a.Respondents, three(a.N0), three(a.ICC1),
				between(a.ICC1Low, a.ICC1High), three(a.ICC2))
		}
	}
}

func (p climatePrinter) practices(t io.Writer) {
	_, _ = fmt.Fprintln(t, "\nEach practice, and its change minus that of all others\nTHEME\tPRACTICE\tPROGRAMME\tRESPONDENTS\tCHANGE\t95% INTERVAL\tMINUS OTHERS\t95% INTERVAL, CORRECTED\tAS PRINTED BY CRAWFORD AND HOWELL")
	for _, theme := range p.results.Themes {
		for _, u := range sorted(theme.Practices) {
			side := "no"
			if u.Programme {
				side = "yes"
			}
			_, _ = fmt.Fprintf(t, "%s\t%s\t%s\t%d, %d\t%s\t%s\t%s\t%s\t%s\n", orAll(theme.Theme), orAll(u.Practice), side, u.Respondents[0], u.Respondents[1],
				three(u.Change), between(u.Own.Low, u.Own.High), three(u.AgainstOthers.Estimate),
				between(u.AgainstOthersCorrected.Low, u.AgainstOthersCorrected.High), between(u.AgainstOthers.Low, u.AgainstOthers.High))
		}
	}
}

// sorted puts practices in the order in which people look for them.
func sorted(practices []climate.Practice) []climate.Practice {
	return slices.SortedFunc(slices.Values(practices), func(a, b climate.Practice) int { return compareWords(a.Practice, b.Practice) })
}

// json returns the results for programs.
func (p climatePrinter) json() jsonObject {
	themes := make([]jsonObject, 0, len(p.results.Themes))
	for i := range p.results.Themes {
		themes = append(themes, p.theme(&p.results.Themes[i]))
	}
	var o jsonObject
	o.set("themes", themes)
	return o
}

func (p climatePrinter) theme(t *climate.Theme) jsonObject {
	var o jsonObject
	o.set("theme", t.Theme)
	o.set("start_difference", differenceJSON(t.StartDifference, "estimate", "low", "high"))
	o.set("programme", groupJSON(t.Programme))
	o.set("others", groupJSON(t.Others))
	o.set("difference_of_changes", differenceJSON(t.DifferenceOfChanges, "estimate", "se", "df", "low", "high", "p"))
	o.set("respondents_weighted", differenceJSON(t.RespondentsWeighted, "estimate", "se", "df", "low", "high"))
	if t.Census != nil {
		o.set("census", differenceJSON(*t.Census, "se", "low", "high"))
	} else {
		o.set("census", nil)
	}
	o.set("adjusted_for_start", differenceJSON(t.AdjustedForStart, "estimate", "df", "low", "high"))
	practices := make([]jsonObject, 0, len(t.Practices))
	for _, u := range sorted(t.Practices) {
		var practice jsonObject
		practice.set("practice", u.Practice)
		practice.set("change", fullJSON(u.Change))
		practice.set("own", differenceJSON(u.Own, "se", "df", "low", "high"))
		practice.set("against_others", differenceJSON(u.AgainstOthers, "estimate", "se", "df", "low", "high", "p"))
		practice.set("against_others_corrected", differenceJSON(u.AgainstOthersCorrected, "se", "low", "high"))
		practices = append(practices, practice)
	}
	o.set("practices", practices)
	o.set("sentence", orNull(t.Sentence))
	return o
}

func groupJSON(g climate.Group) jsonObject {
	var o jsonObject
	if g.Practices == 0 && g.Start.Known { // a published average that does not say
		o.set("practices", nil)
	} else {
		o.set("practices", g.Practices)
	}
	o.set("start", fullJSON(g.Start))
	o.set("change", fullJSON(g.Change))
	o.set("low", fullJSON(g.Low))
	o.set("high", fullJSON(g.High))
	return o
}

// differenceJSON returns some parts of a difference, null where they are unknown.
func differenceJSON(d climate.Difference, keys ...string) jsonObject {
	parts := map[string]scoring.Figure{"estimate": d.Estimate, "se": d.SE, "df": d.DF, "low": d.Low, "high": d.High, "p": d.P}
	var o jsonObject
	for _, key := range keys {
		o.set(key, fullJSON(parts[key]))
	}
	return o
}

// fullJSON returns a figure in full precision, or null where it is unknown.
func fullJSON(f scoring.Figure) any {
	if !f.Known {
		return nil
	}
	return f.Value
}
