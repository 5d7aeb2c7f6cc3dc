package sealing

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"strings"

	"filippo.io/age"
)

// Custodians is how many people keep the keys of a round; any two of them open it.
const Custodians = 3

// Custodian is somebody who keeps a key. Recipient is the public half of it, an age recipient.
type Custodian struct {
	Name      string `json:"name"`
	Recipient string `json:"recipient"`
}

// NewKey makes the key pair of a custodian: the key, which is shown once and never kept, and its public half.
func NewKey() (key, recipient string, err error) {
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		return "", "", fmt.Errorf("make a key: %w", err)
	}
	return identity.String(), identity.Recipient().String(), nil
}

// Share is the private half of a round's key, encrypted to the key of one custodian inside that to the key of another.
// Outer and Inner are their places in the round's list of custodians.
type Share struct {
	Outer  int    `json:"outer"`
	Inner  int    `json:"inner"`
	Sealed []byte `json:"sealed"`
}

// RoundKey is what is kept of a round's key pair. Once the round is opened, nothing is kept of its shares.
type RoundKey struct {
	Recipient  string                `json:"recipient"`
	Custodians [Custodians]Custodian `json:"custodians"`
	Shares     []Share               `json:"shares"`
}

// NewRoundKey makes the key pair of a round and forgets its private half but for the shares of the custodians. It fails
// where a custodian has no key, or two have the same.
func NewRoundKey(custodians [Custodians]Custodian) (RoundKey, error) {
	var recipients [Custodians]*age.X25519Recipient
	for i, c := range custodians {
		recipient, err := age.ParseX25519Recipient(c.Recipient)
		if err != nil {
			return RoundKey{}, fmt.Errorf("read the public key of custodian %q: %w", c.Name, err)
		}
		for _, other := range custodians[:i] {
			if other.Recipient == c.Recipient {
				return RoundKey{}, fmt.Errorf("custodians %q and %q have the same key", other.Name, c.Name)
			}
		}
		recipients[i] = recipient
	}
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		return RoundKey{}, fmt.Errorf("make a round's key: %w", err)
	}
	key := RoundKey{Recipient: identity.Recipient().String(), Custodians: custodians}
	for outer := range recipients {
		for inner := outer + 1; inner < len(recipients); inner++ {
			within, err := encrypt(recipients[inner], []byte(identity.String()))
			if err != nil {
				return RoundKey{}, err
			}
			sealed, err := encrypt(recipients[outer], within)
			if err != nil {
				return RoundKey{}, err
			}
			key.Shares = append(key.Shares, Share{Outer: outer, Inner: inner, Sealed: sealed})
		}
	}
	return key, nil
}

// Unlock returns what opens the answers of the round, by the keys of two of its custodians in either order. Its errors
// are a [*KeyError] for a key that cannot be used.
func (k RoundKey) Unlock(first, second string) (*Opener, error) {
	keys := [2]string{first, second}
	var identities [Custodians]*age.X25519Identity
	places := [2]int{}
	for i, text := range keys {
		place, identity, err := k.find(text)
		if err != nil {
			return nil, &KeyError{Key: i, Fault: err.Fault}
		}
		if identities[place] != nil {
			return nil, &KeyError{Key: i, Fault: Twice, Custodian: k.Custodians[place].Name}
		}
		identities[place], places[i] = identity, place
	}
	outer, inner := min(places[0], places[1]), max(places[0], places[1])
	for _, share := range k.Shares {
		if share.Outer != outer || share.Inner != inner {
			continue
		}
		within, err := decrypt(identities[outer], share.Sealed)
		if err != nil {
			return nil, fmt.Errorf("open the outer half of a share: %w", err)
		}
		text, err := decrypt(identities[inner], within)
		if err != nil {
			return nil, fmt.Errorf("open the inner half of a share: %w", err)
		}
		identity, err := age.ParseX25519Identity(string(text))
		if err != nil {
			return nil, fmt.Errorf("read a round's key: %w", err)
		}
		if identity.Recipient().String() != k.Recipient {
			return nil, fmt.Errorf("the shares of a round hold the key of another")
		}
		return &Opener{identity}, nil
	}
	return nil, fmt.Errorf("the round keeps no share for custodians %d and %d", outer+1, inner+1)
}

// find returns whose key a text is.
func (k RoundKey) find(text string) (int, *age.X25519Identity, *KeyError) {
	identity, err := parseKey(text)
	if err != nil {
		return 0, nil, err
	}
	recipient := identity.Recipient().String()
	for i, c := range k.Custodians {
		if c.Recipient == recipient {
			return i, identity, nil
		}
	}
	return 0, nil, &KeyError{Fault: Stranger}
}

// Recipient returns the public half of a custodian's key, as typed, scanned or from a file. It fails with a [*KeyError].
func Recipient(key string) (string, error) {
	identity, err := parseKey(key)
	if err != nil {
		return "", err
	}
	return identity.Recipient().String(), nil
}

// The beginnings of what may stand in a field for a key.
const (
	keyStart       = "AGE-SECRET-KEY-1"
	recipientStart = "AGE1"
)

// parseKey reads a key from a text: typed with spaces and in either case, or a file that has comments beside it.
func parseKey(text string) (*age.X25519Identity, *KeyError) {
	var kept strings.Builder
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(strings.TrimSpace(line), "#") {
			kept.WriteString(strings.ToUpper(strings.Join(strings.Fields(line), "")))
		}
	}
	key := kept.String()
	switch {
	case key == "":
		return nil, &KeyError{Fault: Empty}
	case strings.HasPrefix(key, recipientStart):
		return nil, &KeyError{Fault: Public}
	case !strings.HasPrefix(key, keyStart):
		return nil, &KeyError{Fault: NoKey}
	}
	identity, err := age.ParseX25519Identity(key)
	if err != nil {
		return nil, &KeyError{Fault: Damaged}
	}
	return identity, nil
}

// Fault says what is wrong with a key.
type Fault uint8

// The faults.
const (
	Empty    Fault = iota + 1 // nothing was given
	NoKey                     // something else than a key
	Public                    // the public half
	Damaged                   // a key with a letter wrong or missing
	Stranger                  // a key of nobody who is a custodian of this round
	Twice                     // the same custodian's as the other
)

// KeyError says which of two keys cannot be used, from 0, and why. Custodian is set for [Twice].
type KeyError struct {
	Key       int
	Fault     Fault
	Custodian string
}

// faults are sentences for whoever gave the key.
var faults = map[Fault]string{
	Empty:    "No key was given.",
	NoKey:    "This is not a custodian’s key, which begins with " + keyStart + ".",
	Public:   "This is the public half of a key. The key itself begins with " + keyStart + ".",
	Damaged:  "A letter of this key is wrong or missing.",
	Stranger: "This key is of nobody who is a custodian of this round.",
	Twice:    "Both keys are of the same custodian.",
}

// Error returns what is wrong, and never a letter of the key.
func (e *KeyError) Error() string { return faults[e.Fault] }

// Opener opens the answers of one round.
type Opener struct{ identity *age.X25519Identity }

// Open returns what was sealed.
func (o *Opener) Open(sealed []byte) ([]byte, error) {
	padded, err := decrypt(o.identity, sealed)
	if err != nil {
		return nil, fmt.Errorf("open what was sealed: %w", err)
	}
	if len(padded) < lengthBytes || int(binary.BigEndian.Uint32(padded)) > len(padded)-lengthBytes {
		return nil, fmt.Errorf("open what was sealed: its length is wrong")
	}
	return padded[lengthBytes : lengthBytes+int(binary.BigEndian.Uint32(padded))], nil
}

func encrypt(to age.Recipient, content []byte) ([]byte, error) {
	var sealed bytes.Buffer
	w, err := age.Encrypt(&sealed, to)
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	if _, err := w.Write(content); err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	return sealed.Bytes(), nil
}

func decrypt(by age.Identity, sealed []byte) ([]byte, error) {
	r, err := age.Decrypt(bytes.NewReader(sealed), by)
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}
