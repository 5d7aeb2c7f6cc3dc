package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"wellwave/scoring"
	"wellwave/surveys"
	"wellwave/surveys/store/engine"
)

// errStale says that the study has another version than the one that a submission was prepared for;
// the submission is prepared again.
var errStale = errors.New("facts changed under a submission")

// missingQuestionnaire says that a response keeps a questionnaire that this server has not read yet.
type missingQuestionnaire struct{ hash string }

func (e *missingQuestionnaire) Error() string { return "questionnaire " + e.hash + " is not in memory" }

// submitTries bounds how often a submission is prepared again.
const submitTries = 5

// facts is what the rules of taking a submission need to know of its enrolment and study.
type facts struct {
	study     surveys.StudyID
	state     surveys.StudyState
	version   int // of the study file
	sampled   int // day number
	baseline  int // day number, -1 for none
	closed    int // when the study closed in Unix milliseconds, -1 while it is open
	consented bool
	stands    bool // what the sender's way in rests on
	left      surveys.WithdrawalLevel
}

// withdrawn says that nothing more is to be collected.
func (f facts) withdrawn() bool { return f.left >= surveys.StopCollection }

// factsColumn is one column with all of them. It wants enrolments as e and studies as st, and for what a way in rests on what
// standing wants.
func factsColumn(standing string) string {
	return `st.id || ' ' || st.state || ' ' || st.version || ' ' || e.sampled_day || ' ' || COALESCE(e.baseline_day, -1)
	|| ' ' || COALESCE(st.closed_at, -1)
	|| CASE WHEN e.consented_at IS NULL THEN ' 0' ELSE ' 1' END
	|| CASE WHEN ` + standing + ` THEN ' 1' ELSE ' 0' END
	|| ' ' || e.withdrawal`
}

func parseFacts(text string) (facts, error) {
	var f facts
	fields := strings.Split(text, " ")
	if len(fields) != 9 {
		return f, fmt.Errorf("read facts of an enrolment: %d fields", len(fields))
	}
	var err error
	if f.state, err = word("studies.state", surveys.ParseStudyState, fields[1]); err != nil {
		return f, err
	}
	if f.left, err = wordOrNone("enrolments.withdrawal", surveys.ParseWithdrawalLevel, fields[8]); err != nil {
		return f, err
	}
	f.study, f.consented, f.stands = surveys.StudyID(fields[0]), fields[6] == "1", fields[7] == "1"
	for i, into := range []*int{&f.version, &f.sampled, &f.baseline, &f.closed} {
		n, err := strconv.Atoi(fields[2+i])
		if err != nil {
			return f, fmt.Errorf("read facts of an enrolment: %w", err)
		}
		*into = n
	}
	return f, nil
}

// arrival is a submission with all that can be worked out before the transaction. It is prepared without asking the
// database anything, for the ordinary case: the first submission of its response, from somebody who has consented and
// whose window is open. The transaction's first statement tells whether that is so.
type arrival struct {
	store   *Store
	sub     surveys.Submission
	study   *surveys.Study
	wave    surveys.Wave
	current currentVersion
	now     time.Time
	digest  string
	hash    string            // of the row of fresh
	fresh   *surveys.Response // as it is if this is its first submission, in ordinary circumstances
	taken   *surveys.Taken    // of fresh
}

// Submit takes one submission in and returns its receipt once it is safe on disk. It fails with NotFound for an unknown
// enrolment or wave, with Conflict for other content under an id and sequence already used (which is kept), with Closed
// and Forbidden as surveys.Response.Take says, with Unauthenticated where what the sender's way in rests on was taken back, and for bulk submissions with Invalid for anything refused.
func (s *Store) Submit(ctx context.Context, sub surveys.Submission) (surveys.Receipt, error) {
	if err := checkSitting(sub); err != nil {
		return surveys.Receipt{}, err
	}
	for range submitTries {
		a, err := s.prepareArrival(ctx, sub)
		if err != nil {
			return surveys.Receipt{}, err
		}
		var receipt surveys.Receipt
		err = s.db.InGroup(ctx, func(tx engine.Batch) error {
			var err error
			receipt, err = a.take(tx)
			return err
		})
		var missing *missingQuestionnaire
		switch {
		case errors.As(err, &missing):
			if _, err := s.Questionnaire(ctx, missing.hash); err != nil {
				return surveys.Receipt{}, err
			}
			continue
		case errors.Is(err, errStale):
			s.currentVersions.Delete(sub.Study)
			continue
		}
		if err != nil {
			return surveys.Receipt{}, surveys.Wrap("take in a submission", err)
		}
		return receipt, receipt.Err() // a conflict is kept, so its transaction has committed
	}
	return surveys.Receipt{}, surveys.Errorf(surveys.Unavailable, "too much is changing at once; please send this again")
}

// checkSitting refuses ids that could not have been made as agreed.
func checkSitting(sub surveys.Submission) error {
	if !isSitting(sub.Sitting) {
		return surveys.Errorf(surveys.Invalid, "the id of a sitting is 32 lower-case hexadecimal digits")
	}
	if sub.By.Kind == 0 {
		return fmt.Errorf("a submission to wave %s that nobody has sent", sub.Wave)
	}
	if sub.Basis.Kind == 0 {
		return fmt.Errorf("a submission to wave %s that rests on nothing", sub.Wave)
	}
	if sub.Seq < 0 || sub.Seq > 1_000_000 {
		return surveys.Errorf(surveys.Invalid, "the sequence number of a save is between 1 and 1,000,000")
	}
	return nil
}

func isSitting(id string) bool {
	return len(id) == 32 && strings.Trim(id, "0123456789abcdef") == ""
}

// prepareArrival checks, folds and scores a submission as the first of its response, outside the writer.
func (s *Store) prepareArrival(ctx context.Context, sub surveys.Submission) (*arrival, error) {
	a := &arrival{store: s, sub: sub, now: s.now().UTC().Truncate(time.Millisecond)} // as it is stored
	var err error
	if a.current, err = s.currentVersion(ctx, sub.Study); err != nil {
		return nil, err
	}
	if a.study, err = s.studyVersion(ctx, sub.Study, a.current.version); err != nil {
		return nil, err
	}
	var ok bool
	if a.wave, ok = a.study.Wave(sub.Wave); !ok || a.wave.Audience == surveys.Staff {
		return nil, surveys.Errorf(surveys.NotFound, "The study has no wave %q that takes named answers.", sub.Wave)
	}
	q, err := s.Questionnaire(ctx, a.wave.Questionnaire)
	if err != nil {
		return nil, err
	}
	a.digest = s.digest(sub.Content())
	a.fresh = surveys.NewResponse(surveys.ResponseID(newID(a.now)), sub.Enrolment, sub.Wave, q)
	a.taken, err = a.fresh.Take(sub, surveys.OrdinaryCircumstances(a.now, a.current.state, a.study.Primary))
	if err != nil { // the transaction will say what is wrong in the circumstances that there are
		a.fresh = surveys.NewResponse(a.fresh.ID, sub.Enrolment, sub.Wave, q)
		a.taken = nil
	}
	a.hash = s.responseHash(a.fresh)
	return a, nil
}

// circumstances are the facts as the rules want them. A file may bring the baseline of somebody who is enrolled only
// with it: then the window counts from the day on which the answers were given.
func (a *arrival) circumstances(f facts) surveys.Circumstances {
	c := surveys.Circumstances{Now: a.now, Study: f.state, Primary: a.study.Primary, Consented: f.consented, Withdrawn: f.withdrawn(), Revoked: !f.stands}
	if f.closed >= 0 {
		c.ClosedAt = time.UnixMilli(int64(f.closed))
	}
	if a.wave.Baseline {
		c.Earliest = a.study.EarliestBaseline(f.sampled)
	}
	sampled := f.sampled
	if a.sub.Bulk && !a.sub.AnsweredAt.IsZero() {
		sampled = min(sampled, surveys.DayNumber(a.sub.AnsweredAt, a.study.Zone))
	}
	c.Window, c.HasWindow = a.study.WindowOf(a.wave, sampled, f.baseline)
	return c
}

// take is the transaction. Its first statement begins the response, or locks and reads the one there is.
func (a *arrival) take(tx engine.Batch) (surveys.Receipt, error) {
	row, err := a.reach(tx)
	if err == nil {
		err = a.factsAgain(tx, &row)
	}
	if err != nil {
		return surveys.Receipt{}, err
	}
	f, err := row.enrolmentFacts(a.sub.Study)
	if err != nil {
		return surveys.Receipt{}, err
	}
	if !f.stands && a.sub.Basis.Kind != surveys.OnTablet {
		return surveys.Receipt{}, a.sub.Basis.Kind.Ended()
	}
	if f.version != a.current.version {
		return surveys.Receipt{}, errStale
	}
	circumstances := a.circumstances(f)
	begun := row.id == string(a.fresh.ID)
	if begun && a.taken != nil && circumstances.Ordinary(a.sub, a.current.state) {
		return a.record(tx, a.fresh, nil, a.taken, f)
	}
	r, err := a.standing(row, begun)
	if err != nil {
		return surveys.Receipt{}, err
	}
	return a.receive(tx, r, a.sub, circumstances, f)
}

// receive looks for a submission in the ledger and does what is to be done with it by what is there.
func (a *arrival) receive(tx engine.Batch, r *surveys.Response, sub surveys.Submission, c surveys.Circumstances, f facts) (surveys.Receipt, error) {
	sub, err := parted(tx, r, sub)
	if err != nil {
		return surveys.Receipt{}, err
	}
	waiting, err := unraised(tx, r, r.AlarmsOf(sub))
	if err != nil {
		return surveys.Receipt{}, err
	}
	find := findSubmission
	switch {
	case sub.Seq == 0:
		find = findFolded
	case sub.Renumber:
		find = findFromPage
	}
	var held *surveys.Held
	reception := surveys.TakeIn
	for _, seq := range r.Recall(sub, len(waiting) > 0) {
		if held, err = find(tx, r.ID, sub.Sitting, seq, a.digest); err != nil {
			return surveys.Receipt{}, err
		}
		if reception = r.Receive(sub, held, c.Withdrawn); reception != surveys.TakeIn {
			break
		}
	}
	switch reception {
	case surveys.SayAgain:
		return r.ReceiptAgain(sub, held), nil
	case surveys.KeepAside:
		return a.keepAside(tx, r, sub, r.Conflict(sub, held, a.now))
	case surveys.Renumber:
		return a.receive(tx, r, sub.Renumbered(held), c, f)
	}
	var before []surveys.ScaleScore
	if r.Revision > 0 {
		before = r.Answers.Scores(c.Primary)
	}
	taken, err := r.Take(sub, c)
	if err != nil {
		return surveys.Receipt{}, err
	}
	if err := updateResponse(tx, r); err != nil {
		return surveys.Receipt{}, err
	}
	return a.record(tx, r, before, taken, f)
}

// keepAside writes a conflict into the ledger.
func (a *arrival) keepAside(tx engine.Batch, r *surveys.Response, sub surveys.Submission, entry *surveys.Entry) (surveys.Receipt, error) {
	content, err := r.KeepConflict(sub, entry)
	if err != nil {
		return surveys.Receipt{}, err
	}
	if err := a.store.insertSubmission(tx, r.ID, entry, content, a.digest); err != nil {
		return surveys.Receipt{}, err
	}
	if err := updateLoad(tx, r); err != nil {
		return surveys.Receipt{}, err
	}
	receipt := r.Receipt(entry)
	receipt.Alert, err = a.alert(tx, r, entry)
	return receipt, err
}

// reach begins the response if there is none, and locks and reads it if there is. Which of the two to try first depends
// on what is likelier: the first save of a sitting mostly begins a response.
func (a *arrival) reach(tx engine.Batch) (responseRow, error) {
	if a.sub.Seq != 1 {
		row, err := lockResponse(tx, a.store.db.LockRow(), a.sub.Basis, a.sub.Enrolment, a.sub.Wave)
		if !errors.Is(err, sql.ErrNoRows) {
			return row, err
		}
	}
	row, err := beginResponse(tx, a.sub.Basis, a.fresh, a.hash)
	switch {
	case surveys.KindOf(a.store.db.Translate(err)) == surveys.NotFound: // a foreign key
		return row, surveys.Errorf(surveys.NotFound, "No such participant is enrolled.")
	case err != nil || row.id == string(a.fresh.ID):
		return row, err
	}
	return lockResponse(tx, a.store.db.LockRow(), a.sub.Basis, a.sub.Enrolment, a.sub.Wave)
}

// factsAgain reads the facts once more where a move of the baseline may have been waited for, by the lock of the response or by
// the foreign key of a new one: PostgreSQL read those of the row before it waited. From here on a move waits for this submission.
func (a *arrival) factsAgain(tx engine.Batch, row *responseRow) error {
	if a.wave.Baseline || a.store.db.LockRow() == "" {
		return nil
	}
	return tx.Row(selectFacts[a.sub.Basis.Kind], append(basisValues(nil, a.sub.Basis), string(a.sub.Enrolment)), &row.facts)
}

// standing returns the response as it was before this submission: the one that was found, or, where that has just been
// begun in circumstances that are not ordinary, an empty one.
func (a *arrival) standing(row responseRow, begun bool) (*surveys.Response, error) {
	if begun {
		return surveys.NewResponse(a.fresh.ID, a.sub.Enrolment, a.sub.Wave, a.fresh.Answers.Questionnaire()), nil
	}
	q := a.fresh.Answers.Questionnaire()
	if row.questionnaire != q.Hash {
		// A response keeps the questionnaire that it began with. The writer must not wait for a second connection, so
		// this reads from memory or fails, and whoever waits for the writer reads it in.
		var ok bool
		if q, ok = a.store.studies.questionnaire(row.questionnaire); !ok {
			return nil, &missingQuestionnaire{row.questionnaire}
		}
	}
	return row.response(q)
}

// record writes what hangs on a response: the ledger's row, scores that changed and changes of disposition.
func (a *arrival) record(tx engine.Batch, r *surveys.Response, before []surveys.ScaleScore, taken *surveys.Taken, f facts) (surveys.Receipt, error) {
	receipt := r.Receipt(taken.Entry)
	receipt.Correction, receipt.Revoked, receipt.Queried = taken.Correction, !f.stands, taken.Queried
	if err := a.store.insertSubmission(tx, r.ID, taken.Entry, taken.Content, a.digest); err != nil {
		return receipt, err
	}
	if err := a.noteCorrection(tx, r, taken); err != nil {
		return receipt, err
	}
	if err := a.noteQuery(tx, r, taken); err != nil {
		return receipt, err
	}
	if err := a.noteRevoked(tx, r, f); err != nil {
		return receipt, err
	}
	if err := upsertScores(tx, r.ID, changedScores(before, taken.Scores)); err != nil {
		return receipt, err
	}
	for i, change := range taken.Disposition {
		number := r.Dispositions - len(taken.Disposition) + i + 1
		if err := a.store.insertDisposition(tx, r.ID, number, change); err != nil {
			return receipt, err
		}
	}
	var err error
	if receipt.Alert, err = a.alert(tx, r, taken.Entry); err != nil {
		return receipt, err
	}
	switch {
	case !a.wave.Baseline:
	case f.baseline < 0:
		err = beginBaseline(tx, a.sub.Enrolment, surveys.DayNumber(a.circumstances(f).Moment(a.sub.AnsweredAt), a.study.Zone))
	case taken.Redates:
		err = a.moveBaseline(tx, f, surveys.DayNumber(r.AnsweredAt, a.study.Zone))
	}
	return receipt, err
}

// holdSubmissions waits for the submissions under way and holds up those that come until the transaction ends. A submission
// reads once how it stands with its study and its person, so a change of either must not come in between.
func holdSubmissions(ctx context.Context, tx *engine.Tx) error {
	return surveys.Wrap("hold submissions", tx.Hold(ctx, "responses", "staff_codes"))
}

// changedScores returns the scores to write: those that differ from before, and none of scales without any answer yet.
func changedScores(before, after []surveys.ScaleScore) []surveys.ScaleScore {
	changed := after[:0:0]
	for i, score := range after {
		if before == nil && score.Answered > 0 || before != nil && before[i] != score {
			changed = append(changed, score)
		}
	}
	return changed
}

// ruleVersion is the version of the scoring rules that scores are made by.
const ruleVersion = scoring.RuleVersion
