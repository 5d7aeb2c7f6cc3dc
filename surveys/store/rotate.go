package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"wellwave/surveys"
	"wellwave/surveys/rootkey"
	"wellwave/surveys/store/engine"
)

// A hashedColumn holds what hashCode returned, or nothing.
type hashedColumn struct{ table, column string }

// hashedColumns are all columns of keyed hashes but those of account_sessions, which end when keys are rotated, the digests of the
// ledger and the hashes of rows, which have a key of their own.
var hashedColumns = []hashedColumn{
	{"invitations", "link_hash"}, {"invitations", "code_hash"}, {"staff_codes", "code_hash"}, {"staff_cards", "code_hash"}, {"staff_sent", "page_hash"},
	{"api_keys", "key_hash"}, {"setup_links", "token_hash"}, {"sent_forms", "form_hash"}, {"kiosks", "unlocked_by"},
	{"attempts", "key_hash"}, {"recovery_codes", "code_hash"},
}

// A sealedColumn holds what seal returned for the purpose and the row's id, or nothing.
type sealedColumn struct{ table, id, column, purpose string }

// sealedColumns are all columns of sealed texts but server_keys.secret. Whoever seals something says here where it stands, so
// that a new root key seals it again.
var sealedColumns = []sealedColumn{
	{"authenticators", "account_id", "secret", sealedAuthenticators}, {"authenticators", "account_id", "pending", sealedAuthenticators},
}

// Rotated says what RotateRootKey did.
type Rotated struct {
	Fingerprint string // of the new root key
	Kept        string // the file of the one before, which backups made with it need
	// Unforgotten is why the engine could not be made to forget what was stored with the old keys, if so.
	Unforgotten error
}

// RotateRootKey gives a database that no server has open a new root key and new keys for every purpose, in one transaction.
// What was handed out stays valid: hashes are hashed again with the new key, the keys of releases and what else is sealed are
// sealed again, and what a participant's browser or a tablet holds opens for as long as package tickets says. Accounts sign
// in again. With endSessions the keys of participants' sessions before are gone at once, and everything sealed with them:
// links and tablets have to be opened again.
//
// The new key is in a file beside that of the old before anything is sealed with it, and takes its name afterwards; a server
// that starts in between finds it there.
func RotateRootKey(ctx context.Context, dsn, keyFile string, endSessions bool) (done Rotated, err error) {
	if keyFile, err = KeyFile(dsn, keyFile); err != nil {
		return done, err
	}
	lock, err := lockAlone(ctx, dsn)
	if err != nil {
		return done, err
	}
	defer func() { err = errors.Join(err, lock.Release()) }()
	s, err := Open(ctx, Options{DSN: dsn, KeyFile: keyFile, lock: lock})
	if err != nil {
		return done, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	return s.exchangeRootKey(ctx, keyFile, func(tx *engine.Tx, next *Store) error { return s.rotateTo(ctx, tx, next, endSessions) })
}

// lockAlone takes the lock of an SQLite database, and nothing of one on PostgreSQL. It fails with Conflict where another program
// has the database open.
func lockAlone(ctx context.Context, dsn string) (*engine.Lock, error) {
	path, err := engine.SQLiteFile(dsn)
	if err != nil || path == "" {
		return nil, err
	}
	return engine.LockAlone(ctx, path)
}

// exchangeRootKey makes a new root key, has change do in one transaction what follows from it, and gives the key its name.
func (s *Store) exchangeRootKey(ctx context.Context, keyFile string, change func(*engine.Tx, *Store) error) (done Rotated, err error) {
	if err := s.db.RefuseOthers(ctx); err != nil {
		return done, err
	}
	if err := os.Remove(nextKeyFile(keyFile)); err != nil && !errors.Is(err, os.ErrNotExist) { // of a try that changed nothing
		return done, fmt.Errorf("remove the key of an earlier try: %w", err)
	}
	next := &Store{db: s.db, now: s.now, root: rootkey.New()}
	if err := next.root.Write(nextKeyFile(keyFile)); err != nil {
		return done, err
	}
	if err := s.db.InTx(ctx, func(tx *engine.Tx) error { return change(tx, next) }); err != nil {
		return done, surveys.Wrap("exchange the root key", err)
	}
	done.Fingerprint = next.root.Fingerprint()
	if done.Kept, err = putInPlace(keyFile); err != nil {
		return done, err
	}
	done.Unforgotten = s.ForgetUnsealed(ctx)
	return done, nil
}

// nextKeyFile is where a new root key waits to take the place of the one in file.
func nextKeyFile(file string) string { return file + ".next" }

// putInPlace gives the new root key the name of the old and returns where the old one is now; nothing where there was none.
func putInPlace(file string) (kept string, err error) {
	if _, err := os.Lstat(file); err == nil {
		if kept, err = PutAside(file, ".before-rotate"); err != nil {
			return "", err
		}
	}
	if err := os.Rename(nextKeyFile(file), file); err != nil {
		return kept, fmt.Errorf("put the new root key in its place: %w", err)
	}
	return kept, rootkey.SyncFolder(file)
}

// earlierKey returns the file of the root key that a database needs, where that is one which was put aside beside keyFile; and
// nothing where it needs the present one, or one that is nowhere.
func earlierKey(ctx context.Context, dsn, keyFile string) (string, error) {
	wanted, err := FindRootKey(ctx, dsn)
	if err != nil || wanted == "" {
		return "", err
	}
	if key, err := rootkey.Read(keyFile); err != nil || key.Fingerprint() == wanted {
		return "", nil // whoever opens the database says what is wrong with the key
	}
	aside, err := filepath.Glob(globbed.Replace(keyFile) + ".before-*")
	if err != nil {
		return "", fmt.Errorf("look for earlier root keys: %w", err)
	}
	for _, file := range aside {
		if key, err := rootkey.Read(file); err == nil && key.Fingerprint() == wanted {
			return file, nil
		}
	}
	return "", nil
}

// globbed writes a path so that it matches itself alone.
var globbed = strings.NewReplacer("\\", "\\\\", "*", "\\*", "?", "\\?", "[", "\\[")

// takeOver moves a database that was opened with an earlier root key to the present one.
func (s *Store) takeOver(ctx context.Context, keyFile string) error {
	key, err := rootkey.Read(keyFile)
	if err != nil {
		return err
	}
	next := &Store{db: s.db, now: s.now, root: key}
	if err := s.db.InTx(ctx, func(tx *engine.Tx) error { return s.rotateTo(ctx, tx, next, false) }); err != nil {
		return surveys.Wrap("take the backup over to the present root key", err)
	}
	s.root = key
	return s.db.InTx(ctx, func(tx *engine.Tx) error { return s.readKeys(ctx, tx, keyFile) })
}

// rotateTo moves everything that hangs on keys from those of s to new ones, which are sealed with the root key of next.
func (s *Store) rotateTo(ctx context.Context, tx *engine.Tx, next *Store, endSessions bool) error {
	if err := tx.Hold(ctx, "server_keys"); err != nil { // a server that starts meanwhile waits, and is then refused
		return err
	}
	changed, err := s.changedRows(ctx, tx)
	if err != nil {
		return fmt.Errorf("look for rows that were changed: %w", err)
	}
	made, err := s.rotateKeys(ctx, tx, next, endSessions)
	if err != nil {
		return err
	}
	for _, c := range hashedColumns {
		if err := rehash(ctx, tx, c, made[codesKey]); err != nil {
			return fmt.Errorf("hash %s.%s again: %w", c.table, c.column, err)
		}
	}
	if err := rehashLedger(ctx, tx, made[ledgerKey]); err != nil {
		return fmt.Errorf("make the ledger's digests again: %w", err)
	}
	next.keys.ledger = append(slices.Clone(s.keys.ledger), newMAC(made[ledgerKey]))
	if err := next.hashOthers(ctx, tx, changed); err != nil {
		return fmt.Errorf("hash rows again: %w", err)
	}
	next.keys.releases = made[releasesKey]
	if err := s.resealReleases(ctx, tx, next); err != nil {
		return fmt.Errorf("seal the keys of releases again: %w", err)
	}
	for _, c := range sealedColumns {
		if err := s.reseal(ctx, tx, next, c); err != nil {
			return fmt.Errorf("seal %s.%s again: %w", c.table, c.column, err)
		}
	}
	if _, err := tx.Exec(ctx, housekeeping, "DELETE FROM account_sessions"); err != nil {
		return err
	}
	how := "with grace for sessions"
	if endSessions {
		how = "sessions ended"
	}
	return next.noteRootKey(ctx, tx, audit{action: "root-key.rotate", object: next.root.Fingerprint(), detail: how})
}

// noteRootKey writes down that the root key took the place of another, whose hashes and secrets the files are to forget.
func (s *Store) noteRootKey(ctx context.Context, tx *engine.Tx, a audit) error {
	_, err := tx.Exec(ctx, a, `
		UPDATE root_key
		SET fingerprint = ?, since = ?, forgotten_at = NULL`, s.root.Fingerprint(), engine.Stamp(tx.Now))
	return err
}

// rotateKeys retires the keys in use and makes new ones, and returns the secrets of these by purpose. A retired key is kept as
// long as something hangs on it: that of releases is gone at once, that of sessions once nothing it sealed opens any more, and
// those that hash stay.
func (s *Store) rotateKeys(ctx context.Context, tx *engine.Tx, next *Store, endSessions bool) (made map[string][]byte, err error) {
	rows, err := listKeys(ctx, tx)
	if err != nil {
		return nil, err
	}
	newest := tx.Now
	for _, row := range rows {
		// The order in which keys were made is the order in which they hash, whatever the clock says.
		if at := row.CreatedAt.Time(); !newest.After(at) {
			newest = at.Add(time.Millisecond)
		}
		over := row.RetiredAt.Time()
		spent := row.Purpose == releasesKey || row.Purpose == sealingKey && (endSessions || !over.IsZero() && tx.Now.Sub(over) > surveys.RetiredKeyLife)
		if spent {
			_, err = tx.Exec(ctx, housekeeping, "DELETE FROM server_keys WHERE id = ?", row.ID)
		} else {
			var secret []byte
			if secret, err = s.secret(row); err != nil {
				return nil, err
			}
			_, err = tx.Exec(ctx, housekeeping, `
				UPDATE server_keys
				SET secret = ?, retired_at = COALESCE(retired_at, ?)
				WHERE id = ?`, next.seal(sealedKeys+row.Purpose, row.ID, secret), engine.Stamp(tx.Now), row.ID)
		}
		if err != nil {
			return nil, fmt.Errorf("retire the %s key: %w", row.Purpose, err)
		}
	}
	made = make(map[string][]byte)
	for _, purpose := range keyPurposes {
		if made[purpose], err = next.insertKey(ctx, tx, purpose, newest); err != nil {
			return nil, err
		}
	}
	return made, nil
}
