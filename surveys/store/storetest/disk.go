package storetest

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
)

// Disk returns every byte that the engine keeps of the database in files: of SQLite the file, its write-ahead log and
// index of that; of PostgreSQL, whose server must be on this machine, the database's own files and the write-ahead log of
// the server. What waits in PostgreSQL's memory is written first.
func (d Database) Disk(tb testing.TB) map[string][]byte {
	tb.Helper()
	files := make(map[string][]byte)
	read := func(path string) {
		content, err := os.ReadFile(path)
		if os.IsNotExist(err) {
			return // gone since it was listed
		}
		if err != nil {
			tb.Fatalf("read the disk: %v", err)
		}
		files[path] = content
	}
	if path, ok := strings.CutPrefix(d.DSN, "sqlite:"); ok {
		for _, suffix := range []string{"", "-wal", "-shm"} {
			read(path + suffix)
		}
		return files
	}
	for _, folder := range d.postgresFolders(tb) {
		err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
			if err == nil && entry.Type().IsRegular() {
				read(path)
			}
			return err
		})
		if err != nil && !os.IsNotExist(err) {
			tb.Fatalf("read the disk: %v", err)
		}
	}
	return files
}

// postgresFolders returns where the server keeps the database and its write-ahead log.
func (d Database) postgresFolders(tb testing.TB) []string {
	tb.Helper()
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, d.DSN)
	if err != nil {
		tb.Fatalf("connect to the test database: %v", err)
	}
	defer func() { _ = conn.Close(ctx) }() // only read
	if _, err := conn.Exec(ctx, "CHECKPOINT"); err != nil {
		tb.Fatalf("write what waits: %v", err)
	}
	var data string
	var oid uint32
	if err := conn.QueryRow(ctx, "SELECT current_setting('data_directory'), oid FROM pg_database WHERE datname = current_database()").Scan(&data, &oid); err != nil {
		tb.Fatalf("find the disk of the test database: %v", err)
	}
	return []string{filepath.Join(data, "base", strconv.FormatUint(uint64(oid), 10)), filepath.Join(data, "pg_wal")}
}
