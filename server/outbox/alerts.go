// Package outbox sends the messages of alerts, outside of any request.
package outbox

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"wellwave/server/outbox/mail"
	"wellwave/server/page"
	"wellwave/surveys"
	"wellwave/surveys/store"
)

// How often the outbox of alerts is looked at, and how often the mail server is tried, so that its being reachable is on
// record.
const (
	alertsEvery    = 2 * time.Second
	mailCheckEvery = 5 * time.Minute
)

// Alerts sends the messages of alerts.
type Alerts struct {
	Store *store.Store
	Mail  *mail.Sender
	Log   *slog.Logger
	// AlertURL is the address of an alert's page.
	AlertURL func(surveys.StudyID, surveys.AlertID) string
}

// Run sends the messages that are due, until ctx ends. Several servers may do it at once on one database.
func (o *Alerts) Run(ctx context.Context) {
	tick := time.NewTicker(alertsEvery)
	defer tick.Stop()
	var checked time.Time
	for {
		if time.Since(checked) >= mailCheckEvery {
			o.CheckMail(ctx)
			checked = time.Now()
		}
		o.SendDue(ctx)
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// CheckMail notes that the mail server can be reached. A study with a safety item goes live only while that is so.
func (o *Alerts) CheckMail(ctx context.Context) {
	err := o.Mail.Check(ctx)
	if err == nil {
		err = o.Store.NoteMailRoute(ctx)
	}
	if err != nil && ctx.Err() == nil {
		o.Log.Error("check the way to the mail server", "error", err)
	}
}

// SendDue sends the messages whose time has come. A message that is being sent is finished and recorded even if the server
// is told to stop; Run waits for that.
func (o *Alerts) SendDue(ctx context.Context) {
	for ctx.Err() == nil {
		due, err := o.Store.ClaimAlertMail(ctx)
		if err != nil && ctx.Err() == nil {
			o.Log.Error("look for messages of alerts", "error", err)
		}
		if len(due) == 0 {
			return
		}
		o.sendClaimed(ctx, due)
	}
}

func (o *Alerts) sendClaimed(ctx context.Context, due []surveys.AlertMail) {
	finishing := context.WithoutCancel(ctx)
	for _, m := range due {
		if ctx.Err() != nil {
			return // another server sends it when the lease has ended
		}
		note := o.Store.AlertMailSent
		if err := o.Mail.Send(finishing, o.alertMessage(m)); err != nil {
			o.Log.Error("send the message of an alert", "alert", m.Alert.ID, "step", m.Step.String(), "tries", m.Tries, "error", err)
			note = o.Store.AlertMailFailed
		}
		if err := note(finishing, m); err != nil {
			o.Log.Error("note the message of an alert", "alert", m.Alert.ID, "step", m.Step.String(), "error", err)
		}
	}
}

// alertMessage words a message. It says whom to call and by which rule, and nothing about the answers.
func (o *Alerts) alertMessage(m surveys.AlertMail) mail.Message {
	a, subject := m.Alert, "Safety alert: please act now"
	var lines []string
	if a.Trial {
		subject = "TRIAL: " + subject
		lines = append(lines, "This is a trial: answers in this study do not count yet. Make sure that it was not somebody real who answered.", "")
	}
	lines = append(lines, "An answer in the study “"+m.Study.Title+"” calls for its safety protocol.", "",
		"Study number of the participant: "+a.Label,
		"Site: "+m.Study.SiteTitle(a.Site),
		"Received: "+page.SayTime(a.RaisedAt, m.Study.Zone))
	if late := a.Arrival(); late != "" {
		lines = append(lines, late)
	}
	lines = append(lines, "", "Call under the protocol.", "")
	switch m.Step {
	case surveys.TellDeputy:
		lines = append(lines, "You are told as the deputy, because the duty holder has not taken it on in time, or is not on duty now.")
	case surveys.Escalate:
		lines = append(lines, fmt.Sprintf("You are told because nobody has taken it on within %s.", surveys.SayAge(m.Study.Safety.EscalateAfter)))
	default:
		lines = append(lines, "You are told as the duty holder.")
	}
	lines = append(lines, "Say here that you have taken it on, or others are told as well:",
		o.AlertURL(a.Study, a.ID), "",
		"What was answered stands neither here nor there.")
	return mail.Message{ID: string(a.ID) + "." + m.Step.String(), ToName: m.To.Name, To: m.To.Email, Subject: subject,
		Text: strings.Join(lines, "\r\n") + "\r\n"}
}
