package engine

import (
	"database/sql/driver"
	"fmt"
	"time"
)

// Stamp is a moment as both engines keep it: Unix milliseconds, UTC; the zero time is NULL.
type Stamp time.Time

// Value returns the milliseconds.
func (s Stamp) Value() (driver.Value, error) {
	if time.Time(s).IsZero() {
		return nil, nil
	}
	return time.Time(s).UnixMilli(), nil
}

// Scan reads the milliseconds.
func (s *Stamp) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*s = Stamp{}
	case int64:
		*s = Stamp(time.UnixMilli(v).UTC())
	default:
		return fmt.Errorf("scan a moment from %T", src)
	}
	return nil
}

func (s Stamp) Time() time.Time { return time.Time(s) }
