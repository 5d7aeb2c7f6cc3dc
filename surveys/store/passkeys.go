package store

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"wellwave/surveys"
	"wellwave/surveys/store/engine"
)

type passkeyRow struct {
	ID         string       `db:"id"`
	Name       string       `db:"name"`
	Credential string       `db:"credential"`
	MadeAt     engine.Stamp `db:"made_at"`
	UsedAt     engine.Stamp `db:"used_at"`
}

func listPasskeys(ctx context.Context, from querier, account surveys.AccountID) ([]surveys.Passkey, error) {
	var rows []passkeyRow
	if err := from.List(ctx, &rows, `
		SELECT id, name, credential, made_at, used_at
		FROM passkeys
		WHERE account_id = ?`, string(account)); err != nil {
		return nil, surveys.Wrap("list passkeys", err)
	}
	keys := make([]surveys.Passkey, 0, len(rows))
	for _, row := range rows {
		keys = append(keys, surveys.Passkey{ID: row.ID, Name: row.Name, Credential: row.Credential, MadeAt: row.MadeAt.Time(), UsedAt: row.UsedAt.Time()})
	}
	slices.SortFunc(keys, func(a, b surveys.Passkey) int { return a.MadeAt.Compare(b.MadeAt) })
	return keys, nil
}

// maxPasskeys is of one account.
const maxPasskeys = 10

// AddPasskey keeps a passkey for an account. With the first second step come the recovery codes, as ConfirmAuthenticator says.
// It fails with Conflict for a passkey that is known.
func (s *Store) AddPasskey(ctx context.Context, account surveys.AccountID, keep surveys.SignInID, key surveys.Passkey) (codes []string, err error) {
	key.Name = strings.Join(strings.Fields(key.Name), " ")
	if key.Name == "" || utf8.RuneCountInString(key.Name) > 60 {
		message := "Say in at most 60 characters where the passkey is, such as Work laptop."
		return nil, &surveys.Error{Kind: surveys.Invalid, Message: message, Fields: map[string]string{"name": message}}
	}
	err = s.db.InTx(ctx, func(tx *engine.Tx) error {
		a := audit{by: account, action: "factor.add", object: string(account), detail: "passkey"}
		if _, err := lockAuthenticator(ctx, tx, account); err != nil {
			return err
		}
		known, err := listPasskeys(ctx, tx, account)
		if err != nil {
			return err
		}
		if len(known) >= maxPasskeys {
			return surveys.Errorf(surveys.Conflict, "An account has at most %d passkeys. Remove one first.", maxPasskeys)
		}
		if err := insertHashed(ctx, tx, a, "passkeys", key.ID, string(account), key.Name, key.Credential, engine.Stamp(tx.Now)); err != nil {
			return err
		}
		if codes, err = s.firstFactor(ctx, tx, a, account); err != nil {
			return err
		}
		return s.endSignIns(ctx, tx, a, account, keep)
	})
	return codes, surveys.Wrap("add a passkey", err)
}

// UsePasskey keeps what a passkey is like after it was used.
func (s *Store) UsePasskey(ctx context.Context, account surveys.AccountID, key surveys.Passkey) error {
	return surveys.Wrap("use a passkey", s.db.InTx(ctx, func(tx *engine.Tx) error {
		_, err := changeHashed(ctx, tx, housekeeping, change{"passkeys", "credential = ?, used_at = ?", "id = ? AND account_id = ?",
			[]any{key.Credential, engine.Stamp(tx.Now)}, []any{key.ID, string(account)}})
		return err
	}))
}

// RemovePasskey takes a passkey from an account. It fails with Conflict if the role needs a second step and this is the last.
func (s *Store) RemovePasskey(ctx context.Context, account surveys.AccountID, keep surveys.SignInID, id string) error {
	return surveys.Wrap("remove a passkey", s.db.InTx(ctx, func(tx *engine.Tx) error {
		row, err := lockAuthenticator(ctx, tx, account)
		if err != nil {
			return err
		}
		keys, err := listPasskeys(ctx, tx, account)
		if err != nil {
			return err
		}
		if !row.Secret.Valid && len(keys) == 1 && keys[0].ID == id {
			return surveys.Errorf(surveys.Conflict, onlyFactor)
		}
		a := audit{by: account, action: "factor.remove", object: string(account), detail: "passkey"}
		n, err := tx.Exec(ctx, a,
			"DELETE FROM passkeys WHERE id = ? AND account_id = ?", id, string(account))
		if err == nil && n == 0 {
			err = surveys.Errorf(surveys.NotFound, "There is no such passkey.")
		}
		if err != nil {
			return err
		}
		return s.endSignIns(ctx, tx, a, account, keep)
	}))
}
