package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"wellwave/surveys"
	"wellwave/surveys/store/engine"
)

// Bounds of the entries about refusals: whoever is refused without end must not fill the disk with them.
const (
	refusalsOver  = time.Hour
	refusalsAlike = 10   // of one action, on one object, by one account, from one network
	refusalsAll   = 1000 // of one action
)

// NoteFailedSignIn records that somebody on a network did not get in to the account of an e-mail address. The address itself
// is not kept: one that has no account may be a password that was typed into the wrong field.
func (s *Store) NoteFailedSignIn(ctx context.Context, email, network string) error {
	var id surveys.AccountID
	err := s.db.Get(ctx, &id, "SELECT id FROM accounts WHERE email = ?", surveys.NewAccount{Email: email}.Clean().Email)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return surveys.Wrap("note a failed sign-in", err)
	}
	return s.NoteRefusal(ctx, "", "session.refuse", string(id), network)
}

// NoteRefusal records that an account, or somebody without one, was refused something. Of refusals alike within an hour the
// first ten are entries, and the last of these says so; of all of one action at most a thousand.
func (s *Store) NoteRefusal(ctx context.Context, by surveys.AccountID, action, object, network string) error {
	return surveys.Wrap("note a refusal", s.db.InTx(ctx, func(tx *engine.Tx) error {
		var known struct {
			Alike int `db:"alike"`
			All   int `db:"every"`
		}
		if err := tx.Get(ctx, &known, `
			SELECT COUNT(*) AS every,
				COUNT(*) FILTER (WHERE object = ? AND COALESCE(account_id, '') = ? AND (detail = ? OR detail = ?)) AS alike
			FROM audit
			WHERE action = ? AND at > ?`, object, string(by), network, manyRefusals(network), action, engine.Stamp(tx.Now.Add(-refusalsOver))); err != nil {
			return err
		}
		if known.Alike >= refusalsAlike || known.All >= refusalsAll {
			return nil
		}
		detail := network
		if known.Alike == refusalsAlike-1 {
			detail = manyRefusals(network)
		}
		return tx.Note(ctx, audit{by: by, action: action, object: object, detail: detail})
	}))
}

// manyRefusals is the detail of the last entry of many alike.
func manyRefusals(network string) string {
	return network + ", and no more of these are listed within the hour"
}
