package main

import (
	"bytes"
	"fmt"
	"os"

	"wellwave/surveys"
	"wellwave/surveys/locale"
)

type localeCommand struct {
	Export localeExportCommand `cmd:"" help:"Write what the pages say as a CSV table for a translator."`
	Import localeImportCommand `cmd:"" help:"Make an interface pack of the table when it comes back."`
	Check  localeCheckCommand  `cmd:"" help:"Look for mistakes and gaps in an interface pack."`
}

type localeExportCommand struct {
	Language string `required:"" placeholder:"LANGUAGE" help:"The language of the translation, such as pl."`
	Pack     string `type:"existingfile" placeholder:"FILE" help:"The translation there is so far; without it, the product's, if it has one."`
}

// Help shows examples.
func (*localeExportCommand) Help() string {
	return `The table has a row for each text: its part (messages, or easy for easy read), the plural category that it is for, the message, what English says, and an empty cell for the translation or the one there is so far. How many texts are not translated yet is said on standard error.

A text that a spreadsheet would take for a formula stands behind an apostrophe, which import takes away again.

Examples:
  wellwave locale export --language pl > interface.pl.csv
  wellwave locale export --language pl --pack interface.pl.yaml > interface.pl.csv`
}

// Run writes the table.
func (c *localeExportCommand) Run(a *app) error {
	table, err := surveys.NewInterfaceTable(c.Language)
	if err != nil {
		return err
	}
	soFar, _ := locale.Find(c.Language)
	if c.Pack != "" {
		data, err := os.ReadFile(c.Pack)
		if err != nil {
			return surveys.Errorf(surveys.Invalid, "the interface pack cannot be read: %w", err)
		}
		if soFar, err = locale.Parse(data); err != nil { // which may have gaps: that is what the table is for
			return surveys.Errorf(surveys.Invalid, "%s: %w", c.Pack, err)
		}
		if soFar.Language != c.Language {
			return surveys.Errorf(surveys.Invalid, "%s is in %s, and a table for %s is wanted", c.Pack, soFar.Language, c.Language)
		}
	}
	var out bytes.Buffer // so that nothing is written of what is refused
	left, err := table.Write(&out, soFar)
	if err != nil {
		return err
	}
	if _, err := a.stdout.Write(out.Bytes()); err != nil {
		return fmt.Errorf("write the table: %w", err)
	}
	a.noteToGo("The pages", c.Language, left)
	return nil
}

type localeImportCommand struct {
	Table     string `arg:"" optional:"" type:"existingfile" help:"The table; without it, standard input."`
	Language  string `required:"" placeholder:"LANGUAGE" help:"The language of the translation, such as pl."`
	Name      string `required:"" help:"What the language is called in itself, such as polski."`
	Direction string `required:"" enum:"ltr,rtl" help:"In which direction it is written: ltr from left to right, rtl from right to left."`
	Out       string `type:"path" placeholder:"FILE" help:"The interface pack to write; without it, standard output."`
}

// Help shows examples.
func (*localeImportCommand) Help() string {
	return `Rows and columns may stand in any order. A row of a text that the pages do not say, one that is there twice and a table without the language are refused with line and column.

What is missing is listed on standard error, and the pack is written without it; study check refuses such a pack. The pack names nobody who reviewed it: whoever has compared it with the English adds that line. Put it beside the study file, which says its own words in the language under translations.

Example:
  wellwave locale import interface.pl.csv --language pl --name polski --direction ltr --out interface.pl.yaml`
}

// Run makes the pack.
func (c *localeImportCommand) Run(a *app) error {
	form, err := surveys.NewInterfaceTable(c.Language)
	if err != nil {
		return err
	}
	table, done, err := a.openTable(c.Table)
	if err != nil {
		return err
	}
	defer done()
	translated, err := form.Read(table)
	if err != nil {
		return err
	}
	pack := translated.Pack(c.Name, c.Direction)
	if err := a.handBack(c.Out, pack, translated.Remarks); err != nil {
		return err
	}
	a.noteToGo("The pages", c.Language, translated.ToGo)
	return nil
}

type localeCheckCommand struct {
	File string `arg:"" type:"existingfile" help:"The interface pack."`
}

// Help shows an example.
func (*localeCheckCommand) Help() string {
	return "Every mistake and every gap is told with file, line and column.\n\nExample:\n  wellwave locale check interface.pl.yaml"
}

// Run checks the file without a database.
func (c *localeCheckCommand) Run(a *app) error {
	data, err := os.ReadFile(c.File)
	if err != nil {
		return surveys.Errorf(surveys.Invalid, "the interface pack cannot be read: %w", err)
	}
	pack, err := surveys.ReadInterface(c.File, data)
	if err != nil {
		return err
	}
	reviewed := "nobody has reviewed it yet"
	if pack.Ready() {
		reviewed = "reviewed by " + pack.Reviewed.By + " on " + pack.Reviewed.On
	}
	_, err = fmt.Fprintf(a.stdout, "%s is in order: %s (%s, %s), %s; %s.\n", c.File, pack.Name, pack.Language, pack.Direction, count(len(locale.AllMessages()), "message"), reviewed)
	return err
}
