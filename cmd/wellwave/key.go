package main

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"wellwave/surveys"
	"wellwave/surveys/store"
)

type keyCommand struct {
	Add    keyAddCommand    `cmd:"" help:"Make a key and print it, once."`
	List   keyListCommand   `cmd:"" help:"List the keys of a study."`
	Revoke keyRevokeCommand `cmd:"" help:"End a key."`
}

type keyAddCommand struct {
	Study string `required:"" help:"The study that the key opens."`
	Name  string `required:"" help:"What the key is for."`
	Scope string `default:"submit" enum:"${scopes}" help:"What its holder may do: ${enum}."`
}

// Help shows an example.
func (*keyAddCommand) Help() string {
	return "Only a hash of the key is kept, so it cannot be shown again.\n\nExample:\n  wellwave key add --study links --name \"hospital system\""
}

// Run makes the key.
func (c *keyAddCommand) Run(a *app) error {
	scope, ok := surveys.ParseKeyScope(c.Scope)
	if !ok {
		return surveys.Errorf(surveys.Invalid, "there is no scope %s", c.Scope)
	}
	return a.withStore(func(s *store.Store) error {
		key, secret, err := s.AddKey(a.ctx, "", surveys.StudyID(c.Study), c.Name, scope)
		if err != nil {
			return fieldByField(err)
		}
		a.note("Key %s may %s in study %s. Keep it now; it is not shown again:", key.ID, key.Scope, key.Study)
		_, err = fmt.Fprintln(a.stdout, secret)
		return err
	})
}

type keyListCommand struct {
	Study string `required:"" help:"The study."`
}

// Help shows an example.
func (*keyListCommand) Help() string { return "Example:\n  wellwave key list --study links" }

// Run lists the keys.
func (c *keyListCommand) Run(a *app) error {
	return a.withStore(func(s *store.Store) error {
		keys, err := s.ListKeys(a.ctx, surveys.StudyID(c.Study))
		if err != nil {
			return err
		}
		table := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', 0)
		_, _ = fmt.Fprintln(table, "ID\tSCOPE\tCREATED\tREVOKED\tNAME")
		for _, key := range keys {
			revoked := "-"
			if !key.RevokedAt.IsZero() {
				revoked = key.RevokedAt.UTC().Format(time.DateOnly)
			}
			_, _ = fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", key.ID, key.Scope, key.CreatedAt.UTC().Format(time.DateOnly), revoked, key.Name)
		}
		return table.Flush() // which tells of any failed write
	})
}

type keyRevokeCommand struct {
	ID string `arg:"" help:"The key's id, as key list shows it."`
}

// Help shows an example.
func (*keyRevokeCommand) Help() string { return "Example:\n  wellwave key revoke 0198c7…" }

// Run ends the key.
func (c *keyRevokeCommand) Run(a *app) error {
	return a.withStore(func(s *store.Store) error {
		if err := s.RevokeKey(a.ctx, "", c.ID); err != nil {
			return err
		}
		_, err := fmt.Fprintf(a.stdout, "Key %s is revoked.\n", c.ID)
		return err
	})
}

// fieldByField spells out a refusal that has a message for each field, as a form would show it.
func fieldByField(err error) error {
	var refused *surveys.Error
	if !errors.As(err, &refused) || len(refused.Fields) == 0 {
		return err
	}
	lines := []string{refused.Message}
	for _, field := range slices.Sorted(maps.Keys(refused.Fields)) {
		if refused.Fields[field] != refused.Message {
			lines = append(lines, fmt.Sprintf("%s: %s", field, refused.Fields[field]))
		}
	}
	return &surveys.Error{Kind: refused.Kind, Message: strings.Join(lines, "\n")}
}
