package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"

	"wellwave/surveys"
	"wellwave/surveys/release"
	"wellwave/surveys/report"
	"wellwave/surveys/store"
)

type exportCommand struct {
	Study      string `required:"" help:"The study."`
	Profile    string `default:"shared" enum:"${profiles}" help:"Who will hold the data, and so how well people must be hidden: ${enum}."`
	Out        string `type:"path" placeholder:"DIR" xor:"out" required:"" help:"The folder to make."`
	Try        bool   `xor:"out" required:"" help:"Make nothing, and say what would become of a release: how its keys hide people, what would be blanked, what would help."`
	JSON       bool   `name:"json" help:"With --try: print it as JSON."`
	Plan       string `type:"existingfile" placeholder:"FILE" help:"A release plan in place of the study file's own: a YAML file with a release section like that of a study file."`
	Replaces   []int  `placeholder:"NUMBER" help:"Earlier releases that this one takes the place of: their recipients have confirmed that they are destroyed."`
	ApprovedBy string `placeholder:"NAME" help:"Who agreed that the release leaves the team. Needed, with --approval, for every profile but team; it stands in the manifest and in the audit trail."`
	Approval   string `placeholder:"REFERENCE" help:"The agreement or decision under which it leaves."`
	Number     int    `help:"Write an earlier release of this number again, to the same bytes."`
	Excel      bool   `help:"Write for Excel: formulas neutralised, marked as UTF-8. Without it the files are for statistics programs."`
}

// Help shows an example.
func (*exportCommand) Help() string {
	return "A release is refused where too few people share what somebody might know about them; the message names what is too rare and what would help.\n\nExamples:\n  wellwave export --study links --profile shared --try\n  wellwave export --study links --profile open --plan two-bands.yaml --try\n  wellwave export --study links --profile shared --out release-1 --approved-by 'Dana Officer' --approval DSA-2026-14"
}

// Run makes a release, or writes one again.
func (c *exportCommand) Run(a *app) error {
	order, err := c.order()
	if err != nil {
		return err
	}
	return a.withStore(func(s *store.Store) error {
		if c.Try {
			tried, err := release.Try(a.ctx, s, order)
			if err != nil {
				return err
			}
			return c.print(a, tried)
		}
		var manifest *release.Manifest
		var err error
		if c.Number > 0 {
			manifest, err = c.again(a, s)
		} else {
			manifest, err = release.Make(a.ctx, s, order)
		}
		if err != nil {
			return err
		}
		a.note("Release %d of study %s is in %s.", manifest.Release, c.Study, c.Out)
		names := []string{release.ManifestName}
		for _, file := range manifest.Files {
			names = append(names, file.Name)
		}
		for _, name := range names {
			if _, err := fmt.Fprintln(a.stdout, filepath.Join(c.Out, name)); err != nil {
				return err
			}
		}
		return nil
	})
}

// order is the release that the flags ask for.
func (c *exportCommand) order() (release.Order, error) {
	profile, ok := surveys.ParseReleaseProfile(c.Profile)
	if !ok {
		return release.Order{}, surveys.Errorf(surveys.Invalid, "there is no profile %s", c.Profile)
	}
	order := release.Order{Study: surveys.StudyID(c.Study), Profile: profile, Dir: c.Out, Excel: c.Excel, Replaces: c.Replaces,
		Approval: surveys.Approval{By: c.ApprovedBy, Reference: c.Approval}}
	if c.Plan != "" {
		source, err := os.ReadFile(c.Plan)
		if err != nil {
			return order, surveys.Errorf(surveys.Invalid, "the release plan cannot be read: %w", err)
		}
		order.Plan = &release.NamedPlan{Name: filepath.Base(c.Plan), Source: source}
	}
	return order, nil
}

// again writes an earlier release, which is noted like a download and needs what that needs: that it was approved.
func (c *exportCommand) again(a *app, s *store.Store) (*release.Manifest, error) {
	study := surveys.StudyID(c.Study)
	r, err := s.RegisteredRelease(a.ctx, study, c.Number)
	if err != nil {
		return nil, err
	}
	if err := r.CheckLeaves(); err != nil {
		return nil, err
	}
	manifest, err := release.Write(a.ctx, s, study, c.Number, c.Out)
	if err != nil {
		return nil, err
	}
	return manifest, s.RecordDownload(a.ctx, "", study, c.Number)
}

type reportCommand struct {
	Study   string `required:"" help:"The study."`
	Out     string `required:"" type:"path" placeholder:"FILE" help:"The PDF to write."`
	Outward bool   `help:"The edition for people outside the team: sites left out."`
}

// Help shows an example.
func (*reportCommand) Help() string {
	return "Example:\n  wellwave report --study links --out response.pdf"
}

// Run writes the response and power report.
func (c *reportCommand) Run(a *app) error {
	return a.withStore(func(s *store.Store) error {
		m, err := s.Monitor(a.ctx, surveys.StudyID(c.Study))
		if err != nil {
			return err
		}
		edition := report.Internal
		if c.Outward {
			edition = report.Outward
		}
		return a.writeOut(c.Out, func(w io.Writer) error {
			return report.WriteResponse(w, m, edition)
		})
	})
}

// writeOut writes a file whole or not at all, and prints its name.
func (a *app) writeOut(path string, write func(io.Writer) error) error {
	file, err := os.CreateTemp(filepath.Dir(path), ".wellwave-*")
	if err != nil {
		return surveys.Errorf(surveys.Invalid, "%s cannot be written there: %w", filepath.Base(path), err)
	}
	defer func() { _ = os.Remove(file.Name()) }() // gone already if all went well
	if err := write(file); err != nil {
		_ = file.Close() // the first error is the one to tell
		return err
	}
	if err := file.Close(); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	if err := os.Chmod(file.Name(), 0o644); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	if err := os.Rename(file.Name(), path); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	_, err = fmt.Fprintln(a.stdout, path)
	return err
}
