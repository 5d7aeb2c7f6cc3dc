package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"wellwave/surveys"
	"wellwave/surveys/library"
	"wellwave/surveys/locale"
)

type wordingCommand struct {
	Export wordingExportCommand `cmd:"" help:"Write an instrument's texts as a CSV table for a translator."`
	Import wordingImportCommand `cmd:"" help:"Make a wording pack of the table when it comes back."`
}

// wordingSource names what is translated, and into which language.
type wordingSource struct {
	Instrument string `arg:"" help:"An instrument of the library, or the file of one of your own."`
	Language   string `required:"" placeholder:"LANGUAGE" help:"The language of the translation, such as ar."`
	Source     string `type:"existingfile" placeholder:"FILE" help:"The wording pack to translate from; without it, the library's in English."`
}

// table returns the translator's table, and the library's packs of the instrument by language.
func (c *wordingSource) table() (*surveys.WordingTable, map[string][]byte, error) {
	instrument, packs, err := c.find()
	if err != nil {
		return nil, nil, err
	}
	name, data := c.Source, packs[locale.Source]
	switch {
	case name != "":
		if data, err = os.ReadFile(name); err != nil {
			return nil, nil, surveys.Errorf(surveys.Invalid, "the wording pack cannot be read: %w", err)
		}
	case data == nil:
		return nil, nil, surveys.Errorf(surveys.Invalid, "the library has no English wording of %s: name a wording pack to translate from with --source", instrument.ID)
	}
	source, err := surveys.ReadWordingText(name, data)
	if err != nil {
		return nil, nil, err
	}
	table, err := surveys.NewWordingTable(instrument, source, c.Language)
	return table, packs, err
}

// find returns the instrument and, of one of the library, its packs.
func (c *wordingSource) find() (*surveys.Instrument, map[string][]byte, error) {
	if ext := filepath.Ext(c.Instrument); ext != ".yaml" && ext != ".yml" {
		instrument, err := library.Find(surveys.InstrumentID(c.Instrument))
		if err != nil {
			return nil, nil, err
		}
		_, packs, err := library.Source(instrument.ID)
		return instrument, packs, err
	}
	data, err := os.ReadFile(c.Instrument)
	if err != nil {
		return nil, nil, surveys.Errorf(surveys.Invalid, "the instrument file cannot be read: %w", err)
	}
	instrument, err := surveys.ParseInstrument(c.Instrument, data)
	return instrument, nil, err
}

type wordingExportCommand struct {
	wordingSource
	Wording string `type:"existingfile" placeholder:"FILE" help:"The translation there is so far; without it, the library's, if it has one."`
}

// Help shows examples.
func (*wordingExportCommand) Help() string {
	return `The table has a row for each text: its key, a note on what it is, the text, and an empty cell for the translation or the one there is so far. The two columns are named for their languages. How many texts are not translated yet is said on standard error.

With the language of the source itself there is only one column, in which the wording can be changed.

A text that a spreadsheet would take for a formula stands behind an apostrophe, which import takes away again.

Examples:
  wellwave instrument wording export wellbeing --language ar > wellbeing.ar.csv
  wellwave instrument wording export sleep.yaml --source sleep.en-GB.yaml --language pl > sleep.pl.csv`
}

// Run writes the table.
func (c *wordingExportCommand) Run(a *app) error {
	table, packs, err := c.table()
	if err != nil {
		return err
	}
	var soFar *surveys.WordingText
	switch own, there := packs[c.Language]; {
	case c.Wording != "":
		data, err := os.ReadFile(c.Wording)
		if err != nil {
			return surveys.Errorf(surveys.Invalid, "the translation so far cannot be read: %w", err)
		}
		if soFar, err = surveys.ReadWordingText(c.Wording, data); err != nil {
			return err
		}
	case there && !table.Monolingual():
		if soFar, err = surveys.ReadWordingText(c.Language, own); err != nil {
			return err
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
	a.noteToGo(c.Instrument, c.Language, left)
	return nil
}

// noteToGo says how far the translation of something is.
func (a *app) noteToGo(of, language string, left surveys.ToGo) {
	if left.Missing == 0 {
		a.note("%s in %s: all %s are there.", of, language, count(left.Of, "text"))
		return
	}
	a.note("%s in %s: %d of %s are still missing.", of, language, left.Missing, count(left.Of, "text"))
}

type wordingImportCommand struct {
	wordingSource
	Table    string `arg:"" optional:"" type:"existingfile" help:"The table; without it, standard input."`
	Licensed bool   `help:"The texts are the wording that its owner licenses, and no labels that stand in for it."`
	Out      string `type:"path" placeholder:"FILE" help:"The wording pack to write; without it, standard output."`
}

// Help shows examples.
func (*wordingImportCommand) Help() string {
	return `Rows and columns may stand in any order, and columns that are not the table's own are not read. A key that the instrument has no text for, a key that is there twice and a table without the language are refused with line and column. Where the table shows another source text than the pack has now, a message says so.

What is missing is listed on standard error, and the pack is written without it; instrument check refuses such a pack. A row for a key that the table lacks may be added, such as items.sleep_1.hint or items.sleep_1.options.2, where a language needs a help or other answers.

Of an instrument whose wording may not ship, the library has neutral labels, and a translation of these is marked neutral: no study goes live with it. With --licensed it is not. The pack names nobody who reviewed it: whoever has compared it with its source adds that line.

Examples:
  wellwave instrument wording import wellbeing wellbeing.ar.csv --language ar --out wellbeing.ar.yaml
  wellwave instrument wording import eq5d5l eq5d5l.en-GB.csv --language en-GB --licensed > eq5d5l.en-GB.yaml`
}

// Run makes the pack.
func (c *wordingImportCommand) Run(a *app) error {
	form, _, err := c.table()
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
	pack := translated.Pack(c.Licensed)
	if err := a.handBack(c.Out, pack, translated.Remarks); err != nil {
		return err
	}
	a.noteToGo(c.Instrument, c.Language, translated.ToGo)
	return nil
}

// handBack writes a pack that was made of a translator's table to a file, or to standard output where none is named, and then
// the remarks on the table.
func (a *app) handBack(out string, pack []byte, remarks []error) error {
	write := func(w io.Writer) error {
		_, err := w.Write(pack)
		return err
	}
	var err error
	if out == "" {
		err = write(a.stdout)
	} else {
		err = a.writeOut(out, write)
	}
	if err != nil {
		return err
	}
	for _, remark := range remarks {
		a.note("%v", remark)
	}
	return nil
}
