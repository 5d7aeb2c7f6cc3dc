package access

import "testing"

func TestOwnPath(t *testing.T) {
	for give, want := range map[string]string{
		"/office": "/office", "/desk?x=1": "/desk?x=1", "": "", "office": "", "//evil.example": "", "/\\evil.example": "",
		"https://evil.example/": "", "/\tevil": "", "javascript:alert(1)": "",
	} {
		if got := OwnPath(give); got != want {
			t.Errorf("OwnPath(%q) = %q, want %q", give, got, want)
		}
	}
}
