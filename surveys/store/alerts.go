package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"wellwave/surveys"
	"wellwave/surveys/store/engine"
)

// An alert and the messages of its route are written in the transaction of the answer that raises it, so that no alert is
// lost and none tells of an answer that is not there. Sending (alertmail.go) works from those rows alone.

// alert raises what an entry calls for and was not raised before, and reports whether that was anything. The response is
// locked.
func (a *arrival) alert(tx engine.Batch, r *surveys.Response, entry *surveys.Entry) (bool, error) {
	codes, err := unraised(tx, r, r.Alarms(entry))
	if err != nil {
		return false, err
	}
	for _, code := range codes {
		if err := a.raise(tx, r, entry, code); err != nil {
			return false, fmt.Errorf("raise an alert: %w", err)
		}
	}
	return len(codes) > 0, nil
}

// unraised lists those of the items on which no alert was raised yet.
func unraised(tx engine.Batch, r *surveys.Response, alarms []string) ([]string, error) {
	var codes []string
	for _, code := range alarms {
		var raised int
		if err := tx.Row(`
			SELECT COUNT(*)
			FROM alerts
			WHERE response_id = ? AND item = ?`, []any{string(r.ID), code}, &raised); err != nil {
			return nil, fmt.Errorf("look for an alert: %w", err)
		}
		if raised == 0 {
			codes = append(codes, code)
		}
	}
	return codes, nil
}

// raise writes one alert with its outbox. Without a plan, which only a pilot may lack, nobody is written to.
func (a *arrival) raise(tx engine.Batch, r *surveys.Response, entry *surveys.Entry, item string) error {
	id, now := newID(a.now), a.now.UnixMilli()
	row := []any{id, string(a.study.ID), string(r.Enrolment), string(r.ID), item, r.Pilot || a.study.Demo, millis(entry.GivenAt()), now}
	if err := tx.Later(`
		INSERT INTO alerts (id, study_id, enrolment_id, response_id, item, trial, given_at, raised_at, row_hash)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`, append(row, a.store.rowHash("alerts", plainly(row)...))...); err != nil {
		return err
	}
	if a.study.Safety == nil {
		return nil
	}
	for _, m := range a.study.Safety.Steps(a.now, a.study.Zone) {
		if err := tx.Later(`
			INSERT INTO alert_messages (alert_id, step, due_at, next_at, tries, sent_name, sent_email)
			VALUES (?, ?, ?, ?, 0, '', '')`, id, m.Step.String(), m.DueAt.UnixMilli(), m.DueAt.UnixMilli()); err != nil {
			return err
		}
	}
	return nil
}

// alertRow is a row of alerts with what the enrolment says.
type alertRow struct {
	ID        surveys.AlertID     `db:"id"`
	Study     surveys.StudyID     `db:"study_id"`
	Enrolment surveys.EnrolmentID `db:"enrolment_id"`
	Label     string              `db:"label"`
	Site      surveys.SiteID      `db:"site_id"`
	Trial     bool                `db:"trial"`
	GivenAt   engine.Stamp        `db:"given_at"`
	RaisedAt  engine.Stamp        `db:"raised_at"`
}

const selectAlert = `
	SELECT a.id, a.study_id, a.enrolment_id, e.label, e.site_id, a.trial, a.given_at, a.raised_at
	FROM alerts a
	JOIN enrolments e ON e.id = a.enrolment_id`

func (r alertRow) alert() surveys.Alert {
	return surveys.Alert{ID: r.ID, Study: r.Study, Enrolment: r.Enrolment, Label: r.Label, Site: r.Site, Trial: r.Trial,
		GivenAt: r.GivenAt.Time(), RaisedAt: r.RaisedAt.Time()}
}

// ListAlerts returns the alerts of a study, open ones first, and of each kind the latest first.
func (s *Store) ListAlerts(ctx context.Context, study surveys.StudyID) ([]surveys.Alert, error) {
	alerts, err := s.listAlerts(ctx, "a.study_id = ?", study)
	slices.SortStableFunc(alerts, func(a, b surveys.Alert) int {
		switch {
		case a.Open() == b.Open():
			return b.RaisedAt.Compare(a.RaisedAt)
		case a.Open():
			return -1
		default:
			return 1
		}
	})
	return alerts, surveys.Wrap("list alerts", err)
}

// FindAlert returns one alert of a study, or a NotFound error.
func (s *Store) FindAlert(ctx context.Context, study surveys.StudyID, id surveys.AlertID) (surveys.Alert, error) {
	alerts, err := s.listAlerts(ctx, "a.study_id = ? AND a.id = ?", study, id)
	if err == nil && len(alerts) == 0 {
		err = surveys.Errorf(surveys.NotFound, "There is no such alert.")
	}
	if err != nil {
		return surveys.Alert{}, surveys.Wrap("find an alert", err)
	}
	return alerts[0], nil
}

// listAlerts returns the alerts that a fixed condition picks, with their messages and actions. Of people whose answers are to
// be erased only those are shown that still have to be acted on.
func (s *Store) listAlerts(ctx context.Context, where string, args ...any) ([]surveys.Alert, error) {
	var rows []alertRow
	if err := s.db.List(ctx, &rows, selectAlert+" WHERE "+where+` AND (a.acknowledged_at IS NULL OR e.withdrawal <> 'erasure') ORDER BY a.id`, args...); err != nil {
		return nil, err
	}
	alerts, at := make([]surveys.Alert, len(rows)), make(map[surveys.AlertID]int, len(rows))
	for i, row := range rows {
		alerts[i], at[row.ID] = row.alert(), i
	}
	if err := s.addMessages(ctx, alerts, at, where, args); err != nil {
		return nil, err
	}
	return alerts, s.addActions(ctx, alerts, at, where, args)
}

func (s *Store) addMessages(ctx context.Context, alerts []surveys.Alert, at map[surveys.AlertID]int, where string, args []any) error {
	var rows []struct {
		Alert   surveys.AlertID `db:"alert_id"`
		Step    string          `db:"step"`
		DueAt   engine.Stamp    `db:"due_at"`
		Tries   int             `db:"tries"`
		SentAt  engine.Stamp    `db:"sent_at"`
		Name    string          `db:"sent_name"`
		Email   string          `db:"sent_email"`
		Dropped bool            `db:"dropped"`
	}
	if err := s.db.List(ctx, &rows, `
		SELECT m.alert_id, m.step, m.due_at, m.tries, m.sent_at, m.sent_name, m.sent_email, m.dropped_at IS NOT NULL AS dropped
		FROM alert_messages m
		JOIN alerts a ON a.id = m.alert_id
		WHERE `+where, args...); err != nil {
		return err
	}
	for _, row := range rows {
		i, ok := at[row.Alert]
		if !ok { // raised since the alerts were read
			continue
		}
		step, err := word("alert_messages.step", surveys.ParseAlertStep, row.Step)
		if err != nil {
			return err
		}
		alerts[i].Messages = append(alerts[i].Messages, surveys.AlertMessage{Step: step, DueAt: row.DueAt.Time(), Tries: row.Tries,
			SentAt: row.SentAt.Time(), SentTo: surveys.Contact{Name: row.Name, Email: row.Email}, Dropped: row.Dropped})
	}
	for _, alert := range alerts {
		slices.SortFunc(alert.Messages, func(a, b surveys.AlertMessage) int { return int(a.Step) - int(b.Step) })
	}
	return nil
}

func (s *Store) addActions(ctx context.Context, alerts []surveys.Alert, at map[surveys.AlertID]int, where string, args []any) error {
	var rows []struct {
		Alert surveys.AlertID   `db:"alert_id"`
		Code  string            `db:"code"`
		By    surveys.AccountID `db:"account_id"`
		At    engine.Stamp      `db:"at"`
	}
	if err := s.db.List(ctx, &rows, `
		SELECT n.alert_id, n.code, n.account_id, n.at
		FROM alert_actions n
		JOIN alerts a ON a.id = n.alert_id
		WHERE `+where+`
		ORDER BY n.alert_id, n.number`, args...); err != nil {
		return err
	}
	for _, row := range rows {
		if i, ok := at[row.Alert]; ok {
			alerts[i].Actions = append(alerts[i].Actions, surveys.AlertAction{Code: row.Code, By: row.By, At: row.At.Time()})
		}
	}
	return nil
}

// OpenAlerts counts the alerts that nobody has taken on, by study.
func (s *Store) OpenAlerts(ctx context.Context) (map[surveys.StudyID]int, error) {
	var rows []struct {
		Study surveys.StudyID `db:"study_id"`
		N     int             `db:"n"`
	}
	if err := s.db.List(ctx, &rows, `
		SELECT study_id, COUNT(*) AS n
		FROM alerts
		WHERE acknowledged_at IS NULL
		GROUP BY study_id`); err != nil {
		return nil, surveys.Wrap("count open alerts", err)
	}
	open := make(map[surveys.StudyID]int, len(rows))
	for _, row := range rows {
		open[row.Study] = row.N
	}
	return open, nil
}

// RecordAlertAction notes what an account did about an alert. The first action takes the alert on: messages that were not
// sent yet are dropped. The same again changes nothing. It fails with Invalid for an unknown code and with NotFound for an unknown alert.
func (s *Store) RecordAlertAction(ctx context.Context, by surveys.AccountID, study surveys.StudyID, id surveys.AlertID, code string) error {
	if err := surveys.CheckAlertAction(code); err != nil {
		return err
	}
	return surveys.Wrap("record an action on an alert", s.db.InTx(ctx, func(tx *engine.Tx) error {
		var enrolment surveys.EnrolmentID
		if err := tx.Get(ctx, &enrolment, `
			SELECT enrolment_id
			FROM alerts
			WHERE id = ? AND study_id = ?
			`+tx.LockRow(), id, study); err != nil {
			return notFound(err, "There is no such alert.")
		}
		var last struct {
			Code string            `db:"code"`
			By   surveys.AccountID `db:"account_id"`
		}
		err := tx.Get(ctx, &last, `
			SELECT code, account_id
			FROM alert_actions
			WHERE alert_id = ?
			ORDER BY number DESC
			LIMIT 1`, id)
		if err != nil && !errors.Is(err, sql.ErrNoRows) || err == nil && last.Code == code && last.By == by { // sent twice
			return err
		}
		a := audit{by, "alert.action", study, string(id), code}
		if err := insertAlertAction(ctx, tx, a, id); err != nil {
			return err
		}
		var erased int
		if err := tx.Get(ctx, &erased, `
			SELECT COUNT(*)
			FROM erasures
			WHERE enrolment_id = ? AND done_at IS NOT NULL`, enrolment); err != nil || erased == 0 {
			return err
		}
		if err := eraseAlerts(ctx, tx, a, enrolment); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, a, `
			UPDATE withdrawals
			SET forgotten_at = NULL
			WHERE enrolment_id = ? AND level = ?`, enrolment, surveys.EraseAnswers.String()) // for the engine to forget this too
		return err
	}))
}

// insertAlertAction writes what a.by did about an alert, whose code is a.detail, and that the alert is taken on.
func insertAlertAction(ctx context.Context, tx *engine.Tx, a audit, id surveys.AlertID) error {
	var number int
	if err := tx.Get(ctx, &number, `
		SELECT COALESCE(MAX(number), 0) + 1
		FROM alert_actions
		WHERE alert_id = ?`, id); err != nil {
		return err
	}
	if err := insertHashed(ctx, tx, a, "alert_actions", id, number, a.detail, a.by, engine.Stamp(tx.Now)); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, a, `
		UPDATE alerts
		SET acknowledged_at = COALESCE(acknowledged_at, ?)
		WHERE id = ?`, engine.Stamp(tx.Now), id); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, a, `
		UPDATE alert_messages
		SET dropped_at = ?
		WHERE alert_id = ? AND sent_at IS NULL AND dropped_at IS NULL`, engine.Stamp(tx.Now), id)
	return err
}

// eraseAlerts deletes the alerts of somebody who asked for erasure: that there was one says something of what was answered.
// One that nobody has taken on yet stays until somebody has, because it is about the person's safety.
func eraseAlerts(ctx context.Context, tx *engine.Tx, a audit, enrolment surveys.EnrolmentID) error {
	const gone = `SELECT id FROM alerts WHERE enrolment_id = ? AND acknowledged_at IS NOT NULL`
	for _, statement := range []string{
		"DELETE FROM alert_messages WHERE alert_id IN (" + gone + ")",
		"DELETE FROM alert_actions WHERE alert_id IN (" + gone + ")",
		"DELETE FROM alerts WHERE id IN (" + gone + ")"} {
		if _, err := tx.Exec(ctx, a, statement, enrolment); err != nil {
			return err
		}
	}
	return nil
}

// mailFresh is for how long a mail server that was reached counts as reachable.
const mailFresh = 15 * time.Minute

// NoteMailRoute notes that the mail server was reached just now.
func (s *Store) NoteMailRoute(ctx context.Context) error {
	return surveys.Wrap("note that mail can be sent", s.db.InTx(ctx, func(tx *engine.Tx) error {
		_, err := tx.Exec(ctx, housekeeping, `
			INSERT INTO mail_route (id, reached_at)
			VALUES (1, ?)
			ON CONFLICT (id) DO UPDATE SET reached_at = excluded.reached_at`, engine.Stamp(tx.Now))
		return err
	}))
}

// checkAlertRoute returns nil if an alert of a study with a safety plan would reach somebody who can take it on, else a
// Conflict that lists what is in the way.
func checkAlertRoute(ctx context.Context, tx *engine.Tx, study *surveys.Study) error {
	message := ""
	var reached []engine.Stamp
	if err := tx.List(ctx, &reached, "SELECT reached_at FROM mail_route WHERE reached_at > ?", engine.Stamp(tx.Now.Add(-mailFresh))); err != nil {
		return fmt.Errorf("look for a way to send mail: %w", err)
	}
	if len(reached) == 0 {
		message += "\nNo server of this database can send e-mail, so nobody would be told of an alert: start wellwave serve with --smtp and --smtp-from."
	}
	for _, who := range []struct {
		what string
		surveys.Contact
	}{{"duty holder", study.Safety.DutyHolder}, {"deputy", study.Safety.Deputy}} {
		var words []string
		if err := tx.List(ctx, &words, `
			SELECT role
			FROM accounts
			WHERE email = ? AND disabled_at IS NULL`, who.Email); err != nil {
			return fmt.Errorf("look for an account: %w", err)
		}
		if !slices.ContainsFunc(surveys.AlertRoles(), func(r surveys.Role) bool { return slices.Contains(words, r.String()) }) {
			message += fmt.Sprintf("\nThe %s, %s, has no account with the address of the safety plan that could take an alert on.", who.what, who.Name)
		}
	}
	if message == "" {
		return nil
	}
	return surveys.Errorf(surveys.Conflict, "The study holds a safety item, and its alerts would not be acted on.%s", message)
}
