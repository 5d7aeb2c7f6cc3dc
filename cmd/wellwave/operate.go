package main

import (
	"context"
	"fmt"
	"strings"

	"wellwave/surveys"
	"wellwave/surveys/store"
)

type backupCommand struct {
	File string   `arg:"" type:"path" help:"The file to write; it must not exist."`
	To   []string `placeholder:"RECIPIENT" help:"Seal the backup so that only the holder of this key can read it: the public half of an age key, which begins with age1. Can be given more than once."`
}

// Help shows examples.
func (*backupCommand) Help() string {
	return "The copy is opened and checked before it gets its name. It holds answers, so keep it as safe as the database, but not the root key, without which it cannot be restored: keep a copy of that elsewhere.\n\nExamples:\n  wellwave backup wellwave-2026-03-31.db\n  wellwave backup wellwave-2026-03-31.db.age --to age1…"
}

// Run writes the backup.
func (c *backupCommand) Run(a *app) error {
	return a.withStore(func(s *store.Store) error {
		write := s.Backup
		if len(c.To) > 0 {
			write = func(ctx context.Context, path string) error { return s.SealedBackup(ctx, path, c.To) }
		}
		head, err := s.SealedHead(a.ctx)
		if err != nil {
			return err
		}
		if err := write(a.ctx, c.File); err != nil {
			return err
		}
		if head.Number > 0 {
			a.note("The head of the audit trail in it is %s, or a later one.", head)
		}
		a.note("It holds no root key, without which it cannot be restored: keep the key file or its recovery sheet (wellwave root-key show) apart from it.")
		_, err = fmt.Fprintln(a.stdout, c.File)
		return err
	})
}

type restoreCommand struct {
	File     string `arg:"" type:"existingfile" help:"A file that backup wrote."`
	Identity string `type:"existingfile" placeholder:"FILE" help:"The file with the key that opens a sealed backup, an age identity."`
	Yes      bool   `short:"y" help:"Do not ask."`

	AuditHead string `placeholder:"HEAD" help:"The head of the audit trail that backup printed, which the backup must hold."`
}

// Help shows an example.
func (*restoreCommand) Help() string {
	return "Refuses while a server runs on the database. The database that was there is kept beside it. Whoever has left a study since the backup leaves it again, answers that were erased since are erased again, and what was taken back since (links, tablets, API keys, accounts, passwords, second steps, studies, rounds that were closed) is taken back again, before anybody can use what was restored. Everybody signs in again. The root key with which the backup was made must be in its place: on another machine copy the key file there first, or type its recovery sheet in with root-key restore. The head of the audit trail in the backup is printed and compared with the trail that was there.\n\nExamples:\n  wellwave restore wellwave-2026-03-31.db\n  wellwave restore --audit-head 12:0f3a… wellwave-2026-03-31.db\n  wellwave restore wellwave-2026-03-31.db.age --identity key.txt"
}

// Run puts the backup in the database's place.
func (c *restoreCommand) Run(a *app) error {
	noted, err := notedHead(c.AuditHead)
	if err != nil {
		return err
	}
	if err := a.confirm(c.Yes, fmt.Sprintf("Replace the database %s by %s?", masked(a.database), c.File)); err != nil {
		return err
	}
	done, err := store.Restore(a.ctx, a.database, a.keyFile, store.BackupFile{Path: c.File, Identity: c.Identity, Noted: noted})
	if err != nil {
		return err
	}
	if done.Kept != "" {
		a.note("The database that was there is now %s.", done.Kept)
	}
	if done.Head.Number > 0 {
		a.note("The head of the audit trail in the backup is %s: compare it with what was noted when it was made.", done.Head)
	}
	for _, fault := range done.Trail {
		a.note("Look into this before the database is used: %s.", fault)
	}
	if done.Unread != nil {
		a.note("Withdrawals and erasures since the backup could not be done again, because %s. Record them once more from your letters and notes before anybody is asked. What was taken back since could not be taken back again either: look through accounts, API keys, tablets and links.", done.Unread)
	}
	if _, err := fmt.Fprintf(a.stdout, "%s is restored from %s.\n", masked(a.database), c.File); err != nil || done.Unread != nil {
		return err
	}
	_, err = fmt.Fprintln(a.stdout, replayedSays(done.Replayed))
	return err
}

// replayedSays words what was done again.
func replayedSays(r store.Replayed) string {
	said := leavingSays(r)
	if taken := takenBackSays(r.TakenBack); taken != "" {
		said += "\nTaken back again: " + taken + "."
	} else {
		said += "\nNothing else was taken back since."
	}
	return said + "\nWhoever was signed in, or had a tablet, begins anew. What was handed out since does not work: make it again."
}

// takenBackSays words what was taken back again, and is empty for nothing.
func takenBackSays(t store.TakenBack) string {
	var parts []string
	for _, part := range []struct {
		n         int
		one, many string
	}{
		{t.Links, "link that was replaced or ended", "links that were replaced or ended"},
		{t.Tablets, "revoked tablet", "revoked tablets"},
		{t.Keys, "revoked API key", "revoked API keys"},
		{t.Accounts, "disabled account", "disabled accounts"},
		{t.Passwords, "changed password", "changed passwords"},
		{t.Factors, "second step with its recovery codes", "second steps with their recovery codes"},
		{t.Studies, "account’s studies", "accounts’ studies"},
		{t.Custodians, "replaced custodian’s key", "replaced custodians’ keys"},
		{t.Rounds, "closed round", "closed rounds"},
	} {
		switch {
		case part.n == 1:
			parts = append(parts, "1 "+part.one)
		case part.n > 1:
			parts = append(parts, fmt.Sprint(part.n, " ", part.many))
		}
	}
	return strings.Join(parts, ", ")
}

// leavingSays words what was done again of people's leaving.
func leavingSays(r store.Replayed) string {
	if r.People == 0 {
		return "Nobody has left or come back since, as far as this database knows its people."
	}
	return fmt.Sprintf("Done again: the withdrawals of %s, %s with erasure.", count(r.People, "participant"), withErasure(r.Erasures))
}

func withErasure(n int) string {
	if n == 0 {
		return "none"
	}
	return fmt.Sprint(n)
}

type replayCommand struct {
	From string `arg:"" help:"The database that was in use before, as --database names one."`
}

// Help shows an example.
func (*replayCommand) Help() string {
	return "For databases that their own tools restore, such as PostgreSQL's; restore itself does it for SQLite. Whoever has left a study in the other database leaves it here again, what was erased there is erased here, and what was taken back there is taken back here. Everybody signs in again. Running it twice does no more harm than that.\n\nExample:\n  wellwave replay --database postgres://localhost/restored postgres://localhost/before"
}

// Run does the withdrawals of another database again.
func (c *replayCommand) Run(a *app) error {
	return a.withStore(func(s *store.Store) error {
		done, err := s.Replay(a.ctx, c.From)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintln(a.stdout, replayedSays(done))
		return err
	})
}

type doctorCommand struct {
	AuditHead string `placeholder:"HEAD" help:"A head of the audit trail that doctor or backup printed earlier, which the trail must still hold."`
}

// Help shows examples.
func (*doctorCommand) Help() string {
	return "Opening the database has already read back that every commit is synced. Then the engine checks its own pages and references, the ledger, the consents and the sources of studies are compared with their hashes, the chain of the audit trail is followed, and every response is folded again from the submissions and compared with what is stored. Note the head of the audit trail that is printed: with it, entries that were cut off later are found.\n\nExamples:\n  wellwave doctor\n  wellwave doctor --audit-head 12:0f3a…"
}

// Run examines the database. It exits with 1 if anything is wrong.
func (c *doctorCommand) Run(a *app) error {
	noted, err := notedHead(c.AuditHead)
	if err != nil {
		return err
	}
	return a.withStore(func(s *store.Store) error {
		faults, err := s.Examine(a.ctx)
		if err != nil {
			return err
		}
		head, changed, err := checkSeals(a, s, noted)
		if err != nil {
			return err
		}
		faults = append(faults, changed...)
		folded := 0
		shown := a.progress("folded")
		mismatches, err := s.CheckFolds(a.ctx, func(done, total int) {
			folded = total
			shown.at(done, total)
		})
		shown.end()
		if err != nil && len(faults) == 0 { // else what was changed may be why
			return err
		}
		for _, m := range mismatches {
			faults = append(faults, fmt.Sprintf("response %s is not what its submissions give: %s", m.Response, m.What))
		}
		for _, fault := range faults {
			if _, err := fmt.Fprintln(a.stdout, fault); err != nil {
				return err
			}
		}
		if len(faults) > 0 {
			return surveys.Errorf(surveys.Conflict, "%s in the database %s", count(len(faults), "fault"), masked(a.database))
		}
		_, err = fmt.Fprintf(a.stdout, "The %s database is whole, and %s came out as stored when folded again.\n", s.Engine(), count(folded, "response"))
		if err == nil && head.Number > 0 {
			_, err = fmt.Fprintf(a.stdout, "The head of the audit trail is %s\n", head)
		}
		return err
	})
}

// notedHead reads a head of an audit trail that somebody noted; nothing is none.
func notedHead(text string) (store.AuditHead, error) {
	if text == "" {
		return store.AuditHead{}, nil
	}
	return store.ParseAuditHead(text)
}

// checkSeals compares what must not change with its hashes, and follows the chain of the audit trail up to its head.
func checkSeals(a *app, s *store.Store, noted store.AuditHead) (head store.AuditHead, faults []string, err error) {
	checked, err := s.CheckRows(a.ctx)
	if err != nil {
		return head, nil, err
	}
	for _, taken := range checked.Taken {
		a.note("Rows that are older than their hashes are checked from when they got them: %s.", taken)
	}
	if head, err = s.SealedHead(a.ctx); err != nil {
		return head, nil, err
	}
	faults, err = s.CheckAudit(a.ctx, noted)
	return head, append(checked.Faults, faults...), err
}
