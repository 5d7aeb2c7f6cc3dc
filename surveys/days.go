package surveys

import "time"

// The database and releases know days by their number, and people tell the day of an answer without its time.
//
// All arithmetic of days is here, and it counts days of the calendar. A zone may skip midnight, repeat it or leave out a
// whole day, so no day is reached by adding hours or by asking for its midnight: Santiago, Havana, Beirut, Cairo and the
// Azores have a day a year that begins at one o’clock. A test of the program looks for arithmetic elsewhere.

const secondsADay = 86400

// DayNumber returns the days from 1970-01-01 to t's calendar day in zone.
func DayNumber(t time.Time, zone *time.Location) int {
	y, m, d := t.In(zone).Date()
	return int(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / secondsADay)
}

// DayStart returns the first moment of a day number in zone: midnight, or, where the zone skips that, the moment to which
// the clock is put on. Of a day that the zone leaves out it is the moment at which the next begins.
func DayStart(day int, zone *time.Location) time.Time {
	midnight := int64(day) * secondsADay // by a clock that shows UTC
	// No clock is more than 16 hours ahead of UTC, so this is before the day in any zone. From here the stretches between
	// changes of the clock are looked through for the first that reaches midnight.
	t := time.Unix(midnight-16*3600, 0).In(zone)
	for {
		_, offset := t.Zone()
		_, end := t.ZoneBounds()
		first := time.Unix(max(midnight-int64(offset), t.Unix()), 0)
		if end.IsZero() || first.Before(end) {
			return first.In(zone)
		}
		t = end
	}
}

// AddDays returns the first moment of the day that is n days after t's own, in t's zone.
func AddDays(t time.Time, n int) time.Time {
	zone := t.Location()
	return DayStart(DayNumber(t, zone)+n, zone)
}

// ParseDay reads a day as files have it, such as 2026-03-31, and returns its first moment in zone.
func ParseDay(text string, zone *time.Location) (time.Time, error) {
	day, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return time.Time{}, err
	}
	return DayStart(DayNumber(day, time.UTC), zone), nil
}

// FirstOfMonth returns the first moment of the month that is n months after t's own, in t's zone.
func FirstOfMonth(t time.Time, n int) time.Time {
	y, m, _ := t.Date()
	return DayStart(DayNumber(time.Date(y, m+time.Month(n), 1, 0, 0, 0, 0, time.UTC), time.UTC), t.Location())
}

// YearsBefore returns the first moment in zone of the same day of the calendar n years before a day number; of 29 February it
// may be 1 March.
func YearsBefore(day, n int, zone *time.Location) time.Time {
	y, m, d := time.Unix(int64(day)*secondsADay, 0).UTC().Date()
	return DayStart(DayNumber(time.Date(y-n, m, d, 0, 0, 0, 0, time.UTC), time.UTC), zone)
}

// InReach reports whether a day or moment is of a year that anybody could mean. Years before 1900 are slips of the finger, or
// what a program writes for none.
func InReach(t time.Time) bool { return t.Year() >= 1900 && t.Year() < 2200 }

// Noon returns the moment that a day without a time stands for, given the day's first moment: twelve hours later, also on
// the days that are shorter or longer than 24. It is part of what a submission is known by when it comes again.
func Noon(start time.Time) time.Time { return start.Add(12 * time.Hour) }
