package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"wellwave/surveys"
	"wellwave/surveys/store/engine"
)

// Replayed says what was done again after an older copy of a database was put in place.
type Replayed struct {
	People   int // whose leaving, or coming back, the copy did not know
	Erasures int // how many of them had their answers erased, or taken out of use until they are
	Unknown  int // enrolled since the copy was made, so nothing of them is in it
	TakenBack
}

// Replay does again in this database, which is an older copy, whatever withdrawals and erasures the database at dsn has had
// since, and takes back again what was taken back there: see replayGrants. Whoever is signed in signs in again. What was done
// already stays as it is, so that it can be run again. It fails with NotFound or Invalid where there is no such database to read.
func (s *Store) Replay(ctx context.Context, dsn string) (Replayed, error) {
	var done Replayed
	steps, err := readSteps(ctx, dsn)
	if err != nil {
		return done, surveys.Wrap("read the withdrawals of the other database", err)
	}
	if err := s.endShortLived(ctx); err != nil {
		return done, err
	}
	other, err := engine.OpenAsIs(dsn)
	if err != nil {
		return done, err
	}
	defer func() { _ = other.Close() }() // it was only read from
	if done.TakenBack, err = s.replayGrants(ctx, other); err != nil {
		return done, surveys.Wrap("take back again what was taken back", err)
	}
	for len(steps) > 0 {
		n := 1
		for n < len(steps) && steps[n].Enrolment == steps[0].Enrolment {
			n++
		}
		err := s.replayPerson(ctx, steps[:n], &done)
		if err != nil {
			return done, surveys.Wrap("do a withdrawal again", err)
		}
		steps = steps[n:]
	}
	return done, nil
}

// readSteps returns every step of everybody's leaving in another database, person by person.
func readSteps(ctx context.Context, dsn string) ([]withdrawalRow, error) {
	other, err := engine.OpenAsIs(dsn)
	if err != nil {
		return nil, err
	}
	defer func() { _ = other.Close() }() // it was only read from
	there, err := other.HasTable(ctx, "withdrawals")
	if err != nil || !there {
		return nil, err
	}
	waits, err := other.HasTable(ctx, "erasures")
	if err != nil {
		return nil, err
	}
	query := `
		SELECT ` + withdrawalColumns + `
		FROM withdrawals w` + withErasure
	if !waits { // until then answers were erased at once
		query = `
		SELECT enrolment_id, number, level, channel, reason, account_id, at, at AS due_at, at AS done_at
		FROM withdrawals`
	}
	var rows []withdrawalRow
	if err := other.List(ctx, &rows, query); err != nil {
		return nil, err
	}
	slices.SortFunc(rows, func(a, b withdrawalRow) int {
		return cmp.Or(cmp.Compare(a.Enrolment, b.Enrolment), a.Number-b.Number)
	})
	return rows, nil
}

// replayPerson does again those of somebody's steps that this database does not have, one after the other and in one
// transaction. A lock holds nothing up: what is erased was erased, whatever the study's state was at the copy.
func (s *Store) replayPerson(ctx context.Context, rows []withdrawalRow, done *Replayed) error {
	var steps []*leavingStep
	for _, row := range rows {
		w, err := row.withdrawal()
		if err != nil {
			return err
		}
		step, err := s.stepOf(ctx, w, "withdrawal.replay")
		if surveys.KindOf(err) == surveys.NotFound {
			done.Unknown++
			return nil
		}
		if err != nil {
			return err
		}
		steps = append(steps, step)
	}
	var missing []*leavingStep
	var erased bool // for good
	err := s.db.InTx(ctx, func(tx *engine.Tx) error {
		if _, _, err := holdPerson(ctx, tx, rows[0].Enrolment); err != nil {
			return err
		}
		var known int
		if err := tx.Get(ctx, &known, `
			SELECT COUNT(*)
			FROM withdrawals
			WHERE enrolment_id = ?`, rows[0].Enrolment); err != nil {
			return fmt.Errorf("count the steps that are known: %w", err)
		}
		missing = steps[min(known, len(steps)):]
		erased = false
		for _, step := range missing {
			if err := step.replay(ctx, tx); err != nil {
				return err
			}
		}
		last := steps[len(steps)-1]
		left, err := listSteps(ctx, tx, last.Enrolment)
		if err != nil || last.Erasure.Done.IsZero() || !left.Now().Erasure.Waits() {
			return err
		}
		erased = true
		return erase(ctx, tx, last.study, last.Enrolment)
	})
	if err != nil || len(missing) == 0 && !erased {
		return err
	}
	done.People++
	if len(missing) > 0 && missing[len(missing)-1].Level == surveys.EraseAnswers || erased {
		done.Erasures++
	}
	return nil
}

// replay does the step again as at its own time, by an account only where this database knows that.
func (l *leavingStep) replay(ctx context.Context, tx *engine.Tx) error {
	var known int
	if err := tx.Get(ctx, &known, `
		SELECT COUNT(*)
		FROM accounts
		WHERE id = ?`, l.By); err != nil {
		return err
	}
	if known == 0 {
		l.By = ""
	}
	left, err := listSteps(ctx, tx, l.Enrolment)
	if err != nil {
		return err
	}
	if withheld := left.Now().Erasure.Waits(); withheld && l.Level < surveys.EraseAnswers || l.Level == 0 {
		return l.comeBack(ctx, tx, l.Reason, withheld)
	}
	return l.leave(ctx, tx)
}
