package store

import (
	"context"
	"database/sql"
	"time"

	"wellwave/surveys"
	"wellwave/surveys/monitor"
	"wellwave/surveys/store/engine"
)

// reachedWave is what is known of enrolments at a wave: one enrolment, or as many as share everything.
type reachedWave struct {
	Site        surveys.SiteID `db:"site_id"`
	Arm         surveys.ArmID  `db:"arm_id"`
	Sampled     int            `db:"sampled_day"`
	Baseline    sql.NullInt64  `db:"baseline_day"`
	Disposition sql.NullString `db:"disposition"`
	Source      sql.NullString `db:"disposition_source"`
	Reason      sql.NullString `db:"disposition_reason"`
}

// window returns the occasion's window in a wave.
func (o reachedWave) window(study *surveys.Study, wave surveys.Wave) (surveys.Window, bool) {
	baseline := -1
	if o.Baseline.Valid {
		baseline = int(o.Baseline.Int64)
	}
	return waveWindow(study, wave, o.Sampled, baseline)
}

// disposition returns the occasion's disposition at a moment: the recorded one, or whether it is due yet.
func (o reachedWave) disposition(window surveys.Window, hasWindow bool, now time.Time) surveys.Disposition {
	recorded, _ := surveys.ParseDisposition(o.Disposition.String)
	switch {
	case recorded.Final():
		return recorded
	case !hasWindow || now.Before(window.Opens):
		return surveys.NotYetDue
	default:
		return surveys.Pending
	}
}

// whoCounts leaves people of the pilot out once a study is live: their answers reach no release, so they must not be
// counted as if they did. It wants enrolments as e and two arguments: the study, and whether the study is fixed.
const whoCounts = `e.study_id = ? AND (? = 0 OR NOT EXISTS (
			SELECT 1
			FROM responses p
			WHERE p.enrolment_id = e.id AND p.pilot))`

// patientWaves lists the waves that named participants answer.
func patientWaves(study *surveys.Study) []surveys.Wave {
	var waves []surveys.Wave
	for _, w := range study.Waves {
		if w.Audience == surveys.Patients {
			waves = append(waves, w)
		}
	}
	return waves
}

func asInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// MonitorCounts counts the enrolments of a study by wave, site, arm and disposition. A follow-up wave counts those who
// have begun their baseline.
func (s *Store) MonitorCounts(ctx context.Context, id surveys.StudyID) ([]monitor.Count, error) {
	study, state, err := s.Study(ctx, id)
	if err != nil {
		return nil, err
	}
	now := s.now()
	tally := make(map[monitor.Count]int)
	for _, wave := range patientWaves(study) {
		var rows []struct {
			reachedWave
			N int `db:"n"`
		}
		if err := s.db.List(ctx, &rows, `
			SELECT e.site_id, e.arm_id, e.sampled_day, e.baseline_day, r.disposition, r.disposition_source,
				r.disposition_reason, COUNT(*) AS n
			FROM enrolments e
			LEFT JOIN responses r ON r.enrolment_id = e.id AND r.wave_id = ?
			WHERE `+whoCounts+`
			GROUP BY e.site_id, e.arm_id, e.sampled_day, e.baseline_day, r.disposition, r.disposition_source,
				r.disposition_reason`, wave.ID, id, asInt(state.Fixed())); err != nil {
			return nil, surveys.Wrap("count dispositions", err)
		}
		for _, row := range rows {
			window, ok := row.window(study, wave)
			if !ok {
				continue // has not begun the baseline that this wave counts from
			}
			key := monitor.Count{Wave: wave.ID, Site: row.Site, Arm: row.Arm, Disposition: row.disposition(window, ok, now),
				Reason: row.Reason.String, WindowClosed: !now.Before(window.Closes)}
			tally[key] += row.N
		}
	}
	counts := make([]monitor.Count, 0, len(tally))
	for key, n := range tally {
		key.N = n
		counts = append(counts, key)
	}
	return counts, nil
}

// Curve returns how many responses of each wave became complete on each day.
func (s *Store) Curve(ctx context.Context, id surveys.StudyID) ([]monitor.CurvePoint, error) {
	study, state, err := s.Study(ctx, id)
	if err != nil {
		return nil, err
	}
	var rows []struct {
		Wave     surveys.WaveID `db:"wave_id"`
		Answered engine.Stamp   `db:"answered_at"`
		Finished engine.Stamp   `db:"finished_at"`
		Changed  engine.Stamp   `db:"changed_at"`
	}
	if err := s.db.List(ctx, &rows, `
		SELECT r.wave_id, r.answered_at, r.finished_at, r.changed_at
		FROM responses r
		JOIN enrolments e ON e.id = r.enrolment_id
		WHERE r.disposition = ? AND `+whoCounts, surveys.Complete.String(), id, asInt(state.Fixed())); err != nil {
		return nil, surveys.Wrap("read the response curve", err)
	}
	type day struct {
		wave surveys.WaveID
		day  int
	}
	tally := make(map[day]int)
	for _, row := range rows {
		r := surveys.Replay{AnsweredAt: row.Answered.Time(), FinishedAt: row.Finished.Time(), ChangedAt: row.Changed.Time()}
		tally[day{row.Wave, surveys.DayNumber(r.CountedAt(), study.Zone)}]++
	}
	points := make([]monitor.CurvePoint, 0, len(tally))
	for d, n := range tally {
		points = append(points, monitor.CurvePoint{Wave: d.wave, Day: surveys.DayStart(d.day, study.Zone), N: n})
	}
	return points, nil
}

// ListDue returns every enrolment of a site, or of the whole study where site is empty, at every wave that it has
// reached, in no particular order. Of somebody who has left the study only what is final is there: nothing is due from them.
func (s *Store) ListDue(ctx context.Context, id surveys.StudyID, site surveys.SiteID, now time.Time) ([]surveys.Due, error) {
	study, _, err := s.Study(ctx, id)
	if err != nil {
		return nil, err
	}
	var due []surveys.Due
	for _, wave := range patientWaves(study) {
		var rows []struct {
			reachedWave
			ID       surveys.EnrolmentID `db:"id"`
			Label    string              `db:"label"`
			Revision sql.NullInt64       `db:"revision"`
			Invited  bool                `db:"invited"`
		}
		if err := s.db.List(ctx, &rows, `
			SELECT e.id, e.label, e.site_id, e.arm_id, e.sampled_day, e.baseline_day, r.disposition, r.disposition_source,
				r.disposition_reason, r.revision,
				EXISTS (
					SELECT 1
					FROM invitations i
					WHERE i.enrolment_id = e.id AND i.wave_id = ? AND i.ended_at IS NULL) AS invited
			FROM enrolments e
			LEFT JOIN responses r ON r.enrolment_id = e.id AND r.wave_id = ?
			WHERE e.study_id = ? AND (? = '' OR e.site_id = ?)
				AND (e.withdrawn_at IS NULL OR COALESCE(r.disposition, ?) <> ?)`,
			wave.ID, wave.ID, id, site, site, surveys.Pending.String(), surveys.Pending.String()); err != nil {
			return nil, surveys.Wrap("list who is due", err)
		}
		for _, row := range rows {
			window, ok := row.window(study, wave)
			source, _ := surveys.ParseDispositionSource(row.Source.String)
			due = append(due, surveys.Due{Enrolment: row.ID, Label: row.Label, Site: row.Site, Arm: row.Arm, Wave: wave.ID,
				Window: window, HasWindow: ok, Disposition: row.disposition(window, ok, now), Source: source,
				Reason: row.Reason.String, Begun: row.Revision.Int64 > 0, Invited: row.Invited})
		}
	}
	return due, nil
}
