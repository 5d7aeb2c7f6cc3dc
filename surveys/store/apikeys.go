package store

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"wellwave/surveys"
	"wellwave/surveys/store/engine"
)

// apiKeyRow is a row of api_keys. A key that may correct is stored as one that may submit, with corrects beside it: the words of
// the column scope are older, and no engine of ours can give a nameless CHECK another one without copying the table.
type apiKeyRow struct {
	ID        string       `db:"id"`
	StudyID   string       `db:"study_id"`
	Name      string       `db:"name"`
	Scope     string       `db:"scope"`
	CreatedAt engine.Stamp `db:"created_at"`
	RevokedAt engine.Stamp `db:"revoked_at"`
	Corrects  bool         `db:"corrects"`
}

func (r apiKeyRow) key() (surveys.APIKey, error) {
	scope, err := word("api_keys.scope", surveys.ParseKeyScope, r.Scope)
	if r.Corrects {
		scope = surveys.CorrectScope
	}
	return surveys.APIKey{ID: r.ID, Study: surveys.StudyID(r.StudyID), Name: r.Name, Scope: scope,
		CreatedAt: r.CreatedAt.Time(), RevokedAt: r.RevokedAt.Time()}, err
}

// apiKeyPrefix lets people and secret scanners recognise a key.
const apiKeyPrefix = "ww_"

// AddKey makes an API key for a study and returns it with the secret, which is not kept and cannot be shown again.
func (s *Store) AddKey(ctx context.Context, by surveys.AccountID, study surveys.StudyID, name string, scope surveys.KeyScope) (surveys.APIKey, string, error) {
	name = strings.Join(strings.Fields(name), " ")
	if name == "" || utf8.RuneCountInString(name) > 100 {
		return surveys.APIKey{}, "", surveys.Errorf(surveys.Invalid, "say what the key is for in at most 100 characters")
	}
	if scope.String() == "" {
		return surveys.APIKey{}, "", surveys.Errorf(surveys.Invalid, "the scope of a key is submit, read or correct")
	}
	stored := scope
	if scope == surveys.CorrectScope {
		stored = surveys.SubmitScope
	}
	secret := apiKeyPrefix + newToken()
	key := surveys.APIKey{Study: study, Name: name, Scope: scope}
	err := s.db.InTx(ctx, func(tx *engine.Tx) error {
		key.ID, key.CreatedAt = newID(tx.Now), tx.Now.UTC().Truncate(time.Millisecond) // as it is stored
		err := insertHashed(ctx, tx, audit{by, "key.add", study, key.ID, scope.String()}, "api_keys", key.ID, string(study), name, stored.String(),
			scope == surveys.CorrectScope, s.hashCode(secret), engine.Stamp(tx.Now), nil)
		if surveys.KindOf(tx.Translate(err)) == surveys.NotFound {
			return surveys.Errorf(surveys.NotFound, "there is no study %s", study)
		}
		return err
	})
	return key, secret, surveys.Wrap("add key", err)
}

// ListKeys returns the keys of a study, or of all with an empty study, newest first.
func (s *Store) ListKeys(ctx context.Context, study surveys.StudyID) ([]surveys.APIKey, error) {
	var rows []apiKeyRow
	if err := s.db.List(ctx, &rows, `
		SELECT id, study_id, name, scope, created_at, revoked_at, corrects
		FROM api_keys
		WHERE study_id = ? OR ? = ''
		ORDER BY id DESC`, string(study), string(study)); err != nil {
		return nil, surveys.Wrap("list keys", err)
	}
	keys := make([]surveys.APIKey, 0, len(rows))
	for _, row := range rows {
		key, err := row.key()
		if err != nil {
			return nil, err
		}
		keys = append(keys, key)
	}
	return keys, nil
}

// RevokeKey ends a key, also for a request that is under way: what is not stored by then is refused. It fails with NotFound, also for one that was revoked before.
func (s *Store) RevokeKey(ctx context.Context, by surveys.AccountID, id string) error {
	return surveys.Wrap("revoke key", s.db.InTx(ctx, func(tx *engine.Tx) error {
		var study surveys.StudyID
		if err := tx.Get(ctx, &study, `
			SELECT study_id
			FROM api_keys
			WHERE id = ? AND revoked_at IS NULL
			`+tx.LockRow(), id); err != nil {
			return notFound(err, "there is no such key, or it was revoked before")
		}
		_, err := changeHashed(ctx, tx, audit{by, "key.revoke", study, id, ""}, change{"api_keys", "revoked_at = ?", "id = ?", []any{engine.Stamp(tx.Now)}, []any{id}})
		if err != nil {
			return err
		}
		return holdSubmissions(ctx, tx)
	}))
}

// FindKey returns the key that a program sent. It fails with Unauthenticated for one that is unknown or revoked.
func (s *Store) FindKey(ctx context.Context, secret string) (surveys.APIKey, error) {
	var row apiKeyRow
	err := s.db.Get(ctx, &row, `
		SELECT id, study_id, name, scope, created_at, revoked_at, corrects
		FROM api_keys
		WHERE key_hash = ? AND revoked_at IS NULL`, s.hashCode(secret))
	if surveys.KindOf(notFound(err, "")) == surveys.NotFound {
		return surveys.APIKey{}, surveys.Errorf(surveys.Unauthenticated, "the API key is not known or was revoked")
	}
	if err != nil {
		return surveys.APIKey{}, surveys.Wrap("find key", err)
	}
	return row.key()
}
