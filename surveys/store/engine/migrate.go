package engine

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"strconv"

	"github.com/pressly/goose/v3"

	"wellwave/surveys"
)

// migrationName is what a file in migrations is called.
var migrationName = regexp.MustCompile(`^(\d{4})_[a-z0-9_]+\.sql$`)

// migrate brings the schema up to date, one transaction a file.
func (db *DB) migrate(ctx context.Context, schema fs.FS) error {
	steps, err := db.migrationSteps(schema)
	if err != nil {
		return err
	}
	if err := db.refuseNewer(ctx, len(steps)); err != nil {
		return err
	}
	engine, options, err := db.dialect.goose()
	if err != nil {
		return err
	}
	options = append(options, goose.WithGoMigrations(steps...), goose.WithDisableGlobalRegistry(true))
	provider, err := goose.NewProvider(engine, db.write.DB, nil, options...)
	if err != nil {
		return fmt.Errorf("read migrations: %w", err)
	}
	for try := 1; ; try++ {
		before := db.newestStep(ctx)
		_, err := provider.Up(ctx)
		raced := db.Name() == "sqlite" && (db.newestStep(ctx) > before || surveys.KindOf(db.Translate(err)) == surveys.Unavailable)
		if err == nil || try == migrateTries || !raced || ctx.Err() != nil {
			return surveys.Wrap("migrate the database", db.Translate(err))
		}
	}
}

// migrateTries bounds how often the schema is brought up to date beside another program that does it at the same time. On SQLite,
// where neither waits for the other, each try waits up to five seconds for a step of the other.
const migrateTries = 24

// errStepDone says that another program has taken a step of the migration since it was planned.
var errStepDone = errors.New("another program has just done this step")

// newestStep returns the newest step that the schema has, and -1 where that cannot be told, as of a new database.
func (db *DB) newestStep(ctx context.Context) (newest int) {
	if db.write.GetContext(ctx, &newest, "SELECT COALESCE(MAX(version_id), 0) FROM goose_db_version") != nil {
		return -1
	}
	return newest
}

// takeStep runs one step unless another program was faster: of two that planned it, the second would change the data twice.
func takeStep(ctx context.Context, tx *sql.Tx, number int, statements string) error {
	var done int
	err := tx.QueryRowContext(ctx, fmt.Sprintf("SELECT COUNT(*) FROM goose_db_version WHERE version_id = %d", number)).Scan(&done)
	if err == nil && done > 0 {
		err = errStepDone
	}
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, statements)
	return err
}

// migrationSteps reads the numbered files and resolves the engine's fragments in them.
func (db *DB) migrationSteps(schema fs.FS) ([]*goose.Migration, error) {
	files, err := fs.Glob(schema, "*.sql")
	if err != nil {
		return nil, fmt.Errorf("list migrations: %w", err)
	}
	fragments := db.dialect.fragments()
	var steps []*goose.Migration
	for i, file := range files {
		match := migrationName.FindStringSubmatch(file)
		if match == nil {
			return nil, fmt.Errorf("migration %s is not named NNNN_topic.sql", file)
		}
		number, err := strconv.Atoi(match[1])
		if err != nil || number != i+1 {
			return nil, fmt.Errorf("migration %s should have number %d", file, i+1)
		}
		text, err := fs.ReadFile(schema, file)
		if err != nil {
			return nil, fmt.Errorf("read migration %s: %w", file, err)
		}
		sqlText := fragments.Replace(string(text))
		up := &goose.GoFunc{RunTx: func(ctx context.Context, tx *sql.Tx) error {
			return takeStep(ctx, tx, number, sqlText)
		}}
		steps = append(steps, goose.NewGoMigration(int64(number), up, nil))
	}
	return steps, nil
}

// refuseNewer fails if a newer binary has left the database in a state that this one would misread.
func (db *DB) refuseNewer(ctx context.Context, known int) error {
	var exists bool
	if err := db.write.GetContext(ctx, &exists, db.dialect.hasTable(), "compatibility"); err != nil {
		return surveys.Wrap("look for the schema's version", db.Translate(err))
	}
	if !exists {
		return nil
	}
	var oldest int
	err := db.write.GetContext(ctx, &oldest, "SELECT oldest_schema FROM compatibility")
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read the schema's version: %w", err)
	}
	if oldest > known {
		return surveys.Errorf(surveys.Unavailable,
			"this database was changed by a newer wellwave (it needs schema %d, this program knows %d): install the newer version, or restore the backup made before the upgrade",
			oldest, known)
	}
	return nil
}
