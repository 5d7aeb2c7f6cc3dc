package store

import (
	"context"

	"wellwave/surveys"
	"wellwave/surveys/monitor"
	"wellwave/surveys/store/engine"
)

// RunFold gives the benchmarks' floor the writer that submissions go through.
func (s *Store) RunFold(ctx context.Context, work func(later func(query string, args ...any) error) error) error {
	return s.db.InGroup(ctx, func(tx engine.Batch) error { return work(tx.Later) })
}

// MonitorCounts returns what a monitor is built of.
func (s *Store) MonitorCounts(ctx context.Context, id surveys.StudyID) (counts []monitor.Count, err error) {
	return counts, s.progress(ctx, id, func(p progress) error {
		counts, err = p.counts(ctx)
		return err
	})
}

// Curve returns the curve of a monitor.
func (s *Store) Curve(ctx context.Context, id surveys.StudyID) (curve []monitor.CurvePoint, err error) {
	return curve, s.progress(ctx, id, func(p progress) error {
		curve, err = p.curve(ctx)
		return err
	})
}

// Exec runs a statement that no use case needs.
func (s *Store) Exec(ctx context.Context, query string, args ...any) error {
	return s.db.InTx(ctx, func(tx *engine.Tx) error {
		_, err := tx.Exec(ctx, unaudited("a test does it"), query, args...)
		return err
	})
}

// KeyPurposes are the purposes of server keys.
var KeyPurposes = keyPurposes

// HoldAtMost says how many bytes of a table may be written while saves wait.
func (s *Store) HoldAtMost(bytes int64) { s.heldAtMost = bytes }

// ForgetReady lets Ready look again at once.
func (s *Store) ForgetReady() { s.db.ForgetReady() }

// HashCode returns what is stored of a link, code or token.
func (s *Store) HashCode(code string) string { return s.hashCode(code) }

// HashedColumns and SealedColumns name the columns that a rotation of keys changes.
func HashedColumns() (names []string) {
	for _, c := range hashedColumns {
		names = append(names, c.table+"."+c.column)
	}
	return names
}

func SealedColumns() (names []string) {
	for _, c := range sealedColumns {
		names = append(names, c.table+"."+c.column)
	}
	return names
}

// Stands is the condition of a kind of grant.
func Stands(kind surveys.BasisKind) string { return stands[kind] }

// A HashedTable is a table whose rows have a hash, of Columns; the first Key of them are its key.
type HashedTable struct {
	Name    string
	Key     int
	Columns []string
}

// HashedTables returns all of them.
func HashedTables() (tables []HashedTable) {
	for _, of := range hashedTables {
		tables = append(tables, HashedTable{of.table, of.key, of.columns})
	}
	return tables
}

// Faults returns how many rows are not as they were written, -1 where they cannot be read.
func (h HashedTable) Faults(ctx context.Context, s *Store) int {
	var done Checked
	if s.checkTable(ctx, s.db, hashedTableOf(h.Name), &done, nil) != nil {
		return -1
	}
	return len(done.Faults)
}

// HashAsBefore gives submissions the hashes that they had at first, without the digest.
func HashAsBefore(ctx context.Context, s *Store) error {
	of := hashedTableOf("submissions")
	return s.db.InTx(ctx, func(tx *engine.Tx) error {
		return of.each(ctx, tx, func(row hashedRow) error {
			return of.writeHash(ctx, tx, row, s.rowHash(of.table, row.values[:len(row.values)-1]...))
		})
	})
}
