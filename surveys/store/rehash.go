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

// rehashLedger hashes the digests and the hashes of rows of all submissions with one more key, but for those that were erased.
func rehashLedger(ctx context.Context, tx *engine.Tx, key []byte) error {
	with := newMAC(key)
	var responses []string
	if err := tx.List(ctx, &responses, "SELECT id FROM responses"); err != nil {
		return err
	}
	for _, response := range responses {
		var rows []struct {
			Sitting string `db:"sitting"`
			Seq     int    `db:"seq"`
			Attempt int    `db:"attempt"`
			Digest  string `db:"digest"`
			Row     string `db:"row_hash"`
		}
		if err := tx.List(ctx, &rows, `
			SELECT sitting, seq, attempt, digest, row_hash
			FROM submissions
			WHERE response_id = ? AND digest <> ''`, response); err != nil {
			return err
		}
		for _, row := range rows {
			if row.Row != "" {
				row.Row = with.hex(row.Row)
			}
			if _, err := tx.Exec(ctx, inLedger, `
				UPDATE submissions
				SET digest = ?, row_hash = ?
				WHERE response_id = ? AND sitting = ? AND seq = ? AND attempt = ?`,
				with.hex(row.Digest), row.Row, response, row.Sitting, row.Seq, row.Attempt); err != nil {
				return err
			}
		}
	}
	return nil
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
