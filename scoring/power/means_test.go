package power

import (
	"errors"
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestMeansPower(t *testing.T) {
	for _, row := range readNumbers(t, "testdata/means.csv", 7) {
		d := Means{N1: row[0], N2: row[1], SD: row[2], Alpha: row[3], Sides: Sides(row[4])}
		got, err := d.Power(row[5])
		if err != nil || !near(got, row[6], 1e-10) {
			t.Errorf("%+v.Power(%v) = %.12g, %v, want %.12g", d, row[5], got, err, row[6])
		}
	}
}

// A baseline correlation r works like 1/(1−r²) times as many people in the standard error.
func TestMeansCorrelation(t *testing.T) {
	plain := Means{N1: 100, N2: 60, SD: 1, Alpha: 0.05}
	adjusted := Means{N1: 75, N2: 45, SD: 1, Correlation: 0.5, Alpha: 0.05}
	if got, want := adjusted.StandardError(), plain.StandardError(); !near(got, want, 1e-15) {
		t.Errorf("standard error with r = 0.5 and three quarters of the people = %v, want %v", got, want)
	}
}

func TestMeansErrors(t *testing.T) {
	good := Means{N1: 10, N2: 10, SD: 1, Alpha: 0.05}
	tests := []struct {
		name   string
		change func(*Means)
		want   error
	}{
		{"no people", func(d *Means) { d.N1 = 0 }, ErrSizes},
		{"one and one", func(d *Means) { d.N1, d.N2 = 1, 1 }, ErrSizes},
		{"no SD", func(d *Means) { d.SD = 0 }, ErrSD},
		{"NaN SD", func(d *Means) { d.SD = math.NaN() }, ErrSD},
		{"perfect correlation", func(d *Means) { d.Correlation = 1 }, ErrCorrelation},
		{"alpha 1", func(d *Means) { d.Alpha = 1 }, ErrAlpha},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := good
			tt.change(&d)
			if _, err := d.Power(0.5); !errors.Is(err, tt.want) {
				t.Errorf("Power = %v, want %v", err, tt.want)
			}
			if _, err := d.Detectable(0.8); !errors.Is(err, tt.want) {
				t.Errorf("Detectable = %v, want %v", err, tt.want)
			}
		})
	}
	if _, err := good.Detectable(0.05); !errors.Is(err, ErrPower) {
		t.Errorf("Detectable at the power of chance = %v, want %v", err, ErrPower)
	}
	if _, err := good.Solve(0, 0.8); !errors.Is(err, ErrDifference) {
		t.Errorf("Solve without a difference = %v, want %v", err, ErrDifference)
	}
}

func TestMeansProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := Means{
			N1:    float64(rapid.IntRange(2, 2000).Draw(t, "n1")),
			N2:    float64(rapid.IntRange(2, 2000).Draw(t, "n2")),
			SD:    rapid.Float64Range(0.01, 100).Draw(t, "sd"),
			Alpha: rapid.Float64Range(0.001, 0.2).Draw(t, "alpha"),
			Sides: Sides(rapid.IntRange(1, 2).Draw(t, "sides")),
		}
		wanted := rapid.Float64Range(d.Alpha+0.01, 0.995).Draw(t, "wanted")
		delta, err := d.Detectable(wanted)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := d.Power(delta); err != nil || !near(got, wanted, 1e-9) {
			t.Errorf("power at the detectable difference = %v, %v, want %v", got, err, wanted)
		}
		more := d
		more.N1++
		if got, err := more.Power(delta); err != nil || got < wanted-1e-9 {
			t.Errorf("one person more lowers power from %v to %v, %v", wanted, got, err)
		}
	})
}
