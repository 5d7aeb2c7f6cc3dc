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

// limiter counts failures by who, or at what: an address, or how a code begins. An attempt holds a place of the allowance
// until it has ended, and where all that is left is held the next one waits: guesses that come at one moment get no further
// than one after the other, and nobody is refused because many of one address open their links at the same time.
type limiter struct {
	every rate.Limit
	burst int
	now   func() time.Time

	mu     sync.Mutex
	counts map[string]*tries
}

// tries are the attempts of one that is counted. A reservation of the rate package would not do for those under way: given
// back, it restores less the more others were made after it.
type tries struct {
	allowance         *rate.Limiter // spent on those that failed
	underWay, waiting int
	ended             *sync.Cond // tells one that waits that an attempt has ended
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
		failed := true // unless next comes back to say otherwise
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

// findLink finds what a link or typed code leads to. It fails with NotFound for what leads nowhere, and refuses a code whose
// beginning was tried too often.
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

// begin takes a place of the allowance for an attempt, as soon as there is one, and end is to be told of the attempt. Where the
// allowance is spent it takes nothing and returns how long the next attempt must wait.
func (l *limiter) begin(who string) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	one := l.find(who)
	one.waiting++
	left := one.allowance.TokensAt(l.now())
	for left >= 1 && left-float64(one.underWay) < 1 {
		one.ended.Wait()
		left = one.allowance.TokensAt(l.now())
	}
	one.waiting--
	one.ended.Signal() // the next that waits may have its answer too
	if left < 1 {
		return time.Duration((1 - left) / float64(l.every) * float64(time.Second))
	}
	one.underWay++
	return 0
}

// end gives the place of an attempt back, or spends it on one that failed.
func (l *limiter) end(who string, failed bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	one := l.counts[who]
	one.underWay--
	if failed {
		one.allowance.AllowN(l.now(), 1)
	}
	one.ended.Signal()
	if !one.busy() && l.whole(one) {
		delete(l.counts, who)
	}
}

// find returns the count of one, which is new where nothing is known.
func (l *limiter) find(who string) *tries {
	one, ok := l.counts[who]
	if !ok {
		if len(l.counts) >= maxCounted {
			l.forget()
		}
		one = &tries{allowance: rate.NewLimiter(l.every, l.burst), ended: sync.NewCond(&l.mu)}
		l.counts[who] = one
	}
	return one
}

func (t *tries) busy() bool { return t.underWay+t.waiting > 0 }

// whole reports whether one has the whole allowance.
func (l *limiter) whole(one *tries) bool { return one.allowance.TokensAt(l.now()) >= float64(l.burst) }

// forget drops the counts that have their whole allowance back, or all of them where none has, but for those in use.
func (l *limiter) forget() {
	maps.DeleteFunc(l.counts, func(_ string, one *tries) bool { return !one.busy() && l.whole(one) })
	if len(l.counts) >= maxCounted {
		maps.DeleteFunc(l.counts, func(_ string, one *tries) bool { return !one.busy() })
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
