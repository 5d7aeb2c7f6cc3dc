package store

import (
	"context"
	"database/sql"
	"strconv"

	"wellwave/surveys"
	"wellwave/surveys/store/engine"
)

type auditRow struct {
	ID        string         `db:"id"`
	At        engine.Stamp   `db:"at"`
	AccountID sql.NullString `db:"account_id"`
	Action    string         `db:"action"`
	StudyID   sql.NullString `db:"study_id"`
	Object    string         `db:"object"`
	Detail    string         `db:"detail"`
}

// ListAudit returns at most limit entries of the audit trail, newest first: of one study, or of everything with an empty
// study, and only those older than the entry whose id is before, where one is given.
func (s *Store) ListAudit(ctx context.Context, study surveys.StudyID, before string, limit int) ([]surveys.AuditEntry, error) {
	if study == "" {
		return s.listAudit(ctx, "TRUE", nil, before, limit)
	}
	return s.ListAuditOf(ctx, []surveys.StudyID{study}, before, limit)
}

// ListAuditOf is ListAudit of some studies, and of nothing that belongs to none.
func (s *Store) ListAuditOf(ctx context.Context, studies []surveys.StudyID, before string, limit int) ([]surveys.AuditEntry, error) {
	of, values := "FALSE", make([]any, 0, len(studies)+3)
	for _, study := range studies {
		of += " OR study_id = ?"
		values = append(values, string(study))
	}
	return s.listAudit(ctx, of, values, before, limit)
}

func (s *Store) listAudit(ctx context.Context, of string, values []any, before string, limit int) ([]surveys.AuditEntry, error) {
	var rows []auditRow
	if err := s.db.List(ctx, &rows, `
		SELECT id, at, account_id, action, study_id, object, detail
		FROM audit
		WHERE (`+of+`) AND (? = '' OR id < ?)
		ORDER BY id DESC
		LIMIT ?`, append(values, before, before, limit)...); err != nil {
		return nil, surveys.Wrap("list the audit trail", err)
	}
	entries := make([]surveys.AuditEntry, 0, len(rows))
	for _, row := range rows {
		entry := surveys.AuditEntry{ID: row.ID, At: row.At.Time(), By: surveys.AccountID(row.AccountID.String),
			Action: row.Action, Study: surveys.StudyID(row.StudyID.String), Object: row.Object, Detail: row.Detail}
		if entry.By == "" {
			entry.From, entry.Detail = namedIn(row.Detail)
		}
		entries = append(entries, entry)
	}
	return entries, nil
}

// RecordDownload notes that an account fetches the files of a release. It fails with NotFound, and with Forbidden as long as a
// second person has to agree that the release leaves the team.
func (s *Store) RecordDownload(ctx context.Context, by surveys.AccountID, study surveys.StudyID, number int) error {
	return surveys.Wrap("record a download", s.db.InTx(ctx, func(tx *engine.Tx) error {
		r, err := registered(ctx, tx, study, number)
		if err != nil {
			return err
		}
		if err := r.CheckLeaves(); err != nil {
			return err
		}
		return tx.Note(ctx, audit{by: by, action: "release.download", study: study, object: strconv.Itoa(number)})
	}))
}
