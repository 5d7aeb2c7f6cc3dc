// Package monitor makes from dispositions what the university team sees: tallies and the response rates of each arm, site
// and wave, where every target stands, and how the answers have come in over time. It is pure: the store counts, [Build]
// puts together, and the page, the report and the JSON show the same numbers in the same words. No answer and no mean of
// an arm comes into it.
package monitor

import (
	"time"

	"wellwave/scoring/power"
	"wellwave/surveys"
)

// Count is how many enrolments of one site and arm share a disposition at a wave: what the store counts for a monitor.
type Count struct {
	Wave         surveys.WaveID
	Site         surveys.SiteID
	Arm          surveys.ArmID
	Disposition  surveys.Disposition
	Reason       string // the code recorded with the disposition, so that deaths can be shown
	WindowClosed bool   // these people's window has closed
	N            int
}

// CurvePoint is how many responses of a wave became complete on one day.
type CurvePoint struct {
	Wave surveys.WaveID
	Day  time.Time // any moment of the day
	N    int
}

// Monitor is what the university team watches: for every wave of a study who has answered, how sure the study already is
// of seeing what it set out to see, and whether that can still change. It is pure data, so that the page, the PDF and the
// JSON show the same numbers, and its methods make the strings for people, so that they show them in the same words.
//
// It holds counts of dispositions and nothing from any answer. Its counts are exact: only accounts entitled to a site may
// see that site's.
type Monitor struct {
	Study surveys.StudyID `json:"study"`
	Title string          `json:"title"`
	Demo  bool            `json:"demo"`
	At    time.Time       `json:"at"` // in the study's zone
	Waves []*Wave         `json:"waves"`
}

// Wave is one wave of a Monitor.
type Wave struct {
	Wave  surveys.WaveID `json:"wave"`
	Title string         `json:"title"`
	// Closed counts those whose window has closed: the headline. DueSoFar counts everybody enrolled, and takes whoever is
	// pending for a non-respondent in its rates.
	Closed   Edition          `json:"closed"`
	DueSoFar Edition          `json:"due_so_far"`
	Targets  []TargetProgress `json:"targets"`
	Curve    Curve            `json:"curve"`
}

// AllClosed reports whether everybody's window has closed, so that both editions say the same.
func (w *Wave) AllClosed() bool {
	return !w.Closed.Empty() && w.Closed.All.Tally == w.DueSoFar.All.Tally
}

// Edition is one way of counting a wave, per arm and per site. All stands beside the arms and never alone, because a
// pooled rate hides that one arm loses more people than the other.
type Edition struct {
	Arms  []Row `json:"arms"`
	Sites []Row `json:"sites"`
	All   Row   `json:"all"`
	// Gaps holds the difference of the first arm from each other arm.
	Gaps []ArmGap    `json:"gaps"`
	ICC  ResponseICC `json:"icc"`
}

// Empty reports whether nobody's answer is due in this edition.
func (e Edition) Empty() bool { return e.All.Tally.Expected() == 0 }

// Row is one line of an edition: an arm, a site, or everybody.
type Row struct {
	ID        string        `json:"id"`
	Title     string        `json:"title"`
	Arm       surveys.ArmID `json:"arm,omitempty"`       // of a site
	ArmTitle  string        `json:"arm_title,omitempty"` // of a site
	Sites     int           `json:"sites"`               // that have somebody due
	Tally     Tally         `json:"tally"`
	Retention Share         `json:"retention"` // complete and partial, of everybody enrolled who is due
	Response  Share         `json:"response"`  // RR1: complete, of everybody eligible or possibly eligible who is due
	Rates     Rates         `json:"rates"`
}

// ArmGap is the difference between two arms: the first minus the second.
type ArmGap struct {
	First     string `json:"first"` // titles
	Second    string `json:"second"`
	Retention Gap    `json:"retention"`
	Response  Gap    `json:"response"`
}

// ResponseICC is how alike the people of one site are in responding, which widens every interval that counts them as
// effective numbers. Used is the larger of the planned and the observed value, so that a few sites that happen to look
// alike never narrow an interval.
type ResponseICC struct {
	Planned  float64 `json:"planned"`
	Observed float64 `json:"observed"`
	Known    bool    `json:"known"` // whether Observed is
	Used     float64 `json:"used"`
}

// Curve is how the completes of a wave have come in, against what its target needs.
type Curve struct {
	Wave     string       `json:"wave"` // the wave's title
	Points   []CurveTotal `json:"points"`
	Complete int          `json:"complete"` // by now, those of an unknown day included
	Needed   int          `json:"needed"`   // 0 without a target
	Arms     []ArmCount   `json:"arms"`
}

// CurveTotal is how many responses were complete at the end of a day.
type CurveTotal struct {
	Day      time.Time `json:"day"`
	Complete int       `json:"complete"`
}

// Months returns the last total of every month from the first point to the last, months without a complete included.
func (c Curve) Months() []CurveTotal {
	var months []CurveTotal
	for _, point := range c.Points {
		month := surveys.FirstOfMonth(point.Day, 0)
		for len(months) > 0 && months[len(months)-1].Day.Before(surveys.FirstOfMonth(month, -1)) {
			last := months[len(months)-1]
			months = append(months, CurveTotal{Day: surveys.FirstOfMonth(last.Day, 1), Complete: last.Complete})
		}
		if len(months) == 0 || months[len(months)-1].Day.Before(month) {
			months = append(months, CurveTotal{Day: month})
		}
		months[len(months)-1].Complete = point.Complete
	}
	return months
}

// ArmCount is the completes of one arm beside those its target needs.
type ArmCount struct {
	Title    string `json:"title"`
	Complete int    `json:"complete"`
	Needed   int    `json:"needed"`
}

// TargetOutcome says where a target stands.
type TargetOutcome uint8

// The outcomes.
const (
	TargetUnknown     TargetOutcome = iota + 1 // too few sites have answered for any power
	TargetMet                                  // the power now is the power wanted, or more
	TargetShort                                // not yet, and it can still be met
	TargetPeopleShort                          // not even if everybody who can still answer does
	TargetSitesShort                           // not with these sites, however many people answer
)

var outcomeWords = surveys.Words[TargetOutcome]{TargetUnknown: "unknown", TargetMet: "met", TargetShort: "not-yet",
	TargetPeopleShort: "too-few-people", TargetSitesShort: "too-few-sites"}

// String returns the word that stands in files.
func (o TargetOutcome) String() string { return outcomeWords.Word(o) }

// MarshalText writes the word.
func (o TargetOutcome) MarshalText() ([]byte, error) { return []byte(o.String()), nil }

// TargetProgress is where a target stands, from the completes of each site and the ICC and correlation that were planned.
type TargetProgress struct {
	Target  surveys.Target `json:"target"`
	Arms    []ArmProgress  `json:"arms"`
	Outcome TargetOutcome  `json:"outcome"`
	// Power and Detectable are those of the completes so far; 0 with TargetUnknown. Detectable is the smallest difference
	// found with the power that is wanted.
	Power      float64 `json:"power"`
	Detectable float64 `json:"detectable"`
	// Best is the power if everybody who can still answer completes, and Needed how many completes in all, in the
	// proportions of the arms so far, would give the power wanted; 0 where no number would.
	Best   float64     `json:"best"`
	Needed int         `json:"needed"`
	Limit  power.Limit `json:"limit"` // of the planned sites, as more and more people answer
}

// ArmProgress is one arm of a TargetProgress.
type ArmProgress struct {
	Arm          surveys.ArmID `json:"arm"`
	Title        string        `json:"title"`
	Wanted       int           `json:"wanted"`
	Complete     int           `json:"complete"`
	Open         int           `json:"open"` // can still answer
	Sites        int           `json:"sites"`
	SitesPlanned int           `json:"sites_planned"`
	CV           float64       `json:"cv"`
	DesignEffect float64       `json:"design_effect"`
}

// Wave returns the wave called id, or nil.
func (m *Monitor) Wave(id surveys.WaveID) *Wave {
	for _, w := range m.Waves {
		if w.Wave == id {
			return w
		}
	}
	return nil
}
