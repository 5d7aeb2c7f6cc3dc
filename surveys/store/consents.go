package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"wellwave/surveys"
	"wellwave/surveys/store/engine"
)

// ConsentCopy returns the latest consent of an enrolment, with the text that was agreed to. It fails with NotFound where
// none was given.
func (s *Store) ConsentCopy(ctx context.Context, enrolment surveys.EnrolmentID) (*surveys.ConsentCopy, error) {
	var row struct {
		Version  string       `db:"version"`
		Language string       `db:"language"`
		Clauses  string       `db:"clauses"`
		Sitting  string       `db:"sitting"`
		At       engine.Stamp `db:"given_at"`
	}
	if err := s.db.Get(ctx, &row, `
		SELECT version, language, clauses, sitting, given_at
		FROM consents
		WHERE enrolment_id = ?
		ORDER BY given_at DESC, id DESC
		LIMIT 1`, enrolment); err != nil {
		return nil, surveys.Wrap("find a consent", notFound(err, "nothing has been agreed to yet"))
	}
	given := surveys.ConsentGiven{Version: row.Version, Language: row.Language, Sitting: row.Sitting}
	if err := json.Unmarshal([]byte(row.Clauses), &given.Clauses); err != nil {
		return nil, fmt.Errorf("read a consent: %w", err)
	}
	person, err := s.FindEnrolment(ctx, enrolment)
	if err != nil {
		return nil, err
	}
	study, err := s.studyAgreedTo(ctx, person.Study, row.Version, row.At.Time())
	if err != nil {
		return nil, err
	}
	study = study.In(given.Language)
	left, err := s.FindWithdrawal(ctx, enrolment)
	if err != nil {
		return nil, err
	}
	return &surveys.ConsentCopy{Study: study, Title: study.Title, Contact: study.Contact, Demo: study.Demo, Zone: study.Zone, Label: person.Label,
		Text: study.Consent, Given: given, At: row.At.Time(), Left: left.Now()}, nil
}

// ListConsentVersions returns the versions that a study's consent text has had, the newest first.
func (s *Store) ListConsentVersions(ctx context.Context, id surveys.StudyID) ([]string, error) {
	loaded, err := s.ListStudyVersions(ctx, id)
	if err != nil {
		return nil, err
	}
	var versions []string
	for _, v := range loaded {
		study, err := s.studyVersion(ctx, id, v.Version)
		if err != nil {
			return nil, err
		}
		if !slices.Contains(versions, study.Consent.Version) {
			versions = append(versions, study.Consent.Version)
		}
	}
	return versions, nil
}

// studyAgreedTo returns the newest version of a study, as it was at a moment, that has the given version of the consent.
func (s *Store) studyAgreedTo(ctx context.Context, id surveys.StudyID, version string, at time.Time) (*surveys.Study, error) {
	versions, err := s.ListStudyVersions(ctx, id)
	if err != nil {
		return nil, err
	}
	for _, v := range versions {
		if v.LoadedAt.After(at) {
			continue
		}
		study, err := s.studyVersion(ctx, id, v.Version)
		if err != nil {
			return nil, err
		}
		if study.Consent.Version == version {
			return study, nil
		}
	}
	return nil, fmt.Errorf("study %s has no file with consent version %s", id, version)
}
