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

// window returns the window of those enrolments in the wave.
func (o reachedWave) window(study *surveys.Study, wave surveys.Wave) (surveys.Window, bool) {
	baseline := -1
	if o.Baseline.Valid {
		baseline = int(o.Baseline.Int64)
	}
	return study.WindowOf(wave, o.Sampled, baseline)
}

// recorded returns the disposition that is stored, which is none before anything has happened.
func (o reachedWave) recorded() (surveys.Disposition, error) {
	return wordOrNone("responses.disposition", surveys.ParseDisposition, o.Disposition.String)
}

// whoCounts leaves people of the pilot out once a study is live: their answers reach no release, so they must not be
// counted as if they did. It wants enrolments as e and two arguments: the study, and whether the study is fixed.
const whoCounts = `e.study_id = ? AND (? = 0 OR NOT EXISTS (
			SELECT 1
			FROM responses p
			WHERE p.enrolment_id = e.id AND p.pilot))`

func asInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// Monitor returns what the university team watches, with every number in it of one moment. It fails with NotFound.
func (s *Store) Monitor(ctx context.Context, id surveys.StudyID) (*monitor.Monitor, error) {
	var built *monitor.Monitor
	err := s.progress(ctx, id, func(p progress) error {
		counts, err := p.counts(ctx)
		if err != nil {
			return err
		}
		curve, err := p.curve(ctx)
		built = monitor.Build(p.study, counts, curve, p.now)
		return err
	})
	return built, surveys.Wrap("count how a study stands", err)
}

// progress lets read count a study as it stands now.
func (s *Store) progress(ctx context.Context, id surveys.StudyID, read func(progress) error) error {
	return s.db.Snapshot(ctx, func(at *engine.Snapshot) error {
		study, state, _, err := s.findStudy(ctx, id, at)
		if err != nil {
			return err
		}
		return read(progress{at, study, state, s.now()})
	})
}

// progress counts how far a study has come at one moment.
type progress struct {
	*engine.Snapshot
	study *surveys.Study
	state surveys.StudyState
	now   time.Time
}

// counts counts the enrolments by wave, site, arm and disposition. A follow-up wave counts those who have begun their
// baseline.
func (p progress) counts(ctx context.Context) ([]monitor.Count, error) {
	tally := make(map[monitor.Count]int)
	for _, wave := range p.study.PatientWaves() {
		var rows []struct {
			reachedWave
			N int `db:"n"`
		}
		if err := p.List(ctx, &rows, `
			SELECT e.site_id, e.arm_id, e.sampled_day, e.baseline_day, r.disposition, r.disposition_source,
				r.disposition_reason, COUNT(*) AS n
			FROM enrolments e
			LEFT JOIN responses r ON r.enrolment_id = e.id AND r.wave_id = ?
			WHERE `+whoCounts+`
			GROUP BY e.site_id, e.arm_id, e.sampled_day, e.baseline_day, r.disposition, r.disposition_source,
				r.disposition_reason`, wave.ID, p.study.ID, asInt(p.state.Fixed())); err != nil {
			return nil, surveys.Wrap("count dispositions", err)
		}
		for _, row := range rows {
			window, ok := row.window(p.study, wave)
			if !ok {
				continue // has not begun the baseline that this wave counts from
			}
			recorded, err := row.recorded()
			if err != nil {
				return nil, err
			}
			key := monitor.Count{Wave: wave.ID, Site: row.Site, Arm: row.Arm, Disposition: recorded.Standing(window, ok, p.now),
				Reason: row.Reason.String, WindowClosed: !p.now.Before(window.Closes)}
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

// curve returns how many responses of each wave became complete on each day.
func (p progress) curve(ctx context.Context) ([]monitor.CurvePoint, error) {
	var rows []struct {
		Wave     surveys.WaveID `db:"wave_id"`
		Answered engine.Stamp   `db:"answered_at"`
		Finished engine.Stamp   `db:"finished_at"`
		Changed  engine.Stamp   `db:"changed_at"`
	}
	if err := p.List(ctx, &rows, `
		SELECT r.wave_id, r.answered_at, r.finished_at, r.changed_at
		FROM responses r
		JOIN enrolments e ON e.id = r.enrolment_id
		WHERE r.disposition = ? AND `+whoCounts, surveys.Complete.String(), p.study.ID, asInt(p.state.Fixed())); err != nil {
		return nil, surveys.Wrap("read the response curve", err)
	}
	type day struct {
		wave surveys.WaveID
		day  int
	}
	tally := make(map[day]int)
	for _, row := range rows {
		r := surveys.Replay{AnsweredAt: row.Answered.Time(), FinishedAt: row.Finished.Time(), ChangedAt: row.Changed.Time()}
		tally[day{row.Wave, surveys.DayNumber(r.CountedAt(), p.study.Zone)}]++
	}
	points := make([]monitor.CurvePoint, 0, len(tally))
	for d, n := range tally {
		points = append(points, monitor.CurvePoint{Wave: d.wave, Day: surveys.DayStart(d.day, p.study.Zone), N: n})
	}
	return points, nil
}
