package store

import (
	"context"
	"slices"

	"wellwave/surveys"
	"wellwave/surveys/store/engine"
)

// rehash hashes every hash in a column with one more key. The rows are written in the order of what they then hold: PostgreSQL
// keeps them in the order of writing, and it is to say no more than they do.
func rehash(ctx context.Context, tx *engine.Tx, c hashedColumn, key []byte) error {
	var hashes []string
	if err := tx.List(ctx, &hashes, "SELECT "+c.column+" FROM "+c.table+" WHERE "+c.column+" <> ''"); err != nil {
		return err
	}
	with := newMAC(key)
	moves := make([][2]string, len(hashes))
	for i, hash := range hashes {
		moves[i] = [2]string{with.hex(hash), hash}
	}
	slices.SortFunc(moves, func(a, b [2]string) int { return slices.Compare(a[:], b[:]) })
	for _, move := range moves {
		if _, err := tx.Exec(ctx, housekeeping, "UPDATE "+c.table+" SET "+c.column+" = ? WHERE "+c.column+" = ?", move[0], move[1]); err != nil {
			return err
		}
	}
	return nil
}

// rehashLedger hashes the digests of all submissions with one more key, but for those that were erased.
func rehashLedger(ctx context.Context, tx *engine.Tx, key []byte) error {
	with := newMAC(key)
	return hashedTableOf("submissions").each(ctx, tx, func(row hashedRow) error {
		digest, _ := row.values[len(row.values)-1].(string)
		if digest == "" {
			return nil
		}
		_, err := tx.Exec(ctx, inLedger, `
			UPDATE submissions
			SET digest = ?
			WHERE response_id = ? AND sitting = ? AND seq = ? AND attempt = ?`, append([]any{with.hex(digest)}, row.values[:4]...)...)
		return err
	})
}

// resealReleases seals the keys of releases with the new key for them. They stay what they are, and so do releases' ids.
func (s *Store) resealReleases(ctx context.Context, tx *engine.Tx, next *Store) error {
	var rows []struct {
		Study  surveys.StudyID `db:"study_id"`
		Number int             `db:"number"`
		Sealed string          `db:"sealed_key"`
	}
	if err := tx.List(ctx, &rows, "SELECT study_id, number, sealed_key FROM releases WHERE sealed_key <> ''"); err != nil {
		return err
	}
	for _, row := range rows {
		r := surveys.Release{Study: row.Study, Number: row.Number}
		var err error
		if r.Key, err = s.openReleaseKey(&r, row.Sealed); err != nil {
			return err
		}
		sealed, err := next.sealReleaseKey(&r)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, housekeeping, `
			UPDATE releases
			SET sealed_key = ?
			WHERE study_id = ? AND number = ?`, sealed, row.Study, row.Number); err != nil {
			return err
		}
	}
	return nil
}

// reseal seals every text in a column with the new root key.
func (s *Store) reseal(ctx context.Context, tx *engine.Tx, next *Store, c sealedColumn) error {
	var rows []struct {
		ID     string `db:"id"`
		Sealed string `db:"sealed"`
	}
	if err := tx.List(ctx, &rows, "SELECT "+c.id+" AS id, "+c.column+" AS sealed FROM "+c.table+" WHERE "+c.column+" <> ''"); err != nil {
		return err
	}
	for _, row := range rows {
		plain, err := s.unseal(c.purpose, row.ID, row.Sealed)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, housekeeping, "UPDATE "+c.table+" SET "+c.column+" = ? WHERE "+c.id+" = ?",
			next.seal(c.purpose, row.ID, plain), row.ID); err != nil {
			return err
		}
	}
	return nil
}
