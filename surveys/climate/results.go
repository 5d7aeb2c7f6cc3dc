package climate

import (
	"fmt"
	"strings"

	"wellwave/scoring"
)

// Results are what the scores of a staff survey say, theme by theme, between two rounds.
type Results struct {
	Rounds      []int // all of them, ascending
	First, Last int   // those compared; the same where there is only one round
	// Against names what the programme is compared with, for captions: the other practices, or a published average.
	Against   string
	Weighting Weighting // of the published average, where its file says so
	Margin    *float64  // below which a change counts as almost as much; nil where none was fixed
	Themes    []Theme
	Notes     []string // what a reader should know of the data, as sentences
}

// Theme is one theme of Results.
type Theme struct {
	Theme string
	// StartDifference is where the programme's practices started minus where the others did, as DifferenceOfChanges is
	// computed.
	StartDifference     Difference
	Programme, Others   Group
	DifferenceOfChanges Difference
	Method              Method // of both
	Warning             string // about the method, as a sentence; empty if there is nothing to warn of
	// RespondentsWeighted has respondents weigh alike and not practices.
	RespondentsWeighted Difference
	// Census takes the practices and their staff for all there is: what is unsure is only what those who did not answer
	// would have said. It is nil where a headcount is unknown.
	Census *Difference
	// AdjustedForStart holds the start equal. It is unknown against a published average.
	AdjustedForStart Difference
	Practices        []Practice // with those left out
	Rounds           []ThemeRound
	Sentence         string // empty where a change is unknown
}

// Group is the programme's practices or the others, or a published average, which has no interval.
type Group struct {
	Practices   int            // that count: with respondents in both rounds; 0 where a published average does not say
	Respondents [2]int         // in the first and the last round
	Start       scoring.Figure // mean of the practices' means in the first round
	Change      scoring.Figure // mean of their changes
	Low, High   scoring.Figure // of Change, by Student's t with Practices − 1 degrees of freedom
}

// Practice is one practice in a theme.
type Practice struct {
	Practice    string
	Programme   bool
	Respondents [2]int         // in the first and the last round
	Missing     []int          // of the rounds compared, those without a respondent: the practice is left out
	Start       scoring.Figure // its mean in the first round
	Change      scoring.Figure
	// Own is the change with the interval of its staff as a sample from many, by Welch's t of the two rounds. OwnCensus has
	// the finite population factor 1 − n/N, and is unknown without a headcount.
	Own, OwnCensus Difference
	// AgainstOthers compares its change with those of all others, of the programme or not, as Crawford and Howell print it,
	// and AgainstOthersCorrected with what the sampling of staff does taken into account.
	AgainstOthers, AgainstOthersCorrected Difference
}

// ThemeRound is a theme in one round.
type ThemeRound struct {
	Round int
	// Programme and Others are of the practices that count for changes, so that the line over the rounds begins and ends
	// where the change does. Others is the published average where there is one.
	Programme, Others Mean
	Agreement         Agreement // of all practices in the round
}

// Mean is the mean of a group's practices in a round.
type Mean struct {
	Practices, Respondents int
	Mean                   scoring.Figure
}

// Method is how a group's changes were compared.
type Method int

// The methods.
const (
	NoMethod    Method = iota // nothing to compare, or nothing to judge chance by
	WelchMethod               // practices weigh alike, each group with a variance of its own
	PooledMethod
	CaseMethod  // one practice against the others
	FixedMethod // against a published average
)

var methodWords = [...]string{"no interval", "Welch’s t, practices weighing alike", "Student’s t with one variance for both groups, practices weighing alike",
	"one practice against the others, after Crawford and Howell, corrected for the sampling of staff",
	"Student’s t of the programme’s practices, the average taken as fixed"}

// String returns words for a caption.
func (m Method) String() string {
	if m < 0 || int(m) >= len(methodWords) {
		return fmt.Sprintf("method(%d)", int(m))
	}
	return methodWords[m]
}

// Headline counts the themes.
type Headline struct {
	Themes   int
	RoseMore int      // the programme's practices rose, and more than the average
	Unsure   int      // of these, the interval includes 0
	Above    []string // the interval of the difference is above 0
	Below    []string // it is below 0
}

// Headline counts in how many themes the interval of the difference of changes excludes 0, and in which.
func (r *Results) Headline() Headline {
	h := Headline{Themes: len(r.Themes)}
	for _, t := range r.Themes {
		d, rose := t.DifferenceOfChanges, settle(t.Programme.Change) > 0
		if rose && settle(d.Estimate) > 0 {
			h.RoseMore++
			if !above(d) {
				h.Unsure++
			}
		}
		switch {
		case above(d):
			h.Above = append(h.Above, t.Theme)
		case below(d):
			h.Below = append(h.Below, t.Theme)
		}
	}
	return h
}

// Excluding returns in how many themes the interval excludes 0.
func (h Headline) Excluding() int { return len(h.Above) + len(h.Below) }

// String returns the headline as sentences. Of one theme, whose own sentence says the rest, it is the interval alone.
func (h Headline) String() string { return h.Of("themes") }

// Of returns the headline as sentences that call the themes by another noun, in the plural.
func (h Headline) Of(themes string) string {
	switch {
	case h.Themes == 0:
		return ""
	case h.Themes == 1 && h.Excluding() == 0:
		return "The interval of the difference includes 0."
	case h.Themes == 1 && len(h.Above) == 1:
		return "The interval of the difference excludes 0: above it."
	case h.Themes == 1:
		return "The interval of the difference excludes 0: below it."
	}
	text := fmt.Sprintf("The programme’s practices rose more than the average in %s of %d %s", fewOf(h.RoseMore), h.Themes, themes)
	if h.Unsure > 0 {
		text += fmt.Sprintf(", and in %d of these chance is not excluded", h.Unsure)
	}
	text += ". The interval of the difference excludes 0 in " + fewOf(h.Excluding())
	var where []string
	if len(h.Above) > 0 {
		where = append(where, "above it in "+strings.Join(h.Above, ", "))
	}
	if len(h.Below) > 0 {
		where = append(where, "below it in "+strings.Join(h.Below, ", "))
	}
	if where != nil {
		text += ": " + strings.Join(where, "; ")
	}
	return text + "."
}

func fewOf(n int) string {
	if n == 0 {
		return "none"
	}
	return fmt.Sprint(n)
}
