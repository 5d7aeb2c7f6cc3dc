package store

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"time"

	"wellwave/surveys"
	"wellwave/surveys/store/engine"
)

// responseColumns are the columns that responseRow scans between the id and the facts.
const responseColumns = `questionnaire, pilot, revision, answers, origins, began_at, changed_at, finished_at,
	answered_at, late_days, differing, proxied, mode, language, helper, place, aids, outcome, disposition, disposition_source,
	disposition_reason, dispositions`

// factsOfResponse is the facts about a row of responses.
const factsOfResponse = `(
			SELECT ` + factsColumn + `
			FROM enrolments e
			JOIN studies st ON st.id = e.study_id
			WHERE e.id = responses.enrolment_id)`

// responseRow is a row of responses as the engines keep it.
type responseRow struct {
	id, questionnaire, answers, origins         string
	mode, language, helper, place, aids         string
	outcome, disposition, source, reason        string
	facts                                       sql.NullString
	pilot, proxied                              bool
	revision, lateDays, differing, dispositions int
	began, changed, finished, answered          engine.Stamp
	enrolment                                   surveys.EnrolmentID
	wave                                        surveys.WaveID
}

// into returns the variables to scan the id, responseColumns and the facts into.
func (r *responseRow) into() []any {
	return []any{&r.id, &r.questionnaire, &r.pilot, &r.revision, &r.answers, &r.origins, &r.began, &r.changed, &r.finished,
		&r.answered, &r.lateDays, &r.differing, &r.proxied, &r.mode, &r.language, &r.helper, &r.place, &r.aids, &r.outcome, &r.disposition,
		&r.source, &r.reason, &r.dispositions, &r.facts}
}

// beginResponse creates a response with its first submission folded in and returns its id and the facts. If there is a
// response already, it locks that, returns its id and changes nothing.
func beginResponse(tx engine.Session, r *surveys.Response) (responseRow, error) {
	var row responseRow
	err := tx.Row(`
		INSERT INTO responses (id, `+responseColumns+`, enrolment_id, wave_id)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (enrolment_id, wave_id) DO UPDATE
		SET revision = responses.revision
		RETURNING id, `+factsOfResponse,
		append([]any{string(r.ID), r.State.Questionnaire().Hash}, append(responseValues(r), string(r.Enrolment), string(r.Wave))...),
		&row.id, &row.facts)
	return row, err
}

// lockResponse locks and reads the response there is, with the facts. A plain read followed by an update would lose one
// of two concurrent folds on PostgreSQL; lock is the engine's way to say so.
func lockResponse(tx engine.Session, lock string, enrolment surveys.EnrolmentID, wave surveys.WaveID) (responseRow, error) {
	row := responseRow{enrolment: enrolment, wave: wave}
	err := tx.Row(`
		SELECT id, `+responseColumns+`, `+factsOfResponse+`
		FROM responses
		WHERE enrolment_id = ? AND wave_id = ?
		`+lock, []any{string(enrolment), string(wave)}, row.into()...)
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
func updateResponse(tx engine.Session, r *surveys.Response) error {
	return tx.Later(`
		UPDATE responses
		SET pilot = ?, revision = ?, answers = ?, origins = ?, began_at = ?, changed_at = ?, finished_at = ?,
			answered_at = ?, late_days = ?, differing = ?, proxied = ?, mode = ?, language = ?, helper = ?, place = ?,
			aids = ?, outcome = ?, disposition = ?, disposition_source = ?, disposition_reason = ?, dispositions = ?
		WHERE id = ?`, append(responseValues(r), string(r.ID))...)
}

// responseValues returns the values of responseColumns after the questionnaire.
func responseValues(r *surveys.Response) []any {
	return []any{r.Pilot, r.Revision, r.State.Answers(), r.State.Origins(), millis(r.BeganAt), millis(r.ChangedAt),
		millis(r.FinishedAt), millis(r.AnsweredAt), r.LateDays, r.State.Differing, r.State.HasProxy(), r.How.Mode.String(), r.How.Language,
		r.How.Helper, r.How.Place, r.How.Aids, r.Outcome.String(), r.Disposition.String(), r.Source.String(), r.Reason, r.Dispositions}
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
	state, err := surveys.ReadState(q, r.answers, r.origins, r.differing)
	if err != nil {
		return nil, err
	}
	mode, _ := surveys.ParseMode(r.mode)
	outcome, _ := surveys.ParseDisposition(r.outcome)
	disposition, _ := surveys.ParseDisposition(r.disposition)
	source, _ := surveys.ParseDispositionSource(r.source)
	return &surveys.Response{ID: surveys.ResponseID(r.id), Enrolment: r.enrolment, Wave: r.wave, State: state, Pilot: r.pilot,
		Revision: r.revision, BeganAt: r.began.Time(), ChangedAt: r.changed.Time(), FinishedAt: r.finished.Time(),
		AnsweredAt: r.answered.Time(), LateDays: r.lateDays,
		How: surveys.Collection{Mode: mode, Language: r.language, Helper: r.helper, Place: r.place, Aids: r.aids}, Outcome: outcome,
		Disposition: disposition, Source: source, Reason: r.reason, Dispositions: r.dispositions}, nil
}

// ledgerContent is the JSON of a submission in the ledger.
type ledgerContent struct {
	Answers    json.RawMessage `json:"answers"`
	Refused    []ledgerRefused `json:"refused,omitempty"`
	Finish     bool            `json:"finish,omitempty"`
	Confirmed  bool            `json:"confirmed,omitempty"` // by the person; told where answers can raise alerts
	Mode       string          `json:"mode"`
	Language   string          `json:"language,omitempty"`
	Helper     string          `json:"helper,omitempty"`
	Place      string          `json:"place,omitempty"`
	Aids       string          `json:"aids,omitempty"`
	HandOver   string          `json:"hand_over,omitempty"`
	DeviceTime int64           `json:"device_time,omitempty"` // Unix milliseconds
	AnsweredAt int64           `json:"answered_at,omitempty"` // Unix milliseconds
	Redates    bool            `json:"redates,omitempty"`     // for AnsweredAt and LateDays nothing before it counts
}

// how returns how the submission was collected, as far as a response remembers it.
func (c *ledgerContent) how() surveys.Collection {
	mode, _ := surveys.ParseMode(c.Mode)
	return surveys.Collection{Mode: mode, Language: c.Language, Helper: c.Helper, Place: c.Place, Aids: c.Aids}
}

type ledgerRefused struct {
	Code   string          `json:"code"`
	Reason string          `json:"reason"`
	Value  json.RawMessage `json:"value"`
}

// contentOf returns what makes a submission the same as another: what was said, and not how the clock of the device
// stood when it was sent again, nor who helped.
func contentOf(sub surveys.Submission) string {
	b := surveys.AppendAnswers(make([]byte, 0, 32+16*len(sub.Answers)), sub.Answers)
	if sub.Finish {
		b = append(b, " finish"...)
	}
	if sub.Draft { // so that confirming it is something else
		b = append(b, " draft"...)
	}
	if !sub.AnsweredAt.IsZero() {
		b = append(b, sub.AnsweredAt.UTC().Format(" "+time.RFC3339Nano)...)
	}
	return string(b)
}

// insertSubmission writes the ledger's row.
func insertSubmission(tx engine.Session, r *surveys.Response, a *arrival, e *surveys.Entry) error {
	how := a.sub.How.Tidied()
	content := ledgerContent{Answers: surveys.AppendAnswers(nil, e.Accepted), Finish: a.sub.Finish, Confirmed: !a.sub.Draft && r.State.Questionnaire().HasSafetyItem(), Mode: how.Mode.String(),
		Language: how.Language, Helper: how.Helper, Place: how.Place, Aids: how.Aids,
		HandOver: string(how.HandOver), Redates: e.Redates}
	if !how.DeviceTime.IsZero() {
		content.DeviceTime = how.DeviceTime.UnixMilli()
	}
	if !a.sub.AnsweredAt.IsZero() {
		content.AnsweredAt = a.sub.AnsweredAt.UnixMilli()
	}
	for _, item := range e.Refused {
		value := surveys.AppendAnswers(nil, []surveys.ItemAnswer{{Code: "value", Value: item.Value}})
		content.Refused = append(content.Refused, ledgerRefused{item.Code, item.Reason, value})
	}
	text, err := json.Marshal(content)
	if err != nil {
		return err
	}
	return tx.Later(`
		INSERT INTO submissions (response_id, sitting, seq, attempt, revision, verdict, late_days, content, digest,
			account_id, received_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		string(r.ID), a.sub.Sitting, e.Seq, e.Attempt, e.Revision, e.Verdict.String(), e.LateDays, string(text), a.digest,
		orNull(a.sub.By), a.now.UnixMilli())
}

// earlier is what the ledger knows of a sequence that comes again.
type earlier struct {
	digest     string
	verdict    surveys.Verdict
	lateDays   int
	revision   int
	receivedAt time.Time
	content    ledgerContent // of a submission that was folded and is not erased
	refused    []surveys.RefusedItem
	attempts   int // rows with this sequence
}

// toldOtherwise reports whether a row of a file says of the same answers that they were given at another time or in
// another way. What the row leaves out it does not say.
func (e *earlier) toldOtherwise(row surveys.Submission) bool {
	how, was := row.How.Tidied(), e.content
	other := func(now, before string) bool { return now != "" && now != before }
	return !row.AnsweredAt.IsZero() && row.AnsweredAt.UnixMilli() != was.AnsweredAt ||
		how.Mode != surveys.Bulk && how.Mode.String() != was.Mode ||
		other(how.Language, was.Language) || other(how.Helper, was.Helper) || other(how.Place, was.Place) ||
		other(how.Aids, was.Aids)
}

// findSubmission returns the row with the given digest among those of a sequence, else the first of them.
func findSubmission(tx engine.Session, response surveys.ResponseID, sitting string, seq int, digest string) (earlier, error) {
	var found earlier
	var verdict, content string
	var received engine.Stamp
	err := tx.Row(`
		SELECT s.digest, s.verdict, s.late_days, s.revision, s.received_at, s.content,
			(SELECT COUNT(*) FROM submissions n WHERE n.response_id = s.response_id AND n.sitting = s.sitting AND n.seq = s.seq)
		FROM submissions s
		WHERE s.response_id = ? AND s.sitting = ? AND s.seq = ?
		ORDER BY CASE WHEN s.digest = ? THEN 0 ELSE 1 END, s.attempt
		LIMIT 1`, []any{string(response), sitting, seq, digest},
		&found.digest, &verdict, &found.lateDays, &found.revision, &received, &content, &found.attempts)
	if err != nil {
		return found, err
	}
	found.verdict, _ = surveys.ParseVerdict(verdict)
	found.receivedAt = received.Time()
	if !found.verdict.Folded() || content == "" { // erased
		return found, nil
	}
	if err := json.Unmarshal([]byte(content), &found.content); err != nil {
		return found, fmt.Errorf("read a submission of the ledger: %w", err)
	}
	found.refused, err = found.content.refused()
	return found, err
}

// refused returns the items that a submission in the ledger holds as refused.
func (c ledgerContent) refused() ([]surveys.RefusedItem, error) {
	var refused []surveys.RefusedItem
	for _, item := range c.Refused {
		err := surveys.EachAnswer(string(item.Value), func(_ string, v surveys.Value) error {
			refused = append(refused, surveys.RefusedItem{Code: item.Code, Reason: item.Reason, Value: v})
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return refused, nil
}

// scoreInserts holds the statement for each number of scores, so that all of a submission go in at once.
var scoreInserts sync.Map

func upsertScores(tx engine.Session, response surveys.ResponseID, scores []surveys.ScaleScore) error {
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

func insertDisposition(tx engine.Session, response surveys.ResponseID, number int, change surveys.DispositionChange) error {
	return tx.Later(`
		INSERT INTO dispositions (response_id, number, disposition, source, reason, account_id, at)
		VALUES (?, ?, ?, ?, ?, ?, ?)`,
		string(response), number, change.Disposition.String(), change.Source.String(), change.Reason, orNull(change.By),
		change.At.UnixMilli())
}

// beginBaseline records the day from which the person's later waves count, unless there is one.
func beginBaseline(tx engine.Session, enrolment surveys.EnrolmentID, day int) error {
	return tx.Later(`
		UPDATE enrolments
		SET baseline_day = ?
		WHERE id = ? AND baseline_day IS NULL`, day, string(enrolment))
}
