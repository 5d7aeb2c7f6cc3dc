package surveys

import "time"

// SignInID names a browser in which an account is signed in.
type SignInID string

// How long somebody stays signed in.
const (
	SignInLife = 8 * time.Hour    // altogether
	answerIdle = 15 * time.Minute // without a request, where answers can be seen
	freshLife  = 10 * time.Minute // since the person last proved who they are, for what cannot be undone
)

// SignIn is one browser in which an account is signed in. Its owner and administrators see and end it.
type SignIn struct {
	ID          SignInID
	Account     AccountID
	Network     string // that it came from: an IPv4 /24 or IPv6 /48, never a whole address
	BeganAt     time.Time
	SeenAt      time.Time // at most a minute before its last request
	ConfirmedAt time.Time // when the person last proved who they are
	EndsAt      time.Time
}

// Idle is how long an account of the role may do nothing before it has to sign in again. A desk is used all day by people who
// come and go, and shows no answers.
func (r Role) Idle() time.Duration {
	if r == Practice {
		return SignInLife
	}
	return answerIdle
}

// Ended reports whether a sign-in of an account of the role has come to its end.
func (s SignIn) Ended(role Role, now time.Time) bool {
	return !now.Before(s.EndsAt) || now.Sub(s.SeenAt) >= role.Idle()
}

// Fresh reports whether the person proved recently enough who they are for what cannot be undone.
func (s SignIn) Fresh(now time.Time) bool { return now.Sub(s.ConfirmedAt) < freshLife }
