package monitor

import (
	"fmt"
	"math"
	"strings"
	"unicode"
	"unicode/utf8"

	"wellwave/scoring"
	"wellwave/surveys"
)

// The strings of this package are the only ones in which the monitor's numbers reach people, so that the page, the PDF and
// the command line say the same: here are sentences and single numbers, in tables.go tables, and in sections.go what heads
// them. Minus is U+2212, intervals are written with "to" because a dash beside a minus misleads.

// What is said of the numbers as a whole.
const (
	ForTheTeam = "Every count is exact, site by site, and for the study team."
	NoWaves    = "This study has no wave that participants answer."
	RatesKey   = "I complete, P partial, R refusal and break-off, NC non-contact, O other eligible, U eligibility unknown."
	nobodyDue  = "Nobody’s answer is due yet"
)

// Titles of the ways of counting and of the rates. DueSoFarTitle is of those alone whose window has opened.
const (
	ClosedTitle    = "People whose window has closed"
	DueSoFarTitle  = "Due so far, pending counted as not contacted"
	RetentionTitle = "Retention: complete or partial, of everybody enrolled who is due"
	ResponseTitle  = "Response rate RR1: complete, of everybody eligible or possibly eligible who is due"
)

// nothing stands where there is no number.
const nothing = "–"

// decimal formats x with the given number of decimals and a true minus sign, and never as minus nought.
func decimal(x float64, decimals int) string {
	s := surveys.FixedNumber(x, decimals)
	if strings.HasPrefix(s, "-") {
		if strings.Trim(s, "-0.") == "" {
			return s[1:]
		}
		return "−" + s[1:]
	}
	return s
}

// FormatPercent returns a fraction as a percentage with one decimal.
func FormatPercent(fraction float64) string { return decimal(100*fraction, 1) + "%" }

func formatInterval(i scoring.Interval, unit string) string {
	return decimal(100*i.Low, 1) + " to " + decimal(100*i.High, 1) + unit
}

// Percent returns the share, such as 74.3%.
func (s Share) Percent() string {
	if !s.Known() {
		return nothing
	}
	return FormatPercent(s.Value)
}

// Fraction returns the two counts, such as 214 of 288.
func (s Share) Fraction() string { return fmt.Sprintf("%d of %d", s.Count, s.Of) }

// IndependentText returns the interval with people taken as independent, such as 69.0 to 79.0%.
func (s Share) IndependentText() string {
	if !s.Known() {
		return nothing
	}
	return formatInterval(s.Independent, "%")
}

// EffectiveText returns the interval with the effective number of people.
func (s Share) EffectiveText() string {
	if !s.Known() {
		return nothing
	}
	return formatInterval(s.Effective, "%")
}

// EffectiveNumber returns the effective number of people, as a whole one.
func (s Share) EffectiveNumber() string {
	if !s.Known() {
		return nothing
	}
	return decimal(s.EffectiveOf, 0)
}

// Points returns the difference in percentage points, such as −17.4 points.
func (g Gap) Points() string {
	if !g.Known {
		return nothing
	}
	return decimal(100*g.Value, 1) + " points"
}

// IndependentText returns the interval with people taken as independent, such as −23.0 to −12.1.
func (g Gap) IndependentText() string {
	if !g.Known {
		return nothing
	}
	return formatInterval(g.Independent, "")
}

// EffectiveText returns the interval with the effective numbers of people.
func (g Gap) EffectiveText() string {
	if !g.Known {
		return nothing
	}
	return formatInterval(g.Effective, "")
}

// Note says how wide the difference's interval is, in small print beside it.
func (g Gap) Note() string { return "95% interval " + g.EffectiveText() + " with effective numbers" }

// Note says of whom the row's retention is, in small print beside it.
func (r Row) Note() string { return "retained: " + r.Retention.Fraction() }

// Percent returns the rate, such as 74.3%.
func (r Rate) Percent() string {
	if !r.Known {
		return nothing
	}
	return FormatPercent(r.Value)
}

// Minus returns the difference from other in percentage points, such as −17.4 points.
func (r Rate) Minus(other Rate) string {
	return Gap{Value: r.Value - other.Value, Known: r.Known && other.Known}.Points()
}

// EText returns e with three decimals.
func (r Rates) EText() string { return decimal(r.E, 3) }

// Title returns the difference's name, such as "Intervention minus comparison".
func (g ArmGap) Title() string { return g.First + " minus " + inSentence(g.Second) }

// Finding returns what the edition says in a line, each arm by itself.
func (e Edition) Finding() string {
	parts := make([]string, 0, len(e.Arms)+1)
	for _, arm := range e.Arms {
		if arm.Retention.Known() {
			parts = append(parts, fmt.Sprintf("%s %s", arm.Title, arm.Retention.Percent()))
		}
	}
	if len(parts) == 0 {
		return nobodyDue
	}
	finding := "Retention: " + strings.Join(parts, ", ")
	for _, gap := range e.Gaps {
		if gap.Retention.Known {
			finding += " (" + gap.Retention.Points() + ")"
		}
	}
	return finding
}

// Text says which intracluster correlation the effective numbers stand on.
func (i ResponseICC) Text() string {
	if !i.Known {
		return fmt.Sprintf("The effective numbers take the planned intracluster correlation of %s; the sites say nothing about it yet.", decimal(i.Used, 3))
	}
	return fmt.Sprintf("The effective numbers take an intracluster correlation of response of %s, the larger of the planned %s and the observed %s.",
		decimal(i.Used, 3), decimal(i.Planned, 3), decimal(i.Observed, 3))
}

// Headline returns the finding of the response curve, such as "775 of 770 questionnaires are complete at nine months".
func (c Curve) Headline() string {
	at := " at " + inSentence(c.Wave)
	switch {
	case c.Needed > 0:
		return fmt.Sprintf("%d of %d questionnaires are complete%s", c.Complete, c.Needed, at)
	case c.Complete == 0:
		return "No questionnaire is complete yet" + at
	case c.Complete == 1:
		return "1 questionnaire is complete" + at
	default:
		return fmt.Sprintf("%d questionnaires are complete%s", c.Complete, at)
	}
}

// Subtitle returns the same for each arm, because a pooled number never stands alone.
func (c Curve) Subtitle() string {
	parts := make([]string, len(c.Arms))
	for i, arm := range c.Arms {
		parts[i] = fmt.Sprintf("%s %d", arm.Title, arm.Complete)
		if arm.Needed > 0 {
			parts[i] = fmt.Sprintf("%s %d of %d", arm.Title, arm.Complete, arm.Needed)
		}
	}
	return strings.Join(parts, "; ")
}

// DifferenceText returns the difference that the target is after, in standard deviations or the units of its scale.
func DifferenceText(t surveys.Target) string { return inUnits(t, t.Delta) }

func inUnits(t surveys.Target, difference float64) string {
	if t.SD == 1 {
		return decimal(difference, 2) + " SD"
	}
	return fmt.Sprintf("%s points (%s SD)", significant(difference), decimal(difference/t.SD, 2))
}

// TargetText says what a target is after.
func TargetText(t surveys.Target) string {
	return fmt.Sprintf("%s: %s", t.Title, finding(t, FormatPower(t.Power)))
}

func finding(t surveys.Target, power string) string {
	return fmt.Sprintf("a difference of %s with power %s", DifferenceText(t), power)
}

// significant formats x with three significant digits, so that scales from 0–1 to 0–100 both read well.
func significant(x float64) string {
	if x == 0 {
		return "0"
	}
	return decimal(x, max(0, 2-int(math.Floor(math.Log10(math.Abs(x))))))
}

// FormatPower returns a power with three decimals.
func FormatPower(p float64) string { return decimal(p, 3) }

// Heading names the target.
func (p TargetProgress) Heading() string {
	if p.Target.Title == "" {
		return "Target"
	}
	return "Target: " + p.Target.Title
}

// Note says what power is wanted, in small print beside the power now.
func (p TargetProgress) Note() string {
	return FormatPower(p.Target.Power) + " wanted, for " + DifferenceText(p.Target)
}

// PowerText returns the power now, such as 0.919.
func (p TargetProgress) PowerText() string {
	if p.Outcome == TargetUnknown {
		return nothing
	}
	return FormatPower(p.Power)
}

// DetectableText returns the smallest difference that is found with the wanted power.
func (p TargetProgress) DetectableText() string {
	if p.Detectable == 0 {
		return nothing
	}
	return inUnits(p.Target, p.Detectable)
}

// Verdict says where the target stands, in a sentence or two.
func (p TargetProgress) Verdict() string {
	wanted := FormatPower(p.Target.Power)
	switch p.Outcome {
	case TargetMet:
		return fmt.Sprintf("Met: the completes so far find %s; %s was wanted.", finding(p.Target, p.PowerText()), wanted) + p.shortArms()
	case TargetShort:
		return fmt.Sprintf("Not met yet: power is %s and %s is wanted. About %d completes in all, in the present proportions of the arms, would do.",
			p.PowerText(), wanted, p.Needed)
	case TargetPeopleShort:
		return fmt.Sprintf("Cannot be met with the people still able to answer: if every one of them completes, power reaches %s and %s is wanted.",
			FormatPower(p.Best), wanted)
	case TargetSitesShort:
		return fmt.Sprintf("Cannot be met with these sites: however many people answer, power stays below %s and %s is wanted. %s",
			FormatPower(p.Limit.Power), wanted, p.sitesNeeded())
	default:
		if len(p.Target.Arms) != 2 {
			return "Power is worked out for a comparison of two arms, which this target is not."
		}
		return "Power cannot be worked out yet: completes are needed from both arms, and from three sites in all."
	}
}

// shortArms names the arms that have fewer completes than planned, which a power that is met would hide.
func (p TargetProgress) shortArms() string {
	s := ""
	for _, arm := range p.Arms {
		if short := arm.Wanted - arm.Complete; short > 0 {
			s += fmt.Sprintf(" %s has %d fewer than planned.", arm.Title, short)
		}
	}
	return s
}

func (p TargetProgress) sitesNeeded() string {
	s := fmt.Sprintf("At least %d and %d sites are needed", p.Limit.ClustersAtLeast[0], p.Limit.ClustersAtLeast[1])
	if p.Limit.Clusters[0] > 0 {
		s += fmt.Sprintf(", and %d and %d with as many people in each as planned", p.Limit.Clusters[0], p.Limit.Clusters[1])
	}
	return s + "."
}

// PowerNow names the power of the completes so far.
const PowerNow = "Power now"

// Fact is a named number for people.
type Fact struct{ Name, Value string }

// PlanOf returns what was planned.
func PlanOf(t surveys.Target) []Fact {
	return []Fact{
		{"Smallest difference worth finding", DifferenceText(t)},
		{"Power wanted", FormatPower(t.Power)},
		{"Alpha, two-sided", surveys.FormatNumber(t.Alpha)},
		{"Planned intracluster correlation", surveys.FormatNumber(t.ICC)},
		{"Planned correlation with baseline", surveys.FormatNumber(t.Correlation)},
	}
}

// Facts returns where the target stands now.
func (p TargetProgress) Facts() []Fact {
	facts := []Fact{
		{PowerNow, p.PowerText()},
		{"Smallest difference found with the power wanted", p.DetectableText()},
	}
	if p.Best > 0 {
		facts = append(facts, Fact{"Power if everybody still able to answer completes", FormatPower(p.Best)})
	}
	if p.Limit.Power > 0 {
		facts = append(facts, Fact{"Upper limit of power with the planned sites", FormatPower(p.Limit.Power)})
	}
	return facts
}

// CVText returns the coefficient of variation of the sites' completes.
func (a ArmProgress) CVText() string { return decimal(a.CV, 3) }

// DesignEffectText returns the design effect.
func (a ArmProgress) DesignEffectText() string {
	if a.Sites == 0 {
		return nothing
	}
	return decimal(a.DesignEffect, 2)
}

// inSentence returns a title with a small first letter, unless the word starts with an abbreviation.
func inSentence(title string) string {
	first, size := utf8.DecodeRuneInString(title)
	second, _ := utf8.DecodeRuneInString(title[size:])
	if size == 0 || unicode.IsUpper(second) || unicode.IsDigit(second) {
		return title
	}
	return string(unicode.ToLower(first)) + title[size:]
}
