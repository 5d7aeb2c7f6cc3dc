package server

import (
	"net/http"
	"net/netip"
	"strconv"
	"sync"
	"time"

	"github.com/labstack/echo/v4"
	"golang.org/x/time/rate"
)

// limits slow down whoever guesses. A waiting room, a surgery and a mobile network each share one address, so only
// attempts that failed are counted and the allowance is generous: at one guess a second a code of 40 bits stands for
// thousands of years.
type limits struct {
	codes  *limiter // typed codes and links
	signIn *limiter // sign-ins and set-up links
}

func newLimits() limits {
	return limits{
		codes:  newLimiter(rate.Every(time.Second), 60),
		signIn: newLimiter(rate.Every(6*time.Second), 20),
	}
}

// maxAddresses bounds a limiter's memory to about one megabyte.
const maxAddresses = 8192

// limiter counts failures by address.
type limiter struct {
	every rate.Limit
	burst int

	mu        sync.Mutex
	byAddress map[netip.Prefix]*rate.Limiter
}

func newLimiter(every rate.Limit, burst int) *limiter {
	return &limiter{every: every, burst: burst, byAddress: make(map[netip.Prefix]*rate.Limiter)}
}

// guard is the middleware that refuses an address whose attempts have failed too often.
func (l *limiter) guard(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		address := network(c.RealIP())
		if wait := l.wait(address, time.Now()); wait > 0 {
			c.Response().Header().Set(echo.HeaderRetryAfter, strconv.Itoa(int(wait.Seconds())+1))
			return echo.ErrTooManyRequests
		}
		err := next(c)
		if err != nil || c.Response().Status >= http.StatusBadRequest {
			l.spend(address, time.Now())
		}
		return err
	}
}

// wait returns how long an address must wait for its next attempt.
func (l *limiter) wait(address netip.Prefix, now time.Time) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	one, ok := l.byAddress[address]
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
func (l *limiter) spend(address netip.Prefix, now time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	one, ok := l.byAddress[address]
	if !ok {
		if len(l.byAddress) >= maxAddresses {
			l.forget(now)
		}
		one = rate.NewLimiter(l.every, l.burst)
		l.byAddress[address] = one
	}
	one.AllowN(now, 1)
}

// forget drops the addresses that have their whole allowance back, or all of them where none has.
func (l *limiter) forget(now time.Time) {
	for address, one := range l.byAddress {
		if one.TokensAt(now) >= float64(l.burst) {
			delete(l.byAddress, address)
		}
	}
	if len(l.byAddress) >= maxAddresses {
		clear(l.byAddress)
	}
}

// network returns what one client holds: an IPv4 address, or the /64 that every IPv6 host may pick addresses from.
func network(address string) netip.Prefix {
	a, err := netip.ParseAddr(address)
	if err != nil {
		return netip.Prefix{}
	}
	a = a.Unmap().WithZone("")
	bits := a.BitLen()
	if a.Is6() {
		bits = 64
	}
	p, _ := a.Prefix(bits) // bits fit the address
	return p
}
