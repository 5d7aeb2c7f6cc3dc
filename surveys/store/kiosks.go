package store

import (
	"cmp"
	"context"
	"database/sql"
	"slices"
	"strings"
	"time"

	"wellwave/surveys"
	"wellwave/surveys/store/engine"
)

type kioskRow struct {
	ID        string         `db:"id"`
	StudyID   string         `db:"study_id"`
	SiteID    string         `db:"site_id"`
	Name      string         `db:"name"`
	PIN       string         `db:"pin"`
	AccountID string         `db:"account_id"`
	MadeAt    engine.Stamp   `db:"made_at"`
	EndsAt    engine.Stamp   `db:"ends_at"`
	RevokedAt engine.Stamp   `db:"revoked_at"`
	Tries     int            `db:"tries"`
	RetryAt   engine.Stamp   `db:"retry_at"`
	Unlocked  sql.NullString `db:"unlocked_by"`
	UnlockTo  engine.Stamp   `db:"unlocked_to"`
	LentTo    sql.NullString `db:"lent_to"`
}

func (r kioskRow) kiosk() surveys.KioskDevice {
	return surveys.KioskDevice{ID: surveys.KioskID(r.ID), Study: surveys.StudyID(r.StudyID), Site: surveys.SiteID(r.SiteID), Name: r.Name,
		By: surveys.AccountID(r.AccountID), MadeAt: r.MadeAt.Time(), EndsAt: r.EndsAt.Time(), RevokedAt: r.RevokedAt.Time(), RetryAt: r.RetryAt.Time(),
		LentTo: surveys.HandOverID(r.LentTo.String)}
}

const selectKiosk = `
	SELECT id, study_id, site_id, name, pin, account_id, made_at, ends_at, revoked_at, tries, retry_at, unlocked_by, unlocked_to, lent_to
	FROM kiosks`

// noKiosk answers every question about a kiosk that is not set up, or not any more.
const noKiosk = "this tablet is not set up"

// CreateKiosk sets a kiosk up. It fails with Invalid for a poor PIN and with NotFound for an unknown site.
func (s *Store) CreateKiosk(ctx context.Context, by surveys.AccountID, n surveys.NewKiosk) (surveys.KioskDevice, error) {
	if err := n.Check(); err != nil {
		return surveys.KioskDevice{}, err
	}
	hash, err := s.hashPassword(ctx, n.PIN)
	if err != nil {
		return surveys.KioskDevice{}, err
	}
	var made surveys.KioskDevice
	err = s.db.InTx(ctx, func(tx *engine.Tx) error {
		now := tx.Now.UTC().Truncate(time.Millisecond) // as it is stored
		made = surveys.KioskDevice{ID: surveys.KioskID(newID(tx.Now)), Study: n.Study, Site: n.Site, Name: n.Name, By: by, MadeAt: now,
			EndsAt: now.Add(surveys.KioskLife)}
		a := audit{by, "kiosk.create", n.Study, string(made.ID), string(n.Site)}
		row := []any{made.ID, made.Study, made.Site, made.Name, hash, by, engine.Stamp(made.MadeAt), engine.Stamp(made.EndsAt)}
		_, err := tx.Exec(ctx, a, `
			INSERT INTO kiosks (id, study_id, site_id, name, pin, account_id, made_at, ends_at, tries, row_hash)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, ?)`, append(row, hashOf(tx, "kiosks", append(row, nil)...))...)
		return err
	})
	return made, surveys.Wrap("set up a tablet", err)
}

// FindKiosk returns a kiosk, whether it works or not. It fails with NotFound.
func (s *Store) FindKiosk(ctx context.Context, id surveys.KioskID) (surveys.KioskDevice, error) {
	var row kioskRow
	if err := s.db.Get(ctx, &row, selectKiosk+" WHERE id = ?", id); err != nil {
		return surveys.KioskDevice{}, notFound(err, noKiosk)
	}
	return row.kiosk(), nil
}

// ListKiosks returns the kiosks of a site, the newest first.
func (s *Store) ListKiosks(ctx context.Context, study surveys.StudyID, site surveys.SiteID) ([]surveys.KioskDevice, error) {
	var rows []kioskRow
	if err := s.db.List(ctx, &rows, selectKiosk+" WHERE study_id = ? AND site_id = ?", study, site); err != nil {
		return nil, surveys.Wrap("list tablets", err)
	}
	kiosks := make([]surveys.KioskDevice, len(rows))
	for i, row := range rows {
		kiosks[i] = row.kiosk()
	}
	slices.SortFunc(kiosks, func(a, b surveys.KioskDevice) int {
		return cmp.Or(b.MadeAt.Compare(a.MadeAt), strings.Compare(string(a.ID), string(b.ID)))
	})
	return kiosks, nil
}

// RevokeKiosk ends a kiosk of a site, and with it what it was handed over for. What it holds of answers can still be sent, and
// is kept aside: who gave them nobody can tell any more. It waits for the saves under way. It fails with NotFound for one that is
// not the site's.
func (s *Store) RevokeKiosk(ctx context.Context, by surveys.AccountID, study surveys.StudyID, site surveys.SiteID, id surveys.KioskID) error {
	err := s.db.InTx(ctx, func(tx *engine.Tx) error {
		n, err := changeHashed(ctx, tx, audit{by, "kiosk.revoke", study, string(id), string(site)}, change{"kiosks",
			"revoked_at = COALESCE(revoked_at, ?), unlocked_by = NULL", "id = ? AND study_id = ? AND site_id = ?", []any{engine.Stamp(tx.Now)}, []any{id, study, site}})
		if err == nil && n == 0 {
			err = surveys.Errorf(surveys.NotFound, noKiosk)
		}
		if err != nil {
			return err
		}
		return holdSubmissions(ctx, tx)
	})
	return surveys.Wrap("revoke a tablet", err)
}

// lockKiosk reads a kiosk that works and holds it until the transaction ends. It fails with NotFound.
func lockKiosk(ctx context.Context, tx *engine.Tx, id surveys.KioskID) (kioskRow, error) {
	var row kioskRow
	if err := tx.Get(ctx, &row, selectKiosk+" WHERE id = ? "+tx.LockRow(), id); err != nil {
		return row, notFound(tx.Translate(err), noKiosk)
	}
	if !row.kiosk().Works(tx.Now) {
		return row, surveys.Errorf(surveys.NotFound, noKiosk)
	}
	return row, nil
}

func pinTooOften() error {
	return surveys.Errorf(surveys.Closed, "The PIN was wrong too often, so this one was not looked at. Wait, or set the tablet up again from the desk.")
}

// UnlockKiosk opens a kiosk for colleagues with its PIN and returns what proves that. It fails with Unauthenticated for a
// wrong PIN, with Closed while none is looked at after too many, and with Unavailable where too many sign in. A try counts before its PIN is looked at, so that
// many at once are no more than one after the other.
func (s *Store) UnlockKiosk(ctx context.Context, id surveys.KioskID, pin string) (proof string, err error) {
	if device, err := s.FindKiosk(ctx, id); err != nil {
		return "", err
	} else if s.now().Before(device.RetryAt) { // before it takes a place from others
		return "", pinTooOften()
	}
	leave, err := hashing.enter(ctx, urgent) // before the try counts: whoever is refused has not tried
	if err != nil {
		return "", surveys.Wrap("unlock a tablet", err)
	}
	defer leave()
	var row kioskRow
	err = s.db.InTx(ctx, func(tx *engine.Tx) error {
		var err error
		if row, err = lockKiosk(ctx, tx, id); err != nil {
			return err
		}
		if tx.Now.Before(row.RetryAt.Time()) {
			return pinTooOften()
		}
		row.Tries++
		var retry engine.Stamp
		var record engine.Record = housekeeping // the first tries
		if wait := surveys.PINWait(row.Tries); wait > 0 {
			retry = engine.Stamp(tx.Now.Add(wait))
			record = audit{action: "kiosk.wait", study: surveys.StudyID(row.StudyID), object: row.ID, detail: row.SiteID}
		}
		if _, err = tx.Exec(ctx, record, `
			UPDATE kiosks
			SET tries = ?, retry_at = ?, unlocked_by = NULL
			WHERE id = ?`, row.Tries, retry, id); err != nil {
			return err
		}
		return endHandOver(ctx, tx, id, row.LentTo.String) // whoever had it has given it back
	})
	if err != nil {
		return "", surveys.Wrap("unlock a tablet", err)
	}
	ok, err := s.passwordMatches(row.PIN, pin)
	if err != nil {
		return "", err
	}
	if !ok {
		return "", surveys.Errorf(surveys.Unauthenticated, "This is not the PIN of this tablet.")
	}
	proof = newToken()
	err = s.db.InTx(ctx, func(tx *engine.Tx) error {
		if _, err := lockKiosk(ctx, tx, id); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, housekeeping, `
			UPDATE kiosks
			SET tries = 0, retry_at = NULL, unlocked_by = ?, unlocked_to = ?
			WHERE id = ?`, s.hashCode(proof), engine.Stamp(tx.Now.Add(surveys.KioskUnlockLife)), id)
		return err
	})
	return proof, surveys.Wrap("unlock a tablet", err)
}

// KioskUnlocked reports whether proof still opens a kiosk for colleagues.
func (s *Store) KioskUnlocked(ctx context.Context, id surveys.KioskID, proof string) (bool, error) {
	var row kioskRow
	if err := s.db.Get(ctx, &row, selectKiosk+" WHERE id = ?", id); err != nil {
		return false, notFound(err, noKiosk)
	}
	return s.opens(row, proof, s.now()), nil
}

func (s *Store) opens(row kioskRow, proof string, now time.Time) bool {
	return proof != "" && row.Unlocked.Valid && row.Unlocked.String == s.hashCode(proof) && now.Before(row.UnlockTo.Time()) && row.kiosk().Works(now)
}

// LockKiosk ends what UnlockKiosk began, and what the kiosk was handed over for last.
func (s *Store) LockKiosk(ctx context.Context, id surveys.KioskID) error {
	return surveys.Wrap("lock a tablet", s.db.InTx(ctx, func(tx *engine.Tx) error {
		var row kioskRow
		if err := tx.Get(ctx, &row, selectKiosk+" WHERE id = ? "+tx.LockRow(), id); err != nil {
			return notFound(err, noKiosk)
		}
		if _, err := tx.Exec(ctx, housekeeping, `
			UPDATE kiosks
			SET unlocked_by = NULL
			WHERE id = ? AND unlocked_by IS NOT NULL`, id); err != nil {
			return err
		}
		return endHandOver(ctx, tx, id, row.LentTo.String)
	}))
}

// HandOver records that a kiosk is given to somebody of its own site, and locks it. It fails with Unauthenticated unless
// proof opens the kiosk, with NotFound for somebody of another site or a wave that is not theirs, and as HandOver.Check.
func (s *Store) HandOver(ctx context.Context, proof string, h surveys.HandOver) (surveys.HandOver, error) {
	h.ID, h.At = surveys.HandOverID(randomID()), s.now().UTC().Truncate(time.Millisecond)
	return s.handOver(ctx, h, func(tx *engine.Tx) error {
		row, err := lockKiosk(ctx, tx, h.Kiosk)
		if err != nil {
			return err
		}
		if !s.opens(row, proof, tx.Now) {
			return surveys.Errorf(surveys.Unauthenticated, "Type the PIN first.")
		}
		return lend(ctx, tx, row, h.ID)
	})
}

// lend puts a kiosk into other hands and locks it.
func lend(ctx context.Context, tx *engine.Tx, row kioskRow, to surveys.HandOverID) error {
	if row.LentTo.String != string(to) {
		if err := endHandOver(ctx, tx, surveys.KioskID(row.ID), row.LentTo.String); err != nil {
			return err
		}
	}
	_, err := tx.Exec(ctx, housekeeping, `
		UPDATE kiosks
		SET unlocked_by = NULL, lent_to = ?
		WHERE id = ?`, to, row.ID)
	return err
}

// AdoptHandOver records a handing-over that a kiosk made without a network, and that goes on with one from now on, as
// ReportHandOver does. It fails with Unauthenticated for one that has ended, and with NotFound for a kiosk that does not work.
func (s *Store) AdoptHandOver(ctx context.Context, h surveys.HandOver) (surveys.HandOver, error) {
	return s.handOver(ctx, h, func(tx *engine.Tx) error {
		row, err := lockKiosk(ctx, tx, h.Kiosk)
		if err != nil {
			return err
		}
		var ended bool
		if err := tx.Get(ctx, &ended, `
			SELECT COUNT(*) > 0
			FROM hand_overs
			WHERE id = ? AND (ended_at IS NOT NULL OR kiosk_id <> ?)`, h.ID, h.Kiosk); err != nil {
			return err
		}
		if ended {
			return surveys.OnHandOver.Ended()
		}
		return lend(ctx, tx, row, h.ID)
	})
}

// ReportHandOver records a handing-over that a kiosk made without a network and tells of only now, by the id that it was
// given before. Told again it changes nothing. A kiosk that was revoked in the meantime may still tell.
func (s *Store) ReportHandOver(ctx context.Context, h surveys.HandOver) (surveys.HandOver, error) {
	return s.handOver(ctx, h, func(*engine.Tx) error { return nil })
}

func (s *Store) handOver(ctx context.Context, h surveys.HandOver, allow func(*engine.Tx) error) (surveys.HandOver, error) {
	kiosk, err := s.FindKiosk(ctx, h.Kiosk)
	if err != nil {
		return surveys.HandOver{}, err
	}
	person, err := s.FindEnrolment(ctx, h.Enrolment)
	if err != nil {
		return surveys.HandOver{}, err
	}
	study, _, err := s.Study(ctx, kiosk.Study)
	if err != nil {
		return surveys.HandOver{}, err
	}
	wave, ok := study.Wave(h.Wave)
	if !ok || wave.Audience != surveys.Patients || person.Study != kiosk.Study || person.Site != kiosk.Site {
		return surveys.HandOver{}, surveys.Errorf(surveys.NotFound, "no such participant is enrolled at the site of this tablet")
	}
	h.Study, h.Site = kiosk.Study, kiosk.Site
	if err := h.Check(study); err != nil {
		return surveys.HandOver{}, err
	}
	err = s.db.InTx(ctx, func(tx *engine.Tx) error {
		if err := allow(tx); err != nil {
			return err
		}
		left, err := lockEnrolment(ctx, tx, h.Enrolment)
		if err != nil || left == surveys.EraseAnswers { // of whom nothing is written any more
			return err
		}
		a := audit{kiosk.By, "kiosk.hand-over", h.Study, string(h.Enrolment), string(h.Wave) + ", tablet " + string(h.Kiosk)}
		row := []any{h.ID, h.Kiosk, h.Enrolment, h.Wave, h.Initials, h.Colleague, h.Helper, engine.Stamp(h.At)}
		_, err = tx.Exec(ctx, a, `
			INSERT INTO hand_overs (id, kiosk_id, enrolment_id, wave_id, initials, colleague, helper, at, row_hash)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (id) DO NOTHING`, append(row, hashOf(tx, "hand_overs", row...))...)
		return err // told twice, it changes nothing
	})
	return h, surveys.Wrap("hand a tablet over", err)
}
