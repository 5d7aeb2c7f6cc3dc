package surveys

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"
)

// BulkRow is the questionnaire of one participant as it stands in a file or came from another system.
type BulkRow struct {
	Line        int
	Participant string // the label of the enrolment
	Site        SiteID // empty where the file does not say
	Arm         ArmID
	Sitting     string // empty for the one that follows from the participant
	Seq         int    // 0 asks for the next
	Partial     bool   // more will follow: the questionnaire is not finished
	How         Collection
	AnsweredAt  time.Time // zero where unknown
	Answers     []ItemAnswer
	Raw         []string // the cells or the line as they came
}

// BulkError says why a row was not taken, and where in the file that is.
type BulkError struct {
	Line   int
	Column string // empty where the whole row is meant
	Reason string
}

// Error returns the place and the reason.
func (e *BulkError) Error() string {
	if e.Column == "" {
		return fmt.Sprintf("line %d: %s", e.Line, e.Reason)
	}
	return fmt.Sprintf("line %d, column %s: %s", e.Line, e.Column, e.Reason)
}

// BulkSitting returns the id of the sitting in which files and other systems bring a participant's answers to a wave. It
// follows from who and what, so the same content sent twice is recognised.
func BulkSitting(study StudyID, wave WaveID, participant string) string {
	sum := sha256.Sum256([]byte(strings.Join([]string{string(study), string(wave), StudyNumber(participant), "bulk"}, "\n")))
	return hex.EncodeToString(sum[:16])
}

// Submission returns the row as a submission to the wave, for the enrolment that the participant's label stands for.
func (r *BulkRow) Submission(study StudyID, wave WaveID, enrolment EnrolmentID) Submission {
	sub := Submission{Study: study, Enrolment: enrolment, Wave: wave, Sitting: r.Sitting, Seq: r.Seq, Answers: r.Answers,
		Finish: !r.Partial, How: r.How, AnsweredAt: r.AnsweredAt, Bulk: true}
	if sub.Sitting == "" {
		sub.Sitting = BulkSitting(study, wave, r.Participant)
	}
	return sub
}

// fillBlanks records that questions which apply have no answer in the file. values holds the answers by item code.
func (r *BulkRow) fillBlanks(q *Questionnaire, blank []string, values map[string]Value) {
	for _, code := range blank {
		if item, ok := q.Item(code); ok && q.Asked(item.Index, func(code string) Value { return values[code] }) {
			r.Answers = append(r.Answers, ItemAnswer{code, Absent(NotRecorded)})
		}
	}
}

// setFact reads one of the columns that are not items.
func (r *BulkRow) setFact(name, value string, zone *time.Location) error {
	value = strings.TrimSpace(value)
	switch name {
	case "participant":
		r.Participant = value
		if value == "" {
			return fmt.Errorf("nobody is named here")
		}
	case "site":
		r.Site = SiteID(value)
	case "arm":
		r.Arm = ArmID(value)
	case "completed_at":
		at, err := parseCompleted(value, zone)
		if err != nil {
			return err
		}
		r.AnsweredAt = at
	default:
		return r.How.Set(name, value)
	}
	return nil
}

// parseCompleted reads a moment, or a day of the study's zone, which stands for its noon. Nothing is unknown.
func parseCompleted(value string, zone *time.Location) (time.Time, error) {
	if value == "" {
		return time.Time{}, nil
	}
	if at, err := time.Parse(time.RFC3339, value); err == nil {
		return at, nil
	}
	day, err := time.ParseInLocation(time.DateOnly, value, zone)
	if err != nil {
		return time.Time{}, fmt.Errorf("“%s” is neither a day such as 2026-03-31 nor a moment such as 2026-03-31T14:05:00Z", excerpt(value))
	}
	return Noon(day), nil
}

// bulkFacts are the columns that are not items.
var bulkFacts = append([]string{"participant", "site", "arm", "completed_at"}, CollectionNames()...)
