package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"wellwave/surveys"
	"wellwave/surveys/store/engine"
)

// maxReleasedScales bounds the scales of one wave in a release: each is a join, and SQLite joins 64 tables at most.
const maxReleasedScales = 50

// releasedRow is a frozen response as it is read.
type releasedRow struct {
	surveys.ReleasedResponse
	moved                       string         // the response's id, if it has moved on since the freeze
	folded                      surveys.Replay // without its state
	answered, finished, changed engine.Stamp
	decile, base, late          maybeInt
	values                      []maybeFloat // by scale
	counts                      []maybeInt   // by scale: twice the items answered, and one more where the score is prorated
}

// EachReleased calls fn for the frozen responses of a wave that are in the given share, from 0, of so many, in the order
// of their ids. fn must not keep its argument. Scores are those of the given scales under the given version of the
// rules, in the order of scales. A response that has moved on since the freeze is read from the ledger as it was.
func (s *Store) EachReleased(ctx context.Context, r surveys.Release, wave surveys.WaveID, scales []surveys.ScaleID, rule string,
	share, of int, fn func(*surveys.ReleasedResponse) error) error {
	if len(scales) > maxReleasedScales {
		return surveys.Errorf(surveys.Invalid, "wave %s has %d scales in the release plan; a release carries %d of a wave at most", wave, len(scales), maxReleasedScales)
	}
	study, _, err := s.Study(ctx, r.Study)
	if err != nil {
		return err
	}
	from, to, err := s.shareOf(ctx, r, share, of)
	if err != nil {
		return surveys.Wrap("share a release", err)
	}
	query, args := releasedQuery(r, wave, scales, rule, from, to)
	rows, err := s.db.Query(ctx, query, args...)
	if err != nil {
		return surveys.Wrap("read a release", s.db.Translate(err))
	}
	defer func() { _ = rows.Close() }() // rows.Err tells
	row := &releasedRow{values: make([]maybeFloat, len(scales)), counts: make([]maybeInt, len(scales))}
	row.Scores = make([]surveys.ReleasedScore, len(scales))
	var packed string
	into := []any{&packed, &row.Answers, &row.answered, &row.finished, &row.changed, &row.late, &row.decile, &row.base}
	for i := range scales {
		into = append(into, &row.values[i], &row.counts[i])
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return fmt.Errorf("read a release: %w", err)
		}
		if err := row.unpack(packed); err != nil {
			return fmt.Errorf("read a release: %w", err)
		}
		if row.moved != "" {
			if err := s.rewind(ctx, r, study.Primary, row, scales, rule); err != nil {
				return err
			}
		}
		row.fill(study.Zone)
		if err := fn(&row.ReleasedResponse); err != nil {
			return err
		}
	}
	return surveys.Wrap("read a release", s.db.Translate(rows.Err()))
}

// shareOf returns the response ids that bound a share: from is in it, to is the first that is not, or empty.
func (s *Store) shareOf(ctx context.Context, r surveys.Release, share, of int) (from, to string, err error) {
	bound := func(n int) (id string, err error) {
		err = s.db.Get(ctx, &id, `
			SELECT response_id
			FROM release_responses
			WHERE study_id = ? AND number = ? AND revision > 0
			ORDER BY response_id
			LIMIT 1 OFFSET ?`, string(r.Study), r.Number, n*r.Responses/of)
		if errors.Is(err, sql.ErrNoRows) {
			return "", nil
		}
		return id, err
	}
	if share > 0 {
		if from, err = bound(share); err != nil {
			return "", "", err
		}
	}
	if share < of-1 {
		to, err = bound(share + 1)
	}
	return from, to, err
}

// packedTexts come as one text, parted by a control character: what a column costs is handing it over, and a release
// asks for a score of them by the hundred thousand. Numbers have columns of their own, because writing them as text costs
// more than that. CONCAT writes nothing for NULL on both engines.
var packedTexts = `rr.response_id END, '` + packedEnd + `',
				r.enrolment_id, '` + packedEnd + `', r.questionnaire, '` + packedEnd + `',
				r.` + strings.Join(surveys.CollectionNames(), `, '`+packedEnd+`', r.`) + `, '` + packedEnd + `',
				CASE WHEN r.proxied THEN '1' END, '` + packedEnd + `', e.arm_id, '` + packedEnd + `', e.site_id)`

const packedEnd = "\x1f"

// frozenBaseline is the day of baseline as it was when a release was made. Releases of older versions have none of their own:
// of these it is the one before the first move, because days could not move then.
const frozenBaseline = `COALESCE(rr.baseline_day, (
				SELECT m.day_before
				FROM baseline_moves m
				WHERE m.enrolment_id = e.id AND m.number = 1), e.baseline_day)`

// releasedQuery reads every part of a response in one statement, so that its answers and its scores are of the same
// moment whatever is being written.
func releasedQuery(r surveys.Release, wave surveys.WaveID, scales []surveys.ScaleID, rule, from, to string) (string, []any) {
	var args []any
	var columns, joins, unscored strings.Builder
	for i, scale := range scales {
		fmt.Fprintf(&columns, ", s%d.value, 2 * s%d.answered + CASE WHEN s%d.prorated THEN 1 ELSE 0 END", i, i, i)
		fmt.Fprintf(&joins, `
		LEFT JOIN scores s%d ON s%d.response_id = rr.response_id AND s%d.scale_id = ? AND s%d.rule = ?`, i, i, i, i)
		args = append(args, string(scale), rule)
		if rule != ruleVersion { // where it was not kept, the answers tell
			fmt.Fprintf(&unscored, " OR s%d.answered IS NULL", i)
		}
	}
	args = append(args, string(r.Study), r.Number, string(wave), from)
	before := ""
	if to != "" {
		before = " AND rr.response_id < ?"
		args = append(args, to)
	}
	return `
		SELECT CONCAT(CASE WHEN r.revision <> rr.revision` + unscored.String() + ` THEN ` + packedTexts + `,
			r.answers, r.answered_at, r.finished_at, r.changed_at, r.late_days, e.simd_decile, ` + frozenBaseline + columns.String() + `
		FROM release_responses rr
		JOIN responses r ON r.id = rr.response_id
		JOIN enrolments e ON e.id = r.enrolment_id` + joins.String() + `
		WHERE rr.study_id = ? AND rr.number = ? AND rr.revision > 0 AND r.wave_id = ? AND rr.response_id >= ?` + before, args
}

// unpack reads the packed texts, which are parts of packed from then on, and what folding decided.
func (r *releasedRow) unpack(packed string) error {
	const facts = len(surveys.CollectionWords{})
	var texts [3 + facts + 3]string
	for i := range texts {
		var ok bool
		if texts[i], packed, ok = strings.Cut(packed, packedEnd); ok != (i < len(texts)-1) {
			return fmt.Errorf("there are not %d packed texts", len(texts))
		}
	}
	r.moved, r.Enrolment, r.Questionnaire = texts[0], surveys.EnrolmentID(texts[1]), texts[2]
	how, err := surveys.CollectionOf(surveys.CollectionWords(texts[3:]))
	if err != nil {
		return err
	}
	rest := texts[3+facts:]
	r.Proxy, r.Arm, r.Site = rest[0] != "", surveys.ArmID(rest[1]), surveys.SiteID(rest[2])
	r.folded = surveys.Replay{How: how, AnsweredAt: r.answered.Time(), FinishedAt: r.finished.Time(),
		ChangedAt: r.changed.Time(), LateDays: int(r.late.n)}
	return nil
}

// fill makes the response of what was read or folded again.
func (r *releasedRow) fill(zone *time.Location) {
	r.How, r.Finished, r.LateDays = r.folded.How, !r.folded.FinishedAt.IsZero(), r.folded.LateDays
	r.SIMDDecile = int(r.decile.n)
	r.Baseline, r.HasBaseline = int(r.base.n), r.base.known
	r.Day, r.HasDay = 0, false
	if given := r.folded.GivenAt(); !given.IsZero() {
		r.Day, r.HasDay = surveys.DayNumber(given, zone), true
	}
	for i := range r.Scores {
		r.Scores[i] = surveys.ReleasedScore{Valid: r.values[i].known, Value: r.values[i].f, Answered: int(r.counts[i].n / 2), Prorated: r.counts[i].n%2 == 1}
	}
}

// maybeInt and maybeFloat are numbers that may be NULL. They scan without the detour over reflection that the types of
// database/sql take.
type maybeInt struct {
	n     int64
	known bool
}

// Scan reads a number or NULL.
func (m *maybeInt) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*m = maybeInt{}
	case int64:
		*m = maybeInt{v, true}
	default:
		return fmt.Errorf("scan a whole number from %T", src)
	}
	return nil
}

type maybeFloat struct {
	f     float64
	known bool
}

// Scan reads a number or NULL.
func (m *maybeFloat) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*m = maybeFloat{}
	case float64:
		*m = maybeFloat{v, true}
	default:
		return fmt.Errorf("scan a number from %T", src)
	}
	return nil
}
