package report

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"wellwave/scoring/decimal"
	"wellwave/surveys/climate"
	"wellwave/surveys/disclosure"
	"wellwave/surveys/monitor"
)

// manyAtTop is the share of respondents with the highest score from which a scale is said to have a ceiling.
//
// Source: McHorney CA, Tarlov AR. Qual Life Res 1995;4:293–307.
const manyAtTop = 0.15

// agreement says whether it is right to average within practices.
func (b *findings) agreement() (FindingsPart, bool) {
	known := func(t climate.ReportTheme) bool { return t.Agreement != climate.ReportAgreement{} }
	if !slices.ContainsFunc(b.report.Themes, known) {
		return FindingsPart{}, false
	}
	p := FindingsPart{ID: "agreement", Title: "Is it right to average within practices?"}
	t := monitor.Table{Caption: "Agreement within practices in “" + b.wave(b.report.Round) + "”",
		Heads: []string{"Factor", "ICC(1)", "95% interval", "ICC(2)", "Median r_wg(j)", "At 0.70 or above", "Alpha", "Highest score"}, Words: 1}
	right := 0
	var ceiling []string
	for _, theme := range b.report.Themes {
		a := theme.Agreement
		t.Rows = append(t.Rows, monitor.TableRow{Cells: []string{theme.Title, plainly(a.ICC1, 2), plainInterval(a.ICC1Low, a.ICC1High), plainly(a.ICC2, 2),
			plainly(a.MedianAgree, 2), percent(a.ShareAgreed), plainly(a.Alpha, 2), percent(a.AtTop)}})
		if a.ICC1Low != nil && *a.ICC1Low > 0 && a.MedianAgree != nil && *a.MedianAgree >= climate.WellAgreed {
			right++
		}
		if a.AtTop != nil && *a.AtTop >= manyAtTop {
			ceiling = append(ceiling, theme.Title+" ("+percent(a.AtTop)+")")
		}
	}
	p.Tables = []monitor.Table{t}
	p.Says = []string{fmt.Sprintf("In %s of %d factors practices differ by more than chance and their staff agree with one another, so that a practice’s mean stands for the practice.",
		fewOf(right), len(b.report.Themes))}
	if ceiling != nil {
		p.Says = append(p.Says, "Many respondents have the highest score there is in "+strings.Join(ceiling, ", ")+", so that it can hardly rise there.")
	}
	few, _ := rangeOf(b.report.Themes, func(t climate.ReportTheme) int { return t.Agreement.Practices })
	p.Notes = []string{
		"Of the " + few + " practices that stand alone in this round.",
		"ICC(1) is the share of what respondents differ by that lies between practices: practices differ by more than chance where its interval lies above 0. ICC(2) is how reliable a practice’s mean is; " +
			"from about 0.70 single practices can be told apart by it, and below it the means of groups of practices still can.",
		"r_wg(j) is how far the staff of one practice agree, against answers spread evenly; 0.70 is commonly held to be enough. “At 0.70 or above” is the share of practices that reach it, " +
			"“highest score” the share of respondents with 7 in everything. Alpha is the consistency of a factor’s statements.",
	}
	return p, true
}

// rows are the sites and pools.
func (b *findings) rows() (FindingsPart, bool) {
	last := b.report.Last()
	if len(last.Factors) == 0 {
		return FindingsPart{}, false
	}
	p := FindingsPart{ID: "practices", Title: "Practice by practice", Folded: "The means of all practices"}
	t := monitor.Table{Caption: "Means of “" + b.wave(b.report.Round) + "” by practice", Heads: []string{"Practice"}, Words: 1}
	for _, f := range last.Factors {
		t.Heads = append(t.Heads, b.theme(f.Code))
	}
	pools, hidden := false, false
	for _, unit := range unitsOf(last) {
		cells := []string{b.unit(unit.sites)}
		for _, f := range last.Factors {
			cell := unit.in(f)
			pools = pools || len(unit.sites) > 1
			hidden = hidden || cell == disclosure.TooFew.String()
			cells = append(cells, cell)
		}
		t.Rows = append(t.Rows, monitor.TableRow{Group: b.group(unit.group), Cells: cells})
	}
	p.Tables = []monitor.Table{t}
	if pools {
		p.Notes = append(p.Notes, "Practices with too few answers stand together, with others beside them where that is needed, so that no single one can be worked out. “In a pool” points to that row.")
	}
	if hidden {
		p.Notes = append(p.Notes, "A practice with too few answers that could not be put together with others is in no figure of this report.")
	}
	p.Notes = append(p.Notes, "A practice’s mean has one decimal. Differences between neighbours are mostly chance, so the table is in the study’s order and is not a ranking.")
	return p, true
}

func (b *findings) theme(id string) string {
	for _, t := range b.report.Themes {
		if t.ID == id {
			return t.Title
		}
	}
	return id
}

// unitRow is a site, or sites that stand together in some factor.
type unitRow struct {
	group disclosure.Group
	sites []string
}

// unitsOf returns the programme's sites and pools and then the others', sites before pools, each once: a site may stand
// alone in one factor and in a pool in another.
func unitsOf(round disclosure.RoundShown) []unitRow {
	var units []unitRow
	seen := make(map[string]bool)
	for _, group := range []disclosure.Group{disclosure.Programme, disclosure.Others} {
		for _, pool := range []bool{false, true} {
			for _, f := range round.Factors {
				for _, row := range f.Rows {
					name := strings.Join(row.Sites, " ")
					if row.Group == group && len(row.Sites) > 1 == pool && !seen[name] {
						seen[name] = true
						units = append(units, unitRow{group, row.Sites})
					}
				}
			}
		}
	}
	return units
}

// in returns what stands of the unit in a factor.
func (u unitRow) in(f disclosure.FactorShown) string {
	for _, row := range f.Rows {
		switch {
		case slices.Equal(row.Sites, u.sites) && row.Hidden != 0:
			return row.Hidden.String()
		case slices.Equal(row.Sites, u.sites):
			return decimal.Fixed(row.Mean, climate.Decimals(len(row.Sites)))
		case len(u.sites) == 1 && slices.Contains(row.Sites, u.sites[0]):
			return "in a pool"
		}
	}
	return none
}

// response is how many answered, in bands.
func (b *findings) response() (FindingsPart, bool) {
	last := b.report.Last()
	if len(last.Practices) == 0 {
		return FindingsPart{}, false
	}
	all := last.Respondents
	p := FindingsPart{ID: "response", Title: "How many answered", Folded: "How many answered in each practice"}
	p.Says = []string{"In all, " + band(all.All) + " members of staff answered."}
	if b.compares && b.report.HasOthers() {
		p.Says[0] = fmt.Sprintf("In all, %s members of staff answered: %s in the programme’s practices and %s in the others.", band(all.All), band(all.Programme), band(all.Others))
	}
	if says := b.report.ApartSays(); says != "" {
		p.Says = append(p.Says, says)
	}
	t := monitor.Table{Caption: "Answers to “" + b.wave(b.report.Round) + "” by practice, in bands", Heads: []string{"Practice", "Answered"}, Words: 1}
	for _, group := range []disclosure.Group{disclosure.Programme, disclosure.Others} {
		for _, practice := range last.Practices {
			if practice.Group == group {
				t.Rows = append(t.Rows, monitor.TableRow{Group: b.group(group), Cells: []string{b.unit([]string{practice.Site}), band(practice.Response)}})
			}
		}
	}
	p.Tables = []monitor.Table{t}
	p.Notes = []string{fmt.Sprintf("Counts stand in bands; a response above %s of the staff is “most”.", percent(&last.Rules.MostAbove))}
	return p, true
}

// band says how many answered.
func band(b disclosure.Band) string {
	if b.Most {
		return "most"
	}
	return fmt.Sprintf("%d to %d", b.Low, b.High)
}

// limits are what the numbers cannot say.
func (b *findings) limits() (FindingsPart, bool) {
	p := FindingsPart{ID: "limits", Title: "What the numbers cannot say"}
	if b.compares {
		p.Says = append(p.Says, "Why the groups differ. The programme’s practices may differ from the others in more than the programme, and this report does not know what else happened in the meantime.")
	}
	p.Says = append(p.Says,
		"How anybody’s view changed. The survey is anonymous, so nobody is followed: the staff of a practice changes from round to round, and so does who answers.",
		"What those who did not answer would have said.")
	if n := len(b.report.Themes); n > 1 && b.compares && b.report.First != "" {
		p.Says = append(p.Says, fmt.Sprintf("Which single result to believe. %d factors are looked at, and of 20 intervals about one excludes 0 by chance alone.", n))
	}
	p.Says = append(p.Says, "How one small practice is doing. Its mean moves from year to year by chance alone; its own report says how far.")
	return p, true
}

// rules are the thresholds that the round went by.
func (b *findings) rules() (FindingsPart, bool) {
	r := b.report.Last().Rules
	p := FindingsPart{ID: "rules", Title: "What is shown, and how it was computed", Notes: []string{
		fmt.Sprintf("These thresholds were fixed when the round opened. A practice’s mean of a factor stands alone from %d answers and %s of its staff; below that it stands in a pool of at least %d practices. "+
			"An item’s answers need %d, and are shown in three groups to the nearest 10%%. Counts stand in bands of %d. Nothing is shown from which a hidden practice could be worked out, also not together with "+
			"what was shown of earlier rounds and with the practices’ own reports.", r.MeanFrom, percent(&r.MeanShare), r.PoolFrom, r.ItemFrom, r.Band),
		"A practice’s change is its mean in the last round minus that in the first. Difference of changes: Welch 1947, with one variance for both groups where the programme has two practices. A pool counts in means as the practices it has, and in variances as " +
			"their mean (Searle, Casella and McCulloch 1992). Respondents alike: least squares, with the bias-reduced sandwich of Bell and McCaffrey 2002 and Satterthwaite’s degrees of freedom. Finite population factor: Cochran 1977.",
		"ICC(1) and ICC(2): one-way analysis of variance (Shrout and Fleiss 1979); r_wg(j): James, Demaree and Wolf 1984; alpha: Cronbach 1951.",
	}}
	if pairs := b.pairs(); pairs != "" {
		p.Notes = append(p.Notes, pairs)
	}
	return p, true
}

// pairs says what tables of pairs of items there are, or why there are none; nothing in a round that has no pairs.
func (b *findings) pairs() string {
	p := b.report.Pairs
	if p == nil {
		return ""
	}
	needs := fmt.Sprintf("Tables of pairs of items, for work on the scale itself, are made of all practices with at least %d answers together, and need %d respondents in these. ", b.report.Last().Rules.ItemFrom, p.From)
	if p.Hidden != 0 {
		return needs + "In this round there are none, because fewer answered."
	}
	shown := p.Shown()
	has := fmt.Sprintf("The round’s page has all %d as a file", shown)
	switch {
	case shown == 0:
		return needs + "In this round none is shown, because each would tell something of a single practice."
	case shown < len(p.Tables):
		has = fmt.Sprintf("The round’s page has %d of %d as a file; the others would tell something of a single practice", shown, len(p.Tables))
	}
	return needs + has + fmt.Sprintf(". A cell is shown from %d respondents, to the nearest 5.", p.CellFrom)
}

// none stands where there is nothing to show.
const none = "–"

func count(n int) string {
	if n == 0 {
		return none
	}
	return strconv.Itoa(n)
}

// plainly writes a figure.
func plainly(x *float64, decimals int) string {
	if x == nil {
		return none
	}
	return minus(decimal.Fixed(*x, decimals))
}

// signed writes a change or a difference, with its sign.
func signed(x *float64, decimals int) string {
	text := plainly(x, decimals)
	if x == nil || strings.HasPrefix(text, "−") || strings.Trim(text, "0.") == "" {
		return text
	}
	return "+" + text
}

// minus writes a number with a true minus, and nought without one.
func minus(number string) string {
	rest, negative := strings.CutPrefix(number, "-")
	if negative && strings.Trim(rest, "0.") != "" {
		return "−" + rest
	}
	return rest
}

func interval(low, high *float64) string {
	if low == nil || high == nil {
		return none
	}
	return signed(low, 2) + " to " + signed(high, 2)
}

func plainInterval(low, high *float64) string {
	if low == nil || high == nil {
		return none
	}
	return plainly(low, 2) + " to " + plainly(high, 2)
}

func withInterval(d climate.ReportDifference) string {
	if d.Estimate == nil {
		return none
	}
	if d.Low == nil || d.High == nil {
		return signed(d.Estimate, 2)
	}
	return signed(d.Estimate, 2) + " (" + interval(d.Low, d.High) + ")"
}

func percent(x *float64) string {
	if x == nil {
		return none
	}
	return decimal.Fixed(100**x, 0) + "%"
}

// trim writes a number with the digits it has.
func trim(x float64) string { return decimal.Format(x) }

func fewOf(n int) string {
	if n == 0 {
		return "none"
	}
	return strconv.Itoa(n)
}
