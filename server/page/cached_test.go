package page

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
)

// testPage is a page whose template prints a message.
type testPage struct {
	Base
	Message, Request string
}

func (*testPage) Template() string { return "error" }

func TestCutPagesAreBounded(t *testing.T) {
	r, err := NewRenderer([]Page{&testPage{}}, false)
	if err != nil {
		t.Fatal(err)
	}
	for i := range maxCached + 10 {
		err := r.cut.write(new(bytes.Buffer), CacheKey{Detail: fmt.Sprint(i)}, Words{SlotHandle: "a"}, func(words Words) Page {
			return &testPage{Base: PlainBase(""), Message: words[SlotHandle]}
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if got := len(r.cut.cut); got != maxCached {
		t.Errorf("%d pages are kept, want %d", got, maxCached)
	}
	if err := r.cut.write(new(bytes.Buffer), CacheKey{}, Words{SlotHandle: `"><em>`}, nil); err == nil || !strings.Contains(err.Error(), "need escaping") {
		t.Errorf("a word that needs escaping = %v, want it refused", err)
	}
}
