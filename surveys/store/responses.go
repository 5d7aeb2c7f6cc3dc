package store

import (
	"database/sql"
	"errors"
	"strings"
	"sync"
	"time"

	"wellwave/surveys"
	"wellwave/surveys/store/engine"
)

// replayColumns are the columns of what the ledger comes to, in the order of replayValues.
var replayColumns = append([]string{"revision", "answers", "origins", "differing", "proxied", "began_at", "changed_at", "finished_at",
	"answered_at", "late_days", "outcome"}, surveys.CollectionNames()...)

// responseColumns are all that change with a response, in the order of responseValues.
var responseColumns = append([]string{"pilot", "disposition", "disposition_source", "disposition_reason", "dispositions", "saves", "kept_bytes"}, replayColumns...)

// factsOfResponse is the facts about a row of responses.
func factsOfResponse(standing string) string {
	return `(
			SELECT ` + factsColumn(standing) + `
			FROM enrolments e
			JOIN studies st ON st.id = e.study_id
			WHERE e.id = responses.enrolment_id)`
}

// responseRow is a row of responses as the engines keep it.
type responseRow struct {
	id, questionnaire, answers, origins         string
	outcome, disposition, source, reason        string
	how                                         surveys.CollectionWords
	facts                                       sql.NullString
	pilot, proxied                              bool
	revision, lateDays, differing, dispositions int
	began, changed, finished, answered          engine.Stamp
	load                                        surveys.Load
	enrolment                                   surveys.EnrolmentID
	wave                                        surveys.WaveID
}

// into returns the variables to scan selectResponse into.
func (r *responseRow) into() []any {
	into := make([]any, 0, 32)
	into = append(into, &r.id, &r.questionnaire, &r.facts, &r.pilot, &r.disposition, &r.source, &r.reason, &r.dispositions,
		&r.load.Saves, &r.load.Kept,
		&r.revision, &r.answers, &r.origins, &r.differing, &r.proxied, &r.began, &r.changed, &r.finished, &r.answered, &r.lateDays, &r.outcome)
	for i := range r.how {
		into = append(into, &r.how[i])
	}
	return into
}

// The statements about responses. A new fact of a collection is one more column in each, so they are put together. Those that
// read the facts are as many as there are kinds of what a way in may rest on.
var (
	insertResponse = perBasis(func(standing string) string {
		return `
		INSERT INTO responses (id, questionnaire, enrolment_id, wave_id, row_hash, ` + strings.Join(responseColumns, ", ") + `)
		VALUES (?, ?, ?, ?, ?` + strings.Repeat(", ?", len(responseColumns)) + `)
		ON CONFLICT (enrolment_id, wave_id) DO UPDATE
		SET revision = responses.revision
		RETURNING id, ` + factsOfResponse(standing)
	})
	selectResponse = perBasis(func(standing string) string {
		return `
		SELECT id, questionnaire, ` + factsOfResponse(standing) + `, ` + strings.Join(responseColumns, ", ") + `
		FROM responses
		`
	})
	selectFacts = perBasis(func(standing string) string {
		return `
		SELECT ` + factsColumn(standing) + `
		FROM enrolments e
		JOIN studies st ON st.id = e.study_id
		WHERE e.id = ?`
	})
	changeResponse = `
		UPDATE responses
		SET ` + strings.Join(responseColumns, " = ?, ") + ` = ?
		WHERE id = ?`
	changeReplay = `
		UPDATE responses
		SET ` + strings.Join(replayColumns, " = ?, ") + ` = ?
		WHERE id = ?`
)

// beginResponse creates a response with its first submission folded in and returns its id and the facts. If there is a
// response already, it locks that, returns its id and changes nothing. hash is of responseHash.
func beginResponse(tx engine.Batch, on surveys.Basis, r *surveys.Response, hash string) (responseRow, error) {
	var row responseRow
	args := append(responseArgs(), string(r.ID), r.Answers.Questionnaire().Hash, string(r.Enrolment), string(r.Wave), hash)
	err := tx.Row(insertResponse[on.Kind], basisValues(responseValues(args, r), on), &row.id, &row.facts)
	return row, err
}

// responseHash returns the hash of the row of a response that is begun.
func (s *Store) responseHash(r *surveys.Response) string {
	return s.rowHash("responses", string(r.ID), string(r.Enrolment), string(r.Wave), r.Answers.Questionnaire().Hash)
}

// lockResponse locks and reads the response there is, with the facts. A plain read followed by an update would lose one
// of two concurrent folds on PostgreSQL; lock is the engine's way to say so.
func lockResponse(tx engine.Batch, lock string, on surveys.Basis, enrolment surveys.EnrolmentID, wave surveys.WaveID) (responseRow, error) {
	row := responseRow{enrolment: enrolment, wave: wave}
	err := tx.Row(selectResponse[on.Kind]+`WHERE enrolment_id = ? AND wave_id = ?
		`+lock, append(basisValues(nil, on), string(enrolment), string(wave)), row.into()...)
	return row, err
}

// enrolmentFacts returns the facts read with the row, which are missing where there is no such enrolment.
func (r *responseRow) enrolmentFacts(study surveys.StudyID) (facts, error) {
	if !r.facts.Valid {
		return facts{}, surveys.Errorf(surveys.NotFound, "No such participant is enrolled.")
	}
	f, err := parseFacts(r.facts.String)
	if err == nil && f.study != study {
		err = surveys.Errorf(surveys.NotFound, "No such participant is enrolled in this study.")
	}
	return f, err
}

// updateResponse writes a response after a fold.
func updateResponse(tx engine.Batch, r *surveys.Response) error {
	return tx.Later(changeResponse, append(responseValues(responseArgs(), r), string(r.ID))...)
}

// updateLoad writes how much a response has been sent, where nothing else of it changes.
func updateLoad(tx engine.Batch, r *surveys.Response) error {
	return tx.Later("UPDATE responses SET saves = ?, kept_bytes = ? WHERE id = ?", r.Saves, r.Kept, string(r.ID))
}

// updateReplay writes what the ledger of a response comes to.
func updateReplay(tx engine.Batch, id string, r *surveys.Replay) error {
	return tx.Later(changeReplay, append(replayValues(responseArgs(), r), id)...)
}

// responseArgs has room for the arguments of any statement about a response.
func responseArgs() []any { return make([]any, 0, 32) }

// responseValues appends the values of responseColumns.
func responseValues(args []any, r *surveys.Response) []any {
	return replayValues(append(args, r.Pilot, r.Disposition.String(), r.Source.String(), r.Reason, r.Dispositions, r.Saves, r.Kept), &r.Replay)
}

// replayValues appends the values of replayColumns.
func replayValues(args []any, r *surveys.Replay) []any {
	args = append(args, r.Revision, r.Answers.Encode(), r.Answers.Origins(), r.Answers.Differing, r.Answers.HasProxy(), millis(r.BeganAt),
		millis(r.ChangedAt), millis(r.FinishedAt), millis(r.AnsweredAt), r.LateDays, r.Outcome.String())
	for _, word := range r.How.Words() {
		args = append(args, word)
	}
	return args
}

// millis is a moment as an argument of the writer's sessions, which take no Valuer.
func millis(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UnixMilli()
}

// response returns what the row says.
func (r *responseRow) response(q *surveys.Questionnaire) (*surveys.Response, error) {
	state, err := surveys.ReadAnswers(q, r.answers, r.origins, r.differing)
	if err != nil {
		return nil, err
	}
	outcome, wrongOutcome := wordOrNone("responses.outcome", surveys.ParseDisposition, r.outcome)
	disposition, wrong := word("responses.disposition", surveys.ParseDisposition, r.disposition)
	source, wrongSource := word("responses.disposition_source", surveys.ParseDispositionSource, r.source)
	how, wrongHow := surveys.CollectionOf(r.how)
	if err := errors.Join(wrongOutcome, wrong, wrongSource, wrongHow); err != nil {
		return nil, surveys.Wrap("read a response", err)
	}
	return &surveys.Response{ID: surveys.ResponseID(r.id), Enrolment: r.enrolment, Wave: r.wave, Pilot: r.pilot,
		Replay: surveys.Replay{Answers: state, Revision: r.revision, BeganAt: r.began.Time(), ChangedAt: r.changed.Time(),
			FinishedAt: r.finished.Time(), AnsweredAt: r.answered.Time(), LateDays: r.lateDays, How: how,
			Outcome: outcome},
		Disposition: disposition, Source: source, Reason: r.reason, Dispositions: r.dispositions, Load: r.load}, nil
}

// scoreInserts holds the statement for each number of scores, so that all of a submission go in at once.
var scoreInserts sync.Map

func upsertScores(tx engine.Batch, response surveys.ResponseID, scores []surveys.ScaleScore) error {
	if len(scores) == 0 {
		return nil
	}
	query, ok := scoreInserts.Load(len(scores))
	if !ok {
		query = `
			INSERT INTO scores (response_id, scale_id, rule, instrument_hash, value, answered, asked, prorated, why)
			VALUES ` + strings.Repeat("(?, ?, ?, ?, ?, ?, ?, ?, ?), ", len(scores)-1) + `(?, ?, ?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (response_id, scale_id, rule) DO UPDATE
			SET value = excluded.value, answered = excluded.answered, asked = excluded.asked, prorated = excluded.prorated,
				why = excluded.why`
		scoreInserts.Store(len(scores), query)
	}
	args := make([]any, 0, 9*len(scores))
	for _, s := range scores {
		var value any
		if s.Valid {
			value = s.Value
		}
		args = append(args, string(response), string(s.Scale), ruleVersion, s.Instrument, value, s.Answered, s.Of, s.Prorated, s.Why)
	}
	return tx.Later(query.(string), args...)
}

func (s *Store) insertDisposition(tx engine.Batch, response surveys.ResponseID, number int, change surveys.DispositionChange) error {
	disposition, source, by, at := change.Disposition.String(), change.Source.String(), orNull(change.By), change.At.UnixMilli()
	return tx.Later(`
		INSERT INTO dispositions (response_id, number, disposition, source, reason, account_id, at, row_hash)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		string(response), number, disposition, source, change.Reason, by, at,
		s.rowHash("dispositions", string(response), number, disposition, source, change.Reason, by, at))
}
