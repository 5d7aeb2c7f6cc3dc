package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/base64"
	"slices"

	"wellwave/surveys"
	"wellwave/surveys/store/engine"
)

// deadSetupLink answers every set-up link that opens nothing, for whatever reason.
const deadSetupLink = "This set-up link has been used, has expired or is incomplete. Ask an administrator for a new one."

// newToken returns 192 random bits for a link, a session or a key.
func newToken() string {
	b := make([]byte, 24)
	_, _ = rand.Read(b) // never fails since Go 1.24
	return base64.RawURLEncoding.EncodeToString(b)
}

// SetupLink makes a link for the first administrator if the database has no account yet. Every server that starts makes
// its own; the first account ends them all, however it is made.
func (s *Store) SetupLink(ctx context.Context) (token string, needed bool, err error) {
	err = s.db.InTx(ctx, func(tx *engine.Tx) error {
		if err := tx.Get(ctx, &needed, "SELECT COUNT(*) = 0 FROM accounts"); err != nil || !needed {
			return err
		}
		token = newToken()
		return s.insertSetupLink(ctx, tx, housekeeping, token, "")
	})
	return token, needed, surveys.Wrap("make the set-up link", err)
}

// RenewSetupLink makes a new link with which an account's owner sets a password, and ends earlier ones. The present
// password stays until then.
func (s *Store) RenewSetupLink(ctx context.Context, by, id surveys.AccountID) (token string, err error) {
	token = newToken()
	err = s.db.InTx(ctx, func(tx *engine.Tx) error {
		var active bool
		if err := tx.Get(ctx, &active, "SELECT disabled_at IS NULL FROM accounts WHERE id = ?", string(id)); err != nil {
			return notFound(err, noAccount)
		}
		if !active {
			return surveys.Errorf(surveys.Conflict, "This account is disabled. Enable it first.")
		}
		a := audit{by: by, action: "account.new-link", object: string(id)}
		if _, err := tx.Exec(ctx, a, "DELETE FROM setup_links WHERE account_id = ?", string(id)); err != nil {
			return err
		}
		return s.insertSetupLink(ctx, tx, a, token, id)
	})
	return token, surveys.Wrap("make a set-up link", err)
}

func (s *Store) insertSetupLink(ctx context.Context, tx *engine.Tx, record engine.Record, token string, id surveys.AccountID) error {
	_, err := tx.Exec(ctx, record, "INSERT INTO setup_links (token_hash, account_id, expires_at) VALUES (?, ?, ?)",
		s.hashCode(token), orNull(id), engine.Stamp(tx.Now.Add(surveys.SetUpLife)))
	return err
}

// FindSetupLink returns what a set-up link is for, without using it up. It fails with NotFound.
func (s *Store) FindSetupLink(ctx context.Context, token string) (surveys.SetUp, error) {
	var id sql.NullString
	if err := s.db.Get(ctx, &id, "SELECT account_id FROM setup_links WHERE token_hash = ? AND expires_at > ?",
		s.hashCode(token), engine.Stamp(s.now())); err != nil {
		return surveys.SetUp{}, surveys.Wrap("open set-up link", notFound(err, deadSetupLink))
	}
	if !id.Valid {
		return surveys.SetUp{First: true}, nil
	}
	account, err := s.FindAccount(ctx, surveys.AccountID(id.String))
	return surveys.SetUp{Account: account}, err
}

// SetUpFirst makes the first administrator with the link that the server printed at its first start. It fails with
// NotFound once there is any account.
func (s *Store) SetUpFirst(ctx context.Context, token, name, email, password string) (surveys.Account, error) {
	n := surveys.NewAccount{Name: name, Email: email, Role: surveys.Administrator}.Clean()
	words, err := s.placeWords(ctx)
	if err != nil {
		return surveys.Account{}, err
	}
	if err := n.CheckWith(password, words...); err != nil {
		return surveys.Account{}, err
	}
	hash, err := s.hashPassword(ctx, password)
	if err != nil {
		return surveys.Account{}, err
	}
	var account surveys.Account
	err = s.db.InTx(ctx, func(tx *engine.Tx) error {
		// All first links go at once, so of two people with one each, the second finds none.
		var links []string
		if err := tx.ExecList(ctx, housekeeping, &links, "DELETE FROM setup_links WHERE account_id IS NULL AND expires_at > ? RETURNING token_hash",
			engine.Stamp(tx.Now)); err != nil {
			return err
		}
		// A server that started while the first account was made may have left a link behind.
		var taken bool
		if err := tx.Get(ctx, &taken, "SELECT COUNT(*) > 0 FROM accounts"); err != nil {
			return err
		}
		if taken || !slices.Contains(links, s.hashCode(token)) {
			return surveys.Errorf(surveys.NotFound, deadSetupLink)
		}
		account, err = insertAccount(ctx, tx, n, hash, "")
		return err
	})
	return account, surveys.Wrap("set up the first administrator", err)
}

// SetPassword uses a set-up link up.
func (s *Store) SetPassword(ctx context.Context, token, password string) (surveys.Account, error) {
	setUp, err := s.FindSetupLink(ctx, token)
	if err != nil {
		return surveys.Account{}, err
	}
	if setUp.First {
		return surveys.Account{}, surveys.Errorf(surveys.NotFound, deadSetupLink)
	}
	account := setUp.Account
	words, err := s.placeWords(ctx)
	if err != nil {
		return surveys.Account{}, err
	}
	if err := (surveys.NewAccount{Name: account.Name, Email: account.Email}).CheckPassword(password, words...); err != nil {
		return surveys.Account{}, err
	}
	hash, err := s.hashPassword(ctx, password)
	if err != nil {
		return surveys.Account{}, err
	}
	err = s.db.InTx(ctx, func(tx *engine.Tx) error {
		a := audit{by: account.ID, action: "account.set-password", object: string(account.ID)}
		n, err := tx.Exec(ctx, a, "DELETE FROM setup_links WHERE token_hash = ?", s.hashCode(token))
		if err != nil {
			return err
		}
		if n == 0 {
			return surveys.Errorf(surveys.NotFound, deadSetupLink)
		}
		if _, err := changeHashed(ctx, tx, a, change{"accounts", "password = ?", "id = ?", []any{hash}, []any{string(account.ID)}}); err != nil {
			return err
		}
		return s.endSignIns(ctx, tx, a, account.ID, "")
	})
	return account, surveys.Wrap("set password", err)
}
