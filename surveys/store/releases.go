package store

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"strconv"
	"time"

	"wellwave/surveys"
	"wellwave/surveys/store/engine"
)

// staleFreeze is after how long a frozen release that was neither kept nor dropped belongs to a server that died.
const staleFreeze = 24 * time.Hour

// FreezeRelease gives a release of r.Study its number and key and writes down which revision of which response belongs
// to it and who is in the study, all in one transaction's snapshot: nothing received later changes it. People of the pilot
// are not frozen, nor those who were erased. The release exists for nobody else until KeepRelease.
func (s *Store) FreezeRelease(ctx context.Context, r surveys.Release) (surveys.Release, error) {
	var frozen surveys.Release
	err := s.db.InOneSnapshot(ctx, func(tx *engine.Tx) error {
		frozen = r
		frozen.FrozenAt = tx.Now
		frozen.Key = make([]byte, 32)
		_, _ = rand.Read(frozen.Key) // never fails since Go 1.24
		return s.freeze(ctx, tx, &frozen)
	})
	return frozen, surveys.Wrap("freeze a release", err)
}

// freeze writes the release down under the next number.
func (s *Store) freeze(ctx context.Context, tx *engine.Tx, r *surveys.Release) error {
	locked, err := tx.Exec(ctx, locking, `
		UPDATE studies
		SET version = version
		WHERE id = ?`, string(r.Study))
	if err != nil {
		return err
	}
	if locked == 0 {
		return surveys.Errorf(surveys.NotFound, "there is no study %q", r.Study)
	}
	if err := deleteStaleFreezes(ctx, tx, r.Study); err != nil {
		return err
	}
	if err := tx.Get(ctx, &r.Number, `
		SELECT COALESCE(MAX(number), 0) + 1
		FROM releases
		WHERE study_id = ?`, string(r.Study)); err != nil {
		return err
	}
	sealed, err := s.sealReleaseKey(r)
	if err != nil {
		return err
	}
	if r.Approval.By != "" {
		r.Approval.At = tx.Now
	}
	a := releaseAudit(*r, "release.freeze")
	if _, err := tx.Exec(ctx, a, `
		INSERT INTO releases (study_id, number, profile, sealed_key, plan, manifest, account_id, frozen_at, approval, approved_by, approved_at)
		VALUES (?, ?, ?, ?, ?, '', ?, ?, ?, ?, ?)`,
		string(r.Study), r.Number, r.Profile.String(), sealed, r.Plan, orNull(r.By), engine.Stamp(r.FrozenAt),
		r.Approval.Reference, r.Approval.By, engine.Stamp(r.Approval.At)); err != nil {
		return err
	}
	people, err := tx.Exec(ctx, a, `
		INSERT INTO release_people (study_id, number, enrolment_id, site_id, arm_id, simd_decile, sampled_day, baseline_day)
		SELECT e.study_id, CAST(? AS INTEGER), e.id, e.site_id, e.arm_id, e.simd_decile, e.sampled_day, e.baseline_day
		FROM enrolments e
		WHERE e.study_id = ? AND e.withdrawal <> ? AND NOT EXISTS (
				SELECT 1
				FROM responses p
				WHERE p.enrolment_id = e.id AND p.pilot
			)
		ORDER BY e.id`, r.Number, string(r.Study), surveys.EraseAnswers.String())
	if err != nil {
		return err
	}
	r.People = int(people)
	if _, err := tx.Exec(ctx, a, `
		INSERT INTO release_responses (study_id, number, response_id, revision, baseline_day, disposition)
		SELECT p.study_id, p.number, r.id, r.revision, p.baseline_day, r.disposition
		FROM release_people p
		JOIN responses r ON r.enrolment_id = p.enrolment_id
		WHERE p.study_id = ? AND p.number = CAST(? AS INTEGER)
		ORDER BY r.id`, string(r.Study), r.Number); err != nil {
		return err
	}
	if err := tx.Get(ctx, &r.Responses, `
		SELECT COUNT(*)
		FROM release_responses
		WHERE study_id = ? AND number = ? AND revision > 0`, string(r.Study), r.Number); err != nil {
		return err
	}
	return countDeclared(ctx, tx, a, r)
}

// countDeclared counts the people of a freeze who have not agreed on a page of the study. Those whom an older version enrolled
// by a file, of whom nothing was declared either, are among them.
func countDeclared(ctx context.Context, tx *engine.Tx, a audit, r *surveys.Release) error {
	if err := tx.Get(ctx, &r.Declared, `
		SELECT COUNT(DISTINCT e.id)
		FROM release_responses rr
		JOIN responses r ON r.id = rr.response_id
		JOIN enrolments e ON e.id = r.enrolment_id
		WHERE rr.study_id = ? AND rr.number = ? AND rr.revision > 0 AND e.consented_at IS NULL`, string(r.Study), r.Number); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, a, `
		UPDATE releases
		SET declared = ?
		WHERE study_id = ? AND number = ?`, r.Declared, string(r.Study), r.Number)
	return err
}

func deleteStaleFreezes(ctx context.Context, tx *engine.Tx, study surveys.StudyID) error {
	var stale []int
	if err := tx.List(ctx, &stale, `
		SELECT number
		FROM releases
		WHERE study_id = ? AND manifest = '' AND frozen_at < ?`, string(study), engine.Stamp(tx.Now.Add(-staleFreeze))); err != nil {
		return err
	}
	for _, number := range stale {
		if err := deleteFreeze(ctx, tx, housekeeping, study, number); err != nil {
			return err
		}
	}
	return nil
}

// deleteFreeze deletes a release that was not kept.
func deleteFreeze(ctx context.Context, tx *engine.Tx, record engine.Record, study surveys.StudyID, number int) error {
	for _, table := range [2]string{"release_responses", "release_people"} {
		if _, err := tx.Exec(ctx, record, `
		DELETE FROM `+table+`
		WHERE study_id = ? AND number = ?`, string(study), number); err != nil {
			return err
		}
	}
	_, err := tx.Exec(ctx, record, `
		DELETE FROM releases
		WHERE study_id = ? AND number = ? AND manifest = ''`, string(study), number)
	return err
}

// KeepRelease records the manifest of a frozen release, which makes it last.
func (s *Store) KeepRelease(ctx context.Context, r surveys.Release) error {
	return surveys.Wrap("record a release", s.db.InTx(ctx, func(tx *engine.Tx) error {
		kept, err := tx.Exec(ctx, releaseAudit(r, "release.make"), `
			UPDATE releases
			SET manifest = ?, assessment = ?
			WHERE study_id = ? AND number = ? AND manifest = ''`, r.Manifest, r.Assessment, string(r.Study), r.Number)
		if err == nil && kept == 0 {
			err = surveys.Errorf(surveys.Conflict, "release %d of %s is not waiting to be recorded", r.Number, r.Study)
		}
		return err
	}))
}

// DropRelease undoes a frozen release and leaves in the audit trail why.
func (s *Store) DropRelease(ctx context.Context, r surveys.Release, why surveys.ReleaseDropped) error {
	return surveys.Wrap("undo a release", s.db.InTx(ctx, func(tx *engine.Tx) error {
		var unkept int
		if err := tx.Get(ctx, &unkept, `
			SELECT COUNT(*)
			FROM releases
			WHERE study_id = ? AND number = ? AND manifest = ''`, string(r.Study), r.Number); err != nil {
			return err
		}
		if unkept == 0 {
			return surveys.Errorf(surveys.Conflict, "release %d of %s cannot be undone", r.Number, r.Study)
		}
		return deleteFreeze(ctx, tx, releaseAudit(r, "release."+why.String()), r.Study, r.Number)
	}))
}

func releaseAudit(r surveys.Release, action string) audit {
	return audit{by: r.By, action: action, study: r.Study, object: strconv.Itoa(r.Number),
		detail: approvedBy(r.Approval) + fmt.Sprintf("%s, k=%d", r.Profile, r.Profile.K())}
}

// releaseRow is a row of releases with the number of its responses.
type releaseRow struct {
	Study     string       `db:"study_id"`
	Number    int          `db:"number"`
	Profile   string       `db:"profile"`
	Sealed    string       `db:"sealed_key"`
	Plan      string       `db:"plan"`
	Manifest  string       `db:"manifest"`
	By        *string      `db:"account_id"`
	FrozenAt  engine.Stamp `db:"frozen_at"`
	Responses int          `db:"responses"`
	People    int          `db:"people"`
	Declared  int          `db:"declared"`

	Approval   string       `db:"approval"`
	ApprovedBy string       `db:"approved_by"`
	ApprovedAt engine.Stamp `db:"approved_at"`
	Assessment string       `db:"assessment"`
	Erased     int          `db:"erased"`
}

// Answers are out of use as soon as their erasure is asked for; until it is done it can be taken back, and then a release is whole.
const releaseColumns = `r.study_id, r.number, r.profile, r.sealed_key, r.plan, r.manifest, r.account_id, r.frozen_at,
			r.approval, r.approved_by, r.approved_at, r.assessment, (
			SELECT COUNT(*)
			FROM enrolments e
			WHERE e.study_id = r.study_id AND e.withdrawal = 'erasure' AND (EXISTS (
						SELECT 1
						FROM release_people p
						WHERE p.study_id = r.study_id AND p.number = r.number AND p.enrolment_id = e.id)
					OR EXISTS (
						SELECT 1
						FROM responses x
						JOIN release_responses rr ON rr.response_id = x.id
						WHERE x.enrolment_id = e.id AND rr.study_id = r.study_id AND rr.number = r.number AND rr.revision > 0))
		) AS erased,
			COALESCE(r.declared, -1) AS declared, (
			SELECT COUNT(*)
			FROM release_responses rr
			WHERE rr.study_id = r.study_id AND rr.number = r.number AND rr.revision > 0
		) AS responses, (
			SELECT COUNT(*)
			FROM release_people p
			WHERE p.study_id = r.study_id AND p.number = r.number
		) AS people`

func (row *releaseRow) release() (surveys.Release, error) {
	profile, err := word("releases.profile", surveys.ParseReleaseProfile, row.Profile)
	r := surveys.Release{Study: surveys.StudyID(row.Study), Number: row.Number, Profile: profile, Plan: row.Plan,
		Manifest: row.Manifest, Responses: row.Responses, People: row.People, Declared: row.Declared, FrozenAt: row.FrozenAt.Time(),
		Approval: surveys.Approval{Reference: row.Approval, By: row.ApprovedBy, At: row.ApprovedAt.Time()}, Assessment: row.Assessment, Erased: row.Erased, KeyLost: row.Sealed == ""}
	if row.By != nil {
		r.By = surveys.AccountID(*row.By)
	}
	return r, err
}

// FindRelease returns a release that was kept, with its key. It fails with NotFound.
func (s *Store) FindRelease(ctx context.Context, study surveys.StudyID, number int) (surveys.Release, error) {
	var row releaseRow
	if err := s.db.Get(ctx, &row, `
		SELECT `+releaseColumns+`
		FROM releases r
		WHERE r.study_id = ? AND r.number = ? AND r.manifest <> ''`, string(study), number); err != nil {
		return surveys.Release{}, surveys.Wrap("find a release", notFound(err, "there is no release %d of %s", number, study))
	}
	r, err := row.release()
	if err != nil {
		return r, err
	}
	if r.KeyLost {
		return r, r.CheckAgain()
	}
	r.Key, err = s.openReleaseKey(&r, row.Sealed)
	return r, err
}

// ListReleases returns the releases of a study that were kept, newest first and without their keys.
func (s *Store) ListReleases(ctx context.Context, study surveys.StudyID) ([]surveys.Release, error) {
	var rows []releaseRow
	if err := s.db.List(ctx, &rows, `
		SELECT `+releaseColumns+`
		FROM releases r
		WHERE r.study_id = ? AND r.manifest <> ''
		ORDER BY r.number DESC`, string(study)); err != nil {
		return nil, surveys.Wrap("list releases", err)
	}
	releases := make([]surveys.Release, len(rows))
	for i := range rows {
		var err error
		if releases[i], err = rows[i].release(); err != nil {
			return nil, err
		}
	}
	return releases, nil
}

// sealReleaseKey encrypts a release's key, bound to its study and number.
func (s *Store) sealReleaseKey(r *surveys.Release) (string, error) {
	box, err := s.releaseBox()
	if err != nil {
		return "", err
	}
	return hex.EncodeToString(box.Seal(nil, nil, r.Key, releaseName(r))), nil
}

func (s *Store) openReleaseKey(r *surveys.Release, sealed string) ([]byte, error) {
	box, err := s.releaseBox()
	if err != nil {
		return nil, err
	}
	text, err := hex.DecodeString(sealed)
	if err != nil {
		return nil, fmt.Errorf("read the key of release %d of %s: %w", r.Number, r.Study, err)
	}
	key, err := box.Open(nil, nil, text, releaseName(r))
	if err != nil {
		return nil, fmt.Errorf("open the key of release %d of %s: %w", r.Number, r.Study, err)
	}
	return key, nil
}

// releaseBox returns the cipher that seals releases' keys, with a random nonce in front of each.
func (s *Store) releaseBox() (cipher.AEAD, error) {
	block, err := aes.NewCipher(s.keys.releases)
	if err != nil {
		return nil, fmt.Errorf("use the releases key: %w", err)
	}
	box, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return nil, fmt.Errorf("use the releases key: %w", err)
	}
	return box, nil
}

func releaseName(r *surveys.Release) []byte { return fmt.Appendf(nil, "%s/%d", r.Study, r.Number) }
