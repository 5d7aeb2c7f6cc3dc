package store

import (
	"context"
	"errors"
	"slices"

	"wellwave/surveys"
	"wellwave/surveys/store/engine"
)

// withdrawalRow is a row of withdrawals.
type withdrawalRow struct {
	Enrolment surveys.EnrolmentID `db:"enrolment_id"`
	Number    int                 `db:"number"`
	Level     string              `db:"level"`
	Channel   string              `db:"channel"`
	Reason    string              `db:"reason"`
	By        *string             `db:"account_id"`
	At        engine.Stamp        `db:"at"`
	Due       engine.Stamp        `db:"due_at"`
	Done      engine.Stamp        `db:"done_at"`
	Undone    engine.Stamp        `db:"undone_at"`
}

// withdrawalColumns and withErasure read a step w of somebody's leaving.
const (
	withdrawalColumns = `w.enrolment_id, w.number, w.level, w.channel, w.reason, w.account_id, w.at, r.due_at, r.done_at, r.undone_at`
	withErasure       = `
		LEFT JOIN erasures r ON r.enrolment_id = w.enrolment_id AND r.number = w.number`
)

func (r withdrawalRow) withdrawal() (surveys.Withdrawal, error) {
	level, wrongLevel := wordOrNone("withdrawals.level", surveys.ParseWithdrawalLevel, r.Level)
	channel, wrongChannel := wordOrNone("withdrawals.channel", surveys.ParseChannel, r.Channel)
	w := surveys.Withdrawal{Enrolment: r.Enrolment, Level: level, Channel: channel, Reason: r.Reason, At: r.At.Time(),
		Erasure: surveys.Erasure{Due: r.Due.Time(), Done: r.Done.Time(), Undone: r.Undone.Time()}}
	if r.By != nil {
		w.By = surveys.AccountID(*r.By)
	}
	return w, errors.Join(wrongLevel, wrongChannel)
}

// FindWithdrawal returns all that is known about somebody's leaving.
func (s *Store) FindWithdrawal(ctx context.Context, enrolment surveys.EnrolmentID) (surveys.Withdrawn, error) {
	found, err := listSteps(ctx, s.db, enrolment)
	if err != nil {
		return found, err
	}
	if found.Now().Level != surveys.EraseAnswers {
		found.Asked, err = proposedErasures(ctx, s.db, enrolment)
		return found, err
	}
	err = s.db.List(ctx, &found.Releases, `
		SELECT DISTINCT rr.number
		FROM release_responses rr
		JOIN releases l ON l.study_id = rr.study_id AND l.number = rr.number
		JOIN responses r ON r.id = rr.response_id
		WHERE r.enrolment_id = ? AND l.manifest <> ''
		ORDER BY rr.number`, enrolment)
	return found, surveys.Wrap("find the releases of erased answers", err)
}

// listSteps returns the steps of somebody's leaving.
func listSteps(ctx context.Context, from querier, enrolment surveys.EnrolmentID) (surveys.Withdrawn, error) {
	var rows []withdrawalRow
	if err := from.List(ctx, &rows, `
		SELECT `+withdrawalColumns+`
		FROM withdrawals w`+withErasure+`
		WHERE w.enrolment_id = ?
		ORDER BY w.number`, enrolment); err != nil {
		return surveys.Withdrawn{}, surveys.Wrap("find a withdrawal", err)
	}
	var found surveys.Withdrawn
	for _, row := range rows {
		w, err := row.withdrawal()
		if err != nil {
			return surveys.Withdrawn{}, err
		}
		found.History = append(found.History, w)
	}
	return found, nil
}

// ListWithdrawals returns everybody who has left a study, the latest first.
func (s *Store) ListWithdrawals(ctx context.Context, study surveys.StudyID) ([]surveys.Leaver, error) {
	var rows []struct {
		withdrawalRow
		Label string         `db:"label"`
		Site  surveys.SiteID `db:"site_id"`
	}
	if err := s.db.List(ctx, &rows, `
		SELECT `+withdrawalColumns+`, e.label, e.site_id
		FROM enrolments e
		JOIN withdrawals w ON w.enrolment_id = e.id`+withErasure+`
		WHERE e.study_id = ? AND e.withdrawal <> '' AND w.number = (
				SELECT MAX(n.number)
				FROM withdrawals n
				WHERE n.enrolment_id = e.id)`, study); err != nil {
		return nil, surveys.Wrap("list withdrawals", err)
	}
	leavers := make([]surveys.Leaver, 0, len(rows))
	for _, row := range rows {
		w, err := row.withdrawal()
		if err != nil {
			return nil, err
		}
		leavers = append(leavers, surveys.Leaver{Withdrawal: w, Label: row.Label, Site: row.Site})
	}
	slices.SortFunc(leavers, func(a, b surveys.Leaver) int {
		if later := b.At.Compare(a.At); later != 0 {
			return later
		}
		if a.Label < b.Label {
			return -1
		}
		return 1
	})
	return leavers, nil
}
