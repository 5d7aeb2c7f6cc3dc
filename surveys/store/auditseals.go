package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"wellwave/surveys"
	"wellwave/surveys/store/engine"
)

// The audit trail is a chain of seals, each over some entries and the seal before. Entries are sealed in batches just after they
// were committed, by a transaction of its own, so that nobody who writes one waits for the head of the chain. A server that is
// killed in between leaves entries unsealed, and the next seal takes them in. Whoever can write to the database can make a whole
// chain anew, from where they changed it; that is found by a head which was noted before, and every backup holds one.

const (
	sealedAtOnce = 500                   // entries
	sealAfter    = 50 * time.Millisecond // for what is committed meanwhile to share the seal
)

// AuditHead is the last seal of the audit trail: the whole trail up to it follows from its hash.
type AuditHead struct {
	Number int    `db:"number"`
	Hash   string `db:"hash"` // SHA-256 in hex
}

// String returns the head as people note it, such as 12:0f3a…; nothing where there is none.
func (h AuditHead) String() string {
	if h.Number == 0 {
		return ""
	}
	return fmt.Sprintf("%d:%s", h.Number, h.Hash)
}

// ParseAuditHead reads what String returned.
func ParseAuditHead(text string) (h AuditHead, err error) {
	n, err := fmt.Sscanf(text, "%d:%64s", &h.Number, &h.Hash)
	if err != nil || n != 2 || h.String() != text || len(h.Hash) != 64 {
		return h, surveys.Errorf(surveys.Invalid, "“%s” is no head of an audit trail, a number and 64 letters and digits with a colon between them, as doctor and backup print it", text)
	}
	return h, nil
}

// unsealed holds something when there may be something to seal.
type unsealed chan struct{}

func (u unsealed) soon() {
	select {
	case u <- struct{}{}:
	default: // it is announced already
	}
}

// KeepSealing seals entries soon after they are written, until ctx ends, and tells failed why some could not be. Servers run
// it beside their requests; what is left, and what commands write, is sealed when the store closes.
func (s *Store) KeepSealing(ctx context.Context, failed func(error)) {
	for {
		select {
		case <-s.unsealed:
		case <-ctx.Done():
			return
		}
		select {
		case <-time.After(sealAfter):
		case <-ctx.Done():
			s.unsealed.soon()
			return
		}
		if err := s.SealAudit(ctx); err != nil && ctx.Err() == nil {
			failed(err)
		}
	}
}

// SealAudit seals every entry of the audit trail that is not sealed yet.
func (s *Store) SealAudit(ctx context.Context) error {
	for {
		var waiting bool
		if err := s.db.Get(ctx, &waiting, "SELECT EXISTS (SELECT 1 FROM audit WHERE seal IS NULL)"); err != nil || !waiting {
			return surveys.Wrap("look for entries to seal", err)
		}
		err := s.db.InTx(ctx, func(tx *engine.Tx) error { return sealSome(ctx, tx) })
		if err != nil && surveys.KindOf(err) != surveys.Conflict { // then another server has made the seal
			return surveys.Wrap("seal the audit trail", err)
		}
	}
}

// sealSome makes one seal.
func sealSome(ctx context.Context, tx *engine.Tx) error {
	head, err := readHead(ctx, tx)
	if err != nil {
		return err
	}
	var rows []auditRow
	if err := tx.List(ctx, &rows, `
		SELECT id, at, account_id, action, study_id, object, detail
		FROM audit
		WHERE seal IS NULL
		ORDER BY id
		LIMIT ?`, sealedAtOnce); err != nil || len(rows) == 0 {
		return err
	}
	next := head.after(rows)
	if _, err := tx.Exec(ctx, theTrail, `
		INSERT INTO audit_seals (number, entries, head, sealed_at)
		VALUES (?, ?, ?, ?)`, next.Number, len(rows), next.Hash, engine.Stamp(tx.Now)); err != nil {
		return err
	}
	ids := make([]any, 0, 1+len(rows))
	ids = append(ids, next.Number)
	for _, row := range rows {
		ids = append(ids, row.ID)
	}
	_, err = tx.Exec(ctx, theTrail, "UPDATE audit SET seal = ? WHERE id IN (?"+strings.Repeat(", ?", len(rows)-1)+")", ids...)
	return err
}

// after returns the head of the chain with one seal more, over the entries in the order of their ids.
func (h AuditHead) after(rows []auditRow) AuditHead {
	sum := sha256.New()
	_, _ = fmt.Fprintf(sum, "%d %s\n", h.Number, h.Hash) // a hash never fails
	for _, row := range rows {
		text, err := json.Marshal([]any{row.ID, row.At.Time().UnixMilli(), row.AccountID.String, row.Action, row.StudyID.String, row.Object, row.Detail})
		if err != nil {
			panic("texts and a number always have a JSON") // as they are
		}
		_, _ = sum.Write(append(text, '\n'))
	}
	return AuditHead{h.Number + 1, hex.EncodeToString(sum.Sum(nil))}
}

// readHead returns the last seal.
func readHead(ctx context.Context, from fingerprints) (head AuditHead, err error) {
	err = from.Get(ctx, &head, `
		SELECT number, head AS hash
		FROM audit_seals
		ORDER BY number DESC
		LIMIT 1`)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return head, err
}

// readHeadOf returns the last seal of a database that nobody else needs to have open, or the seal with a number; the zero value where
// there is none.
func readHeadOf(ctx context.Context, dsn string, number int) (head AuditHead, err error) {
	db, err := engine.OpenAsIs(dsn)
	if err != nil {
		return head, err
	}
	defer func() { _ = db.Close() }() // it was only read
	there, err := db.HasTable(ctx, "audit_seals")
	if err != nil || !there {
		return head, err
	}
	if number == 0 {
		return readHead(ctx, db)
	}
	err = db.Get(ctx, &head, "SELECT number, head AS hash FROM audit_seals WHERE number = ?", number)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return head, err
}

// SealedHead seals what waits and returns the head of the audit trail.
func (s *Store) SealedHead(ctx context.Context) (AuditHead, error) {
	if err := s.SealAudit(ctx); err != nil {
		return AuditHead{}, err
	}
	head, err := readHead(ctx, s.db)
	return head, surveys.Wrap("read the head of the audit trail", err)
}

// CheckAudit reads the whole audit trail and returns what is not as it was sealed. noted is a head that somebody noted earlier,
// which the trail must still hold; the zero value is none.
func (s *Store) CheckAudit(ctx context.Context, noted AuditHead) (faults []string, err error) {
	var seals []struct {
		AuditHead
		Entries  int          `db:"entries"`
		SealedAt engine.Stamp `db:"sealed_at"`
	}
	if err := s.db.List(ctx, &seals, `
		SELECT number, head AS hash, entries, sealed_at
		FROM audit_seals
		ORDER BY number`); err != nil {
		return nil, surveys.Wrap("read the seals of the audit trail", err)
	}
	var head AuditHead
	found := noted.Number == 0
	for _, seal := range seals {
		var rows []auditRow
		if err := s.db.List(ctx, &rows, `
			SELECT id, at, account_id, action, study_id, object, detail
			FROM audit
			WHERE seal = ?
			ORDER BY id`, seal.Number); err != nil {
			return faults, surveys.Wrap("read the audit trail", err)
		}
		when := shown(seal.SealedAt.Time())
		switch {
		case seal.Number != head.Number+1:
			faults = append(faults, fmt.Sprintf("the audit trail has no seal %d, before that of %s", head.Number+1, when))
		case len(rows) != seal.Entries:
			faults = append(faults, fmt.Sprintf("of the %d entries of the audit trail that were sealed together at %s there are %d", seal.Entries, when, len(rows)))
		case head.after(rows) != seal.AuditHead:
			faults = append(faults, fmt.Sprintf("an entry of the audit trail, of %d that were sealed together at %s, or their seal, was changed", seal.Entries, when))
		}
		head = seal.AuditHead
		found = found || head == noted
	}
	if !found {
		faults = append(faults, fmt.Sprintf("the audit trail does not hold the head %s: it was cut off or made anew since that was noted", noted))
	}
	return faults, nil
}
