// Package server is the HTTP side of wellwave: with the rooms below it, it alone knows Echo, cookies, forms and pages.
//
// Every route stands in one table (routes.go) with the group it is for. A handler binds what came, calls one method of the
// store and answers; every refusal rises to the one error handler (errors.go). The handlers are in two packages that do not
// know each other: participant, for people who answer, and office, for people who sign in. Both use page, which renders, and
// sealed, access, question and withdrawal. Package outbox sends messages outside of requests.
package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"sync"
	"time"

	"github.com/labstack/echo/v4"
	"golang.org/x/time/rate"

	"wellwave/server/access"
	"wellwave/server/office"
	"wellwave/server/outbox"
	"wellwave/server/outbox/mail"
	"wellwave/server/page"
	"wellwave/server/participant"
	"wellwave/server/tickets"
	"wellwave/surveys"
	"wellwave/surveys/store"
)

// Config says what to serve and to whom.
type Config struct {
	Store *store.Store
	// BaseURL is the address that people type, without a path. With https cookies are Secure and bound to the host.
	BaseURL string
	// TrustedProxies are the networks whose X-Forwarded-For is believed; without any, the address of the connection
	// counts, so that nobody can dodge a rate limit by inventing headers.
	TrustedProxies []netip.Prefix
	// Logger receives one line a request and the errors; nil means slog.Default().
	Logger *slog.Logger
	// OpenMetrics lets every address read /metrics; without it only this machine may.
	OpenMetrics bool
	// Now is the clock; nil means that of the store.
	Now func() time.Time
	// Space tells the room on the database's disk; nil means to ask the store.
	Space func() (room surveys.Space, known bool, err error)
	// Mail sends the messages of alerts; nil means that this server sends none.
	Mail *mail.Sender
	// Demo says on every page that everybody is invented, SignIns are shown on the sign-in page, and DemoCustodians where a
	// round of their study is opened, if that is a demonstration.
	Demo           bool
	SignIns        []access.DemoSignIn
	DemoCustodians []access.DemoCustodian
}

// Server answers requests. It keeps nothing that another server on the same database would miss.
type Server struct {
	store    *store.Store
	base     *url.URL
	log      *slog.Logger
	now      func() time.Time
	pages    *page.Renderer
	sessions *access.Sessions
	metrics  *metrics
	limits   limits
	// refusedKeys counts the refused keys that are recorded, by network.
	refusedKeys *limiter
	roomOf      func() (surveys.Space, bool, error)
	echo        *echo.Echo

	participant *participant.Handlers
	office      *office.Handlers
	alerts      *outbox.Alerts // nil where this server sends no mail
}

// Times that bound a connection. Downloads and answers in bulk extend their own.
const (
	headerTimeout = 10 * time.Second
	readTimeout   = time.Minute
	writeTimeout  = time.Minute
	idleTimeout   = 2 * time.Minute
	stopTimeout   = 20 * time.Second
)

// maxHeaders bounds the headers of a request. The cookies of a browser that is a tablet, has a page open and is signed in come to
// less than a quarter of it; net/http takes 4 KB more than it is told.
const maxHeaders = 12 << 10

// housekeepingEvery is how often windows that have closed are finalised, old sessions swept out, and the order of
// anonymous answers forgotten.
const housekeepingEvery = 5 * time.Minute

// New returns a server that is ready to run. A mistake in a page or in the route table is an error here.
func New(config Config) (*Server, error) {
	base, err := url.Parse(config.BaseURL)
	if err != nil || base.Host == "" || base.Scheme != "http" && base.Scheme != "https" {
		return nil, surveys.Errorf(surveys.Invalid, "the base URL must look like https://study.example.org, not %q", config.BaseURL)
	}
	pages, err := page.NewRenderer(declaredPages(), config.Demo)
	if err == nil {
		err = pages.CheckDeclared()
	}
	if err != nil {
		return nil, err
	}
	sealer, err := tickets.NewSealer(context.Background(), config.Store.SealingKeys)
	if err != nil {
		return nil, fmt.Errorf("start server: %w", err)
	}
	s := &Server{
		store:       config.Store,
		base:        base,
		log:         config.Logger,
		now:         config.Now,
		pages:       pages,
		metrics:     newMetrics(),
		limits:      newLimits(),
		refusedKeys: newLimiter(rate.Every(time.Minute), 20),
		roomOf:      config.Space,
	}
	if s.log == nil {
		s.log = slog.Default()
	}
	s.log = slog.New(sayingWhy{s.log.Handler()})
	if s.roomOf == nil {
		s.roomOf = s.store.Space
	}
	s.metrics.measureSpace(s.space)
	if s.now == nil {
		s.now = s.store.Now
	}
	sealer.Now = s.now
	s.sessions = access.NewSessions(s.store, s.secure(), s.log)
	s.sessions.Now, s.sessions.WithoutFactor = s.now, config.Demo
	kept := &tickets.Cookies{Sealer: sealer, Secure: s.secure(), Now: s.now, End: s.store.EndSitting}
	s.participant = participant.New(participant.Config{Store: s.store, Pages: s.pages, Sessions: s.sessions, Cookies: kept, Sealer: sealer, Now: s.now,
		Secure: s.secure(), FindLink: s.findLink, LogTrouble: func(c echo.Context, t page.Trouble, err error) {
			sayWhen(c, t)
			s.logTrouble(c, t, err)
		}})
	if s.office, err = office.New(office.Config{Store: s.store, Pages: s.pages, Sessions: s.sessions, Cookies: kept, BaseURL: s.base, Log: s.log, Now: s.now, Space: s.space,
		SignIns: config.SignIns, DemoCustodians: config.DemoCustodians, Demo: config.Demo, SendsMail: config.Mail != nil, KioskPath: participant.KioskPath}); err != nil {
		return nil, err
	}
	s.sessions.Ask = s.office.Accounts.SigningIn.Ask
	if config.Mail != nil {
		s.alerts = &outbox.Alerts{Store: s.store, Mail: config.Mail, Log: s.log, AlertURL: s.office.Alerts.URL}
	}
	if s.echo, err = s.newEcho(config); err != nil {
		return nil, err
	}
	return s, nil
}

// secure reports whether people reach the server over https.
func (s *Server) secure() bool { return s.base.Scheme == "https" }

// newEcho builds the router: middleware first, then the table of routes.
func (s *Server) newEcho(config Config) (*echo.Echo, error) {
	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	e.IPExtractor = addressExtractor(config.TrustedProxies)
	e.HTTPErrorHandler = s.handleError
	origin, err := s.crossOrigin()
	if err != nil {
		return nil, err
	}
	e.Use(requestID, s.observeRequests, s.recoverPanics, s.securityHeaders, s.onlyOurHost, allowHead, origin, refuseNUL, s.rereads)
	for _, r := range s.routes(config) {
		if err := s.register(e, r); err != nil {
			return nil, err
		}
	}
	return e, nil
}

// Handler returns the whole server as one handler.
func (s *Server) Handler() http.Handler { return headAsGet(s.echo) }

// Run serves on the listener until ctx ends, then lets the requests under way finish.
func (s *Server) Run(ctx context.Context, listener net.Listener) error {
	srv := &http.Server{
		Handler:           s.Handler(),
		ReadHeaderTimeout: headerTimeout,
		ReadTimeout:       readTimeout,
		WriteTimeout:      writeTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeaders,
		ErrorLog:          slog.NewLogLogger(quietHandshakes{s.log.Handler()}, slog.LevelWarn),
	}
	keeping, stopKeeping := context.WithCancel(ctx)
	var kept sync.WaitGroup
	kept.Go(func() { s.keepHouse(keeping) })
	kept.Go(func() {
		s.store.KeepSealing(keeping, func(err error) { s.log.Error("seal the audit trail", "error", err) })
	})
	if s.alerts != nil {
		kept.Go(func() { s.alerts.Run(keeping) })
	}
	defer kept.Wait() // they record in the store what they have done, and the store closes after this
	defer stopKeeping()
	served := make(chan error, 1)
	go func() { served <- srv.Serve(listener) }()
	select {
	case err := <-served:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	s.log.Info("stopping", "grace", stopTimeout)
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTimeout)
	defer cancel()
	stopping := srv.Shutdown(grace)
	// A long download may have used up the grace period; the order of anonymous answers must be forgotten anyway.
	shuffling, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTimeout)
	defer cancel()
	if err := s.store.ShuffleStaff(shuffling); err != nil {
		s.log.Error("shuffle staff answers", "error", err)
	}
	if stopping != nil {
		return fmt.Errorf("stop server: %w", stopping)
	}
	if err := <-served; !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve: %w", err)
	}
	return nil
}

// keepHouse does what is due without any request. Several servers may do it at once on one database.
func (s *Server) keepHouse(ctx context.Context) {
	tick := time.NewTicker(housekeepingEvery)
	defer tick.Stop()
	for {
		s.warnOfSpace()
		if err := s.store.CheckClock(ctx); err != nil && ctx.Err() == nil {
			s.log.Warn("clock in doubt", "error", err)
		}
		if _, err := s.store.FinaliseClosed(ctx); err != nil && ctx.Err() == nil {
			s.log.Error("finalise closed windows", "error", err)
		}
		if err := s.store.SweepSessions(ctx); err != nil && ctx.Err() == nil {
			s.log.Error("sweep sessions", "error", err)
		}
		if err := s.store.SubmitPapers(ctx); err != nil && ctx.Err() == nil {
			s.log.Error("submit papers", "error", err)
		}
		if err := s.store.ShuffleStaff(ctx); err != nil && ctx.Err() == nil {
			s.log.Error("shuffle staff answers", "error", err)
		}
		if _, err := s.store.EraseDue(ctx); err != nil && ctx.Err() == nil {
			s.log.Error("erase what is due", "error", err)
		}
		if err := s.store.ForgetErased(ctx); err != nil && ctx.Err() == nil {
			s.log.Error("forget what was erased", "error", err)
		}
		if err := s.store.ForgetUnsealed(ctx); err != nil && ctx.Err() == nil {
			s.log.Error("forget secrets that were not sealed", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// quietHandshakes drops what net/http says about clients that hang up during a TLS handshake, addresses included.
type quietHandshakes struct{ slog.Handler }

func (q quietHandshakes) Handle(ctx context.Context, r slog.Record) error {
	return q.Handler.Handle(ctx, slog.NewRecord(r.Time, r.Level, "connection failed", r.PC))
}

// declaredPages lists every page that the server can show, one of each type.
func declaredPages() []page.Page {
	return slices.Concat(participant.Pages(), office.Pages(), []page.Page{&errorPage{}})
}
