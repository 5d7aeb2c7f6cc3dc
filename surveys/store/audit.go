package store

import (
	"context"
	"fmt"

	"wellwave/surveys"
	"wellwave/surveys/store/engine"
)

// audit is what a writing statement must be told about its doer. It goes into the same transaction, so that nothing is
// changed without a trace; it never holds an answer, a name, a code or an address.
type audit struct {
	by     surveys.AccountID // empty for the command line and the server itself
	action string            // noun.verb
	study  surveys.StudyID   // empty where the matter belongs to no study
	object string
	detail string
}

// insertAudit writes the entry.
func insertAudit(ctx context.Context, tx *engine.Tx, a audit) error {
	if _, err := tx.Exec(ctx, `
		INSERT INTO audit (id, at, account_id, action, study_id, object, detail)
		VALUES (?, ?, ?, ?, ?, ?, ?)`,
		newID(tx.Now), engine.Stamp(tx.Now), orNull(a.by), a.action, orNull(a.study), a.object, a.detail); err != nil {
		return fmt.Errorf("write audit entry %s: %w", a.action, err)
	}
	return nil
}

// orNull returns nil for the empty string, which is how an absent reference is stored.
func orNull[S ~string](s S) any {
	if s == "" {
		return nil
	}
	return string(s)
}
