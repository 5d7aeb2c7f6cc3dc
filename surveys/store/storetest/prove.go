package storetest

import (
	"os"
	"testing"
)

// proveVar names the environment variable by which make prove asks for the full counts.
const proveVar = "WELLWAVE_PROVE"

// Times returns how often a test does what it does: daily in make test, proving in make prove, which prints what the test
// says here. Of random tests the daily part begins as the full one does: the seed is the same.
func Times(tb testing.TB, what string, daily, proving int) int {
	tb.Helper()
	if os.Getenv(proveVar) == "" {
		return daily
	}
	tb.Logf("prove: %d %s", proving, what)
	return proving
}
