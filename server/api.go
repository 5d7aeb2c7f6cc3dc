package server

import (
	"bytes"
	"cmp"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"wellwave/server/access"
	"wellwave/server/page"
	"wellwave/surveys"
	"wellwave/surveys/bulk"
	"wellwave/surveys/store"
)

// openAPI describes the API to programs. It is written by hand; a test compares it with the table of routes.
//
//go:embed openapi.json
var openAPI []byte

// maxLines is how many submissions one request may hold: the reply, one line for each, is kept until all are safe, because
// many programs read nothing until they have sent everything.
const maxLines = 10_000

// maxObject is how many bytes a request with a single submission may hold, as many as a line of one with several: reading
// JSON takes several times its size in memory.
const maxObject = 1 << 20

// serveOpenAPI handles GET /api/v1/openapi.json.
func (s *Server) serveOpenAPI(c echo.Context) error {
	return c.Blob(http.StatusOK, echo.MIMEApplicationJSON, openAPI)
}

// withKey lets in programs whose key has the scope and belongs to the study in the address.
func (s *Server) withKey(scope surveys.KeyScope, next func(echo.Context, surveys.APIKey) error) echo.HandlerFunc {
	return func(c echo.Context) error {
		secret, ok := bearerOf(c.Request().Header.Get(echo.HeaderAuthorization))
		if !ok {
			c.Response().Header().Set(echo.HeaderWWWAuthenticate, "Bearer")
			return surveys.Errorf(surveys.Unauthenticated, "send an API key as “Authorization: Bearer KEY”")
		}
		key, err := s.store.FindKey(c.Request().Context(), secret)
		switch {
		case surveys.KindOf(err) == surveys.Unauthenticated:
			c.Response().Header().Set(echo.HeaderWWWAuthenticate, `Bearer error="invalid_token"`)
		case err != nil:
			return err
		case string(key.Study) != c.Param("study"):
			err = surveys.Errorf(surveys.Forbidden, "this key is for another study")
		case !key.Scope.Allows(scope):
			err = surveys.Errorf(surveys.Forbidden, "this key may %s, and this needs one that may %s", key.Scope, scope)
		}
		if err == nil {
			c.SetRequest(c.Request().WithContext(store.RestingOn(c.Request().Context(), surveys.Basis{Kind: surveys.OnKey, ID: key.ID})))
			return next(c, key)
		}
		if noted := s.noteRefusedKey(c, key); noted != nil {
			return errors.Join(err, noted)
		}
		return err
	}
}

// noteRefusedKey records that a key was refused, by its id where there is such a key. A network whose keys are refused again
// and again is not looked at each time: what comes to nothing must not keep those waiting who save answers.
func (s *Server) noteRefusedKey(c echo.Context, key surveys.APIKey) error {
	ctx, from := c.Request().Context(), access.Network(c)
	end, _ := s.refusedKeys.begin(ctx, from)
	if end == nil {
		return nil
	}
	end(true)
	return s.store.NoteRefusal(ctx, "", "key.refuse", string(key.ID), from)
}

// bearerOf returns the key in an Authorization header. The scheme may be written in any case, and blanks part it from the key
// (RFC 9110, section 11.1).
func bearerOf(header string) (key string, ok bool) {
	scheme, key, _ := strings.Cut(strings.TrimSpace(header), " ")
	key = strings.TrimSpace(key)
	return key, strings.EqualFold(scheme, "Bearer") && key != ""
}

// apiMonitor handles GET /api/v1/studies/:study/monitor.
func (s *Server) apiMonitor(c echo.Context, _ surveys.APIKey) error {
	m, err := s.store.Monitor(c.Request().Context(), surveys.StudyID(c.Param("study")))
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, m)
}

// apiSubmit handles POST /api/v1/studies/:study/waves/:wave/submissions.
func (s *Server) apiSubmit(c echo.Context, key surveys.APIKey) error {
	correct, why, err := readCorrection(c, key)
	if err != nil {
		return err
	}
	kind, _, err := mime.ParseMediaType(c.Request().Header.Get(echo.HeaderContentType))
	if err != nil {
		return echo.ErrUnsupportedMediaType
	}
	ctx := c.Request().Context()
	study, _, err := s.store.Study(ctx, surveys.StudyID(c.Param("study")))
	if err != nil {
		return err
	}
	wave, ok := study.Wave(surveys.WaveID(c.Param("wave")))
	if !ok || wave.Audience == surveys.Staff {
		return surveys.Errorf(surveys.NotFound, "the study has no wave %s that takes named answers", c.Param("wave"))
	}
	q, err := s.store.CurrentQuestionnaire(ctx, study.ID, wave.ID)
	if err != nil {
		return err
	}
	in := &intake{server: s, study: study, q: q, by: surveys.Author{Kind: surveys.ByKey, ID: key.ID}, correct: correct, why: why}
	switch kind {
	case "application/json":
		return in.one(c)
	case "application/x-ndjson", "application/ndjson", "application/jsonl":
		return in.many(c)
	default:
		return echo.ErrUnsupportedMediaType
	}
}

// readCorrection reads whether a request may replace answers that stand, and why it does. It fails with Forbidden for a key that
// may not, so that no line of it is read.
func readCorrection(c echo.Context, key surveys.APIKey) (correct bool, why surveys.CorrectionReason, err error) {
	if c.QueryParam("correct") != "true" {
		return false, 0, nil
	}
	if !key.Scope.Allows(surveys.CorrectScope) {
		return false, 0, surveys.Errorf(surveys.Forbidden, "this key may %s, and this needs one that may %s", key.Scope, surveys.CorrectScope)
	}
	word := cmp.Or(c.QueryParam("reason"), surveys.SourceSays.String())
	why, ok := surveys.ParseCorrectionReason(word)
	if !ok {
		return false, 0, surveys.Errorf(surveys.Invalid, "“%s” is no reason for a correction: write %s", surveys.Excerpt(word), surveys.Either(surveys.CorrectionReasons()))
	}
	return true, why, nil
}

// notHere is all that a program learns about a participant whom the study does not have, or not where it says: what site and
// arm somebody belongs to is not for whoever holds a key.
func notHere(participant string) error {
	return surveys.Errorf(surveys.NotFound, "the study has no participant %s, or not at the site and in the arm that are given", surveys.Excerpt(participant))
}

// intake is one request with submissions.
type intake struct {
	server  *Server
	study   *surveys.Study
	q       *surveys.Questionnaire
	by      surveys.Author
	correct bool
	why     surveys.CorrectionReason
}

// submit sends one submission through the one way in. Nobody is enrolled here, so what a file may say of somebody's consent is
// refused: it would be lost.
func (in *intake) submit(ctx context.Context, row *bulk.Row) (surveys.Receipt, error) {
	if row.Consent != "" || !row.ConsentedOn.IsZero() {
		return surveys.Receipt{}, surveys.Errorf(surveys.Invalid, "nobody is enrolled here: consented_on and consent_version are of files that enrol")
	}
	enrolment, err := in.server.store.FindEnrolmentByLabel(ctx, in.study.ID, row.Participant)
	switch {
	case surveys.KindOf(err) == surveys.NotFound:
		return surveys.Receipt{}, notHere(row.Participant)
	case err != nil:
		return surveys.Receipt{}, err
	case !enrolment.IsAt(row.Site, row.Arm):
		return surveys.Receipt{}, notHere(row.Participant)
	}
	sub := row.Submission(in.study.ID, in.q.Wave, enrolment.ID)
	sub.By, sub.Correct, sub.Why = in.by, in.correct, in.why
	sub.Basis = surveys.Basis{Kind: surveys.OnKey, ID: in.by.ID} // asked for again at each submission: a request may take minutes
	return in.server.store.Submit(ctx, sub)
}

// one takes a single object: its receipt or its problem is the reply.
func (in *intake) one(c echo.Context) error {
	body, err := io.ReadAll(http.MaxBytesReader(c.Response(), c.Request().Body, maxObject))
	if err != nil {
		return fmt.Errorf("read submission: %w", err)
	}
	row, err := bulk.ParseObject(body, 1, in.q, in.study.Zone)
	if err != nil {
		return refusalOf(err)
	}
	receipt, err := in.submit(c.Request().Context(), &row)
	if err != nil {
		return err
	}
	status := http.StatusCreated
	if receipt.Repeated {
		status = http.StatusOK
	}
	return c.JSON(status, newReceiptLine(row, receipt))
}

// refusalOf turns what is wrong with a row into a refusal that names the part of the object.
func refusalOf(err error) error {
	var wrong *bulk.RowError
	if !errors.As(err, &wrong) {
		return err
	}
	refusal := surveys.Errorf(surveys.Invalid, "%s", wrong.Reason)
	if wrong.Column != "" {
		refusal.Fields = map[string]string{wrong.Column: wrong.Reason}
	}
	return refusal
}

// many takes one object per line and replies with one receipt or error per line, in order.
func (in *intake) many(c echo.Context) error {
	if err := extendDeadlines(c); err != nil {
		return err
	}
	rows, err := bulk.NewJSON(c.Request().Body, in.q, in.study.Zone, bulk.Options{})
	if err != nil {
		return err
	}
	var reply bytes.Buffer
	lines := json.NewEncoder(&reply)
	err = bulk.Deliver(c.Request().Context(), &firstLines{Reader: rows}, bulk.InFlight, in.submit, func(d bulk.Delivery) error {
		if d.Err == nil {
			return lines.Encode(newReceiptLine(d.Row, d.Receipt))
		}
		return lines.Encode(in.errorLine(c, d))
	})
	if err != nil && reply.Len() == 0 {
		return err
	}
	if err != nil { // earlier lines are stored, so their receipts must not be lost
		if encoding := lines.Encode(in.errorLine(c, bulk.Delivery{Err: err})); encoding != nil {
			return encoding
		}
	}
	return c.Blob(http.StatusOK, "application/x-ndjson", reply.Bytes())
}

// firstLines ends the reading of a request that holds too many submissions.
type firstLines struct {
	bulk.Reader
	read int
}

// Next returns the next row.
func (f *firstLines) Next() (bulk.Row, error) {
	row, err := f.Reader.Next()
	if f.read == maxLines && !errors.Is(err, io.EOF) {
		return bulk.Row{}, &http.MaxBytesError{}
	}
	f.read++
	return row, err
}

// receiptLine is a receipt as programs get it.
type receiptLine struct {
	Line        int       `json:"line"`
	Participant string    `json:"participant"`
	Sitting     string    `json:"sitting"`
	Seq         int       `json:"seq"`
	Revision    int       `json:"revision"`
	Verdict     string    `json:"verdict"`
	ReceivedAt  time.Time `json:"received_at"`
	LateDays    int       `json:"late_days,omitempty"`
	Finished    bool      `json:"finished"`
	Disposition string    `json:"disposition,omitempty"`
	Repeated    bool      `json:"repeated"`
}

// newReceiptLine words a receipt for a program. It tells nothing that follows from answers which others gave: neither that some of
// what was sent was set aside, nor what all answers together amount to.
func newReceiptLine(row bulk.Row, r surveys.Receipt) receiptLine {
	verdict := r.Verdict
	if verdict == surveys.PartlyRefused {
		verdict = surveys.Accepted
	}
	line := receiptLine{Line: row.Line, Participant: row.Participant, Sitting: r.Sitting, Seq: r.Seq, Revision: r.Revision,
		Verdict: verdict.String(), ReceivedAt: r.ReceivedAt.UTC(), LateDays: r.LateDays, Finished: r.Finished, Repeated: r.Repeated}
	if r.Alone {
		line.Disposition = r.Disposition.String()
	}
	return line
}

// errorLine takes the place of a receipt in a reply.
type errorLine struct {
	Line        int     `json:"line,omitempty"`
	Participant string  `json:"participant,omitempty"`
	Error       problem `json:"error"`
}

func (in *intake) errorLine(c echo.Context, d bulk.Delivery) errorLine {
	err := refusalOf(d.Err)
	t := page.TroubleOf(err)
	in.server.logTrouble(c, t, err)
	return errorLine{Line: d.Row.Line, Participant: d.Row.Participant, Error: newProblem(c, t)}
}
