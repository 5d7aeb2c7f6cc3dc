package page

import "time"

// SayTime is a moment as pages show it.
func SayTime(t time.Time, zone *time.Location) string {
	return t.In(zone).Format("2 January 2006, 15:04")
}

// SayDay is a day as pages show it.
func SayDay(t time.Time, zone *time.Location) string { return t.In(zone).Format("2 January 2006") }

// ShortDay is a day in a table, on one line.
func ShortDay(t time.Time, zone *time.Location) string {
	return t.In(zone).Format("2\u00a0Jan\u00a02006")
}

// HomeZone is the zone of pages that belong to no study.
var HomeZone = loadHomeZone()

func loadHomeZone() *time.Location {
	zone, err := time.LoadLocation("Europe/London")
	if err != nil { // no zone table on this machine
		return time.UTC
	}
	return zone
}
