package store

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"

	"wellwave/surveys"
)

// Cost of a password's hash: RFC 9106's second recommendation with fewer lanes, about a third of a second.
const (
	argonMemory  = 64 * 1024 // KiB; Options.PasswordMemory is another
	argonTime    = 3
	argonLanes   = 1
	argonSaltLen = 16
	argonKeyLen  = 32
)

// noPassword stands for an account whose set-up link has not been used. No password matches it.
const noPassword = ""

// hashPassword returns the stored form of a password, with its salt and cost.
func (s *Store) hashPassword(ctx context.Context, password string) (string, error) {
	leave, err := hashing.enter(ctx, ordinary)
	if err != nil {
		return "", surveys.Wrap("hash password", err)
	}
	defer leave()
	salt := make([]byte, argonSaltLen)
	_, _ = rand.Read(salt) // never fails since Go 1.24
	key := argon(password, salt, s.passwordMemory, argonTime, argonLanes)
	encode := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s",
		argon2.Version, s.passwordMemory, argonTime, argonLanes, encode(salt), encode(key)), nil
}

// placeWords are words that whoever guesses a password of this server knows as well: the names of its studies and sites.
func (s *Store) placeWords(ctx context.Context) ([]string, error) {
	studies, err := s.ListStudies(ctx)
	if err != nil {
		return nil, err
	}
	var words []string
	for _, study := range studies {
		words = append(words, string(study.ID), study.Title)
		for _, site := range study.Sites {
			words = append(words, string(site.ID), site.Title)
		}
	}
	return words, nil
}

// passwordMatches reports whether password is the one that stored was made of. It takes as long for noPassword, so that
// nobody can tell by the clock whether an account exists. Whoever calls it has a place in the queue.
func (s *Store) passwordMatches(stored, password string) (bool, error) {
	if stored == noPassword {
		argon(password, make([]byte, argonSaltLen), s.passwordMemory, argonTime, argonLanes)
		return false, nil
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
	got := argon(password, salt, memory, time, lanes)
	return subtle.ConstantTimeCompare(got, want) == 1, nil
}
