package scoring

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// Expected values: Newcombe RG. Stat Med 1998;17:857–872, table I, method 3 (81/263, 15/148, 0/20, 1/29), and R 4.2.2
// prop.test(x, n, correct = FALSE)$conf.int for the rest.
func TestWilson(t *testing.T) {
	tests := []struct {
		giveCount, giveN, wantLow, wantHigh float64
	}{
		{81, 263, 0.2553, 0.3662},
		{15, 148, 0.0624, 0.1605},
		{0, 20, 0, 0.1611},
		{1, 29, 0.0061, 0.1718},
		{214, 288, 0.689623, 0.790089},
		{561, 612, 0.892085, 0.936051},
		{775, 900, 0.836978, 0.882174},
		{0, 0, 0, 1},
	}
	for _, tt := range tests {
		got := Wilson(tt.giveCount, tt.giveN)
		if math.Abs(got.Low-tt.wantLow) > 6e-5 || math.Abs(got.High-tt.wantHigh) > 6e-5 {
			t.Errorf("Wilson(%v, %v) = %.6f to %.6f, want %v to %v", tt.giveCount, tt.giveN, got.Low, got.High, tt.wantLow, tt.wantHigh)
		}
	}
}

// Expected values: Newcombe RG. Stat Med 1998;17:873–890, table II, method 10, contrasts (a) to (h).
func TestNewcombe(t *testing.T) {
	tests := []struct {
		x1, n1, x2, n2, wantLow, wantHigh float64
	}{
		{56, 70, 48, 80, 0.0524, 0.3339},
		{9, 10, 3, 10, 0.1705, 0.8090},
		{6, 7, 2, 7, 0.0582, 0.8062},
		{5, 56, 0, 29, -0.0381, 0.1926},
		{0, 10, 0, 20, -0.1611, 0.2775},
		{0, 10, 0, 10, -0.2775, 0.2775},
		{10, 10, 0, 20, 0.6791, 1},
		{10, 10, 0, 10, 0.6075, 1},
		{1, 1, 0, 0, -1, 1},
	}
	for _, tt := range tests {
		got := Newcombe(tt.x1, tt.n1, tt.x2, tt.n2)
		if math.Abs(got.Low-tt.wantLow) > 6e-5 || math.Abs(got.High-tt.wantHigh) > 6e-5 {
			t.Errorf("Newcombe(%v/%v, %v/%v) = %.4f to %.4f, want %v to %v", tt.x1, tt.n1, tt.x2, tt.n2, got.Low, got.High, tt.wantLow, tt.wantHigh)
		}
	}
}

func TestIntervalsHoldTheEstimate(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n1, n2 := rapid.IntRange(1, 5000).Draw(t, "n1"), rapid.IntRange(1, 5000).Draw(t, "n2")
		x1, x2 := float64(rapid.IntRange(0, n1).Draw(t, "x1")), float64(rapid.IntRange(0, n2).Draw(t, "x2"))
		w := Wilson(x1, float64(n1))
		if p := x1 / float64(n1); !(0 <= w.Low && w.Low <= p+1e-12 && p-1e-12 <= w.High && w.High <= 1) {
			t.Errorf("Wilson(%v, %v) = %+v does not hold %v", x1, n1, w, p)
		}
		d := x1/float64(n1) - x2/float64(n2)
		i := Newcombe(x1, float64(n1), x2, float64(n2))
		if !(-1-1e-12 <= i.Low && i.Low <= d+1e-12 && d-1e-12 <= i.High && i.High <= 1+1e-12) {
			t.Errorf("Newcombe = %+v does not hold %v", i, d)
		}
	})
}
