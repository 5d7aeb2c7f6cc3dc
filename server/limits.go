package server

import (
	"net/http"
	"net/netip"
	"strconv"
	"sync"
	"time"

	"github.com/labstack/echo/v4"
	"golang.org/x/time/rate"

	"wellwave/surveys"
)

// limits slow down whoever guesses. A waiting room, a surgery and a mobile network each share one address, so only
// attempts that failed are counted and the allowance is generous: at one guess a second a code of 40 bits stands for
// thousands of years. Whoever has seen how a code begins and tries the rest from many addresses is held up by the code.
type limits struct {
	codes      *limiter // typed codes and links, by address
	beginnings *limiter // codes that look right and are none, by how they begin
	signIn     *limiter // sign-ins and set-up links, by address
}

func newLimits() limits {
	return limits{
		codes:      newLimiter(rate.Every(time.Second), 60),
		beginnings: newLimiter(rate.Every(10*time.Second), 30),
		signIn:     newLimiter(rate.Every(6*time.Second), 20),
	}
}

// maxCounted bounds a limiter's memory to about one megabyte.
const maxCounted = 8192

// limiter counts failures by who, or at what: an address, or how a code begins.
type limiter struct {
	every rate.Limit
	burst int

	mu     sync.Mutex
	counts map[string]*rate.Limiter
}

func newLimiter(every rate.Limit, burst int) *limiter {
	return &limiter{every: every, burst: burst, counts: make(map[string]*rate.Limiter)}
}

// guard is the middleware that refuses an address whose attempts have failed too often.
func (l *limiter) guard(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		address := network(c.RealIP())
		if wait := l.wait(address, time.Now()); wait > 0 {
			return tooMany(c, wait)
		}
		err := next(c)
		if err != nil || c.Response().Status >= http.StatusBadRequest {
			l.spend(address, time.Now())
		}
		return err
	}
}

// tooMany refuses an attempt until some time has passed.
func tooMany(c echo.Context, wait time.Duration) error {
	c.Response().Header().Set(echo.HeaderRetryAfter, strconv.Itoa(int(wait.Seconds())+1))
	return echo.ErrTooManyRequests
}

// findLink finds what a link or typed code leads to. It fails with NotFound for what leads nowhere, and refuses a code whose
// beginning was tried too often.
func (s *Server) findLink(c echo.Context, typed string) (surveys.Opened, error) {
	beginning, isCode := surveys.CodeBeginning(typed)
	if wait := s.limits.beginnings.wait(beginning, time.Now()); isCode && wait > 0 {
		return surveys.Opened{}, tooMany(c, wait)
	}
	opened, err := s.store.OpenLink(c.Request().Context(), typed)
	if isCode && surveys.KindOf(err) == surveys.NotFound {
		s.limits.beginnings.spend(beginning, time.Now())
	}
	return opened, err
}

// wait returns how long the next attempt must wait.
func (l *limiter) wait(who string, now time.Time) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	one, ok := l.counts[who]
	if !ok {
		return 0
	}
	tokens := one.TokensAt(now)
	if tokens >= 1 {
		return 0
	}
	return time.Duration((1 - tokens) / float64(l.every) * float64(time.Second))
}

// spend counts one failure.
func (l *limiter) spend(who string, now time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	one, ok := l.counts[who]
	if !ok {
		if len(l.counts) >= maxCounted {
			l.forget(now)
		}
		one = rate.NewLimiter(l.every, l.burst)
		l.counts[who] = one
	}
	one.AllowN(now, 1)
}

// forget drops the counts that have their whole allowance back, or all of them where none has.
func (l *limiter) forget(now time.Time) {
	for who, one := range l.counts {
		if one.TokensAt(now) >= float64(l.burst) {
			delete(l.counts, who)
		}
	}
	if len(l.counts) >= maxCounted {
		clear(l.counts)
	}
}

// network returns what one client holds: an IPv4 address, or the /64 that every IPv6 host may pick addresses from.
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
