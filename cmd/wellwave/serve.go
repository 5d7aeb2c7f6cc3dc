package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"os"
	"runtime/debug"
	"strings"

	"wellwave/server"
	"wellwave/server/outbox/mail"
	"wellwave/surveys"
	"wellwave/surveys/store"
)

type serveCommand struct {
	Addr           string   `default:"localhost:8080" env:"WELLWAVE_ADDR" placeholder:"HOST:PORT" help:"The address to listen on."`
	BaseURL        string   `env:"WELLWAVE_BASE_URL" placeholder:"URL" help:"The address that people type, such as https://study.example.org; it follows from --addr if left out."`
	TLSCert        string   `name:"tls-cert" env:"WELLWAVE_TLS_CERT" type:"existingfile" placeholder:"FILE" help:"Certificate chain, PEM."`
	TLSKey         string   `name:"tls-key" env:"WELLWAVE_TLS_KEY" type:"existingfile" placeholder:"FILE" help:"Private key of the certificate, PEM."`
	TrustedProxies []string `env:"WELLWAVE_TRUSTED_PROXIES" placeholder:"NETWORK" help:"Networks of proxies whose X-Forwarded-For is believed, such as 10.0.0.0/8."`
	OpenMetrics    bool     `env:"WELLWAVE_OPEN_METRICS" help:"Let every address read /metrics, not only this machine."`
	SMTP           string   `name:"smtp" env:"WELLWAVE_SMTP" placeholder:"URL" help:"The mail server through which safety alerts are sent: smtps://USER@HOST:465, or smtp://USER@HOST:587, which demands STARTTLS; smtp+plain://localhost:25 for one on this machine."`
	SMTPFrom       string   `name:"smtp-from" env:"WELLWAVE_SMTP_FROM" placeholder:"ADDRESS" help:"The sender's address of safety alerts."`
	SMTPPassword   string   `name:"smtp-password-file" env:"WELLWAVE_SMTP_PASSWORD_FILE" type:"existingfile" placeholder:"FILE" help:"Read the mail server's password from this file."`
	SMTPCA         string   `name:"smtp-ca" env:"WELLWAVE_SMTP_CA" type:"existingfile" placeholder:"FILE" help:"Trust the certificates in this file, PEM, for the mail server, in place of the system's."`
	Insecure       bool     `env:"WELLWAVE_INSECURE" help:"Allow a public address over plain http, where codes and answers can be read on the way."`
}

// Help shows examples.
func (*serveCommand) Help() string {
	return "The first start prints a one-time link with which the first administrator signs in.\n\nExamples:\n  wellwave serve\n  wellwave serve --addr :443 --base-url https://study.example.org --tls-cert chain.pem --tls-key key.pem\n  WELLWAVE_DATABASE_FILE=/run/secrets/database wellwave serve --addr :8080 --base-url https://study.example.org --trusted-proxies 10.0.0.0/8\n  wellwave serve --smtp smtps://alerts@mail.example.org --smtp-from alerts@example.org --smtp-password-file /run/secrets/mail"
}

// Run serves until the program is told to stop.
func (c *serveCommand) Run(a *app) error {
	site, err := c.site()
	if err != nil {
		return err
	}
	sender, err := c.sender()
	if err != nil {
		return err
	}
	return a.withNewStore(func(s *store.Store) error {
		log := slog.New(slog.NewTextHandler(a.stderr, nil))
		log.Info("starting", "version", version(), "database", masked(a.database), "addr", c.Addr, "base_url", site.base.String(),
			"tls", site.certificate != nil, "trusted_proxies", strings.Join(c.TrustedProxies, ","), "open_metrics", c.OpenMetrics, "sends_alerts", sender != nil)
		token, needed, err := s.SetupLink(a.ctx)
		if err != nil {
			return err
		}
		listener, err := site.listen(a.ctx)
		if err != nil {
			return err
		}
		return site.serve(a.ctx, listener, server.Config{Store: s, Logger: log, OpenMetrics: c.OpenMetrics, Mail: sender}, func() {
			log.Info("serving", "url", site.base.String())
			if needed {
				a.note("Nobody can sign in yet. Set up the first administrator within a day at\n  %s", site.base.JoinPath("set-up", token))
			}
		})
	})
}

// sender returns what sends mail, nil where no mail server is given.
func (c *serveCommand) sender() (*mail.Sender, error) {
	if c.SMTP == "" {
		if c.SMTPFrom != "" || c.SMTPPassword != "" || c.SMTPCA != "" {
			return nil, surveys.Errorf(surveys.Invalid, "--smtp is missing, which the other flags for mail belong to")
		}
		return nil, nil
	}
	config := mail.Config{URL: c.SMTP, From: c.SMTPFrom}
	var err error
	if config.Password, err = fromFile("", c.SMTPPassword); err != nil {
		return nil, err
	}
	if c.SMTPCA != "" {
		certificates, err := os.ReadFile(c.SMTPCA)
		if err != nil {
			return nil, surveys.Errorf(surveys.Invalid, "the mail server's certificates cannot be read: %w", err)
		}
		config.Roots = x509.NewCertPool()
		if !config.Roots.AppendCertsFromPEM(certificates) {
			return nil, surveys.Errorf(surveys.Invalid, "the file %s holds no certificate", c.SMTPCA)
		}
	}
	return mail.New(config)
}

// site is where and how the pages are reached.
type site struct {
	addr        string
	base        *url.URL
	certificate *tls.Certificate
	proxies     []netip.Prefix
}

// site reads the flags and refuses what would send answers through a public network unprotected.
func (c *serveCommand) site() (*site, error) {
	st := &site{addr: c.Addr}
	if (c.TLSCert == "") != (c.TLSKey == "") {
		return nil, surveys.Errorf(surveys.Invalid, "--tls-cert and --tls-key belong together")
	}
	if c.TLSCert != "" {
		pair, err := tls.LoadX509KeyPair(c.TLSCert, c.TLSKey)
		if err != nil {
			return nil, surveys.Errorf(surveys.Invalid, "the certificate cannot be used: %w", err)
		}
		st.certificate = &pair
	}
	for _, network := range c.TrustedProxies {
		prefix, err := netip.ParsePrefix(network)
		if err != nil {
			address, err := netip.ParseAddr(network)
			if err != nil {
				return nil, surveys.Errorf(surveys.Invalid, "--trusted-proxies: “%s” is no network such as 10.0.0.0/8", network)
			}
			prefix = netip.PrefixFrom(address, address.BitLen())
		}
		st.proxies = append(st.proxies, prefix)
	}
	if err := st.setBase(c.BaseURL); err != nil {
		return nil, err
	}
	if st.base.Scheme == "http" && !st.private() && !c.Insecure {
		return nil, surveys.Errorf(surveys.Invalid, "%s would be served over plain http, where anybody on the way can read codes and answers: "+
			"give --tls-cert and --tls-key, or --base-url https://… behind a proxy, or say --insecure", st.base)
	}
	if st.base.Scheme == "https" && st.listensHere() && st.certificate == nil && len(st.proxies) == 0 {
		return nil, surveys.Errorf(surveys.Invalid, "%s would be served on %s, where only a proxy on this machine can reach it, and everybody would seem to be that proxy: "+
			"whoever guesses codes or passwords would then shut out all. Say which addresses the proxy has, mostly --trusted-proxies 127.0.0.1,::1, "+
			"or give --tls-cert and --tls-key", st.base, st.addr)
	}
	return st, nil
}

// setBase takes the base URL, or makes it from the address.
func (st *site) setBase(given string) error {
	host, port, err := net.SplitHostPort(st.addr)
	if err != nil {
		return surveys.Errorf(surveys.Invalid, "--addr: “%s” is no address such as localhost:8080", st.addr)
	}
	if given == "" {
		scheme := "http"
		if st.certificate != nil {
			scheme = "https"
		}
		if host == "" {
			host = "localhost"
		}
		given = scheme + "://" + net.JoinHostPort(host, port)
	}
	base, err := url.Parse(given)
	if err != nil || base.Host == "" || base.Scheme != "http" && base.Scheme != "https" || strings.Trim(base.Path, "/") != "" {
		return surveys.Errorf(surveys.Invalid, "--base-url: “%s” is no address such as https://study.example.org", given)
	}
	st.base = base
	return nil
}

// private reports whether only this machine can reach the pages: both what is listened on and what people type must be
// loopback.
func (st *site) private() bool { return st.listensHere() && loopback(st.base.Hostname()) }

// listensHere reports whether only this machine can connect.
func (st *site) listensHere() bool {
	host, _, err := net.SplitHostPort(st.addr)
	return err == nil && loopback(host)
}

func loopback(host string) bool {
	if host == "localhost" {
		return true
	}
	address, err := netip.ParseAddr(host)
	return err == nil && address.IsLoopback()
}

// listen opens the port, with TLS where there is a certificate.
func (st *site) listen(ctx context.Context) (net.Listener, error) {
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", st.addr)
	if err != nil {
		return nil, fmt.Errorf("listen on %s: %w", st.addr, err)
	}
	if st.certificate != nil {
		listener = tls.NewListener(listener, &tls.Config{Certificates: []tls.Certificate{*st.certificate}, MinVersion: tls.VersionTLS12,
			CipherSuites: suites, NextProtos: []string{"h2", "http/1.1"}})
	}
	return listener, nil
}

// suites are those of TLS 1.2 with forward secrecy and authenticated encryption; Go would also take some without the latter,
// for browsers that run no page of ours. Those of TLS 1.3 are all such.
var suites = []uint16{
	tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
	tls.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, tls.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
	tls.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, tls.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
}

// serve answers the listener's requests until ctx ends. ready is called when the first can come.
func (st *site) serve(ctx context.Context, listener net.Listener, config server.Config, ready func()) error {
	if st.base.Port() == "0" { // any free port, for tests
		st.base.Host = net.JoinHostPort(st.base.Hostname(), fmt.Sprint(listener.Addr().(*net.TCPAddr).Port))
	}
	config.BaseURL, config.TrustedProxies = st.base.String(), st.proxies
	srv, err := server.New(config)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	if os.Getenv("GOGC") == "" { // nobody has chosen
		debug.SetGCPercent(gcPercent)
	}
	ready()
	return srv.Run(ctx, listener)
}

// gcPercent makes the server collect its garbage twice as often as Go does by itself. A small machine has time to spare
// and no memory: by BenchmarkServerMemory this keeps the process at some 76 MB
// in place of 86.
const gcPercent = 50
