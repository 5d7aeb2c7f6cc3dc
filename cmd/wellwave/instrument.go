package main

import (
	"fmt"
	"os"
	"strings"
	"text/tabwriter"

	"wellwave/surveys"
	"wellwave/surveys/library"
)

type instrumentCommand struct {
	List  instrumentListCommand  `cmd:"" help:"List the instruments of the library."`
	Show  instrumentShowCommand  `cmd:"" help:"Show an instrument's items, scales and sources."`
	Check instrumentCheckCommand `cmd:"" help:"Look for mistakes in an instrument file or a wording pack."`

	Wording wordingCommand `cmd:"" help:"Take wording packs to translators and back, as CSV tables."`
}

type instrumentListCommand struct{}

// Help shows an example.
func (*instrumentListCommand) Help() string { return "Example:\n  wellwave instrument list" }

// Run lists the library.
func (*instrumentListCommand) Run(a *app) error {
	instruments, err := library.List()
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(table, "ID\tVERSION\tITEMS\tWORDING\tLANGUAGES\tTITLE\tSCALES")
	for _, i := range instruments {
		packs, err := library.Wordings(i.ID)
		if err != nil {
			return err
		}
		languages := make([]string, 0, len(packs))
		for _, pack := range packs {
			languages = append(languages, pack.Language)
		}
		_, _ = fmt.Fprintf(table, "%s\t%s\t%d\t%s\t%s\t%s\t%s\n", i.ID, i.Version, len(i.Items), i.Licence.Wording,
			strings.Join(languages, ","), i.Title, scaleIDs(i))
	}
	return table.Flush() // which tells of any failed write
}

func scaleIDs(i *surveys.Instrument) string {
	ids := make([]string, 0, len(i.Scales))
	for _, scale := range i.Scales {
		ids = append(ids, scale.ID())
	}
	if len(ids) == 0 {
		return "-"
	}
	return strings.Join(ids, ",")
}

type instrumentShowCommand struct {
	ID   string `arg:"" help:"The instrument."`
	YAML bool   `name:"yaml" help:"Print the instrument's file itself, to make one of your own from."`
}

// Help shows an example.
func (*instrumentShowCommand) Help() string {
	return "Item codes and scale ids are the names of columns in files. What is marked unconfirmed has not been compared with its source.\n\n" +
		"Example:\n  wellwave instrument show phq9\n  wellwave instrument show pcsafequest --yaml > pcsafequest.yaml"
}

// Run shows one instrument of the library.
func (c *instrumentShowCommand) Run(a *app) error {
	instrument, err := library.Find(surveys.InstrumentID(c.ID))
	if err != nil {
		return err
	}
	if c.YAML {
		source, _, err := library.Source(instrument.ID)
		if err != nil {
			return err
		}
		_, err = a.stdout.Write(source)
		return err
	}
	packs, err := library.Wordings(instrument.ID)
	if err != nil {
		return err
	}
	return showInstrument(a.stdout, instrument, packs)
}

type instrumentCheckCommand struct {
	File    string `arg:"" type:"existingfile" help:"The instrument file."`
	Wording string `type:"existingfile" placeholder:"FILE" help:"A wording pack to check with it."`
}

// Help shows an example.
func (*instrumentCheckCommand) Help() string {
	return "The worked examples of the file are run as well. Items of which it says no class are told with the one that follows from their kind.\n\nExample:\n  wellwave instrument check bfi25.yaml --wording bfi25.en.yaml"
}

// Run checks the files.
func (c *instrumentCheckCommand) Run(a *app) error {
	data, err := os.ReadFile(c.File)
	if err != nil {
		return surveys.Errorf(surveys.Invalid, "the instrument file cannot be read: %w", err)
	}
	instrument, err := surveys.ParseInstrument(c.File, data)
	if err != nil {
		return err
	}
	a.remark(instrument.Remarks)
	if c.Wording != "" {
		if data, err = os.ReadFile(c.Wording); err != nil {
			return surveys.Errorf(surveys.Invalid, "the wording pack cannot be read: %w", err)
		}
		pack, err := surveys.ParseWording(c.Wording, data)
		if err != nil {
			return err
		}
		if missing := instrument.Missing(pack); len(missing) > 0 {
			return surveys.Errorf(surveys.Invalid, "%s is not complete: %s", c.Wording, strings.Join(missing, ", "))
		}
	}
	for _, unsaid := range instrument.Unclassed() {
		a.note("%s", unsaid)
	}
	_, err = fmt.Fprintf(a.stdout, "%s is in order: %s version %s with %s, %s and %s.\n", c.File, instrument.ID, instrument.Version,
		count(len(instrument.Items), "item"), count(len(instrument.Scales), "scale"), count(len(instrument.Examples), "worked example"))
	return err
}
