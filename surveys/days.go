package surveys

import "time"

// The database and releases know days by their number, and people tell the day of an answer without its time.

// DayNumber returns the days from 1970-01-01 to t's calendar day in zone.
func DayNumber(t time.Time, zone *time.Location) int {
	y, m, d := t.In(zone).Date()
	return int(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

// DayStart returns the first moment of a day number in zone.
func DayStart(day int, zone *time.Location) time.Time {
	y, m, d := time.Unix(int64(day)*86400, 0).UTC().Date()
	return time.Date(y, m, d, 0, 0, 0, 0, zone)
}

// Noon returns the moment that a day without a time stands for, given the day's first moment: twelve hours later, also on
// the two days a year of 23 and 25 hours. It is part of what a submission is known by when it comes again.
func Noon(start time.Time) time.Time { return start.Add(12 * time.Hour) }
