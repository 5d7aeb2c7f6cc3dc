package store

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"slices"
	"sync"
	"time"

	"wellwave/surveys"
	"wellwave/surveys/store/engine"
)

// The purposes of server keys.
const (
	sealingKey  = "sealing"  // participants' sessions
	ledgerKey   = "ledger"   // digests of submissions
	codesKey    = "codes"    // hashes of links, codes and tokens
	releasesKey = "releases" // seals the keys that make a release's ids
)

var keyPurposes = []string{sealingKey, ledgerKey, codesKey, releasesKey}

// sealedKeys begins the purpose for which a secret of server_keys is sealed.
const sealedKeys = "server key "

// keyring holds the secrets that the store itself uses, opened once. They do not change while a store is open, so that every
// server on a database agrees.
type keyring struct {
	ledger, codes []*mac // the oldest first: what is hashed is hashed with one after the other
	releases      []byte
}

type keyRow struct {
	ID        string       `db:"id"`
	Purpose   string       `db:"purpose"`
	Secret    string       `db:"secret"`
	CreatedAt engine.Stamp `db:"created_at"`
	RetiredAt engine.Stamp `db:"retired_at"`
}

// listKeys returns the server's keys, the oldest of each purpose first.
func listKeys(ctx context.Context, from querier) (rows []keyRow, err error) {
	err = from.List(ctx, &rows, `
		SELECT id, purpose, secret, created_at, retired_at
		FROM server_keys
		ORDER BY created_at, id`)
	return rows, surveys.Wrap("read server keys", err)
}

// secret opens a stored key.
func (s *Store) secret(row keyRow) ([]byte, error) {
	return s.unseal(sealedKeys+row.Purpose, row.ID, row.Secret)
}

// loadKeys takes the root key, reads the server's keys and makes those that are missing; of two servers that start together
// one wins.
func (s *Store) loadKeys(ctx context.Context, file string) error {
	if err := s.takeRootKey(ctx, file); err != nil {
		return err
	}
	if err := s.db.InTx(ctx, func(tx *engine.Tx) error { return s.readKeys(ctx, tx, file) }); err != nil {
		return err
	}
	// Whoever reads the database for long is in the way of forgetting; a server tries again by and by.
	_ = s.ForgetUnsealed(ctx)
	return nil
}

func (s *Store) readKeys(ctx context.Context, tx *engine.Tx, file string) error {
	if err := s.sealWith(ctx, tx, file); err != nil {
		return err
	}
	for _, purpose := range keyPurposes {
		if _, err := s.insertKey(ctx, tx, purpose, tx.Now); err != nil {
			return err
		}
	}
	rows, err := listKeys(ctx, tx)
	if err != nil {
		return err
	}
	s.keys = keyring{}
	for _, row := range rows {
		secret, err := s.secret(row)
		if err != nil {
			return err
		}
		switch row.Purpose {
		case ledgerKey:
			s.keys.ledger = append(s.keys.ledger, newMAC(secret))
		case codesKey:
			s.keys.codes = append(s.keys.codes, newMAC(secret))
		case releasesKey:
			s.keys.releases = secret
		}
	}
	return nil
}

// insertKey makes a key for a purpose, unless there is one in use, and returns its secret.
func (s *Store) insertKey(ctx context.Context, tx *engine.Tx, purpose string, at time.Time) ([]byte, error) {
	secret := make([]byte, 32)
	_, _ = rand.Read(secret) // never fails since Go 1.24
	id := randomID()[:8]
	_, err := tx.Exec(ctx, housekeeping, `
		INSERT INTO server_keys (id, purpose, secret, created_at)
		VALUES (?, ?, ?, ?)
		ON CONFLICT DO NOTHING`,
		id, purpose, s.seal(sealedKeys+purpose, id, secret), engine.Stamp(at))
	return secret, surveys.Wrap("make the "+purpose+" key", err)
}

// SealingKeys returns the keys of participants' sessions, the one to seal with first, then those that were rotated and may
// still open something.
func (s *Store) SealingKeys(ctx context.Context) ([]surveys.Key, error) {
	rows, err := listKeys(ctx, s.db)
	if err != nil {
		return nil, err
	}
	var keys []surveys.Key
	for _, row := range slices.Backward(rows) {
		if row.Purpose != sealingKey {
			continue
		}
		secret, err := s.secret(row)
		if err != nil {
			return nil, err
		}
		keys = append(keys, surveys.Key{ID: row.ID, Secret: secret, RetiredAt: row.RetiredAt.Time()})
	}
	return keys, nil
}

// hashCode returns the keyed hash under which a link, code or token is stored. The keys are sealed with the root key, so a
// copy of the database alone does not let anybody try codes. Columns of such hashes stand in hashedColumns.
func (s *Store) hashCode(code string) string { return chainMAC(s.keys.codes, code) }

// digest returns the keyed digest of a submission's content.
func (s *Store) digest(content string) string { return chainMAC(s.keys.ledger, content) }

// chainMAC hashes a text with a key, that hash with the next, and so on. So what is stored can be hashed with a new key
// although nobody knows what it is the hash of, and all of it stays valid when keys are rotated.
func chainMAC(keys []*mac, text string) string {
	for _, key := range keys {
		text = key.hex(text)
	}
	return text
}

// mac hashes texts with one key. To begin with a key costs more than to hash a submission, so what has begun is kept for the next.
// It is safe for use by many goroutines.
type mac struct{ idle sync.Pool }

func newMAC(key []byte) *mac {
	return &mac{sync.Pool{New: func() any { return hmac.New(sha256.New, key) }}}
}

// hex returns the first 128 bits of HMAC-SHA-256 in hex.
func (m *mac) hex(text string) string {
	h, _ := m.idle.Get().(hash.Hash) // as New makes them
	defer m.idle.Put(h)
	h.Reset()
	_, _ = h.Write([]byte(text)) // a hash never fails
	var sum [sha256.Size]byte
	return hex.EncodeToString(h.Sum(sum[:0])[:16])
}
