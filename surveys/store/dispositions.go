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

// RecordDisposition sets what an account knows of a participant at a wave, and for a lasting reason, such as a death, at
// every later wave that has no final disposition yet, so that nobody is asked in vain. It fails with Invalid for a
// disposition that only answers decide, a reason that does not go with it, or ineligibility after baseline, and with
// Closed for somebody who has left the study: that is their outcome.
func (s *Store) RecordDisposition(ctx context.Context, by surveys.AccountID, enrolment surveys.EnrolmentID, wave surveys.WaveID,
	d surveys.Disposition, reason string) error {
	a := audit{by: by, action: "disposition.record", detail: fmt.Sprintf("%s: %s, %s", wave, d, reason)}
	return s.changeDisposition(ctx, enrolment, wave, a, func(r *surveys.Response, st *dispositionEdit, later bool) ([]surveys.DispositionChange, error) {
		if later && (r.Disposition.Final() || !surveys.LastingReason(d, reason)) {
			return nil, nil
		}
		change, err := r.Record(st.wave, d, reason, by, st.circumstances.Now)
		return []surveys.DispositionChange{change}, err
	})
}

// UndoDisposition takes back what an account recorded, and what followed from it at later waves: the disposition is again
// what the answers and the window say. It fails with Conflict if nothing was recorded.
func (s *Store) UndoDisposition(ctx context.Context, by surveys.AccountID, enrolment surveys.EnrolmentID, wave surveys.WaveID) error {
	reason := ""
	a := audit{by: by, action: "disposition.undo", detail: string(wave)}
	return s.changeDisposition(ctx, enrolment, wave, a, func(r *surveys.Response, st *dispositionEdit, later bool) ([]surveys.DispositionChange, error) {
		if !later && surveys.LastingReason(r.Disposition, r.Reason) {
			reason = r.Reason
		}
		if later && (r.Source != surveys.ByPerson || r.Reason != reason) {
			return nil, nil
		}
		change, err := r.UndoRecord(by, st.circumstances)
		return []surveys.DispositionChange{change}, err
	})
}

// changeDisposition lets decide change the response at a wave, and then at each later one, all in one transaction.
func (s *Store) changeDisposition(ctx context.Context, enrolment surveys.EnrolmentID, wave surveys.WaveID, a audit,
	decide func(r *surveys.Response, st *dispositionEdit, later bool) ([]surveys.DispositionChange, error)) error {
	person, err := s.FindEnrolment(ctx, enrolment)
	if err != nil {
		return err
	}
	study, state, err := s.Study(ctx, person.Study)
	if err != nil {
		return err
	}
	if state == surveys.Locked {
		return surveys.Errorf(surveys.Closed, "The study is locked, so nothing about its participants can be changed.")
	}
	var standings []*dispositionEdit
	for _, w := range append([]surveys.Wave{{ID: wave}}, study.LaterWaves(wave)...) {
		st, err := s.findDispositionEdit(ctx, enrolment, w.ID)
		if err != nil {
			return err
		}
		standings = append(standings, st)
	}
	a.study, a.object = person.Study, string(enrolment)
	err = s.db.InTx(ctx, func(tx *engine.Tx) error {
		for i, st := range standings {
			st.circumstances.Now = tx.Now
			if err := st.change(ctx, tx, a, func(r *surveys.Response) ([]surveys.DispositionChange, error) {
				if st.left != 0 {
					return nil, surveys.Errorf(surveys.Closed, "This person has left the study, which is their outcome. The study team can take that back.")
				}
				return decide(r, st, i > 0)
			}); err != nil {
				return err
			}
		}
		return nil
	})
	return surveys.Wrap("change a disposition", err)
}

// dispositionEdit is one enrolment at one wave, about to have its disposition changed.
type dispositionEdit struct {
	store         *Store
	enrolment     surveys.EnrolmentID
	wave          surveys.Wave
	questionnaire *surveys.Questionnaire // of the response there is, or of the one to begin
	circumstances surveys.Circumstances
	left          surveys.WithdrawalLevel // once change has locked the response
}

// findDispositionEdit reads what a change of disposition needs to know.
func (s *Store) findDispositionEdit(ctx context.Context, enrolment surveys.EnrolmentID, wave surveys.WaveID) (*dispositionEdit, error) {
	page, err := s.Occasion(ctx, enrolment, wave)
	if err != nil {
		return nil, err
	}
	return &dispositionEdit{store: s, enrolment: enrolment, wave: page.Wave, questionnaire: page.Questionnaire,
		circumstances: surveys.Circumstances{Study: page.State, Primary: page.Study.Primary, Window: page.Window,
			HasWindow: page.HasWindow, Consented: page.Consented, Withdrawn: page.Left >= surveys.StopCollection}}, nil
}

// errJustBegun says that a response was begun with another questionnaire since a standing was read.
var errJustBegun = surveys.Errorf(surveys.Conflict, "This participant's questionnaire has just been begun. Please try again.")

// change locks or begins the response, lets decide change it and writes what changed, of which record is the record.
func (st *dispositionEdit) change(ctx context.Context, tx *engine.Tx, record engine.Record, decide func(*surveys.Response) ([]surveys.DispositionChange, error)) error {
	batch := tx.Batch(ctx, record)
	fresh := surveys.NewResponse(surveys.ResponseID(newID(tx.Now)), st.enrolment, st.wave.ID, st.questionnaire)
	row, err := beginResponse(batch, surveys.Operator(), fresh, st.store.responseHash(fresh))
	if err == nil {
		row, err = lockResponse(batch, tx.LockRow(), surveys.Operator(), st.enrolment, st.wave.ID)
	}
	if err != nil {
		return err
	}
	if row.questionnaire != st.questionnaire.Hash {
		return errJustBegun
	}
	f, err := parseFacts(row.facts.String)
	if err != nil {
		return err
	}
	st.left = f.left // as it is now, and not when the page was read
	r, err := row.response(st.questionnaire)
	if err != nil {
		return err
	}
	before := r.Dispositions
	changes, err := decide(r)
	if err != nil {
		return err
	}
	if len(changes) == 0 {
		return abandonResponse(batch, row.id, fresh)
	}
	if err := updateResponse(batch, r); err != nil {
		return err
	}
	for i, change := range changes {
		if err := st.store.insertDisposition(batch, r.ID, before+i+1, change); err != nil {
			return err
		}
	}
	return nil
}

// abandonResponse takes a response back that was begun for nothing. It would hold on to today's questionnaire for somebody
// who has not begun to answer.
func abandonResponse(tx engine.Batch, id string, fresh *surveys.Response) error {
	if id != string(fresh.ID) {
		return nil
	}
	return tx.Later(`
		DELETE FROM responses
		WHERE id = ?`, id)
}

// ListDispositions returns the history of an enrolment at a wave, oldest first; it is empty where nothing has happened.
func (s *Store) ListDispositions(ctx context.Context, enrolment surveys.EnrolmentID, wave surveys.WaveID) ([]surveys.DispositionChange, error) {
	var rows []struct {
		At          engine.Stamp   `db:"at"`
		Disposition string         `db:"disposition"`
		Source      string         `db:"source"`
		Reason      string         `db:"reason"`
		By          sql.NullString `db:"account_id"`
	}
	if err := s.db.List(ctx, &rows, `
		SELECT d.at, d.disposition, d.source, d.reason, d.account_id
		FROM dispositions d
		JOIN responses r ON r.id = d.response_id
		WHERE r.enrolment_id = ? AND r.wave_id = ?
		ORDER BY d.number`, enrolment, wave); err != nil {
		return nil, surveys.Wrap("list dispositions", err)
	}
	history := make([]surveys.DispositionChange, 0, len(rows))
	for _, row := range rows {
		d, wrong := word("dispositions.disposition", surveys.ParseDisposition, row.Disposition)
		source, wrongSource := word("dispositions.source", surveys.ParseDispositionSource, row.Source)
		if err := errors.Join(wrong, wrongSource); err != nil {
			return nil, err
		}
		history = append(history, surveys.DispositionChange{At: row.At.Time(), Disposition: d, Source: source, Reason: row.Reason,
			By: surveys.AccountID(row.By.String)})
	}
	return history, nil
}

// finaliseAtOnce bounds how many responses one transaction finalises, so that submissions get their turn in between.
const finaliseAtOnce = 100

// FinaliseClosed gives everybody whose window has closed without a final disposition the one that their answers amount
// to: complete, partial or break-off, or non-contact for those who never began; and takes back what was so decided at a time that
// has not come. It returns how many it changed. While the clock is in doubt it changes nothing.
func (s *Store) FinaliseClosed(ctx context.Context) (int, error) {
	if s.CheckClock(ctx) != nil {
		return 0, nil
	}
	studies, err := s.ListStudies(ctx)
	if err != nil {
		return 0, err
	}
	total := 0
	for _, listed := range studies {
		study, state, err := s.Study(ctx, listed.ID)
		if err != nil {
			return total, err
		}
		if state != surveys.Live && state != surveys.Ended {
			continue
		}
		for _, wave := range study.PatientWaves() {
			undone, err := s.undoFuture(ctx, study, wave)
			total += undone
			if err != nil {
				return total, surveys.Wrap("take back what a wrong clock decided", err)
			}
			n, err := s.finaliseWave(ctx, study, wave)
			total += n
			if err != nil {
				return total, surveys.Wrap("finalise closed windows", err)
			}
		}
	}
	return total, nil
}

func (s *Store) finaliseWave(ctx context.Context, study *surveys.Study, wave surveys.Wave) (int, error) {
	from := "e.baseline_day"
	if wave.Baseline {
		from = "e.sampled_day"
	}
	// The last day from which a window has closed by now.
	last := wave.LastClosed(surveys.DayNumber(s.now(), study.Zone))
	var ids []surveys.EnrolmentID
	if err := s.db.List(ctx, &ids, `
		SELECT e.id
		FROM enrolments e
		LEFT JOIN responses r ON r.enrolment_id = e.id AND r.wave_id = ?
		WHERE e.study_id = ? AND `+from+` <= ? AND COALESCE(r.disposition, ?) = ?`,
		wave.ID, study.ID, last, surveys.Pending.String(), surveys.Pending.String()); err != nil {
		return 0, err
	}
	return s.settleWave(ctx, ids, wave.ID, func(r *surveys.Response, st *dispositionEdit, now time.Time) []surveys.DispositionChange {
		changes := r.Leave(st.left, "", now)          // of a wave that the study had not planned when they left
		return append(changes, r.CloseWindow(now)...) // none if the person has finished since the list was made
	})
}

// undoFuture reopens what was decided by time alone at a time that has not come: the clock was ahead, and is right now.
func (s *Store) undoFuture(ctx context.Context, study *surveys.Study, wave surveys.Wave) (int, error) {
	var ids []surveys.EnrolmentID
	if err := s.db.List(ctx, &ids, `
		SELECT e.id
		FROM enrolments e
		JOIN responses r ON r.enrolment_id = e.id
		JOIN dispositions d ON d.response_id = r.id AND d.number = r.dispositions
		WHERE e.study_id = ? AND r.wave_id = ? AND r.disposition_source = ? AND d.at > ?`,
		study.ID, wave.ID, surveys.ByWindow.String(), engine.Stamp(s.now().Add(jumpSlack))); err != nil {
		return 0, err
	}
	return s.settleWave(ctx, ids, wave.ID, func(r *surveys.Response, st *dispositionEdit, now time.Time) []surveys.DispositionChange {
		st.circumstances.Now = now
		return r.UndoClosing(st.circumstances)
	})
}

// settleWave lets decide change the dispositions of some enrolments at a wave, by nothing but the time, some in a transaction.
func (s *Store) settleWave(ctx context.Context, ids []surveys.EnrolmentID, wave surveys.WaveID,
	decide func(*surveys.Response, *dispositionEdit, time.Time) []surveys.DispositionChange) (done int, err error) {
	slices.Sort(ids) // servers that do this at the same time lock in the same order
	for batch := range slices.Chunk(ids, finaliseAtOnce) {
		n, err := s.settle(ctx, batch, wave, decide)
		done += n
		if err != nil {
			return done, err
		}
	}
	return done, nil
}

// settle does so in one transaction.
func (s *Store) settle(ctx context.Context, ids []surveys.EnrolmentID, wave surveys.WaveID,
	decide func(*surveys.Response, *dispositionEdit, time.Time) []surveys.DispositionChange) (int, error) {
	standings := make([]*dispositionEdit, 0, len(ids))
	for _, id := range ids {
		st, err := s.findDispositionEdit(ctx, id, wave)
		if err != nil {
			return 0, err
		}
		standings = append(standings, st)
	}
	done := 0
	err := s.db.InTx(ctx, func(tx *engine.Tx) error {
		done = 0
		for _, st := range standings {
			err := st.change(ctx, tx, byClock, func(r *surveys.Response) ([]surveys.DispositionChange, error) {
				changes := decide(r, st, tx.Now)
				done += len(changes)
				return changes, nil
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	return done, err
}
