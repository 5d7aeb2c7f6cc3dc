package climate

import (
	"encoding/json"
	"fmt"

	"wellwave/surveys"
	"wellwave/surveys/disclosure"
)

// Report is everything that is shown of a round once it is reported. It is worked out once and kept as JSON; the pages and
// papers of practices and programme are all drawn from it, so that nothing is shown anywhere that is not in it.
type Report struct {
	Round surveys.WaveID `json:"round"`
	// First is the round that Round is compared with in the programme's report: the first; empty where there is none.
	First surveys.WaveID `json:"first,omitempty"`
	// Before is the round held last before, for the practices' own reports.
	Before   surveys.WaveID   `json:"before,omitempty"`
	Against  string           `json:"against"` // whom the programme is compared with in the study
	Margin   *float64         `json:"margin,omitempty"`
	Shown    disclosure.Shown `json:"shown"` // of all rounds so far
	Themes   []ReportTheme    `json:"themes"`
	Headline string           `json:"headline,omitempty"`
	Apart    *ReportApart     `json:"apart,omitempty"` // nil where the small practices were asked nothing
	// Pairs are tables of two items; nil where the round has no two, and in reports from before they were kept.
	Pairs *ReportPairs `json:"pairs,omitempty"`
	// Published is the average that was loaded for the round, nil for none. The programme is then compared with it first, and
	// with the others beside it.
	Published         *Published `json:"published,omitempty"`
	PublishedHeadline string     `json:"published_headline,omitempty"`
}

// ReportApart is what may be shown of what staff of the small practices said about themselves, of all of them together. It was
// kept apart from their answers.
type ReportApart struct {
	Under   int             `json:"under"` // the headcount from which a practice is not small
	Roles   disclosure.Mix  `json:"roles"`
	Tenures *disclosure.Mix `json:"tenures,omitempty"` // nil where nobody was asked
}

// ReportTheme is one factor in the report.
type ReportTheme struct {
	ID    string `json:"theme"`
	Title string `json:"title"`
	// Programme and Others are the two groups from First to Round, and Average is that of all practices from Before to Round.
	Programme ReportGroup `json:"programme"`
	Others    ReportGroup `json:"others"`
	Average   ReportGroup `json:"average"`
	// StartDifference and Difference are the programme's start and change minus the others'.
	StartDifference ReportDifference `json:"start_difference"`
	Difference      ReportDifference `json:"difference_of_changes"`
	Sentence        string           `json:"sentence,omitempty"`
	From            string           `json:"from,omitempty"`
	// Published is the comparison with the report's published average, nil where it has none.
	Published *ReportComparison `json:"published,omitempty"`
	// AdjustedForStart, RespondentsWeighted and Census are the difference seen otherwise. In the first a pool counts as one
	// practice; the other two are of the practices that stand alone in both rounds, of which there are Alone.
	AdjustedForStart    ReportDifference `json:"adjusted_for_start"`
	RespondentsWeighted ReportDifference `json:"respondents_weighted"`
	Census              ReportDifference `json:"census"`
	Alone               int              `json:"alone,omitempty"`
	Agreement           ReportAgreement  `json:"agreement"`
	Trend               []ReportPoint    `json:"trend"`
	// Within is the standard deviation of staff of one practice about its mean, over all practices: how far chance alone
	// movement a practice's mean is worked out from it.
	Within *float64 `json:"within,omitempty"`
}

// ReportGroup is a group of practices from one round to another, practices weighing alike. What is not shown is nil.
type ReportGroup struct {
	Practices int      `json:"practices"`
	Start     *float64 `json:"start,omitempty"`
	Change    *float64 `json:"change,omitempty"`
	Low       *float64 `json:"low,omitempty"`
	High      *float64 `json:"high,omitempty"`
}

// ReportDifference is a difference with its 95 % interval.
type ReportDifference struct {
	Estimate *float64 `json:"estimate,omitempty"`
	Low      *float64 `json:"low,omitempty"`
	High     *float64 `json:"high,omitempty"`
}

// ReportAgreement says whether it is right to average within practices, of those that stand alone; see [Agreement].
type ReportAgreement struct {
	Practices   int      `json:"practices,omitempty"`
	ICC1        *float64 `json:"icc1,omitempty"`
	ICC1Low     *float64 `json:"icc1_low,omitempty"`
	ICC1High    *float64 `json:"icc1_high,omitempty"`
	ICC2        *float64 `json:"icc2,omitempty"`
	MedianAgree *float64 `json:"median_rwg,omitempty"`
	ShareAgreed *float64 `json:"share_rwg_70,omitempty"`
	Alpha       *float64 `json:"alpha,omitempty"`
	AtTop       *float64 `json:"at_top,omitempty"`
}

// ReportPoint is the trend in one round.
type ReportPoint struct {
	Round     surveys.WaveID `json:"round"`
	Programme *float64       `json:"programme,omitempty"`
	Others    *float64       `json:"others,omitempty"`
}

// ReadReport reads a report that was kept.
func ReadReport(text string) (*Report, error) {
	r := new(Report)
	if err := json.Unmarshal([]byte(text), r); err != nil {
		return nil, fmt.Errorf("read a report: %w", err)
	}
	return r, nil
}

// Text returns the report as it is kept.
func (r *Report) Text() (string, error) {
	text, err := json.Marshal(r)
	return string(text), err
}
