package store

import (
	"context"
	"slices"

	"wellwave/surveys"
	"wellwave/surveys/store/engine"
)

// granted returns the account of a row with the studies that it was given.
func (s *Store) granted(ctx context.Context, row accountRow) (surveys.Account, error) {
	account, err := row.account()
	if err != nil || !account.Role.Granted() || account.Grant.Every {
		return account, err
	}
	account.Grant.Studies, err = listGiven(ctx, s.db, account.ID)
	return account, err
}

// listGiven returns the studies that an account was given one by one, in order.
func listGiven(ctx context.Context, from querier, id surveys.AccountID) ([]surveys.StudyID, error) {
	var given []surveys.StudyID
	if err := from.List(ctx, &given, `
		SELECT study_id
		FROM account_studies
		WHERE account_id = ?`, string(id)); err != nil {
		return nil, surveys.Wrap("list an account's studies", err)
	}
	slices.Sort(given)
	return given, nil
}

// listGrants returns the studies that each account was given one by one, in order.
func (s *Store) listGrants(ctx context.Context) (map[surveys.AccountID][]surveys.StudyID, error) {
	var rows []struct {
		AccountID surveys.AccountID `db:"account_id"`
		StudyID   surveys.StudyID   `db:"study_id"`
	}
	if err := s.db.List(ctx, &rows, "SELECT account_id, study_id FROM account_studies"); err != nil {
		return nil, surveys.Wrap("list the studies of accounts", err)
	}
	given := make(map[surveys.AccountID][]surveys.StudyID)
	for _, row := range rows {
		given[row.AccountID] = append(given[row.AccountID], row.StudyID)
	}
	for _, studies := range given {
		slices.Sort(studies)
	}
	return given, nil
}

// GrantStudies gives and takes studies so that an account sees those of the grant and no others, at once: its next page asks
// again. Each study given or taken is an entry of that study's audit trail. It fails with NotFound for an account or a study
// that is not there, and with Invalid for a role that is not given studies.
func (s *Store) GrantStudies(ctx context.Context, by, id surveys.AccountID, grant surveys.Grant) error {
	grant = grant.Clean()
	return surveys.Wrap("grant studies", s.db.InTx(ctx, func(tx *engine.Tx) error {
		var row accountRow
		if err := tx.Get(ctx, &row, selectAccount+" WHERE id = ? "+tx.LockRow(), string(id)); err != nil {
			return notFound(err, noAccount)
		}
		account, err := row.account()
		if err != nil {
			return err
		}
		if !account.Role.Granted() {
			return surveys.Errorf(surveys.Invalid, "An account of the role %s is not given studies: a practice has the one of its site, an administrator every one.", account.Role.Label())
		}
		given, err := listGiven(ctx, tx, id)
		if err != nil {
			return err
		}
		if grant.Every != account.Grant.Every {
			a := audit{by: by, action: "right.give", object: string(id), detail: "every study"}
			if !grant.Every {
				a.action = "right.take"
			}
			if _, err := changeHashed(ctx, tx, a, change{"accounts", "every_study = ?", "id = ?", []any{grant.Every}, []any{string(id)}}); err != nil {
				return err
			}
		}
		for _, study := range grant.Studies {
			if slices.Contains(given, study) {
				continue
			}
			if err := giveStudy(ctx, tx, by, id, study); err != nil {
				return err
			}
		}
		for _, study := range given {
			if slices.Contains(grant.Studies, study) {
				continue
			}
			if _, err := tx.Exec(ctx, audit{by: by, action: "right.take", study: study, object: string(id)}, `
				DELETE FROM account_studies
				WHERE account_id = ? AND study_id = ?`, string(id), string(study)); err != nil {
				return err
			}
		}
		return nil
	}))
}

// giveStudy gives an account a study. It fails with NotFound if there is no such study.
func giveStudy(ctx context.Context, tx *engine.Tx, by, id surveys.AccountID, study surveys.StudyID) error {
	err := insertHashed(ctx, tx, audit{by: by, action: "right.give", study: study, object: string(id)}, "account_studies", string(id), string(study))
	if surveys.KindOf(tx.Translate(err)) == surveys.NotFound {
		return surveys.Errorf(surveys.NotFound, "There is no study %q.", study)
	}
	return err
}

// giveLoaded gives a new study to the account that loads it, so that it sees what it has made. It fails with Conflict where
// the study is there and the account was not given it.
func giveLoaded(ctx context.Context, tx *engine.Tx, by surveys.AccountID, study surveys.StudyID, isNew bool) error {
	var row accountRow
	if err := tx.Get(ctx, &row, selectAccount+" WHERE id = ?", string(by)); err != nil {
		return notFound(err, noAccount)
	}
	account, err := row.account()
	if err != nil || account.SeesEvery() {
		return err
	}
	if isNew {
		return giveStudy(ctx, tx, by, by, study)
	}
	if account.Grant.Studies, err = listGiven(ctx, tx, by); err != nil || account.SeesStudy(study) {
		return err
	}
	return surveys.Errorf(surveys.Conflict, "There is a study %s already, which your account was not given. Choose another id, or ask an administrator for the study.", study)
}
