package server

import "time"

// sayTime is a moment as pages show it.
func sayTime(t time.Time, zone *time.Location) string {
	return t.In(zone).Format("2 January 2006, 15:04")
}

// sayDay is a day as pages show it.
func sayDay(t time.Time, zone *time.Location) string { return t.In(zone).Format("2 January 2006") }

// shortDay is a day in a table, on one line.
func shortDay(t time.Time, zone *time.Location) string {
	return t.In(zone).Format("2\u00a0Jan\u00a02006")
}

// homeZone is the zone of pages that belong to no study.
var homeZone = loadHomeZone()

func loadHomeZone() *time.Location {
	zone, err := time.LoadLocation("Europe/London")
	if err != nil { // no zone table on this machine
		return time.UTC
	}
	return zone
}
