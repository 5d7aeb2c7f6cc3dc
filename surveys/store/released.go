package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"wellwave/surveys"
)

// maxReleasedScales bounds the scales of one wave in a release: each is a join and two arguments of a function, of which
// SQLite takes 64 and PostgreSQL 100.
const maxReleasedScales = 30

// releasedRow is a frozen response as it is read.
type releasedRow struct {
	surveys.ReleasedResponse
	id                          string
	frozen, revision            int64
	finished, answered, changed maybeInt
	decile, baseline            maybeInt
	values                      []maybeFloat // by scale
	counts                      []maybeInt   // by scale: items answered
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
		return wrap("share a release", err)
	}
	query, args := releasedQuery(r, wave, scales, rule, from, to)
	rows, err := s.read.QueryContext(ctx, s.read.Rebind(query), args...)
	if err != nil {
		return wrap("read a release", s.dialect.translate(err))
	}
	defer func() { _ = rows.Close() }() // rows.Err tells
	row := &releasedRow{values: make([]maybeFloat, len(scales)), counts: make([]maybeInt, len(scales))}
	row.Scores = make([]surveys.ReleasedScore, len(scales))
	var packed string
	into := []any{&packed, &row.Answers}
	for i := range row.values {
		into = append(into, &row.values[i])
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return fmt.Errorf("read a release: %w", err)
		}
		if err := row.unpack(packed); err != nil {
			return fmt.Errorf("read a release: %w", err)
		}
		if row.revision != row.frozen {
			if err := s.rewind(ctx, row, scales); err != nil {
				return err
			}
		}
		row.fill(study.Zone)
		if err := fn(&row.ReleasedResponse); err != nil {
			return err
		}
	}
	return wrap("read a release", s.dialect.translate(rows.Err()))
}

// shareOf returns the response ids that bound a share: from is in it, to is the first that is not, or empty.
func (s *Store) shareOf(ctx context.Context, r surveys.Release, share, of int) (from, to string, err error) {
	bound := func(n int) (id string, err error) {
		err = s.get(ctx, &id, `
			SELECT response_id
			FROM release_responses
			WHERE study_id = ? AND number = ?
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

// packedColumns come as one text, parted by a control character: what a column costs is handing it over, and a release
// asks for a score of them by the hundred thousand. CONCAT writes nothing for NULL on both engines. Scores keep columns of their own, because the engines do not write
// fractions alike.
var packedColumns = []string{"rr.response_id", "rr.revision", "r.revision", "r.enrolment_id", "r.questionnaire", "r.finished_at",
	"r.answered_at", "r.changed_at", "r.mode", "r.language", "r.helper", "e.arm_id", "e.site_id", "e.simd_decile", "e.baseline_day"}

const packedEnd = "\x1f"

// releasedQuery reads every part of a response in one statement, so that its answers and its scores are of the same
// moment whatever is being written.
func releasedQuery(r surveys.Release, wave surveys.WaveID, scales []surveys.ScaleID, rule, from, to string) (string, []any) {
	packed := slices.Clone(packedColumns)
	var values, joins strings.Builder
	var args []any
	for i, scale := range scales {
		packed = append(packed, fmt.Sprintf("s%d.answered", i))
		fmt.Fprintf(&values, ", s%d.value", i)
		fmt.Fprintf(&joins, `
		LEFT JOIN scores s%d ON s%d.response_id = rr.response_id AND s%d.scale_id = ? AND s%d.rule = ?`, i, i, i, i)
		args = append(args, string(scale), rule)
	}
	args = append(args, string(r.Study), r.Number, string(wave), from)
	before := ""
	if to != "" {
		before = " AND rr.response_id < ?"
		args = append(args, to)
	}
	return `
		SELECT CONCAT(` + strings.Join(packed, ", '"+packedEnd+"', ") + `, '` + packedEnd + `'), r.answers` + values.String() + `
		FROM release_responses rr
		JOIN responses r ON r.id = rr.response_id
		JOIN enrolments e ON e.id = r.enrolment_id` + joins.String() + `
		WHERE rr.study_id = ? AND rr.number = ? AND r.wave_id = ? AND rr.response_id >= ?` + before, args
}

// unpack reads the packed columns. The texts are parts of packed.
func (r *releasedRow) unpack(packed string) error {
	u := unpacker{rest: packed}
	r.id = u.text()
	r.frozen, r.revision = u.number().n, u.number().n
	r.Enrolment, r.Questionnaire = surveys.EnrolmentID(u.text()), u.text()
	r.finished, r.answered, r.changed = u.number(), u.number(), u.number()
	r.Mode, r.Language, r.Helper = u.text(), u.text(), u.text()
	r.Arm, r.Site = surveys.ArmID(u.text()), surveys.SiteID(u.text())
	r.decile, r.baseline = u.number(), u.number()
	for i := range r.counts {
		r.counts[i] = u.number()
	}
	if u.err == nil && u.rest != "" {
		return fmt.Errorf("%d bytes are left of the packed columns", len(u.rest))
	}
	return u.err
}

// unpacker takes packed columns apart.
type unpacker struct {
	rest string
	err  error
}

func (u *unpacker) text() string {
	text, rest, ok := strings.Cut(u.rest, packedEnd)
	if !ok && u.err == nil {
		u.err = errors.New("the packed columns are too few")
	}
	u.rest = rest
	return text
}

// number reads a whole number, or nothing where NULL was.
func (u *unpacker) number() maybeInt {
	text := u.text()
	if text == "" {
		return maybeInt{}
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil && u.err == nil {
		u.err = err
	}
	return maybeInt{n, true}
}

// fill makes the response of what was scanned.
func (r *releasedRow) fill(zone *time.Location) {
	r.SIMDDecile = int(r.decile.n)
	r.Finished = r.finished.known
	r.Baseline, r.HasBaseline = int(r.baseline.n), r.baseline.known
	day := answerTime(r.Mode, r.answered, r.finished, r.changed)
	r.HasDay = day.known
	if day.known {
		r.Day = dayNumber(time.UnixMilli(day.n), zone)
	}
	for i := range r.Scores {
		r.Scores[i] = surveys.ReleasedScore{Valid: r.values[i].known, Value: r.values[i].f, Answered: int(r.counts[i].n)}
	}
}

// answerTime returns when answers count as given. What came from a file or from paper says so itself or is unknown: it
// was received at another time.
func answerTime(mode string, answered, finished, changed maybeInt) maybeInt {
	switch {
	case answered.known:
		return answered
	case mode == surveys.Bulk.String() || mode == surveys.Paper.String():
		return maybeInt{}
	case finished.known:
		return finished
	default:
		return changed
	}
}

// maybeInt is a whole number that may be NULL.
type maybeInt struct {
	n     int64
	known bool
}

// maybeFloat is a number that may be NULL. It scans without the detour over reflection that the types of database/sql
// take.
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
