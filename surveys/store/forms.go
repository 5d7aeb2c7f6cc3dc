package store

import (
	"context"
	"time"

	"wellwave/surveys"
	"wellwave/surveys/store/engine"
)

// formLife is how long a form is known to have been sent: longer than anybody stays signed in beside it.
const formLife = 24 * time.Hour

// ClaimForm notes that a form is being sent, and reports whether it is for the first time. Of two that come at once, to
// whichever server, one is.
func (s *Store) ClaimForm(ctx context.Context, id string) (first bool, err error) {
	err = s.db.InTx(ctx, func(tx *engine.Tx) error {
		n, err := tx.Exec(ctx, housekeeping, `
			INSERT INTO sent_forms (form_hash, expires_at)
			VALUES (?, ?)
			ON CONFLICT DO NOTHING`, s.hashCode(id), engine.Stamp(tx.Now.Add(formLife)))
		first = n == 1
		return err
	})
	return first, surveys.Wrap("claim a form", err)
}

// ReturnForm lets a form be sent again, because it has done nothing.
func (s *Store) ReturnForm(ctx context.Context, id string) error {
	return surveys.Wrap("return a form", s.db.InTx(ctx, func(tx *engine.Tx) error {
		_, err := tx.Exec(ctx, housekeeping, "DELETE FROM sent_forms WHERE form_hash = ?", s.hashCode(id))
		return err
	}))
}
