// Package mail hands messages to a mail server. It sends text to one person at a time, always under TLS unless the mail
// server is on this very machine, and its errors name no address, so that they can be logged.
package mail

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/mail"
	"net/url"
	"strconv"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"wellwave/surveys"
)

// Config says through which mail server messages go.
type Config struct {
	// URL is smtps://USER@HOST:465, or smtp://USER@HOST:587, which demands STARTTLS. smtp+plain://HOST:25 goes without TLS and
	// is taken for loopback addresses only. The user is left out where the server wants none.
	URL      string
	Password string
	From     string // the sender's address, with or without a name
	// Roots replace the system's trusted certificates; nil means the system's.
	Roots *x509.CertPool
}

// Sender sends messages. It is safe for use by many goroutines.
type Sender struct {
	host    string
	options []gomail.Option
	from    *mail.Address
}

// Message is a text to one person. ID stays the same when it is sent again, so that a mail program can tell.
type Message struct {
	ID         string // letters, digits, dots and hyphens
	ToName, To string
	Subject    string
	Text       string
}

// timeout bounds each conversation with the mail server.
const timeout = 30 * time.Second

var ports = map[string]int{"smtps": 465, "smtp": 587, "smtp+plain": 25}

// New returns a sender, or an Invalid error that says what is wrong with the configuration.
func New(c Config) (*Sender, error) {
	u, err := url.Parse(c.URL)
	if err != nil || ports[u.Scheme] == 0 || u.Hostname() == "" || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" {
		return nil, surveys.Errorf(surveys.Invalid, "the mail server is given as smtps://USER@HOST:465 or smtp://USER@HOST:587, or as smtp+plain://localhost:25 where it is on this machine")
	}
	if _, given := u.User.Password(); given {
		return nil, surveys.Errorf(surveys.Invalid, "the mail server's password does not belong into its address: give it in a file")
	}
	port := ports[u.Scheme]
	if u.Port() != "" {
		if port, err = strconv.Atoi(u.Port()); err != nil || port < 1 || port > 65535 {
			return nil, surveys.Errorf(surveys.Invalid, "the mail server's port is a number from 1 to 65535")
		}
	}
	s := &Sender{host: u.Hostname()}
	if s.from, err = mail.ParseAddress(c.From); err != nil {
		return nil, surveys.Errorf(surveys.Invalid, "the sender of messages must be an e-mail address, such as study@example.org")
	}
	s.options = []gomail.Option{gomail.WithPort(port), gomail.WithTimeout(timeout), gomail.WithHELO(s.domain())}
	switch u.Scheme {
	case "smtps":
		s.options = append(s.options, gomail.WithSSL())
	case "smtp":
		s.options = append(s.options, gomail.WithTLSPolicy(gomail.TLSMandatory))
	default:
		if ip := net.ParseIP(s.host); s.host != "localhost" && (ip == nil || !ip.IsLoopback()) {
			return nil, surveys.Errorf(surveys.Invalid, "smtp+plain:// sends without TLS and is for a mail server on this machine only")
		}
		s.options = append(s.options, gomail.WithTLSPolicy(gomail.NoTLS))
	}
	s.options = append(s.options, gomail.WithTLSConfig(&tls.Config{ServerName: s.host, MinVersion: tls.VersionTLS12, RootCAs: c.Roots}))
	if user := u.User.Username(); user != "" {
		if c.Password == "" {
			return nil, surveys.Errorf(surveys.Invalid, "the mail server's password is missing")
		}
		if u.Scheme == "smtp+plain" {
			return nil, surveys.Errorf(surveys.Invalid, "smtp+plain:// sends no password")
		}
		s.options = append(s.options, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover), gomail.WithUsername(user), gomail.WithPassword(c.Password))
	}
	return s, nil
}

// domain is that of the sender's address; message ids end in it.
func (s *Sender) domain() string {
	return s.from.Address[strings.LastIndexByte(s.from.Address, '@')+1:]
}

// Check reaches the mail server as Send would, signs in and sends nothing.
func (s *Sender) Check(ctx context.Context) error {
	client, err := gomail.NewClient(s.host, s.options...)
	if err != nil {
		return fmt.Errorf("prepare for the mail server: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	if err := client.DialWithContext(ctx); err != nil {
		return fmt.Errorf("reach the mail server: %w", err)
	}
	_ = client.Close() // reaching it was the question
	return nil
}

// Send hands a message over. Once it returns nil the mail server has it.
func (s *Sender) Send(ctx context.Context, m Message) error {
	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent(), gomail.WithEncoding(gomail.EncodingQP))
	msg.FromMailAddress(s.from)
	if err := msg.AddToFormat(m.ToName, m.To); err != nil {
		return errors.New("the message has no address that can be used")
	}
	msg.SetMessageIDWithValue(m.ID + "@" + s.domain())
	msg.SetDate()
	msg.Subject(m.Subject)
	msg.SetGenHeader("Auto-Submitted", "auto-generated") // asks for no reply that says somebody is away
	msg.SetImportance(gomail.ImportanceHigh)
	msg.SetBodyString(gomail.TypeTextPlain, m.Text)
	client, err := gomail.NewClient(s.host, s.options...)
	if err != nil {
		return fmt.Errorf("prepare for the mail server: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	err = client.DialAndSendWithContext(ctx, msg)
	if msg.IsDelivered() { // even if closing the connection failed
		return nil
	}
	var refused *gomail.SendError
	if errors.As(err, &refused) { // whose text holds the address
		return fmt.Errorf("the mail server did not take the message: code %d", refused.ErrorCode())
	}
	if err != nil {
		return fmt.Errorf("hand the message to the mail server: %w", err)
	}
	return nil
}
