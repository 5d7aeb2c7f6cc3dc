package surveys

// Basis is what somebody's way in rests on: a grant that can be taken back, and with it everything that was opened by it. What a
// browser, a device or a program holds says what it rests on, and whether that still stands is asked of the database at each
// use, in the statement that is made anyway. The zero value is of whoever needs none: a command of this machine.
type Basis struct {
	Kind  BasisKind
	ID    string // of the invitation, tablet or key
	Epoch string // which of several times it was granted; a tablet's handing-over, else empty
	// Sitting is the sitting of a ticket, which whoever holds the ticket ends with “Finish on this device”. Empty for what
	// does not end with that.
	Sitting string
}

// BasisKind says what kind of grant it is.
type BasisKind uint8

// The kinds of grants. Two others are asked for in places of their own: a card of the staff survey is spent in the statement
// that stores the answer, and an account signs in anew wherever its sign-in was ended.
const (
	OnInvitation BasisKind = iota + 1 // a personal link or code, until it is replaced
	OnHandOver                        // a tablet in somebody's hands, until it is locked or handed on
	OnTablet                          // a tablet that is not revoked, for what waits on it
	OnKey                             // an API key that is not revoked
)

// BasisKinds lists the kinds of grants.
func BasisKinds() []BasisKind { return []BasisKind{OnInvitation, OnHandOver, OnTablet, OnKey} }

// Ended says that what somebody's way in rests on was taken back.
func (k BasisKind) Ended() error {
	if k == OnKey {
		return Errorf(Unauthenticated, "the API key is not known or was revoked")
	}
	return Errorf(Unauthenticated, "This link was replaced by a newer one, or it was closed on this device. Open the newest link or code that you were given.")
}
