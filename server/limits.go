package server

import (
	"errors"
	"net/http"
	"net/netip"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"
	"golang.org/x/time/rate"

	"wellwave/surveys"
)

// limits slow down people who guess codes and passwords. A waiting room, a surgery and a mobile network each share one
// address, so only attempts that failed are counted and the allowance is generous: at one guess a second a code of 40 bits
// stands for thousands of years. Addresses are counted by each server for itself. Guesses at one account, and at codes that
// begin alike, which may come from many addresses, are counted by the store for all servers.
type limits struct {
	codes  *limiter // typed codes and links, by address
	slips  *limiter // well-formed codes that do not exist, by how they begin: the first that fail leave no trace in the database
	signIn *limiter // sign-ins and set-up links, by address
}

func newLimits() limits {
	return limits{
		codes:  newLimiter(rate.Every(time.Second), 60),
		slips:  newLimiter(rate.Every(20*time.Minute), 3),
		signIn: newLimiter(rate.Every(6*time.Second), 20),
	}
}

// guard is the middleware that refuses an address whose attempts have failed too often.
func (l *limiter) guard(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		end, wait := l.begin(c.Request().Context(), network(c.RealIP()))
		if end == nil {
			return tooMany(c, wait)
		}
		failed := true // unless next returns and says otherwise
		defer func() { end(failed) }()
		err := next(c)
		failed = err != nil || c.Response().Status >= http.StatusBadRequest
		return err
	}
}

// tooMany refuses an attempt until some time has passed.
func tooMany(c echo.Context, wait time.Duration) error {
	retryAfter(c, wait)
	return echo.ErrTooManyRequests
}

// retryAfter says after how many whole seconds to try again.
func retryAfter(c echo.Context, wait time.Duration) {
	c.Response().Header().Set(echo.HeaderRetryAfter, strconv.Itoa(int(wait.Seconds())+1))
}

// findLink finds what a link or typed code leads to. It fails with NotFound where there is no such link or code, and with
// TooMany for a code whose beginning was tried too often. Whoever mistypes the code of a card or letter a few times is counted in
// memory alone, so that the database does not tell when somebody tried a card.
func (s *Server) findLink(c echo.Context, typed string) (surveys.Opened, error) {
	ctx := c.Request().Context()
	beginning, isCode := surveys.CodeBeginning(typed)
	if !isCode {
		return s.store.OpenLink(ctx, typed)
	}
	if end, _ := s.limits.slips.begin(ctx, beginning); end != nil {
		failed := false
		defer func() { end(failed) }()
		opened, err := s.store.OpenLink(ctx, typed)
		failed = surveys.KindOf(err) == surveys.NotFound
		return opened, err
	}
	if err := s.store.TryCode(ctx, beginning); err != nil {
		return surveys.Opened{}, err
	}
	opened, err := s.store.OpenLink(ctx, typed)
	if surveys.KindOf(err) != surveys.NotFound {
		err = errors.Join(err, s.store.CodeFound(ctx, beginning))
	}
	return opened, err
}

// network returns the part of an address that identifies one client: an IPv4 address, or the /64 within which an IPv6 host
// may choose its addresses.
func network(address string) string {
	a, err := netip.ParseAddr(address)
	if err != nil {
		return ""
	}
	a = a.Unmap().WithZone("")
	bits := a.BitLen()
	if a.Is6() {
		bits = 64
	}
	p, _ := a.Prefix(bits) // bits fit the address
	return p.String()
}
