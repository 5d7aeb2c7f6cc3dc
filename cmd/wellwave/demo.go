package main

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/alecthomas/kong"
	"rsc.io/qr"

	"wellwave/server"
	"wellwave/server/access"
	"wellwave/surveys"
	"wellwave/surveys/demo"
	"wellwave/surveys/store"
)

// demoPasswords is what the hash of a password takes, in KiB. Slow hashes protect passwords that people think of; here they
// are 80 random bits that go with the database, and a visitor is not to wait two seconds for them.
const demoPasswords = 256

type demoCommand struct {
	Addr string `default:"localhost:8080" env:"WELLWAVE_ADDR" placeholder:"HOST:PORT" help:"The address to listen on."`
	LAN  bool   `name:"lan" help:"Listen on the network, and print a QR code for a phone."`
	JSON bool   `name:"json" help:"Print one line of JSON with links and sign-ins."`
}

// Help shows an example.
func (*demoCommand) Help() string {
	return "Everybody in it is invented, and its database is removed when the demonstration ends.\n\nExample:\n  wellwave demo --lan"
}

// AfterApply refuses to be told of a database: nobody is to believe that theirs is being served. One that the environment
// names is for other commands.
func (*demoCommand) AfterApply(k *kong.Context) error {
	for _, part := range k.Path {
		if part.Flag != nil && (strings.HasPrefix(part.Flag.Name, "database") || part.Flag.Name == "key-file") {
			return surveys.Errorf(surveys.Invalid, "the demonstration has a database of its own, so --%s means nothing to it; serve serves yours", part.Flag.Name)
		}
	}
	return nil
}

// Run fills a throw-away database and serves it.
func (c *demoCommand) Run(a *app) (err error) {
	folder, err := os.MkdirTemp("", "wellwave-demo-")
	if err != nil {
		return fmt.Errorf("make a folder for the demonstration: %w", err)
	}
	defer func() {
		if removing := os.RemoveAll(folder); err == nil && removing != nil {
			err = fmt.Errorf("remove the demonstration: %w", removing)
		}
	}()
	addr, err := c.address()
	if err != nil {
		return err
	}
	// Over the network the demonstration is insecure on purpose: nobody real answers it.
	serve := serveCommand{Addr: addr, Insecure: true}
	site, err := serve.site()
	if err != nil {
		return err
	}
	listener, err := site.listen(a.ctx) // before the work: the port may be taken
	if err != nil {
		return err
	}
	defer func() { _ = listener.Close() }() // the server has closed it, unless something failed first
	a.note("Inventing 900 people and their answers …")
	clock := new(demo.Clock)
	a.database = "sqlite:" + filepath.Join(folder, "demo.db")
	s, err := store.Open(a.ctx, store.Options{DSN: a.database, Create: true, Now: clock.Now, PasswordMemory: demoPasswords})
	if err != nil {
		return err
	}
	defer func() {
		if closing := s.Close(); err == nil {
			err = closing
		}
	}()
	guide, err := demo.Fill(a.ctx, s, clock)
	if err != nil {
		return err
	}
	config := server.Config{Store: s, Demo: true, Logger: slog.New(slog.NewTextHandler(a.stderr, &slog.HandlerOptions{Level: slog.LevelWarn})), OpenMetrics: true}
	for _, signIn := range guide.SignIns {
		config.SignIns = append(config.SignIns, access.DemoSignIn{Role: signIn.Role.String(), Email: signIn.Email, Password: signIn.Password})
	}
	for _, c := range guide.Custodians {
		config.DemoCustodians = append(config.DemoCustodians, access.DemoCustodian{Study: demo.Links, Name: c.Name, Key: c.Key})
	}
	var printing error
	err = site.serve(a.ctx, listener, config, func() {
		if c.JSON {
			printing = printDemoJSON(a.stdout, site.base, guide)
		} else {
			printing = c.printDemo(a.stdout, site.base, guide)
		}
	})
	if err == nil && printing != nil {
		err = fmt.Errorf("print the links: %w", printing)
	}
	return err
}

// address returns what to listen on: with --lan this machine's address on its network.
func (c *demoCommand) address() (string, error) {
	if !c.LAN {
		return c.Addr, nil
	}
	_, port, err := net.SplitHostPort(c.Addr)
	if err != nil {
		return "", fmt.Errorf("read --addr: %w", err)
	}
	addresses, err := net.InterfaceAddrs()
	if err != nil {
		return "", fmt.Errorf("look for the network: %w", err)
	}
	for _, address := range addresses {
		if network, ok := address.(*net.IPNet); ok && network.IP.To4() != nil && network.IP.IsPrivate() {
			return net.JoinHostPort(network.IP.String(), port), nil
		}
	}
	return "", fmt.Errorf("this machine has no address on a private network")
}

// demoLinks are what a visitor opens.
type demoLinks struct {
	Patient      string `json:"patient"`
	PatientCode  string `json:"patient_code"`
	FollowUp     string `json:"follow_up"`
	FollowUpCode string `json:"follow_up_code"`
	Staff        string `json:"staff"`
	StaffCode    string `json:"staff_code"`
	SignIn       string `json:"sign_in"`
}

func newDemoLinks(base *url.URL, guide *demo.Guide) demoLinks {
	return demoLinks{
		Patient: base.JoinPath("s", guide.Patient.Link).String(), PatientCode: guide.Patient.Code,
		FollowUp: base.JoinPath("s", guide.FollowUp.Link).String(), FollowUpCode: guide.FollowUp.Code,
		Staff: base.JoinPath("s", guide.Staff).String(), StaffCode: guide.Staff,
		SignIn: base.JoinPath("sign-in").String(),
	}
}

// printDemoJSON prints everything on one line, for programs that try the demonstration.
func printDemoJSON(w io.Writer, base *url.URL, guide *demo.Guide) error {
	type account struct {
		Role     string `json:"role"`
		Email    string `json:"email"`
		Password string `json:"password"`
	}
	line := struct {
		URL      string    `json:"url"`
		Links    demoLinks `json:"links"`
		Accounts []account `json:"accounts"`
	}{URL: base.String(), Links: newDemoLinks(base, guide)}
	for _, s := range guide.SignIns {
		line.Accounts = append(line.Accounts, account{s.Role.String(), s.Email, s.Password})
	}
	return json.NewEncoder(w).Encode(line)
}

// printDemo prints the same for people.
func (c *demoCommand) printDemo(w io.Writer, base *url.URL, guide *demo.Guide) error {
	links := newDemoLinks(base, guide)
	var b strings.Builder
	fmt.Fprintf(&b, "\nwellwave demonstration: everybody in it is invented.\n\n")
	fmt.Fprintf(&b, "Answer a baseline questionnaire   %s\n  or type the code                %s  at %s\n", links.Patient, links.PatientCode, base)
	fmt.Fprintf(&b, "Answer after eighteen months      %s\n", links.FollowUp)
	fmt.Fprintf(&b, "Answer as a practice's staff      %s\n  or type the code                %s\n", links.Staff, links.StaffCode)
	fmt.Fprintf(&b, "\nSign in                           %s\n", links.SignIn)
	for _, s := range guide.SignIns {
		fmt.Fprintf(&b, "  %-14s %-32s %s\n", s.Role, s.Email, s.Password)
	}
	if c.LAN {
		code, err := qr.Encode(links.Patient, qr.L)
		if err != nil {
			return fmt.Errorf("draw the QR code: %w", err)
		}
		fmt.Fprintf(&b, "\nFor a phone on the same network:\n\n%s", drawQR(code, false))
	}
	fmt.Fprintf(&b, "\nStop with Ctrl+C; the demonstration's database is then removed.\n")
	_, err := io.WriteString(w, b.String())
	return err
}

// drawQR draws a code with half blocks, two rows of modules a line: light on dark, as most terminals are, or dark on light for
// paper.
func drawQR(code *qr.Code, onPaper bool) string {
	const quiet = 2
	var b strings.Builder
	for y := -quiet; y < code.Size+quiet; y += 2 {
		for x := -quiet; x < code.Size+quiet; x++ {
			switch upper, lower := code.Black(x, y) == onPaper, code.Black(x, y+1) == onPaper; {
			case upper && lower:
				b.WriteString("█")
			case upper:
				b.WriteString("▀")
			case lower:
				b.WriteString("▄")
			default:
				b.WriteString(" ")
			}
		}
		b.WriteString("\n")
	}
	return b.String()
}
