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
