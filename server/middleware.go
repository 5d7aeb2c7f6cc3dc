package server

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"wellwave/server/page"
	"wellwave/server/participant"
	"wellwave/surveys"
)

// headAsGet lets HEAD reach every GET route. net/http still sees the original request, and drops the body.
func headAsGet(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodHead {
			r = r.Clone(r.Context())
			r.Method = http.MethodGet
		}
		next.ServeHTTP(w, r)
	})
}

// allowHead names HEAD beside GET where a reply says what may be done at an address: the router does not know of headAsGet.
func allowHead(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if c.Request().Method != http.MethodGet {
			h := c.Response().Header()
			c.Response().Before(func() {
				if allow := h.Get(echo.HeaderAllow); strings.Contains(allow, http.MethodGet) {
					h.Set(echo.HeaderAllow, strings.Replace(allow, http.MethodGet, http.MethodGet+", "+http.MethodHead, 1))
				}
			})
		}
		return next(c)
	}
}

// requestID gives every request an id of our own making, so that a page and the log can name the same failure.
func requestID(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		var b [6]byte
		_, _ = rand.Read(b[:]) // never fails since Go 1.24
		c.Response().Header().Set(echo.HeaderXRequestID, hex.EncodeToString(b[:]))
		return next(c)
	}
}

func requestIDOf(c echo.Context) string { return c.Response().Header().Get(echo.HeaderXRequestID) }

// observeRequests feeds the metrics and writes one line per request, with the route's pattern. It never writes the address
// asked for, which may hold a code, or the client's address. Untraced routes are neither logged nor counted.
func (s *Server) observeRequests(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		began := time.Now()
		if err := next(c); err != nil {
			c.Error(err) // answers now, so that the status is known
		}
		if untraced(c) {
			return nil
		}
		route, method, status, took := pattern(c), c.Request().Method, c.Response().Status, time.Since(began)
		s.metrics.requests.WithLabelValues(route, method, strconv.Itoa(status)).Inc()
		s.metrics.seconds.WithLabelValues(route).Observe(took.Seconds())
		s.log.LogAttrs(c.Request().Context(), slog.LevelInfo, "request",
			slog.String("request", requestIDOf(c)),
			slog.String("method", method),
			slog.String("route", route),
			slog.Int("status", status),
			slog.Duration("took", took))
		return nil
	}
}

// untraced reports whether nobody may learn when a request was made. The staff survey promises not to keep when somebody
// answered. Its pages, the entering of a code just before them and the style sheets that come with them are therefore
// neither logged nor counted: from metrics that are read often one could tell when each request was made.
func untraced(c echo.Context) bool {
	path := c.Path()
	return path == "/" || strings.HasPrefix(path, "/s/") || strings.HasPrefix(path, "/staff/") || strings.HasPrefix(path, "/static/")
}

// pattern returns the matched route's pattern, or one fixed word if no route matched.
func pattern(c echo.Context) string {
	if c.Path() == "" {
		return "unmatched"
	}
	return c.Path()
}

// recoverPanics turns a panic into an internal error, logged with its stack.
func (s *Server) recoverPanics(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) (err error) {
		defer func() {
			if r := recover(); r != nil {
				err = fmt.Errorf("panic: %v\n%s", r, debug.Stack())
			}
		}()
		return next(c)
	}
}

// securityHeaders says on every reply what a browser may do with it. Assets set their own Cache-Control.
func (s *Server) securityHeaders(next echo.HandlerFunc) echo.HandlerFunc {
	secure := s.secure()
	return func(c echo.Context) error {
		h := c.Response().Header()
		for name, value := range page.Headers {
			h.Set(name, value)
		}
		if secure {
			h.Set(echo.HeaderStrictTransportSecurity, "max-age=31536000")
		}
		return next(c)
	}
}

// crossOrigin refuses what another site made a browser send. Pages need no hidden token for this, so a page that was kept
// offline can still be sent.
func (s *Server) crossOrigin() (echo.MiddlewareFunc, error) {
	protection := http.NewCrossOriginProtection()
	if err := protection.AddTrustedOrigin(s.base.Scheme + "://" + s.base.Host); err != nil {
		return nil, fmt.Errorf("trust our own origin: %w", err)
	}
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			if err := protection.Check(c.Request()); err != nil {
				return surveys.Errorf(surveys.Forbidden, "This form was sent from another website, so it was not taken. Open the page here and try again.")
			}
			return next(c)
		}
	}, nil
}

// refuseNUL answers that an address with U+0000 does not exist: PostgreSQL fails on texts that hold it.
func refuseNUL(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		u := c.Request().URL
		if strings.Contains(u.Path, "\x00") || strings.Contains(u.RawQuery, "%00") {
			return echo.ErrNotFound
		}
		return next(c)
	}
}

// limitBody refuses a body of more than size bytes.
func limitBody(size int64) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			r := c.Request()
			if r.ContentLength > size {
				return echo.ErrStatusRequestEntityTooLarge
			}
			r.Body = http.MaxBytesReader(c.Response(), r.Body, size)
			return next(c)
		}
	}
}

// readForm refuses a form that cannot be read, so that handlers need not: the error may repeat what somebody typed, so it
// stays out of the log. What stands in the address is no part of a form, so that no link can fill one in.
func readForm(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		_, err := c.FormParams()
		var tooLarge *http.MaxBytesError
		switch {
		case errors.As(err, &tooLarge):
			return echo.ErrStatusRequestEntityTooLarge
		case err != nil:
			return echo.ErrBadRequest
		}
		c.Request().Form = c.Request().PostForm
		return next(c)
	}
}

// shortFormTimeout is how long a form of a few words may take to arrive.
const shortFormTimeout = 15 * time.Second

// soon lets the middleware that reads a short form wait no longer than such a form takes on a poor line. What comes after it
// has the ordinary time again.
func soon(read echo.MiddlewareFunc) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			connection := http.NewResponseController(c.Response())
			began := time.Now()
			set := func(at time.Time) error {
				if err := connection.SetReadDeadline(at); err != nil && !errors.Is(err, http.ErrNotSupported) {
					return fmt.Errorf("set the deadline of a form: %w", err)
				}
				return nil
			}
			if err := set(began.Add(shortFormTimeout)); err != nil {
				return err
			}
			return read(func(c echo.Context) error {
				if err := set(began.Add(readTimeout)); err != nil {
					return err
				}
				return next(c)
			})(c)
		}
	}
}

// rereads lets the buttons that change how somebody reads be answered on any page.
func (s *Server) rereads(next echo.HandlerFunc) echo.HandlerFunc {
	reread := limitBody(defaultBody)(readForm(participant.Reread(s.secure(), next)))
	return func(c echo.Context) error {
		if page.ReadsAnew(c) {
			return reread(c)
		}
		return next(c)
	}
}

// addressExtractor returns how a client's address is found: from X-Forwarded-For only if one of our own proxies sent it.
func addressExtractor(proxies []netip.Prefix) echo.IPExtractor {
	if len(proxies) == 0 {
		return echo.ExtractIPDirect()
	}
	options := []echo.TrustOption{echo.TrustLoopback(false), echo.TrustLinkLocal(false), echo.TrustPrivateNet(false)}
	for _, p := range proxies {
		_, network, err := net.ParseCIDR(p.Masked().String())
		if err == nil { // a valid prefix always parses
			options = append(options, echo.TrustIPRange(network))
		}
	}
	return echo.ExtractIPFromXFFHeader(options...)
}

// isAPI reports whether a program rather than a person waits for the reply.
func isAPI(c echo.Context) bool { return strings.HasPrefix(c.Request().URL.Path, "/api/") }

// longTimeout is how long a download or a request with answers in bulk may take.
const longTimeout = 30 * time.Minute

// extendDeadlines lets one request and its reply take longer than others.
func extendDeadlines(c echo.Context) error {
	connection, at := http.NewResponseController(c.Response()), time.Now().Add(longTimeout)
	err := errors.Join(connection.SetReadDeadline(at), connection.SetWriteDeadline(at))
	if err != nil && !errors.Is(err, http.ErrNotSupported) {
		return fmt.Errorf("extend the deadline: %w", err)
	}
	return nil
}

// longer lets a request take longer than others.
func longer(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if err := extendDeadlines(c); err != nil {
			return err
		}
		return next(c)
	}
}
