package store

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"

	"wellwave/surveys"
	"wellwave/surveys/store/engine"
)

type signInRow struct {
	ID          string       `db:"id"`
	AccountID   string       `db:"account_id"`
	Proof       string       `db:"proof"`
	Network     string       `db:"network"`
	BeganAt     engine.Stamp `db:"began_at"`
	SeenAt      engine.Stamp `db:"seen_at"`
	ConfirmedAt engine.Stamp `db:"confirmed_at"`
	EndsAt      engine.Stamp `db:"ends_at"`
}

func (r signInRow) signIn() surveys.SignIn {
	return surveys.SignIn{ID: surveys.SignInID(r.ID), Account: surveys.AccountID(r.AccountID), Network: r.Network, BeganAt: r.BeganAt.Time(),
		SeenAt: r.SeenAt.Time(), ConfirmedAt: r.ConfirmedAt.Time(), EndsAt: r.EndsAt.Time()}
}

const selectSignIn = `
	SELECT id, account_id, proof, network, began_at, seen_at, confirmed_at, ends_at
	FROM sign_ins`

// noSignIn answers for a sign-in that is not there, has ended, or is somebody else's.
const noSignIn = "this sign-in has ended already"

// pleaseSignIn is said where a browser is not signed in any more.
const pleaseSignIn = "Please sign in again."

// BeginSignIn signs a browser on a network in to an account, with the proof that SignIn gave. It fails with Unauthenticated where
// that is worth nothing any more: between the password and the second step the account was disabled, if only for a while, or its
// password or second step was changed.
func (s *Store) BeginSignIn(ctx context.Context, account surveys.AccountID, proof, network string) (surveys.SignInID, error) {
	id := randomID()
	err := s.db.InTx(ctx, func(tx *engine.Tx) error {
		var row accountRow
		if err := tx.Get(ctx, &row, selectAccount+" WHERE id = ? AND disabled_at IS NULL "+tx.LockRow(), string(account)); err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		if s.signInProof(row) != proof {
			return surveys.Errorf(surveys.Unauthenticated, pleaseSignIn)
		}
		now := engine.Stamp(tx.Now)
		if _, err := tx.Exec(ctx, unaudited("the sign-in is audited, with which the day of grace begins"), `
			UPDATE accounts
			SET factor_due_at = ?
			WHERE id = ? AND factor_due_at IS NULL`, engine.Stamp(tx.Now.Add(surveys.FactorGrace)), string(account)); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, audit{by: account, action: "session.begin", object: string(account), detail: network}, `
			INSERT INTO sign_ins (id, account_id, proof, network, began_at, seen_at, confirmed_at, ends_at)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
			id, string(account), proof, network, now, now, now, engine.Stamp(tx.Now.Add(surveys.SignInLife)))
		return err
	})
	return surveys.SignInID(id), surveys.Wrap("sign in", err)
}

// SignedIn returns the account of a sign-in, and the sign-in, and notes that it is in use. It fails with Unauthenticated if it
// was ended or has come to its end, or if the account was disabled or its password changed, or counts another epoch; then it still returns the sign-in
// if there is one, whose account may go on with what it had begun.
func (s *Store) SignedIn(ctx context.Context, id surveys.SignInID) (surveys.Account, surveys.SignIn, error) {
	again := surveys.Errorf(surveys.Unauthenticated, pleaseSignIn)
	var row signInRow
	err := s.db.Get(ctx, &row, selectSignIn+" WHERE id = ?", string(id))
	if errors.Is(err, sql.ErrNoRows) {
		return surveys.Account{}, surveys.SignIn{}, again
	}
	if err != nil {
		return surveys.Account{}, surveys.SignIn{}, surveys.Wrap("read sign-in", err)
	}
	signIn := row.signIn()
	var of accountRow
	err = s.db.Get(ctx, &of, selectAccount+" WHERE id = ? AND disabled_at IS NULL", row.AccountID)
	if errors.Is(err, sql.ErrNoRows) || err == nil && s.signInProof(of) != row.Proof {
		return surveys.Account{}, surveys.SignIn{}, again
	}
	if err != nil {
		return surveys.Account{}, surveys.SignIn{}, surveys.Wrap("read sign-in", err)
	}
	account, err := s.granted(ctx, of)
	if err != nil {
		return surveys.Account{}, surveys.SignIn{}, err
	}
	now := s.now()
	if signIn.Ended(account.Role, now) {
		return surveys.Account{}, signIn, again
	}
	if now.Sub(signIn.SeenAt) < sessionSlack {
		return account, signIn, nil
	}
	return account, signIn, surveys.Wrap("note that a sign-in is in use", s.db.InTx(ctx, func(tx *engine.Tx) error {
		_, err := tx.Exec(ctx, housekeeping, "UPDATE sign_ins SET seen_at = ? WHERE id = ? AND seen_at < ?", engine.Stamp(tx.Now), string(id), engine.Stamp(tx.Now))
		return err
	}))
}

// ConfirmSignIn notes that the person at a browser proved again who they are.
func (s *Store) ConfirmSignIn(ctx context.Context, account surveys.AccountID, id surveys.SignInID) error {
	return surveys.Wrap("confirm a sign-in", s.db.InTx(ctx, func(tx *engine.Tx) error {
		n, err := tx.Exec(ctx, audit{by: account, action: "session.confirm", object: string(account)}, `
			UPDATE sign_ins
			SET confirmed_at = ?, seen_at = ?
			WHERE id = ? AND account_id = ?`, engine.Stamp(tx.Now), engine.Stamp(tx.Now), string(id), string(account))
		if err == nil && n == 0 {
			err = surveys.Errorf(surveys.Unauthenticated, pleaseSignIn)
		}
		return err
	}))
}

// ListSignIns returns the sign-ins of an account that go on, or of every account with an empty id, the latest used first.
func (s *Store) ListSignIns(ctx context.Context, account surveys.AccountID) ([]surveys.SignIn, error) {
	accounts, err := s.ListAccounts(ctx)
	if err != nil {
		return nil, err
	}
	roles := make(map[surveys.AccountID]surveys.Role)
	for _, a := range accounts {
		if a.DisabledAt.IsZero() {
			roles[a.ID] = a.Role
		}
	}
	var rows []signInRow
	if err := s.db.List(ctx, &rows, selectSignIn+" WHERE account_id = ? OR ? = ''", string(account), string(account)); err != nil {
		return nil, surveys.Wrap("list sign-ins", err)
	}
	now := s.now()
	var list []surveys.SignIn
	for _, row := range rows {
		if one := row.signIn(); roles[one.Account] != 0 && !one.Ended(roles[one.Account], now) {
			list = append(list, one)
		}
	}
	slices.SortFunc(list, func(a, b surveys.SignIn) int { return b.SeenAt.Compare(a.SeenAt) })
	return list, nil
}

// EndSignIn ends a sign-in, of the account or of anybody with an empty one. It fails with NotFound if it has ended.
func (s *Store) EndSignIn(ctx context.Context, by, account surveys.AccountID, id surveys.SignInID) error {
	return surveys.Wrap("end a sign-in", s.db.InTx(ctx, func(tx *engine.Tx) error {
		var of surveys.AccountID
		err := tx.Get(ctx, &of, "SELECT account_id FROM sign_ins WHERE id = ? AND (account_id = ? OR ? = '')", string(id), string(account), string(account))
		if err != nil {
			return notFound(err, noSignIn)
		}
		_, err = tx.Exec(ctx, audit{by: by, action: "session.end", object: string(of)}, "DELETE FROM sign_ins WHERE id = ?", string(id))
		return err
	}))
}

// endSignIns ends the sign-ins of an account but for one, which may be none, and whatever was about to become one: from now on
// it counts another epoch.
func (s *Store) endSignIns(ctx context.Context, tx *engine.Tx, a audit, account surveys.AccountID, but surveys.SignInID) error {
	if _, err := tx.Exec(ctx, a, "UPDATE accounts SET epoch = epoch + 1 WHERE id = ?", string(account)); err != nil {
		return err
	}
	var row accountRow
	if err := tx.Get(ctx, &row, selectAccount+" WHERE id = ?", string(account)); err != nil {
		return notFound(err, noAccount)
	}
	if _, err := tx.Exec(ctx, a, "UPDATE sign_ins SET proof = ? WHERE id = ? AND account_id = ?", s.signInProof(row), string(but), string(account)); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, a, "DELETE FROM sign_ins WHERE account_id = ? AND id <> ?", string(account), string(but))
	return err
}

// ChangePassword gives an account another password, whose present one it has to say, and ends its other sign-ins. It fails
// with Invalid for a present password that is not right, and for a new one that is no good.
func (s *Store) ChangePassword(ctx context.Context, id surveys.AccountID, keep surveys.SignInID, present, password string) error {
	var row accountRow
	if err := s.db.Get(ctx, &row, selectAccount+" WHERE id = ? AND disabled_at IS NULL", string(id)); err != nil {
		return surveys.Wrap("change password", notFound(err, noAccount))
	}
	if err := s.checkPresent(ctx, row, present); err != nil {
		return err
	}
	words, err := s.placeWords(ctx)
	if err != nil {
		return err
	}
	if err := (surveys.NewAccount{Name: row.Name, Email: row.Email}).CheckPassword(password, words...); err != nil {
		return err
	}
	hash, err := s.hashPassword(ctx, password)
	if err != nil {
		return err
	}
	return surveys.Wrap("change password", s.db.InTx(ctx, func(tx *engine.Tx) error {
		a := audit{by: id, action: "account.change-password", object: string(id)}
		n, err := changeHashed(ctx, tx, a, change{"accounts", "password = ?", "id = ? AND password = ?", []any{hash}, []any{string(id), row.Password}})
		if err != nil {
			return err
		}
		if n == 0 { // somebody else was quicker
			return surveys.Errorf(surveys.Conflict, "The password was changed a moment ago. Sign in with the new one.")
		}
		if _, err := tx.Exec(ctx, a, "UPDATE sign_ins SET confirmed_at = ? WHERE id = ? AND account_id = ?",
			engine.Stamp(tx.Now), string(keep), string(id)); err != nil {
			return err
		}
		return s.endSignIns(ctx, tx, a, id, keep)
	}))
}

// CheckPresentPassword fails with Invalid unless the password is the account's.
func (s *Store) CheckPresentPassword(ctx context.Context, id surveys.AccountID, present string) error {
	var row accountRow
	if err := s.db.Get(ctx, &row, selectAccount+" WHERE id = ? AND disabled_at IS NULL", string(id)); err != nil {
		return surveys.Wrap("check password", notFound(err, noAccount))
	}
	return s.checkPresent(ctx, row, present)
}

func (s *Store) checkPresent(ctx context.Context, row accountRow, present string) error {
	ok, err := s.tryPassword(ctx, "present "+row.ID, true, row.Password, present)
	if err != nil || ok {
		return err
	}
	message := "This is not your present password."
	return &surveys.Error{Kind: surveys.Invalid, Message: message, Fields: map[string]string{"present": message}}
}

// signInGone is how long the row of a sign-in is kept that has come to its end, to know whose form it is that comes late.
const signInGone = 24 * time.Hour
