package store

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"wellwave/surveys"
	"wellwave/surveys/store/engine"
)

type accountRow struct {
	ID         string         `db:"id"`
	Email      string         `db:"email"`
	Name       string         `db:"name"`
	Role       string         `db:"role"`
	StudyID    sql.NullString `db:"study_id"`
	SiteID     sql.NullString `db:"site_id"`
	EveryStudy bool           `db:"every_study"`
	Password   string         `db:"password"`
	CreatedAt  engine.Stamp   `db:"created_at"`
	DisabledAt engine.Stamp   `db:"disabled_at"`
	Factor     engine.Stamp   `db:"factor_since"`
	FactorDue  engine.Stamp   `db:"factor_due_at"`
	Epoch      int            `db:"epoch"`
}

func (r accountRow) account() (surveys.Account, error) {
	role, err := word("accounts.role", surveys.ParseRole, r.Role)
	return surveys.Account{
		ID: surveys.AccountID(r.ID), Email: r.Email, Name: r.Name, Role: role,
		Study: surveys.StudyID(r.StudyID.String), Site: surveys.SiteID(r.SiteID.String),
		Grant: surveys.Grant{Every: r.EveryStudy}, CreatedAt: r.CreatedAt.Time(), DisabledAt: r.DisabledAt.Time(),
		Factor: r.Factor.Time(), FactorDue: r.FactorDue.Time(),
	}, err
}

const selectAccount = `
	SELECT id, email, name, role, study_id, site_id, every_study, password, created_at, disabled_at, factor_since, factor_due_at, epoch
	FROM accounts`

// noAccount answers every question about an account that is not there.
const noAccount = "there is no such account"

// FindAccount returns one account. It fails with NotFound.
func (s *Store) FindAccount(ctx context.Context, id surveys.AccountID) (surveys.Account, error) {
	var row accountRow
	if err := s.db.Get(ctx, &row, selectAccount+" WHERE id = ?", string(id)); err != nil {
		return surveys.Account{}, surveys.Wrap("find account", notFound(err, noAccount))
	}
	return s.granted(ctx, row)
}

// ListAccounts returns every account, those that may sign in first, by name.
func (s *Store) ListAccounts(ctx context.Context) ([]surveys.Account, error) {
	var rows []accountRow
	if err := s.db.List(ctx, &rows, selectAccount); err != nil {
		return nil, surveys.Wrap("list accounts", err)
	}
	given, err := s.listGrants(ctx)
	if err != nil {
		return nil, err
	}
	accounts := make([]surveys.Account, 0, len(rows))
	for _, row := range rows {
		account, err := row.account()
		if err != nil {
			return nil, err
		}
		account.Grant.Studies = given[account.ID]
		accounts = append(accounts, account)
	}
	slices.SortFunc(accounts, func(a, b surveys.Account) int {
		if a.DisabledAt.IsZero() != b.DisabledAt.IsZero() {
			if a.DisabledAt.IsZero() {
				return -1
			}
			return 1
		}
		return strings.Compare(strings.ToLower(a.Name)+"\x00"+a.Email, strings.ToLower(b.Name)+"\x00"+b.Email)
	})
	return accounts, nil
}

// AddAccount makes an account that can sign in at once with the password. It fails with Conflict if the e-mail address
// has an account.
func (s *Store) AddAccount(ctx context.Context, by surveys.AccountID, n surveys.NewAccount, password string) (surveys.Account, error) {
	n = n.Clean()
	words, err := s.placeWords(ctx)
	if err != nil {
		return surveys.Account{}, err
	}
	if err := n.CheckWith(password, words...); err != nil {
		return surveys.Account{}, err
	}
	hash, err := s.hashPassword(ctx, password)
	if err != nil {
		return surveys.Account{}, err
	}
	var account surveys.Account
	err = s.db.InTx(ctx, func(tx *engine.Tx) error {
		account, err = insertAccount(ctx, tx, n, hash, by)
		return err
	})
	return account, surveys.Wrap("add account", err)
}

// CreateAccount makes an account that cannot sign in yet, and returns the token of the link with which its owner sets a
// password. The token is not kept and cannot be shown again.
func (s *Store) CreateAccount(ctx context.Context, by surveys.AccountID, n surveys.NewAccount) (surveys.Account, string, error) {
	n = n.Clean()
	if err := n.Check(); err != nil {
		return surveys.Account{}, "", err
	}
	var account surveys.Account
	token := newToken()
	err := s.db.InTx(ctx, func(tx *engine.Tx) error {
		var err error
		if account, err = insertAccount(ctx, tx, n, noPassword, by); err != nil {
			return err
		}
		return s.insertSetupLink(ctx, tx, created(account, by), token, account.ID)
	})
	return account, token, surveys.Wrap("create account", err)
}

// DisableAccount keeps an account from signing in, ends its sessions and takes back its set-up link. Nobody may disable their own, so that one
// administrator always remains.
func (s *Store) DisableAccount(ctx context.Context, by, id surveys.AccountID) error {
	if by == id {
		return surveys.Errorf(surveys.Invalid, "You cannot disable your own account. Ask another administrator.")
	}
	return surveys.Wrap("disable account", s.db.InTx(ctx, func(tx *engine.Tx) error {
		a := audit{by: by, action: "account.disable", object: string(id)}
		if err := switchAccount(ctx, tx, a, id, engine.Stamp(tx.Now)); err != nil {
			return err
		}
		if err := s.endSignIns(ctx, tx, a, id, ""); err != nil { // for good: they do not come back with the account
			return err
		}
		_, err := tx.Exec(ctx, a, "DELETE FROM setup_links WHERE account_id = ?", string(id))
		return err
	}))
}

// EnableAccount lets a disabled account sign in again.
func (s *Store) EnableAccount(ctx context.Context, by, id surveys.AccountID) error {
	return surveys.Wrap("enable account", s.db.InTx(ctx, func(tx *engine.Tx) error {
		return switchAccount(ctx, tx, audit{by: by, action: "account.enable", object: string(id)}, id, engine.Stamp{})
	}))
}

// switchAccount disables an account, or enables it where the time is zero.
func switchAccount(ctx context.Context, tx *engine.Tx, a audit, id surveys.AccountID, disabledAt engine.Stamp) error {
	n, err := changeHashed(ctx, tx, a, change{"accounts", "disabled_at = ?", "id = ?", []any{disabledAt}, []any{string(id)}})
	if err == nil && n == 0 {
		return surveys.Errorf(surveys.NotFound, noAccount)
	}
	return err
}

// SignIn checks an e-mail address and password as those of a browser that is not known.
func (s *Store) SignIn(ctx context.Context, email, password string) (surveys.Account, string, error) {
	return s.SignInFrom(ctx, "", email, password)
}

// SignInFrom checks an e-mail address and password. It returns the account and a proof for BeginSignIn, which
// changes with the password and ends with the account's sign-ins. known is what the browser keeps, as KnowBrowser returned it. Every failure reads alike and takes
// as long, but for two: TooMany where too many before it failed, and Unavailable where too many come at once. Both say so
// before anything expensive is done, and whether or not there is such an account. An attempt counts before its password is
// looked at, so that many at once are no more than one after the other.
func (s *Store) SignInFrom(ctx context.Context, known, email, password string) (surveys.Account, string, error) {
	var row accountRow
	email = surveys.NewAccount{Email: email}.Clean().Email
	err := s.db.Get(ctx, &row, selectAccount+" WHERE email = ? AND disabled_at IS NULL", email)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return surveys.Account{}, "", surveys.Wrap("sign in", err)
	}
	key, before := s.accountKey(known, email, surveys.AccountID(row.ID))
	ok, err := s.tryPassword(ctx, key, before, row.Password, password) // of nobody: noPassword
	if err != nil {
		return surveys.Account{}, "", wrongTooOften(err)
	}
	if !ok {
		return surveys.Account{}, "", surveys.Errorf(surveys.Unauthenticated,
			"The e-mail address and password do not belong together, or the account cannot sign in.")
	}
	account, err := s.granted(ctx, row)
	if err != nil {
		return surveys.Account{}, "", err
	}
	err = s.db.InTx(ctx, func(tx *engine.Tx) error {
		return tx.Note(ctx, audit{by: surveys.AccountID(row.ID), action: "account.sign-in", object: row.ID})
	})
	return account, s.signInProof(row), surveys.Wrap("sign in", err)
}

// tryPassword reports whether a password is the one that stored was made of, where an attempt at it is left under key.
func (s *Store) tryPassword(ctx context.Context, key string, before bool, stored, password string) (bool, error) {
	if err := s.spent(ctx, s.db, accountTries, key); err != nil {
		return false, err
	}
	how := ordinary
	if before {
		how = urgent
	}
	leave, err := hashing.enter(ctx, how)
	if err != nil {
		return false, err
	}
	defer leave()
	if err := s.spend(ctx, accountTries, key); err != nil {
		return false, err
	}
	ok, err := s.passwordMatches(stored, password)
	if err == nil && ok {
		err = s.giveBack(ctx, accountTries, key)
	}
	return ok, err
}

// wrongTooOften says of attempts that were too many what their owner can do.
func wrongTooOften(err error) error {
	var tooMany *surveys.Error
	if surveys.KindOf(err) != surveys.TooMany || !errors.As(err, &tooMany) {
		return err
	}
	said := surveys.Errorf(surveys.TooMany, "There have been many wrong passwords for this e-mail address, so this one was not looked at. "+
		"Wait a minute, or sign in with a browser in which you have signed in before.")
	said.Wait = tooMany.Wait
	return said
}

// signInProof changes with the password and with the epoch of the account. The first epoch is not written, as it was not before
// there were others.
func (s *Store) signInProof(row accountRow) string {
	epoch := ""
	if row.Epoch > 0 {
		epoch = " " + strconv.Itoa(row.Epoch)
	}
	return s.hashCode("session " + row.ID + row.Password + epoch)
}

// insertAccount also ends the links for a first administrator, whoever holds them: there is an account now.
func insertAccount(ctx context.Context, tx *engine.Tx, n surveys.NewAccount, passwordHash string, by surveys.AccountID) (surveys.Account, error) {
	id := newID(tx.Now)
	var taken bool
	if err := tx.Get(ctx, &taken, "SELECT COUNT(*) > 0 FROM accounts WHERE email = ?", n.Email); err != nil {
		return surveys.Account{}, err
	}
	if taken {
		message := "This e-mail address already has an account."
		return surveys.Account{}, &surveys.Error{Kind: surveys.Conflict, Message: message, Fields: map[string]string{"email": message}}
	}
	account := surveys.Account{ID: surveys.AccountID(id), Email: n.Email, Name: n.Name, Role: n.Role,
		Study: n.Study, Site: n.Site, Grant: n.Grant, CreatedAt: tx.Now.UTC().Truncate(time.Millisecond)} // as it is stored
	if err := insertHashed(ctx, tx, created(account, by), "accounts", id, n.Email, n.Name, n.Role.String(), orNull(n.Study), orNull(n.Site), n.Grant.Every,
		passwordHash, engine.Stamp(tx.Now), nil); err != nil {
		if surveys.KindOf(tx.Translate(err)) == surveys.NotFound {
			err = surveys.Errorf(surveys.NotFound, "There is no study %q with a site %q.", n.Study, n.Site)
		}
		return surveys.Account{}, err
	}
	for _, study := range n.Grant.Studies {
		if err := giveStudy(ctx, tx, by, account.ID, study); err != nil {
			return surveys.Account{}, err
		}
	}
	_, err := tx.Exec(ctx, created(account, by), "DELETE FROM setup_links WHERE account_id IS NULL")
	return account, err
}

// created is the record of a new account.
func created(account surveys.Account, by surveys.AccountID) audit {
	return audit{by, "account.create", account.Study, string(account.ID), account.Role.String()}
}
