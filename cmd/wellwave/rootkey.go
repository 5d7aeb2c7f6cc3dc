package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"strings"

	"rsc.io/qr"

	"wellwave/surveys"
	"wellwave/surveys/rootkey"
	"wellwave/surveys/store"
)

type rootKeyCommand struct {
	Show    rootKeyShowCommand    `cmd:"" help:"Print the recovery sheet of the root key."`
	Restore rootKeyRestoreCommand `cmd:"" help:"Make the file of the root key again from its recovery sheet."`
	Rotate  rootKeyRotateCommand  `cmd:"" help:"Give the database a new root key and new keys for everything, while no server runs."`
	Replace rootKeyReplaceCommand `cmd:"" help:"Go on without a root key that is lost for good."`
}

type rootKeyShowCommand struct {
	Anywhere bool `help:"Print also where standard output is no terminal, such as a printer. The sheet must not be left in a file beside backups."`
}

// Help shows examples.
func (*rootKeyShowCommand) Help() string {
	return "The sheet holds the key as letters and as a QR code. Whoever has it and a copy of the database can do what the server can: keep it on paper, apart from the backups.\n\nExamples:\n  wellwave root-key show\n  wellwave root-key show --anywhere | lp"
}

// Run prints the sheet.
func (c *rootKeyShowCommand) Run(a *app) error {
	_, onScreen := onTerminal(a.stdout)
	if !onScreen && !c.Anywhere {
		return surveys.Errorf(surveys.Invalid, "the root key is shown on a terminal alone, because a file or log would keep it; say --anywhere to print it all the same")
	}
	file, err := store.KeyFile(a.database, a.keyFile)
	if err != nil {
		return err
	}
	key, err := rootkey.Read(file)
	if err != nil {
		return err
	}
	wanted, err := store.FindRootKey(a.ctx, a.database)
	if err == nil && wanted != key.Fingerprint() {
		return surveys.Errorf(surveys.Conflict, "%s is not the root key of the database %s, whose fingerprint is %s", file, masked(a.database), orNone(wanted))
	}
	if err != nil {
		a.note("Whether this is the key of the database could not be looked up: %s", err)
	}
	return printSheet(a.stdout, key, masked(a.database), !onScreen)
}

func orNone(fingerprint string) string {
	if fingerprint == "" {
		return "not known yet"
	}
	return fingerprint
}

// printSheet prints the recovery sheet of a key, for paper in dark on light.
func printSheet(w io.Writer, key rootkey.Key, database string, onPaper bool) error {
	code, err := qr.Encode(key.Text(), qr.M)
	if err != nil {
		return fmt.Errorf("draw the QR code: %w", err)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "wellwave: recovery sheet of a root key\n\nDatabase      %s\nFingerprint   %s\nPrinted on    ____________   by ____________\n\n", database, key.Fingerprint())
	for i, group := range key.Groups() {
		fmt.Fprintf(&b, "  %2d  %s", i+1, group)
		if i%4 == 3 {
			b.WriteString("\n")
		}
	}
	fmt.Fprintf(&b, "\n\nThe letters I, L, O and U do not occur: 1 is one and 0 is nought. The last letter of each group checks it.\n"+
		"Whoever has this sheet and a copy of the database can open questionnaires and find codes. Keep it on paper, locked\n"+
		"away, and not beside the backups. Without it or the key file no backup can be used. To type it in:\n\n"+
		"  wellwave root-key restore\n\n%s", drawQR(code, onPaper))
	_, err = io.WriteString(w, b.String())
	return err
}

type rootKeyRestoreCommand struct {
	Sheet string `arg:"" optional:"" type:"existingfile" stdin:"" help:"A file with the sheet's letters; without it, or as -, they are asked for or read from standard input."`
}

// Help shows an example.
func (*rootKeyRestoreCommand) Help() string {
	return "Type the 14 groups of letters, or scan the QR code; capital letters, spaces and lines do not matter. Where a letter is wrong, its group is named. A key file that is there is kept beside the new one.\n\nExample:\n  wellwave root-key restore"
}

// Run makes the key file.
func (c *rootKeyRestoreCommand) Run(a *app) error {
	file, err := store.KeyFile(a.database, a.keyFile)
	if err != nil {
		return err
	}
	wanted, err := store.FindRootKey(a.ctx, a.database)
	if err != nil && surveys.KindOf(err) != surveys.NotFound { // where there is no database yet, its backup comes after the key
		return err
	}
	typed, err := c.read(a)
	if err != nil {
		return err
	}
	key, err := rootkey.Parse(typed)
	if err != nil {
		return surveys.Errorf(surveys.Invalid, "this is not what stands on a recovery sheet: %w", err)
	}
	if wanted != "" && wanted != key.Fingerprint() {
		return surveys.Errorf(surveys.Invalid, "this sheet is of another root key: its fingerprint is %s, and the database %s needs %s", key.Fingerprint(), masked(a.database), wanted)
	}
	err = key.Write(file)
	if surveys.KindOf(err) == surveys.Conflict {
		there, reading := rootkey.Read(file)
		switch {
		case reading == nil && there == key:
			_, err = fmt.Fprintf(a.stdout, "The root key %s is in %s already.\n", key.Fingerprint(), file)
			return err
		case wanted == "":
			return surveys.Errorf(surveys.Conflict, "there is another file %s, and no database to tell whether it is needed: move it away first", file)
		}
		var kept string
		if kept, err = store.PutAside(file, ".before-restore"); err != nil {
			return err
		}
		a.note("The file that was there, which is not the key of this database, is now %s.", kept)
		err = key.Write(file)
	}
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(a.stdout, "The root key %s is in %s.\n", key.Fingerprint(), file)
	return err
}

// mostTyped is how much of a sheet is read.
const mostTyped = 64 << 10

// read returns what was typed, scanned or piped in. A terminal asks until there is an empty line.
func (c *rootKeyRestoreCommand) read(a *app) (string, error) {
	if c.Sheet != "" {
		content, err := os.ReadFile(c.Sheet)
		if err != nil {
			return "", surveys.Errorf(surveys.Invalid, "the sheet cannot be read: %w", err)
		}
		return string(content), nil
	}
	if _, ok := onTerminal(a.stdin); !ok {
		content, err := io.ReadAll(io.LimitReader(a.stdin, mostTyped))
		if err != nil {
			return "", fmt.Errorf("read the sheet: %w", err)
		}
		return string(content), nil
	}
	a.note("Type the 14 groups of letters on the recovery sheet, then an empty line:")
	var typed strings.Builder
	lines := bufio.NewScanner(io.LimitReader(a.stdin, mostTyped))
	for lines.Scan() && strings.TrimSpace(lines.Text()) != "" {
		typed.WriteString(lines.Text() + "\n")
	}
	return typed.String(), lines.Err()
}

type rootKeyRotateCommand struct {
	EndSessions bool `help:"End what participants' browsers and tablets hold at once, instead of by and by: after a key or an unsealed backup came into the wrong hands."`
	Yes         bool `short:"y" help:"Do not ask."`
}

// Help shows examples.
func (*rootKeyRotateCommand) Help() string {
	return "Everything printed or handed out stays valid. Accounts sign in again. Questionnaires that are open stay so for a day, answers that wait on devices are taken for 30 days and tablets work for 90, and after that when their link is opened, or they are set up, again. The old key is kept beside the new one for the backups that need it. Print a new recovery sheet afterwards, and on PostgreSQL give the new file to every server.\n\nExamples:\n  wellwave root-key rotate\n  wellwave root-key rotate --end-sessions"
}

// Run rotates the keys.
func (c *rootKeyRotateCommand) Run(a *app) error {
	if err := a.confirm(c.Yes, fmt.Sprintf("Give the database %s a new root key?", masked(a.database))); err != nil {
		return err
	}
	done, err := store.RotateRootKey(a.ctx, a.database, a.keyFile, c.EndSessions)
	if err != nil {
		return err
	}
	if done.Kept != "" {
		a.note("The old key is now %s. Backups made before need it; delete it, and its recovery sheet, with the last of them.", done.Kept)
	}
	if done.Unforgotten != nil {
		a.note("The database's files still hold some of what was stored with the old keys (%s). The server tries again while it runs.", done.Unforgotten)
	}
	_, err = fmt.Fprintf(a.stdout, "The root key of %s is now %s. Print its recovery sheet: wellwave root-key show\n", masked(a.database), done.Fingerprint)
	return err
}

type rootKeyReplaceCommand struct {
	Yes bool `short:"y" help:"Do not ask."`
}

// Help shows an example.
func (*rootKeyReplaceCommand) Help() string {
	return "The last resort, where neither the key file nor its recovery sheet is left. Every answer stays. Everything handed out ends: invitations, staff cards, tablets and API keys are made anew, accounts sign in again, and earlier releases cannot be written again.\n\nExample:\n  wellwave root-key replace"
}

// Run makes a new root key without the old one.
func (c *rootKeyReplaceCommand) Run(a *app) error {
	if err := a.confirm(c.Yes, fmt.Sprintf("End every link, code, card, tablet and API key of the database %s, because its root key is lost?", masked(a.database))); err != nil {
		return err
	}
	done, err := store.ReplaceRootKey(a.ctx, a.database, a.keyFile)
	if err != nil {
		return err
	}
	if done.Kept != "" {
		a.note("The file that was in the key's place, which was none of this database, is now %s.", done.Kept)
	}
	_, err = fmt.Fprintf(a.stdout, "The root key of %s is now %s. Print its recovery sheet: wellwave root-key show\n", masked(a.database), done.Fingerprint)
	return err
}
