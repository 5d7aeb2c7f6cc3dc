package main

import (
	"bytes"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"filippo.io/age"

	"wellwave/surveys/store/storetest"
)

// A sealed backup that is killed at any moment leaves nothing that can be read without a key: not beside the database, not where
// the backup is written, and not where temporary files are.
func TestKillWhileBackupsAreSealed(t *testing.T) {
	kills := storetest.Times(t, "kills while a backup is sealed", 4, 200)
	db := storetest.SQLite(t)
	st := newDeployment(t, program(t), db, 50)
	made, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	file := strings.TrimPrefix(db.DSN, "sqlite:")
	outside := t.TempDir()
	t.Setenv("TMPDIR", filepath.Join(outside, "temporary"))
	t.Setenv("SQLITE_TMPDIR", filepath.Join(outside, "temporary"))
	if err := os.Mkdir(filepath.Join(outside, "temporary"), 0o700); err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(10, 2))
	var takes time.Duration
	sealed := 0
	for kill := range kills + 1 {
		path := filepath.Join(outside, "backup.age")
		backup := exec.Command(st.binary, "--database", st.dsn, "backup", path, "--to", made.Recipient().String())
		began := time.Now()
		if err := backup.Start(); err != nil {
			t.Fatal(err)
		}
		switch {
		case kill == 0: // says how long it takes
		case kill%2 == 1: // as soon as anything is sealed, when all of it has been copied
			for deadline := began.Add(time.Minute); time.Now().Before(deadline) && !exists(path+".part") && !exists(path); {
				time.Sleep(100 * time.Microsecond)
			}
			_ = backup.Process.Kill() // it may have ended
		default:
			time.Sleep(time.Duration(random.Int64N(int64(takes))))
			_ = backup.Process.Kill() // as above
		}
		if err := backup.Wait(); kill == 0 && err != nil {
			t.Fatalf("backup: %v", err)
		}
		takes = max(takes, time.Since(began))
		wantSealed(t, filepath.Dir(file), file)
		wantSealed(t, outside, file)
		if exists(path) {
			sealed++
			if err := os.Remove(path); err != nil {
				t.Fatal(err)
			}
		}
	}
	t.Logf("of %d backups that were killed, %d were done", kills, sealed-1)
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// wantSealed looks through all files of a folder but for the database's own for what every database holds.
func wantSealed(t *testing.T, folder, database string) {
	t.Helper()
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || path == database || path == database+"-wal" {
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, text := range []string{"SQLite format", "CREATE TABLE", string(storetest.Study)} {
			if bytes.Contains(content, []byte(text)) {
				t.Errorf("%s holds %q unsealed", path, text)
				break
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}
