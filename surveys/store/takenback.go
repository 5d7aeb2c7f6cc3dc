package store

import (
	"context"
	"fmt"
	"slices"

	"wellwave/surveys"
	"wellwave/surveys/store/engine"
)

// TakenBack says how much was taken back in another database since a copy was made of it, and so was taken back again in the
// copy.
type TakenBack struct {
	Links      int // replaced, or ended with somebody's leaving
	Tablets    int
	Keys       int // of the API
	Accounts   int // disabled
	Passwords  int // changed: the new one counts
	Factors    int // accounts whose passkeys, authenticator or recovery codes were others: the new ones count
	Studies    int // accounts from which studies were taken
	Custodians int // whose keys were replaced: the new one counts
	Rounds     int // closed, which destroys their cards
}

// None reports whether there was nothing of it.
func (t TakenBack) None() bool { return t == TakenBack{} }

// revocable are the tables of grants whose rows stay and say when they ended.
var revocable = []struct {
	table, ended, study, action string
	count                       func(*TakenBack) *int
}{
	{"invitations", "ended_at", "study_id", "invitation.replay", func(t *TakenBack) *int { return &t.Links }},
	{"kiosks", "revoked_at", "study_id", "kiosk.replay", func(t *TakenBack) *int { return &t.Tablets }},
	{"api_keys", "revoked_at", "study_id", "key.replay", func(t *TakenBack) *int { return &t.Keys }},
	{"accounts", "disabled_at", "''", "account.replay", func(t *TakenBack) *int { return &t.Accounts }},
}

// replayGrants takes back again what was taken back in another database. What was granted there since is not in this one and
// does not come with it; only a password, a second step and a custodian's key that took the place of another do, since
// their owners have no other.
func (s *Store) replayGrants(ctx context.Context, other *engine.DB) (done TakenBack, err error) {
	sameCodes, err := s.sharesCodes(ctx, other)
	if err != nil {
		return done, err
	}
	closed, err := closedRounds(ctx, other)
	if err != nil {
		return done, err
	}
	err = s.db.InTx(ctx, func(tx *engine.Tx) error {
		done = TakenBack{}
		if err := holdSubmissions(ctx, tx); err != nil {
			return err
		}
		for _, r := range revocable {
			n, err := endAgain(ctx, tx, other, r.table, r.ended, r.study, r.action)
			if err != nil {
				return fmt.Errorf("end again what had ended of %s: %w", r.table, err)
			}
			*r.count(&done) = n
		}
		if err := s.replayAccounts(ctx, tx, other, sameCodes, &done); err != nil {
			return fmt.Errorf("take back what accounts had: %w", err)
		}
		if err := replayCustodians(ctx, tx, other, &done); err != nil {
			return fmt.Errorf("replace the keys of custodians: %w", err)
		}
		return replaySittings(ctx, tx, other)
	})
	if err != nil {
		return done, err
	}
	for _, r := range closed {
		err := s.CloseRound(ctx, "", r.Study, r.Wave)
		if kind := surveys.KindOf(err); kind == surveys.Conflict || kind == surveys.NotFound { // closed here too, or not known
			continue
		}
		if err != nil {
			return done, err
		}
		done.Rounds++
	}
	return done, nil
}

// endShortLived ends what lives a day at most, or a few for the link with which an account is set up, and of which nobody can
// say whether it was ended since: whoever is signed in signs in again. What waits on devices is not among it.
func (s *Store) endShortLived(ctx context.Context) error {
	return surveys.Wrap("end what was open", s.db.InTx(ctx, func(tx *engine.Tx) error { return endOpen(ctx, tx) }))
}

func endOpen(ctx context.Context, tx *engine.Tx) error {
	a := audit{action: "session.end-all", object: "everybody", detail: "an older copy was put in place"}
	for _, statement := range []string{
		"DELETE FROM sign_ins",
		"DELETE FROM account_sessions",
		"DELETE FROM setup_links",
		"UPDATE accounts SET epoch = epoch + 1",
		"UPDATE kiosks SET unlocked_by = NULL, lent_to = NULL",
		"UPDATE hand_overs SET ended_at = at WHERE ended_at IS NULL",
	} {
		if _, err := tx.Exec(ctx, a, statement); err != nil {
			return fmt.Errorf("end what lives for a day: %w", err)
		}
	}
	return nil
}

type endedRow struct {
	ID    string       `db:"id"`
	Study string       `db:"study_id"`
	At    engine.Stamp `db:"at"`
}

// endAgain ends the rows of a table that have ended in another database and not in this one.
func endAgain(ctx context.Context, tx *engine.Tx, other *engine.DB, table, ended, study, action string) (n int, err error) {
	there, err := other.HasTable(ctx, table)
	if err != nil || !there {
		return 0, err
	}
	var rows []endedRow
	if err := other.List(ctx, &rows, "SELECT id, "+study+" AS study_id, "+ended+" AS at FROM "+table+" WHERE "+ended+" IS NOT NULL ORDER BY id"); err != nil {
		return 0, err
	}
	var standing []string
	if err := tx.List(ctx, &standing, "SELECT id FROM "+table+" WHERE "+ended+" IS NULL"); err != nil {
		return 0, err
	}
	slices.Sort(standing)
	for _, row := range rows {
		if _, stands := slices.BinarySearch(standing, row.ID); !stands {
			continue
		}
		if _, err := changeHashed(ctx, tx, audit{action: action, study: surveys.StudyID(row.Study), object: row.ID},
			change{table, ended + " = ?", "id = ?", []any{row.At}, []any{row.ID}}); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// sharesCodes reports whether both databases hash with the same keys, so that a hash of one means something in the other.
func (s *Store) sharesCodes(ctx context.Context, other *engine.DB) (bool, error) {
	if there, err := other.HasTable(ctx, "server_keys"); err != nil || !there {
		return false, err
	}
	const ids = "SELECT id FROM server_keys WHERE purpose = '" + codesKey + "' ORDER BY created_at, id"
	var here, there []string
	if err := s.db.List(ctx, &here, ids); err != nil {
		return false, err
	}
	err := other.List(ctx, &there, ids)
	return slices.Equal(here, there), err
}

type roundName struct {
	Study surveys.StudyID `db:"study_id"`
	Wave  surveys.WaveID  `db:"wave_id"`
}

// closedRounds lists the rounds that are closed in a database.
func closedRounds(ctx context.Context, other *engine.DB) (closed []roundName, err error) {
	there, err := other.HasTable(ctx, "staff_rounds")
	if err != nil || !there {
		return nil, err
	}
	err = other.List(ctx, &closed, "SELECT study_id, wave_id FROM staff_rounds WHERE stage <> ? ORDER BY study_id, wave_id", surveys.RoundOpen.String())
	return closed, err
}

// replaySittings ends the sittings that were finished since. They are as many as on a day, and are not counted.
func replaySittings(ctx context.Context, tx *engine.Tx, other *engine.DB) error {
	there, err := other.HasTable(ctx, "ended_sittings")
	if err != nil || !there {
		return err
	}
	var rows []struct {
		Sitting string       `db:"sitting"`
		At      engine.Stamp `db:"ended_at"`
	}
	if err := other.List(ctx, &rows, "SELECT sitting, ended_at FROM ended_sittings ORDER BY sitting"); err != nil {
		return err
	}
	for _, row := range rows {
		if _, err := tx.Exec(ctx, housekeeping, `
			INSERT INTO ended_sittings (sitting, ended_at)
			VALUES (?, ?)
			ON CONFLICT (sitting) DO NOTHING`, row.Sitting, row.At); err != nil {
			return err
		}
	}
	return nil
}

// replayCustodians puts keys that took the place of others in their place.
func replayCustodians(ctx context.Context, tx *engine.Tx, other *engine.DB, done *TakenBack) error {
	there, err := other.HasTable(ctx, "staff_custodians")
	if err != nil || !there {
		return err
	}
	var rows []struct {
		roundName
		custodianRow
	}
	if err := other.List(ctx, &rows, "SELECT study_id, number, name, recipient, proved FROM staff_custodians ORDER BY study_id, number"); err != nil {
		return err
	}
	for _, row := range rows {
		a := audit{action: "custodian.replay", study: row.Study, object: fmt.Sprint(row.Number)}
		n, err := tx.Exec(ctx, a, `
			UPDATE staff_custodians
			SET name = ?, recipient = ?, proved = ?
			WHERE study_id = ? AND number = ? AND recipient <> ?`, row.Name, row.Recipient, row.Proved, row.Study, row.Number, row.Recipient)
		if err != nil {
			return err
		}
		done.Custodians += int(n)
	}
	return nil
}
