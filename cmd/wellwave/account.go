package main

import (
	"fmt"

	"wellwave/surveys"
	"wellwave/surveys/store"
)

type accountCommand struct {
	Add accountAddCommand `cmd:"" help:"Add an account that signs in with a password."`
}

type accountAddCommand struct {
	Email string `arg:"" help:"The e-mail address that signs in."`
	Name  string `required:"" help:"The person's name."`
	Role  string `required:"" enum:"${roles}" help:"What the account may do: ${enum}."`
	Study string `help:"The study of a practice account."`
	Site  string `help:"The site that a practice account is bound to."`
}

// Help shows examples.
func (*accountAddCommand) Help() string {
	return "The password comes from a prompt or, without a terminal, from the first line of standard input.\n\nExamples:\n  wellwave account add rona@example.org --name \"Rona Reid\" --role researcher\n  wellwave account add desk@example.org --name \"Ashlaw desk\" --role practice --study links --site ashlaw < password.txt"
}

// Run adds the account.
func (c *accountAddCommand) Run(a *app) error {
	role, ok := surveys.ParseRole(c.Role)
	if !ok {
		return surveys.Errorf(surveys.Invalid, "there is no role %s", c.Role)
	}
	n := surveys.NewAccount{Email: c.Email, Name: c.Name, Role: role, Study: surveys.StudyID(c.Study), Site: surveys.SiteID(c.Site)}.Clean()
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
		_, err = fmt.Fprintf(a.stdout, "%s can sign in as %s.\n", account.Email, account.Role)
		return err
	})
}
