package power

import (
	"encoding/json"
	"errors"
	"math"

	"wellwave/scoring/decimal"
)

// Number is a number that may be blank.
type Number struct {
	Value float64 // 0 if blank
	Given bool
}

// Of returns the number x.
func Of(x float64) Number { return Number{x, true} }

// Or returns the number, or instead of a blank what is usual.
func (n Number) Or(usual float64) float64 {
	if n.Given {
		return n.Value
	}
	return usual
}

var errNotANumber = errors.New("not a number")

// UnmarshalText reads a number in decimal.
func (n *Number) UnmarshalText(text []byte) error {
	x, err := decimal.Parse(text, decimal.Written|decimal.Nearest)
	if err != nil {
		return errNotANumber
	}
	*n = Of(x)
	return nil
}

// MarshalJSON returns the number in full precision, null for a blank.
func (n Number) MarshalJSON() ([]byte, error) {
	if !n.Given {
		return []byte("null"), nil
	}
	if math.IsInf(n.Value, 0) || math.IsNaN(n.Value) {
		return nil, errNotANumber
	}
	return decimal.Append(nil, n.Value), nil
}

// Freedom is the choice of degrees of freedom of a comparison between clusters: blank for k₁+k₂−2, Satterthwaite's
// formula, or a number.
type Freedom struct {
	Number
	Satterthwaite bool
}

const satterthwaite = "satterthwaite"

// UnmarshalText reads "satterthwaite" or a number.
func (f *Freedom) UnmarshalText(text []byte) error {
	if string(text) == satterthwaite {
		*f = Freedom{Number{0, true}, true}
		return nil
	}
	f.Satterthwaite = false
	if f.Number.UnmarshalText(text) != nil {
		return errors.New("neither a number nor satterthwaite")
	}
	return nil
}

// MarshalJSON returns a number or "satterthwaite".
func (f Freedom) MarshalJSON() ([]byte, error) {
	if f.Satterthwaite {
		return json.Marshal(satterthwaite)
	}
	return f.Number.MarshalJSON()
}
