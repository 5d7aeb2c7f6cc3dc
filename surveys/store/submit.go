package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"wellwave/scoring"
	"wellwave/surveys"
)

// errStale says that what was read before the transaction is no longer so; the submission is prepared again.
var errStale = errors.New("facts changed under a submission")

// submitTries bounds how often a submission is prepared again.
const submitTries = 5

// facts is what the rules of taking a submission need to know of its enrolment and study. It is read before the
// transaction, so that parsing, checking and scoring happen outside the writer, and compared inside it.
type facts struct {
	text      string // as read, for comparing
	state     surveys.StudyState
	version   int // of the study file
	sampled   int // day number
	baseline  int // day number, -1 for none
	consented bool
	withdrawn bool
}

// factsColumn is one column with all of them. It wants enrolments as e and studies as st.
const factsColumn = `st.state || ' ' || st.version || ' ' || e.sampled_day || ' ' || COALESCE(e.baseline_day, -1)
	|| CASE WHEN e.consented_at IS NULL THEN ' 0' ELSE ' 1' END
	|| CASE WHEN e.withdrawn_at IS NULL THEN ' 0' ELSE ' 1' END`

func parseFacts(text string) (facts, error) {
	f := facts{text: text}
	fields := strings.Fields(text)
	if len(fields) != 6 {
		return f, fmt.Errorf("read facts of an enrolment: %d fields", len(fields))
	}
	state, ok := surveys.ParseStudyState(fields[0])
	if !ok {
		return f, fmt.Errorf("read facts of an enrolment: state %q", fields[0])
	}
	f.state, f.consented, f.withdrawn = state, fields[4] == "1", fields[5] == "1"
	for i, into := range []*int{&f.version, &f.sampled, &f.baseline} {
		n, err := strconv.Atoi(fields[1+i])
		if err != nil {
			return f, fmt.Errorf("read facts of an enrolment: %w", err)
		}
		*into = n
	}
	return f, nil
}

// arrival is a submission with all that can be worked out before the transaction.
type arrival struct {
	store   *Store
	sub     surveys.Submission
	study   *surveys.Study
	wave    surveys.Wave
	q       *surveys.Questionnaire // of the response there is, or of the one to begin
	facts   facts
	circ    surveys.Circumstances
	digest  string
	fresh   *surveys.Response // the response if this submission turns out to be its first
	entry   *surveys.Entry    // of fresh
	refused error             // why it cannot be a first submission
}

// Submit takes one submission in and returns its receipt once it is safe on disk. It fails with NotFound for an unknown
// enrolment or wave, with Conflict for other content under an id and sequence already used (which is kept), with Closed
// and Forbidden as surveys.Response.Take says, and for bulk submissions with Invalid for anything refused.
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
		var outcome error // a conflict is kept, so its transaction commits
		err = s.folds.run(ctx, func(tx session) error {
			receipt, outcome = surveys.Receipt{}, nil
			return a.take(tx, &receipt, &outcome)
		})
		if errors.Is(err, errStale) {
			continue
		}
		if err != nil {
			return surveys.Receipt{}, wrap("take in a submission", err)
		}
		return receipt, outcome
	}
	return surveys.Receipt{}, surveys.Errorf(surveys.Unavailable, "too much is changing at once; please send this again")
}

// checkSitting refuses ids that could not have been made as agreed.
func checkSitting(sub surveys.Submission) error {
	if len(sub.Sitting) != 32 || strings.Trim(sub.Sitting, "0123456789abcdef") != "" {
		return surveys.Errorf(surveys.Invalid, "the id of a sitting is 32 lower-case hexadecimal digits")
	}
	if sub.Seq < 0 || sub.Seq > 1_000_000 {
		return surveys.Errorf(surveys.Invalid, "the sequence number of a save is between 1 and 1,000,000")
	}
	return nil
}

// prepareArrival reads the facts and works out the case that this is the first submission of its response.
func (s *Store) prepareArrival(ctx context.Context, sub surveys.Submission) (*arrival, error) {
	var row struct {
		Study         surveys.StudyID `db:"study_id"`
		Facts         string          `db:"facts"`
		Questionnaire sql.NullString  `db:"questionnaire"`
	}
	err := s.get(ctx, &row, `
		SELECT e.study_id, `+factsColumn+` AS facts, r.questionnaire
		FROM enrolments e
		JOIN studies st ON st.id = e.study_id
		LEFT JOIN responses r ON r.enrolment_id = e.id AND r.wave_id = ?
		WHERE e.id = ?`, sub.Wave, sub.Enrolment)
	if err != nil {
		return nil, notFound(err, "no such participant is enrolled")
	}
	if sub.Study != "" && sub.Study != row.Study {
		return nil, surveys.Errorf(surveys.NotFound, "no such participant is enrolled in this study")
	}
	a := &arrival{store: s, sub: sub}
	if a.facts, err = parseFacts(row.Facts); err != nil {
		return nil, err
	}
	if a.study, err = s.studyVersion(ctx, row.Study, a.facts.version); err != nil {
		return nil, err
	}
	var ok bool
	if a.wave, ok = a.study.Wave(sub.Wave); !ok || a.wave.Audience == surveys.Staff {
		return nil, surveys.Errorf(surveys.NotFound, "study %s has no wave %s that takes named answers", row.Study, sub.Wave)
	}
	if row.Questionnaire.Valid {
		a.q, err = s.Questionnaire(ctx, row.Questionnaire.String)
	} else {
		a.q, err = s.waveQuestionnaire(ctx, a.study, a.wave)
	}
	if err != nil {
		return nil, err
	}
	a.circ = a.facts.circumstances(a.study, a.wave)
	a.circ.Now = s.now()
	a.digest = s.digest(contentOf(sub))
	if !row.Questionnaire.Valid {
		a.fresh = surveys.NewResponse(surveys.ResponseID(newID(a.circ.Now)), sub.Enrolment, sub.Wave, a.q)
		a.entry, a.refused = a.fresh.Take(sub, a.circ)
	}
	return a, nil
}

// circumstances are the facts as the rules want them.
func (f facts) circumstances(study *surveys.Study, wave surveys.Wave) surveys.Circumstances {
	c := surveys.Circumstances{Study: f.state, Primary: study.Primary, Consented: f.consented, Withdrawn: f.withdrawn}
	c.Window, c.HasWindow = waveWindow(study, wave, f.sampled, f.baseline)
	return c
}

// waveWindow returns a wave's window: baseline's counts from the day a person was sampled, every other wave's from
// the day of their own baseline.
func waveWindow(study *surveys.Study, wave surveys.Wave, sampled, baseline int) (surveys.Window, bool) {
	from := baseline
	if wave.Baseline {
		from = sampled
	}
	if from < 0 {
		return surveys.Window{}, false
	}
	return wave.Window(study.Zone, dayStart(from, study.Zone))
}

// take is the transaction. Its first statement begins the response, or locks and reads the one there is.
func (a *arrival) take(tx session, receipt *surveys.Receipt, outcome *error) error {
	if a.refused != nil {
		return a.refused
	}
	if a.fresh != nil {
		row, err := beginResponse(tx, a.fresh)
		if err != nil {
			return err
		}
		if row.facts != a.facts.text || row.id != string(a.fresh.ID) {
			return errStale
		}
		return a.record(tx, a.fresh, nil, a.entry, receipt)
	}
	row, err := lockResponse(tx, a.sub.Enrolment, a.sub.Wave)
	if err != nil {
		return err
	}
	if row.facts != a.facts.text || row.questionnaire != a.q.Hash {
		return errStale
	}
	r, err := row.response(a.q)
	if err != nil {
		return err
	}
	if done, err := a.repeated(tx, r, receipt, outcome); done || err != nil {
		return err
	}
	before := r.State.Scores()
	entry, err := r.Take(a.sub, a.circ)
	if err != nil {
		return err
	}
	if entry.Verdict.Folded() {
		if err := updateResponse(tx, r); err != nil {
			return err
		}
	}
	return a.record(tx, r, before, entry, receipt)
}

// record writes what hangs on a response: the ledger's row, scores that changed and changes of disposition.
func (a *arrival) record(tx session, r *surveys.Response, before []surveys.ScaleScore, entry *surveys.Entry, receipt *surveys.Receipt) error {
	if err := insertSubmission(tx, r.ID, a, entry); err != nil {
		return err
	}
	if err := upsertScores(tx, r.ID, changedScores(before, entry.Scores)); err != nil {
		return err
	}
	for i, change := range entry.Disposition {
		number := r.Dispositions - len(entry.Disposition) + i + 1
		if err := insertDisposition(tx, r.ID, number, change); err != nil {
			return err
		}
	}
	if a.wave.Baseline && a.facts.baseline < 0 {
		if err := beginBaseline(tx, a.sub.Enrolment, dayNumber(a.circ.Moment(a.sub.AnsweredAt), a.study.Zone)); err != nil {
			return err
		}
	}
	*receipt = surveys.Receipt{Response: r.ID, Sitting: a.sub.Sitting, Seq: entry.Seq, Revision: entry.Revision,
		Verdict: entry.Verdict, Refused: entry.Refused, ReceivedAt: a.circ.Now, LateDays: entry.LateDays,
		Finished: !r.FinishedAt.IsZero(), Disposition: r.Disposition}
	return nil
}

// repeated deals with a sequence that was used before: the same content gets the receipt that it got then, other
// content is kept as a conflict. done says that there is nothing left to take.
func (a *arrival) repeated(tx session, r *surveys.Response, receipt *surveys.Receipt, outcome *error) (done bool, err error) {
	if r.Repeats(a.sub) {
		*receipt = a.again(r, r.State.Highest(a.sub.Sitting), surveys.Accepted)
		return true, nil
	}
	if a.sub.Seq == 0 || a.sub.Seq > r.State.Highest(a.sub.Sitting) && a.circ.Study != surveys.Locked {
		return false, nil
	}
	earlier, err := findSubmission(tx, r.ID, a.sub.Sitting, a.sub.Seq, a.digest)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if earlier.digest == a.digest {
		*receipt = a.again(r, a.sub.Seq, earlier.verdict)
		receipt.LateDays, receipt.ReceivedAt, receipt.Revision = earlier.lateDays, earlier.receivedAt, earlier.revision
		if earlier.verdict != surveys.Conflicted {
			return true, nil
		}
	} else {
		entry := &surveys.Entry{Seq: a.sub.Seq, Attempt: earlier.attempts, Revision: r.Revision,
			Verdict: surveys.Conflicted, Accepted: a.sub.Answers}
		if err := insertSubmission(tx, r.ID, a, entry); err != nil {
			return false, err
		}
		*receipt = a.again(r, a.sub.Seq, surveys.Conflicted)
		receipt.Repeated = false
	}
	*outcome = surveys.Errorf(surveys.Conflict,
		"other answers were already received under this number; these are kept beside them, and the study team will see both")
	return true, nil
}

// again is the receipt of something that was there already.
func (a *arrival) again(r *surveys.Response, seq int, verdict surveys.Verdict) surveys.Receipt {
	return surveys.Receipt{Response: r.ID, Sitting: a.sub.Sitting, Seq: seq, Revision: r.Revision, Verdict: verdict,
		ReceivedAt: a.circ.Now, Finished: !r.FinishedAt.IsZero(), Disposition: r.Disposition, Repeated: true}
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
