// Command wellwave serves, fills and reads the database of health programme evaluations. A subcommand is in the file of its
// name, with what helps it beside it; those that look after databases are in operate.go. main wires them to the store and the
// server and is the only place that exits.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"os/user"
	"regexp"
	"strings"
	"syscall"
	_ "time/tzdata" // study files name time zones, and a small machine may have none installed

	"github.com/alecthomas/kong"

	"wellwave/surveys"
	"wellwave/surveys/csvtable"
	"wellwave/surveys/store"
)

// The exit codes.
const (
	exitDone   = 0
	exitFailed = 1
	exitUsage  = 2 // wrong usage or bad input
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// commands is the grammar of the command line: flags and WELLWAVE_* environment in one place.
type commands struct {
	Database     string `default:"sqlite:wellwave.db" env:"WELLWAVE_DATABASE" placeholder:"URL" help:"The database: sqlite:PATH or postgres://USER@HOST/NAME. Where PATH is no file, serve, study load and account add make it."`
	DatabaseFile string `env:"WELLWAVE_DATABASE_FILE" type:"path" placeholder:"FILE" help:"Read the database URL, which may hold a password, from this file."`
	KeyFile      string `env:"WELLWAVE_KEY_FILE" placeholder:"FILE" help:"The file of the root key, which seals the secrets in the database. Beside an SQLite database it is PATH.key; on PostgreSQL it must be named, the same for every server and command. It is made with a new database."`

	Serve      serveCommand      `cmd:"" help:"Migrate the database and serve the pages and the API."`
	Demo       demoCommand       `cmd:"" help:"Serve the demonstration study on a throw-away database."`
	Study      studyCommand      `cmd:"" help:"Check, load and list studies, and change their state."`
	Instrument instrumentCommand `cmd:"" help:"Look at the library of instruments."`
	Locale     localeCommand     `cmd:"" help:"What the pages say, in other languages."`
	Score      scoreCommand      `cmd:"" help:"Score answers in a CSV table."`
	Describe   describeCommand   `cmd:"" help:"Describe items and the reliability of scales from a CSV table of answers."`
	Rates      ratesCommand      `cmd:"" help:"Work out response and retention rates from a CSV table of dispositions."`
	Climate    climateCommand    `cmd:"" help:"Compare the staff survey between two rounds, from a CSV table of scores."`
	Risk       riskCommand       `cmd:"" help:"Measure how well a CSV table hides the people in it."`
	Release    releaseCommand    `cmd:"" help:"Look after releases that were made."`
	Power      powerCommand      `cmd:"" help:"Work out power, sample size or detectable difference."`
	Ingest     ingestCommand     `cmd:"" help:"Take in answers from a CSV or NDJSON file."`
	Export     exportCommand     `cmd:"" help:"Write a release of a study's data."`
	Report     reportCommand     `cmd:"" help:"Write the response and power report as PDF."`
	Paper      paperCommand      `cmd:"" help:"Write a wave's questionnaire as PDF, to be filled in by hand."`
	Account    accountCommand    `cmd:"" help:"Add accounts that sign in."`
	Key        keyCommand        `cmd:"" help:"Manage the keys of the JSON API."`
	RootKey    rootKeyCommand    `cmd:"" help:"Look after the key that seals the secrets in the database."`
	Backup     backupCommand     `cmd:"" help:"Write a checked copy of the database while the server runs."`
	Restore    restoreCommand    `cmd:"" help:"Put a backup in the database's place, while no server runs."`
	Replay     replayCommand     `cmd:"" help:"Do the withdrawals and erasures of another database again in a restored one."`
	Doctor     doctorCommand     `cmd:"" help:"Check the database and fold every response again."`
	Version    versionCommand    `cmd:"" help:"Print the version."`
}

// app is what a subcommand works with.
type app struct {
	ctx            context.Context
	stdin          io.Reader
	stdout, stderr io.Writer
	database       string
	keyFile        string // of the root key; empty means beside the database
}

// enum lists the words of a closed set as the grammar has them.
func enum[T fmt.Stringer](values []T) string { return strings.Join(surveys.Listed(values), ",") }

// flagWords are the closed sets that the grammar names.
func flagWords() kong.Vars {
	return kong.Vars{"roles": enum(surveys.Roles()), "scopes": enum(surveys.KeyScopes()), "reasons": enum(surveys.CorrectionReasons()), "profiles": enum(surveys.ReleaseProfiles())}
}

// run executes one command line and returns the exit code.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	var grammar commands
	exited, code := false, exitDone
	parser, err := kong.New(&grammar, kong.Name("wellwave"),
		kong.Description("Collects questionnaire answers for health programme evaluations, counts them against the power target and exports them."),
		flagWords(),
		kong.Writers(stdout, stderr), kong.Exit(func(c int) { exited, code = true, c }), kong.NamedMapper("existingfile", kong.MapperFunc(existingFile)),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, NoExpandSubcommands: true}))
	if err != nil {
		return fail(stderr, err)
	}
	command, err := parser.Parse(args)
	if exited { // --help
		return code
	}
	var refused *surveys.Error // of ours: it needs no place in the grammar to be understood
	switch {
	case errors.As(err, &refused):
		return fail(stderr, refused)
	case err != nil:
		_, _ = fmt.Fprintf(stderr, "wellwave: %v\nTry: wellwave --help\n", err)
		return exitUsage
	}
	if name := command.Command(); name != "serve" && name != "demo" { // what a server does by itself nobody at a terminal did
		ctx = store.Commanded(ctx, operator())
	}
	a := &app{ctx: ctx, stdin: stdin, stdout: stdout, stderr: stderr, keyFile: grammar.KeyFile}
	if a.database, err = fromFile(grammar.Database, grammar.DatabaseFile); err != nil {
		return fail(stderr, err)
	}
	if err := command.Run(a); err != nil {
		return fail(stderr, a.explain(err))
	}
	return exitDone
}

// operator is the user of the operating system who runs the command and, where that is somebody else by sudo, who they were.
func operator() string {
	name := ""
	if u, err := user.Current(); err == nil {
		name = u.Username
	}
	if behind := os.Getenv("SUDO_USER"); behind != "" && behind != name {
		name += "/" + behind
	}
	return name
}

// explain puts the cause into a refusal that asks to try again. What senders of answers are told on a page, who can do
// nothing about it, says nothing to the person at a terminal, who can.
func (a *app) explain(err error) error {
	var refused *surveys.Error
	if !errors.As(err, &refused) || refused.Kind != surveys.Unavailable {
		return err
	}
	cause := refused.Unwrap()
	if cause == nil || strings.Contains(refused.Message, cause.Error()) {
		return err
	}
	return surveys.Errorf(surveys.Unavailable, "the database %s cannot be used: %w", masked(a.database), cause)
}

// errReported ends a command with exit code 2 whose messages are already written.
var errReported = errors.New("reported")

// inFile is how a message begins that says where in a file something is wrong. Editors find the place by it, so nothing
// is written before it.
var inFile = regexp.MustCompile(`^\S+:\d+:\d+: `)

// fail writes the message and chooses the exit code: what the caller handed in is bad input, all else a failure.
func fail(stderr io.Writer, err error) int {
	if errors.Is(err, errReported) {
		return exitUsage
	}
	if message := err.Error(); inFile.MatchString(message) {
		_, _ = fmt.Fprintln(stderr, message)
	} else {
		_, _ = fmt.Fprintf(stderr, "wellwave: %s\n", message)
	}
	var misplaced *csvtable.Error
	if kind := surveys.KindOf(err); kind == surveys.Invalid || kind == surveys.NotFound || errors.As(err, &misplaced) {
		return exitUsage
	}
	return exitFailed
}

// withStore runs fn on the database of the command line, which must be there, and closes it.
func (a *app) withStore(fn func(*store.Store) error) error {
	return a.runOn(store.Options{DSN: a.database, KeyFile: a.keyFile}, fn)
}

// withNewStore does the same for the commands that an installation begins with: they make the database if there is none.
func (a *app) withNewStore(fn func(*store.Store) error) error {
	return a.runOn(store.Options{DSN: a.database, KeyFile: a.keyFile, Create: true}, fn)
}

func (a *app) runOn(o store.Options, fn func(*store.Store) error) (err error) {
	s, err := store.Open(a.ctx, o)
	if err != nil {
		return err
	}
	if file := s.NewRootKey(); file != "" {
		a.note("The root key of this database was made in %s. No backup can be used without it: print its recovery sheet with wellwave root-key show.", file)
	}
	defer func() {
		if closing := s.Close(); err == nil {
			err = closing
		}
	}()
	return fn(s)
}

// note writes a message for the person at the terminal.
func (a *app) note(format string, args ...any) {
	_, _ = fmt.Fprintf(a.stderr, format+"\n", args...) // nobody is left to tell if standard error is gone
}
