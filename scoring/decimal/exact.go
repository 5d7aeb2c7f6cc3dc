package decimal

import (
	"math"
	"math/big"
	"strconv"
)

// Rat returns the decimal number that the shortest form of v writes, exactly: 1.005 is 1005/1000, although the float64 is a
// little less. It returns nil for what is no number.
func Rat(v float64) *big.Rat {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return nil
	}
	r, _ := new(big.Rat).SetString(strconv.FormatFloat(v, 'g', -1, 64)) // which is a number
	return r
}

// Round rounds r half away from zero to each number of decimals in turn and returns the float64 nearest to the outcome.
// There must be at least one.
func Round(r *big.Rat, decimals []int) float64 {
	n := new(big.Rat).Set(r)
	for _, d := range decimals {
		scale := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(d)), nil)
		n.SetFrac(halfAway(n.Mul(n, new(big.Rat).SetInt(scale))), scale)
	}
	v, _ := n.Float64()
	return v + 0
}

// halfAway returns the whole number nearest to r, of two the one further from zero.
func halfAway(r *big.Rat) *big.Int {
	num := new(big.Int).Abs(r.Num())
	num.Add(num.Lsh(num, 1), r.Denom()) // (2n + d) ÷ 2d, rounded down
	num.Quo(num, new(big.Int).Lsh(r.Denom(), 1))
	if r.Sign() < 0 {
		num.Neg(num)
	}
	return num
}
