package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"wellwave/surveys"
	"wellwave/surveys/climate"
	"wellwave/surveys/disclosure"
	"wellwave/surveys/monitor"
)

// Findings is the programme's report of a staff round, in the words and tables that page and PDF share. Nothing in it is
// measured here: its numbers are those of a kept [climate.Report], and only names come from the study.
type Findings struct {
	Round   string // its title
	Finding string // the headline, a sentence
	Says    []string
	Parts   []FindingsPart
}

// FindingsPart is a part of the report.
type FindingsPart struct {
	ID, Title string
	Says      []string
	Chart     func(Size) *Chart // nil for none; the tables have the same numbers
	Tables    []monitor.Table
	Folded    string   // what the tables are called where a page shows them on request; empty where they are always shown
	Notes     []string // small print
}

// NewFindings puts a report into words. The study gives the titles of rounds and practices.
func NewFindings(study *surveys.Study, r *climate.Report) *Findings {
	b := findings{study: study, report: r, compares: r.HasProgramme()}
	f := &Findings{Round: b.wave(r.Round)}
	f.Finding, f.Says = b.finding()
	b.add(b.changes)
	b.add(b.otherwisePublished)
	b.add(b.otherwise)
	b.add(b.trend)
	b.add(b.agreement)
	b.add(b.rows)
	b.add(b.response)
	b.add(b.limits)
	b.add(b.rules)
	f.Parts = b.parts
	return f
}

// findings puts the parts together.
type findings struct {
	study    *surveys.Study
	report   *climate.Report
	compares bool // a programme with the others
	parts    []FindingsPart
}

// add adds a part unless there is nothing for it to say.
func (b *findings) add(part func() (FindingsPart, bool)) {
	if p, ok := part(); ok {
		b.parts = append(b.parts, p)
	}
}

func (b *findings) wave(id surveys.WaveID) string {
	if w, ok := b.study.Wave(id); ok {
		return w.Title
	}
	return string(id)
}

// unit names a site, or the sites of a pool.
func (b *findings) unit(sites []string) string {
	titles := make([]string, len(sites))
	for i, site := range sites {
		titles[i] = b.study.SiteTitle(surveys.SiteID(site))
	}
	if len(titles) == 1 {
		return titles[0]
	}
	return "Together: " + strings.Join(titles, "; ")
}

// group is what a group of practices is called where it heads rows.
func (b *findings) group(g disclosure.Group) string {
	switch {
	case !b.compares:
		return ""
	case g == disclosure.Programme:
		return "The programme’s practices"
	}
	return "All other practices"
}

// finding returns the headline and what stands below it.
func (b *findings) finding() (headline string, says []string) {
	rose, intervals := b.report.Finding()
	from := ""
	if b.report.First != "" {
		from = b.wave(b.report.First)
	}
	switch {
	case len(b.report.Themes) == 0:
		return "This round asked for no factor that is reported.", []string{"Factors are means of statements that are answered from 1 to 7."}
	case b.report.Empty():
		says = []string{"How many answered stands below, in bands."}
		if from != "" {
			says = append(says, "What was shown of earlier rounds stays as it was.")
		}
		return "Too few answered for anything to be shown of this round.", says
	case !b.compares:
		return "How the practices answered.", []string{"No practices of this study take part in a programme, so none are compared."}
	case b.report.First == "":
		return "This is where the practices start.", []string{"There is nothing to compare it with before the next round."}
	case rose == "":
		return b.uncompared(from)
	case intervals != "":
		says = append(says, intervals)
	}
	return rose, append(says, b.compared(from)...)
}

// changes are the start and the change of each factor, or in a first round the start alone.
func (b *findings) changes() (FindingsPart, bool) {
	if !b.compares || b.report.Empty() {
		return FindingsPart{}, false
	}
	if b.report.First == "" {
		return b.starts(), true
	}
	p := FindingsPart{ID: "changes", Title: "What changed"}
	p.Chart = func(size Size) *Chart { return Changes(b.report, b.captions(), size) }
	t := monitor.Table{Caption: b.captions().subtitle(), Heads: []string{"Practices", "How many", "Start", "Change", "95% interval of the change"}, Words: 1}
	for _, theme := range b.report.Themes {
		group := theme.Title + ": " + says(theme)
		if theme.Compared().Sentence == "" {
			group += ", " + b.hidden(theme.ID)
		}
		g := theme.Programme
		rows := []monitor.TableRow{{Cells: []string{"The programme’s", count(g.Practices), plainly(g.Start, climate.Decimals(g.Practices)), signed(g.Change, climate.Decimals(g.Practices)), interval(g.Low, g.High)}}}
		for _, row := range append(rows, b.comparisons(theme)...) {
			row.Group = group
			t.Rows = append(t.Rows, row)
		}
	}
	p.Tables = []monitor.Table{t}
	p.Notes = []string{"Scores run from 1 to 7. A start is the mean of the practices’ means in the first of the two rounds, a change the mean of their changes, and only practices that stand in both " +
		"rounds count. Differences are the programme’s minus the others’. Intervals are Student’s t, that of a difference Welch’s; one that includes 0 does not exclude chance."}
	p.Notes = append(p.Notes, b.publishedNotes()...)
	if m := b.report.Margin; m != nil {
		p.Notes = append(p.Notes, fmt.Sprintf("“Almost as much” means less by no more than %s even at the low end of the interval. The study fixed this margin before the round.", trim(*m)))
	}
	return p, true
}

// hidden says why a factor is not compared.
func (b *findings) hidden(factor string) string {
	for _, c := range b.report.Shown.Changes {
		if c.Factor == factor && c.From == string(b.report.First) && c.To == string(b.report.Round) {
			if b.report.Published != nil {
				return cmp.Or(c.Programme.Hidden.String(), "the published average does not have it in both rounds")
			}
			return cmp.Or(c.Hidden.String(), disclosure.NotBoth.String())
		}
	}
	return "the first round did not have it, or nothing of it is shown"
}

// starts are the means of a first round.
func (b *findings) starts() FindingsPart {
	p := FindingsPart{ID: "starts", Title: "Where the practices start"}
	p.Chart = func(size Size) *Chart { return Starts(b.report, b.captions(), size) }
	t := monitor.Table{Caption: b.captions().subtitle(), Heads: []string{"Factor", "The programme’s"}, Words: 1}
	others := b.report.HasOthers() || b.report.Published == nil
	if b.report.Published != nil {
		t.Heads = append(t.Heads, b.published())
	}
	if others {
		t.Heads = append(t.Heads, "All others")
	}
	for _, theme := range b.report.Themes {
		at := theme.In(b.report.Round)
		ours, theirs := b.decimals(theme.ID, b.report.Round)
		cells := []string{theme.Title, plainly(at.Programme, ours)}
		if b.report.Published != nil {
			cells = append(cells, plainly(hollowMean(b.report, theme, b.report.Round), 2))
		}
		if others {
			cells = append(cells, plainly(at.Others, theirs))
		}
		t.Rows = append(t.Rows, monitor.TableRow{Cells: cells})
	}
	p.Tables = []monitor.Table{t}
	p.Notes = []string{"Means of the practices’ means, from 1 to 7, practices weighing alike."}
	return p
}

// decimals returns with how many decimals the two groups' means of a factor in a round are shown.
func (b *findings) decimals(factor string, round surveys.WaveID) (programme, others int) {
	for _, r := range b.report.Shown.Rounds {
		for _, f := range r.Factors {
			if r.ID == string(round) && f.Code == factor {
				return climate.Decimals(f.Programme.Sites()), climate.Decimals(f.Others.Sites())
			}
		}
	}
	return 2, 2
}

func differenceDecimals(t climate.ReportTheme) int {
	return min(climate.Decimals(t.Programme.Practices), climate.Decimals(t.Others.Practices))
}

// otherwise is the difference as it is seen in other ways.
func (b *findings) otherwise() (FindingsPart, bool) {
	known := func(t climate.ReportTheme) bool {
		return t.RespondentsWeighted.Estimate != nil || t.Census.Estimate != nil || t.AdjustedForStart.Estimate != nil
	}
	if !b.compares || !slices.ContainsFunc(b.report.Themes, known) {
		return FindingsPart{}, false
	}
	p := FindingsPart{ID: "otherwise", Title: "The same difference, seen otherwise"}
	if b.report.Published != nil {
		p.Title = "The difference from the other practices, seen otherwise"
	}
	t := monitor.Table{Caption: "Difference of changes with its 95% interval, programme minus " + b.report.Against,
		Heads: []string{"Factor", "Practices alike", "Respondents alike", "These practices and their staff", "At the same start"}, Words: 1}
	agree, of := 0, 0
	for _, theme := range b.report.Themes {
		ways := []climate.ReportDifference{theme.Difference, theme.RespondentsWeighted, theme.Census, theme.AdjustedForStart}
		cells := []string{theme.Title}
		for _, way := range ways {
			cells = append(cells, withInterval(way))
		}
		t.Rows = append(t.Rows, monitor.TableRow{Cells: cells})
		if theme.Difference.Estimate == nil {
			continue
		}
		of++
		if sameSide(ways) {
			agree++
		}
	}
	p.Tables = []monitor.Table{t}
	if of > 0 {
		p.Says = append(p.Says, fmt.Sprintf("In %s of %d factors every way of looking that could be worked out puts the difference on the same side of 0.", fewOf(agree), of))
	}
	p.Notes = []string{
		"Respondents alike: large practices count for more than small ones; the interval allows for staff of one practice resembling each other (CR2 by practice).",
		"These practices and their staff: taken for all there are, so that only what those who did not answer would have said is unsure.",
		"At the same start: who starts low has more room to rise, so practices are compared as if they had started alike.",
	}
	const single = "what needs single answers may not be made of practices in a pool. At the same start, a pool counts as one practice."
	if few, many := rangeOf(b.report.Themes, func(t climate.ReportTheme) int { return t.Alone }); many > 0 {
		p.Notes = append(p.Notes, "Respondents alike, and these practices and their staff, are of the "+few+" practices that stand alone in both rounds: "+single)
	} else {
		p.Notes = append(p.Notes, "Two of the four are not shown, because in one of the groups fewer than two practices stand alone in both rounds, and "+single)
	}
	return p, true
}

// rangeOf writes a count of practices that may differ between factors, and returns the greatest.
func rangeOf(themes []climate.ReportTheme, count func(climate.ReportTheme) int) (text string, most int) {
	least := 0
	for i, t := range themes {
		n := count(t)
		if i == 0 || n < least {
			least = n
		}
		most = max(most, n)
	}
	if least == most {
		return fmt.Sprint(most), most
	}
	return fmt.Sprintf("%d to %d", least, most), most
}

// sameSide reports whether all that are known are above 0, or all below it.
func sameSide(ways []climate.ReportDifference) bool {
	side := 0
	for _, way := range ways {
		if way.Estimate == nil {
			continue
		}
		here := cmp.Compare(*way.Estimate, 0)
		if here == 0 || side != 0 && here != side {
			return false
		}
		side = here
	}
	return side != 0
}

// trend is the mean of each factor in every round.
func (b *findings) trend() (FindingsPart, bool) {
	if len(b.report.Shown.Rounds) < 2 && b.compares || !slices.ContainsFunc(b.report.Themes, func(t climate.ReportTheme) bool { return len(t.Trend) > 0 }) {
		return FindingsPart{}, false
	}
	p := FindingsPart{ID: "trend", Title: "Over all rounds"}
	t := monitor.Table{Caption: "Mean of the practices’ means in each round", Heads: []string{"Factor"}, Words: 1}
	if b.compares {
		t.Heads[0] = "Practices"
		t.Caption += ": programme and " + b.captions().against
	}
	for _, round := range b.report.Shown.Rounds {
		t.Heads = append(t.Heads, b.wave(surveys.WaveID(round.ID)))
	}
	for _, theme := range b.report.Themes {
		programme, others, published := []string{"The programme’s"}, []string{"All others"}, []string{b.published()}
		for _, round := range b.report.Shown.Rounds {
			p, o := b.decimals(theme.ID, surveys.WaveID(round.ID))
			at := theme.In(surveys.WaveID(round.ID))
			programme, others = append(programme, plainly(at.Programme, p)), append(others, plainly(at.Others, o))
			published = append(published, plainly(hollowMean(b.report, theme, surveys.WaveID(round.ID)), 2))
		}
		if !b.compares {
			others[0] = theme.Title
			t.Rows = append(t.Rows, monitor.TableRow{Cells: others})
			continue
		}
		t.Rows = append(t.Rows, monitor.TableRow{Group: theme.Title, Cells: programme})
		if b.report.Published != nil {
			t.Rows = append(t.Rows, monitor.TableRow{Group: theme.Title, Cells: published})
		}
		if b.report.HasOthers() || b.report.Published == nil {
			t.Rows = append(t.Rows, monitor.TableRow{Group: theme.Title, Cells: others})
		}
	}
	p.Tables = []monitor.Table{t}
	p.Notes = []string{"Each round has all practices that are shown in it, so that the last mean minus the first is not quite the change, which is of practices in both rounds."}
	if len(b.report.Shown.Rounds) > 1 {
		p.Chart = func(size Size) *Chart { return Trend(b.report, b.captions(), size) }
	}
	return p, true
}
