package main

import (
	"fmt"
	"runtime/debug"
)

// released is set by the linker in a released binary.
var released = ""

type versionCommand struct{}

// Help shows an example.
func (*versionCommand) Help() string { return "Example:\n  wellwave version" }

// Run prints the version.
func (*versionCommand) Run(a *app) error {
	_, err := fmt.Fprintf(a.stdout, "wellwave %s\n", version())
	return err
}

// version returns the released version, or what the module system knows of this build.
func version() string {
	if released != "" {
		return released
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	return info.Main.Version
}
