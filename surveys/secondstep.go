package surveys

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base32"
	"fmt"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"
)

// The second step of signing in.
const (
	FactorGrace   = 24 * time.Hour // from the first sign-in, in which a role that needs a second step may do without
	RecoveryCodes = 10
	stepLength    = 30 * time.Second // of an authenticator's codes
	codeDigits    = 6
	nearSteps     = 1  // either way, by which a clock may be off
	farSteps      = 20 // either way, up to which a clock that is off is recognised: ten minutes
)

// NeedsFactor reports whether an account of the role needs a second step: whoever may see answers, contact details or
// releases. A practice sees none of them, and its desk is shared.
func (r Role) NeedsFactor() bool { return r != Practice }

// Factors are what an account may take its second step with.
type Factors struct {
	Authenticator bool
	Passkeys      []Passkey
	CodesLeft     int // recovery codes that were not used
}

// Any reports whether there is a second step at all. Codes alone are none: they are for when it is not at hand.
func (f Factors) Any() bool { return f.Authenticator || len(f.Passkeys) > 0 }

// Passkey is a key that a device or a browser keeps for an account.
type Passkey struct {
	ID         string // as the device names it, base64
	Name       string // what its owner calls it
	Credential string // JSON, with the public half
	MadeAt     time.Time
	UsedAt     time.Time // zero until it was used
}

// NewAuthenticatorSecret returns a random secret for an authenticator app: 160 bits, as RFC 4226 recommends.
func NewAuthenticatorSecret() []byte {
	secret := make([]byte, 20)
	_, _ = rand.Read(secret) // never fails since Go 1.24
	return secret
}

// AuthenticatorAddress is what an authenticator app reads from a QR code.
func AuthenticatorAddress(email string, secret []byte) string {
	return "otpauth://totp/wellwave:" + strings.ReplaceAll(email, "+", "%2B") + "?secret=" + SecretText(secret) + "&issuer=wellwave"
}

// SecretText is the secret as people type it into an app.
func SecretText(secret []byte) string {
	return base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(secret)
}

// StepOf returns the step of time to which an authenticator's code belongs, and whether it is near enough to count. A code of
// a clock that is minutes off is recognised, so that its owner can be told, and does not count.
func StepOf(secret []byte, code string, now time.Time) (step int64, counts, found bool) {
	code = strings.Join(strings.Fields(code), "")
	if len(code) != codeDigits {
		return 0, false, false
	}
	here := now.Unix() / int64(stepLength/time.Second)
	for off := int64(0); off <= farSteps; off++ {
		for _, at := range []int64{here - off, here + off} {
			want, err := hotp.GenerateCodeCustom(SecretText(secret), uint64(at), hotp.ValidateOpts{Digits: codeDigits, Algorithm: otp.AlgorithmSHA1})
			if err == nil && subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 {
				return at, off <= nearSteps, true
			}
		}
	}
	return 0, false, false
}

// ClockOff says how far the clock of an authenticator is off whose code belongs to a step.
func ClockOff(step int64, now time.Time) string {
	off := time.Duration(step-now.Unix()/int64(stepLength/time.Second)) * stepLength
	way := "ahead"
	if off < 0 {
		off, way = -off, "behind"
	}
	minutes := int((off + 30*time.Second) / time.Minute)
	if minutes <= 1 {
		return "about a minute " + way
	}
	return fmt.Sprintf("about %d minutes %s", minutes, way)
}

// recoveryLength is of a recovery code: 58 bits.
const recoveryLength = 12

// NewRecoveryCodes returns ten random codes as they are shown: HJKM-2345-WXYA.
func NewRecoveryCodes() []string {
	codes := make([]string, RecoveryCodes)
	for i := range codes {
		code := randomCode(recoveryLength)
		codes[i] = code[:4] + "-" + code[4:8] + "-" + code[8:]
	}
	return codes
}

// ReadRecoveryCode returns a recovery code that somebody typed in the form that is hashed, and false for what cannot be one.
func ReadRecoveryCode(typed string) (string, bool) {
	code := lookAlikes.Replace(strings.Join(groupsOf(plainCode(typed)), ""))
	return code, len(code) == recoveryLength && strings.Trim(code, codeAlphabet) == ""
}
