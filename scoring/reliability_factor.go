package scoring

import (
	"errors"
	"math"

	"gonum.org/v1/gonum/mat"
)

// Why there is no one-factor solution.
var (
	ErrFewItems  = errors.New("one factor needs at least three items")
	ErrNoSpread  = errors.New("an item has no variance")
	ErrDependent = errors.New("the items say the same: their correlations cannot be told from those of fewer items")
	ErrHeywood   = errors.New("one factor fits only if it explains an item wholly (a Heywood case)")
	ErrNoFactor  = errors.New("the one-factor solution was not found")
)

// Factor is a one-factor solution: item i is loading λᵢ times the factor, of variance 1, and an error of variance θᵢ.
type Factor struct {
	Loadings     []float64
	Uniquenesses []float64
}

// Scaled returns the solution for items that are multiplied by factors: with standard deviations, that of the raw items.
func (f Factor) Scaled(by []float64) Factor {
	g := Factor{make([]float64, len(by)), make([]float64, len(by))}
	for i, b := range by {
		g.Loadings[i], g.Uniquenesses[i] = b*f.Loadings[i], b*b*f.Uniquenesses[i]
	}
	return g
}

// OmegaTotal returns (Σλ)² / ((Σλ)² + Σθ): the share of the variance of the items' sum, as the solution implies it, that
// is the factor's.
//
// It lies between 0 and 1; higher means that the sum says more about what the items have in common. Unlike alpha it does
// not need the items to measure that equally well. A solution of a correlation matrix gives the omega of the sum of
// standardised items, one [Factor.Scaled] by standard deviations that of the sum of the items as they are.
//
// Source: McDonald RP. Test theory: a unified treatment. Erlbaum 1999, chapter 6.
func (f Factor) OmegaTotal() float64 {
	common, unique := 0.0, 0.0
	for i, l := range f.Loadings {
		common += l
		unique += f.Uniquenesses[i]
	}
	common *= common
	return common / (common + unique)
}

// The bounds of the search. A uniqueness below leastUniqueness is taken for one that goes to 0.
const (
	leastUniqueness = 1e-6
	mostSteps       = 200
)

// OneFactor returns the maximum likelihood solution of one factor for a correlation matrix r. The sign is chosen so that
// the loadings' sum is not negative.
//
// It finds the log uniquenesses x at which f(x) = Σ_{m≥2}(θ_m − log θ_m − 1) is least, θ₁ ≥ θ₂ ≥ … being the eigenvalues
// of Ψ^−½ R Ψ^−½ with Ψ = diag(exp x), by Newton's method with f's exact second derivatives; the loadings are then
// √(θ₁−1) Ψ^½ ω₁. Each loading lies between −1 and 1. With three items the fit is perfect or there is none.
//
// Where the likelihood is highest at a uniqueness of 0 the error is ErrHeywood: other programs stop at a small bound
// instead, and report numbers that depend on it. ErrFewItems, ErrNoSpread (r is nil) and ErrDependent say what is wrong
// with r.
//
// Source: Jöreskog KG. Psychometrika 1967;32:443–482; Lawley DN, Maxwell AE. Factor analysis as a statistical method.
// Butterworths 1971, chapter 4. The results are those of R's factanal(factors = 1).
func OneFactor(r *mat.SymDense) (Factor, error) {
	switch {
	case r == nil:
		return Factor{}, ErrNoSpread
	case r.SymmetricDim() < 3:
		return Factor{}, ErrFewItems
	}
	k := r.SymmetricDim()
	var cholesky mat.Cholesky
	if !cholesky.Factorize(r) || cholesky.Cond() > 1e12 {
		return Factor{}, ErrDependent
	}
	var inverse mat.SymDense
	if err := cholesky.InverseTo(&inverse); err != nil {
		return Factor{}, ErrDependent
	}
	x := make([]float64, k) // half of what the other items do not explain, as factanal begins
	for i := range x {
		x[i] = math.Log((1 - 0.5/float64(k)) / inverse.At(i, i))
	}
	at, ok := fitAt(r, x)
	for range mostSteps {
		if !ok {
			return Factor{}, ErrNoFactor
		}
		for _, v := range at.x {
			if v < math.Log(leastUniqueness) {
				return Factor{}, ErrHeywood
			}
		}
		step := at.step()
		if step == nil {
			return Factor{}, ErrNoFactor
		}
		largest, gain := mat.Norm(step, math.Inf(1)), at.gain(step)
		at, ok = at.along(r, step, largest, gain)
		// Where a uniqueness is near 0 rounding alone makes steps of 1e-9, which change nothing that can be told.
		if ok && (largest < 1e-11 || largest < 1e-8 && gain < 1e-22) {
			return at.factor()
		}
	}
	return Factor{}, ErrNoFactor
}

// fit is the one-factor fit at some log uniquenesses.
type fit struct {
	x        []float64
	f        float64
	theta    []float64 // ascending
	omega    mat.Dense // the eigenvectors as columns
	gradient []float64
}

// fitAt works the fit out. It is false where the eigenvalues cannot be found.
func fitAt(r *mat.SymDense, x []float64) (*fit, bool) {
	k := len(x)
	scaled := mat.NewSymDense(k, nil)
	for i := range k {
		for j := range i + 1 {
			scaled.SetSym(i, j, r.At(i, j)*math.Exp(-(x[i]+x[j])/2))
		}
	}
	var eigen mat.EigenSym
	if !eigen.Factorize(scaled, true) {
		return nil, false
	}
	at := &fit{x: x, theta: eigen.Values(nil), gradient: make([]float64, k)}
	eigen.VectorsTo(&at.omega)
	for m, theta := range at.theta[:k-1] {
		if !(theta > 0) {
			return nil, false
		}
		at.f += theta - math.Log(theta) - 1
		for i := range k {
			w := at.omega.At(i, m)
			at.gradient[i] += (1 - theta) * w * w
		}
	}
	return at, finite(at.f)
}

// step returns Newton's step, by the second derivatives with c_m = ω_im ω_jm
//
//	(Σ_{m≥2} θ_m c_m)(Σ_{m≥2} c_m) + c₁ Σ_{m≥2} (1−θ_m)(θ₁+θ_m)/(θ₁−θ_m) c_m,
//
// or, where these do not point downhill, by their value at a perfect fit, (Σ_{m≥2} c_m)².
func (at *fit) step() *mat.VecDense {
	k := len(at.x)
	exact, perfect := mat.NewSymDense(k, nil), mat.NewSymDense(k, nil)
	first := at.theta[k-1]
	for i := range k {
		for j := range i + 1 {
			plain, weighted, mixed := 0.0, 0.0, 0.0
			for m, theta := range at.theta[:k-1] {
				c := at.omega.At(i, m) * at.omega.At(j, m)
				plain += c
				weighted += theta * c
				mixed += (1 - theta) * (first + theta) / (first - theta) * c
			}
			exact.SetSym(i, j, weighted*plain+at.omega.At(i, k-1)*at.omega.At(j, k-1)*mixed)
			perfect.SetSym(i, j, plain*plain)
		}
	}
	step := mat.NewVecDense(k, nil)
	downhill := mat.NewVecDense(k, nil)
	for i, g := range at.gradient {
		downhill.SetVec(i, -g)
	}
	for _, second := range []*mat.SymDense{exact, perfect} {
		var cholesky mat.Cholesky
		if cholesky.Factorize(second) && cholesky.Cond() < 1e14 && cholesky.SolveVecTo(step, downhill) == nil {
			return step
		}
	}
	return nil
}

// gain returns twice what the fit gets better by along a step, were it as curved everywhere as it is here.
func (at *fit) gain(step *mat.VecDense) float64 {
	gain := 0.0
	for i, g := range at.gradient {
		gain -= g * step.AtVec(i)
	}
	return gain
}

// along goes along the step as far as the fit gets better. Steps whose gain would be lost in rounding are taken whole.
func (at *fit) along(r *mat.SymDense, step *mat.VecDense, largest, gain float64) (*fit, bool) {
	const longest = 2.0 // in the log of a uniqueness
	share := min(1, longest/largest)
	lost := largest < 1e-6 || gain < 1e-13
	for range 40 {
		x := make([]float64, len(at.x))
		for i := range x {
			x[i] = at.x[i] + share*step.AtVec(i)
		}
		next, ok := fitAt(r, x)
		if ok && (next.f <= at.f || lost) {
			return next, true
		}
		share /= 2
	}
	return nil, false
}

// factor returns the solution.
func (at *fit) factor() (Factor, error) {
	k := len(at.x)
	f := Factor{make([]float64, k), make([]float64, k)}
	length, sum := math.Sqrt(max(0, at.theta[k-1]-1)), 0.0
	for i, x := range at.x {
		f.Uniquenesses[i] = math.Exp(x)
		f.Loadings[i] = length * math.Exp(x/2) * at.omega.At(i, k-1)
		sum += f.Loadings[i]
	}
	if sum < 0 {
		for i := range f.Loadings {
			f.Loadings[i] = -f.Loadings[i]
		}
	}
	return f, nil
}
