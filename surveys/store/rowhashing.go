package store

import (
	"context"
	"fmt"

	"wellwave/surveys"
	"wellwave/surveys/store/engine"
)

// hashExisting hashes the rows that were there before the rows of their table had a hash, as they stand. Servers that start
// together share the work, and what one of them did not finish the next one does. The trail says that it was done: of a database
// in which that happens again somebody has put the mark away.
func (s *Store) hashExisting(ctx context.Context) error {
	var done []string
	if err := s.db.List(ctx, &done, "SELECT name FROM hashed_tables WHERE since > 0"); err != nil {
		return surveys.Wrap("look for rows without a hash", err)
	}
	known := make(map[string]bool, len(done))
	for _, name := range done {
		known[name] = true
	}
	for i := range hashedTables {
		if of := &hashedTables[i]; !known[of.table] {
			if err := s.hashTable(ctx, of); err != nil {
				return surveys.Wrap("hash the rows of "+of.table, err)
			}
		}
	}
	return nil
}

func (s *Store) hashTable(ctx context.Context, of *hashedTable) error {
	if err := s.db.InTx(ctx, func(tx *engine.Tx) error {
		_, err := tx.Exec(ctx, housekeeping, `
			INSERT INTO hashed_tables (name, existing, since)
			SELECT ?, COUNT(*), 0
			FROM `+of.table+`
			WHERE row_hash = ''
			ON CONFLICT (name) DO NOTHING`, of.table)
		return err
	}); err != nil {
		return err
	}
	var waiting []hashedRow
	write := func() error {
		err := s.db.InTx(ctx, func(tx *engine.Tx) error {
			for _, row := range waiting {
				if err := of.writeHash(ctx, tx, row, s.rowHash(of.table, row.values...)); err != nil {
					return err
				}
			}
			return nil
		})
		waiting = waiting[:0]
		return err
	}
	if err := of.each(ctx, s.db, func(row hashedRow) error {
		if row.hash != "" && !s.hashedBefore(of, row) {
			return nil
		}
		if waiting = append(waiting, row); len(waiting) < manyRows {
			return nil
		}
		return write()
	}); err != nil {
		return err
	}
	if err := write(); err != nil {
		return err
	}
	return s.db.InTx(ctx, func(tx *engine.Tx) error { return noteHashed(ctx, tx, of.table) })
}

// hashedBefore reports whether a submission is as it was written when its digest was not hashed yet.
func (s *Store) hashedBefore(of *hashedTable, row hashedRow) bool {
	return of.table == "submissions" && row.hash == s.rowHash(of.table, row.values[:len(row.values)-1]...)
}

// noteHashed notes since when the rows of a table have their hashes, and in the trail how many were there without.
func noteHashed(ctx context.Context, tx *engine.Tx, table string) error {
	var existing int
	if err := tx.Get(ctx, &existing, "SELECT existing FROM hashed_tables WHERE name = ?", table); err != nil {
		return err
	}
	var r engine.Record = housekeeping
	if existing > 0 {
		r = audit{action: "rows.hash", object: table, detail: fmt.Sprintf("%d rows, as they stood", existing)}
	}
	_, err := tx.Exec(ctx, r, "UPDATE hashed_tables SET since = ? WHERE name = ? AND since = 0", engine.Stamp(tx.Now), table)
	return err
}

// hashAllAnew hashes every row as it stands, because nobody has the key any more that its hash was made with.
func (s *Store) hashAllAnew(ctx context.Context, tx *engine.Tx) error {
	for i := range hashedTables {
		of := &hashedTables[i]
		if _, err := tx.Exec(ctx, housekeeping, "DELETE FROM hashed_tables WHERE name = ?", of.table); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, housekeeping, `
			INSERT INTO hashed_tables (name, existing, since)
			SELECT ?, COUNT(*), 0
			FROM `+of.table, of.table); err != nil {
			return err
		}
		if err := of.each(ctx, tx, func(row hashedRow) error {
			return of.writeHash(ctx, tx, row, s.rowHash(of.table, row.values...))
		}); err != nil {
			return err
		}
		if err := noteHashed(ctx, tx, of.table); err != nil {
			return err
		}
	}
	return nil
}

// changedRows returns the keys of all rows, by their tables, that are not as they were written.
func (s *Store) changedRows(ctx context.Context, tx *engine.Tx) (map[string]bool, error) {
	changed := make(map[string]bool)
	for i := range hashedTables {
		of := &hashedTables[i]
		if err := s.checkTable(ctx, tx, of, new(Checked), func(row hashedRow) { changed[of.keyOf(row)] = true }); err != nil {
			return nil, err
		}
	}
	return changed, nil
}

func (of *hashedTable) keyOf(row hashedRow) string {
	return fmt.Sprintln(of.table, row.values[:of.key])
}

// hashOthers hashes the rows with the keys of s, but for those that were changed.
func (s *Store) hashOthers(ctx context.Context, tx *engine.Tx, changed map[string]bool) error {
	for i := range hashedTables {
		of := &hashedTables[i]
		if err := of.each(ctx, tx, func(row hashedRow) error {
			if changed[of.keyOf(row)] {
				return nil
			}
			return of.writeHash(ctx, tx, row, s.rowHash(of.table, row.values...))
		}); err != nil {
			return err
		}
	}
	return nil
}
