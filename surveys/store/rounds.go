package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"wellwave/surveys"
	"wellwave/surveys/disclosure"
	"wellwave/surveys/sealing"
	"wellwave/surveys/store/engine"
)

// Rounds of the anonymous staff survey: planned by the study file, set up once by the team, closed, opened.

type roundRow struct {
	Wave        surveys.WaveID `db:"wave_id"`
	Sealing     string         `db:"sealing"`
	Stage       string         `db:"stage"`
	Recipient   sql.NullString `db:"recipient"`
	Key         sql.NullString `db:"round_key"`
	AnswerSize  int            `db:"answer_size"`
	Counted     int            `db:"counted"`
	CountedDay  int            `db:"counted_day"`
	Certificate sql.NullString `db:"certificate"`
	Rules       string         `db:"rules"`
}

const selectRound = `
	SELECT wave_id, sealing, stage, recipient, round_key, answer_size, counted, counted_day, certificate, rules
	FROM staff_rounds`

// round is a round that is set up, or planned.
type round struct {
	stage       surveys.RoundStage
	sealing     surveys.Sealing
	recipient   string // what answers are sealed to, by custodians only
	key         string // JSON of a sealing.RoundKey, by custodians only
	answerSize  int
	counted     int
	countedDay  int
	certificate *surveys.Certificate
	rules       surveys.RoundRules // of one that is planned only the programme, as the study file has it now
}

func (r roundRow) round() (round, error) {
	read := round{recipient: r.Recipient.String, key: r.Key.String, answerSize: r.AnswerSize, counted: r.Counted, countedDay: r.CountedDay}
	var err error
	if read.stage, err = word("staff_rounds.stage", surveys.ParseRoundStage, r.Stage); err != nil {
		return read, err
	}
	if read.sealing, err = word("staff_rounds.sealing", surveys.ParseSealing, r.Sealing); err != nil {
		return read, err
	}
	if err := json.Unmarshal([]byte(r.Rules), &read.rules); err != nil {
		return read, fmt.Errorf("read the rules of round %s: %w", r.Wave, err)
	}
	if r.Certificate.Valid {
		read.certificate = new(surveys.Certificate)
		if err := json.Unmarshal([]byte(r.Certificate.String), read.certificate); err != nil {
			return read, fmt.Errorf("read the certificate of round %s: %w", r.Wave, err)
		}
	}
	return read, nil
}

// roundKey reads what is kept of the round's key pair.
func (r round) roundKey() (key sealing.RoundKey, err error) {
	if err = json.Unmarshal([]byte(r.key), &key); err != nil {
		err = fmt.Errorf("read the key of a round: %w", err)
	}
	return key, err
}

// staffWave returns a study and a round of it. It fails with NotFound.
func (s *Store) staffWave(ctx context.Context, id surveys.StudyID, wave surveys.WaveID) (*surveys.Study, surveys.StudyState, surveys.Wave, error) {
	study, state, err := s.Study(ctx, id)
	if err != nil {
		return nil, 0, surveys.Wave{}, err
	}
	w, ok := study.Wave(wave)
	if !ok || w.Audience != surveys.Staff {
		return nil, 0, surveys.Wave{}, surveys.Errorf(surveys.NotFound, "The study has no round %q.", wave)
	}
	return study, state, w, nil
}

// findRound returns a round as it stands, and what the study file says now of one that is only planned.
func findRound(ctx context.Context, from querier, study *surveys.Study, wave surveys.WaveID) (round, error) {
	var row roundRow
	err := from.Get(ctx, &row, selectRound+" WHERE study_id = ? AND wave_id = ?", study.ID, wave)
	if errors.Is(err, sql.ErrNoRows) {
		return round{stage: surveys.RoundPlanned, sealing: study.StaffSurvey.Sealing, countedDay: -1, rules: surveys.RoundRules{Programme: study.StaffSurvey.Programme}}, nil
	}
	if err != nil {
		return round{}, err
	}
	return row.round()
}

// SetUpRound makes a planned round ready for its cards: it makes the round's key pair where custodians open it. It fails
// with Conflict for a round that is set up already, and while not every custodian has proved that their key can be read.
func (s *Store) SetUpRound(ctx context.Context, by surveys.AccountID, study surveys.StudyID, wave surveys.WaveID) error {
	plan, _, w, err := s.staffWave(ctx, study, wave)
	if err != nil {
		return err
	}
	questionnaire, err := s.Questionnaire(ctx, w.Questionnaire)
	if err != nil {
		return err
	}
	return surveys.Wrap("set up a round", s.db.InTx(ctx, func(tx *engine.Tx) error {
		return setUpRound(ctx, tx, by, plan, questionnaire)
	}))
}

func setUpRound(ctx context.Context, tx *engine.Tx, by surveys.AccountID, study *surveys.Study, questionnaire *surveys.Questionnaire) error {
	how, size, wave := study.StaffSurvey.Sealing, 0, questionnaire.Wave
	var recipient, key any
	if how == surveys.ByCustodians {
		custodians, err := provedCustodians(ctx, tx, study.ID)
		if err != nil {
			return err
		}
		made, err := sealing.NewRoundKey(custodians)
		if err != nil {
			return err
		}
		text, err := json.Marshal(made)
		if err != nil {
			return fmt.Errorf("write the key of a round: %w", err)
		}
		recipient, key, size = made.Recipient, string(text), sealing.Room(len(envelopeFrame)+maxLanguage+questionnaire.LongestAnswers())
	}
	sites, err := roundSites(ctx, tx, study, wave)
	if err != nil {
		return err
	}
	rules, err := rulesOf(study, sites)
	if err != nil {
		return fmt.Errorf("write the rules of a round: %w", err)
	}
	n, err := tx.Exec(ctx, audit{by, "round.set-up", study.ID, string(wave), "sealed by the " + how.String()}, `
		INSERT INTO staff_rounds (study_id, wave_id, sealing, stage, recipient, round_key, rules, answer_size)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT DO NOTHING`, study.ID, wave, how.String(), surveys.RoundOpen.String(), recipient, key, rules, size)
	if err == nil && n == 0 {
		return surveys.Errorf(surveys.Conflict, "This round is set up already.")
	}
	return err
}

// rulesOf returns the rules that a round gets, as they are kept.
func rulesOf(study *surveys.Study, sites []surveys.RoundSite) (string, error) {
	shown, err := json.Marshal(disclosure.DefaultRules())
	if err != nil {
		return "", err
	}
	plan := study.StaffSurvey
	rules := surveys.RoundRules{Programme: plan.Programme, Margin: plan.Margin, Shown: shown}
	rules.Freeze(plan.Attributes, sites)
	text, err := json.Marshal(rules)
	return string(text), err
}

// Rounds returns the rounds of a study in the order of the study file, and takes the day's count of those that answers
// still come to, if nobody has today.
func (s *Store) Rounds(ctx context.Context, id surveys.StudyID) ([]surveys.Round, error) {
	study, _, err := s.Study(ctx, id)
	if err != nil {
		return nil, err
	}
	if err := s.countRounds(ctx, study); err != nil {
		return nil, surveys.Wrap("count the answers of a round", err)
	}
	var rounds []surveys.Round
	for _, wave := range study.Waves {
		if wave.Audience != surveys.Staff {
			continue
		}
		round, err := s.describeRound(ctx, study, wave)
		if err != nil {
			return nil, surveys.Wrap("describe a round", err)
		}
		rounds = append(rounds, round)
	}
	return rounds, nil
}

// describeRound returns what the team may know of a round.
func (s *Store) describeRound(ctx context.Context, study *surveys.Study, wave surveys.Wave) (surveys.Round, error) {
	found, err := findRound(ctx, s.db, study, wave.ID)
	if err != nil {
		return surveys.Round{}, err
	}
	round := surveys.Round{Wave: wave, Stage: found.stage, Sealing: found.sealing, Programme: found.rules.Programme,
		Count: found.counted, Certificate: found.certificate}
	if found.countedDay >= 0 {
		round.CountedOn = surveys.DayStart(found.countedDay, study.Zone)
	}
	if found.sealing == surveys.ByCustodians && found.stage != surveys.RoundPlanned {
		key, err := found.roundKey()
		if err != nil {
			return surveys.Round{}, err
		}
		for _, c := range key.Custodians {
			round.Custodians = append(round.Custodians, c.Name)
		}
	}
	if round.Sites, err = roundSites(ctx, s.db, study, wave.ID); err != nil {
		return surveys.Round{}, err
	}
	if found.stage < surveys.RoundClosed {
		return round, nil
	}
	answers, err := s.countAnswers(ctx, study.ID, wave.ID)
	for i := range round.Sites {
		site := &round.Sites[i]
		band := disclosure.DefaultRules().Response(answers[site.Site], site.Staff)
		site.Answers, site.UpTo, site.Most = band.Low, band.High, band.Most
	}
	return round, err
}

// roundSites returns the practices of a study as they are in a round, in the order of the study file.
func roundSites(ctx context.Context, from querier, study *surveys.Study, wave surveys.WaveID) ([]surveys.RoundSite, error) {
	var rows []struct {
		Site    surveys.SiteID `db:"site_id"`
		Staff   int            `db:"staff"`
		Contact string         `db:"contact"`
		Cards   int            `db:"cards"`
	}
	if err := from.List(ctx, &rows, `
		SELECT site_id, staff, contact, cards
		FROM staff_sites
		WHERE study_id = ? AND wave_id = ?`, study.ID, wave); err != nil {
		return nil, err
	}
	sites := make([]surveys.RoundSite, len(study.Sites))
	for i, site := range study.Sites {
		sites[i] = surveys.RoundSite{Site: site.ID, Staff: site.Staff}
		for _, row := range rows {
			if row.Site == site.ID {
				sites[i] = surveys.RoundSite{Site: row.Site, Staff: row.Staff, Contact: row.Contact, Cards: row.Cards}
			}
		}
	}
	return sites, nil
}

// SetRoundSites notes the headcounts of practices in a round and whom to ask there. It fails with Conflict once the round
// is closed, because the headcount decides what may be shown, and with Invalid and NotFound for what cannot be.
func (s *Store) SetRoundSites(ctx context.Context, by surveys.AccountID, id surveys.StudyID, wave surveys.WaveID, sites []surveys.RoundSite) error {
	study, _, _, err := s.staffWave(ctx, id, wave)
	if err != nil {
		return err
	}
	for i := range sites {
		if _, ok := study.Site(sites[i].Site); !ok {
			return surveys.Errorf(surveys.NotFound, "The study has no site %q.", sites[i].Site)
		}
		if err := sites[i].Check(); err != nil {
			return err
		}
	}
	return surveys.Wrap("note headcounts", s.db.InTx(ctx, func(tx *engine.Tx) error {
		if err := holdRound(ctx, tx, study, wave, surveys.RoundPlanned, surveys.RoundOpen); err != nil {
			return err
		}
		for _, site := range sites {
			a := audit{by, "round.headcount", id, string(wave), fmt.Sprintf("%d at site %s", site.Staff, site.Site)}
			if _, err := tx.Exec(ctx, a, `
				INSERT INTO staff_sites (study_id, wave_id, site_id, staff, contact, cards)
				VALUES (?, ?, ?, ?, ?, 0)
				ON CONFLICT (study_id, wave_id, site_id) DO UPDATE
				SET staff = excluded.staff, contact = excluded.contact
				WHERE staff_sites.staff <> excluded.staff OR staff_sites.contact <> excluded.contact`,
				id, wave, site.Site, site.Staff, site.Contact); err != nil {
				return err
			}
		}
		return nil
	}))
}

// holdRound keeps a round at its stage until the transaction ends. It fails with Conflict for another stage than those.
func holdRound(ctx context.Context, tx *engine.Tx, study *surveys.Study, wave surveys.WaveID, stages ...surveys.RoundStage) error {
	var held string
	err := tx.Get(ctx, &held, "SELECT stage FROM staff_rounds WHERE study_id = ? AND wave_id = ? "+tx.LockRow(), study.ID, wave)
	stage := surveys.RoundPlanned
	if err == nil {
		stage, err = word("staff_rounds.stage", surveys.ParseRoundStage, held)
	} else if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	if err == nil && !slices.Contains(stages, stage) {
		return wrongStage(stage)
	}
	return err
}

// stageFaults say what a round is that it should not be for what was asked.
var stageFaults = map[surveys.RoundStage]string{
	surveys.RoundPlanned:  "This round is not set up yet.",
	surveys.RoundOpen:     "This round is not closed yet.",
	surveys.RoundClosed:   "This round is closed.",
	surveys.RoundOpened:   "This round is closed, and its answers are opened already.",
	surveys.RoundReported: "This round is closed, and its results are shown already.",
}

func wrongStage(is surveys.RoundStage) error {
	return surveys.Errorf(surveys.Conflict, "%s", stageFaults[is])
}

// countRounds notes how many answers the open rounds of a study have, once a day and rounded down, so that whoever looks
// more often learns no more.
func (s *Store) countRounds(ctx context.Context, study *surveys.Study) error {
	now := s.now()
	today := surveys.DayNumber(now, study.Zone)
	for _, wave := range study.Waves {
		if wave.Audience != surveys.Staff || !disclosure.WhileOpen(wave.Opens, surveys.AddDays(wave.Closes, -disclosure.QuietDays), now) {
			continue
		}
		found, err := findRound(ctx, s.db, study, wave.ID)
		if err != nil {
			return err
		}
		if found.stage != surveys.RoundOpen || found.countedDay >= today {
			continue
		}
		answers, err := s.countAnswers(ctx, study.ID, wave.ID)
		if err != nil {
			return err
		}
		all := 0
		for _, n := range answers {
			all += n
		}
		err = s.db.InTx(ctx, func(tx *engine.Tx) error {
			_, err := tx.Exec(ctx, anonymous, `
				UPDATE staff_rounds
				SET counted = ?, counted_day = ?
				WHERE study_id = ? AND wave_id = ? AND counted_day < ?`, disclosure.CountDown(all), today, study.ID, wave.ID, today)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// countAnswers returns the answers of a round by site. They are exact and must not be shown.
func (s *Store) countAnswers(ctx context.Context, study surveys.StudyID, wave surveys.WaveID) (map[surveys.SiteID]int, error) {
	var rows []struct {
		Site surveys.SiteID `db:"site_id"`
		N    int            `db:"n"`
	}
	err := s.db.List(ctx, &rows, `
		SELECT site_id, COUNT(*) AS n
		FROM (
			SELECT site_id
			FROM staff_answers
			WHERE study_id = ? AND wave_id = ?
			UNION ALL
			SELECT site_id
			FROM staff_sealed
			WHERE study_id = ? AND wave_id = ?) AS answers
		GROUP BY site_id`, study, wave, study, wave)
	counts := make(map[surveys.SiteID]int, len(rows))
	for _, row := range rows {
		counts[row.Site] = row.N
	}
	return counts, err
}

// dayOf returns the day of a moment in the study's zone, as a certificate names it.
func dayOf(study *surveys.Study, now time.Time) string {
	return now.In(study.Zone).Format(time.DateOnly)
}
