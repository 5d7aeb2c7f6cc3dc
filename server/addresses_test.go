package server

import (
	"net/http"
	"testing"
)

// PostgreSQL fails on a text with U+0000, and nobody is to be told of a fault of ours because of an odd address.
func TestNothingIsAtAddressesWithNUL(t *testing.T) {
	b := newOffice(t).client()
	for _, path := range []string{"/?left=%00", "/s/%00", "/sign-in?next=%2F%00"} {
		wantStatus(t, "GET "+path, b.do(b.request(http.MethodGet, path, nil)), http.StatusNotFound)
	}
}
