package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"wellwave/surveys"
	"wellwave/surveys/rootkey"
	"wellwave/surveys/store/engine"
)

// Restored says what Restore did.
type Restored struct {
	Kept     string // where the database is that was there; empty if there was none
	Replayed Replayed
	Unread   error // why the withdrawals and what was taken back of the database that was there could not be read, if so
	// Head is that of the audit trail in the backup, and Trail what is wrong with the trail, by its own seals and by comparison with
	// that of the database that was there.
	Head  AuditHead
	Trail []string
}

// Restore puts a backup in the place of the database that dsn names. The backup is copied, opened and checked first. Then
// the withdrawals and erasures of the database that was there are done again in it, and what was taken back there is taken back
// again, before anybody can use it. That database is kept beside it. keyFile is the file of the root key, as in Options; the backup must have been made with that
// key, or with one that it took the place of and that is still beside it. It fails with Conflict while a server or another command has the database open.
func Restore(ctx context.Context, dsn, keyFile string, from BackupFile) (done Restored, err error) {
	target, err := engine.SQLiteFile(dsn)
	if err != nil {
		return done, err
	}
	if target == "" {
		return done, surveys.Errorf(surveys.Invalid, "this database is on PostgreSQL, whose own tools restore it")
	}
	if keyFile, err = KeyFile(dsn, keyFile); err != nil {
		return done, err
	}
	lock, err := engine.LockAlone(ctx, target)
	if err != nil {
		return done, err
	}
	defer func() { err = errors.Join(err, lock.Release()) }()
	part := target + ".part"
	defer func() { _ = os.Remove(part) }() // gone already if all went well
	if err := from.copyTo(part); err != nil {
		return done, err
	}
	if err := engine.CheckCopy(ctx, part); err != nil {
		return done, surveys.Errorf(surveys.Invalid, "%s is not a backup that can be restored: %w", from.Path, err)
	}
	earlier, err := earlierKey(ctx, "sqlite:"+part, keyFile)
	if err != nil {
		return done, err
	}
	if done.Head, err = readHeadOf(ctx, "sqlite:"+part, 0); err != nil { // before what opening it adds
		return done, err
	}
	s, err := Open(ctx, Options{DSN: "sqlite:" + part, KeyFile: cmp.Or(earlier, keyFile), lock: lock}) // as a server would: migrated, or refused for being newer
	if err != nil {
		return done, surveys.Errorf(surveys.Invalid, "%s cannot be restored: %w", from.Path, err)
	}
	if earlier != "" {
		if err := s.takeOver(ctx, keyFile); err != nil {
			return done, errors.Join(err, s.Close())
		}
	}
	if done.Trail, err = s.checkTrail(ctx, from, done.Head, target); err != nil {
		return done, errors.Join(err, s.Close())
	}
	done.Replayed, done.Unread, err = replayInto(ctx, s, target)
	if err = errors.Join(err, s.Close()); err != nil {
		return done, err
	}
	if err := engine.SyncFile(part); err != nil {
		return done, fmt.Errorf("write the database: %w", err)
	}
	if done.Kept, err = keepBeside(target); err != nil {
		return done, err
	}
	if err := os.Rename(part, target); err != nil {
		return done, fmt.Errorf("put the database in place: %w", err)
	}
	return done, rootkey.SyncFolder(target)
}

// checkTrail follows the audit trail of a backup that has just been opened and compares it with that of the database at path, which
// the backup was probably made of. It fails with Invalid where it is not as was noted when the backup was made.
func (s *Store) checkTrail(ctx context.Context, from BackupFile, head AuditHead, path string) (faults []string, err error) {
	if faults, err = s.CheckAudit(ctx, from.Noted); err != nil {
		return nil, err
	}
	if from.Noted.Number > 0 && len(faults) > 0 {
		return nil, surveys.Errorf(surveys.Invalid, "%s is not restored: %s. Without --audit-head it is restored nevertheless", from.Path, strings.Join(faults, "; "))
	}
	if head.Number == 0 {
		return faults, nil
	}
	switch there, err := readHeadOf(ctx, "sqlite:"+path, head.Number); {
	case err != nil || there == head: // it is told elsewhere where the database cannot be read
	case there.Number == 0:
		faults = append(faults, "the audit trail of the database that was there ends before that of the backup: it was the older of the two, or its trail was cut off")
	default:
		faults = append(faults, "the database that was there had another audit trail than the backup: it had been restored from an older backup, is not the one that the backup was made of, or one of the trails was made anew")
	}
	return faults, nil
}

// keepBeside gives the database at path, if there is one, a second name, which it returns: it keeps the first until another takes
// its place, so that at no moment a server would find nothing there and begin anew. The log of a database that was moved by hand,
// or cannot be read, is put aside with it: SQLite would write it over the other.
func keepBeside(path string) (kept string, err error) {
	aside := freeName(path + ".before-restore")
	if _, err := os.Lstat(path); err == nil {
		kept = aside
		if os.Link(path, kept) != nil { // on a file system without second names
			if err := os.Rename(path, kept); err != nil {
				return "", fmt.Errorf("keep what was there: %w", err)
			}
		}
	}
	for _, left := range engine.LeftBeside(path) {
		if err := os.Rename(left, aside+strings.TrimPrefix(filepath.Base(left), filepath.Base(path))); err != nil {
			return kept, fmt.Errorf("keep what was there: %w", err)
		}
	}
	return kept, nil
}

// PutAside gives a file a name of its own with an ending, which it returns.
func PutAside(path, ending string) (kept string, err error) {
	kept = freeName(path + ending)
	if err := os.Rename(path, kept); err != nil {
		return "", fmt.Errorf("keep what was there: %w", err)
	}
	return kept, nil
}

// freeName returns the path, or where something is there already the path with the first number that makes it free.
func freeName(path string) string {
	name := path
	for n := 2; ; n++ {
		if _, err := os.Lstat(name); errors.Is(err, os.ErrNotExist) {
			return name
		}
		name = fmt.Sprintf("%s-%d", path, n)
	}
}

// replayInto does again what the database at path knows of withdrawals and of what was taken back. A database that cannot be
// read may be why there is a restore at all, so that is told and does not stop it.
func replayInto(ctx context.Context, s *Store, path string) (done Replayed, unread, err error) {
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
		return done, surveys.Errorf(surveys.NotFound, "there was no database at %s", path), s.endShortLived(ctx)
	}
	other := "sqlite:" + path
	if _, err := readSteps(ctx, other); err != nil {
		return done, err, s.endShortLived(ctx)
	}
	done, err = s.Replay(ctx, other)
	return done, nil, err
}
