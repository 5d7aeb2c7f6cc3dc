package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"wellwave/surveys"
	"wellwave/surveys/store/engine"
)

// LoadStudy stores a study file, called name in messages, with every instrument and wording pack that it uses. It
// creates the study as a draft or makes a new version of it, and reports whether anything is different from before.
//
// It fails with Invalid where the file is wrong, and with Conflict where the same id and version of an instrument is
// stored with another meaning, where the study is fixed and the file does more than add to it, or where the account was not
// given the study that is there.
func (s *Store) LoadStudy(ctx context.Context, by surveys.AccountID, name string, source []byte,
	definitions *surveys.Definitions) (study *surveys.Study, changed bool, err error) {
	if study, err = s.parseStudy(ctx, name, source, definitions); err != nil {
		return nil, false, err
	}
	if err := s.db.InTx(ctx, func(tx *engine.Tx) error {
		changed, err = loadStudy(ctx, tx, by, study, source, definitions)
		return err
	}); err != nil {
		return nil, false, surveys.Wrap("load study", err)
	}
	s.studies.forgetWordings()
	return study, changed, nil
}

// CheckStudy returns the error that LoadStudy would, and stores nothing.
func (s *Store) CheckStudy(ctx context.Context, by surveys.AccountID, name string, source []byte, definitions *surveys.Definitions) (*surveys.Study, error) {
	study, err := s.parseStudy(ctx, name, source, definitions)
	if err != nil {
		return nil, err
	}
	undone := errors.New("undo what was only a check")
	err = s.db.InTx(ctx, func(tx *engine.Tx) error {
		if _, err := loadStudy(ctx, tx, by, study, source, definitions); err != nil {
			return err
		}
		return undone
	})
	if !errors.Is(err, undone) {
		return nil, surveys.Wrap("check study", err)
	}
	return study, nil
}

// parseStudy reads a study file whose instruments are among the definitions or were stored before. A study that is live can
// change no target, text or name any more, so the file of one is not refused for what can only go wrong later.
func (s *Store) parseStudy(ctx context.Context, name string, source []byte, definitions *surveys.Definitions) (*surveys.Study, error) {
	packs, err := s.interfacesFor(ctx, source, definitions)
	if err != nil {
		return nil, err
	}
	standing, err := s.classesFor(ctx, source)
	if err != nil {
		return nil, err
	}
	find := func(id surveys.InstrumentID, version string) (*surveys.Instrument, error) {
		instrument, err := definitions.Find(id, version)
		if err == nil {
			return instrument, nil
		}
		stored, storedErr := findInstrument(ctx, id, version, standing, s.db)
		if surveys.KindOf(storedErr) == surveys.NotFound {
			return nil, err // it knows which instruments there are
		}
		return stored, storedErr
	}
	study, err := surveys.ParseStudy(name, source, find, packs...)
	if err == nil {
		return study, nil
	}
	bound, lenient := surveys.ParseStoredStudy(name, source, find, packs...)
	if lenient != nil {
		return nil, err
	}
	_, state, finding := s.Study(ctx, bound.ID)
	switch {
	case finding == nil && state >= surveys.Live:
		return bound, nil
	case finding != nil && surveys.KindOf(finding) != surveys.NotFound:
		return nil, finding
	default:
		return nil, err
	}
}

// loadStudy is the transaction of LoadStudy.
func loadStudy(ctx context.Context, tx *engine.Tx, by surveys.AccountID, study *surveys.Study, source []byte,
	definitions *surveys.Definitions) (changed bool, err error) {
	state, version, err := lockStudy(ctx, tx, study.ID)
	if err != nil {
		return false, err
	}
	a := audit{by: by, action: "study.load", study: study.ID, object: string(study.ID), detail: fmt.Sprintf("version %d", version+1)}
	newWordings, err := storeDefinitions(ctx, tx, a, study, definitions)
	if err != nil {
		return false, err
	}
	if by != "" {
		if err := giveLoaded(ctx, tx, by, study.ID, version == 0); err != nil {
			return false, err
		}
	}
	newClasses, err := storeClasses(ctx, tx, a, study, definitions)
	if err != nil {
		return false, err
	}
	if version > 0 {
		older, err := readStudyVersion(ctx, study.ID, version, "", tx)
		if err != nil {
			return false, err
		}
		if older.Hash == study.Hash && !newWordings {
			return newClasses, nil // which are no part of what the study is, so they make no version
		}
		if err := checkChange(ctx, tx, state, older, study); err != nil {
			return false, err
		}
	}
	return true, storeVersion(ctx, tx, a, study, version+1, source)
}

// lockStudy creates the study if it is not there, and returns its state and version in one statement, so that of two
// who load at once the second waits and sees what the first did.
func lockStudy(ctx context.Context, tx *engine.Tx, id surveys.StudyID) (surveys.StudyState, int, error) {
	var row struct {
		State   string `db:"state"`
		Version int    `db:"version"`
	}
	if err := tx.ExecGet(ctx, locking, &row, `
		INSERT INTO studies (id, state, version, changed_at, row_hash)
		VALUES (?, ?, 0, ?, ?)
		ON CONFLICT (id) DO UPDATE SET version = studies.version
		RETURNING state, version`,
		id, surveys.Draft.String(), engine.Stamp(tx.Now), hashOf(tx, "studies", id, surveys.Draft.String(), 0, engine.Stamp(tx.Now), nil)); err != nil {
		return 0, 0, fmt.Errorf("lock study: %w", err)
	}
	state, err := word("studies.state", surveys.ParseStudyState, row.State)
	return state, row.Version, err
}

// checkChange refuses a new version that would alter what people were asked, or that forgets people who are there.
func checkChange(ctx context.Context, tx *engine.Tx, state surveys.StudyState, older, newer *surveys.Study) error {
	if state == surveys.Locked {
		return surveys.Errorf(surveys.Conflict, "The study is locked: its data are final and its file can no longer change.")
	}
	if state.Fixed() {
		if err := older.CheckAdditions(newer); err != nil || state != surveys.Live {
			return err
		}
		return checkNewWaves(ctx, tx, older, newer)
	}
	for _, site := range older.Sites {
		if other, kept := newer.Site(site.ID); kept && other.Arm == site.Arm {
			continue
		}
		var people int
		if err := tx.Get(ctx, &people, `
			SELECT COUNT(*)
			FROM enrolments
			WHERE study_id = ? AND site_id = ?`, older.ID, site.ID); err != nil {
			return fmt.Errorf("count a site's people: %w", err)
		}
		if people > 0 {
			return surveys.Errorf(surveys.Conflict, "The site %s has participants, so it stays in the study and in its arm.", site.ID)
		}
	}
	for _, wave := range older.Waves {
		if _, kept := newer.Wave(wave.ID); kept {
			continue
		}
		var answers int
		if err := tx.Get(ctx, &answers, `
			SELECT COUNT(*)
			FROM responses r
			JOIN questionnaires q ON q.hash = r.questionnaire
			WHERE q.study_id = ? AND q.wave_id = ?`, older.ID, wave.ID); err != nil {
			return fmt.Errorf("count a wave's responses: %w", err)
		}
		if answers > 0 {
			return surveys.Errorf(surveys.Conflict, "The wave %s has responses, so it stays in the study.", wave.ID)
		}
	}
	return nil
}

// storeVersion writes a new version of the study and all that refers to it.
func storeVersion(ctx context.Context, tx *engine.Tx, a audit, study *surveys.Study, version int, source []byte) error {
	if _, err := tx.Exec(ctx, a, `
		INSERT INTO study_versions (study_id, version, hash, source, loaded_at, row_hash)
		VALUES (?, ?, ?, ?, ?, ?)`,
		study.ID, version, study.Hash, string(source), engine.Stamp(tx.Now),
		hashOf(tx, "study_versions", study.ID, version, study.Hash, engine.Stamp(tx.Now))); err != nil {
		return fmt.Errorf("store study version: %w", err)
	}
	if _, err := changeHashed(ctx, tx, a, change{"studies", "version = ?, changed_at = ?", "id = ?", []any{version, engine.Stamp(tx.Now)}, []any{study.ID}}); err != nil {
		return fmt.Errorf("update study: %w", err)
	}
	if err := storeInterfaces(ctx, tx, a, study, version); err != nil {
		return err
	}
	for _, site := range study.Sites {
		if _, err := tx.Exec(ctx, a, `
			INSERT INTO sites (study_id, id, arm_id)
			VALUES (?, ?, ?)
			ON CONFLICT (study_id, id) DO UPDATE SET arm_id = excluded.arm_id`, study.ID, site.ID, site.Arm); err != nil {
			return fmt.Errorf("store site: %w", err)
		}
	}
	for _, wave := range study.Waves {
		if err := storeWave(ctx, tx, a, study, wave); err != nil {
			return err
		}
	}
	return nil
}

func storeWave(ctx context.Context, tx *engine.Tx, a audit, study *surveys.Study, wave surveys.Wave) error {
	if _, err := tx.Exec(ctx, a, `
		INSERT INTO waves (study_id, id, audience)
		VALUES (?, ?, ?)
		ON CONFLICT (study_id, id) DO UPDATE SET audience = excluded.audience`, study.ID, wave.ID, wave.Audience.String()); err != nil {
		return fmt.Errorf("store wave: %w", err)
	}
	row := []any{wave.Questionnaire, study.ID, wave.ID, strings.Join(study.InstrumentHashes(wave), " "), engine.Stamp(tx.Now)}
	if _, err := tx.Exec(ctx, a, `
		INSERT INTO questionnaires (hash, study_id, wave_id, instruments, stored_at, row_hash)
		VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (hash) DO NOTHING`, append(row, hashOf(tx, "questionnaires", row...))...); err != nil {
		return fmt.Errorf("store questionnaire: %w", err)
	}
	return nil
}

// storeDefinitions stores the study's instruments and their wording packs, and reports whether any pack is new. A pack
// that was in use before and comes back becomes the current one again.
func storeDefinitions(ctx context.Context, tx *engine.Tx, a audit, study *surveys.Study, definitions *surveys.Definitions) (bool, error) {
	changed := false
	for _, ref := range study.Instruments {
		if source, ok := definitions.Instrument(ref.ID, ref.Version); ok {
			if err := storeInstrument(ctx, tx, a, source); err != nil {
				return false, err
			}
		}
		for _, pack := range definitions.Wordings(ref.ID, ref.Version) {
			isNew, err := storeWording(ctx, tx, a, ref.Hash, pack)
			if err != nil {
				return false, err
			}
			changed = changed || isNew
		}
	}
	return changed, nil
}

func storeInstrument(ctx context.Context, tx *engine.Tx, a audit, source surveys.InstrumentSource) error {
	if _, err := tx.Exec(ctx, a, `
		INSERT INTO instruments (hash, id, version, source, stored_at, row_hash)
		VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (id, version) DO NOTHING`,
		source.Hash, source.ID, source.Version, string(source.Source), engine.Stamp(tx.Now),
		hashOf(tx, "instruments", source.Hash, source.ID, source.Version, engine.Stamp(tx.Now))); err != nil {
		return fmt.Errorf("store instrument: %w", err)
	}
	var stored string
	if err := tx.Get(ctx, &stored, `
		SELECT hash
		FROM instruments
		WHERE id = ? AND version = ?`, source.ID, source.Version); err != nil {
		return fmt.Errorf("read back instrument: %w", err)
	}
	if stored != source.Hash {
		return surveys.Errorf(surveys.Conflict,
			"The instrument %s version %s is already stored with another meaning. A changed instrument needs a new version.", source.ID, source.Version)
	}
	return nil
}

// storeWording makes a pack the current one of its language. Neutral labels never take the place of a wording that the
// holder of a licence loaded: they come with every study file.
func storeWording(ctx context.Context, tx *engine.Tx, a audit, instrument string, pack surveys.WordingSource) (bool, error) {
	var current struct{ Hash, Source string }
	err := tx.Get(ctx, &current, `
		SELECT hash, source
		FROM wordings
		WHERE instrument_hash = ? AND language = ?
		ORDER BY stored_at DESC, hash
		LIMIT 1`, instrument, pack.Language)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return false, fmt.Errorf("read current wording: %w", err)
	}
	if current.Hash == pack.Hash {
		return false, nil
	}
	if pack.Neutral && current.Hash != "" {
		standing, err := surveys.ParseStoredWording(pack.Language, []byte(current.Source))
		if err != nil {
			return false, fmt.Errorf("read current wording: %w", err)
		}
		if !standing.Neutral {
			return false, nil
		}
	}
	if _, err := tx.Exec(ctx, a, `
		INSERT INTO wordings (hash, instrument_hash, language, source, stored_at, row_hash)
		VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (hash) DO UPDATE SET stored_at = excluded.stored_at, row_hash = excluded.row_hash`,
		pack.Hash, instrument, pack.Language, string(pack.Source), engine.Stamp(tx.Now),
		hashOf(tx, "wordings", pack.Hash, instrument, pack.Language, engine.Stamp(tx.Now))); err != nil {
		return false, fmt.Errorf("store wording: %w", err)
	}
	return true, nil
}

// SetStudyState moves a study on. An account unlocks none, for which see ProposeUnlock. It fails with NotFound, or with Conflict where the state cannot follow the present
// one or where something is in the way, which the message names. Submissions under way are taken in first: whatever comes
// after SetStudyState has returned is judged by the new state.
func (s *Store) SetStudyState(ctx context.Context, by surveys.AccountID, id surveys.StudyID, to surveys.StudyState) error {
	study, from, version, err := s.findStudy(ctx, id, s.db)
	if err != nil {
		return err
	}
	if err := surveys.CheckState(from, to); err != nil {
		return err
	}
	if from == surveys.Locked && by != "" { // whoever runs the server may have nobody to ask
		return surveys.Errorf(surveys.Forbidden, "Unlocking needs a second person. Ask for it on the page of the study.")
	}
	var questionnaires []*surveys.Questionnaire
	if to.Takes() {
		for _, wave := range study.Waves {
			q, err := s.CurrentQuestionnaire(ctx, id, wave.ID)
			if err != nil {
				return err
			}
			questionnaires = append(questionnaires, q)
		}
		if err := study.CheckReady(to, questionnaires, s.now()); err != nil {
			return err
		}
	}
	return surveys.Wrap("set study state", s.db.InTx(ctx, func(tx *engine.Tx) error {
		if to == surveys.Live && slices.ContainsFunc(questionnaires, (*surveys.Questionnaire).HasSafetyItem) {
			if err := checkAlertRoute(ctx, tx, study); err != nil {
				return err
			}
		}
		a := audit{by: by, action: "study." + to.String(), study: id, object: string(id), detail: "from " + from.String()}
		return changeState(ctx, tx, a, from, to, version)
	}))
}

// changeState writes the state of the study that a is about, whose state and version were read before.
func changeState(ctx context.Context, tx *engine.Tx, a audit, from, to surveys.StudyState, version int) error {
	n, err := changeHashed(ctx, tx, a, change{"studies", "state = ?, changed_at = ?, closed_at = CASE WHEN ? IN ('closed', 'locked') THEN COALESCE(closed_at, ?) END",
		"id = ? AND state = ? AND version = ?", []any{to.String(), engine.Stamp(tx.Now), to.String(), engine.Stamp(tx.Now)}, []any{a.study, from.String(), version}})
	if err != nil {
		return fmt.Errorf("update study: %w", err)
	}
	if n == 0 {
		return surveys.Errorf(surveys.Conflict, "Somebody else has just changed this study. Look at it again.")
	}
	return holdSubmissions(ctx, tx)
}

// ListStudies lists every study by id.
func (s *Store) ListStudies(ctx context.Context) ([]surveys.StudyListing, error) {
	var ids []surveys.StudyID
	if err := s.db.List(ctx, &ids, `
		SELECT id
		FROM studies
		WHERE version > 0`); err != nil {
		return nil, surveys.Wrap("list studies", err)
	}
	slices.Sort(ids)
	listing := make([]surveys.StudyListing, 0, len(ids))
	for _, id := range ids {
		study, state, err := s.Study(ctx, id)
		if err != nil {
			return nil, err
		}
		listing = append(listing, surveys.StudyListing{Study: study, State: state})
	}
	return listing, nil
}
