// Package bulk brings the answers that stand in files and in other programs to the one way in: it reads them row by row,
// says where a row is wrong, and delivers many at a time in the order of the file. It knows questionnaires, and no store.
package bulk

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"wellwave/scoring/decimal"
	"wellwave/surveys"
	"wellwave/surveys/csvtable"
)

// Row is the questionnaire of one participant as it stands in a file or came from another system.
type Row struct {
	Line        int
	Participant string         // the label of the enrolment
	Site        surveys.SiteID // empty where the file does not say
	Arm         surveys.ArmID
	Sitting     string // empty for the one that follows from the participant
	Seq         int    // 0 asks for the next
	Partial     bool   // more will follow: the questionnaire is not finished
	How         surveys.Collection
	AnsweredAt  time.Time // zero where unknown
	Answers     []surveys.ItemAnswer
	ConsentedOn time.Time // zero where the file does not say
	Consent     string    // the version of the text that they agreed to; empty where the file does not say
	BlankKeeps  bool      // an answer that was not recorded replaces none that was given
	Raw         []string  // the cells or the line as they came
}

// RowError says why a row was not taken, and where in the file that is.
type RowError struct {
	Line   int
	Column string // empty where the whole row is meant
	Reason string
}

// Error returns the place and the reason.
func (e *RowError) Error() string {
	if e.Column == "" {
		return fmt.Sprintf("line %d: %s", e.Line, e.Reason)
	}
	return fmt.Sprintf("line %d, column %s: %s", e.Line, e.Column, e.Reason)
}

// Sitting returns the id of the sitting in which files and other systems bring a participant's answers to a wave. It
// follows from who and what, so the same content sent twice is recognised.
func Sitting(study surveys.StudyID, wave surveys.WaveID, participant string) string {
	sum := sha256.Sum256([]byte(strings.Join([]string{string(study), string(wave), surveys.StudyNumber(participant), "bulk"}, "\n")))
	return hex.EncodeToString(sum[:16])
}

// Submission returns the row as a submission to the wave, for the enrolment that the participant's label stands for.
func (r *Row) Submission(study surveys.StudyID, wave surveys.WaveID, enrolment surveys.EnrolmentID) surveys.Submission {
	sub := surveys.Submission{Study: study, Enrolment: enrolment, Wave: wave, Sitting: r.Sitting, Seq: r.Seq, Answers: r.Answers,
		Finish: !r.Partial, How: r.How, AnsweredAt: r.AnsweredAt, Bulk: true, BlankKeeps: r.BlankKeeps}
	if sub.Sitting == "" {
		sub.Sitting = Sitting(study, wave, r.Participant)
	}
	return sub
}

// fillBlanks records that questions which apply have no answer in the file. values holds the answers by item code.
func (r *Row) fillBlanks(q *surveys.Questionnaire, blank []string, values map[string]surveys.Value) {
	for _, code := range blank {
		if item, ok := q.Item(code); ok && q.Asked(item.Index, func(code string) surveys.Value { return values[code] }) {
			r.Answers = append(r.Answers, surveys.ItemAnswer{Code: code, Value: surveys.Absent(surveys.NotRecorded)})
		}
	}
}

// setAll reads the facts that are the same for every row.
func (r *Row) setAll(set map[string]string, zone *time.Location) error {
	for name, value := range set {
		if err := r.setFact(name, value, zone, surveys.CellForm{}); err != nil {
			return surveys.Errorf(surveys.Invalid, "--set %s=%s: %w", name, value, err)
		}
	}
	return nil
}

// setFact reads one of the columns that are not items.
func (r *Row) setFact(name, value string, zone *time.Location, form surveys.CellForm) error {
	value = csvtable.TrimText(value)
	switch name {
	case "participant":
		r.Participant = value
		if value == "" {
			return fmt.Errorf("nobody is named here")
		}
	case "site":
		r.Site = surveys.SiteID(value)
	case "arm":
		r.Arm = surveys.ArmID(value)
	case "completed_at":
		at, err := parseCompleted(value, zone, form)
		if err != nil {
			return err
		}
		r.AnsweredAt = at
	case "consented_on":
		if value == "" {
			return nil
		}
		day, err := form.Day(value)
		if err != nil {
			return err
		}
		r.ConsentedOn, err = surveys.ParseDay(day, zone)
		return err
	case "consent_version":
		r.Consent = value
	default:
		return r.How.Set(name, value)
	}
	return nil
}

// parseCompleted reads a moment, or a day of the study's zone, which stands for its noon. Nothing is unknown.
func parseCompleted(value string, zone *time.Location, form surveys.CellForm) (time.Time, error) {
	if value == "" {
		return time.Time{}, nil
	}
	if at, err := time.Parse(time.RFC3339, decimal.Latin(value)); err == nil {
		return at, checkYear(at)
	}
	written, err := form.Day(value)
	var day time.Time
	if err == nil {
		day, err = surveys.ParseDay(written, zone)
	}
	if err != nil {
		return time.Time{}, fmt.Errorf("“%s” is neither a day such as 2026-03-31 nor a moment such as 2026-03-31T14:05:00Z", surveys.Excerpt(value))
	}
	return surveys.Noon(day), checkYear(day)
}

// checkYear refuses what programs write for a time that they do not have, such as 0001-01-01T00:00:00Z, which would be taken for
// no date at all, and slips of the finger. Of a day that has not come the response says so.
func checkYear(t time.Time) error {
	if surveys.InReach(t) || t.Year() >= 2000 {
		return nil
	}
	return fmt.Errorf("the year %d cannot be meant; leave it out where it is not known", t.Year())
}

// facts are the columns that are not items.
var facts = append([]string{"participant", "site", "arm", "completed_at", "consented_on", "consent_version"}, surveys.CollectionNames()...)
