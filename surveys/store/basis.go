package store

import (
	"context"
	"database/sql"
	"errors"

	"wellwave/surveys"
	"wellwave/surveys/store/engine"
)

// stands says of each kind of grant when it stands, in a condition with the arguments of basisValues. It may ask for the
// enrolment, as e. There is no other place that decides it: pages, saves and programs ask in the statement that reads what
// they are about.
//
// An invitation that ended because its person left the study still stands for whom it was opened by: they read there how far
// they have left, and may leave further. One that was replaced before does not.
var stands = map[surveys.BasisKind]string{
	surveys.OnInvitation: `EXISTS (
			SELECT 1
			FROM invitations i
			WHERE i.id = ? AND i.enrolment_id = e.id AND (i.ended_at IS NULL OR i.ended_at >= e.withdrawn_at))
		AND NOT EXISTS (
			SELECT 1
			FROM ended_sittings
			WHERE sitting = ?)`,
	surveys.OnHandOver: `EXISTS (
			SELECT 1
			FROM kiosks k
			WHERE k.id = ? AND k.lent_to = ? AND k.study_id = e.study_id AND k.site_id = e.site_id AND k.revoked_at IS NULL)`,
	surveys.OnTablet: `EXISTS (
			SELECT 1
			FROM kiosks k
			WHERE k.id = ? AND k.study_id = e.study_id AND k.site_id = e.site_id AND k.revoked_at IS NULL)`,
	surveys.OnKey: `EXISTS (
			SELECT 1
			FROM api_keys k
			WHERE k.id = ? AND k.study_id = e.study_id AND k.revoked_at IS NULL)`,
	surveys.OnSignIn: `EXISTS (
			SELECT 1
			FROM sign_ins s
			JOIN accounts a ON a.id = s.account_id
			WHERE s.id = ? AND a.disabled_at IS NULL AND (a.role = 'administrator' OR a.role = 'practice' AND a.study_id = e.study_id AND a.site_id = e.site_id
				OR a.role <> 'practice' AND (a.every_study OR EXISTS (
					SELECT 1
					FROM account_studies g
					WHERE g.account_id = a.id AND g.study_id = e.study_id))))`,
	surveys.OnMachine: "1 = 1",
}

// standsAlone are the statements that ask the same of a grant by itself, before a transaction changes anything, and hold it: it is
// taken back before that or after, and never in between. A sign-in does not tell there which study it is about.
var standsAlone = map[surveys.BasisKind]string{
	surveys.OnInvitation: `
		SELECT 1
		FROM invitations i
		WHERE i.id = ? AND (i.ended_at IS NULL OR i.ended_at >= (
				SELECT e.withdrawn_at
				FROM enrolments e
				WHERE e.id = i.enrolment_id)) AND NOT EXISTS (
			SELECT 1
			FROM ended_sittings
			WHERE sitting = ?)`,
	surveys.OnHandOver: `
		SELECT 1
		FROM kiosks
		WHERE id = ? AND lent_to = ? AND revoked_at IS NULL`,
	surveys.OnTablet: `
		SELECT 1
		FROM kiosks
		WHERE id = ? AND revoked_at IS NULL`,
	surveys.OnKey: `
		SELECT 1
		FROM api_keys
		WHERE id = ? AND revoked_at IS NULL`,
	surveys.OnSignIn: `
		SELECT 1
		FROM sign_ins
		WHERE id = ? AND account_id IN (
			SELECT id
			FROM accounts
			WHERE disabled_at IS NULL)`,
}

type restsKey struct{}

// RestingOn returns a context in which every change rests on a grant: each of its transactions fails with Unauthenticated where that
// was taken back, however long before somebody was let in by it.
func RestingOn(ctx context.Context, on surveys.Basis) context.Context {
	return context.WithValue(ctx, restsKey{}, on)
}

// restsOn returns what the changes of a context rest on. Where it does not say, that is the machine itself.
func restsOn(ctx context.Context) surveys.Basis {
	if on, ok := ctx.Value(restsKey{}).(surveys.Basis); ok {
		return on
	}
	return surveys.Operator()
}

// askAgain fails with Unauthenticated where what the context rests on was taken back.
func askAgain(ctx context.Context, tx *engine.Tx) error {
	on := restsOn(ctx)
	if on.Kind == surveys.OnMachine {
		return nil
	}
	var stands int
	err := tx.Get(ctx, &stands, standsAlone[on.Kind]+" "+tx.LockRow(), basisValues(nil, on)...)
	if errors.Is(err, sql.ErrNoRows) {
		return on.Kind.Ended()
	}
	return surveys.Wrap("ask again what a change rests on", err)
}

// basisValues appends the arguments of a condition of stands.
func basisValues(args []any, on surveys.Basis) []any {
	switch on.Kind {
	case surveys.OnMachine:
		return args
	case surveys.OnInvitation:
		return append(args, on.ID, on.Sitting)
	case surveys.OnHandOver:
		return append(args, on.ID, on.Epoch)
	default:
		return append(args, on.ID)
	}
}

// perBasis returns a statement for each kind of what a way in may rest on, made with its condition. There is none for what rests on
// nothing.
func perBasis(statement func(standing string) string) []string {
	statements := make([]string, 1+len(stands))
	for _, kind := range surveys.BasisKinds() {
		statements[kind] = statement(stands[kind])
	}
	return statements
}

// EndSitting ends what somebody's ticket rests on, because they have finished on this device: the ticket opens nothing any
// more, also for whoever has a copy of it. The link that it was opened by goes on, and a tablet goes to the next. Ended twice,
// it stays as it is.
func (s *Store) EndSitting(ctx context.Context, on surveys.Basis) error {
	if on.Kind == surveys.OnHandOver {
		return surveys.Wrap("end a handing-over", s.db.InTx(ctx, func(tx *engine.Tx) error {
			return endHandOver(ctx, tx, surveys.KioskID(on.ID), on.Epoch)
		}))
	}
	if on.Sitting == "" {
		return nil
	}
	return surveys.Wrap("end a sitting", s.db.InTx(ctx, func(tx *engine.Tx) error {
		_, err := tx.Exec(ctx, housekeeping, `
			INSERT INTO ended_sittings (sitting, ended_at)
			VALUES (?, ?)
			ON CONFLICT (sitting) DO NOTHING`, on.Sitting, engine.Stamp(tx.Now))
		return err
	}))
}

// endHandOver takes a tablet out of the hands that it is in; there may be none. The same handing-over does not come back.
func endHandOver(ctx context.Context, tx *engine.Tx, kiosk surveys.KioskID, handOver string) error {
	if handOver == "" {
		return nil
	}
	if _, err := tx.Exec(ctx, housekeeping, `
		UPDATE kiosks
		SET lent_to = NULL
		WHERE id = ? AND lent_to = ?`, kiosk, handOver); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, housekeeping, `
		UPDATE hand_overs
		SET ended_at = ?
		WHERE id = ? AND kiosk_id = ? AND ended_at IS NULL`, engine.Stamp(tx.Now), handOver, kiosk)
	return err
}

// noteRevoked writes the audit entry of answers that waited on a tablet which was revoked, so that the team looks at them.
func (a *arrival) noteRevoked(tx engine.Batch, r *surveys.Response, f facts) error {
	if f.stands {
		return nil
	}
	entry := audit{"", "response.keep-aside", a.sub.Study, string(r.Enrolment), string(r.Wave) + ", revoked tablet " + a.sub.Basis.ID}
	return tx.Later(insertAudit, entry.values(a.now)...)
}
