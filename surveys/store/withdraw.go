package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"wellwave/surveys"
	"wellwave/surveys/store/engine"
)

// Withdraw records that somebody leaves their study, and does in the same transaction all that follows from it: links and
// codes end, what was not answered at any wave is refused, and answers are taken out of use where erasure was asked for, which
// EraseDue carries out when it is due. It waits for the submissions under way; those that come later are judged by what it
// leaves behind. The same level again changes nothing. It fails with NotFound for an unknown enrolment, and with Conflict for a
// lower level than the one that stands.
//
// An erasure is only proposed, see DecideProposal, once the study is locked, and where staff have had as many people of the
// site erased within an hour as they may by themselves. FindWithdrawal tells.
func (s *Store) Withdraw(ctx context.Context, w surveys.Withdrawal) error {
	var err error
	for range submitTries { // so that nobody has to ask for it again
		if err = s.withdraw(ctx, w); !errors.Is(err, errJustBegun) {
			break
		}
	}
	return surveys.Wrap("record a withdrawal", err)
}

func (s *Store) withdraw(ctx context.Context, w surveys.Withdrawal) error {
	step, err := s.stepOf(ctx, w, "withdrawal.record")
	if err != nil {
		return err
	}
	return s.db.InTx(ctx, func(tx *engine.Tx) error {
		step.At = tx.Now
		from, state, err := holdPerson(ctx, tx, w.Enrolment)
		if err != nil || from == w.Level {
			return err
		}
		if err := from.CheckRaise(w.Level); err != nil {
			return err
		}
		step.locked = state == surveys.Locked
		if w.Level != surveys.EraseAnswers {
			return step.leave(ctx, tx)
		}
		if found, err := proposedErasures(ctx, tx, w.Enrolment); err != nil || surveys.ErasureAsked(found, w.By != "", state) != nil {
			return err
		}
		if step.locked {
			return step.askAfterLock(ctx, tx, from)
		}
		if more, err := step.moreThanAnHour(ctx, tx); err != nil || more {
			return err
		}
		step.Erasure = surveys.Erasure{Due: tx.Now.Add(w.Channel.ErasureWait(step.erasureDays))}
		return step.leave(ctx, tx)
	})
}

// proposedErasures returns the erasures of somebody that wait for a decision, the latest first.
func proposedErasures(ctx context.Context, from querier, enrolment surveys.EnrolmentID) ([]surveys.Proposal, error) {
	return listProposals(ctx, from, "p.enrolment_id = ? AND p.state = ?", enrolment, surveys.ProposalWaiting.String())
}

// askAfterLock keeps what somebody asked for after the lock for whoever answers for the data to decide. All else that they
// asked for with it is done: they leave as far as a locked study allows, and contact details, which no analysis needs, go.
func (l *leavingStep) askAfterLock(ctx context.Context, tx *engine.Tx, from surveys.WithdrawalLevel) error {
	if from < surveys.StopCollection {
		less := *l
		less.Level = surveys.StopCollection
		if err := less.leave(ctx, tx); err != nil {
			return err
		}
	}
	a := audit{l.By, "contact.erase", l.study, string(l.Enrolment), "asked after the lock"}
	if _, err := tx.Exec(ctx, a, `
		DELETE FROM contact_details
		WHERE participant_id IN (
			SELECT participant_id
			FROM enrolments
			WHERE id = ?)`, l.Enrolment); err != nil {
		return fmt.Errorf("erase contact details: %w", err)
	}
	return propose(ctx, tx, surveys.Proposal{Study: l.study, Kind: surveys.EraseLocked, Enrolment: l.Enrolment, Channel: l.Channel, ErasureDays: l.erasureDays, By: l.By})
}

// moreThanAnHour asks a second person where staff have had as many people of the site erased within an hour as they may by
// themselves, and reports whether it did. Submissions are held, so nobody counts at the same time.
func (l *leavingStep) moreThanAnHour(ctx context.Context, tx *engine.Tx) (bool, error) {
	if l.By == "" { // the person, with their own code
		return false, nil
	}
	var n int
	if err := tx.Get(ctx, &n, `
		SELECT COUNT(*)
		FROM withdrawals w
		JOIN enrolments e ON e.id = w.enrolment_id
		JOIN enrolments o ON o.study_id = e.study_id AND o.site_id = e.site_id
		WHERE o.id = ? AND w.level = ? AND w.account_id IS NOT NULL AND w.at > ?`,
		l.Enrolment, surveys.EraseAnswers.String(), engine.Stamp(tx.Now.Add(-time.Hour))); err != nil {
		return false, fmt.Errorf("count the erasures of a site: %w", err)
	}
	if n < surveys.ErasuresAnHour {
		return false, nil
	}
	return true, propose(ctx, tx, surveys.Proposal{Study: l.study, Kind: surveys.EraseMore, Enrolment: l.Enrolment, Channel: l.Channel, ErasureDays: l.erasureDays, By: l.By})
}

// UndoWithdrawal takes back what Withdraw recorded, for a reason of surveys.ReturnReasons: of an erasure that waits the erasure
// alone, so that what held before it holds again, and else all of it. Links that had ended stay so. It fails with Conflict
// where nobody has left or the answers are erased, and with Closed in a study that is locked.
func (s *Store) UndoWithdrawal(ctx context.Context, by surveys.AccountID, enrolment surveys.EnrolmentID, reason string) error {
	step, err := s.stepOf(ctx, surveys.Withdrawal{Enrolment: enrolment, By: by}, "withdrawal.undo")
	if err != nil {
		return err
	}
	return surveys.Wrap("take a withdrawal back", s.db.InTx(ctx, func(tx *engine.Tx) error {
		_, state, err := holdPerson(ctx, tx, enrolment)
		if err != nil {
			return err
		}
		left, err := listSteps(ctx, tx, enrolment)
		if err != nil {
			return err
		}
		if err := left.Now().CheckReturn(reason, tx.Now); err != nil {
			return err
		}
		before := left.Before()
		step.Level, step.Channel, step.Reason, step.At = before.Level, before.Channel, "", tx.Now
		if step.Level == 0 {
			step.Reason = reason
		}
		if state == surveys.Locked {
			return surveys.Errorf(surveys.Closed, "The study is locked, so nothing about its participants can be changed.")
		}
		return step.comeBack(ctx, tx, reason, left.Now().Erasure.Waits())
	}))
}

// leavingStep is a step of somebody's leaving that is about to be written, with what it changes.
type leavingStep struct {
	surveys.Withdrawal
	study     surveys.StudyID
	primary   surveys.ScaleID
	standings []*dispositionEdit // at each wave that participants answer
	action    string             // in the audit trail
	locked    bool               // nothing about any response changes
	// erasureDays is how long an erasure waits that staff record, as the study has it now.
	erasureDays int
}

// stepOf reads what a step needs to know.
func (s *Store) stepOf(ctx context.Context, w surveys.Withdrawal, action string) (*leavingStep, error) {
	person, err := s.FindEnrolment(ctx, w.Enrolment)
	if err != nil {
		return nil, err
	}
	study, _, err := s.Study(ctx, person.Study)
	if err != nil {
		return nil, err
	}
	step := &leavingStep{Withdrawal: w, study: study.ID, primary: study.Primary, action: action, erasureDays: study.ErasureDays}
	for _, wave := range study.PatientWaves() {
		st, err := s.findDispositionEdit(ctx, w.Enrolment, wave.ID)
		if err != nil {
			return nil, err
		}
		step.standings = append(step.standings, st)
	}
	return step, nil
}

// leave writes the step and all that follows from it. Submissions are held and the enrolment is locked.
func (l *leavingStep) leave(ctx context.Context, tx *engine.Tx) error {
	a := audit{l.By, l.action, l.study, string(l.Enrolment), l.Level.String() + " by " + l.Channel.String()}
	if err := insertWithdrawal(ctx, tx, a, l.Withdrawal); err != nil {
		return err
	}
	if err := endInvitations(ctx, tx, a, l.Enrolment); err != nil {
		return err
	}
	if l.Level == surveys.StopCollection { // an erasure keeps them until it is due, and nobody sees them
		if err := dropPapers(ctx, tx, a, l.Enrolment, false); err != nil {
			return err
		}
	}
	if !l.locked {
		for _, st := range l.standings {
			if err := st.change(ctx, tx, a, func(r *surveys.Response) ([]surveys.DispositionChange, error) {
				return r.Leave(l.Level, l.By, tx.Now), nil
			}); err != nil {
				return err
			}
		}
	}
	if l.Level == surveys.EraseAnswers {
		return withhold(ctx, tx, a, l.Enrolment)
	}
	return nil
}

// comeBack writes that a withdrawal is taken back for a reason, and opens again what was not answered. What an erasure had
// withheld is in use again.
func (l *leavingStep) comeBack(ctx context.Context, tx *engine.Tx, reason string, withheld bool) error {
	a := audit{l.By, l.action, l.study, string(l.Enrolment), reason}
	if l.Level != 0 {
		a.detail += ", back to " + l.Level.String()
	}
	if err := insertWithdrawal(ctx, tx, a, l.Withdrawal); err != nil {
		return err
	}
	if withheld {
		if err := l.revive(ctx, tx, a); err != nil {
			return err
		}
	}
	for _, st := range l.standings {
		st.circumstances.Now = tx.Now
		if err := st.change(ctx, tx, a, func(r *surveys.Response) ([]surveys.DispositionChange, error) {
			return append(r.Return(l.By, st.circumstances), r.Leave(l.Level, l.By, tx.Now)...), nil
		}); err != nil {
			return err
		}
	}
	return nil
}

// holdPerson holds up all submissions and whatever else concerns the enrolment until the transaction ends, and returns how
// far the person has left and the state of their study.
func holdPerson(ctx context.Context, tx *engine.Tx, enrolment surveys.EnrolmentID) (surveys.WithdrawalLevel, surveys.StudyState, error) {
	if err := holdSubmissions(ctx, tx); err != nil {
		return 0, 0, err
	}
	left, err := lockEnrolment(ctx, tx, enrolment)
	if err != nil {
		return 0, 0, err
	}
	var text string
	err = tx.Get(ctx, &text, `
		SELECT st.state
		FROM enrolments e
		JOIN studies st ON st.id = e.study_id
		WHERE e.id = ?`, enrolment)
	if err != nil {
		return 0, 0, err
	}
	state, err := word("studies.state", surveys.ParseStudyState, text)
	return left, state, err
}

// lockEnrolment returns how far somebody has left, which nobody changes until the transaction ends.
func lockEnrolment(ctx context.Context, tx *engine.Tx, enrolment surveys.EnrolmentID) (surveys.WithdrawalLevel, error) {
	var text string
	if err := tx.Get(ctx, &text, `
		SELECT withdrawal
		FROM enrolments
		WHERE id = ?
		`+tx.LockRow(), enrolment); err != nil {
		return 0, notFound(err, "no such participant is enrolled")
	}
	return wordOrNone("enrolments.withdrawal", surveys.ParseWithdrawalLevel, text)
}

// insertWithdrawal adds the next step of somebody's leaving and makes the enrolment say so.
func insertWithdrawal(ctx context.Context, tx *engine.Tx, a audit, w surveys.Withdrawal) error {
	var number int
	if err := tx.Get(ctx, &number, `
		SELECT COALESCE(MAX(number), 0) + 1
		FROM withdrawals
		WHERE enrolment_id = ?`, w.Enrolment); err != nil {
		return fmt.Errorf("number the withdrawal: %w", err)
	}
	if err := insertHashed(ctx, tx, a, "withdrawals", w.Enrolment, number, w.Level.String(), w.Channel.String(), w.Reason, orNull(w.By), engine.Stamp(w.At)); err != nil {
		return fmt.Errorf("write the withdrawal: %w", err)
	}
	if w.Level == surveys.EraseAnswers {
		if err := insertHashed(ctx, tx, a, "erasures", w.Enrolment, number, engine.Stamp(w.Erasure.Due), nil, nil); err != nil {
			return fmt.Errorf("write when answers are erased: %w", err)
		}
	}
	_, err := tx.Exec(ctx, a, `
		UPDATE enrolments
		SET withdrawal = ?, withdrawn_at = CASE WHEN ? <> '' THEN COALESCE(withdrawn_at, ?) END
		WHERE id = ?`, w.Level.String(), w.Level.String(), engine.Stamp(w.At), w.Enrolment)
	return err
}

func endInvitations(ctx context.Context, tx *engine.Tx, a audit, enrolment surveys.EnrolmentID) error {
	_, err := changeHashed(ctx, tx, a, change{"invitations", "ended_at = ?", "enrolment_id = ? AND ended_at IS NULL", []any{engine.Stamp(tx.Now)}, []any{enrolment}})
	return err
}
