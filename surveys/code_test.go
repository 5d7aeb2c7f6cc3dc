package surveys

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestReadCode(t *testing.T) {
	code := NewTypedCode()
	tests := []struct {
		name, giveTyped string
		wantOK          bool
	}{
		{"as made", code, true},
		{"as printed", FormatCode(code), true},
		{"lower case and blanks", " " + strings.ToLower(strings.ReplaceAll(FormatCode(code), "-", " ")) + "\n", true},
		{"a link", NewLink(), true},
		{"too short", code[:9], false},
		{"too long", code + "2", false},
		{"empty", "", false},
		{"not in the alphabet", "O" + code[1:], false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, ok := ReadCode(tt.giveTyped)
			if ok != tt.wantOK {
				t.Errorf("ReadCode(%q) ok = %v, want %v", tt.giveTyped, ok, tt.wantOK)
			}
			if ok && len(got) == len(code) && got != code {
				t.Errorf("ReadCode(%q) = %q, want %q", tt.giveTyped, got, code)
			}
		})
	}
}

// One mistyped character and one swap of neighbours never make another code.
func TestCheckCharacterCatches(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		code := []byte(NewTypedCode())
		i := rapid.IntRange(0, len(code)-2).Draw(t, "place")
		typo := string(code[:i]) + string(codeAlphabet[rapid.IntRange(0, len(codeAlphabet)-1).Draw(t, "typo")]) + string(code[i+1:])
		if _, ok := ReadCode(typo); ok && typo != string(code) {
			t.Errorf("ReadCode(%q) accepted a typo of %q", typo, code)
		}
		if i == len(code)-2 {
			return // swapping with the check character itself is caught except for one in 29
		}
		swapped := append([]byte(nil), code...)
		swapped[i], swapped[i+1] = code[i+1], code[i]
		if _, ok := ReadCode(string(swapped)); ok && string(swapped) != string(code) {
			t.Errorf("ReadCode(%q) accepted a swap in %q", swapped, code)
		}
	})
}
