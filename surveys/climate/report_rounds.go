package climate

import (
	"fmt"
	"slices"
	"strings"

	"wellwave/surveys"
	"wellwave/surveys/disclosure"
)

// Through returns the opened rounds up to one, as [NewReport] takes them for it. rounds stand in the order in which they were
// held. It fails with Conflict where the round is not opened, where an earlier one is not reported yet, and where it or a
// later one is reported already: what may be shown depends on what was shown before.
func Through(rounds []surveys.OpenedRound, wave surveys.WaveID) ([]surveys.OpenedRound, error) {
	at := slices.IndexFunc(rounds, func(r surveys.OpenedRound) bool { return r.Wave.ID == wave })
	if at < 0 {
		return nil, surveys.Errorf(surveys.Conflict, "The answers of this round are not opened yet.")
	}
	for _, earlier := range rounds[:at] {
		if earlier.Stage != surveys.RoundReported {
			return nil, surveys.Errorf(surveys.Conflict, "Rounds are shown in the order in which they were held, and “%s” comes first.", earlier.Wave.Title)
		}
	}
	for _, other := range rounds[at:] {
		if other.Stage == surveys.RoundReported {
			return nil, surveys.Errorf(surveys.Conflict, "Rounds are shown in the order in which they were held, and “%s” is shown already.", other.Wave.Title)
		}
	}
	return rounds[:at+1], nil
}

// Last returns what is shown of the report's own round.
func (r *Report) Last() disclosure.RoundShown {
	if len(r.Shown.Rounds) == 0 {
		return disclosure.RoundShown{}
	}
	return r.Shown.Rounds[len(r.Shown.Rounds)-1]
}

// HasProgramme reports whether any practice of the rounds takes part in the programme; without one nothing is compared.
func (r *Report) HasProgramme() bool {
	return slices.ContainsFunc(r.Shown.Rounds, func(round disclosure.RoundShown) bool {
		return slices.ContainsFunc(round.Practices, func(p disclosure.Practice) bool { return p.Group == disclosure.Programme })
	})
}

// Empty reports whether nothing of any factor is shown of the round, neither a row nor a figure.
func (r *Report) Empty() bool {
	return !slices.ContainsFunc(r.Last().Factors, func(f disclosure.FactorShown) bool { return f.All.Hidden == 0 })
}

// HasOthers reports whether any practice of the rounds does not take part in the programme.
func (r *Report) HasOthers() bool {
	return slices.ContainsFunc(r.Shown.Rounds, func(round disclosure.RoundShown) bool {
		return slices.ContainsFunc(round.Practices, func(p disclosure.Practice) bool { return p.Group == disclosure.Others })
	})
}

// Finding returns the headline in two parts: how many factors the programme's practices rose more in, and how many
// intervals exclude 0. Both are empty where nothing is compared. It is of the published average where there is one.
func (r *Report) Finding() (rose, intervals string) {
	if r.Published != nil {
		return r.findingIn(r.PublishedHeadline, ReportTheme.Compared)
	}
	return r.OthersFinding()
}

// OthersFinding returns the headline of the comparison with the other practices, as Finding does.
func (r *Report) OthersFinding() (rose, intervals string) {
	return r.findingIn(r.Headline, func(t ReportTheme) ReportComparison { return ReportComparison{Sentence: t.Sentence, From: t.From} })
}

func (r *Report) findingIn(headline string, compared func(ReportTheme) ReportComparison) (rose, intervals string) {
	if len(r.Themes) == 1 && headline != "" { // its own sentence says the rest
		c := compared(r.Themes[0])
		if c.Sentence == "" {
			return "", ""
		}
		return "The programme’s practices " + c.Sentence + ", " + c.From + ".", headline
	}
	rose, intervals, cut := strings.Cut(headline, ". ")
	if !cut {
		return headline, ""
	}
	return rose + ".", intervals
}

// In returns the trend of a theme in a round; nothing is known of it where the round did not have it.
func (t ReportTheme) In(round surveys.WaveID) ReportPoint {
	for _, at := range t.Trend {
		if at.Round == round {
			return at
		}
	}
	return ReportPoint{Round: round}
}

// ApartSays says who answered in the small practices, all of them together, where that may be shown; else it is empty.
func (r *Report) ApartSays() string {
	if r.Apart == nil {
		return ""
	}
	return MixSays(fmt.Sprintf("Who answered in the practices under %d staff, all together", r.Apart.Under), r.Apart.Roles, r.Apart.Tenures)
}
