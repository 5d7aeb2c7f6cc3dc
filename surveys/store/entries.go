package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"wellwave/surveys"
	"wellwave/surveys/store/engine"
)

// Enter takes in what an account typed off a paper questionnaire or was told on the telephone. Where the study has papers
// entered twice, the first entry waits for the second, and two that agree are submitted; everything else is submitted at
// once. It fails as surveys.Entered.Check and Submit do, and with Conflict for a second entry by whoever made the first. The
// same form sent again changes nothing.
func (s *Store) Enter(ctx context.Context, e surveys.Entered) (surveys.EntryOutcome, error) {
	if err := checkForm(e.ID); err != nil {
		return surveys.EntryOutcome{}, err
	}
	outcome, err := s.enter(ctx, e)
	if surveys.KindOf(err) != surveys.Conflict {
		return outcome, err
	}
	// What stood in the way may be this very form, which a button that is pressed twice has sent at the same time.
	if known, look := formState(ctx, s.db, e); look == nil && known != 0 {
		return s.goOn(ctx, known, e)
	}
	return outcome, err
}

func (s *Store) enter(ctx context.Context, e surveys.Entered) (surveys.EntryOutcome, error) {
	sitting, err := s.Occasion(ctx, e.Enrolment, e.Wave)
	if err != nil {
		return surveys.EntryOutcome{}, err
	}
	known, err := formState(ctx, s.db, e)
	if err != nil {
		return surveys.EntryOutcome{}, err
	}
	if known != 0 {
		return s.goOn(ctx, known, e)
	}
	open, err := s.FindOpenPaper(ctx, e.Enrolment, e.Wave)
	if err != nil {
		return surveys.EntryOutcome{}, err
	}
	if err := e.Check(&sitting, open.Forms()); err != nil {
		return surveys.EntryOutcome{}, err
	}
	if sitting.Outcome == surveys.Complete { // it goes over nothing, so that its blanks are kept too
		e.Over = false
	}
	// The plan may have been another when the first entry was made.
	if twice := sitting.Study.Paper.DoubleEntry || open.ID != ""; e.Mode != surveys.Paper || !twice {
		return s.submitEntered(ctx, sitting.Questionnaire, sitting.Study, e)
	}
	if open.ID != "" {
		if err := open.CheckSecond(e.By); err != nil {
			return surveys.EntryOutcome{}, err
		}
	}
	alert, err := s.warn(ctx, &sitting, e)
	if err != nil {
		return surveys.EntryOutcome{}, err
	}
	outcome, err := s.enterPaper(ctx, &sitting, e)
	outcome.Alert = outcome.Alert || alert
	return outcome, err
}

// goOn submits the paper of an entry that is kept, if it is ready for that.
func (s *Store) goOn(ctx context.Context, state surveys.PaperState, e surveys.Entered) (surveys.EntryOutcome, error) {
	if state != surveys.EntriesAgree {
		return surveys.EntryOutcome{State: state}, nil
	}
	id, err := s.paperOfForm(ctx, e.ID)
	if err != nil {
		return surveys.EntryOutcome{}, err
	}
	return s.submitPaper(ctx, id)
}

// submitEntered hands an entry to the one way in.
func (s *Store) submitEntered(ctx context.Context, q *surveys.Questionnaire, study *surveys.Study, e surveys.Entered) (surveys.EntryOutcome, error) {
	sub := e.Submission(q, study)
	sub.Basis = restsOn(ctx)
	receipt, err := s.Submit(ctx, sub)
	if err != nil {
		return surveys.EntryOutcome{}, err
	}
	return surveys.EntryOutcome{State: surveys.PaperSubmitted, Refused: receipt.Refused, Alert: receipt.Alert, Queried: receipt.Queried, LateDays: receipt.LateDays}, nil
}

// checkForm refuses forms whose id was not made by a page of ours: one id for two papers would lose the second.
func checkForm(id string) error {
	if !isSitting(id) {
		return surveys.Errorf(surveys.Invalid, "This page was not complete when it was sent. Open it again in a new tab and type it there.")
	}
	return nil
}

// formState returns how the paper stands into which a form was taken, and 0 for a form that is new. A form that comes again
// with something else on it, or for somebody else, is a Conflict.
func formState(ctx context.Context, from querier, e surveys.Entered) (surveys.PaperState, error) {
	var row struct {
		Enrolment surveys.EnrolmentID `db:"enrolment_id"`
		Wave      surveys.WaveID      `db:"wave_id"`
		State     string              `db:"state"`
		By        surveys.AccountID   `db:"account_id"`
		Content   string              `db:"content"`
	}
	err := from.Get(ctx, &row, `
		SELECT p.enrolment_id, p.wave_id, p.state, n.account_id, n.content
		FROM paper_entries n
		JOIN papers p ON p.id = n.paper_id
		WHERE n.form = ?`, e.ID)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	if err != nil {
		return 0, surveys.Wrap("look for an entry", err)
	}
	content, err := entryContentOf(e)
	if err != nil {
		return 0, err
	}
	if row.Enrolment != e.Enrolment || row.Wave != e.Wave {
		return 0, surveys.Errorf(surveys.Conflict, "This page was sent before for another questionnaire, and nothing of it is kept here. Open the page again in a new tab and type it there.")
	}
	if row.By != e.By || row.Content != content {
		return 0, surveys.Errorf(surveys.Conflict, "This page was sent before with something else on it, and that is kept. If it was wrong, the entry of the next person will differ, and somebody decides.")
	}
	return word("papers.state", surveys.ParsePaperState, row.State)
}

func (s *Store) paperOfForm(ctx context.Context, form string) (string, error) {
	var id string
	err := s.db.Get(ctx, &id, `
		SELECT paper_id
		FROM paper_entries
		WHERE form = ?`, form)
	return id, surveys.Wrap("find the paper of an entry", err)
}

// FindOpenPaper returns the paper of a person and wave that is not submitted yet, and one without id where there is none.
func (s *Store) FindOpenPaper(ctx context.Context, enrolment surveys.EnrolmentID, wave surveys.WaveID) (surveys.EnteredPaper, error) {
	var id string
	err := s.db.Get(ctx, &id, `
		SELECT p.id
		FROM papers p
		JOIN enrolments e ON e.id = p.enrolment_id
		WHERE p.enrolment_id = ? AND p.wave_id = ? AND p.submitted_at IS NULL`+unlessErased, enrolment, wave)
	if errors.Is(err, sql.ErrNoRows) {
		return surveys.EnteredPaper{}, nil
	}
	if err != nil {
		return surveys.EnteredPaper{}, surveys.Wrap("look for an open paper", err)
	}
	return s.FindPaper(ctx, id)
}

// warn submits what the safety plan acts on before the rest of an entry waits for another, so that no alert waits with it.
func (s *Store) warn(ctx context.Context, sitting *surveys.Occasion, e surveys.Entered) (alert bool, err error) {
	sub, ok := e.Warning(sitting.Questionnaire, sitting.Study)
	if !ok {
		return false, nil
	}
	sub.Basis = restsOn(ctx)
	receipt, err := s.Submit(ctx, sub)
	return receipt.Alert, err
}

// enterPaper keeps an entry as the paper's first or second.
func (s *Store) enterPaper(ctx context.Context, sitting *surveys.Occasion, e surveys.Entered) (surveys.EntryOutcome, error) {
	var paper surveys.EnteredPaper
	err := s.db.InTx(ctx, func(tx *engine.Tx) error {
		if err := mayCollect(ctx, tx, e.Enrolment); err != nil {
			return err
		}
		known, err := formState(ctx, tx, e) // a button that is pressed twice
		if err != nil || known != 0 {
			paper = surveys.EnteredPaper{State: known}
			return err
		}
		if paper, err = openPaper(ctx, tx, e.Enrolment, e.Wave); err != nil {
			return err
		}
		e.At = tx.Now
		if len(paper.Entries) == 0 {
			paper.Entries = append(paper.Entries, e)
			return keepEntry(ctx, tx, sitting.Study.ID, &paper, "first entry")
		}
		if err := paper.CheckSecond(e.By); err != nil {
			return err
		}
		c := sitting.Questionnaire.Compare(&paper.Entries[0], &e)
		paper.Entries = append(paper.Entries, e)
		paper.Compared, paper.Equal, paper.State = c.Compared, c.Equal, surveys.EntriesAgree
		if len(c.Differing) > 0 {
			paper.State = surveys.EntriesDiffer
		}
		return keepEntry(ctx, tx, sitting.Study.ID, &paper, fmt.Sprintf("second entry, %d of %d items equal", c.Equal, c.Compared))
	})
	if err != nil {
		return surveys.EntryOutcome{}, surveys.Wrap("keep an entry", err)
	}
	return s.goOn(ctx, paper.State, e)
}

// mayCollect locks an enrolment and fails with Closed if nothing more is to be collected about the person.
func mayCollect(ctx context.Context, tx *engine.Tx, enrolment surveys.EnrolmentID) error {
	left, err := lockEnrolment(ctx, tx, enrolment)
	if err == nil && left >= surveys.StopCollection {
		err = surveys.Errorf(surveys.Closed, "This person has asked that nothing more be collected about them, so nothing can be entered.")
	}
	return err
}

// DecidePaper takes what a third person decided where two entries of a paper differ, by item code, and submits the paper. It
// fails with Conflict for whoever made one of the entries, and with Invalid for a difference that is left open. The same form
// sent again changes nothing.
func (s *Store) DecidePaper(ctx context.Context, by surveys.AccountID, id, form string, decided map[string]surveys.Value) (surveys.EntryOutcome, error) {
	if err := checkForm(form); err != nil {
		return surveys.EntryOutcome{}, err
	}
	paper, err := s.FindPaper(ctx, id)
	if err != nil {
		return surveys.EntryOutcome{}, err
	}
	sitting, err := s.Occasion(ctx, paper.Enrolment, paper.Wave)
	if err != nil {
		return surveys.EntryOutcome{}, err
	}
	if last := paper.Entries[len(paper.Entries)-1]; len(paper.Entries) == 3 && last.ID == form && last.By == by {
		return s.goOn(ctx, paper.State, last)
	}
	err = s.db.InTx(ctx, func(tx *engine.Tx) error {
		if err := mayCollect(ctx, tx, paper.Enrolment); err != nil {
			return err
		}
		if paper, err = openPaper(ctx, tx, paper.Enrolment, paper.Wave); err != nil {
			return err
		}
		if paper.ID != id { // submitted meanwhile, and another one begun
			return surveys.Errorf(surveys.Conflict, "There is nothing to decide about this paper any more.")
		}
		if err := paper.CheckDecide(by); err != nil {
			return err
		}
		result, err := sitting.Questionnaire.Decide(&paper.Entries[0], &paper.Entries[1], decided, by, tx.Now)
		if err != nil {
			return err
		}
		result.ID, result.Over = form, paper.Entries[0].Over || paper.Entries[1].Over
		probe := result
		probe.Over = true // what stands has been seen by those who entered
		if err := probe.Check(&sitting, nil); err != nil {
			return err
		}
		paper.Entries = append(paper.Entries, result)
		paper.State = surveys.EntriesAgree
		return keepEntry(ctx, tx, sitting.Study.ID, &paper, fmt.Sprintf("decided on %d differences", len(decided)))
	})
	if err != nil {
		return surveys.EntryOutcome{}, surveys.Wrap("decide between two entries", err)
	}
	return s.submitPaper(ctx, id)
}

// submitPaper submits a paper whose entries agree, and notes that it was. Killed in between it is submitted again, which the
// ledger knows by its sitting.
func (s *Store) submitPaper(ctx context.Context, id string) (surveys.EntryOutcome, error) {
	paper, err := s.FindPaper(ctx, id)
	if err != nil {
		return surveys.EntryOutcome{}, err
	}
	if paper.State != surveys.EntriesAgree {
		return surveys.EntryOutcome{State: paper.State}, nil
	}
	sitting, err := s.Occasion(ctx, paper.Enrolment, paper.Wave)
	if err != nil {
		return surveys.EntryOutcome{}, err
	}
	outcome, err := s.submitEntered(ctx, sitting.Questionnaire, sitting.Study, paper.Result())
	if err != nil {
		return surveys.EntryOutcome{State: paper.State}, err
	}
	err = s.db.InTx(ctx, func(tx *engine.Tx) error {
		a := audit{"", "paper.submit", paper.Study, string(paper.Enrolment), string(paper.Wave)}
		_, err := tx.Exec(ctx, a, `
			UPDATE papers
			SET state = ?, submitted_at = ?
			WHERE id = ? AND state = ?`, surveys.PaperSubmitted.String(), engine.Stamp(tx.Now), id, surveys.EntriesAgree.String())
		return err // of several servers one changes the row
	})
	return outcome, surveys.Wrap("note that a paper was submitted", err)
}

// SubmitPapers submits every paper whose entries agree and that is not in the ledger yet, because the server was stopped in
// between. One that is refused stays where it is, for people to see.
func (s *Store) SubmitPapers(ctx context.Context) error {
	var ids []string
	if err := s.db.List(ctx, &ids, `
		SELECT id
		FROM papers
		WHERE state = ?`, surveys.EntriesAgree.String()); err != nil {
		return surveys.Wrap("look for papers to submit", err)
	}
	for _, id := range ids {
		if _, err := s.submitPaper(ctx, id); err != nil && surveys.KindOf(err) == 0 {
			return err
		}
	}
	return nil
}

// dropPapers forgets what was typed about somebody and is not in the ledger, and with all also what was.
func dropPapers(ctx context.Context, tx *engine.Tx, a audit, enrolment surveys.EnrolmentID, all bool) error {
	which := " AND submitted_at IS NULL"
	if all {
		which = ""
	}
	for _, statement := range []string{`
		DELETE FROM paper_entries
		WHERE paper_id IN (
			SELECT id
			FROM papers
			WHERE enrolment_id = ?` + which + `)`, `
		DELETE FROM papers
		WHERE enrolment_id = ?` + which} {
		if _, err := tx.Exec(ctx, a, statement, enrolment); err != nil {
			return fmt.Errorf("forget the papers of a person: %w", err)
		}
	}
	return nil
}
