package surveys_test

import (
	"math"
	"strings"
	"testing"

	"wellwave/surveys"
)

// A recovery code is drawn from 29 letters and digits, so that each has nearly five bits.
func TestRecoveryCodesAreLong(t *testing.T) {
	seen, letters := make(map[string]bool), make(map[rune]bool)
	shortest := math.MaxInt
	for range 50 {
		for _, code := range surveys.NewRecoveryCodes() {
			bare := strings.ReplaceAll(code, "-", "")
			seen[bare], shortest = true, min(shortest, len(bare))
			for _, letter := range bare {
				letters[letter] = true
			}
		}
	}
	if bits := float64(shortest) * math.Log2(float64(len(letters))); len(seen) != 50*surveys.RecoveryCodes || bits < 55 {
		t.Errorf("%d different codes of %d letters have %.0f bits, want 58", len(seen), shortest, bits)
	}
	if secret := surveys.NewAuthenticatorSecret(); len(secret) != 20 || string(secret) == string(surveys.NewAuthenticatorSecret()) {
		t.Errorf("a secret of %d bytes, or the same again", len(secret))
	}
}
