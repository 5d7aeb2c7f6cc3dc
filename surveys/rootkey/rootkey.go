package rootkey

import (
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/crypto/chacha20poly1305"
)

// size is the length of a root key in bytes.
const size = 32

// Key is a root key. Printed in whatever way, it shows its fingerprint alone.
type Key struct{ secret [size]byte }

// New makes a key.
func New() Key {
	var k Key
	_, _ = rand.Read(k.secret[:]) // never fails since Go 1.24
	return k
}

// Format writes the fingerprint, so that no log and no message can hold the key by mistake.
func (k Key) Format(to fmt.State, _ rune) { _, _ = io.WriteString(to, "root key "+k.Fingerprint()) }

// Fingerprint names the key in 16 hexadecimal digits, four groups of four.
func (k Key) Fingerprint() string {
	digits := hex.EncodeToString(k.derive("wellwave root key fingerprint")[:8])
	return digits[:4] + "-" + digits[4:8] + "-" + digits[8:12] + "-" + digits[12:]
}

// derive returns the 32 bytes that the key gives for one use. Nobody can get from one to another, or to the key.
func (k Key) derive(use string) []byte {
	derived, err := hkdf.Key(sha256.New, k.secret[:], nil, use, size)
	if err != nil { // only for a length that no hash gives
		panic(err)
	}
	return derived
}

// sealedStart marks what Seal returns, also for whoever looks for it in a database.
const sealedStart = "sealed1."

// errSealed is all that is told of a text that does not open: another key's, another place's or a damaged one's.
var errSealed = errors.New("it was sealed with another root key or for another place, or is damaged")

// IsSealed reports whether a text looks like one that Seal returned.
func IsSealed(text string) bool { return strings.HasPrefix(text, sealedStart) }

// Seal encrypts a small secret so that it can be stored. It opens with the same key, purpose and id only: a sealed text that
// is copied to another row, or to another use, opens nothing. The purpose names the kind of secret, the id whose it is.
func (k Key) Seal(purpose, id string, plain []byte) string {
	box := k.box(purpose)
	nonce := make([]byte, box.NonceSize(), box.NonceSize()+len(plain)+box.Overhead())
	_, _ = rand.Read(nonce) // never fails since Go 1.24
	return sealedStart + base64.RawURLEncoding.EncodeToString(box.Seal(nonce, nonce, plain, []byte(id)))
}

// Open returns what Seal has sealed for the purpose and id.
func (k Key) Open(purpose, id, sealed string) ([]byte, error) {
	text, ok := strings.CutPrefix(sealed, sealedStart)
	if !ok {
		return nil, errors.New("it is not sealed")
	}
	box := k.box(purpose)
	content, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || len(content) < box.NonceSize() {
		return nil, errSealed
	}
	plain, err := box.Open(nil, content[:box.NonceSize()], content[box.NonceSize():], []byte(id))
	if err != nil {
		return nil, errSealed
	}
	return plain, nil
}

func (k Key) box(purpose string) cipher.AEAD {
	box, err := chacha20poly1305.NewX(k.derive("wellwave seal " + purpose))
	if err != nil { // only for a key of another length
		panic(err)
	}
	return box
}
