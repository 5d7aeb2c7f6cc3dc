package store

import (
	"context"
	"errors"
	"strconv"

	"wellwave/surveys"
	"wellwave/surveys/sealing"
	"wellwave/surveys/store/engine"
)

type custodianRow struct {
	Number    int    `db:"number"`
	Name      string `db:"name"`
	Recipient string `db:"recipient"`
	Proved    bool   `db:"proved"`
}

const selectCustodians = `
	SELECT number, name, recipient, proved
	FROM staff_custodians
	WHERE study_id = ?
	ORDER BY number`

// ListCustodians returns who keeps the keys of the rounds that are set up from now on, in the order of their numbers.
func (s *Store) ListCustodians(ctx context.Context, study surveys.StudyID) ([]surveys.StaffCustodian, error) {
	var rows []custodianRow
	if err := s.db.List(ctx, &rows, selectCustodians, study); err != nil {
		return nil, surveys.Wrap("list custodians", err)
	}
	custodians := make([]surveys.StaffCustodian, len(rows))
	for i, row := range rows {
		custodians[i] = surveys.StaffCustodian(row)
	}
	return custodians, nil
}

// MakeCustodianKey makes the key of a custodian and returns it; the store keeps its public half only. Whoever had the
// number before opens the rounds that were set up with their key, and no later one. Instead is the public half of the key
// that is replaced, empty for the first; it fails with Conflict where another holds the number by now, since of two keys
// that two people see for one number, only one would open anything.
func (s *Store) MakeCustodianKey(ctx context.Context, by surveys.AccountID, study surveys.StudyID, c surveys.StaffCustodian, instead string) (key string, err error) {
	if err := c.Check(); err != nil {
		return "", err
	}
	if _, _, err := s.Study(ctx, study); err != nil {
		return "", err
	}
	key, recipient, err := sealing.NewKey()
	if err != nil {
		return "", err
	}
	err = s.db.InTx(ctx, func(tx *engine.Tx) error {
		n, err := tx.Exec(ctx, audit{by, "custodian.create", study, strconv.Itoa(c.Number), ""}, `
			INSERT INTO staff_custodians (study_id, number, name, recipient, proved)
			VALUES (?, ?, ?, ?, ?)
			ON CONFLICT (study_id, number) DO UPDATE
			SET name = excluded.name, recipient = excluded.recipient, proved = excluded.proved
			WHERE staff_custodians.recipient = ?`, study, c.Number, c.Name, recipient, false, instead)
		if err == nil && n == 0 {
			if instead == "" {
				return surveys.Errorf(surveys.Conflict, "There is a key already. Tick the box if it is to be replaced.")
			}
			return surveys.Errorf(surveys.Conflict, "Somebody else has replaced this key since the page was opened. Tick the box again if theirs is to be replaced too.")
		}
		return err
	})
	if err != nil {
		return "", surveys.Wrap("make a custodian's key", err)
	}
	return key, nil
}

// ProveCustodianKey notes that a custodian's key could be read back. It fails with Invalid for another key than theirs.
func (s *Store) ProveCustodianKey(ctx context.Context, by surveys.AccountID, study surveys.StudyID, number int, key string) error {
	recipient, err := sealing.Recipient(key)
	if err != nil {
		return refuseKey(err)
	}
	return surveys.Wrap("prove a custodian's key", s.db.InTx(ctx, func(tx *engine.Tx) error {
		var row custodianRow
		err := tx.Get(ctx, &row, `
			SELECT number, name, recipient, proved
			FROM staff_custodians
			WHERE study_id = ? AND number = ?
			`+tx.LockRow(), study, number)
		if err != nil {
			return notFound(err, "There is no custodian %d.", number)
		}
		if row.Recipient != recipient {
			return surveys.Errorf(surveys.Invalid, "This is a key, but not the one that was made for custodian %d.", number)
		}
		_, err = tx.Exec(ctx, audit{by, "custodian.prove", study, strconv.Itoa(number), ""}, `
			UPDATE staff_custodians
			SET proved = ?
			WHERE study_id = ? AND number = ?`, true, study, number)
		return err
	}))
}

// KeyFields name the two keys that open a round in the fields of an error.
var KeyFields = [2]string{"first", "second"}

// refuseKey turns what is wrong with a key into an error that says which of two it is, and repeats nothing of it.
func refuseKey(err error) error {
	var fault *sealing.KeyError
	if !errors.As(err, &fault) {
		return err
	}
	refused := surveys.Errorf(surveys.Invalid, "%s", fault.Error())
	refused.Fields = map[string]string{KeyFields[fault.Key]: fault.Error()}
	return refused
}

// provedCustodians returns the three custodians of a study. It fails with Conflict where one is missing, or has not
// proved yet that the key can be read back.
func provedCustodians(ctx context.Context, tx *engine.Tx, study surveys.StudyID) (three [sealing.Custodians]sealing.Custodian, err error) {
	var rows []custodianRow
	if err := tx.List(ctx, &rows, selectCustodians, study); err != nil {
		return three, err
	}
	if len(rows) < len(three) {
		return three, surveys.Errorf(surveys.Conflict, "Three custodians need a key before a round can be set up, and there are %d.", len(rows))
	}
	for i, row := range rows {
		if !row.Proved {
			return three, surveys.Errorf(surveys.Conflict, "Custodian %d has not shown yet that their key can be read back.", row.Number)
		}
		three[i] = sealing.Custodian{Name: row.Name, Recipient: row.Recipient}
	}
	return three, nil
}
