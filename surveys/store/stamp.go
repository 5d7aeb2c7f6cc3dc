package store

import (
	"database/sql/driver"
	"fmt"
	"time"
)

// stamp is a moment as both engines keep it: Unix milliseconds, UTC; the zero time is NULL.
type stamp time.Time

// Value returns the milliseconds.
func (s stamp) Value() (driver.Value, error) {
	if time.Time(s).IsZero() {
		return nil, nil
	}
	return time.Time(s).UnixMilli(), nil
}

// Scan reads the milliseconds.
func (s *stamp) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*s = stamp{}
	case int64:
		*s = stamp(time.UnixMilli(v).UTC())
	default:
		return fmt.Errorf("scan a moment from %T", src)
	}
	return nil
}

func (s stamp) time() time.Time { return time.Time(s) }

// dayNumber returns the days from 1970-01-01 to t's calendar day in zone.
func dayNumber(t time.Time, zone *time.Location) int {
	y, m, d := t.In(zone).Date()
	return int(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

// dayStart returns the first moment of a day number in zone.
func dayStart(day int, zone *time.Location) time.Time {
	y, m, d := time.Unix(int64(day)*86400, 0).UTC().Date()
	return time.Date(y, m, d, 0, 0, 0, 0, zone)
}
