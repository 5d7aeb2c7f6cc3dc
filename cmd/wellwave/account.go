package main

import (
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"

	"wellwave/surveys"
	"wellwave/surveys/store"
)

type accountCommand struct {
	Add  accountAddCommand  `cmd:"" help:"Add an account that signs in with a password."`
	List accountListCommand `cmd:"" help:"List the accounts and what they see."`
	Give accountGiveCommand `cmd:"" help:"Give an account studies to see."`
	Take accountTakeCommand `cmd:"" help:"Take studies from an account."`

	ResetSecondStep accountResetCommand `cmd:"" help:"Take the second step from an account whose owner has lost it."`
}

type accountAddCommand struct {
	Email string   `arg:"" help:"The e-mail address that signs in."`
	Name  string   `required:"" help:"The person's name."`
	Role  string   `required:"" enum:"${roles}" help:"What the account may do: ${enum}."`
	Study []string `placeholder:"ID" help:"A study that the account sees, as often as there are some; without any it sees every study. For a practice, the study of its site."`
	Site  string   `placeholder:"ID" help:"The site that a practice account is bound to."`
}

// Help shows examples.
func (*accountAddCommand) Help() string {
	return "The password comes from a prompt or, without a terminal, from the first line of standard input.\n\nExamples:\n  wellwave account add rona@example.org --name \"Rona Reid\" --role researcher --study links\n  wellwave account add desk@example.org --name \"Ashlaw desk\" --role practice --study links --site ashlaw < password.txt"
}

// Run adds the account.
func (c *accountAddCommand) Run(a *app) error {
	role, ok := surveys.ParseRole(c.Role)
	if !ok {
		return surveys.Errorf(surveys.Invalid, "there is no role %s", c.Role)
	}
	n := surveys.NewAccount{Email: c.Email, Name: c.Name, Role: role, Site: surveys.SiteID(c.Site)}
	switch {
	case role == surveys.Practice && len(c.Study) > 1:
		return surveys.Errorf(surveys.Invalid, "a practice belongs to one study")
	case role == surveys.Practice && len(c.Study) == 1:
		n.Study = surveys.StudyID(c.Study[0])
	case role == surveys.Administrator && len(c.Study) > 0:
		return surveys.Errorf(surveys.Invalid, "an administrator sees every study, so --study says nothing")
	default:
		n.Grant = surveys.Grant{Every: len(c.Study) == 0, Studies: studyIDs(c.Study)}
	}
	n = n.Clean()
	if err := n.Check(); err != nil {
		return fieldByField(err)
	}
	password, err := a.readPassword("Password: ")
	if err != nil {
		return err
	}
	return a.withNewStore(func(s *store.Store) error {
		account, err := s.AddAccount(a.ctx, "", n, password)
		if err != nil {
			return fieldByField(err)
		}
		_, err = fmt.Fprintf(a.stdout, "%s can sign in as %s and sees %s.\n", account.Email, account.Role, sayStudies(account))
		return err
	})
}

func studyIDs(words []string) []surveys.StudyID {
	ids := make([]surveys.StudyID, len(words))
	for i, word := range words {
		ids[i] = surveys.StudyID(word)
	}
	return ids
}

// sayStudies says which studies an account sees.
func sayStudies(a surveys.Account) string {
	switch {
	case a.Role == surveys.Practice:
		return fmt.Sprintf("%s of %s", a.Site, a.Study)
	case a.SeesEvery():
		return "every study"
	case len(a.Grant.Studies) == 0:
		return "no study"
	}
	words := make([]string, len(a.Grant.Studies))
	for i, id := range a.Grant.Studies {
		words[i] = string(id)
	}
	return strings.Join(words, ", ")
}

type accountListCommand struct{}

// Help shows an example.
func (*accountListCommand) Help() string { return "Example:\n  wellwave account list" }

// Run lists the accounts.
func (*accountListCommand) Run(a *app) error {
	return a.withStore(func(s *store.Store) error {
		accounts, err := s.ListAccounts(a.ctx)
		if err != nil {
			return err
		}
		table := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', 0)
		_, _ = fmt.Fprintln(table, "E-MAIL\tROLE\tSEES\tSTATE\tNAME")
		for _, account := range accounts {
			state := "active"
			if !account.DisabledAt.IsZero() {
				state = "disabled"
			}
			_, _ = fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", account.Email, account.Role, sayStudies(account), state, account.Name)
		}
		return table.Flush() // which tells of any failed write
	})
}

type accountGiveCommand struct {
	Email   string   `arg:"" help:"The account."`
	Studies []string `arg:"" optional:"" name:"study" help:"The studies."`
	Every   bool     `help:"Every study, those that come later too."`
}

// Help shows examples.
func (*accountGiveCommand) Help() string {
	return "Examples:\n  wellwave account give rona@example.org links\n  wellwave account give rona@example.org --every"
}

// Run gives the studies.
func (c *accountGiveCommand) Run(a *app) error {
	if c.Every == (len(c.Studies) > 0) {
		return surveys.Errorf(surveys.Invalid, "name the studies to give, or say --every")
	}
	return a.regrant(c.Email, func(g surveys.Grant) (surveys.Grant, error) {
		return surveys.Grant{Every: c.Every || g.Every, Studies: append(g.Studies, studyIDs(c.Studies)...)}, nil
	})
}

type accountTakeCommand struct {
	Email   string   `arg:"" help:"The account."`
	Studies []string `arg:"" optional:"" name:"study" help:"The studies."`
	Every   bool     `help:"All that it was given."`
}

// Help shows examples.
func (*accountTakeCommand) Help() string {
	return "An account that sees every study has to be given those it keeps, once all are taken.\n\nExamples:\n  wellwave account take rona@example.org links\n  wellwave account take rona@example.org --every && wellwave account give rona@example.org links"
}

// Run takes the studies.
func (c *accountTakeCommand) Run(a *app) error {
	if c.Every == (len(c.Studies) > 0) {
		return surveys.Errorf(surveys.Invalid, "name the studies to take, or say --every")
	}
	return a.regrant(c.Email, func(g surveys.Grant) (surveys.Grant, error) {
		if c.Every {
			return surveys.Grant{}, nil
		}
		if g.Every {
			return g, surveys.Errorf(surveys.Conflict, "the account sees every study: take --every, then give those it keeps")
		}
		g.Studies = slices.DeleteFunc(g.Studies, func(id surveys.StudyID) bool { return slices.Contains(studyIDs(c.Studies), id) })
		return g, nil
	})
}

// regrant changes what an account sees.
func (a *app) regrant(email string, change func(surveys.Grant) (surveys.Grant, error)) error {
	return a.withStore(func(s *store.Store) error {
		account, err := findAccount(a, s, email)
		if err != nil {
			return err
		}
		grant, err := change(account.Grant)
		if err != nil {
			return err
		}
		if err := s.GrantStudies(a.ctx, "", account.ID, grant); err != nil {
			return err
		}
		if account, err = s.FindAccount(a.ctx, account.ID); err != nil {
			return err
		}
		_, err = fmt.Fprintf(a.stdout, "%s sees %s.\n", account.Email, sayStudies(account))
		return err
	})
}

type accountResetCommand struct {
	Email string `arg:"" help:"The account."`
	Yes   bool   `short:"y" help:"Do not ask."`
}

// Help shows an example.
func (*accountResetCommand) Help() string {
	return "The account is signed out everywhere, and sets a second step up anew at its next sign-in, within a day.\n\nExample:\n  wellwave account reset-second-step rona@example.org"
}

// Run takes the second step away.
func (c *accountResetCommand) Run(a *app) error {
	return a.withStore(func(s *store.Store) error {
		account, err := findAccount(a, s, c.Email)
		if err != nil {
			return err
		}
		if err := a.confirm(c.Yes, fmt.Sprintf("Did %s, whom you know, ask for this themselves?", account.Name)); err != nil {
			return err
		}
		if err := s.ResetFactors(a.ctx, "", account.ID); err != nil {
			return err
		}
		_, err = fmt.Fprintf(a.stdout, "%s has no second step.\n", account.Email)
		return err
	})
}

// findAccount returns the account of an e-mail address.
func findAccount(a *app, s *store.Store, email string) (surveys.Account, error) {
	email = surveys.NewAccount{Email: email}.Clean().Email
	accounts, err := s.ListAccounts(a.ctx)
	if err != nil {
		return surveys.Account{}, err
	}
	i := slices.IndexFunc(accounts, func(account surveys.Account) bool { return account.Email == email })
	if i < 0 {
		return surveys.Account{}, surveys.Errorf(surveys.NotFound, "there is no account %s", email)
	}
	return accounts[i], nil
}
