package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"

	"wellwave/surveys"
	"wellwave/surveys/library"
	"wellwave/surveys/store"
)

type studyCommand struct {
	Check  studyCheckCommand  `cmd:"" help:"Look for mistakes in a study file."`
	Load   studyLoadCommand   `cmd:"" help:"Store a study file: a new study, or a new version of one."`
	List   studyListCommand   `cmd:"" help:"List the studies and their states."`
	Dates  studyDatesCommand  `cmd:"" help:"List the days of baseline that were corrected, and what moved with them."`
	Open   studyOpenCommand   `cmd:"" help:"Let people answer: make a study live, or start a pilot."`
	Close  studyCloseCommand  `cmd:"" help:"Stop taking answers."`
	Lock   studyLockCommand   `cmd:"" help:"Declare the data of a closed study final."`
	Unlock studyUnlockCommand `cmd:"" help:"Take a lock back; the study is closed again."`
}

// studyFiles reads a study file and everything that it may use: the library, and the instrument files, wording packs and
// interface packs that lie in the same folder. Other studies' files are passed over.
func studyFiles(path string) ([]byte, *surveys.Definitions, error) {
	source, err := os.ReadFile(path)
	if err != nil {
		return nil, nil, surveys.Errorf(surveys.Invalid, "the study file cannot be read: %w", err)
	}
	siblings, err := filepath.Glob(filepath.Join(filepath.Dir(path), "*.yaml"))
	if err != nil {
		return nil, nil, fmt.Errorf("list the folder of the study file: %w", err)
	}
	var own []library.OwnFile
	for _, sibling := range siblings {
		if filepath.Base(sibling) == filepath.Base(path) {
			continue
		}
		data, err := os.ReadFile(sibling)
		if err != nil {
			return nil, nil, surveys.Errorf(surveys.Invalid, "%s cannot be read: %w", sibling, err)
		}
		own = append(own, library.OwnFile{Name: sibling, Data: data})
	}
	definitions, err := library.DefinitionsWith(own)
	return source, definitions, err
}

type studyCheckCommand struct {
	File string `arg:"" type:"existingfile" help:"The study file."`
}

// Help shows an example.
func (*studyCheckCommand) Help() string {
	return "Every mistake is told with file, line and column. Instrument files, wording packs and interface packs in the same folder are used beside the library. What a release would carry and what not is listed by class.\n\nExample:\n  wellwave study check links.yaml"
}

// Run checks the file without a database.
func (c *studyCheckCommand) Run(a *app) error {
	source, definitions, err := studyFiles(c.File)
	if err != nil {
		return err
	}
	study, err := surveys.ParseStudy(c.File, source, definitions.Find, definitions.Interfaces()...)
	if err != nil {
		return err
	}
	a.remark(study.Remarks)
	_, err = fmt.Fprintf(a.stdout, "%s is in order: %q with %s, %s, %s and %s.\n", c.File, study.Title, count(len(study.Arms), "arm"),
		count(len(study.Sites), "site"), count(len(study.Waves), "wave"), count(len(study.Targets), "target"))
	if err == nil && len(study.PatientWaves()) > 0 {
		_, err = fmt.Fprintf(a.stdout, "Answers that a desk or the team has erased are gone for good after %s.\n", count(study.ErasureDays, "day"))
	}
	if err != nil {
		return err
	}
	return showClasses(a.stdout, study.Outlook())
}

// showClasses lists what a release would carry and what not, a line for each class and reason.
func showClasses(w io.Writer, outlook []surveys.Outlook) error {
	heading := ""
	for _, line := range outlook {
		now, why := "A release would carry:\n", ""
		if line.Why != "" {
			now, why = "It would leave out:\n", ": "+line.Why
		}
		if now == heading {
			now = ""
		} else {
			heading = now
		}
		if _, err := fmt.Fprintf(w, "%s  %-18s%s%s\n", now, line.Class, strings.Join(line.Columns, ", "), why); err != nil {
			return err
		}
	}
	return nil
}

// remark tells what is in order and may yet not be meant.
func (a *app) remark(remarks []string) {
	for _, remark := range remarks {
		a.note("warning: %s", remark)
	}
}

// count writes a number with its noun.
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

type studyLoadCommand struct {
	File string `arg:"" type:"existingfile" help:"The study file."`
}

// Help shows an example.
func (*studyLoadCommand) Help() string {
	return "Stores the file with every instrument, wording pack and interface pack that it uses. A live study takes additions only.\n\nExample:\n  wellwave study load links.yaml"
}

// Run stores the file.
func (c *studyLoadCommand) Run(a *app) error {
	source, definitions, err := studyFiles(c.File)
	if err != nil {
		return err
	}
	return a.withNewStore(func(s *store.Store) error {
		study, changed, err := s.LoadStudy(a.ctx, "", c.File, source, definitions)
		if err != nil {
			return err
		}
		a.remark(study.Remarks)
		_, state, err := s.Study(a.ctx, study.ID)
		switch {
		case err != nil:
			return err
		case !changed:
			_, err = fmt.Fprintf(a.stdout, "Nothing has changed in study %s.\n", study.ID)
		case state != surveys.Draft:
			_, err = fmt.Fprintf(a.stdout, "Study %s is loaded and stays %s.\n", study.ID, state)
		default:
			_, err = fmt.Fprintf(a.stdout, "Study %s is loaded. Open it with: wellwave study open %s\n", study.ID, study.ID)
		}
		return err
	})
}

type studyListCommand struct{}

// Help shows an example.
func (*studyListCommand) Help() string { return "Example:\n  wellwave study list" }

// Run lists the studies.
func (*studyListCommand) Run(a *app) error {
	return a.withStore(func(s *store.Store) error {
		studies, err := s.ListStudies(a.ctx)
		if err != nil {
			return err
		}
		table := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', 0)
		_, _ = fmt.Fprintln(table, "ID\tSTATE\tTITLE")
		for _, study := range studies {
			_, _ = fmt.Fprintf(table, "%s\t%s\t%s\n", study.ID, study.State, study.Title)
		}
		return table.Flush() // which tells of any failed write
	})
}

// stateChange are the parts of every command that changes a study's state.
type stateChange struct {
	ID  string `arg:"" help:"The study."`
	Yes bool   `short:"y" help:"Do not ask."`
}

// to asks for confirmation and changes the state. The study must be in a state that fits: closing and unlocking lead to
// the same one.
func (c *stateChange) to(a *app, state surveys.StudyState, fits func(from surveys.StudyState) bool, question string) error {
	return a.withStore(func(s *store.Store) error {
		study, from, err := s.Study(a.ctx, surveys.StudyID(c.ID))
		if err != nil {
			return err
		}
		if !fits(from) {
			return surveys.Errorf(surveys.Conflict, "Study %s is %s; this is not the way on from there.", study.ID, from)
		}
		if err := surveys.CheckState(from, state); err != nil {
			return err
		}
		if err := a.confirm(c.Yes, fmt.Sprintf(question, study.Title)); err != nil {
			return err
		}
		if err := s.SetStudyState(a.ctx, "", study.ID, state); err != nil {
			return err
		}
		_, err = fmt.Fprintf(a.stdout, "Study %s was %s and is %s.\n", study.ID, from, state)
		return err
	})
}

func anyState(surveys.StudyState) bool { return true }

func isLocked(from surveys.StudyState) bool { return from == surveys.Locked }

type studyOpenCommand struct {
	stateChange
	Pilot bool `help:"Only try the study out: pilot answers never reach a release."`
}

// Help shows an example.
func (*studyOpenCommand) Help() string {
	return "A live study takes additions only. A closed study can be opened again.\n\nExample:\n  wellwave study open links --pilot"
}

// Run opens the study.
func (c *studyOpenCommand) Run(a *app) error {
	if c.Pilot {
		return c.to(a, surveys.Pilot, anyState, "Start the pilot of “%s”?")
	}
	return c.to(a, surveys.Live, anyState, "Make “%s” live? From then on its file takes additions only.")
}

type studyCloseCommand struct{ stateChange }

// Help shows an example.
func (*studyCloseCommand) Help() string {
	return "Answers that still arrive from participants are kept and marked late.\n\nExample:\n  wellwave study close links"
}

// Run closes the study.
func (c *studyCloseCommand) Run(a *app) error {
	return c.to(a, surveys.Ended, surveys.StudyState.Takes, "Close “%s”? Participants can no longer answer.")
}

type studyLockCommand struct{ stateChange }

// Help shows an example.
func (*studyLockCommand) Help() string {
	return "Only a closed study can be locked.\n\nExample:\n  wellwave study lock links"
}

// Run locks the study.
func (c *studyLockCommand) Run(a *app) error {
	return c.to(a, surveys.Locked, anyState, "Lock “%s”? Its data are final from then on.")
}

type studyUnlockCommand struct{ stateChange }

// Help shows an example.
func (*studyUnlockCommand) Help() string { return "Example:\n  wellwave study unlock links" }

// Run takes the lock back.
func (c *studyUnlockCommand) Run(a *app) error {
	return c.to(a, surveys.Ended, isLocked, "Unlock “%s”? Its data can change again.")
}
