package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"

	"wellwave/surveys"
	"wellwave/surveys/store/engine"
)

// OpenedRounds returns the rounds of a study whose answers were opened, in the order in which they were held. What they hold
// is not for showing: package climate works out what may be.
func (s *Store) OpenedRounds(ctx context.Context, id surveys.StudyID) ([]surveys.OpenedRound, error) {
	study, _, err := s.Study(ctx, id)
	if err != nil {
		return nil, err
	}
	var rounds []surveys.OpenedRound
	for _, wave := range study.Waves {
		if wave.Audience != surveys.Staff {
			continue
		}
		round, opened, err := s.openedRound(ctx, study, wave)
		if err != nil {
			return nil, surveys.Wrap("read an opened round", err)
		}
		if opened {
			rounds = append(rounds, round)
		}
	}
	slices.SortStableFunc(rounds, func(a, b surveys.OpenedRound) int { return a.Wave.Opens.Compare(b.Wave.Opens) })
	return rounds, nil
}

func (s *Store) openedRound(ctx context.Context, study *surveys.Study, wave surveys.Wave) (round surveys.OpenedRound, opened bool, err error) {
	var row struct {
		Stage  string         `db:"stage"`
		Rules  string         `db:"rules"`
		Apart  sql.NullString `db:"apart"`
		Report sql.NullString `db:"report"`
	}
	err = s.db.Get(ctx, &row, "SELECT stage, rules, apart, report FROM staff_rounds WHERE study_id = ? AND wave_id = ?", study.ID, wave.ID)
	if surveys.KindOf(notFound(err, "")) == surveys.NotFound {
		return round, false, nil
	}
	if err != nil {
		return round, false, err
	}
	round.Wave, round.Apart, round.Report = wave, json.RawMessage(row.Apart.String), row.Report.String
	if round.Stage, err = word("staff_rounds.stage", surveys.ParseRoundStage, row.Stage); err != nil || round.Stage < surveys.RoundOpened {
		return round, false, err
	}
	if err := json.Unmarshal([]byte(row.Rules), &round.Rules); err != nil {
		return round, false, fmt.Errorf("read the rules of round %s: %w", wave.ID, err)
	}
	if round.Sites, err = roundSites(ctx, s.db, study, wave.ID); err != nil {
		return round, false, err
	}
	if round.Average, err = findAverage(ctx, s.db, study.ID, wave.ID); err != nil {
		return round, false, err
	}
	var answers []struct {
		Site          surveys.SiteID `db:"site_id"`
		Questionnaire string         `db:"questionnaire"`
		Answers       string         `db:"answers"`
		Role          string         `db:"role"`
		Tenure        string         `db:"tenure"`
	}
	if err := s.db.List(ctx, &answers, `
		SELECT site_id, questionnaire, answers, role, tenure
		FROM staff_answers
		WHERE study_id = ? AND wave_id = ?
		ORDER BY id`, study.ID, wave.ID); err != nil {
		return round, false, err
	}
	for _, answer := range answers {
		attributes, err := readAttributes(answer.Role, answer.Tenure)
		if err != nil {
			return round, false, err
		}
		round.Answers = append(round.Answers, surveys.OpenedAnswer{Site: answer.Site, Answers: answer.Answers, Attributes: attributes})
	}
	hash := wave.Questionnaire
	if len(answers) > 0 {
		hash = answers[0].Questionnaire // the instruments of a wave never change, so all have the same items
	}
	round.Questionnaire, err = s.Questionnaire(ctx, hash)
	return round, true, err
}

// ReportRound keeps what is shown of an opened round, which is then shown. average is the published one that it was made with,
// empty for none. It fails with Conflict for a round at another stage, while an earlier one is opened and not reported, because
// what may be shown depends on what was shown before, and where another average was loaded meanwhile.
func (s *Store) ReportRound(ctx context.Context, by surveys.AccountID, id surveys.StudyID, wave surveys.WaveID, report, average string) error {
	study, _, w, err := s.staffWave(ctx, id, wave)
	if err != nil {
		return err
	}
	return surveys.Wrap("report a round", s.db.InTx(ctx, func(tx *engine.Tx) error {
		if err := holdRound(ctx, tx, study, wave, surveys.RoundOpened); err != nil {
			return err
		}
		loaded, err := findAverage(ctx, tx, id, wave)
		if err != nil {
			return err
		}
		if loaded != average {
			return surveys.Errorf(surveys.Conflict, "The published average of this round was changed in the meantime. Read the results again before you show them.")
		}
		for _, other := range study.Waves {
			if other.Audience != surveys.Staff || other.ID == wave {
				continue
			}
			found, err := findRound(ctx, tx, study, other.ID)
			if err != nil {
				return err
			}
			if earlier := other.Opens.Before(w.Opens); earlier && found.stage == surveys.RoundOpened || !earlier && found.stage == surveys.RoundReported {
				return surveys.Errorf(surveys.Conflict, "Rounds are shown in the order in which they were held, and “%s” comes first.", map[bool]string{true: other.Title, false: w.Title}[earlier])
			}
		}
		_, err = tx.Exec(ctx, audit{by, "round.report", id, string(wave), ""}, `
			UPDATE staff_rounds
			SET stage = ?, report = ?
			WHERE study_id = ? AND wave_id = ?`, surveys.RoundReported.String(), report, id, wave)
		return err
	}))
}

// ReportedRounds returns the rounds of a study that are reported, in the order of its file.
func (s *Store) ReportedRounds(ctx context.Context, id surveys.StudyID) ([]surveys.Wave, error) {
	study, _, err := s.Study(ctx, id)
	if err != nil {
		return nil, err
	}
	var reported []string
	if err := s.db.List(ctx, &reported, "SELECT wave_id FROM staff_rounds WHERE study_id = ? AND stage = ?", id, surveys.RoundReported.String()); err != nil {
		return nil, surveys.Wrap("list reported rounds", err)
	}
	var rounds []surveys.Wave
	for _, wave := range study.Waves {
		for _, found := range reported {
			if found == string(wave.ID) {
				rounds = append(rounds, wave)
			}
		}
	}
	return rounds, nil
}

// ReportedRound returns what is shown of a round, without reading any answer. It fails with NotFound for a round that is not
// reported, as for one that does not exist.
func (s *Store) ReportedRound(ctx context.Context, id surveys.StudyID, wave surveys.WaveID) (surveys.ReportedRound, error) {
	_, _, w, err := s.staffWave(ctx, id, wave)
	if err != nil {
		return surveys.ReportedRound{}, err
	}
	var report sql.NullString
	err = s.db.Get(ctx, &report, "SELECT report FROM staff_rounds WHERE study_id = ? AND wave_id = ? AND stage = ?", id, wave, surveys.RoundReported.String())
	if err := notFound(err, "This round has no results yet."); err != nil {
		return surveys.ReportedRound{}, surveys.Wrap("read what is shown of a round", err)
	}
	round := surveys.ReportedRound{Wave: w, Report: report.String}
	round.Questionnaire, err = s.Questionnaire(ctx, w.Questionnaire)
	return round, err
}
