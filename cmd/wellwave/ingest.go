package main

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"wellwave/surveys"
	"wellwave/surveys/bulk"
	"wellwave/surveys/csvtable"
	"wellwave/surveys/store"
)

type ingestCommand struct {
	fileForm
	Study           string            `required:"" help:"The study."`
	Wave            string            `required:"" help:"The wave that the answers belong to."`
	Column          map[string]string `mapsep:"," placeholder:"OURS=THEIRS" help:"Our name of a column and the file's, such as participant=row."`
	Set             map[string]string `mapsep:"," placeholder:"NAME=VALUE" help:"A value for every row, such as site=ashlaw."`
	Ignore          []string          `placeholder:"NAME" help:"Columns of the file that are not wanted."`
	Enrol           bool              `help:"Enrol participants whom the study does not know yet, at the site of their row."`
	ConsentDeclared string            `placeholder:"TEXT" help:"With --enrol: what the study team declares of the consent of people who are new: version, day, basis and who declares it, with semicolons between them. A column consented_on says the day of each person, and consent_version the version."`
	Correct         bool              `help:"Let changed answers, days and modes replace those that came before; without it they are a conflict."`
	Reason          string            `default:"source" enum:"${reasons}" help:"With --correct: why: ${enum}."`
	BlankClears     bool              `help:"With --correct, let an empty cell take back the answer that stands."`
	Format          string            `enum:"auto,csv,ndjson" default:"auto" help:"The file's format: ${enum}; auto goes by its name."`
	File            string            `arg:"" type:"existingfile" help:"A CSV file with a header, or NDJSON with one submission a line, which may say consented_on and consent_version too."`
}

// Help shows examples.
func (*ingestCommand) Help() string {
	return `CSV columns: participant, site, arm, completed_at, mode, language, helper, place, and item codes. An empty cell is an answer that was not recorded. The same content again changes nothing. Rows that are refused are told with line and column and written to FILE.rejected.csv with the reason; the others are kept. That file can be mended and taken in like the first.

Files are read as programs write them: with commas, semicolons, tabs or bars between the columns, which is recognised and said, in UTF-8, or in UTF-16 with a mark. Rows of nothing but commas are none. Several choices of one question stand in one cell, parted by blanks, commas, semicolons or bars, or each in a column of its own such as race___1 with 1 or 0. A question of yes or no takes 1 and 0, TRUE and FALSE, yes and no. With --decimal , numbers have a comma before decimals, and days may be written day first, as 31/3/2026 or 31.3.2026. A code given with --missing is no answer, unless it is one of the answers to an item: there it stays one, which is said.

With --correct a row replaces answers that came before; what is empty in it replaces nothing, unless --blank-clears says that it takes the answer back. The closing line counts how many answers were kept, replaced and cleared.

--map names a table with the columns column and item for files of other people: MO,eq5d5l_mo. Several items, or an instrument, say that the column holds a state: state,eq5d5l reads 21345 as the answers to five questions. A column without an item is left out.

Examples:
  wellwave ingest --study links --wave baseline answers.csv
  wellwave ingest --study links --wave baseline --map items.csv --decimal , --missing NA,-99 answers.csv
  wellwave ingest --study traits --wave once --column participant=row --set site=S1 --ignore age,gender --enrol bfi.csv`
}

// Run takes the file in.
func (c *ingestCommand) Run(a *app) error {
	file, err := os.Open(c.File)
	if err != nil {
		return surveys.Errorf(surveys.Invalid, "the file cannot be read: %w", err)
	}
	defer func() { _ = file.Close() }() // it was only read
	return a.withStore(func(s *store.Store) error {
		study, _, err := s.Study(a.ctx, surveys.StudyID(c.Study))
		if err != nil {
			return err
		}
		q, err := s.CurrentQuestionnaire(a.ctx, study.ID, surveys.WaveID(c.Wave))
		if err != nil {
			return err
		}
		options, err := c.options(a)
		if err != nil {
			return err
		}
		newReader := bulk.NewCSV
		if c.Format == "ndjson" || c.Format == "auto" && slices.Contains([]string{".ndjson", ".jsonl", ".json"}, strings.ToLower(filepath.Ext(c.File))) {
			newReader = bulk.NewJSON
		}
		rows, err := newReader(file, q, study.Zone, options)
		if err != nil {
			place := c.File + ": " // of every mistake, one a line
			return surveys.Errorf(surveys.Invalid, "%s%s", place, strings.ReplaceAll(err.Error(), "\n", "\n"+place))
		}
		a.noteAll(rows.Notes())
		in := &ingest{app: a, store: s, study: study, wave: q.Wave, command: c, rows: rows, progress: a.progress("read")}
		if err := in.readConsent(); err != nil {
			return err
		}
		if err := in.readNumbers(); err != nil {
			return err
		}
		return in.run()
	})
}

// options reads what the flags say of the file.
func (c *ingestCommand) options(a *app) (bulk.Options, error) {
	o := bulk.Options{Columns: c.Column, Set: c.Set, Ignore: c.Ignore, BlankClears: c.BlankClears}
	if c.BlankClears && !c.Correct {
		return o, surveys.Errorf(surveys.Invalid, "--blank-clears is part of a correction: say --correct too")
	}
	var err error
	o.Cells, o.Map, err = c.read()
	return o, err
}

// ingest is one file on its way in.
type ingest struct {
	*app
	store    *store.Store
	study    *surveys.Study
	wave     surveys.WaveID
	command  *ingestCommand
	rows     bulk.Reader
	progress *progress
	rejected *rejects

	read, stored, there, refused int
	correction                   surveys.Correction
	alike                        map[string]string // what study numbers have in common → the first with it
	warned                       map[string]bool   // of numbers alike
	questioned                   int               // baselines long ago
	declared                     surveys.DeclaredConsent
	versions                     []string // of the consent text
}

// readConsent reads what is declared of the consent of people who may be enrolled. Nobody is enrolled without.
func (in *ingest) readConsent() error {
	text := in.command.ConsentDeclared
	if !in.command.Enrol && text != "" {
		return surveys.Errorf(surveys.Invalid, "--consent-declared is about people who are new: say --enrol too")
	}
	if !in.command.Enrol {
		return nil
	}
	var err error
	if in.versions, err = in.store.ListConsentVersions(in.ctx, in.study.ID); err != nil {
		return err
	}
	now := in.store.Now().In(in.study.Zone)
	switch {
	case text == "" && !in.rows.Says("consented_on") && !in.rows.PerRow():
		return surveys.Errorf(surveys.Invalid, "--enrol enrols people only with their consent, and the file does not say that they gave it: add a column consented_on with the day of each, or declare it for all of them with version, day, basis and who declares it, such as %s",
			surveys.ConsentDeclaration(in.study.Consent.Version, now))
	case text == "":
		in.declared = surveys.DeclaredConsent{Version: in.study.Consent.Version, Basis: "consented_on", By: "the file " + filepath.Base(in.command.File)}
		return nil
	}
	if in.declared, err = surveys.ReadDeclaredConsent(text, in.versions, in.study.Zone); err != nil {
		return err
	}
	return in.declared.Check(in.versions, now)
}

// consentOf returns what is declared of the consent of the person in a row.
func (in *ingest) consentOf(row *bulk.Row) (*surveys.DeclaredConsent, error) {
	declared := in.declared
	if row.Consent != "" {
		declared.Version = row.Consent
	}
	if !row.ConsentedOn.IsZero() {
		declared.On = row.ConsentedOn
	} else if in.rows.Says("consented_on") || declared.On.IsZero() {
		return nil, surveys.Errorf(surveys.Invalid, "the row does not say when this person agreed to take part, so they are not enrolled")
	}
	return &declared, declared.Check(in.versions, in.store.Now())
}

// readNumbers reads the numbers that the study knows, where new ones may come.
func (in *ingest) readNumbers() error {
	in.alike = make(map[string]string)
	if !in.command.Enrol {
		return nil
	}
	numbers, err := in.store.ListStudyNumbers(in.ctx, in.study.ID)
	slices.Sort(numbers)
	for _, number := range numbers {
		in.noteAlike(number)
	}
	return err
}

// noteAlike returns a number that the given one may be another form of: 007 and 7 are two people to a study, and may be one.
func (in *ingest) noteAlike(number string) (other string) {
	key := surveys.AlikeKey(number)
	if first, known := in.alike[key]; known && first != number {
		return first
	}
	in.alike[key] = number
	return ""
}

// run delivers the file and says what became of it.
func (in *ingest) run() error {
	err := bulk.Deliver(in.ctx, in.rows, bulk.InFlight, in.submit, in.count)
	in.progress.end()
	if in.questioned > mostQuestions {
		in.note("%s: %d baselines were given more than %d days ago, these %d among them. If the study began so early, its file can say when: starts: YYYY-MM-DD.",
			in.command.File, in.questioned, questionedDays, mostQuestions)
	}
	if closing := in.rejected.close(); err == nil {
		err = closing
	}
	// What was counted is said even if the end was not reached: these rows are in the database.
	if _, printing := fmt.Fprintln(in.stdout, in.closing()); printing != nil {
		return printing
	}
	switch {
	case err != nil:
		return fmt.Errorf("%s: %w", in.command.File, err)
	case in.refused > 0:
		in.note("The rejected rows are in %s with the reason of each.", in.rejected.name)
		return errReported
	default:
		return nil
	}
}

// closing is the last line: what became of the rows, and in a correction of the answers that stood before.
func (in *ingest) closing() string {
	rows := fmt.Sprintf("read %d, stored %d, already there %d, rejected %d", in.read, in.stored, in.there, in.refused)
	if !in.command.Correct {
		return rows
	}
	return rows + fmt.Sprintf("; answers kept %d, replaced %d, cleared %d", in.correction.Kept, in.correction.Replaced, in.correction.Cleared)
}

// submit sends one row through the one way in, with the enrolment of a new participant if the command says so.
func (in *ingest) submit(ctx context.Context, row *bulk.Row) (surveys.Receipt, error) {
	found, err := in.store.FindEnrolmentByLabel(ctx, in.study.ID, row.Participant)
	sub := row.Submission(in.study.ID, in.wave, found.ID)
	sub.By, sub.Basis, sub.Correct = store.Commander(ctx), surveys.Operator(), in.command.Correct
	sub.Why, _ = surveys.ParseCorrectionReason(in.command.Reason) // the grammar knows them all
	switch {
	case surveys.KindOf(err) == surveys.NotFound && in.command.Enrol:
		newcomer := surveys.NewEnrolment{Study: in.study.ID, Site: row.Site, Arm: row.Arm, Label: row.Participant}
		if err := newcomer.CheckSite(); err != nil {
			return surveys.Receipt{}, surveys.Errorf(surveys.Invalid, "%w: add a column site, or --set site=ID", err)
		}
		if newcomer.Declared, err = in.consentOf(row); err != nil {
			return surveys.Receipt{}, err
		}
		return in.store.EnrolAndSubmit(ctx, "", newcomer, sub)
	case surveys.KindOf(err) == surveys.NotFound:
		return surveys.Receipt{}, surveys.Errorf(surveys.Invalid, "the study has no participant %s; --enrol would enrol them", row.Participant)
	case err != nil:
		return surveys.Receipt{}, err
	}
	if err := found.CheckPlace(row.Site, row.Arm); err != nil {
		return surveys.Receipt{}, err
	}
	return in.store.Submit(ctx, sub)
}

// count books what became of a row. An error that is nobody's to mend in the file ends the work.
func (in *ingest) count(d bulk.Delivery) error {
	var rowError *bulk.RowError
	var refusal *surveys.Error
	isRow, isRefusal := errors.As(d.Err, &rowError), errors.As(d.Err, &refusal)
	if d.Err != nil && !isRow && (!isRefusal || refusal.Kind == surveys.Unavailable) {
		return d.Err
	}
	in.read++
	in.correction = in.correction.Plus(d.Receipt.Correction)
	if d.Err == nil && !d.Receipt.Repeated {
		in.questionDay(d.Row)
	}
	if d.Err == nil && in.command.Enrol {
		in.warnAlike(d.Row)
	}
	in.progress.at(in.read, 0)
	switch {
	case isRow:
		in.refused++
		return in.reject(d.Row, rowError)
	case isRefusal:
		in.refused++
		return in.reject(d.Row, refusedRow(d.Row.Line, refusal))
	case d.Receipt.Repeated:
		in.there++
	default:
		in.stored++
	}
	return nil
}

// questionedDays is how many days before today a baseline is asked about, where the study file does not say when the study
// began, and mostQuestions how many rows are named.
const questionedDays, mostQuestions = 180, 5

// questionDay asks about a baseline so long ago that the day may be typed wrong: what comes later counts from it.
func (in *ingest) questionDay(row bulk.Row) {
	wave, _ := in.study.Wave(in.wave) // it was found before
	if !wave.Baseline || !in.study.Starts.IsZero() || row.AnsweredAt.IsZero() {
		return
	}
	if ago := surveys.DayNumber(in.store.Now(), in.study.Zone) - surveys.DayNumber(row.AnsweredAt, in.study.Zone); ago > questionedDays {
		if in.questioned++; in.questioned <= mostQuestions {
			in.progress.end()
			in.note("%s: line %d: the baseline of participant %s was given on %s, %d days ago. Is the day right? Later waves count from it; --correct replaces it.",
				in.command.File, row.Line, surveys.StudyNumber(row.Participant), row.AnsweredAt.In(in.study.Zone).Format(time.DateOnly), ago)
		}
	}
}

// warnAlike tells of a number beside which there is another that differs by leading zeros alone, or by a point and zeros.
func (in *ingest) warnAlike(row bulk.Row) {
	number := surveys.StudyNumber(row.Participant)
	other := in.noteAlike(number)
	if other == "" || in.warned[number] {
		return
	}
	if in.warned == nil {
		in.warned = make(map[string]bool)
	}
	in.warned[number] = true
	in.progress.end()
	in.note("%s: line %d: participant %s is not participant %s; are they one person whose number has lost or gained zeros?", in.command.File, row.Line, number, other)
}

// refusedRow words what the store said about a row.
func refusedRow(line int, refusal *surveys.Error) *bulk.RowError {
	for column, reason := range refusal.Fields {
		if len(refusal.Fields) == 1 {
			return &bulk.RowError{Line: line, Column: column, Reason: reason}
		}
	}
	reason := refusal.Message
	if refusal.Kind == surveys.Conflict {
		reason += "; --correct would let these answers replace those that came before"
	}
	return &bulk.RowError{Line: line, Reason: reason}
}

// reject tells about a row that was not taken and writes it down.
func (in *ingest) reject(row bulk.Row, reason *bulk.RowError) error {
	in.progress.end()
	in.note("%s: %s", in.command.File, reason)
	if in.rejected == nil {
		opened, err := openRejects(in.command.File+".rejected.csv", in.rows.Header())
		if err != nil {
			return err
		}
		in.rejected = opened
	}
	return in.rejected.add(row, reason)
}

// rejects is the file of the rows that were not taken.
type rejects struct {
	name string
	file *os.File
	csv  *csv.Writer
}

func openRejects(name string, header []string) (*rejects, error) {
	file, err := os.OpenFile(name, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600) // it holds answers
	if err != nil {
		return nil, fmt.Errorf("write the rejected rows: %w", err)
	}
	r := &rejects{name, file, csv.NewWriter(file)}
	return r, r.csv.Write(append(bulk.RejectedHeader(), header...))
}

// add writes a row so that a spreadsheet in which somebody mends it runs none of its cells; ingest takes the apostrophes away.
func (r *rejects) add(row bulk.Row, reason *bulk.RowError) error {
	cells := []string{reason.Reason, strconv.Itoa(reason.Line), reason.Column}
	for _, cell := range row.Raw {
		cells = append(cells, csvtable.Shield(cell))
	}
	return r.csv.Write(cells)
}

// close writes what is still buffered. A file without rejected rows has none.
func (r *rejects) close() error {
	if r == nil {
		return nil
	}
	r.csv.Flush()
	if err := errors.Join(r.csv.Error(), r.file.Close()); err != nil {
		return fmt.Errorf("write the rejected rows: %w", err)
	}
	return nil
}
