package store

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

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

// keyring holds the secrets that the store itself uses. They are made once and do not change while a database lives,
// so that every server on it agrees.
type keyring struct{ ledger, codes, releases []byte }

type keyRow struct {
	ID      string `db:"id"`
	Purpose string `db:"purpose"`
	Secret  string `db:"secret"`
}

// loadKeys reads the server's keys and makes those that are missing; of two servers that start together one wins.
func (s *Store) loadKeys(ctx context.Context) error {
	return s.db.InTx(ctx, func(tx *engine.Tx) error {
		for _, purpose := range keyPurposes {
			secret := make([]byte, 32)
			_, _ = rand.Read(secret) // never fails since Go 1.24
			if _, err := tx.Exec(ctx, housekeeping, `
				INSERT INTO server_keys (id, purpose, secret, created_at)
				VALUES (?, ?, ?, ?)
				ON CONFLICT DO NOTHING`,
				randomID()[:8], purpose, hex.EncodeToString(secret), engine.Stamp(tx.Now)); err != nil {
				return fmt.Errorf("make the %s key: %w", purpose, err)
			}
		}
		var rows []keyRow
		if err := tx.List(ctx, &rows, `
			SELECT id, purpose, secret
			FROM server_keys
			WHERE retired_at IS NULL`); err != nil {
			return fmt.Errorf("read server keys: %w", err)
		}
		for _, row := range rows {
			secret, err := hex.DecodeString(row.Secret)
			if err != nil {
				return fmt.Errorf("read the %s key: %w", row.Purpose, err)
			}
			switch row.Purpose {
			case ledgerKey:
				s.keys.ledger = secret
			case codesKey:
				s.keys.codes = secret
			case releasesKey:
				s.keys.releases = secret
			}
		}
		return nil
	})
}

// SealingKeys returns the keys of participants' sessions, the one to seal with first, then those that still open.
func (s *Store) SealingKeys(ctx context.Context) ([]surveys.Key, error) {
	var rows []keyRow
	if err := s.db.List(ctx, &rows, `
		SELECT id, purpose, secret
		FROM server_keys
		WHERE purpose = ?
		ORDER BY created_at DESC, id`, sealingKey); err != nil {
		return nil, surveys.Wrap("read sealing keys", err)
	}
	keys := make([]surveys.Key, 0, len(rows))
	for _, row := range rows {
		secret, err := hex.DecodeString(row.Secret)
		if err != nil {
			return nil, fmt.Errorf("read sealing key %s: %w", row.ID, err)
		}
		keys = append(keys, surveys.Key{ID: row.ID, Secret: secret})
	}
	return keys, nil
}

// hashCode returns the keyed hash under which a link, code or token is stored: a copy of the database alone does not
// let anybody try codes.
func (s *Store) hashCode(code string) string { return hexMAC(s.keys.codes, code) }

// digest returns the keyed digest of a submission's content.
func (s *Store) digest(content string) string { return hexMAC(s.keys.ledger, content) }

// hexMAC returns the first 128 bits of HMAC-SHA-256 in hex.
func hexMAC(key []byte, text string) string {
	mac := hmac.New(sha256.New, key)
	_, _ = mac.Write([]byte(text)) // a hash never fails
	return hex.EncodeToString(mac.Sum(nil)[:16])
}
