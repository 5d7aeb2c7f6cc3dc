package store

import (
	"context"
	"database/sql"
	"errors"

	"wellwave/surveys"
)

// unknownCode is what everybody reads whose code leads nowhere, whether it never did or does not any more.
const unknownCode = "This link or code does not open a questionnaire. It may have been mistyped, or replaced by a newer one. Please check it, or ask the practice or study team that gave it to you for a new one."

// OpenLink returns what a personal link, a typed code or a code of the staff survey leads to. It changes nothing, because
// programs that scan mail open links too. It fails with NotFound, in the same words, for one that never was, was
// replaced or was spent.
func (s *Store) OpenLink(ctx context.Context, typed string) (surveys.Opened, error) {
	code, _ := surveys.ReadCode(typed) // what cannot be a code is looked for like any other, so that it takes as long
	hash := s.hashCode(code)
	byHash := "i.link_hash = ?"
	if !surveys.IsLink(code) {
		byHash = "i.code_hash = ?"
	}
	opened := surveys.Opened{Audience: surveys.Patients, Occasion: new(surveys.Occasion)}
	var row occasionRow
	err := s.db.Row(ctx, `
		SELECT e.id, i.wave_id, i.id, `+occasionColumns+`
		FROM invitations i
		JOIN enrolments e ON e.id = i.enrolment_id
		JOIN studies st ON st.id = e.study_id
		LEFT JOIN responses r ON r.enrolment_id = e.id AND r.wave_id = i.wave_id
		WHERE `+byHash+` AND i.ended_at IS NULL AND e.withdrawn_at IS NULL`, []any{hash},
		append([]any{(*string)(&opened.Enrolment), (*string)(&opened.Wave), (*string)(&opened.Invitation)}, row.into()...)...)
	if errors.Is(err, sql.ErrNoRows) {
		return s.openCard(ctx, hash)
	}
	if err != nil {
		return surveys.Opened{}, s.db.Translate(err)
	}
	opened.Study = surveys.StudyID(row.study)
	*opened.Occasion, err = s.occasionOf(ctx, &row, opened.Wave)
	return opened, err
}

// openCard returns what a code of the staff survey leads to, whether or not its card was used: only sending answers tells.
func (s *Store) openCard(ctx context.Context, hash string) (surveys.Opened, error) {
	opened := surveys.Opened{Audience: surveys.Staff, StaffCode: hash}
	err := s.db.Row(ctx, `
		SELECT study_id, wave_id, site_id
		FROM staff_cards
		WHERE code_hash = ?`, []any{hash}, (*string)(&opened.Study), (*string)(&opened.Wave), (*string)(&opened.Site))
	if err != nil {
		return surveys.Opened{}, notFound(s.db.Translate(err), unknownCode)
	}
	return opened, nil
}
