package scoring

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
)

// This file and its neighbours say how far the scores of a scale can be trusted. Reliability here is that of a sum or
// mean of items, of whatever the scale's rule adds up: the answers after reversing, for a count the 0 or 1 of each item.
// Only people who answered every item of the scale count, because a filled-in answer agrees with the others by making.

// Figure is a number that may be undefined, as the agreement of one rater is.
type Figure struct {
	Value float64 // 0 unless Known
	Known bool
}

// known returns v as a figure, and an unknown one if v is no ordinary number.
func known(v float64) Figure {
	if !finite(v) {
		return Figure{}
	}
	return Figure{v, true}
}

// Sample keeps of numbers what their mean and variance need. The zero value is empty. Sums are taken of differences from
// the first number, so that many close numbers far from 0 keep their digits, and sums of whole numbers are exact in
// whatever order they come.
type Sample struct {
	n                   int
	pivot, sum, squares float64
}

// Add counts v.
func (s *Sample) Add(v float64) {
	if s.n == 0 {
		s.pivot = v
	}
	s.n++
	v -= s.pivot
	s.sum += v
	s.squares += v * v
}

// N returns how many numbers there are.
func (s *Sample) N() int { return s.n }

// Mean returns the mean, unknown for no numbers.
func (s *Sample) Mean() Figure {
	if s.n == 0 {
		return Figure{}
	}
	return known(s.pivot + s.sum/float64(s.n))
}

// Variance returns Σ(x−x̄)²/(n−1), unknown for fewer than two numbers.
func (s *Sample) Variance() Figure {
	if s.n < 2 {
		return Figure{}
	}
	return known(s.deviations() / float64(s.n-1))
}

// SD returns the square root of the variance.
func (s *Sample) SD() Figure {
	v := s.Variance()
	v.Value = math.Sqrt(v.Value)
	return v
}

// deviations returns Σ(x−x̄)².
func (s *Sample) deviations() float64 {
	if s.n == 0 {
		return 0
	}
	n := float64(s.n)
	return max(0, (n*s.squares-s.sum*s.sum)/n)
}

// Moments keeps of people's values on k items what means and covariances need, in memory that does not grow with people.
// Sums are kept as by [Sample].
type Moments struct {
	n        int
	pivot    []float64
	sums     []float64
	products []float64 // lower triangle, row by row
	shifted  []float64 // room for the person being added
}

// NewMoments returns moments of k items and nobody.
func NewMoments(k int) *Moments {
	return &Moments{sums: make([]float64, k), products: make([]float64, k*(k+1)/2), shifted: make([]float64, k)}
}

// Add counts one person's values, one for each item. It does not allocate after the first.
func (m *Moments) Add(values []float64) {
	if m.n == 0 {
		m.pivot = slices.Clone(values)
	}
	m.n++
	at := 0
	for i, v := range values {
		v -= m.pivot[i]
		m.shifted[i] = v
		m.sums[i] += v
		row := m.products[at : at+i+1]
		for j, w := range m.shifted[:i+1] {
			row[j] += v * w
		}
		at += i + 1
	}
}

// N returns how many people there are.
func (m *Moments) N() int { return m.n }

// Items returns k.
func (m *Moments) Items() int { return len(m.sums) }

// covariance returns the covariance of items i and j ≤ i with divisor n−1.
func (m *Moments) covariance(i, j int) float64 {
	n := float64(m.n)
	return (n*m.products[i*(i+1)/2+j] - m.sums[i]*m.sums[j]) / (n * (n - 1))
}

// Covariances returns the covariance matrix, nil for fewer than two people or no items.
func (m *Moments) Covariances() *mat.SymDense {
	if m.n < 2 || len(m.sums) == 0 {
		return nil
	}
	c := mat.NewSymDense(len(m.sums), nil)
	for i := range m.sums {
		for j := range i + 1 {
			c.SetSym(i, j, m.covariance(i, j))
		}
	}
	return c
}

// Alpha returns Cronbach's alpha of the unweighted sum of k items, k/(k−1) · (1 − Σσᵢ²/σ²), from the items' variances σᵢ²
// and the variance of their sum σ².
//
// It is at most 1 and has no lower bound: items that are not keyed alike make it negative. Higher means that the sum would
// change less with other items of the kind; it is a lower bound of the sum's reliability as long as the items' errors are
// unrelated. People with a missing answer are for the caller to leave out. It is unknown for one item, for fewer than two
// people and where the sum has no variance; an item that everybody answers alike counts as one of the k.
//
// Source: Cronbach LJ. Psychometrika 1951;16:297–334.
func Alpha(c *mat.SymDense) Figure {
	if c == nil || c.SymmetricDim() < 2 {
		return Figure{}
	}
	k := float64(c.SymmetricDim())
	total := mat.Sum(c)
	if !positive(total, c) {
		return Figure{}
	}
	return known(k / (k - 1) * (1 - mat.Trace(c)/total))
}

// positive reports whether the variance of a sum of items is more than what rounding leaves of none.
func positive(variance float64, c *mat.SymDense) bool {
	return variance > 1e-13*mat.Trace(c)
}

// FeldtInterval returns the 95 % interval of Cronbach's alpha of k items in n people: from 1 − (1−α̂)F(.975) to
// 1 − (1−α̂)F(.025), F being the quantiles of the F distribution with n−1 and (n−1)(k−1) degrees of freedom.
//
// It is exact if the items are parallel and normal, and at most 1. It is wide for few people. It is unknown where alpha
// is.
//
// Source: Feldt LS. Psychometrika 1965;30:357–370.
func FeldtInterval(alpha Figure, n, k int) (Interval, bool) {
	if !alpha.Known || n < 2 || k < 2 {
		return Interval{}, false
	}
	df1 := float64(n - 1)
	df2 := df1 * float64(k-1)
	unreliable := 1 - alpha.Value
	return Interval{Low: 1 - unreliable*fQuantile(0.975, df1, df2), High: 1 - unreliable*fQuantile(0.025, df1, df2)}, true
}

// ItemTotal returns the corrected item-total correlation of item i: Pearson's, with the sum of the other items.
//
// It lies between −1 and 1. A value near 0 says that the item measures something else, a negative one that it is keyed
// the wrong way round. It is unknown for one item, for fewer than two people and where the item or the sum of the others
// has no variance.
//
// Source: Cureton EE. Psychometrika 1966;31:93–96, on why the item itself is left out of the sum.
func ItemTotal(c *mat.SymDense, i int) Figure {
	if c == nil || c.SymmetricDim() < 2 {
		return Figure{}
	}
	own, with := c.At(i, i), 0.0
	for j := range c.SymmetricDim() {
		with += c.At(i, j)
	}
	with -= own
	rest := mat.Sum(c) - 2*with - own
	if !(own > 0) || !positive(rest, c) {
		return Figure{}
	}
	return known(min(max(with/math.Sqrt(own*rest), -1), 1))
}

// Correlations returns the correlation matrix and the standard deviations of covariances, nil if an item has no variance.
func Correlations(c *mat.SymDense) (*mat.SymDense, []float64) {
	if c == nil {
		return nil, nil
	}
	k := c.SymmetricDim()
	sds := make([]float64, k)
	for i := range sds {
		if sds[i] = math.Sqrt(c.At(i, i)); !(sds[i] > 0) {
			return nil, nil
		}
	}
	r := mat.NewSymDense(k, nil)
	for i := range k {
		r.SetSym(i, i, 1)
		for j := range i {
			r.SetSym(i, j, min(max(c.At(i, j)/(sds[i]*sds[j]), -1), 1))
		}
	}
	return r, sds
}

// Terms writes the values that the scale's rule adds up into values, which has one place for each of its items in their
// order: the answers after reversing, or for a count 1 for an item that counts and 0 for one that does not. It reports
// whether it could: not where an answer is missing or out of range, nor for weighted and expected rules, whose items are
// not added up.
func (s *Scale) Terms(answers []Answer, values []float64) bool {
	if len(answers) != s.width || len(values) != len(s.terms) || !s.Adds() {
		return false
	}
	for i := range s.terms {
		t := &s.terms[i]
		a := answers[t.index]
		if !a.Given || !(a.Value >= t.lo && a.Value <= t.hi) {
			return false
		}
		values[i] = s.term(t, a.Value)
	}
	return true
}

// term returns what an answer adds to the sum.
func (s *Scale) term(t *term, answer float64) float64 {
	if s.rule == countRule {
		return b2f(t.counts(answer))
	}
	return t.base + t.sign*answer
}

// Adds reports whether the score comes from a sum of the scale's items, so that reliability can be asked of it.
func (s *Scale) Adds() bool { return s.rule <= countRule }

// NullVariance returns the variance of what item i of the scale adds if every one of options were answered equally often:
// (A²−1)/12 for A consecutive whole numbers. It is unknown without options.
func (s *Scale) NullVariance(i int, options []float64) Figure {
	if !s.Adds() || len(options) == 0 {
		return Figure{}
	}
	var values Sample
	for _, option := range options {
		values.Add(s.term(&s.terms[i], option))
	}
	return known(values.deviations() / float64(len(options)))
}
