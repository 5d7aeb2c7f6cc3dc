package store

import (
	"context"
	"fmt"

	"wellwave/surveys"
	"wellwave/surveys/store/engine"
)

// The register of releases: who agreed to one, and who fetched its files.

// RegisteredRelease returns what the register knows of a release that was kept, without its key. It fails with NotFound.
func (s *Store) RegisteredRelease(ctx context.Context, study surveys.StudyID, number int) (surveys.Release, error) {
	return registered(ctx, s.db, study, number)
}

func registered(ctx context.Context, from querier, study surveys.StudyID, number int) (surveys.Release, error) {
	var rows []releaseRow
	if err := from.List(ctx, &rows, `
		SELECT `+releaseColumns+`
		FROM releases r
		WHERE r.study_id = ? AND r.number = ? AND r.manifest <> ''`, string(study), number); err != nil {
		return surveys.Release{}, surveys.Wrap("find a release", err)
	}
	if len(rows) == 0 {
		return surveys.Release{}, surveys.Errorf(surveys.NotFound, "there is no release %d of %s", number, study)
	}
	return rows[0].release()
}

// approvedBy says in the audit trail who agreed as the command line has it. What stands behind it in a detail is the program's own.
func approvedBy(a surveys.Approval) string {
	if a.By == "" {
		return ""
	}
	return fmt.Sprintf("approved by %s under %s: ", a.By, a.Reference)
}

// approveRelease writes down who agreed that a release leaves the team, by the name that they have now: it stands in the manifest,
// which is the same whenever it is written.
func approveRelease(ctx context.Context, tx *engine.Tx, a audit, study surveys.StudyID, number int, by string) error {
	_, err := tx.Exec(ctx, a, `
		UPDATE releases
		SET approved_by = ?, approved_at = ?
		WHERE study_id = ? AND number = ? AND approved_at IS NULL`, by, engine.Stamp(tx.Now), study, number)
	return surveys.Wrap("write down who agreed to a release", err)
}

// ListDownloads returns the entries of the audit trail about files of a study's releases that somebody fetched, newest first. Their
// object is the number of the release.
func (s *Store) ListDownloads(ctx context.Context, study surveys.StudyID) ([]surveys.AuditEntry, error) {
	return s.listAudit(ctx, "study_id = ? AND action = 'release.download'", []any{string(study)}, "", maxDownloads)
}

// maxDownloads bounds how many downloads the register tells, the latest.
const maxDownloads = 1000
