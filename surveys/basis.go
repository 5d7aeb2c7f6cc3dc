package surveys

// Basis is what somebody's way in rests on: a grant that can be taken back, and with it everything that was opened by it. What a
// browser, a device or a program holds says what it rests on, and whether that still stands is asked of the database at each
// use, in the statement that is made anyway, and again in the transaction of whatever is changed. The zero value rests on nothing and
// changes nothing: whoever works at the machine itself says so by Operator.
type Basis struct {
	Kind  BasisKind
	ID    string // of the invitation, tablet, key or sign-in
	Epoch string // which of several times it was granted; a tablet's handing-over, else empty
	// Sitting is the sitting of a ticket, which whoever holds the ticket ends with “Finish on this device”. Empty for what
	// does not end with that.
	Sitting string
}

// BasisKind says what kind of grant it is.
type BasisKind uint8

// The kinds of grants. A card of the staff survey is none of them: it is spent in the statement that stores the answer.
const (
	OnInvitation BasisKind = iota + 1 // a personal link or code, until it is replaced
	OnHandOver                        // a tablet in somebody's hands, until it is locked or handed on
	OnTablet                          // a tablet that is not revoked, for what waits on it
	OnKey                             // an API key that is not revoked
	OnSignIn                          // a sign-in of an account that may sign in, to a study and site that are its business
	OnMachine                         // nothing that anybody takes back: commands of this machine, and the server's own work
)

// Operator is the basis of whoever works at the machine itself.
func Operator() Basis { return Basis{Kind: OnMachine} }

// BasisKinds lists the kinds of grants.
func BasisKinds() []BasisKind {
	return []BasisKind{OnInvitation, OnHandOver, OnTablet, OnKey, OnSignIn, OnMachine}
}

// Ended says that what somebody's way in rests on was taken back.
func (k BasisKind) Ended() error {
	switch k {
	case OnKey:
		return Errorf(Unauthenticated, "the API key is not known or was revoked")
	case OnSignIn:
		return Errorf(Unauthenticated, "Please sign in. Somebody has ended this sign-in, or what it was for, so nothing was changed.")
	}
	return Errorf(Unauthenticated, "This link was replaced by a newer one, or it was closed on this device. Open the newest link or code that you were given.")
}
