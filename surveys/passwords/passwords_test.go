package passwords_test

import (
	"testing"

	"wellwave/surveys/passwords"
)

func TestCheck(t *testing.T) {
	words := []string{"wellwave", "Glasgow Links Study", "Ashlaw Medical Practice", "rona@example.org", "Rona Reid"}
	tests := []struct {
		give string
		want passwords.Fault
	}{
		{"password1234", passwords.Common},
		{"Password1234!", passwords.Common},
		{"P@ssw0rd2026", passwords.Common},
		{"passwordpassword", passwords.Common},
		{"1234567890123", passwords.Common},
		{"!!letmein2026!!", passwords.Common},
		{"iloveyou123456", passwords.Common},
		{"dragonmonkey12", passwords.Common},
		{"michael19850101", passwords.Common},
		{"aaaaaaaaaaaaa", passwords.Simple},
		{"abcdabcdabcdabcd", passwords.Simple},
		{"abcdefghijklmnop", passwords.Simple},
		{"zyxwvutsrqponmlk", passwords.Simple},
		{"wellwave2026!", passwords.Known},
		{"Ashlaw-Practice-1", passwords.Known},
		{"glasgowlinks99", passwords.Known},
		{"w3llwav3w3llwav3", passwords.Known},
		{"ronareid-ronareid", passwords.Known},
		{"three unrelated words", 0},
		{"hill cedar lantern 47 quarry", 0},
		{"four unrelated words make one", 0},
		{"a wellwave of quiet lanterns", 0},
		{"correct horse battery staple", 0},
		{"KX3QZV7MW2PLTNRA", 0},
		{"ein möglichst langer Satz", 0},
	}
	for _, tt := range tests {
		if got := passwords.Check(tt.give, words...); got != tt.want {
			t.Errorf("Check(%q) = %d, want %d", tt.give, got, tt.want)
		}
	}
}

func BenchmarkCheck(b *testing.B) {
	for b.Loop() {
		passwords.Check("hill cedar lantern 47 quarry", "wellwave", "Glasgow Links Study")
	}
}
