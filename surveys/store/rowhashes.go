package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"wellwave/surveys"
	"wellwave/surveys/store/engine"
)

// Rows that somebody relies on have a keyed hash, which nobody can make without the root key. Whoever writes one gives it the hash
// in the same statement, and whoever changes a hashed column does it by changeHashed, which hashes the row again unless it was
// not as it was written before. So a change behind the program's back is found for as long as the row is there. That a row was
// removed is not, but in the audit trail, which is a chain.

// A hashedTable is a table whose rows have a hash in row_hash, of the columns in their order. The first of them are its key.
type hashedTable struct {
	table, name string
	key         int
	columns     []string
}

// hashedTables are all of them. What stands in other columns and tables is worked out again by doctor, or nobody relies on it: a
// test says which and why.
var hashedTables = []hashedTable{
	{"submissions", "submission", 4, []string{"response_id", "sitting", "seq", "attempt", "revision", "verdict", "late_days", "content", "account_id", "author", "author_id",
		"received_at", "digest"}},
	{"responses", "response", 1, []string{"id", "enrolment_id", "wave_id", "questionnaire"}},
	{"dispositions", "outcome", 2, []string{"response_id", "number", "disposition", "source", "reason", "account_id", "at"}},
	{"judgements", "judgement", 4, []string{"response_id", "revision", "sitting", "seq", "verdict", "late_days"}},
	{"queries", "query", 1, []string{"id", "response_id", "sitting", "seq", "stands", "revision", "raised_at"}},
	{"paper_entries", "entry of a paper", 2, []string{"paper_id", "number", "form", "account_id", "content", "entered_at"}},
	{"alerts", "alert", 1, []string{"id", "study_id", "enrolment_id", "response_id", "item", "trial", "given_at", "raised_at"}},
	{"alert_actions", "action about alert", 2, []string{"alert_id", "number", "code", "account_id", "at"}},

	{"enrolments", "enrolment", 1, []string{"id", "study_id", "site_id", "arm_id", "participant_id", "label", "sampled_at", "sampled_day"}},
	{"consents", "consent", 1, []string{"id", "enrolment_id", "version", "language", "clauses", "sitting", "given_at"}},
	{"declared_consents", "declared consent of", 1, []string{"enrolment_id", "version", "day", "basis", "declared_by", "declared_at"}},
	{"withdrawals", "withdrawal", 2, []string{"enrolment_id", "number", "level", "channel", "reason", "account_id", "at"}},
	{"erasures", "erasure", 2, []string{"enrolment_id", "number", "due_at", "done_at", "undone_at"}},
	{"baseline_moves", "moved baseline", 2, []string{"enrolment_id", "number", "day_before", "day_after", "at"}},
	{"enrolment_events", "event", 1, []string{"id", "enrolment_id", "kind", "day", "attended", "code"}},
	{"hand_overs", "handing-over", 1, []string{"id", "kiosk_id", "enrolment_id", "wave_id", "initials", "colleague", "helper", "at"}},
	{"proposals", "proposal", 1, []string{"id", "study_id", "kind", "enrolment_id", "channel", "erasure_days", "release_number", "account_id", "at", "due_at", "state", "ground", "decided_by", "decided_at"}},

	{"studies", "study", 1, []string{"id", "state", "version", "changed_at", "closed_at"}},
	{"study_versions", "file of study", 2, []string{"study_id", "version", "hash", "loaded_at"}},
	{"study_interfaces", "interface of study", 3, []string{"study_id", "version", "language", "source"}},
	{"study_classes", "classes of study", 1, []string{"study_id", "classes"}},
	{"instruments", "instrument", 1, []string{"hash", "id", "version", "stored_at"}},
	{"wordings", "wording", 1, []string{"hash", "instrument_hash", "language", "stored_at"}},
	{"questionnaires", "questionnaire", 1, []string{"hash", "study_id", "wave_id", "instruments", "stored_at"}},

	{"accounts", "account", 1, []string{"id", "email", "name", "role", "study_id", "site_id", "every_study", "password", "created_at", "disabled_at"}},
	{"account_studies", "right of account", 2, []string{"account_id", "study_id"}},
	{"passkeys", "passkey", 1, []string{"id", "account_id", "name", "credential", "made_at"}},
	{"api_keys", "API key", 1, []string{"id", "study_id", "name", "scope", "corrects", "key_hash", "created_at", "revoked_at"}},
	{"kiosks", "tablet", 1, []string{"id", "study_id", "site_id", "name", "pin", "account_id", "made_at", "ends_at", "revoked_at"}},
	{"invitations", "invitation", 1, []string{"id", "enrolment_id", "study_id", "wave_id", "link_hash", "code_hash", "created_at", "ended_at"}},
}

// hashedTableOf returns a table of hashedTables.
func hashedTableOf(table string) *hashedTable {
	for i := range hashedTables {
		if hashedTables[i].table == table {
			return &hashedTables[i]
		}
	}
	panic("no rows of " + table + " have a hash") // which only who wrote the program can meet
}

// rowHash returns the keyed hash of the hashed columns of a row: texts, numbers and nil, in their order.
func (s *Store) rowHash(table string, values ...any) string {
	text := append(make([]byte, 0, 512), table...)
	for _, v := range values {
		switch v := v.(type) {
		case nil:
			text = append(text, " -"...)
		case string:
			text = strconv.AppendInt(append(text, ' '), int64(len(v)), 10)
			text = append(append(text, ':'), v...)
		case int:
			text = strconv.AppendInt(append(text, " #"...), int64(v), 10)
		case int64:
			text = strconv.AppendInt(append(text, " #"...), v, 10)
		default:
			text = fmt.Appendf(append(text, " !"...), "%T %v", v, v) // such as what a failing disk made of a number
		}
	}
	return chainMAC(s.keys.ledger, string(text))
}

// plainly makes arguments of a statement what the engines give back for them.
func plainly(args []any) []any {
	plain := make([]any, len(args))
	for i, arg := range args {
		if v, ok := arg.(driver.Valuer); ok {
			arg, _ = v.Value() // those of ours never fail
		}
		switch v := reflect.ValueOf(arg); v.Kind() {
		case reflect.String:
			plain[i] = v.String()
		case reflect.Bool:
			plain[i] = int64(0)
			if v.Bool() {
				plain[i] = int64(1)
			}
		case reflect.Int, reflect.Int32, reflect.Int64:
			plain[i] = v.Int()
		case reflect.Slice:
			plain[i] = string(v.Bytes())
		default:
			plain[i] = arg
		}
	}
	return plain
}

// insertHashed writes a row with its hash, of which values are the hashed columns; it fails with Conflict where there is one with
// the key. The row has no other column that needs a value.
func insertHashed(ctx context.Context, tx *engine.Tx, r engine.Record, table string, values ...any) error {
	of := hashedTableOf(table)
	_, err := tx.Exec(ctx, r, "INSERT INTO "+of.table+" ("+strings.Join(of.columns, ", ")+", row_hash) VALUES (?"+strings.Repeat(", ?", len(of.columns))+")",
		append(values, hashOf(tx, table, values...))...)
	return err
}

// hashOf returns the hash of a row that a statement of the transaction writes with these arguments.
func hashOf(tx *engine.Tx, table string, values ...any) string {
	return tx.RowHash(table, plainly(values))
}

// A change says what is changed of which rows of a hashed table: what stands after SET and after WHERE, each with its arguments.
type change struct {
	table, set, where string
	sets, wheres      []any
}

// changeHashed changes rows and their hashes, and returns how many. A row that is not as it was written keeps a hash that does not
// fit, so that it goes on being found. The rows are the transaction's until it ends.
func changeHashed(ctx context.Context, tx *engine.Tx, r engine.Record, c change) (int64, error) {
	of := hashedTableOf(c.table)
	before, err := of.rows(ctx, tx, "WHERE "+c.where+" "+tx.LockRow(), c.wheres...)
	if err != nil || len(before) == 0 {
		return 0, err
	}
	n, err := tx.Exec(ctx, r, "UPDATE "+of.table+" SET "+c.set+" WHERE "+c.where, append(append([]any{}, c.sets...), c.wheres...)...)
	if err != nil {
		return n, err
	}
	for _, row := range before {
		if row.hash != tx.RowHash(of.table, row.values) {
			continue
		}
		if err := of.hashAgain(ctx, tx, row.values[:of.key]); err != nil {
			return n, err
		}
	}
	return n, nil
}

// hashAgain hashes a row as it is.
func (of *hashedTable) hashAgain(ctx context.Context, tx *engine.Tx, key []any) error {
	rows, err := of.rows(ctx, tx, "WHERE "+of.keyIs(), key...)
	if err != nil || len(rows) == 0 {
		return err
	}
	return of.writeHash(ctx, tx, rows[0], tx.RowHash(of.table, rows[0].values))
}

// writeHash gives a row another hash, if it still has the one that was read.
func (of *hashedTable) writeHash(ctx context.Context, tx *engine.Tx, row hashedRow, hash string) error {
	_, err := tx.Exec(ctx, housekeeping, "UPDATE "+of.table+" SET row_hash = ? WHERE "+of.keyIs()+" AND row_hash = ?",
		append(append([]any{hash}, row.values[:of.key]...), row.hash)...)
	return err
}

// keyIs is the condition that a row has a key.
func (of *hashedTable) keyIs() string { return strings.Join(of.columns[:of.key], " = ? AND ") + " = ?" }

// hashedRow is what is hashed of a row, as plainly returns it, and its hash.
type hashedRow struct {
	hash   string
	values []any
}

// manyRows is as many as are read at once.
const manyRows = 500

// each reads the table in the order of its keys, some rows at a time, and calls do with each.
func (of *hashedTable) each(ctx context.Context, from rowReader, do func(hashedRow) error) error {
	key := strings.Join(of.columns[:of.key], ", ")
	where, args := "", []any(nil)
	for {
		rows, err := of.rows(ctx, from, where+" ORDER BY "+key+" LIMIT ?", append(args, manyRows)...)
		if err != nil {
			return err
		}
		for _, row := range rows {
			if err := do(row); err != nil {
				return err
			}
		}
		if len(rows) < manyRows {
			return nil
		}
		where, args = "WHERE ("+key+") > (?"+strings.Repeat(", ?", of.key-1)+")", rows[manyRows-1].values[:of.key]
	}
}

// rowReader is a database or a transaction.
type rowReader interface {
	querier
	Query(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// rows returns the rows of a selection.
func (of *hashedTable) rows(ctx context.Context, from rowReader, selected string, args ...any) (found []hashedRow, err error) {
	rows, err := from.Query(ctx, "SELECT row_hash, "+strings.Join(of.columns, ", ")+" FROM "+of.table+" "+selected, args...)
	if err != nil {
		return nil, surveys.Wrap("read "+of.table, err)
	}
	defer func() { _ = rows.Close() }() // it was only read
	for rows.Next() {
		values, into := make([]any, 1+len(of.columns)), make([]any, 1+len(of.columns))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			return nil, surveys.Wrap("read "+of.table, err)
		}
		values = plainly(values)
		hash, _ := values[0].(string) // else it is none
		found = append(found, hashedRow{hash, values[1:]})
	}
	return found, surveys.Wrap("read "+of.table, rows.Err())
}
