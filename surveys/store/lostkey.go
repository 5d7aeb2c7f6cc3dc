package store

import (
	"context"
	"errors"
	"fmt"

	"wellwave/surveys"
	"wellwave/surveys/rootkey"
	"wellwave/surveys/store/engine"
)

// ReplaceRootKey gives a database that no server has open a new root key although nobody has the old one. Nothing that had
// arrived is lost; but everything that was handed out ends, because what it is known by was sealed with the old key: links,
// codes, cards, tablets and API keys are made anew, accounts sign in again, and releases cannot be written a second time. A
// submission that a device sends again after this is kept beside the one it repeats. It fails with Conflict where the key is
// not lost.
func ReplaceRootKey(ctx context.Context, dsn, keyFile string) (done Rotated, err error) {
	if keyFile, err = KeyFile(dsn, keyFile); err != nil {
		return done, err
	}
	wanted, err := FindRootKey(ctx, dsn)
	if err != nil {
		return done, err
	}
	for _, file := range []string{keyFile, nextKeyFile(keyFile)} {
		if key, err := rootkey.Read(file); wanted == "" || err == nil && key.Fingerprint() == wanted {
			return done, surveys.Errorf(surveys.Conflict, "the root key of this database is not lost: nothing was changed")
		}
	}
	lock, err := lockAlone(ctx, dsn)
	if err != nil {
		return done, err
	}
	defer func() { err = errors.Join(err, lock.Release()) }()
	s, err := openWithoutKey(ctx, Options{DSN: dsn, lock: lock})
	if err != nil {
		return done, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	return s.exchangeRootKey(ctx, keyFile, func(tx *engine.Tx, next *Store) error { return endHandedOut(ctx, tx, next) })
}

// endHandedOut makes new keys and ends everything that hung on the old ones.
func endHandedOut(ctx context.Context, tx *engine.Tx, next *Store) error {
	if err := tx.Hold(ctx, "server_keys"); err != nil { // as for a rotation
		return err
	}
	a := audit{action: "root-key.replace", object: next.root.Fingerprint()}
	for _, statement := range []string{
		"DELETE FROM server_keys",
		"DELETE FROM account_sessions",
		"DELETE FROM setup_links",
		"DELETE FROM sent_forms",
		"DELETE FROM staff_codes",
		"DELETE FROM staff_cards",
		"UPDATE releases SET sealed_key = ''",
		"UPDATE kiosks SET unlocked_by = NULL",
	} {
		if _, err := tx.Exec(ctx, a, statement); err != nil {
			return fmt.Errorf("end what was handed out: %w", err)
		}
	}
	for _, statement := range []string{
		"UPDATE invitations SET ended_at = ? WHERE ended_at IS NULL",
		"UPDATE api_keys SET revoked_at = ? WHERE revoked_at IS NULL",
		"UPDATE kiosks SET revoked_at = ? WHERE revoked_at IS NULL",
	} {
		if _, err := tx.Exec(ctx, a, statement, engine.Stamp(tx.Now)); err != nil {
			return fmt.Errorf("end what was handed out: %w", err)
		}
	}
	for _, c := range sealedColumns {
		if _, err := tx.Exec(ctx, a, "UPDATE "+c.table+" SET "+c.column+" = '' WHERE "+c.column+" <> ''"); err != nil {
			return fmt.Errorf("drop %s.%s, which nobody can open: %w", c.table, c.column, err)
		}
	}
	for _, purpose := range keyPurposes {
		secret, err := next.insertKey(ctx, tx, purpose, tx.Now)
		if err != nil {
			return err
		}
		if purpose == ledgerKey {
			next.keys.ledger = []*mac{newMAC(secret)}
		}
	}
	if err := next.hashAllAnew(ctx, tx); err != nil {
		return fmt.Errorf("hash rows anew: %w", err)
	}
	return next.noteRootKey(ctx, tx, a)
}
