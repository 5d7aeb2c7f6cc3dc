package climate

import (
	"fmt"
	"math"

	"wellwave/surveys"
	"wellwave/surveys/disclosure"
)

// ReportComparison is what the programme's practices are compared with in a factor, and how they compare.
type ReportComparison struct {
	ReportGroup
	StartDifference ReportDifference `json:"start_difference"`
	Difference      ReportDifference `json:"difference_of_changes"`
	Sentence        string           `json:"sentence,omitempty"`
	From            string           `json:"from,omitempty"`
	// RespondentsWeighted and Census are the difference seen otherwise, of the Alone practices of the programme that stand alone
	// in both rounds. Only the comparison with a published average has them here; see [ReportTheme] for the others.
	RespondentsWeighted ReportDifference `json:"respondents_weighted"`
	Census              ReportDifference `json:"census"`
	Alone               int              `json:"alone,omitempty"`
}

// Compared returns the comparison that a factor's headline and chart are made of: with the published average where the
// report has one, else with the other practices.
func (t ReportTheme) Compared() ReportComparison {
	if t.Published != nil {
		return *t.Published
	}
	return ReportComparison{ReportGroup: t.Others, StartDifference: t.StartDifference, Difference: t.Difference, Sentence: t.Sentence, From: t.From}
}

// publish adds the comparison with the published average that was loaded for the round.
func (m *measured) publish(r *Report) error {
	last := m.rounds[len(m.rounds)-1]
	if last.Average == "" || !r.HasProgramme() {
		return nil
	}
	average, err := ParsePublished(last.Average)
	if err != nil {
		return err
	}
	r.Published = average
	summary, compared := &Results{Against: average.Name, Margin: r.Margin}, false
	for i := range r.Themes {
		t := &r.Themes[i]
		exact := Theme{Theme: t.Title}
		t.Published = new(ReportComparison)
		if change := r.change(t.ID, r.First); change != nil {
			*t.Published, exact = m.againstPublished(r, t.ID, *change)
			exact.Theme = t.Title
		}
		compared = compared || t.Published.Sentence != ""
		summary.Themes = append(summary.Themes, exact)
	}
	if compared {
		r.PublishedHeadline = summary.Headline().Of("factors")
	}
	return nil
}

// againstPublished compares the programme's practices with the published average: Student's t with one less degree of
// freedom than there are practices, or units where some stand in a pool, and the average taken as fixed. What is of one
// practice is made of what its own report shows, to one decimal: from its exact mean a fixed number would only be taken away.
func (m *measured) againstPublished(r *Report, factor string, change disclosure.Change) (c ReportComparison, exact Theme) {
	from, there := r.Published.At(factor, r.First)
	to, here := r.Published.At(factor, r.Round)
	if !there || !here {
		return c, exact
	}
	moved := to.Mean - from.Mean
	c.ReportGroup = ReportGroup{Practices: to.Practices, Start: shown(known(from.Mean)), Change: shown(known(moved))}
	if change.Programme.Hidden != 0 {
		return c, exact
	}
	_, own := m.group(change, change.Programme)
	start, d := against(own.start, from.Mean), against(own.change, moved)
	risen := known(own.change.mean)
	if change.Programme.Sites() == 1 {
		risen = known(change.Programme.Change)
		start, d = only(change.Programme.Start-from.Mean), only(change.Programme.Change-moved)
	}
	c.Sentence, c.From = Sentence(risen, known(moved), d, r.Margin), From(start)
	c.StartDifference, c.Difference = shownDifference(start), shownDifference(d)
	if change.Programme.Sites() == 1 {
		c.StartDifference, c.Difference = toOneDecimal(c.StartDifference), toOneDecimal(c.Difference)
	} else {
		m.otherwisePublished(r, &c, change, from.Mean, to.Mean)
	}
	exact.Programme.Change, exact.StartDifference, exact.DifferenceOfChanges, exact.Sentence = risen, start, d, c.Sentence+", "+c.From
	return c, exact
}

// otherwisePublished adds what needs the respondents, of the programme's practices that stand alone in both rounds.
func (m *measured) otherwisePublished(r *Report, c *ReportComparison, change disclosure.Change, from, to float64) {
	alone := both(r.alone(change.From, change.Factor), r.alone(change.To, change.Factor))
	for _, site := range m.survey.Sites {
		alone[site.ID] = alone[site.ID] && site.Group == disclosure.Programme
	}
	data := new(Data)
	m.score(data, m.roundAt(change.From), 1, change.Factor, alone)
	m.score(data, m.roundAt(change.To), 2, change.Factor, alone)
	programme, _ := data.Practices()
	if programme < 2 {
		return // one practice has no standard error to show
	}
	fixed := NewAverage(r.Published.Name, 0, []AverageMean{{Round: 1, Theme: change.Factor, Mean: from}, {Round: 2, Theme: change.Factor, Mean: to}})
	results, err := data.Compare(Options{Average: fixed})
	if err != nil || len(results.Themes) != 1 {
		return // a round without scores has no difference
	}
	c.Alone, c.RespondentsWeighted = programme, shownDifference(results.Themes[0].RespondentsWeighted)
	if census := results.Themes[0].Census; census != nil {
		c.Census = shownDifference(*census)
	}
}

// against compares a group with a fixed number.
func against(e estimate, fixed float64) Difference {
	return byT(e.mean-fixed, e.variance/float64(max(e.practices, 1)), float64(e.df), dustOf(top))
}

func toOneDecimal(d ReportDifference) ReportDifference {
	rounded := math.Round(*d.Estimate*10) / 10
	return ReportDifference{Estimate: &rounded}
}

// publishedRows returns the means of the published average in the rounds that are shown, a row for each factor.
func (r *Report) publishedRows(round string) (rows [][]string) {
	if r.Published == nil {
		return nil
	}
	for _, m := range r.Published.Means {
		if m.Round == surveys.WaveID(round) {
			practices := ""
			if m.Practices > 0 {
				practices = fmt.Sprint(m.Practices)
			}
			rows = append(rows, []string{round, r.Published.Name, "published average", m.Factor, practices, exactly(m.Mean), ""})
		}
	}
	return rows
}
