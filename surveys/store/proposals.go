package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"wellwave/surveys"
	"wellwave/surveys/store/engine"
)

// proposalRow is a row of proposals with the person's number.
type proposalRow struct {
	ID        surveys.ProposalID `db:"id"`
	Study     surveys.StudyID    `db:"study_id"`
	Kind      string             `db:"kind"`
	Enrolment string             `db:"enrolment_id"`
	Label     string             `db:"label"`
	Channel   string             `db:"channel"`
	Days      int                `db:"erasure_days"`
	Release   int                `db:"release_number"`
	By        string             `db:"account_id"`
	At        engine.Stamp       `db:"at"`
	Due       engine.Stamp       `db:"due_at"`
	State     string             `db:"state"`
	Ground    string             `db:"ground"`
	DecidedBy string             `db:"decided_by"`
	DecidedAt engine.Stamp       `db:"decided_at"`
}

const selectProposals = `
		SELECT p.id, p.study_id, p.kind, COALESCE(p.enrolment_id, '') AS enrolment_id, COALESCE(e.label, '') AS label, p.channel, p.erasure_days,
			COALESCE(p.release_number, 0) AS release_number, COALESCE(p.account_id, '') AS account_id, p.at, p.due_at, p.state, p.ground,
			COALESCE(p.decided_by, '') AS decided_by, p.decided_at
		FROM proposals p
		LEFT JOIN enrolments e ON e.id = p.enrolment_id
		WHERE `

func (r proposalRow) proposal() (surveys.Proposal, error) {
	kind, wrongKind := word("proposals.kind", surveys.ParseProposalKind, r.Kind)
	state, wrongState := word("proposals.state", surveys.ParseProposalState, r.State)
	channel, wrongChannel := wordOrNone("proposals.channel", surveys.ParseChannel, r.Channel)
	return surveys.Proposal{ID: r.ID, Study: r.Study, Kind: kind, Enrolment: surveys.EnrolmentID(r.Enrolment), Label: r.Label, Channel: channel,
		ErasureDays: r.Days, Release: r.Release, By: surveys.AccountID(r.By), At: r.At.Time(), Due: r.Due.Time(), State: state, Ground: r.Ground,
		DecidedBy: surveys.AccountID(r.DecidedBy), DecidedAt: r.DecidedAt.Time()}, errors.Join(wrongKind, wrongState, wrongChannel)
}

// listProposals returns the proposals that a fixed condition picks, the latest first.
func listProposals(ctx context.Context, from querier, where string, args ...any) ([]surveys.Proposal, error) {
	var rows []proposalRow
	if err := from.List(ctx, &rows, selectProposals+where+`
		ORDER BY p.at DESC, p.id DESC`, args...); err != nil {
		return nil, surveys.Wrap("list proposals", err)
	}
	proposals := make([]surveys.Proposal, len(rows))
	for i, row := range rows {
		var err error
		if proposals[i], err = row.proposal(); err != nil {
			return nil, err
		}
	}
	return proposals, nil
}

// ListProposals returns what was proposed in a study, the latest first.
func (s *Store) ListProposals(ctx context.Context, study surveys.StudyID) ([]surveys.Proposal, error) {
	return listProposals(ctx, s.db, "p.study_id = ?", study)
}

// CountProposals returns how many proposals of a study an account could decide.
func (s *Store) CountProposals(ctx context.Context, by surveys.Account, study surveys.StudyID) (n int, err error) {
	var rows []struct {
		Kind   string `db:"kind"`
		All    int    `db:"n"`
		InTime int    `db:"in_time"`
	}
	if err := s.db.List(ctx, &rows, `
		SELECT kind, COUNT(*) AS n, COUNT(*) FILTER (WHERE due_at > ?) AS in_time
		FROM proposals
		WHERE study_id = ? AND state = ? AND COALESCE(account_id, '') <> ?
		GROUP BY kind`, engine.Stamp(s.now()), study, surveys.ProposalWaiting.String(), by.ID); err != nil {
		return 0, surveys.Wrap("count proposals", err)
	}
	for _, row := range rows {
		kind, err := word("proposals.kind", surveys.ParseProposalKind, row.Kind)
		if err != nil {
			return 0, err
		}
		switch {
		case (surveys.Proposal{Study: study, Kind: kind}).CheckDecider(by) != nil:
		case kind.Lapses():
			n += row.InTime
		default:
			n += row.All
		}
	}
	return n, nil
}

// FindProposal returns one proposal of a study, or fails with NotFound.
func (s *Store) FindProposal(ctx context.Context, study surveys.StudyID, id surveys.ProposalID) (surveys.Proposal, error) {
	return findProposal(ctx, s.db, study, id)
}

func findProposal(ctx context.Context, from querier, study surveys.StudyID, id surveys.ProposalID) (surveys.Proposal, error) {
	found, err := listProposals(ctx, from, "p.study_id = ? AND p.id = ?", study, id)
	if err == nil && len(found) == 0 {
		err = surveys.Errorf(surveys.NotFound, "There is nothing like this to decide.")
	}
	if err != nil {
		return surveys.Proposal{}, err
	}
	return found[0], nil
}

// waits returns what waits to be decided among proposals that a fixed condition picks, and has not lapsed.
func waits(ctx context.Context, from querier, now time.Time, where string, args ...any) (*surveys.Proposal, error) {
	found, err := listProposals(ctx, from, where+" AND p.state = ?", append(args, surveys.ProposalWaiting.String())...)
	for i := range found {
		if !found[i].Lapsed(now) {
			return &found[i], err
		}
	}
	return nil, err
}

// propose writes a proposal down, with what it is about from p.
func propose(ctx context.Context, tx *engine.Tx, p surveys.Proposal) error {
	var release any
	if p.Release != 0 {
		release = p.Release
	}
	object := string(p.Enrolment)
	if object == "" {
		object = string(p.Study)
	}
	a := audit{p.By, "proposal.make", p.Study, object, p.Kind.String()}
	err := insertHashed(ctx, tx, a, "proposals", newID(tx.Now), p.Study, p.Kind.String(), orNull(p.Enrolment), p.Channel.String(), p.ErasureDays, release, orNull(p.By),
		engine.Stamp(tx.Now), engine.Stamp(tx.Now.Add(p.Kind.DecidedWithin())), surveys.ProposalWaiting.String(), "", nil, nil)
	return surveys.Wrap("write a proposal", err)
}

// ProposeUnlock asks that a study is unlocked. What was asked and waits is not asked again. It fails with Conflict for a study
// that is not locked.
func (s *Store) ProposeUnlock(ctx context.Context, by surveys.AccountID, id surveys.StudyID) error {
	return s.proposeOnce(ctx, surveys.Proposal{Study: id, Kind: surveys.Unlock, By: by}, func(tx *engine.Tx, state surveys.StudyState) error {
		return surveys.CheckUnlock(state)
	})
}

// ProposeRelease asks that a release goes beyond the team. What was asked and waits is not asked again. It fails with NotFound.
func (s *Store) ProposeRelease(ctx context.Context, by surveys.AccountID, id surveys.StudyID, number int) error {
	return s.proposeOnce(ctx, surveys.Proposal{Study: id, Kind: surveys.LetOut, Release: number, By: by}, func(tx *engine.Tx, _ surveys.StudyState) error {
		r, err := registered(ctx, tx, id, number)
		if err == nil && r.MayLeave() {
			err = surveys.Errorf(surveys.Conflict, "Release %d may leave already.", number)
		}
		return err
	})
}

func (s *Store) proposeOnce(ctx context.Context, p surveys.Proposal, check func(*engine.Tx, surveys.StudyState) error) error {
	return s.db.InTx(ctx, func(tx *engine.Tx) error {
		state, _, err := holdStudy(ctx, tx, p.Study)
		if err != nil {
			return err
		}
		if err := check(tx, state); err != nil {
			return err
		}
		waiting, err := waits(ctx, tx, tx.Now, "p.study_id = ? AND p.kind = ? AND COALESCE(p.release_number, 0) = ?", p.Study, p.Kind.String(), p.Release)
		if err != nil || waiting != nil {
			return err
		}
		return propose(ctx, tx, p)
	})
}

// holdStudy returns the state and version of a study, which nobody changes until the transaction ends.
func holdStudy(ctx context.Context, tx *engine.Tx, id surveys.StudyID) (surveys.StudyState, int, error) {
	var row struct {
		State   string `db:"state"`
		Version int    `db:"version"`
	}
	if err := tx.Get(ctx, &row, `
		SELECT state, version
		FROM studies
		WHERE id = ?
		`+tx.LockRow(), id); err != nil {
		return 0, 0, notFound(err, "there is no study %q", id)
	}
	state, err := word("studies.state", surveys.ParseStudyState, row.State)
	return state, row.Version, err
}

// DecideProposal decides what was proposed, and does it in the same transaction where the account agrees. It fails as
// surveys.Proposal.Decide does, and with Conflict or Closed where what was proposed is not possible any more.
func (s *Store) DecideProposal(ctx context.Context, by surveys.Account, study surveys.StudyID, id surveys.ProposalID, ground string) error {
	p, err := s.FindProposal(ctx, study, id)
	if err != nil {
		return err
	}
	var step *leavingStep
	if p.Enrolment != "" {
		w := surveys.Withdrawal{Enrolment: p.Enrolment, Level: surveys.EraseAnswers, Channel: p.Channel, By: p.By}
		if step, err = s.stepOf(ctx, w, "withdrawal.record"); err != nil {
			return err
		}
	}
	return surveys.Wrap("decide a proposal", s.db.InTx(ctx, func(tx *engine.Tx) error {
		var left surveys.WithdrawalLevel
		if step != nil {
			if left, _, err = holdPerson(ctx, tx, p.Enrolment); err != nil {
				return err
			}
		}
		state, version, err := holdStudy(ctx, tx, study)
		if err != nil {
			return err
		}
		now, err := findProposal(ctx, tx, study, id) // as it is now
		if err != nil {
			return err
		}
		decided, err := now.Decide(by, ground, tx.Now)
		if err != nil {
			return err
		}
		a := audit{by.ID, "proposal." + decided.State.String(), study, string(p.ID), p.Kind.String() + ": " + ground}
		if _, err := changeHashed(ctx, tx, a, change{"proposals", "state = ?, ground = ?, decided_by = ?, decided_at = ?", "id = ?",
			[]any{decided.State.String(), ground, by.ID, engine.Stamp(tx.Now)}, []any{p.ID}}); err != nil {
			return fmt.Errorf("write a decision: %w", err)
		}
		if decided.State != surveys.ProposalAgreed {
			return nil
		}
		switch p.Kind {
		case surveys.Unlock:
			if err := surveys.CheckUnlock(state); err != nil {
				return err
			}
			return changeState(ctx, tx, audit{by: by.ID, action: "study." + surveys.Ended.String(), study: study, object: string(study),
				detail: "from " + state.String() + ", as was proposed"}, state, surveys.Ended, version)
		case surveys.EraseMore, surveys.EraseLocked:
			if p.Kind == surveys.EraseMore && state == surveys.Locked {
				return surveys.Errorf(surveys.Closed, "The study has been locked since. Refuse this; the person can ask again, and the data manager decides.")
			}
			if left == surveys.EraseAnswers {
				return nil
			}
			step.At, step.Erasure = tx.Now, surveys.Erasure{Due: tx.Now.Add(now.ErasureWait())}
			return step.leave(ctx, tx)
		default: // a release leaves when it is downloaded
			return approveRelease(ctx, tx, a, study, p.Release, by.Name)
		}
	}))
}
