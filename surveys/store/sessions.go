package store

import (
	"context"
	"database/sql"
	"encoding/base64"
	"errors"
	"fmt"
	"time"

	"wellwave/surveys"
	"wellwave/surveys/store/engine"
)

// sessionSlack is how far a session's expiry may lag: within it a request that changes nothing writes nothing.
const sessionSlack = time.Minute

// Sessions keeps the sessions of signed-in browsers. It is what the session library asks of a store; the token is kept
// as a keyed hash alone.
type Sessions struct{ store *Store }

// Sessions returns the sessions of this database.
func (s *Store) Sessions() *Sessions { return &Sessions{s} }

// FindCtx returns the data of a session that has not expired.
func (s *Sessions) FindCtx(ctx context.Context, token string) ([]byte, bool, error) {
	var text string
	err := s.store.db.Get(ctx, &text, "SELECT data FROM account_sessions WHERE token_hash = ? AND expires_at > ?",
		s.store.hashCode(token), engine.Stamp(s.store.now()))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, surveys.Wrap("find session", err)
	}
	data, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return nil, false, fmt.Errorf("read session: %w", err)
	}
	return data, true, nil
}

// CommitCtx stores a session.
func (s *Sessions) CommitCtx(ctx context.Context, token string, data []byte, expiry time.Time) error {
	hash, text := s.store.hashCode(token), base64.StdEncoding.EncodeToString(data)
	var fresh bool
	if err := s.store.db.Get(ctx, &fresh, "SELECT COUNT(*) > 0 FROM account_sessions WHERE token_hash = ? AND data = ? AND expires_at > ?",
		hash, text, engine.Stamp(expiry.Add(-sessionSlack))); err != nil {
		return surveys.Wrap("look at session", err)
	}
	if fresh {
		return nil
	}
	ctx = RestingOn(ctx, surveys.Operator()) // a session is kept and ended whatever became of who was signed in
	return surveys.Wrap("keep session", s.store.db.InTx(ctx, func(tx *engine.Tx) error {
		_, err := tx.Exec(ctx, housekeeping, `
			INSERT INTO account_sessions (token_hash, data, expires_at)
			VALUES (?, ?, ?)
			ON CONFLICT (token_hash) DO UPDATE SET data = excluded.data, expires_at = excluded.expires_at`,
			hash, text, engine.Stamp(expiry))
		return err
	}))
}

// DeleteCtx ends a session.
func (s *Sessions) DeleteCtx(ctx context.Context, token string) error {
	ctx = RestingOn(ctx, surveys.Operator()) // as above
	return surveys.Wrap("end session", s.store.db.InTx(ctx, func(tx *engine.Tx) error {
		_, err := tx.Exec(ctx, housekeeping, "DELETE FROM account_sessions WHERE token_hash = ?", s.store.hashCode(token))
		return err
	}))
}

// Find is FindCtx for callers without a context.
func (s *Sessions) Find(token string) ([]byte, bool, error) {
	return s.FindCtx(context.Background(), token)
}

// Commit is CommitCtx for callers without a context.
func (s *Sessions) Commit(token string, data []byte, expiry time.Time) error {
	return s.CommitCtx(context.Background(), token, data, expiry)
}

// Delete is DeleteCtx for callers without a context.
func (s *Sessions) Delete(token string) error { return s.DeleteCtx(context.Background(), token) }

// SweepSessions removes sessions, sign-ins, set-up links, ends of sittings and sent forms that have expired, and attempts that hold
// nobody up any more. While the clock is in doubt it removes nothing, so that what has not expired is there when the clock is right
// again.
func (s *Store) SweepSessions(ctx context.Context) error {
	if s.CheckClock(ctx) != nil {
		return nil
	}
	return surveys.Wrap("sweep sessions", s.db.InTx(ctx, func(tx *engine.Tx) error {
		if _, err := tx.Exec(ctx, housekeeping, "DELETE FROM account_sessions WHERE expires_at <= ?", engine.Stamp(tx.Now)); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, housekeeping, "DELETE FROM setup_links WHERE expires_at <= ?", engine.Stamp(tx.Now)); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, housekeeping, "DELETE FROM sign_ins WHERE ends_at <= ?", engine.Stamp(tx.Now.Add(-signInGone))); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, housekeeping, "DELETE FROM ended_sittings WHERE ended_at <= ?", engine.Stamp(tx.Now.Add(-surveys.TicketLife))); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, housekeeping, "DELETE FROM sent_forms WHERE expires_at <= ?", engine.Stamp(tx.Now)); err != nil {
			return err
		}
		return sweepAttempts(ctx, tx)
	}))
}
