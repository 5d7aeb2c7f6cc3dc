package store

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"time"

	"wellwave/surveys"
	"wellwave/surveys/store/engine"
)

// audit is the record of a change: what a writing statement must be told about its doer. It goes into the same
// transaction, so that nothing is changed without a trace; it never holds an answer, a name, a code or an address.
type audit struct {
	by     surveys.AccountID // empty for whoever is not an account, see of and Commanded
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

// of returns the entry of a change by somebody who need not be an account. The columns of the trail are hashed and know accounts
// alone, so that any other stands at the end of the detail, where nothing that anybody typed can stand.
func (a audit) of(by surveys.Author) audit {
	if by.Kind == surveys.ByAccount {
		a.by = by.Account()
	} else if by.Kind != 0 {
		a.detail = strings.TrimSpace(a.detail + " [" + strings.TrimSpace(by.Kind.String()+" "+by.ID) + "]")
	}
	return a
}

// named is what of writes behind a detail.
var named = regexp.MustCompile(` ?\[([a-z]+)(?: ([^ \[\]]+))?\]$`)

// namedIn returns the author that stands in a detail, and the detail without.
func namedIn(detail string) (surveys.Author, string) {
	found := named.FindStringSubmatch(detail)
	if found == nil {
		return surveys.Author{}, detail
	}
	kind, ok := surveys.ParseAuthorKind(found[1])
	if !ok {
		return surveys.Author{}, detail
	}
	return surveys.Author{Kind: kind, ID: found[2]}, strings.TrimSuffix(detail, found[0])
}

type commandedKey struct{}

// Commanded returns a context in which what no account does is done at the command line, by a user of the operating system.
// The server's own work has none.
func Commanded(ctx context.Context, user string) context.Context {
	return context.WithValue(ctx, commandedKey{}, surveys.CommandAuthor(user))
}

// Commander returns the author who stands in a context of Commanded, and nobody for any other.
func Commander(ctx context.Context) surveys.Author {
	by, _ := ctx.Value(commandedKey{}).(surveys.Author)
	return by
}

// Write writes the entry.
func (a audit) Write(ctx context.Context, tx *engine.Tx) error {
	if a.by == "" {
		a = a.of(Commander(ctx))
	}
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
