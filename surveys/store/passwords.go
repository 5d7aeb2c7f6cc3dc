package store

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"runtime/debug"
	"strings"

	"golang.org/x/crypto/argon2"
)

// Cost of a password's hash: RFC 9106's second recommendation with fewer lanes, about a third of a second.
const (
	argonMemory  = 64 * 1024 // KiB; Options.PasswordMemory is another
	argonTime    = 3
	argonLanes   = 1
	argonSaltLen = 16
	argonKeyLen  = 32
)

// hashing bounds how many hashes are made at once, and with them the memory that sign-ins may take.
var hashing = make(chan struct{}, 2)

// noPassword stands for an account whose set-up link has not been used. No password matches it.
const noPassword = ""

// argon hashes one password. The memory it took goes back to the system at once, because sign-ins are rare and a small
// machine's memory is better used otherwise.
func argon(ctx context.Context, password string, salt []byte, memory, time uint32, lanes uint8) ([]byte, error) {
	select {
	case hashing <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	defer func() {
		debug.FreeOSMemory()
		<-hashing
	}()
	return argon2.IDKey([]byte(password), salt, time, memory, lanes, argonKeyLen), nil
}

// hashPassword returns the stored form of a password, with its salt and cost.
func (s *Store) hashPassword(ctx context.Context, password string) (string, error) {
	salt := make([]byte, argonSaltLen)
	_, _ = rand.Read(salt) // never fails since Go 1.24
	key, err := argon(ctx, password, salt, s.passwordMemory, argonTime, argonLanes)
	if err != nil {
		return "", fmt.Errorf("hash password: %w", err)
	}
	encode := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s",
		argon2.Version, s.passwordMemory, argonTime, argonLanes, encode(salt), encode(key)), nil
}

// passwordMatches reports whether password is the one that stored was made of. It takes as long for noPassword, so that
// nobody can tell by the clock whether an account exists.
func (s *Store) passwordMatches(ctx context.Context, stored, password string) (bool, error) {
	if stored == noPassword {
		_, err := argon(ctx, password, make([]byte, argonSaltLen), s.passwordMemory, argonTime, argonLanes)
		return false, err
	}
	parts := strings.Split(stored, "$")
	if len(parts) != 6 || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return false, fmt.Errorf("check password: the stored hash is of an unknown kind")
	}
	var memory, time uint32
	var lanes uint8
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &memory, &time, &lanes); err != nil {
		return false, fmt.Errorf("check password: read the cost: %w", err)
	}
	salt, err := base64.RawStdEncoding.DecodeString(parts[4])
	if err != nil {
		return false, fmt.Errorf("check password: read the salt: %w", err)
	}
	want, err := base64.RawStdEncoding.DecodeString(parts[5])
	if err != nil {
		return false, fmt.Errorf("check password: read the hash: %w", err)
	}
	got, err := argon(ctx, password, salt, memory, time, lanes)
	if err != nil {
		return false, err
	}
	return subtle.ConstantTimeCompare(got, want) == 1, nil
}
