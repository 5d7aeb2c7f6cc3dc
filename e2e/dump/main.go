// Dump prints what the browser tests read of an SQLite database as JSON, beside a server that may be at work on it. Only
// the tests build it: the program that is shipped has no such command, because answers leave it by a release and no other
// way.
//
//	dump [-since MILLISECONDS] FILE
package main

import (
	"context"
	"flag"
	"fmt"
	"os"

	"wellwave/surveys/store/storetest"
)

func main() {
	since := flag.Int64("since", 0, "print only what arrived at or after this time, in milliseconds since 1970")
	flag.Parse()
	if flag.NArg() != 1 {
		fmt.Fprintln(os.Stderr, "usage: dump [-since MILLISECONDS] FILE")
		os.Exit(2)
	}
	if err := storetest.Dump(context.Background(), flag.Arg(0), *since, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "dump:", err)
		os.Exit(1)
	}
}
