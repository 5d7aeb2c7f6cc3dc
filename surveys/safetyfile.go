package surveys

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// safetyEntry is the safety plan as a study file writes it.
type safetyEntry struct {
	DutyHolder        contactEntry `yaml:"duty_holder"`
	Deputy            contactEntry `yaml:"deputy"`
	EscalateTo        contactEntry `yaml:"escalate_to"`
	Hours             []hoursEntry `yaml:"hours"`
	AcknowledgeWithin string       `yaml:"acknowledge_within"`
	EscalateAfter     string       `yaml:"escalate_after"`
	Text              string       `yaml:"text"`
	Clause            string       `yaml:"clause"`
}

type contactEntry struct {
	Name  string `yaml:"name"`
	Email string `yaml:"email"`
}

type hoursEntry struct {
	Days []string `yaml:"days"`
	From string   `yaml:"from"`
	To   string   `yaml:"to"`
}

// Bounds of a safety plan.
const (
	shortestWait  = 5 * time.Minute
	longestWait   = 7 * 24 * time.Hour
	maxSafetyText = 1000
)

var weekdays = []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

// readSafety reads the safety plan, where the file has one.
func (r *studyReader) readSafety() {
	e := r.f.Safety
	if e == nil {
		return
	}
	p := &SafetyPlan{
		DutyHolder:        r.contact("safety.duty_holder", e.DutyHolder, "the duty holder"),
		Deputy:            r.contact("safety.deputy", e.Deputy, "the deputy"),
		EscalateTo:        r.contact("safety.escalate_to", e.EscalateTo, "whoever an alert escalates to"),
		AcknowledgeWithin: r.wait("safety.acknowledge_within", e.AcknowledgeWithin),
		EscalateAfter:     r.wait("safety.escalate_after", e.EscalateAfter),
		Text:              r.text("safety.text", e.Text, "the text that is shown after such an answer", maxSafetyText),
		Clause:            e.Clause,
	}
	if p.Deputy.Email != "" && p.Deputy.Email == p.DutyHolder.Email {
		r.wrong("safety.deputy.email", "the deputy and the duty holder have the same e-mail address, so nobody stands in")
	}
	if p.EscalateAfter > 0 && p.EscalateAfter <= p.AcknowledgeWithin {
		r.wrong("safety.escalate_after", "an alert would escalate before the deputy was told; the time must be longer than acknowledge_within")
	}
	if len(e.Hours) == 0 {
		r.wrong("safety.hours", "the plan does not say when the duty holder is on duty")
	}
	for i, h := range e.Hours {
		p.Hours = append(p.Hours, r.hours(fmt.Sprintf("safety.hours[%d]", i), h))
	}
	at := slices.IndexFunc(r.study.Consent.Clauses, func(c Clause) bool { return c.ID == e.Clause })
	switch {
	case at < 0:
		r.wrong("safety.clause", "the consent text has no clause “%s”; name the one that says what happens after such an answer", e.Clause)
	case !r.study.Consent.Clauses[at].Required:
		r.wrong("safety.clause", "the clause “%s” is not required, and an alert can be raised for everybody", e.Clause)
	}
	r.study.Safety = p
}

func (r *studyReader) contact(path string, e contactEntry, who string) Contact {
	c := NewAccount{Name: e.Name, Email: e.Email}.Clean()
	if !isEmail(c.Email) {
		r.wrong(path+".email", "%s needs an e-mail address, such as name@example.org", who)
	}
	return Contact{Name: r.text(path+".name", c.Name, "the name of "+who, maxTitle), Email: c.Email}
}

// wait reads a time such as 30m or 2h.
func (r *studyReader) wait(path, text string) time.Duration {
	d, err := time.ParseDuration(strings.ReplaceAll(text, " ", ""))
	switch {
	case err != nil:
		r.wrong(path, "“%s” is not a time; write one such as 30m or 2h", text)
		return 0
	case d < shortestWait || d > longestWait:
		r.wrong(path, "the time is %s; it must be from 5m to 168h", text)
	}
	return d
}

func (r *studyReader) hours(path string, e hoursEntry) DutyHours {
	h := DutyHours{From: r.clock(path+".from", e.From), To: r.clock(path+".to", e.To)}
	if len(e.Days) == 0 {
		r.wrong(path+".days", "these hours name no day")
	}
	for i, word := range e.Days {
		day := slices.Index(weekdays, word)
		if day < 0 {
			r.wrong(fmt.Sprintf("%s.days[%d]", path, i), "“%s” is not a day; write mon, tue, wed, thu, fri, sat or sun", word)
			continue
		}
		h.Days = append(h.Days, time.Weekday(day))
	}
	if h.From >= 0 && h.To >= 0 && h.To <= h.From {
		r.wrong(path+".to", "these hours end before they begin; hours past midnight are two entries")
	}
	return h
}

// clock reads a time of day as minutes, -1 for none. A day may end at 24:00.
func (r *studyReader) clock(path, text string) int {
	if text == "24:00" {
		return 24 * 60
	}
	t, err := time.Parse("15:04", text)
	if err != nil {
		r.wrong(path, "“%s” is not a time of day; write one in quotes, such as \"09:00\"", text)
		return -1
	}
	return 60*t.Hour() + t.Minute()
}
