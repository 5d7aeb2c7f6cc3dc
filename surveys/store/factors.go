package store

import (
	"context"
	"database/sql"
	"strconv"

	"wellwave/surveys"
	"wellwave/surveys/store/engine"
)

// sealedAuthenticators is the purpose for which the secrets of authenticators are sealed.
const sealedAuthenticators = "authenticator"

type authenticatorRow struct {
	Secret   sql.NullString `db:"secret"`
	Pending  sql.NullString `db:"pending"`
	LastStep int64          `db:"last_step"`
	ToldStep int64          `db:"told_step"`
}

// lostFactor is the way out for whoever has nothing left to sign in with.
const lostFactor = "ask an administrator to take the second step from your account, so that you can set it up anew"

// Factors returns what an account may take its second step with.
func (s *Store) Factors(ctx context.Context, account surveys.AccountID) (f surveys.Factors, err error) {
	if err := s.db.Get(ctx, &f.Authenticator, "SELECT COUNT(*) > 0 FROM authenticators WHERE account_id = ? AND secret IS NOT NULL", string(account)); err != nil {
		return f, surveys.Wrap("find the second step", err)
	}
	if err := s.db.Get(ctx, &f.CodesLeft, "SELECT COUNT(*) FROM recovery_codes WHERE account_id = ?", string(account)); err != nil {
		return f, surveys.Wrap("count recovery codes", err)
	}
	f.Passkeys, err = listPasskeys(ctx, s.db, account)
	return f, err
}

// PendingAuthenticator returns the secret that an authenticator app of the account is to have, and makes one if none waits to
// be proved. It is shown again until it is.
func (s *Store) PendingAuthenticator(ctx context.Context, account surveys.AccountID) (secret []byte, err error) {
	err = s.db.InTx(ctx, func(tx *engine.Tx) error {
		row, err := lockAuthenticator(ctx, tx, account)
		if err != nil {
			return err
		}
		if row.Pending.Valid {
			secret, err = s.unseal(sealedAuthenticators, string(account), row.Pending.String)
			return err
		}
		secret = surveys.NewAuthenticatorSecret()
		_, err = tx.Exec(ctx, unaudited("a secret that does nothing until it is proved, which is audited"), "UPDATE authenticators SET pending = ? WHERE account_id = ?",
			s.seal(sealedAuthenticators, string(account), secret), string(account))
		return err
	})
	return secret, surveys.Wrap("make a secret", err)
}

// lockAuthenticator makes the row of an account if there is none, and holds it.
func lockAuthenticator(ctx context.Context, tx *engine.Tx, account surveys.AccountID) (row authenticatorRow, err error) {
	return row, tx.ExecGet(ctx, locking, &row, `
		INSERT INTO authenticators (account_id, last_step, told_step)
		VALUES (?, 0, 0)
		ON CONFLICT (account_id) DO UPDATE SET last_step = authenticators.last_step
		RETURNING secret, pending, last_step, told_step`, string(account))
}

// ConfirmAuthenticator takes a first code of the app that was given the pending secret, which counts from then on. With the
// first second step of an account come its recovery codes, which are returned and cannot be shown again. As with every change of
// a second step, the account's sign-ins end but for the one to keep, which may have begun without it. It fails with Invalid
// for a wrong code.
func (s *Store) ConfirmAuthenticator(ctx context.Context, account surveys.AccountID, keep surveys.SignInID, code string) (codes []string, err error) {
	err = s.db.InTx(ctx, func(tx *engine.Tx) error {
		row, err := lockAuthenticator(ctx, tx, account)
		if err != nil {
			return err
		}
		if !row.Pending.Valid {
			return surveys.Errorf(surveys.Conflict, "This was confirmed a moment ago, or it was begun anew in another window. Open the page again.")
		}
		secret, err := s.unseal(sealedAuthenticators, string(account), row.Pending.String)
		if err != nil {
			return err
		}
		step, counts, found := surveys.StepOf(secret, code, tx.Now)
		if !counts {
			message := "This is not the code that the app shows now. Wait for the next one and type it without delay."
			if found {
				message = "The clock of your app is " + surveys.ClockOff(step, tx.Now) + ". Set the device to take its time from the network, then type the next code."
			}
			return &surveys.Error{Kind: surveys.Invalid, Message: message, Fields: map[string]string{"one-time": message}}
		}
		a := audit{by: account, action: "factor.add", object: string(account), detail: "authenticator"}
		if _, err := tx.Exec(ctx, a, "UPDATE authenticators SET secret = pending, pending = NULL, last_step = ?, told_step = 0 WHERE account_id = ?",
			step, string(account)); err != nil {
			return err
		}
		if codes, err = s.firstFactor(ctx, tx, a, account); err != nil {
			return err
		}
		return s.endSignIns(ctx, tx, a, account, keep)
	})
	return codes, surveys.Wrap("set the second step up", err)
}

// firstFactor notes that an account has a second step, and makes its codes if it has none.
func (s *Store) firstFactor(ctx context.Context, tx *engine.Tx, a audit, account surveys.AccountID) ([]string, error) {
	if _, err := tx.Exec(ctx, a, "UPDATE accounts SET factor_since = COALESCE(factor_since, ?) WHERE id = ?", engine.Stamp(tx.Now), string(account)); err != nil {
		return nil, err
	}
	var left int
	if err := tx.Get(ctx, &left, "SELECT COUNT(*) FROM recovery_codes WHERE account_id = ?", string(account)); err != nil || left > 0 {
		return nil, err
	}
	return s.insertCodes(ctx, tx, a, account)
}

func (s *Store) insertCodes(ctx context.Context, tx *engine.Tx, a audit, account surveys.AccountID) ([]string, error) {
	codes := surveys.NewRecoveryCodes()
	for _, shown := range codes {
		code, _ := surveys.ReadRecoveryCode(shown)
		if _, err := tx.Exec(ctx, a, "INSERT INTO recovery_codes (code_hash, account_id) VALUES (?, ?)", s.hashRecovery(account, code), string(account)); err != nil {
			return nil, err
		}
	}
	return codes, nil
}

// hashRecovery ties a code to its account.
func (s *Store) hashRecovery(account surveys.AccountID, code string) string {
	return s.hashCode("recovery " + string(account) + " " + code)
}

// NewRecoveryCodes makes new codes for an account, in place of those it had, and ends its sign-ins but for the one to keep. The codes
// cannot be shown again.
func (s *Store) NewRecoveryCodes(ctx context.Context, account surveys.AccountID, keep surveys.SignInID) (codes []string, err error) {
	err = s.db.InTx(ctx, func(tx *engine.Tx) error {
		a := audit{by: account, action: "factor.new-codes", object: string(account)}
		if _, err := lockAuthenticator(ctx, tx, account); err != nil { // of two at once one comes after the other
			return err
		}
		if _, err := tx.Exec(ctx, a, "DELETE FROM recovery_codes WHERE account_id = ?", string(account)); err != nil {
			return err
		}
		if codes, err = s.insertCodes(ctx, tx, a, account); err != nil {
			return err
		}
		return s.endSignIns(ctx, tx, a, account, keep)
	})
	return codes, surveys.Wrap("make recovery codes", err)
}

// CheckFactorCode takes an authenticator's code or a recovery code of an account, each of them once. It fails with
// Unauthenticated for a code that is wrong, was used, or comes from a clock that is too far off, and with Closed while none is
// looked at after too many. A try counts before its code is looked at, so that many at once are no more than one after the
// other.
func (s *Store) CheckFactorCode(ctx context.Context, account surveys.AccountID, typed string) error {
	var refused error // which must not undo that the try counts
	err := s.db.InTx(ctx, func(tx *engine.Tx) error {
		refused = nil
		if err := countTry(ctx, tx, account); err != nil {
			return err
		}
		row, err := lockAuthenticator(ctx, tx, account)
		if err != nil {
			return err
		}
		if code, ok := surveys.ReadRecoveryCode(typed); ok {
			refused, err = s.useRecoveryCode(ctx, tx, account, code)
		} else {
			refused, err = s.useStep(ctx, tx, account, row, typed)
		}
		if err != nil || refused != nil {
			return err
		}
		_, err = tx.Exec(ctx, housekeeping, "DELETE FROM factor_tries WHERE account_id = ?", string(account))
		return err
	})
	if err == nil {
		err = refused
	}
	return surveys.Wrap("check a code", err)
}

// countTry counts a try at an account's second step, and refuses it while none is looked at.
func countTry(ctx context.Context, tx *engine.Tx, account surveys.AccountID) error {
	var row struct {
		Tries   int          `db:"tries"`
		RetryAt engine.Stamp `db:"retry_at"`
	}
	if err := tx.ExecGet(ctx, locking, &row, `
		INSERT INTO factor_tries (account_id, tries)
		VALUES (?, 0)
		ON CONFLICT (account_id) DO UPDATE SET tries = factor_tries.tries
		RETURNING tries, retry_at`, string(account)); err != nil {
		return err
	}
	if tx.Now.Before(row.RetryAt.Time()) {
		return surveys.Errorf(surveys.Closed, "Codes were wrong too often, so this one was not looked at. Wait a while, an hour at most, then try again.")
	}
	row.Tries++
	var retry engine.Stamp
	var record engine.Record = housekeeping // the first tries
	if wait := surveys.PINWait(row.Tries); wait > 0 {
		retry = engine.Stamp(tx.Now.Add(wait))
		record = audit{action: "factor.wait", object: string(account)}
	}
	_, err := tx.Exec(ctx, record, "UPDATE factor_tries SET tries = ?, retry_at = ? WHERE account_id = ?", row.Tries, retry, string(account))
	return err
}

// useRecoveryCode uses a recovery code up, or says why not.
func (s *Store) useRecoveryCode(ctx context.Context, tx *engine.Tx, account surveys.AccountID, code string) (refused, err error) {
	var left int
	if err := tx.Get(ctx, &left, "SELECT COUNT(*) FROM recovery_codes WHERE account_id = ?", string(account)); err != nil {
		return nil, err
	}
	if left == 0 {
		return surveys.Errorf(surveys.Unauthenticated, "All recovery codes of this account are used. Sign in with your authenticator app or passkey and make new ones; if you have neither, %s.", lostFactor), nil
	}
	n, err := tx.Exec(ctx, audit{by: account, action: "factor.use-code", object: string(account), detail: strconv.Itoa(left-1) + " left"},
		"DELETE FROM recovery_codes WHERE code_hash = ? AND account_id = ?", s.hashRecovery(account, code), string(account))
	if err == nil && n == 0 {
		refused = surveys.Errorf(surveys.Unauthenticated, "This recovery code is not one of your account, or it was used before: each works once.")
	}
	return refused, err
}

// useStep uses a step of an authenticator up, or says why not.
func (s *Store) useStep(ctx context.Context, tx *engine.Tx, account surveys.AccountID, row authenticatorRow, typed string) (refused, err error) {
	if !row.Secret.Valid {
		return surveys.Errorf(surveys.Unauthenticated, "This account has no authenticator app. Use its passkey, or a recovery code."), nil
	}
	secret, err := s.unseal(sealedAuthenticators, string(account), row.Secret.String)
	if err != nil {
		return nil, err
	}
	step, counts, found := surveys.StepOf(secret, typed, tx.Now)
	here := tx.Now.Unix() / 30
	switch {
	case !found:
		return surveys.Errorf(surveys.Unauthenticated, "This is not the code that your authenticator app shows now. Wait for the next one and type it without delay."), nil
	case counts && (step <= row.LastStep || step == row.ToldStep):
		return surveys.Errorf(surveys.Unauthenticated, "This code was used before: each works once. Wait for the next one."), nil
	case counts:
		_, err = tx.Exec(ctx, housekeeping, "UPDATE authenticators SET last_step = ?, told_step = 0 WHERE account_id = ? AND last_step < ?", step, string(account), step)
		return nil, err
	case step > here && row.ToldStep > here:
		// A code of a time to come will count. To say of several that they will would help somebody who guesses.
		return surveys.Errorf(surveys.Unauthenticated, "The clock of your authenticator app is wrong. Set its device to take the time from the network, or use a recovery code."), nil
	}
	if step > here {
		if _, err := tx.Exec(ctx, housekeeping, "UPDATE authenticators SET told_step = ? WHERE account_id = ?", step, string(account)); err != nil {
			return nil, err
		}
	}
	return surveys.Errorf(surveys.Unauthenticated, "The clock of your authenticator app is %s. Set its device to take the time from the network and use the next code, or use a recovery code now.",
		surveys.ClockOff(step, tx.Now)), nil
}

// ResetFactors takes the second step from an account whose owner has lost it, with its recovery codes, and ends its sign-ins.
// Its next sign-in begins a new day of grace.
func (s *Store) ResetFactors(ctx context.Context, by, account surveys.AccountID) error {
	return surveys.Wrap("take the second step away", s.db.InTx(ctx, func(tx *engine.Tx) error {
		a := audit{by: by, action: "factor.reset", object: string(account)}
		n, err := tx.Exec(ctx, a, "UPDATE accounts SET factor_since = NULL, factor_due_at = NULL WHERE id = ?", string(account))
		if err == nil && n == 0 {
			err = surveys.Errorf(surveys.NotFound, noAccount)
		}
		if err != nil {
			return err
		}
		for _, statement := range []string{"DELETE FROM authenticators WHERE account_id = ?", "DELETE FROM recovery_codes WHERE account_id = ?",
			"DELETE FROM factor_tries WHERE account_id = ?", "DELETE FROM passkeys WHERE account_id = ?"} {
			if _, err := tx.Exec(ctx, a, statement, string(account)); err != nil {
				return err
			}
		}
		return s.endSignIns(ctx, tx, a, account, "")
	}))
}

// RemoveAuthenticator takes the authenticator app from an account that has a passkey. It fails with NotFound where there is no
// app, and with Conflict where it is the only second step. Every other sign-in than keep ends.
func (s *Store) RemoveAuthenticator(ctx context.Context, account surveys.AccountID, keep surveys.SignInID) error {
	return surveys.Wrap("remove an authenticator", s.db.InTx(ctx, func(tx *engine.Tx) error {
		row, err := lockAuthenticator(ctx, tx, account)
		if err != nil {
			return err
		}
		if !row.Secret.Valid {
			return surveys.Errorf(surveys.NotFound, "Your account has no authenticator app.")
		}
		keys, err := listPasskeys(ctx, tx, account)
		if err != nil {
			return err
		}
		if len(keys) == 0 {
			return surveys.Errorf(surveys.Conflict, onlyFactor)
		}
		a := audit{by: account, action: "factor.remove", object: string(account), detail: "authenticator"}
		if _, err := tx.Exec(ctx, a, "UPDATE authenticators SET secret = NULL WHERE account_id = ?", string(account)); err != nil {
			return err
		}
		return s.endSignIns(ctx, tx, a, account, keep)
	}))
}

const onlyFactor = "This is the only second step of your account. Set another one up first."
