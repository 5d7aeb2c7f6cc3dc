package server

import (
	"bytes"
	"fmt"
	"testing"
)

// testPage is a page whose template prints a message.
type testPage struct {
	basePage
	Message, Request string
}

func (*testPage) template() string { return "error" }

func TestCutPagesAreBounded(t *testing.T) {
	r, err := NewRenderer([]page{&testPage{}}, false)
	if err != nil {
		t.Fatal(err)
	}
	for i := range maxCutPages + 10 {
		err := r.cut.write(new(bytes.Buffer), cutKey{detail: fmt.Sprint(i)}, slotWords{slotHandle: "a"}, func(words slotWords) page {
			return &testPage{basePage: plainBase(""), Message: words[slotHandle]}
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if got := len(r.cut.cut); got != maxCutPages {
		t.Errorf("%d pages are kept, want %d", got, maxCutPages)
	}
	if err := r.cut.write(new(bytes.Buffer), cutKey{}, slotWords{slotHandle: `"><em>`}, nil); err == nil {
		t.Error("a word that needs escaping must be refused")
	}
}
