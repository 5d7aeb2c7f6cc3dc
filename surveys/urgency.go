package surveys

import (
	"cmp"
	"strings"
	"time"
)

// Urgency is how pressing an enrolment is at a wave, for whoever asks people to answer.
type Urgency uint8

// The urgencies, the most pressing first.
const (
	Overdue    Urgency = iota + 1
	DueNow             // the window is open, and the due day has not passed
	DueLater           // the window has not opened
	DueUnknown         // the wave counts from a baseline that has not been given
	NothingDue         // the disposition is final
)

// Urgency returns how pressing it is at a moment. A whole day counts as the day on which something is due.
func (d Due) Urgency(now time.Time) Urgency {
	switch {
	case d.Disposition.Final():
		return NothingDue
	case !d.HasWindow:
		return DueUnknown
	case now.Before(d.Window.Opens):
		return DueLater
	case now.Before(AddDays(d.Window.Due, 1)):
		return DueNow
	default:
		return Overdue
	}
}

// Compare sorts the most urgent first, then whoever was due first, then by study number.
func (d Due) Compare(other Due, now time.Time) int {
	return cmp.Or(cmp.Compare(d.Urgency(now), other.Urgency(now)), d.Window.Due.Compare(other.Window.Due),
		d.CompareLabels(other))
}

// CompareLabels sorts by study number, and one person's waves by their id.
func (d Due) CompareLabels(other Due) int {
	return cmp.Or(CompareLabels(d.Label, other.Label), cmp.Compare(d.Wave, other.Wave))
}

// CompareLabels sorts study numbers as people count: P-9 before P-10.
func CompareLabels(a, b string) int {
	trim := func(s string) (string, string) {
		head := strings.TrimRightFunc(s, func(r rune) bool { return r >= '0' && r <= '9' })
		return head, strings.TrimLeft(s[len(head):], "0")
	}
	headA, tailA := trim(a)
	headB, tailB := trim(b)
	return cmp.Or(cmp.Compare(headA, headB), cmp.Compare(len(tailA), len(tailB)), cmp.Compare(tailA, tailB), cmp.Compare(a, b))
}
