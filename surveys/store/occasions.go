package store

import (
	"context"
	"database/sql"

	"wellwave/surveys"
)

// occasionColumns are the columns that occasionRow scans, of enrolments as e, studies as st and, where there is one, the
// response as r.
const occasionColumns = `e.study_id, st.state, st.version, e.sampled_day, e.baseline_day, e.consented_at, e.withdrawal,
			r.questionnaire, r.answers, r.origins, r.finished_at, r.late_days, r.outcome`

// occasionRow is what the database knows of an enrolment at a wave.
type occasionRow struct {
	study, state, left              string
	version, sampled                int
	baseline, consented, done       sql.NullInt64
	late                            sql.NullInt64
	questionnaire, answers, origins sql.NullString
	outcome                         sql.NullString
}

// into returns the variables to scan occasionColumns into.
func (r *occasionRow) into() []any {
	return []any{&r.study, &r.state, &r.version, &r.sampled, &r.baseline, &r.consented, &r.left, &r.questionnaire, &r.answers,
		&r.origins, &r.done, &r.late, &r.outcome}
}

// Occasion returns all that a participant's page needs to know, in one read.
func (s *Store) Occasion(ctx context.Context, enrolment surveys.EnrolmentID, wave surveys.WaveID) (surveys.Occasion, error) {
	return s.OccasionOn(ctx, surveys.Operator(), enrolment, wave)
}

// occasionSelects read an occasion, and whether what somebody's way in rests on stands.
var occasionSelects = perBasis(func(standing string) string {
	return `
		SELECT CASE WHEN ` + standing + ` THEN 1 ELSE 0 END, ` + occasionColumns + `
		FROM enrolments e
		JOIN studies st ON st.id = e.study_id
		LEFT JOIN responses r ON r.enrolment_id = e.id AND r.wave_id = ?
		WHERE e.id = ?`
})

// OccasionOn is Occasion for somebody whose way in rests on a grant. It fails with Unauthenticated where that was taken back.
func (s *Store) OccasionOn(ctx context.Context, on surveys.Basis, enrolment surveys.EnrolmentID, wave surveys.WaveID) (surveys.Occasion, error) {
	var row occasionRow
	var stands int
	err := s.db.Row(ctx, occasionSelects[on.Kind], append(basisValues(nil, on), string(wave), string(enrolment)), append([]any{&stands}, row.into()...)...)
	if err != nil {
		return surveys.Occasion{}, notFound(s.db.Translate(err), "no such participant is enrolled")
	}
	if stands == 0 {
		return surveys.Occasion{}, on.Kind.Ended()
	}
	return s.occasionOf(ctx, &row, wave)
}

// occasionOf adds to a row what the study file and the questionnaire say.
func (s *Store) occasionOf(ctx context.Context, row *occasionRow, wave surveys.WaveID) (surveys.Occasion, error) {
	page := surveys.Occasion{Consented: row.consented.Valid, Finished: row.done.Valid, LateDays: int(row.late.Int64), Now: s.now()}
	var err error
	if page.Left, err = wordOrNone("enrolments.withdrawal", surveys.ParseWithdrawalLevel, row.left); err != nil {
		return surveys.Occasion{}, err
	}
	if page.Outcome, err = wordOrNone("responses.outcome", surveys.ParseDisposition, row.outcome.String); err != nil {
		return surveys.Occasion{}, err
	}
	if page.State, err = word("studies.state", surveys.ParseStudyState, row.state); err != nil {
		return surveys.Occasion{}, err
	}
	if page.Study, err = s.studyVersion(ctx, surveys.StudyID(row.study), row.version); err != nil {
		return surveys.Occasion{}, err
	}
	var ok bool
	if page.Wave, ok = page.Study.Wave(wave); !ok {
		return surveys.Occasion{}, surveys.Errorf(surveys.NotFound, "the study has no wave %s", wave)
	}
	baseline := -1
	if row.baseline.Valid {
		baseline = int(row.baseline.Int64)
	}
	if page.Wave.Baseline {
		page.Earliest = page.Study.EarliestBaseline(row.sampled)
	}
	page.Window, page.HasWindow = page.Study.WindowOf(page.Wave, row.sampled, baseline)
	if !row.questionnaire.Valid {
		page.Questionnaire, err = s.Questionnaire(ctx, page.Wave.Questionnaire)
		if err == nil {
			page.Answers = surveys.NewAnswers(page.Questionnaire)
		}
		return page, err
	}
	if page.Questionnaire, err = s.Questionnaire(ctx, row.questionnaire.String); err != nil {
		return surveys.Occasion{}, err
	}
	page.Answers, err = surveys.ReadAnswers(page.Questionnaire, row.answers.String, row.origins.String, 0)
	return page, err
}
