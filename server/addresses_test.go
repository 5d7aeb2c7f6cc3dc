package server_test

import (
	"net/http"
	"testing"

	"wellwave/server/servertest"
)

// PostgreSQL fails on a text with U+0000, and nobody is to be told of a fault of ours because of an odd address.
func TestNothingIsAtAddressesWithNUL(t *testing.T) {
	b := servertest.NewOffice(t).Client()
	for _, path := range []string{"/?left=%00", "/s/%00", "/sign-in?next=%2F%00"} {
		servertest.WantStatus(t, "GET "+path, b.Do(b.Request(http.MethodGet, path, nil)), http.StatusNotFound)
	}
}
