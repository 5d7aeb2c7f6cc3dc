package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"wellwave/surveys"
	"wellwave/surveys/store/engine"
)

// checkDerived compares what stands in a row only because it follows from others with what follows from them: how far somebody
// has left and since when, when they agreed and from when their later waves count, the sites and waves of a study, and which
// version of it is the newest.
func (s *Store) checkDerived(ctx context.Context, done *Checked) error {
	if err := s.checkLeaving(ctx, done); err != nil {
		return surveys.Wrap("check how far people have left", err)
	}
	studies, err := s.ListStudies(ctx)
	if err != nil {
		return err
	}
	for _, listed := range studies {
		if err := s.checkStudyRows(ctx, listed.Study, done); err != nil {
			return surveys.Wrap("check the rows of a study", err)
		}
		if err := s.checkBaselines(ctx, listed.Study, done); err != nil {
			return surveys.Wrap("check days of baseline", err)
		}
	}
	return nil
}

// fault notes what is wrong.
func (c *Checked) fault(text string, args ...any) {
	c.Faults = append(c.Faults, fmt.Sprintf(text, args...))
}

func (s *Store) checkLeaving(ctx context.Context, done *Checked) error {
	type leaving struct {
		ID    string       `db:"id"`
		Level string       `db:"level"`
		At    engine.Stamp `db:"at"`
	}
	var steps, people []leaving
	if err := s.db.List(ctx, &steps, "SELECT enrolment_id AS id, level, at FROM withdrawals ORDER BY enrolment_id, number"); err != nil {
		return err
	}
	left := make(map[string]leaving)
	for _, step := range steps {
		if before, ok := left[step.ID]; ok && before.Level != "" {
			step.At = before.At // they have been away since
		}
		if step.Level == "" {
			step.At = engine.Stamp{}
		}
		left[step.ID] = step
	}
	if err := s.db.List(ctx, &people, `
		SELECT id, withdrawal AS level, withdrawn_at AS at
		FROM enrolments
		WHERE withdrawal <> '' OR withdrawn_at IS NOT NULL OR id IN (SELECT enrolment_id FROM withdrawals)`); err != nil {
		return err
	}
	for _, person := range people {
		if is := left[person.ID]; is.Level != person.Level || !is.At.Time().Equal(person.At.Time()) {
			done.fault("how far the person of enrolment %s has left is not what their steps say", person.ID)
		}
	}
	return nil
}

func (s *Store) checkStudyRows(ctx context.Context, study *surveys.Study, done *Checked) error {
	var row struct {
		Version int `db:"version"`
		Newest  int `db:"newest"`
	}
	if err := s.db.Get(ctx, &row, `
		SELECT version, (
			SELECT COALESCE(MAX(v.version), 0)
			FROM study_versions v
			WHERE v.study_id = studies.id) AS newest
		FROM studies
		WHERE id = ?`, study.ID); err != nil {
		return err
	}
	if row.Version != row.Newest {
		done.fault("study %s goes by version %d of its file, and there is a version %d", study.ID, row.Version, row.Newest)
	}
	stored := make(map[string]string)
	var rows []struct {
		ID string `db:"id"`
		Is string `db:"stored"`
	}
	if err := s.db.List(ctx, &rows, `
		SELECT 'site ' || id AS id, arm_id AS stored
		FROM sites
		WHERE study_id = ?
		UNION ALL
		SELECT 'wave ' || id AS id, audience AS stored
		FROM waves
		WHERE study_id = ?`, study.ID, study.ID); err != nil {
		return err
	}
	for _, row := range rows {
		stored[row.ID] = row.Is
	}
	for _, site := range study.Sites {
		if stored["site "+string(site.ID)] != string(site.Arm) {
			done.fault("the site %s of study %s is not as the file of the study has it", site.ID, study.ID)
		}
	}
	for _, wave := range study.Waves {
		if stored["wave "+string(wave.ID)] != wave.Audience.String() {
			done.fault("the wave %s of study %s is not as the file of the study has it", wave.ID, study.ID)
		}
	}
	return nil
}

// checkBaselines looks whether people agreed when they are said to have, and whether they were ever asked to count from the day
// from which their later waves count: the one to which it was moved last, or else one on which they agreed or answered.
func (s *Store) checkBaselines(ctx context.Context, study *surveys.Study, done *Checked) error {
	var people []struct {
		ID       surveys.EnrolmentID `db:"id"`
		Agreed   engine.Stamp        `db:"consented_at"`
		Consent  engine.Stamp        `db:"given_at"`
		Day      sql.NullInt64       `db:"baseline_day"`
		MovedTo  sql.NullInt64       `db:"day_after"`
		Withheld bool                `db:"withheld"`
	}
	if err := s.db.List(ctx, &people, `
		SELECT e.id, e.consented_at, c.given_at, e.baseline_day, m.day_after, e.withdrawal = ? AS withheld
		FROM enrolments e
		LEFT JOIN consents c ON c.enrolment_id = e.id AND c.id = (
			SELECT MIN(first.id)
			FROM consents first
			WHERE first.enrolment_id = e.id)
		LEFT JOIN baseline_moves m ON m.enrolment_id = e.id AND m.number = (
			SELECT MAX(last.number)
			FROM baseline_moves last
			WHERE last.enrolment_id = e.id)
		WHERE e.study_id = ?`, surveys.EraseAnswers.String(), study.ID); err != nil {
		return err
	}
	baseline := slices.IndexFunc(study.Waves, func(w surveys.Wave) bool { return w.Baseline })
	for _, p := range people {
		if !p.Agreed.Time().Equal(p.Consent.Time()) {
			done.fault("when the person of enrolment %s agreed is not what their consent says", p.ID)
		}
		switch {
		case p.MovedTo.Valid:
			if p.Day != p.MovedTo {
				done.fault("the baseline of enrolment %s is not where it was moved to", p.ID)
			}
			continue
		case !p.Day.Valid || baseline < 0 || p.Withheld, !p.Consent.Time().IsZero() && surveys.DayNumber(p.Consent.Time(), study.Zone) == int(p.Day.Int64):
			continue
		}
		days, err := s.daysAnswered(ctx, p.ID, study.Waves[baseline].ID, study.Zone)
		if err != nil {
			return err
		}
		if !slices.Contains(days, int(p.Day.Int64)) {
			done.fault("on the day of baseline of enrolment %s they neither agreed nor answered", p.ID)
		}
	}
	return nil
}

// daysAnswered returns the days on which submissions for a wave say that they were answered, or were received.
func (s *Store) daysAnswered(ctx context.Context, enrolment surveys.EnrolmentID, wave surveys.WaveID, zone *time.Location) (days []int, err error) {
	var responses []string
	if err := s.db.List(ctx, &responses, "SELECT id FROM responses WHERE enrolment_id = ? AND wave_id = ?", enrolment, wave); err != nil {
		return nil, err
	}
	for _, id := range responses {
		ledger, err := readLedger(ctx, s.db, id, 1<<30)
		if err != nil {
			return nil, err
		}
		for i := range ledger {
			c := surveys.Circumstances{Now: ledger[i].ReceivedAt}
			days = append(days, surveys.DayNumber(c.Moment(ledger[i].AnsweredAt), zone), surveys.DayNumber(ledger[i].ReceivedAt, zone))
		}
	}
	return days, nil
}
