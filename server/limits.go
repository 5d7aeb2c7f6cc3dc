package server

import (
	"maps"
	"net/http"
	"net/netip"
	"strconv"
	"sync"
	"time"

	"github.com/labstack/echo/v4"
	"golang.org/x/time/rate"

	"wellwave/surveys"
)

// limits slow down people who guess codes and passwords. A waiting room, a surgery and a mobile network each share one
// address, so only attempts that failed are counted and the allowance is generous: at one guess a second a code of 40 bits
// stands for thousands of years. Somebody who has seen how a code begins and tries the rest from many addresses is held up
// by the count of that beginning.
type limits struct {
	codes      *limiter // typed codes and links, by address
	beginnings *limiter // well-formed codes that do not exist, by how they begin
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

// limiter counts failures by a key: an address, or how a code begins. An attempt reserves a part of the allowance until it
// ends; when all that is left is reserved, the next attempt waits. So guesses made at the same moment get no further than
// guesses made one by one, and nobody is refused because many people behind one address open their links at once.
type limiter struct {
	every rate.Limit
	burst int
	now   func() time.Time

	mu     sync.Mutex
	counts map[string]*tries
}

// tries are the attempts under one key. A reservation of the rate package does not suit attempts under way: when it is
// cancelled, it gives back less the more reservations were made after it.
type tries struct {
	allowance         *rate.Limiter // spent on failed attempts
	underWay, waiting int
	ended             *sync.Cond // tells a waiting attempt that another has ended
}

func newLimiter(every rate.Limit, burst int) *limiter {
	return &limiter{every: every, burst: burst, now: time.Now, counts: make(map[string]*tries)}
}

// guard is the middleware that refuses an address whose attempts have failed too often.
func (l *limiter) guard(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		address := network(c.RealIP())
		if wait := l.begin(address); wait > 0 {
			return tooMany(c, wait)
		}
		failed := true // unless next returns and says otherwise
		defer func() { l.end(address, failed) }()
		err := next(c)
		failed = err != nil || c.Response().Status >= http.StatusBadRequest
		return err
	}
}

// tooMany refuses an attempt until some time has passed.
func tooMany(c echo.Context, wait time.Duration) error {
	c.Response().Header().Set(echo.HeaderRetryAfter, strconv.Itoa(int(wait.Seconds())+1))
	return echo.ErrTooManyRequests
}

// findLink finds what a link or typed code leads to. It fails with NotFound where there is no such link or code, and refuses
// a code whose beginning was tried too often.
func (s *Server) findLink(c echo.Context, typed string) (surveys.Opened, error) {
	beginning, isCode := surveys.CodeBeginning(typed)
	if !isCode {
		return s.store.OpenLink(c.Request().Context(), typed)
	}
	if wait := s.limits.beginnings.begin(beginning); wait > 0 {
		return surveys.Opened{}, tooMany(c, wait)
	}
	failed := false
	defer func() { s.limits.beginnings.end(beginning, failed) }()
	opened, err := s.store.OpenLink(c.Request().Context(), typed)
	failed = surveys.KindOf(err) == surveys.NotFound
	return opened, err
}

// begin reserves a part of the allowance for an attempt, waiting until there is one; the caller must call end when the
// attempt is over. If the allowance is spent, begin reserves nothing and returns how long to wait before the next attempt.
func (l *limiter) begin(key string) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	one := l.find(key)
	one.waiting++
	left := one.allowance.TokensAt(l.now())
	for left >= 1 && left-float64(one.underWay) < 1 {
		one.ended.Wait()
		left = one.allowance.TokensAt(l.now())
	}
	one.waiting--
	one.ended.Signal() // the next one that waits may go on too
	if left < 1 {
		return time.Duration((1 - left) / float64(l.every) * float64(time.Second))
	}
	one.underWay++
	return 0
}

// end returns what begin reserved, or spends it if the attempt failed.
func (l *limiter) end(key string, failed bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	one := l.counts[key]
	one.underWay--
	if failed {
		one.allowance.AllowN(l.now(), 1)
	}
	one.ended.Signal()
	if !one.busy() && l.whole(one) {
		delete(l.counts, key)
	}
}

// find returns the tries of a key, and makes them if there are none.
func (l *limiter) find(key string) *tries {
	one, ok := l.counts[key]
	if !ok {
		if len(l.counts) >= maxCounted {
			l.forget()
		}
		one = &tries{allowance: rate.NewLimiter(l.every, l.burst), ended: sync.NewCond(&l.mu)}
		l.counts[key] = one
	}
	return one
}

func (t *tries) busy() bool { return t.underWay+t.waiting > 0 }

// whole reports whether nothing of the allowance is spent.
func (l *limiter) whole(one *tries) bool { return one.allowance.TokensAt(l.now()) >= float64(l.burst) }

// forget drops the keys whose whole allowance is back, or, if there are none, every key that is not in use.
func (l *limiter) forget() {
	maps.DeleteFunc(l.counts, func(_ string, one *tries) bool { return !one.busy() && l.whole(one) })
	if len(l.counts) >= maxCounted {
		maps.DeleteFunc(l.counts, func(_ string, one *tries) bool { return !one.busy() })
	}
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
