package server

import (
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"
)

// anyHost are the routes of whoever watches over the machine, who may know it by another name.
var anyHost = []string{"/healthz", "/readyz", "/metrics"}

// onlyOurHost refuses requests for another host than that of the base URL. A page of somebody else's, whose name was made to
// lead to this machine, could otherwise read replies as if they were its own.
func (s *Server) onlyOurHost(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if !slices.Contains(anyHost, c.Path()) && !answersFor(s.base, c.Request().Host) {
			return echo.NewHTTPError(http.StatusMisdirectedRequest)
		}
		return next(c)
	}
}

// answersFor reports whether a request for host, with or without a port, is for the server at base. On this machine alone the
// loopback addresses, at any port, are one: nobody can give them another meaning.
func answersFor(base *url.URL, host string) bool {
	asked := &url.URL{Scheme: base.Scheme, Host: host}
	if strings.EqualFold(hostname(base), hostname(asked)) && port(base) == port(asked) {
		return true
	}
	return onThisMachine(hostname(base)) && onThisMachine(hostname(asked))
}

// hostname returns the name without the full stop with which it may end.
func hostname(u *url.URL) string { return strings.TrimSuffix(u.Hostname(), ".") }

func port(u *url.URL) string {
	switch {
	case u.Port() != "":
		return u.Port()
	case u.Scheme == "https":
		return "443"
	default:
		return "80"
	}
}

// onThisMachine reports whether a name or address leads to the machine on which it is asked for.
func onThisMachine(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	address, err := netip.ParseAddr(host)
	return err == nil && address.Unmap().IsLoopback()
}

// fromThisMachine reports whether the request was made here: over loopback, and not through a proxy on the same machine.
func fromThisMachine(r *http.Request) bool {
	if r.Header.Get("X-Forwarded-For") != "" || r.Header.Get("Forwarded") != "" {
		return false
	}
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	return err == nil && host != "localhost" && onThisMachine(host)
}
