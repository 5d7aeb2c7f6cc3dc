package report

import (
	"fmt"
	"strings"

	"wellwave/surveys"
	"wellwave/surveys/climate"
	"wellwave/surveys/monitor"
)

// What the programme's practices are compared with: the other practices of the study, a published average, or both.

// published names the published average where it heads rows, and is empty without one.
func (b *findings) published() string {
	if b.report.Published == nil {
		return ""
	}
	return "“" + b.report.Published.Name + "”"
}

// hollow is what the hollow dots of charts are called.
func (b *findings) hollow() string {
	if name := b.published(); name != "" {
		return name
	}
	return "All others"
}

// hollowMean is where the hollow dot of a factor stands in a round: the mean of the published average, or of the others.
func hollowMean(r *climate.Report, t climate.ReportTheme, round surveys.WaveID) *float64 {
	if r.Published == nil {
		return t.In(round).Others
	}
	if m, ok := r.Published.At(t.ID, round); ok {
		return &m.Mean
	}
	return nil
}

// uncompared says why nothing is compared, or not in any factor.
func (b *findings) uncompared(from string) (headline string, says []string) {
	enough := "In no factor do enough of them stand in “" + from + "” and in this round."
	switch {
	case b.report.Published != nil:
		return "The programme’s practices cannot be compared with " + b.published() + ".", []string{enough}
	case !b.report.HasOthers():
		return "The programme’s practices have nothing to be compared with.", []string{
			"Every practice of this study takes part in the programme, so that there are no others, and no published average is loaded for this round."}
	}
	return "The programme’s practices cannot be compared with the others.", []string{
		"In no factor do enough practices of both groups stand in “" + from + "” and in this round."}
}

// compared says with what the programme's practices are compared, and what comes out beside the other practices where the
// headline is of a published average.
func (b *findings) compared(from string) []string {
	between := fmt.Sprintf("from “%s” to “%s”", from, b.wave(b.report.Round))
	if b.report.Published == nil {
		return []string{fmt.Sprintf("The programme’s practices are compared with %s of the study, %s, practices weighing alike.", b.report.Against, between)}
	}
	says := []string{fmt.Sprintf("The programme’s practices, each weighing alike, are compared with %s, %s.", b.report.Published.Called(), between)}
	if !b.report.HasOthers() {
		return says
	}
	rose, intervals := b.report.OthersFinding()
	if rose == "" {
		return append(says, "With "+b.report.Against+" of the study they cannot be compared.")
	}
	if intervals != "" {
		rose += " " + intervals
	}
	return append(says, "Beside "+b.report.Against+" of the study, practices weighing alike: "+strings.Replace(rose, "The", "the", 1))
}

// comparisons returns the rows of a factor below the programme's own: those of what it is compared with, and the differences.
func (b *findings) comparisons(t climate.ReportTheme) (rows []monitor.TableRow) {
	row := func(strong bool, cells ...string) {
		rows = append(rows, monitor.TableRow{Cells: cells, Strong: strong})
	}
	if t.Published != nil {
		p := *t.Published
		decimals := climate.Decimals(t.Programme.Practices)
		row(false, b.published(), count(p.Practices), plainly(p.Start, 2), signed(p.Change, 2), none)
		row(true, "Difference from it", "", signed(p.StartDifference.Estimate, decimals), signed(p.Difference.Estimate, decimals), interval(p.Difference.Low, p.Difference.High))
		if !b.report.HasOthers() {
			return rows
		}
	}
	o := t.Others
	row(false, "All others", count(o.Practices), plainly(o.Start, climate.Decimals(o.Practices)), signed(o.Change, climate.Decimals(o.Practices)), interval(o.Low, o.High))
	name := "Difference"
	if t.Published != nil {
		name = "Difference from them"
	}
	row(t.Published == nil, name, "", signed(t.StartDifference.Estimate, 2), signed(t.Difference.Estimate, differenceDecimals(t)), interval(t.Difference.Low, t.Difference.High))
	return rows
}

// otherwisePublished is the difference from the published average as it is seen in other ways.
func (b *findings) otherwisePublished() (FindingsPart, bool) {
	var rows []monitor.TableRow
	alone := false
	for _, t := range b.report.Themes {
		if t.Published == nil {
			continue
		}
		p := t.Published
		alone = alone || p.Alone > 0
		rows = append(rows, monitor.TableRow{Cells: []string{t.Title, withInterval(p.Difference), withInterval(p.RespondentsWeighted), withInterval(p.Census)}})
	}
	if !alone {
		return FindingsPart{}, false
	}
	few, _ := rangeOf(b.report.Themes, func(t climate.ReportTheme) int { return t.Compared().Alone })
	return FindingsPart{ID: "otherwise-published", Title: "The difference from " + b.published() + ", seen otherwise",
		Tables: []monitor.Table{{Caption: "Difference of changes with its 95% interval, programme minus " + b.report.Published.Called(),
			Heads: []string{"Factor", "Practices alike", "Respondents alike", "These practices and their staff"}, Words: 1, Rows: rows}},
		Notes: []string{"Respondents alike: large practices count for more than small ones; the interval allows for staff of one practice resembling each other (CR2 by practice). These practices and their staff: " +
			"taken for all there are. Both are of the " + few + " practices of the programme that stand alone in both rounds."}}, true
}

// publishedNotes is the small print about a published average.
func (b *findings) publishedNotes() []string {
	if b.report.Published == nil {
		return nil
	}
	return []string{"The difference from " + b.published() + " is judged by Student’s t of the programme’s practices, with one degree of freedom less than there are practices or pools of them. " +
		"The average is taken as fixed: that it was measured too is not in the interval."}
}
