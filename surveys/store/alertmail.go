package store

import (
	"context"
	"time"

	"wellwave/surveys"
	"wellwave/surveys/store/engine"
)

const (
	// mailLease is how long a server that took a message on has it to itself. Another goes on after that: the message may be
	// sent again then, under the same Message-ID, and is never left unsent.
	mailLease = 2 * time.Minute
	// mailPatience is the longest time between two tries.
	mailPatience = 15 * time.Minute
	// mailBatch bounds how many messages are taken on at once: a mail server may take half a minute for each, and all are to be
	// sent within the lease.
	mailBatch = 3
)

// waitingMail is a row of the outbox whose time has come.
type waitingMail struct {
	Alert  surveys.AlertID `db:"alert_id"`
	Study  surveys.StudyID `db:"study_id"`
	Step   string          `db:"step"`
	NextAt engine.Stamp    `db:"next_at"`
	Tries  int             `db:"tries"`
}

// ClaimAlertMail takes on the messages whose time has come and that no other server has taken on. Each is the caller's for
// two minutes: it is then to be told by AlertMailSent or AlertMailFailed how it went. Whom a message goes to is what the
// study file says now, so that a new duty holder hears of alerts that were raised before.
func (s *Store) ClaimAlertMail(ctx context.Context) ([]surveys.AlertMail, error) {
	var waiting []waitingMail
	if err := s.db.List(ctx, &waiting, `
		SELECT m.alert_id, a.study_id, m.step, m.next_at, m.tries
		FROM alert_messages m
		JOIN alerts a ON a.id = m.alert_id
		WHERE m.sent_at IS NULL AND m.dropped_at IS NULL AND m.next_at <= ?
		ORDER BY m.next_at, m.alert_id, m.step
		LIMIT ?`, engine.Stamp(s.now()), mailBatch); err != nil {
		return nil, surveys.Wrap("look for messages to send", err)
	}
	var claimed []surveys.AlertMail
	for _, row := range waiting {
		mine, err := s.claimMail(ctx, row)
		if err != nil {
			return claimed, surveys.Wrap("take a message on", err)
		}
		if !mine {
			continue
		}
		mail, err := s.alertMail(ctx, row)
		if err != nil {
			return claimed, surveys.Wrap("read a message to send", err)
		}
		if mail.To.Email != "" {
			claimed = append(claimed, mail)
		}
	}
	return claimed, nil
}

// claimMail reports whether the message is this server's to send: of several that try, one changes the row.
func (s *Store) claimMail(ctx context.Context, row waitingMail) (mine bool, err error) {
	err = s.db.InTx(ctx, func(tx *engine.Tx) error {
		n, err := tx.Exec(ctx, housekeeping, `
			UPDATE alert_messages
			SET next_at = ?, tries = tries + 1
			WHERE alert_id = ? AND step = ? AND tries = ? AND next_at = ? AND sent_at IS NULL AND dropped_at IS NULL`,
			engine.Stamp(tx.Now.Add(mailLease)), row.Alert, row.Step, row.Tries, row.NextAt)
		mine = n == 1
		return err
	})
	return mine, err
}

func (s *Store) alertMail(ctx context.Context, row waitingMail) (surveys.AlertMail, error) {
	alert, err := s.FindAlert(ctx, row.Study, row.Alert)
	if err != nil {
		return surveys.AlertMail{}, err
	}
	study, _, err := s.Study(ctx, row.Study)
	if err != nil {
		return surveys.AlertMail{}, err
	}
	step, err := word("alert_messages.step", surveys.ParseAlertStep, row.Step)
	if err != nil {
		return surveys.AlertMail{}, err
	}
	mail := surveys.AlertMail{Alert: alert, Study: study, Step: step, Tries: row.Tries + 1}
	if study.Safety != nil { // a pilot may have lost its plan since
		mail.To = study.Safety.To(step)
	}
	return mail, nil
}

// AlertMailSent notes that the mail server took a message, and to whom it went.
func (s *Store) AlertMailSent(ctx context.Context, mail surveys.AlertMail) error {
	return surveys.Wrap("note that a message was sent", s.db.InTx(ctx, func(tx *engine.Tx) error {
		_, err := tx.Exec(ctx, housekeeping, `
			UPDATE alert_messages
			SET sent_at = ?, sent_name = ?, sent_email = ?
			WHERE alert_id = ? AND step = ? AND sent_at IS NULL`,
			engine.Stamp(tx.Now), mail.To.Name, mail.To.Email, mail.Alert.ID, mail.Step.String())
		return err
	}))
}

// AlertMailFailed notes that a message could not be sent. It is tried again after half a minute, and then after twice as long
// each time, up to a quarter of an hour, for as long as nobody has taken the alert on.
func (s *Store) AlertMailFailed(ctx context.Context, mail surveys.AlertMail) error {
	wait := min(30*time.Second<<min(mail.Tries-1, 10), mailPatience)
	return surveys.Wrap("note that a message was not sent", s.db.InTx(ctx, func(tx *engine.Tx) error {
		_, err := tx.Exec(ctx, housekeeping, `
			UPDATE alert_messages
			SET next_at = ?
			WHERE alert_id = ? AND step = ? AND tries = ? AND sent_at IS NULL`,
			engine.Stamp(tx.Now.Add(wait)), mail.Alert.ID, mail.Step.String(), mail.Tries)
		return err
	}))
}
