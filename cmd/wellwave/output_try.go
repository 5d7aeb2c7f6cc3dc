package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"text/tabwriter"

	"wellwave/surveys"
	"wellwave/surveys/release"
)

// print says what would become of a release. It fails with Invalid where the release would be refused.
func (c *exportCommand) print(a *app, tried *release.Assessment) error {
	if c.JSON {
		text, err := json.MarshalIndent(tried, "", "  ")
		if err != nil {
			return fmt.Errorf("write JSON: %w", err)
		}
		if _, err := fmt.Fprintf(a.stdout, "%s\n", text); err != nil {
			return err
		}
	} else if err := printAssessment(a, tried); err != nil {
		return err
	}
	if len(tried.Refused) > 0 {
		return surveys.Errorf(surveys.Invalid, "a release for profile %s would be refused: %s", tried.Profile, strings.Join(tried.Refused, "; "))
	}
	return nil
}

func printAssessment(a *app, tried *release.Assessment) error {
	w := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', 0)
	line := func(cells ...any) { _, _ = fmt.Fprintln(w, strings.TrimSuffix(fmt.Sprintln(cells...), "\n")) } // Flush tells
	row := func(cells ...string) { line(strings.Join(cells, "\t")) }
	line("Profile", tried.Profile+":", "at least", tried.K, "of", tried.People, "people must share every combination of the keys.")
	line()
	row("key", "values", "blanked")
	for _, key := range tried.Keys {
		row(key.Name, fmt.Sprint(key.Values), fmt.Sprint(key.Blanked))
	}
	line()
	row("file", "people", "classes", "smallest", "greatest risk", "mean risk")
	for _, stage := range []struct {
		says  string
		files []release.Measure
	}{{"", tried.Before}, {", blanked", tried.After}} {
		if stage.says != "" && tried.Blanked.Cells == 0 {
			continue // as before
		}
		for _, m := range stage.files {
			row(m.File+stage.says, fmt.Sprint(m.Rows), fmt.Sprint(m.Classes), fmt.Sprint(m.Smallest), surveys.FixedNumber(m.Greatest, 3), surveys.FixedNumber(m.Mean, 3))
		}
	}
	line()
	line(tried.Blanked.Cells, "of", tried.Blanked.Of, "cells of the keys would be blanked;", tried.Blanked.Most, "may be.")
	for _, site := range tried.Sites {
		line("At site", string(site.Site)+":", site.Cells, "of", site.Of, "cells;", site.Most, "may be.")
	}
	for _, rare := range tried.Rare {
		line("Too few share:", rare)
	}
	for _, advice := range tried.Advice {
		line("Would help:", advice.String())
	}
	return w.Flush()
}
