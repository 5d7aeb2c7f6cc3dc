package store

import (
	"context"
	"fmt"
	"time"

	"wellwave/surveys"
	"wellwave/surveys/store/engine"
)

// audit is the record of a change: what a writing statement must be told about its doer. It goes into the same
// transaction, so that nothing is changed without a trace; it never holds an answer, a name, a code or an address.
type audit struct {
	by     surveys.AccountID // empty for the command line and the server itself
	action string            // noun.verb
	study  surveys.StudyID   // empty where the matter belongs to no study
	object string
	detail string
}

const insertAudit = `
	INSERT INTO audit (id, at, account_id, action, study_id, object, detail)
	VALUES (?, ?, ?, ?, ?, ?, ?)`

// values are those of insertAudit.
func (a audit) values(now time.Time) []any {
	return []any{newID(now), now.UnixMilli(), orNull(a.by), a.action, orNull(a.study), a.object, a.detail}
}

// Write writes the entry.
func (a audit) Write(ctx context.Context, tx *engine.Tx) error {
	if _, err := tx.Exec(ctx, theTrail, insertAudit, a.values(tx.Now)...); err != nil {
		return fmt.Errorf("write audit entry %s: %w", a.action, err)
	}
	return nil
}

// unaudited is the record of a statement that leaves no entry in the audit trail. Its text is why.
type unaudited string

// The statements without an audit entry.
const (
	theTrail     unaudited = "the audit trail itself"
	inLedger     unaudited = "the ledger, or the consent as it was given, is the record of what participants do"
	byClock      unaudited = "nobody decided it; the history of dispositions says when and why"
	locking      unaudited = "holds a row, or begins it, for what is written into it next"
	housekeeping unaudited = "of the server itself: keys, sessions, links, sent forms, the outbox and what is left of broken-off work"
	anonymous    unaudited = "an entry would be a time beside answers that have none"
)

// Write writes nothing.
func (unaudited) Write(context.Context, *engine.Tx) error { return nil }

// orNull returns nil for the empty string, which is how an absent reference is stored.
func orNull[S ~string](s S) any {
	if s == "" {
		return nil
	}
	return string(s)
}
