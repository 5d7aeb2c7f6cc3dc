package monitor

import (
	"encoding/json"
	"strings"

	"wellwave/surveys"
)

// Tally counts enrolments by their disposition at one wave.
type Tally struct {
	counts [surveys.Ineligible + 1]int
	// Died is how many of OtherEligible died. Deaths are shown beside a rate and never subtracted from it.
	Died int
}

// Add counts n more enrolments with disposition d, recorded for reason.
func (t *Tally) Add(d surveys.Disposition, reason string, n int) {
	if int(d) >= len(t.counts) {
		return
	}
	t.counts[d] += n
	if d == surveys.OtherEligible && reason == surveys.Died {
		t.Died += n
	}
}

// Count returns how many have disposition d.
func (t Tally) Count(d surveys.Disposition) int {
	if int(d) >= len(t.counts) {
		return 0
	}
	return t.counts[d]
}

// Counts returns the counts in the order of Dispositions.
func (t Tally) Counts() []int {
	counts := make([]int, 0, len(t.counts)-1)
	for _, d := range surveys.Dispositions() {
		counts = append(counts, t.counts[d])
	}
	return counts
}

// Enrolled returns how many were counted.
func (t Tally) Enrolled() int {
	n := 0
	for _, count := range t.counts {
		n += count
	}
	return n
}

// Expected returns how many should have answered by now: everybody but those whose window has not opened and those who
// turned out not to belong in the study.
func (t Tally) Expected() int {
	return t.Enrolled() - t.Count(surveys.NotYetDue) - t.Count(surveys.Ineligible)
}

// Retained returns how many of those expected answered: complete or partial.
func (t Tally) Retained() int { return t.Count(surveys.Complete) + t.Count(surveys.Partial) }

// Open returns how many can still answer.
func (t Tally) Open() int { return t.Count(surveys.NotYetDue) + t.Count(surveys.Pending) }

// MarshalJSON writes an object with one number for each disposition, in snake case, and one for deaths.
func (t Tally) MarshalJSON() ([]byte, error) {
	object := make(map[string]int, len(t.counts))
	for _, d := range surveys.Dispositions() {
		object[strings.ReplaceAll(d.String(), "-", "_")] = t.counts[d]
	}
	object["died"] = t.Died
	return json.Marshal(object)
}
