package surveys

import "time"

// RetiredKeyLife is how long a key of sessions that another took the place of may still open something: the longest that
// anything sealed with it is good for, which is a tablet.
const RetiredKeyLife = KioskLife

// Key is a secret of the server with the id that sealed values name it by.
type Key struct {
	ID     string
	Secret []byte
	// RetiredAt is when another took its place; zero for the one in use. What it sealed opens for some time after that.
	RetiredAt time.Time
}
