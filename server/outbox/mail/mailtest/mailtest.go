// Package mailtest gives tests a mail server of their own: a real one, on a port of this machine, that keeps what it gets.
package mailtest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"io"
	"log"
	"math/big"
	"net"
	"net/mail"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// User and Password are what a server with TLS asks for.
const (
	User     = "alerts"
	Password = "a mail password"
)

// Mail is a message as it arrived.
type Mail struct {
	From, To string // of the envelope
	Header   mail.Header
	Raw      string
}

// Server is a mail server. With Refuse it takes nothing.
type Server struct {
	Host  string // with the port
	Roots *x509.CertPool
	CA    string // a file with the certificate

	mu      sync.Mutex
	refuse  bool
	mails   []Mail
	signIns int
}

// Kind says how a server speaks TLS.
type Kind int

// The kinds.
const (
	Plain Kind = iota
	StartTLS
	TLS
)

// New starts a mail server for the length of a test.
func New(tb testing.TB, kind Kind) *Server {
	tb.Helper()
	s := &Server{}
	smtpServer := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &session{server: s, authed: kind == Plain}, nil }))
	smtpServer.Domain = "localhost"
	smtpServer.ErrorLog = log.New(io.Discard, "", 0) // whoever sends may be killed
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	s.Host = listener.Addr().String()
	if kind != Plain {
		smtpServer.TLSConfig = &tls.Config{Certificates: []tls.Certificate{s.certificate(tb)}}
	}
	if kind == TLS {
		listener = tls.NewListener(listener, smtpServer.TLSConfig)
	}
	go func() { _ = smtpServer.Serve(listener) }() // ends with Close
	tb.Cleanup(func() { _ = smtpServer.Close() })
	return s
}

// certificate makes a certificate for this machine, which the server's Roots trust.
func (s *Server) certificate(tb testing.TB) tls.Certificate {
	tb.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		tb.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "localhost"}, NotBefore: time.Now().Add(-time.Hour),
		NotAfter: time.Now().Add(24 * time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, DNSNames: []string{"localhost"},
		IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		tb.Fatal(err)
	}
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	s.CA = filepath.Join(tb.TempDir(), "ca.pem")
	if err := os.WriteFile(s.CA, text, 0o600); err != nil {
		tb.Fatal(err)
	}
	s.Roots = x509.NewCertPool()
	s.Roots.AppendCertsFromPEM(text)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

// Refuse has the server refuse every message from now on, or take them again.
func (s *Server) Refuse(refuse bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refuse = refuse
}

// Mails returns what arrived so far.
func (s *Server) Mails() []Mail {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Mail(nil), s.mails...)
}

// Wait returns the messages once there are n of them, or fails the test after ten seconds.
func (s *Server) Wait(tb testing.TB, n int) []Mail {
	tb.Helper()
	for range 200 {
		if mails := s.Mails(); len(mails) >= n {
			return mails
		}
		time.Sleep(50 * time.Millisecond)
	}
	tb.Fatalf("%d messages arrived, want %d", len(s.Mails()), n)
	return nil
}

// SignIns counts how often somebody signed in with the password.
func (s *Server) SignIns() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.signIns
}

// session is one conversation.
type session struct {
	server   *Server
	authed   bool
	from, to string
}

func (c *session) AuthMechanisms() []string { return []string{sasl.Plain} }

func (c *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, username, password string) error {
		if username != User || password != Password {
			return smtp.ErrAuthFailed
		}
		c.authed = true
		c.server.mu.Lock()
		defer c.server.mu.Unlock()
		c.server.signIns++
		return nil
	}), nil
}

func (c *session) Mail(from string, _ *smtp.MailOptions) error {
	if !c.authed {
		return smtp.ErrAuthRequired
	}
	c.from = from
	return nil
}

func (c *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	c.server.mu.Lock()
	defer c.server.mu.Unlock()
	if c.server.refuse {
		return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 0}, Message: "not now, " + to}
	}
	c.to = to
	return nil
}

func (c *session) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	parsed, err := mail.ReadMessage(strings.NewReader(string(raw)))
	if err != nil {
		return errors.New("not a message")
	}
	c.server.mu.Lock()
	defer c.server.mu.Unlock()
	c.server.mails = append(c.server.mails, Mail{c.from, c.to, parsed.Header, string(raw)})
	return nil
}

func (c *session) Reset()        { c.from, c.to = "", "" }
func (c *session) Logout() error { return nil }
