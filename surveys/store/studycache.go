package store

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"wellwave/surveys"
	"wellwave/surveys/library"
	"wellwave/surveys/store/engine"
)

// studyCache keeps study versions, instruments and questionnaires as they were compiled. Versions never change, nor does
// what a hash names, so no server can miss a change. Only wording packs can be replaced beneath a questionnaire;
// whether any was is asked of the database at most once a second. The zero value is ready to use.
type studyCache struct {
	mu             sync.Mutex
	studies        map[string]*surveys.Study
	instruments    map[string]*surveys.Instrument
	questionnaires map[string]*surveys.Questionnaire
	wordings       wordingsMark // what the questionnaires' packs were read at
	checked        time.Time    // when wordings was last compared
}

// wordingsMark changes whenever any wording pack is stored.
type wordingsMark struct {
	Count  int          `db:"count"`
	Newest engine.Stamp `db:"newest"`
}

const (
	maxCached     = 256 // of each kind
	wordingsCheck = time.Second
)

// remember adds an entry to one of the cache's maps, making room by dropping any other.
func remember[V any](m *map[string]V, key string, value V) {
	if *m == nil {
		*m = make(map[string]V)
	}
	for other := range *m {
		if len(*m) < maxCached {
			break
		}
		delete(*m, other)
	}
	(*m)[key] = value
}

// cached returns an entry of one of the cache's maps, or makes and keeps it.
func cached[V any](c *studyCache, m *map[string]V, key string, load func() (V, error)) (V, error) {
	c.mu.Lock()
	value, ok := (*m)[key]
	c.mu.Unlock()
	if ok {
		return value, nil
	}
	value, err := load()
	if err != nil {
		return value, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	remember(m, key, value)
	return value, nil
}

// forgetWordings makes the next reader of a questionnaire look for new wording packs.
func (c *studyCache) forgetWordings() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.checked = time.Time{}
}

// Study returns the current version of a study and its state. It fails with NotFound.
func (s *Store) Study(ctx context.Context, id surveys.StudyID) (*surveys.Study, surveys.StudyState, error) {
	study, state, _, err := s.findStudy(ctx, id, s.db)
	return study, state, err
}

// findStudy returns what Study does, and which version of the study that is.
func (s *Store) findStudy(ctx context.Context, id surveys.StudyID, from querier) (*surveys.Study, surveys.StudyState, int, error) {
	var row struct {
		State   string `db:"state"`
		Version int    `db:"version"`
		Classes string `db:"classes"`
	}
	if err := from.Get(ctx, &row, `
		SELECT s.state, s.version, COALESCE(c.classes, '') AS classes
		FROM studies s
		LEFT JOIN study_classes c ON c.study_id = s.id
		WHERE s.id = ?`, id); err != nil {
		return nil, 0, 0, surveys.Wrap("find study", notFound(err, "There is no study called %s.", id))
	}
	state, err := word("studies.state", surveys.ParseStudyState, row.State)
	if err != nil {
		return nil, 0, 0, err
	}
	study, err := s.studyVersionFrom(ctx, id, row.Version, row.Classes, from)
	return study, state, row.Version, err
}

// studyVersion returns a stored version of a study, which never changes, and without the classes of a team's own instruments.
func (s *Store) studyVersion(ctx context.Context, id surveys.StudyID, version int) (*surveys.Study, error) {
	return s.studyVersionFrom(ctx, id, version, "", s.db)
}

func (s *Store) studyVersionFrom(ctx context.Context, id surveys.StudyID, version int, classes string, from querier) (*surveys.Study, error) {
	key := string(id) + " " + strconv.Itoa(version) + " " + classes
	study, err := cached(&s.studies, &s.studies.studies, key, func() (*surveys.Study, error) {
		return readStudyVersion(ctx, id, version, classes, from)
	})
	return study, surveys.Wrap("find study", err)
}

// querier reads, within a transaction or outside of one.
type querier interface {
	Get(ctx context.Context, dest any, query string, args ...any) error
	List(ctx context.Context, dest any, query string, args ...any) error
}

// readStudyVersion reads and compiles the stored file of a version, with classes as study_classes has them.
func readStudyVersion(ctx context.Context, id surveys.StudyID, version int, classes string, from querier) (*surveys.Study, error) {
	own, err := readClasses(classes)
	if err != nil {
		return nil, err
	}
	var source string
	if err := from.Get(ctx, &source, `
		SELECT source
		FROM study_versions
		WHERE study_id = ? AND version = ?`, id, version); err != nil {
		return nil, fmt.Errorf("read study version: %w", err)
	}
	packs, err := listInterfaces(ctx, id, version, from)
	if err != nil {
		return nil, err
	}
	study, err := surveys.ParseStoredStudy(string(id), []byte(source), func(id surveys.InstrumentID, version string) (*surveys.Instrument, error) {
		return findInstrument(ctx, id, version, own, from)
	}, packs...)
	if err != nil { // it was checked when it was stored, so this is ours to mend and no refusal
		return nil, fmt.Errorf("read the stored file of study %s: %v", id, err)
	}
	return study, nil
}

// findInstrument reads the stored instrument of exactly this id and version. The classes of one that the library has are the
// library's, those of a team's own are as given.
func findInstrument(ctx context.Context, id surveys.InstrumentID, version string, classes studyClasses, from querier) (*surveys.Instrument, error) {
	var row struct{ Hash, Source string }
	if err := from.Get(ctx, &row, `
		SELECT hash, source
		FROM instruments
		WHERE id = ? AND version = ?`, id, version); err != nil {
		return nil, notFound(err, "There is no instrument “%s” of version “%s”.", id, version)
	}
	if known, ok := library.Same(id, row.Hash); ok {
		return known, nil
	}
	instrument, err := surveys.ParseStoredInstrument(string(id), []byte(row.Source))
	if err != nil {
		return nil, err
	}
	return instrument.WithClasses(classes[instrument.Hash]), nil
}

// Instrument returns the stored instrument with the given hash. It fails with NotFound.
func (s *Store) Instrument(ctx context.Context, hash string) (*surveys.Instrument, error) {
	instrument, err := cached(&s.studies, &s.studies.instruments, hash, func() (*surveys.Instrument, error) {
		var source string
		if err := s.db.Get(ctx, &source, `
			SELECT source
			FROM instruments
			WHERE hash = ?`, hash); err != nil {
			return nil, notFound(err, "There is no such instrument.")
		}
		return surveys.ParseStoredInstrument(hash, []byte(source))
	})
	return instrument, surveys.Wrap("find instrument", err)
}

// CurrentQuestionnaire returns what a wave of the study's current version asks. It fails with NotFound.
func (s *Store) CurrentQuestionnaire(ctx context.Context, id surveys.StudyID, waveID surveys.WaveID) (*surveys.Questionnaire, error) {
	study, _, err := s.Study(ctx, id)
	if err != nil {
		return nil, err
	}
	wave, ok := study.Wave(waveID)
	if !ok {
		return nil, surveys.Errorf(surveys.NotFound, "The study %s has no wave called %s.", id, waveID)
	}
	return s.Questionnaire(ctx, wave.Questionnaire)
}

// Questionnaire returns the questionnaire with the given hash: the exact instruments that a response began with, in the
// wording that is current. It fails with NotFound.
func (s *Store) Questionnaire(ctx context.Context, hash string) (*surveys.Questionnaire, error) {
	if err := s.checkWordings(ctx); err != nil {
		return nil, err
	}
	q, err := cached(&s.studies, &s.studies.questionnaires, hash, func() (*surveys.Questionnaire, error) {
		return s.readQuestionnaire(ctx, hash)
	})
	return q, surveys.Wrap("find questionnaire", err)
}

// checkWordings drops the compiled questionnaires if a wording pack was stored since they were read.
func (s *Store) checkWordings(ctx context.Context) error {
	c, now := &s.studies, time.Now() // the age of a cache is counted by the real clock, whatever the store's says
	c.mu.Lock()
	fresh := now.Sub(c.checked) < wordingsCheck
	c.mu.Unlock()
	if fresh {
		return nil
	}
	var mark wordingsMark
	if err := s.db.Get(ctx, &mark, `
		SELECT COUNT(*) AS count, MAX(stored_at) AS newest
		FROM wordings`); err != nil {
		return surveys.Wrap("look for new wordings", err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if mark != c.wordings {
		c.questionnaires = nil
	}
	c.wordings, c.checked = mark, now
	return nil
}

func (s *Store) readQuestionnaire(ctx context.Context, hash string) (*surveys.Questionnaire, error) {
	var row struct {
		Study       surveys.StudyID `db:"study_id"`
		Wave        surveys.WaveID  `db:"wave_id"`
		Instruments string          `db:"instruments"`
	}
	if err := s.db.Get(ctx, &row, `
		SELECT study_id, wave_id, instruments
		FROM questionnaires
		WHERE hash = ?`, hash); err != nil {
		return nil, notFound(err, "There is no such questionnaire.")
	}
	var instruments []*surveys.Instrument
	var packs []*surveys.Wording
	for _, hash := range strings.Fields(row.Instruments) {
		instrument, err := s.Instrument(ctx, hash)
		if err != nil {
			return nil, err
		}
		instruments = append(instruments, instrument)
		wordings, err := listWordings(ctx, hash, s.db)
		if err != nil {
			return nil, err
		}
		packs = append(packs, wordings...)
	}
	return surveys.NewQuestionnaire(row.Study, row.Wave, instruments, packs)
}

// listWordings returns an instrument's current wording pack in every language, by language. It reads rows by list, within a
// transaction or outside of one.
func listWordings(ctx context.Context, instrument string, from querier) ([]*surveys.Wording, error) {
	var rows []struct {
		Language string `db:"language"`
		Source   string `db:"source"`
	}
	if err := from.List(ctx, &rows, `
		SELECT language, source
		FROM wordings
		WHERE instrument_hash = ?
		ORDER BY language, stored_at DESC, hash`, instrument); err != nil {
		return nil, fmt.Errorf("list wordings: %w", err)
	}
	var packs []*surveys.Wording
	for i, row := range rows {
		if i > 0 && rows[i-1].Language == row.Language {
			continue // an older one
		}
		pack, err := surveys.ParseStoredWording(row.Language, []byte(row.Source))
		if err != nil {
			return nil, fmt.Errorf("read a stored wording: %w", err)
		}
		packs = append(packs, pack)
	}
	return packs, nil
}

// questionnaire returns a questionnaire that is in memory already.
func (c *studyCache) questionnaire(hash string) (*surveys.Questionnaire, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	q, ok := c.questionnaires[hash]
	return q, ok
}
