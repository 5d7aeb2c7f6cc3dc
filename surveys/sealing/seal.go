package sealing

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"strings"

	"filippo.io/age"
	"github.com/cloudflare/circl/dh/x25519"
	"golang.org/x/crypto/chacha20poly1305"
)

// What is sealed here is an age file for one X25519 recipient with a payload of one chunk, byte for byte as its
// specification has it (C2SP, age-encryption.org/v1, "X25519 recipient stanza", "Header MAC" and "Payload"), and the age
// library opens it. The library would also write it, with three multiplications on the curve and a buffer of 64 KiB for
// what takes two and none; since sealing is all that a sealed answer costs more than an open one, that is
// three times as long (BenchmarkSeal).
const (
	fileKeySize = 16
	nonceSize   = 16
	chunkSize   = 64 << 10 // the most that one chunk of a payload holds
	tagSize     = chacha20poly1305.Overhead
)

// lengthBytes stand before what is sealed and say how long it is.
const lengthBytes = 4

// Room returns the size at which anything of at most n bytes can be sealed.
func Room(n int) int {
	const step = 256
	return (n + lengthBytes + step - 1) / step * step
}

// Seal encrypts content to a round's public key. What it returns is equally long for all contents of at most
// size - 4 bytes; it fails for a longer one, and for a size over 64 KiB.
func Seal(recipient string, size int, content []byte) ([]byte, error) {
	if len(content)+lengthBytes > size || size > chunkSize {
		return nil, fmt.Errorf("seal %d bytes in %d", len(content), size)
	}
	theirs, err := pointOf(recipient)
	if err != nil {
		return nil, fmt.Errorf("read a round's public key: %w", err)
	}
	var random [fileKeySize + nonceSize]byte
	rand.Read(random[:]) // never fails: crypto/rand ends the program instead
	fileKey, nonce := random[:fileKeySize], random[fileKeySize:]
	sealed := make([]byte, 0, size+512)
	if sealed, err = appendHeader(sealed, theirs, fileKey); err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	sealed = append(sealed, nonce...)

	padded := sealed[len(sealed) : len(sealed)+size]
	clear(padded)
	binary.BigEndian.PutUint32(padded, uint32(len(content)))
	copy(padded[lengthBytes:], content)
	return appendSealed(sealed, fileKey, nonce, "payload", lastChunk, padded)
}

// The nonces of age's encryptions, each under a key that serves once: all zero, and the first chunk of a payload that is
// also the last.
var (
	noNonce   = make([]byte, chacha20poly1305.NonceSize)
	lastChunk = append(make([]byte, chacha20poly1305.NonceSize-1), 1)
)

// ageBase64 is how age writes bytes in a header.
var ageBase64 = base64.RawStdEncoding.Strict()

// appendHeader appends the header of an age file that gives its key to the holder of a point's private half.
func appendHeader(to []byte, theirs x25519.Key, fileKey []byte) ([]byte, error) {
	var secret, ours, shared x25519.Key
	rand.Read(secret[:])
	x25519.KeyGen(&ours, &secret)
	if !x25519.Shared(&shared, &secret, &theirs) {
		return nil, fmt.Errorf("the public key is of low order")
	}
	wrapped, err := appendSealed(nil, shared[:], append(ours[:], theirs[:]...), "age-encryption.org/v1/X25519", noNonce, fileKey)
	if err != nil {
		return nil, err
	}
	to = append(to, "age-encryption.org/v1\n-> X25519 "...)
	to = ageBase64.AppendEncode(to, ours[:])
	to = append(to, '\n')
	to = ageBase64.AppendEncode(to, wrapped)
	to = append(to, "\n---"...)
	key, err := hkdf.Key(sha256.New, fileKey, nil, "header", sha256.Size)
	if err != nil {
		return nil, err
	}
	mac := hmac.New(sha256.New, key)
	mac.Write(to)
	to = append(to, ' ')
	to = ageBase64.AppendEncode(to, mac.Sum(nil))
	return append(to, '\n'), nil
}

// appendSealed appends content, which may lie where it is appended, under a key that is derived for this once.
func appendSealed(to, secret, salt []byte, purpose string, nonce, content []byte) ([]byte, error) {
	key, err := hkdf.Key(sha256.New, secret, salt, purpose, chacha20poly1305.KeySize)
	if err != nil {
		return nil, err
	}
	aead, err := chacha20poly1305.New(key)
	if err != nil {
		return nil, err
	}
	return aead.Seal(to, nonce, content, nil), nil
}

// bech32Letters reads the letters of an age recipient, five bits each (BIP 173).
var bech32Letters = base32.NewEncoding("qpzry9x8gf2tvdw0s3jn54khce6mua7l").WithPadding(base32.NoPadding)

// pointOf returns the point of an age recipient, whose check letters the library has found right.
func pointOf(recipient string) (x25519.Key, error) {
	var point x25519.Key
	if _, err := age.ParseX25519Recipient(recipient); err != nil {
		return point, err
	}
	letters := strings.TrimPrefix(strings.ToLower(recipient), "age1")
	_, err := bech32Letters.Decode(point[:], []byte(letters[:bech32Letters.EncodedLen(x25519.Size)]))
	return point, err
}
