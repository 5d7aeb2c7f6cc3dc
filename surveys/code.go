package surveys

import (
	"crypto/rand"
	"math/big"
	"strings"
)

// codeAlphabet holds 29 characters, none of which is easily taken for another on paper or by ear: no 0 and O, no 1, I
// and L, and S and Z only as the 5 and 2 that they are mistaken for. 29 is prime, which lets the check character catch
// every single mistyped character and every swap of two neighbours.
const codeAlphabet = "23456789ABCDEFGHJKMNPQRTUVWXY"

// The lengths of codes: 9 random characters (43 bits) and a check character to be typed, 27 (131 bits) for a link.
const (
	typedCodeLength = 10
	linkLength      = 27
)

// NewTypedCode returns a random code with a check character, for people to type.
func NewTypedCode() string {
	code := randomCode(typedCodeLength - 1)
	return code + string(checkCharacter(code))
}

// NewLink returns a random code of at least 128 bits for the address of a personal link.
func NewLink() string { return randomCode(linkLength) }

// IsLink reports whether what ReadCode returned is the code of a link, and not one for people to type.
func IsLink(code string) bool { return len(code) == linkLength }

// FormatCode parts a typed code into groups that can be read out: ABC-DEF-GHJK.
func FormatCode(code string) string {
	if len(code) != typedCodeLength {
		return code
	}
	return code[:3] + "-" + code[3:6] + "-" + code[6:]
}

// CodeBeginning returns the first group of a code that somebody typed or mistyped, and false for what is as long as none.
// Thousands of codes that could have been made begin alike, so it says little of any of them.
func CodeBeginning(typed string) (string, bool) {
	code, ok := ReadCode(typed)
	if !ok {
		code = mistypedCode(typed)
	}
	if len(code) != typedCodeLength {
		return "", false
	}
	return code[:3], true
}

// checkCharacter weighs each character by its place, modulo the prime size of the alphabet.
func checkCharacter(code string) byte {
	sum := 0
	for i := range len(code) {
		sum += (i + 1) * strings.IndexByte(codeAlphabet, code[i])
	}
	return codeAlphabet[sum%len(codeAlphabet)]
}

func randomCode(n int) string {
	size := big.NewInt(int64(len(codeAlphabet)))
	code := make([]byte, n)
	for i := range code {
		k, err := rand.Int(rand.Reader, size)
		if err != nil { // the source has not failed since Go 1.24
			panic(err)
		}
		code[i] = codeAlphabet[k.Int64()]
	}
	return string(code)
}
