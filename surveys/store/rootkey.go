package store

import (
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"

	"wellwave/surveys"
	"wellwave/surveys/rootkey"
	"wellwave/surveys/store/engine"
)

// keyFileVar is how people name the file of the root key.
const keyFileVar = "WELLWAVE_KEY_FILE"

// KeyFile returns where the root key of a database is kept: in the file that is given or, beside an SQLite database, in the
// one of its name with .key behind it. It fails with Invalid where PostgreSQL keeps the database and no file is given: there
// is no place beside it, and a file in whatever folder a server was started in would be lost with that.
func KeyFile(dsn, given string) (string, error) {
	if given != "" {
		return given, nil
	}
	path, err := engine.SQLiteFile(dsn)
	if err == nil && path == "" {
		err = surveys.Errorf(surveys.Invalid, "this database is on PostgreSQL, so its root key cannot lie beside it: "+
			"name a file for it with %s, the same for every server and command (it is made if neither it nor a key for this database is there)", keyFileVar)
	}
	return path + ".key", err
}

// FindRootKey returns the fingerprint of the root key that a database needs, without the key; nothing where it knows none yet. It
// fails with NotFound where there is no database.
func FindRootKey(ctx context.Context, dsn string) (fingerprint string, err error) {
	db, err := engine.OpenAsIs(dsn)
	if err != nil {
		return "", err
	}
	defer func() { _ = db.Close() }() // it was only read
	there, err := db.HasTable(ctx, "root_key")
	if err != nil || !there {
		return "", err
	}
	return findFingerprint(ctx, db)
}

// NewRootKey returns the file in which the root key was made when the store was opened, and nothing where it was there.
func (s *Store) NewRootKey() string { return s.madeKey }

// seal returns a small secret so that it may be stored: it opens with the root key alone, and for the same purpose and id. The
// id is that of the row in which it will stand. A column of sealed texts stands in sealedColumns.
func (s *Store) seal(purpose, id string, plain []byte) string { return s.root.Seal(purpose, id, plain) }

// unseal returns what seal has sealed for the purpose and id.
func (s *Store) unseal(purpose, id, sealed string) ([]byte, error) {
	plain, err := s.root.Open(purpose, id, sealed)
	if err != nil {
		return nil, fmt.Errorf("open a sealed %s: %w", purpose, err)
	}
	return plain, nil
}

// takeRootKey reads the root key that the database asks for. A database that knows of none gets the one in the file, which is
// made, and safe on disk, before anything is sealed with it. It is never removed again: a commit may have arrived although its
// answer did not.
func (s *Store) takeRootKey(ctx context.Context, file string) error {
	wanted, err := findFingerprint(ctx, s.db)
	if err != nil {
		return err
	}
	if wanted == "" {
		var made bool
		if s.root, made, err = rootkey.Make(file); made {
			s.madeKey = file
		}
		return err
	}
	s.root, err = rootkey.Read(file)
	if kind := surveys.KindOf(err); kind == surveys.NotFound || err == nil && s.root.Fingerprint() != wanted {
		next, reading := rootkey.Read(nextKeyFile(file))
		if reading == nil && next.Fingerprint() == wanted { // a rotation was broken off when all but the names was done
			s.root = next
			_, err = putInPlace(file)
			return err
		}
	}
	if surveys.KindOf(err) == surveys.NotFound {
		return surveys.Errorf(surveys.NotFound, "the root key of this database is not at %s. Put the key file there or name it with %s; "+
			"if it is lost, type its recovery sheet in with wellwave root-key restore; if that is lost too, see wellwave root-key replace --help. The fingerprint on the sheet is %s", file, keyFileVar, wanted)
	}
	if err == nil && s.root.Fingerprint() != wanted {
		err = wrongRootKey(file, s.root, wanted)
	}
	return err
}

// wrongRootKey refuses a key that is not the database's.
func wrongRootKey(file string, key rootkey.Key, wanted string) error {
	return surveys.Errorf(surveys.Invalid, "%s is not the root key of this database, whose fingerprint is %s; the one of this file is %s. "+
		"Every server and command on a database is given the same key: name its file with %s, or type its recovery sheet in with wellwave root-key restore",
		file, wanted, key.Fingerprint(), keyFileVar)
}

// fingerprints is what findFingerprint reads from.
type fingerprints interface {
	Get(ctx context.Context, dest any, query string, args ...any) error
}

// findFingerprint returns the fingerprint of the root key that the database knows, and nothing where it knows none.
func findFingerprint(ctx context.Context, from fingerprints) (fingerprint string, err error) {
	err = from.Get(ctx, &fingerprint, "SELECT fingerprint FROM root_key")
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return fingerprint, surveys.Wrap("read the fingerprint of the root key", err)
}

// sealWith writes the root key's fingerprint down and seals the secrets that an older program has left unsealed. Of two
// servers that start together on a new database one is first, and the other is refused unless it has the same key.
func (s *Store) sealWith(ctx context.Context, tx *engine.Tx, file string) error {
	first, err := tx.Exec(ctx, housekeeping, `
		INSERT INTO root_key (id, fingerprint, since)
		VALUES (1, ?, ?)
		ON CONFLICT DO NOTHING`, s.root.Fingerprint(), engine.Stamp(tx.Now))
	if err != nil {
		return fmt.Errorf("note the root key: %w", err)
	}
	known, err := findFingerprint(ctx, tx)
	if err != nil {
		return err
	}
	if known != s.root.Fingerprint() {
		return wrongRootKey(file, s.root, known)
	}
	if first == 0 {
		return nil
	}
	rows, err := listKeys(ctx, tx)
	if err != nil {
		return err
	}
	unsealed := 0
	for _, row := range rows {
		if rootkey.IsSealed(row.Secret) {
			continue
		}
		unsealed++
		secret, err := hex.DecodeString(row.Secret)
		if err != nil {
			return fmt.Errorf("read the %s key: %w", row.Purpose, err)
		}
		if _, err := tx.Exec(ctx, housekeeping, `
			UPDATE server_keys
			SET secret = ?
			WHERE id = ?`, s.seal(sealedKeys+row.Purpose, row.ID, secret), row.ID); err != nil {
			return fmt.Errorf("seal the %s key: %w", row.Purpose, err)
		}
	}
	if unsealed > 0 {
		return nil
	}
	_, err = tx.Exec(ctx, housekeeping, `
		UPDATE root_key
		SET forgotten_at = ?`, engine.Stamp(tx.Now))
	return err
}

// ForgetUnsealed has the engine overwrite or drop what its files still keep of secrets that an older program had left
// unsealed, and of hashes from before keys were rotated, and does nothing where that is done. It cannot reach backups, nor
// PostgreSQL's own write-ahead log.
func (s *Store) ForgetUnsealed(ctx context.Context) error {
	var waiting int
	if err := s.db.Get(ctx, &waiting, "SELECT COUNT(*) FROM root_key WHERE forgotten_at IS NULL"); err != nil {
		return surveys.Wrap("look for unsealed secrets", err)
	}
	if waiting == 0 {
		return nil
	}
	tables := []string{"server_keys"}
	for _, c := range hashedColumns {
		tables = append(tables, c.table)
	}
	slices.Sort(tables)
	if err := s.db.Forget(ctx, slices.Compact(tables)...); err != nil {
		return surveys.Wrap("forget unsealed secrets", err)
	}
	return surveys.Wrap("note that unsealed secrets are forgotten", s.db.InTx(ctx, func(tx *engine.Tx) error {
		_, err := tx.Exec(ctx, housekeeping, `
			UPDATE root_key
			SET forgotten_at = ?
			WHERE forgotten_at IS NULL`, engine.Stamp(tx.Now))
		return err
	}))
}
