package main

import (
	"fmt"

	"wellwave/surveys"
	"wellwave/surveys/release"
	"wellwave/surveys/store"
)

type releaseCommand struct {
	Verify releaseVerifyCommand `cmd:"" help:"Check the files of a release against its manifest, and that against the database."`
}

type releaseVerifyCommand struct {
	Dir       string `arg:"" type:"path" placeholder:"DIR" help:"The folder that the release was written into."`
	FilesOnly bool   `help:"Compare with the manifest alone, for whoever has the files and not the database. It then tells of accidents, and not of somebody who changed both."`
}

// Help shows an example.
func (*releaseVerifyCommand) Help() string {
	return "What is not as it was is named on standard error, a file a line, and the exit code is 2.\n\nExamples:\n  wellwave release verify release-1\n  wellwave release verify --files-only release-1"
}

// Run checks the folder.
func (c *releaseVerifyCommand) Run(a *app) error {
	if c.FilesOnly {
		return c.verify(a, nil)
	}
	return a.withStore(func(s *store.Store) error { return c.verify(a, s) })
}

func (c *releaseVerifyCommand) verify(a *app, recorded release.Store) error {
	verified, err := release.Verify(a.ctx, recorded, c.Dir)
	if err != nil {
		return err
	}
	m := verified.Manifest
	for _, fault := range verified.Faults {
		a.note("%s", fault)
	}
	if n := len(verified.Faults); n > 0 {
		return surveys.Errorf(surveys.Invalid, "%s is not release %d of study %s as it was made: %d of its files are not what they must be", c.Dir, m.Release, m.Study, n)
	}
	against := "its manifest and the database have them"
	if c.FilesOnly {
		against = "its manifest has them"
	}
	_, err = fmt.Fprintf(a.stdout, "%s is release %d of study %s, whole: %d files as %s.\n", c.Dir, m.Release, m.Study, len(m.Files), against)
	return err
}
