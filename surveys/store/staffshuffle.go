package store

import (
	"cmp"
	"context"
	"slices"

	"wellwave/surveys"
	"wellwave/surveys/store/engine"
)

// ShuffleStaff makes the database forget in which order the anonymous answers came and which code was spent for which.
// It writes all of them again, in one transaction and in the order of new random ids, and then has the engine overwrite
// or drop what it still keeps of the old rows. It does nothing if no answer came since it last did. Nobody's action is
// behind it, so it leaves no audit entry, which would be a time besides.
//
// It cannot reach what is outside the database's own files: a backup that was made in between, PostgreSQL's own
// write-ahead log and the archive of it, or blocks of a disk that nothing refers to any more.
func (s *Store) ShuffleStaff(ctx context.Context) error {
	s.shuffling.Lock()
	defer s.shuffling.Unlock()
	var answers int
	if err := s.db.Get(ctx, &answers, "SELECT COUNT(*) FROM staff_answers"); err != nil {
		return surveys.Wrap("count staff answers", err)
	}
	if answers == s.shuffled {
		return nil
	}
	err := s.db.InTx(ctx, func(tx *engine.Tx) (err error) {
		answers, err = rewriteStaffAnswers(ctx, tx)
		return err
	})
	if err != nil {
		return surveys.Wrap("shuffle staff answers", err)
	}
	if err := s.forgetRounds(ctx); err != nil {
		return err
	}
	s.shuffled = answers
	return nil
}

// forgetRounds makes the engine forget what was deleted of the staff survey: spent codes, the order of answers, and once
// a round is opened what was sealed and its key. Broken off, it is done again when the server next shuffles.
func (s *Store) forgetRounds(ctx context.Context) error {
	err := s.db.Forget(ctx, "staff_answers", "staff_codes", "staff_cards", "staff_sealed", "staff_attributes", "staff_sent", "staff_rounds")
	return surveys.Wrap("forget the order of staff answers", s.db.Translate(err))
}

type staffAnswerRow struct {
	ID            string `db:"id"`
	Study         string `db:"study_id"`
	Wave          string `db:"wave_id"`
	Site          string `db:"site_id"`
	Questionnaire string `db:"questionnaire"`
	Language      string `db:"language"`
	Answers       string `db:"answers"`
	Role          string `db:"role"` // and Tenure, empty where they are not asked or not kept here
	Tenure        string `db:"tenure"`
}

func (r staffAnswerRow) insert(ctx context.Context, tx *engine.Tx) error {
	_, err := tx.Exec(ctx, anonymous, insertStaffAnswer, r.ID, r.Study, r.Wave, r.Site, r.Questionnaire, r.Language, r.Answers, r.Role, r.Tenure)
	return err
}

// rewriteStaffAnswers returns how many answers it wrote again. An answer that is committed meanwhile is neither deleted
// nor counted, and so waits for the next time.
func rewriteStaffAnswers(ctx context.Context, tx *engine.Tx) (int, error) {
	var rows []staffAnswerRow
	if err := tx.ExecList(ctx, anonymous, &rows, `
		DELETE FROM staff_answers
		RETURNING id, study_id, wave_id, site_id, questionnaire, language, answers, role, tenure`); err != nil {
		return 0, err
	}
	for i := range rows {
		rows[i].ID = randomID()
	}
	slices.SortFunc(rows, func(a, b staffAnswerRow) int { return cmp.Compare(a.ID, b.ID) })
	for _, r := range rows {
		if err := r.insert(ctx, tx); err != nil {
			return 0, err
		}
	}
	return len(rows), nil
}
