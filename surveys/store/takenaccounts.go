package store

import (
	"bytes"
	"context"
	"database/sql"
	"slices"

	"wellwave/surveys"
	"wellwave/surveys/store/engine"
)

// heldAccount is what an account has in a database.
type heldAccount struct {
	ID        string         `db:"id"`
	Password  string         `db:"password"`
	Every     bool           `db:"every_study"`
	Factor    engine.Stamp   `db:"factor_since"`
	FactorDue engine.Stamp   `db:"factor_due_at"`
	Secret    sql.NullString `db:"secret"`
	LastStep  sql.NullInt64  `db:"last_step"`
	studies   []string
	codes     []string
	passkeys  []heldPasskey
}

type heldPasskey struct {
	Account string `db:"account_id"`
	passkeyRow
}

// sameFactors reports whether two databases know the same second step of an account, but for its secret. A recovery code that
// was used is not there any more.
func (a *heldAccount) sameFactors(b *heldAccount) bool {
	ids := func(x *heldAccount) (ids []string) {
		for _, key := range x.passkeys {
			ids = append(ids, key.ID)
		}
		return ids
	}
	return slices.Equal(a.codes, b.codes) && slices.Equal(ids(a), ids(b)) && a.Factor.Time().Equal(b.Factor.Time())
}

// heldAccounts reads what accounts have, by their ids.
func heldAccounts(ctx context.Context, from querier) (map[string]*heldAccount, error) {
	var rows []heldAccount
	if err := from.List(ctx, &rows, `
		SELECT a.id, a.password, a.every_study, a.factor_since, a.factor_due_at, f.secret, f.last_step
		FROM accounts a
		LEFT JOIN authenticators f ON f.account_id = a.id`); err != nil {
		return nil, err
	}
	held := make(map[string]*heldAccount, len(rows))
	for i := range rows {
		held[rows[i].ID] = &rows[i]
	}
	var pairs []struct {
		Account string `db:"account_id"`
		What    string `db:"what"`
	}
	if err := from.List(ctx, &pairs, "SELECT account_id, study_id AS what FROM account_studies"); err != nil {
		return nil, err
	}
	for _, p := range pairs {
		held[p.Account].studies = append(held[p.Account].studies, p.What)
	}
	pairs = nil
	if err := from.List(ctx, &pairs, "SELECT account_id, code_hash AS what FROM recovery_codes"); err != nil {
		return nil, err
	}
	for _, p := range pairs {
		held[p.Account].codes = append(held[p.Account].codes, p.What)
	}
	var keys []heldPasskey
	if err := from.List(ctx, &keys, "SELECT account_id, id, name, credential, made_at, used_at FROM passkeys ORDER BY id"); err != nil {
		return nil, err
	}
	for _, key := range keys {
		held[key.Account].passkeys = append(held[key.Account].passkeys, key)
	}
	for _, a := range held {
		slices.Sort(a.codes)
		slices.SortFunc(a.passkeys, func(a, b heldPasskey) int {
			if a.ID < b.ID {
				return -1
			}
			return 1
		})
	}
	return held, nil
}

// replayAccounts takes from accounts what they have no more in another database: studies, and passwords and second steps in
// whose place others came. Recovery codes of a database that hashes with other keys mean nothing here, so they end.
func (s *Store) replayAccounts(ctx context.Context, tx *engine.Tx, other *engine.DB, sameCodes bool, done *TakenBack) error {
	if there, err := other.HasTable(ctx, "passkeys"); err != nil || !there { // the last of the tables that are asked for
		return err
	}
	now, err := heldAccounts(ctx, other)
	if err != nil {
		return err
	}
	before, err := heldAccounts(ctx, tx)
	if err != nil {
		return err
	}
	ids := make([]string, 0, len(before))
	for id := range before {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	for _, id := range ids {
		was, is := before[id], now[id]
		if is == nil { // nobody deletes accounts, so this is another database's
			continue
		}
		a := audit{action: "account.replay", object: id}
		if was.Password != is.Password {
			a.detail = "password"
			if _, err := changeHashed(ctx, tx, a, change{"accounts", "password = ?", "id = ?", []any{is.Password}, []any{id}}); err != nil {
				return err
			}
			done.Passwords++
		}
		if taken, err := takeStudies(ctx, tx, was, is); err != nil {
			return err
		} else if taken {
			done.Studies++
		}
		if !sameCodes {
			is.codes = nil
		}
		if same := s.sameSecret(was, is); !same || !was.sameFactors(is) {
			a.detail = "second step"
			if err := replaceFactors(ctx, tx, a, is); err != nil {
				return err
			}
			done.Factors++
			continue
		}
		if _, err := tx.Exec(ctx, housekeeping, "UPDATE authenticators SET last_step = ? WHERE account_id = ? AND last_step < ?", is.LastStep.Int64, id, is.LastStep.Int64); err != nil {
			return err // a code that was used does not count again
		}
	}
	return nil
}

// sameSecret reports whether two databases hold the same secret of an authenticator, however it is sealed. One that the root
// key here does not open is left out: it would shut its owner out.
func (s *Store) sameSecret(was, is *heldAccount) bool {
	if was.Secret == is.Secret {
		return true
	}
	open := func(a *heldAccount) []byte {
		if !a.Secret.Valid {
			return nil
		}
		secret, err := s.unseal(sealedAuthenticators, a.ID, a.Secret.String)
		if err != nil {
			a.Secret = was.Secret
		}
		return secret
	}
	return bytes.Equal(open(was), open(is))
}

// takeStudies takes the studies that an account is not given any more.
func takeStudies(ctx context.Context, tx *engine.Tx, was, is *heldAccount) (taken bool, err error) {
	if was.Every && !is.Every {
		taken = true
		if _, err := changeHashed(ctx, tx, audit{action: "right.replay", object: was.ID, detail: "every study"},
			change{"accounts", "every_study = ?", "id = ?", []any{false}, []any{was.ID}}); err != nil {
			return taken, err
		}
	}
	for _, study := range was.studies {
		if is.Every || slices.Contains(is.studies, study) {
			continue
		}
		taken = true
		if _, err := tx.Exec(ctx, audit{action: "right.replay", study: surveys.StudyID(study), object: was.ID}, "DELETE FROM account_studies WHERE account_id = ? AND study_id = ?", was.ID, study); err != nil {
			return taken, err
		}
	}
	return taken, nil
}

// replaceFactors gives an account the second step of another database in place of its own.
func replaceFactors(ctx context.Context, tx *engine.Tx, a audit, is *heldAccount) error {
	for _, table := range []string{"authenticators", "recovery_codes", "passkeys"} {
		if _, err := tx.Exec(ctx, a, "DELETE FROM "+table+" WHERE account_id = ?", is.ID); err != nil {
			return err
		}
	}
	if _, err := tx.Exec(ctx, a, "UPDATE accounts SET factor_since = ?, factor_due_at = ? WHERE id = ?", is.Factor, is.FactorDue, is.ID); err != nil {
		return err
	}
	if is.LastStep.Valid {
		if _, err := tx.Exec(ctx, a, "INSERT INTO authenticators (account_id, secret, last_step, told_step) VALUES (?, ?, ?, 0)", is.ID, is.Secret, is.LastStep.Int64); err != nil {
			return err
		}
	}
	for _, code := range is.codes {
		if _, err := tx.Exec(ctx, a, "INSERT INTO recovery_codes (code_hash, account_id) VALUES (?, ?)", code, is.ID); err != nil {
			return err
		}
	}
	for _, key := range is.passkeys {
		if _, err := tx.Exec(ctx, a, "INSERT INTO passkeys (id, account_id, name, credential, made_at, used_at, row_hash) VALUES (?, ?, ?, ?, ?, ?, ?)",
			key.ID, is.ID, key.Name, key.Credential, key.MadeAt, key.UsedAt, hashOf(tx, "passkeys", key.ID, is.ID, key.Name, key.Credential, key.MadeAt)); err != nil {
			return err
		}
	}
	return nil
}
