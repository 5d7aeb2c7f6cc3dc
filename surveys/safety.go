package surveys

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"
)

// SafetyPlan says what a study does when somebody's answer to a safety item says that they may not be safe: who is told and
// by when they must have taken it on, who is told next, and what the person reads. A study that asks a safety item goes live
// only with one. Nothing of it waits for anybody to look: the messages are planned with the answer itself.
type SafetyPlan struct {
	DutyHolder        Contact
	Deputy            Contact       // told too where nobody took it on in time, and at once outside the hours
	EscalateTo        Contact       // told where nobody took it on for longer still
	Hours             []DutyHours   // when the duty holder is on duty, in the study's zone
	AcknowledgeWithin time.Duration // after which the deputy is told
	EscalateAfter     time.Duration
	Text              string // what the person reads after such an answer
	Clause            string // of the consent text: what a participant agreed to that covers this
}

// Contact is somebody of the study's who can be written to.
type Contact struct{ Name, Email string }

// DutyHours are hours of some days of the week, in minutes from midnight, the last one excluded.
type DutyHours struct {
	Days     []time.Weekday
	From, To int
}

// Equal reports whether two plans are the same; none is equal to none.
func (p *SafetyPlan) Equal(other *SafetyPlan) bool { return reflect.DeepEqual(p, other) }

// OnDuty reports whether a moment falls into the duty holder's hours.
func (p *SafetyPlan) OnDuty(t time.Time, zone *time.Location) bool {
	t = t.In(zone)
	minute := 60*t.Hour() + t.Minute()
	return slices.ContainsFunc(p.Hours, func(h DutyHours) bool {
		return slices.Contains(h.Days, t.Weekday()) && h.From <= minute && minute < h.To
	})
}

// Names reports whether the plan names the owner of an e-mail address, written as accounts write it.
func (p *SafetyPlan) Names(email string) bool {
	return p != nil && slices.ContainsFunc([]Contact{p.DutyHolder, p.Deputy, p.EscalateTo}, func(c Contact) bool { return c.Email == email })
}

// AlertRoles lists the roles of accounts that can take an alert on: the team's, and those of people who speak with
// participants, where a plan names them.
func AlertRoles() []Role {
	return []Role{Administrator, Researcher, DataManager, DataEntry, Interviewer}
}

// Raises reports whether an answer to the item raises an alert: any but the lowest, which for a reversed item is the highest.
func (i *Item) Raises(v Value) bool {
	if !i.Safety || i.Check(v) != nil {
		return false
	}
	if v.Kind == SetValue {
		return slices.ContainsFunc(v.Members(), func(n float64) bool { return n > i.Options[0] })
	}
	return v.Kind == NumberValue && (v.Number > i.Min && !i.Reverse || v.Number < i.Max && i.Reverse)
}

// HasSafetyItem reports whether some answer to the questionnaire can raise an alert.
func (q *Questionnaire) HasSafetyItem() bool { return len(q.safety) > 0 }

// Alarms lists the safety items on which an entry raises an alert, once it is folded: those that it answers so, and where it
// finishes the questionnaire also those that stand so, because finishing confirms whatever a page had saved by itself. What
// nobody has confirmed raises none.
func (r *Replay) Alarms(e *Entry) []string {
	q := r.Answers.q
	if !e.Confirmed || len(q.safety) == 0 {
		return nil
	}
	var codes []string
	for _, i := range q.safety {
		item := q.Items[i]
		at := slices.IndexFunc(e.Accepted, func(a ItemAnswer) bool { return a.Code == item.Code })
		switch {
		case at >= 0 && item.Raises(e.Accepted[at].Value),
			at < 0 && e.Finish && item.Raises(r.Answers.Value(item.Code)) && q.Asked(i, r.Answers.Value):
			codes = append(codes, item.Code)
		}
	}
	return codes
}

// AlarmsOf lists the safety items on which a submission that is not taken in would raise an alert.
func (r *Response) AlarmsOf(sub Submission) []string {
	if !r.Answers.q.HasSafetyItem() {
		return nil
	}
	return r.Alarms(r.entry(sub, time.Time{}))
}

// AlertID names an alert.
type AlertID string

// Alert says that somebody's answer to a safety item calls for the study's protocol. It says so and never what was answered:
// whoever reads it calls under the protocol. It is made once for each item of a response, and is open until somebody of the
// study has taken it on. It is a trial where no answer counts.
type Alert struct {
	ID        AlertID
	Study     StudyID
	Enrolment EnrolmentID
	Label     string // the participant's study number
	Site      SiteID
	Trial     bool
	GivenAt   time.Time // zero if unknown
	RaisedAt  time.Time
	Messages  []AlertMessage // in the order in which they are planned
	Actions   []AlertAction  // oldest first
}

// Open reports whether nobody has taken the alert on.
func (a Alert) Open() bool { return len(a.Actions) == 0 }

// lateArrival is from when on an answer counts as having arrived late.
const lateArrival = 15 * time.Minute

// Arrival says how old the answer was when it arrived, a sentence, which is empty for one that came at once.
func (a Alert) Arrival() string {
	age := a.RaisedAt.Sub(a.GivenAt)
	if a.GivenAt.IsZero() || age < lateArrival {
		return ""
	}
	return "Answered " + SayAge(age) + " before it arrived."
}

// SayAge says how long something took, in the largest unit that fits.
func SayAge(age time.Duration) string {
	say := func(n int, unit string) string {
		if n == 1 {
			return "1 " + unit
		}
		return fmt.Sprintf("%d %ss", n, unit)
	}
	switch hours := int(age / time.Hour); {
	case hours >= 48:
		return say(hours/24, "day")
	case hours >= 1:
		return say(hours, "hour")
	case age >= time.Minute:
		return say(int(age/time.Minute), "minute")
	default:
		return "less than a minute"
	}
}

// AlertStep says whom a message goes to.
type AlertStep uint8

// The steps of the route.
const (
	TellDutyHolder AlertStep = iota + 1
	TellDeputy
	Escalate
)

var alertStepWords = Words[AlertStep]{TellDutyHolder: "duty-holder", TellDeputy: "deputy", Escalate: "escalation"}

// String returns the word that stands in the database.
func (s AlertStep) String() string { return alertStepWords.Word(s) }

// ParseAlertStep returns the step named by word.
func ParseAlertStep(word string) (AlertStep, bool) { return alertStepWords.Parse(word) }

var alertStepLabels = Words[AlertStep]{TellDutyHolder: "Duty holder", TellDeputy: "Deputy", Escalate: "Escalation"}

// Label names the step in a list.
func (s AlertStep) Label() string { return alertStepLabels.Word(s) }

// AlertMessage is one message of an alert's route.
type AlertMessage struct {
	Step    AlertStep
	DueAt   time.Time // when the plan wants it sent
	Tries   int
	SentAt  time.Time // zero until the mail server took it
	SentTo  Contact
	Dropped bool // somebody took the alert on before
}

// Steps plans the messages of an alert that is raised now: the duty holder at once, the deputy when nobody took it on in
// time, or at once outside the hours, and the escalation after that.
func (p *SafetyPlan) Steps(now time.Time, zone *time.Location) []AlertMessage {
	deputy := now
	if p.OnDuty(now, zone) {
		deputy = now.Add(p.AcknowledgeWithin)
	}
	return []AlertMessage{{Step: TellDutyHolder, DueAt: now}, {Step: TellDeputy, DueAt: deputy}, {Step: Escalate, DueAt: now.Add(p.EscalateAfter)}}
}

// To returns whom a step tells.
func (p *SafetyPlan) To(step AlertStep) Contact {
	switch step {
	case TellDutyHolder:
		return p.DutyHolder
	case TellDeputy:
		return p.Deputy
	default:
		return p.EscalateTo
	}
}

// AlertMail is a message that is to be sent now, with all that it says.
type AlertMail struct {
	Alert Alert
	Study *Study
	Step  AlertStep
	To    Contact
	Tries int
}

// AlertAction is what somebody did about an alert, as a code. The first one takes the alert on and ends its route.
type AlertAction struct {
	Code string
	By   AccountID
	At   time.Time
}

// AlertActions lists what can be done about an alert, as codes and never as free text, which could say what was answered.
func AlertActions() []Reason {
	return []Reason{{Code: "taken-on", Label: "I have taken this on and am calling under the protocol"},
		{Code: "reached", Label: "The person was reached and the protocol followed"},
		{Code: "practice", Label: "The practice was told and is acting"},
		{Code: "emergency", Label: "Emergency services were called"},
		{Code: "not-reached", Label: "The person could not be reached, and the protocol for that was followed"}}
}

// AlertActionLabel returns what was done in words.
func AlertActionLabel(code string) string {
	return labelOf(AlertActions(), code)
}

// CheckAlertAction fails with Invalid for a code that is not in AlertActions.
func CheckAlertAction(code string) error {
	if !slices.ContainsFunc(AlertActions(), func(r Reason) bool { return r.Code == code }) {
		return Errorf(Invalid, "Choose what was done.")
	}
	return nil
}

// HoursSay words the hours of duty, such as “Monday, Tuesday 09:00 to 17:00”.
func (p *SafetyPlan) HoursSay() string {
	var parts []string
	for _, h := range p.Hours {
		var days []string
		for _, day := range h.Days {
			days = append(days, day.String())
		}
		parts = append(parts, fmt.Sprintf("%s %02d:%02d to %02d:%02d", strings.Join(days, ", "), h.From/60, h.From%60, h.To/60, h.To%60))
	}
	return strings.Join(parts, "; ")
}
