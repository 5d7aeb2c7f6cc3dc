package store

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"
	"time"

	"wellwave/surveys"
	"wellwave/surveys/store/engine"
)

// allowance is how many attempts may fail one after the other, and after how long one more may.
type allowance struct {
	burst int
	every time.Duration
}

// Allowances, over all servers and addresses. Attempts at an account are counted apart for each browser that has signed in
// to it before and together for all others: a stranger who tries on and on uses up what strangers have, at 1,440 guesses a
// day, and whoever the account belongs to signs in as always where they did before. Nobody is locked out for longer than one
// attempt costs. Of codes only the beginning is counted; a personal link is too long to be guessed and is not counted.
var (
	accountTries = allowance{10, time.Minute}
	codeTries    = allowance{30, 10 * time.Second}
)

// clockSlack is how far the clocks of servers may be apart. What stands further in the future than any allowance reaches was
// written by a clock that was wrong, and holds nobody up.
const clockSlack = time.Hour

// spend uses up one attempt under a key. It fails with TooMany where none is left, and then counts nothing.
func (s *Store) spend(ctx context.Context, a allowance, key string) error {
	err := s.db.InTx(ctx, func(tx *engine.Tx) error {
		now, every := tx.Now.UnixMilli(), a.every.Milliseconds()
		until := now + int64(a.burst)*every
		var spent int64
		err := tx.ExecGet(ctx, housekeeping, &spent, `
			INSERT INTO attempts (key_hash, spent_until)
			VALUES (?, ?)
			ON CONFLICT (key_hash) DO UPDATE
			SET spent_until = ? + CASE WHEN attempts.spent_until > ? AND attempts.spent_until <= ? THEN attempts.spent_until ELSE ? END
			WHERE attempts.spent_until <= ? OR attempts.spent_until > ?
			RETURNING spent_until`,
			s.hashCode(key), now+every, every, now, until, now, until-every, until+clockSlack.Milliseconds())
		if errors.Is(err, sql.ErrNoRows) {
			return s.spent(ctx, tx, a, key)
		}
		return err
	})
	return surveys.Wrap("count an attempt", err)
}

// spent returns nil while an attempt is left under a key, and else TooMany.
func (s *Store) spent(ctx context.Context, from querier, a allowance, key string) error {
	var spent int64
	err := from.Get(ctx, &spent, "SELECT spent_until FROM attempts WHERE key_hash = ?", s.hashCode(key))
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return surveys.Wrap("look at attempts", err)
	}
	most := s.now().Add(time.Duration(a.burst-1) * a.every)
	wait := time.UnixMilli(spent).Sub(most)
	if wait <= 0 || wait > a.every+clockSlack {
		return nil
	}
	refused := surveys.Errorf(surveys.TooMany, "There have been too many attempts, so this one was not looked at. Wait a minute, then try again.")
	refused.Wait = wait
	return refused
}

// giveBack takes an attempt back that did not fail.
func (s *Store) giveBack(ctx context.Context, a allowance, key string) error {
	return surveys.Wrap("take an attempt back", s.db.InTx(ctx, func(tx *engine.Tx) error {
		_, err := tx.Exec(ctx, housekeeping, "UPDATE attempts SET spent_until = spent_until - ? WHERE key_hash = ?", a.every.Milliseconds(), s.hashCode(key))
		return err
	}))
}

// sweepAttempts forgets the attempts that hold nobody up any more.
func sweepAttempts(ctx context.Context, tx *engine.Tx) error {
	_, err := tx.Exec(ctx, housekeeping, "DELETE FROM attempts WHERE spent_until <= ? OR spent_until > ?",
		engine.Stamp(tx.Now), engine.Stamp(tx.Now.Add(clockSlack+24*time.Hour)))
	return err
}

// TryCode counts an attempt at a code by how it begins, before the code is looked for. It fails with TooMany where none is
// left. CodeFound takes it back.
func (s *Store) TryCode(ctx context.Context, beginning string) error {
	return s.spend(ctx, codeTries, "code "+beginning)
}

// CodeFound takes back what TryCode counted, for a code that leads somewhere.
func (s *Store) CodeFound(ctx context.Context, beginning string) error {
	return s.giveBack(ctx, codeTries, "code "+beginning)
}

// knownAccounts is how many accounts a browser is known for: those who share a computer at a practice.
const knownAccounts = 6

// accountKey is what attempts at an account are counted under, and whether the browser has signed in to it before. known is
// what KnowBrowser returned, or anything that a browser says.
func (s *Store) accountKey(known, email string, id surveys.AccountID) (key string, before bool) {
	browser, proofs, _ := strings.Cut(known, ".")
	if id != "" && isSitting(browser) && slices.Contains(strings.Split(proofs, "."), s.browserProof(browser, id)) {
		return "account " + string(id) + " " + browser, true
	}
	return "account " + email, false
}

// KnowBrowser returns what a browser that has signed in to an account keeps for the next time, given what it kept before. It
// says which accounts to nobody but the server.
func (s *Store) KnowBrowser(known string, id surveys.AccountID) string {
	browser, rest, _ := strings.Cut(known, ".")
	if !isSitting(browser) {
		browser, rest = randomID(), ""
	}
	proof := s.browserProof(browser, id)
	proofs := []string{browser, proof}
	for before := range strings.SplitSeq(rest, ".") {
		if len(proofs) <= knownAccounts && isSitting(before) && before != proof {
			proofs = append(proofs, before)
		}
	}
	return strings.Join(proofs, ".")
}

func (s *Store) browserProof(browser string, id surveys.AccountID) string {
	return s.hashCode("browser " + browser + " " + string(id))
}
