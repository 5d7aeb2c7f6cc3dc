package store

import (
	"database/sql"
	"errors"

	"wellwave/surveys"
)

// notFound words a missing row as a refusal with the given sentence and passes every other error on.
func notFound(err error, format string, args ...any) error {
	if errors.Is(err, sql.ErrNoRows) {
		return surveys.Errorf(surveys.NotFound, format, args...)
	}
	return err
}
