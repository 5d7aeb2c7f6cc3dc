package disclosure

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/optimize/convex/lp"
)

// program is what an attacker knows: variables between limits, and sums of them between limits. It begins at the truth,
// which keeps to all of it, so every range that it reports is between two answers that are both possible.
type program struct {
	x      []float64 // the variables, where the truth has them, then where the last search ended
	lo, hi []float64
	rows   []sum
}

// sum is a weighted sum of variables between two limits.
type sum struct {
	terms  []term
	lo, hi float64
}

type term struct {
	variable int
	weight   float64
}

func (p *program) variable(x, lo, hi float64) int {
	p.x, p.lo, p.hi = append(p.x, x), append(p.lo, lo), append(p.hi, hi)
	return len(p.x) - 1
}

// limit narrows a variable.
func (p *program) limit(variable int, lo, hi float64) {
	p.lo[variable], p.hi[variable] = max(p.lo[variable], lo), min(p.hi[variable], hi)
}

func (p *program) know(terms []term, lo, hi float64) {
	if len(terms) > 0 {
		p.rows = append(p.rows, sum{terms, lo, hi})
	}
}

func (p *program) value(terms []term) float64 {
	v := 0.0
	for _, t := range terms {
		v += t.weight * p.x[t.variable]
	}
	return v
}

const (
	feasible = 1e-7 // how far a point may lie outside a limit
	pivotMin = 1e-9
)

// check fails when the point that the program stands at breaks a limit.
func (p *program) check() error {
	for i, x := range p.x {
		if x < p.lo[i]-feasible || x > p.hi[i]+feasible {
			return fmt.Errorf("variable %d is %v, outside %v to %v", i, x, p.lo[i], p.hi[i])
		}
	}
	for i, row := range p.rows {
		if v := p.value(row.terms); v < row.lo-feasible || v > row.hi+feasible {
			return fmt.Errorf("sum %d is %v, outside %v to %v", i, v, row.lo, row.hi)
		}
	}
	return nil
}

// simplex searches a program by the primal simplex method with limits on both sides, in dictionary form: each basic variable
// is a weighted sum of the others. The sums of the program are variables of their own, basic at first.
type simplex struct {
	program  *program
	t        [][]float64 // basic × other
	x        []float64   // of all: the program's variables, then its sums
	lo, hi   []float64
	basic    []int
	other    []int
	position []int // of a variable among the basic ones from 0, or among the others as −1 − place
	random   *rand.Rand
}

func newSimplex(p *program) *simplex {
	n := len(p.x)
	s := &simplex{program: p, random: rand.New(rand.NewPCG(1, 1))}
	s.x, s.lo, s.hi = append(s.x, p.x...), append(s.lo, p.lo...), append(s.hi, p.hi...)
	for j := range n {
		s.other, s.position = append(s.other, j), append(s.position, -1-j)
	}
	for i, row := range p.rows {
		line := make([]float64, n)
		for _, term := range row.terms {
			line[term.variable] += term.weight
		}
		s.t, s.basic, s.position = append(s.t, line), append(s.basic, n+i), append(s.position, i)
		s.x, s.lo, s.hi = append(s.x, p.value(row.terms)), append(s.lo, row.lo), append(s.hi, row.hi)
	}
	return s
}

// extent returns the least and the most that a sum can be. It stops looking further once they lie enough apart.
func (s *simplex) extent(terms []term, enough float64) (least, most float64, err error) {
	most, err = s.climb(terms, 1, math.Inf(1))
	if err != nil {
		return 0, 0, err
	}
	least, err = s.climb(terms, -1, enough-most)
	return -least, most, err
}

// climb moves to where sign times a sum is as much as it can be, or at least enough, and returns that. It fails where it does
// not get there, and where the point it arrives at is none.
func (s *simplex) climb(terms []term, sign, enough float64) (float64, error) {
	cost := make([]float64, len(s.other))
	for _, term := range terms {
		if at := s.position[term.variable]; at < 0 {
			cost[-1-at] += sign * term.weight
		} else {
			for j, t := range s.t[at] {
				cost[j] += sign * term.weight * t
			}
		}
	}
	value := func() float64 {
		v := 0.0
		for _, term := range terms {
			v += sign * term.weight * s.x[term.variable]
		}
		return v
	}
	stuck := 0
	for range 200_000 {
		if value() >= enough {
			break
		}
		j, direction := s.entering(cost, stuck > 30)
		if j < 0 {
			break
		}
		step := s.move(j, direction, cost)
		if step > 1e-12 {
			stuck = 0
		} else if stuck++; stuck > 50_000 {
			return 0, fmt.Errorf("the search goes round in circles")
		}
	}
	copy(s.program.x, s.x)
	return value(), s.program.check()
}

// entering returns a variable that improves the sum when it moves in a direction, or −1.
func (s *simplex) entering(cost []float64, anyOf bool) (int, float64) {
	best, direction, most, count := -1, 0.0, 1e-8, 0
	for j, c := range cost {
		v := s.other[j]
		if c > 0 && s.x[v] > s.hi[v]-1e-11 || c < 0 && s.x[v] < s.lo[v]+1e-11 || math.Abs(c) < 1e-8 {
			continue
		}
		if anyOf { // one at random gets out of a circle
			if count++; s.random.IntN(count) == 0 {
				best, direction = j, math.Copysign(1, c)
			}
		} else if math.Abs(c) > most {
			best, direction, most = j, math.Copysign(1, c), math.Abs(c)
		}
	}
	return best, direction
}

// move moves a variable as far as it can go, changes the basis where another variable stops it, and returns how far.
func (s *simplex) move(j int, direction float64, cost []float64) float64 {
	v := s.other[j]
	step, row, pivot := s.hi[v]-s.x[v], -1, 0.0
	if direction < 0 {
		step = s.x[v] - s.lo[v]
	}
	for i := range s.t {
		change, b := s.t[i][j]*direction, s.basic[i]
		room := 0.0
		switch {
		case change > pivotMin:
			room = (s.hi[b] - s.x[b]) / change
		case change < -pivotMin:
			room = (s.x[b] - s.lo[b]) / -change
		default:
			continue
		}
		room = max(0, room)
		if room < step-1e-13 || room <= step && math.Abs(change) > pivot {
			step, row, pivot = room, i, math.Abs(change)
		}
	}
	s.x[v] += direction * step
	for i := range s.t {
		s.x[s.basic[i]] += s.t[i][j] * direction * step
	}
	if row >= 0 {
		s.exchange(row, j, cost)
	}
	return step
}

func (s *simplex) exchange(row, j int, cost []float64) {
	line := s.t[row]
	inverse := 1 / line[j]
	for k := range line {
		line[k] *= -inverse
	}
	line[j] = inverse
	add := func(other []float64) {
		if factor := other[j]; factor != 0 {
			other[j] = 0
			for k, t := range line {
				other[k] += factor * t
			}
		}
	}
	for i := range s.t {
		if i != row {
			add(s.t[i])
		}
	}
	add(cost)
	in, out := s.other[j], s.basic[row]
	s.basic[row], s.other[j] = in, out
	s.position[in], s.position[out] = row, -1-j
}

// TestSimplex checks the attacker's tool against gonum's, on programs of random sums about a random truth.
func TestSimplex(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 5))
	for range 60 {
		n, m := 2+random.IntN(6), 1+random.IntN(4)
		p := &program{}
		for range n {
			x := 1 + 6*random.Float64()
			p.variable(x, 1, 7)
		}
		for range m {
			var terms []term
			for v := range n {
				if random.IntN(3) > 0 {
					terms = append(terms, term{v, float64(1+random.IntN(5)) / 2})
				}
			}
			v, width := p.value(terms), random.Float64()
			p.know(terms, v-width*random.Float64(), v+width)
		}
		target := []term{{random.IntN(n), 1}}
		wantMost := -gonumLeast(t, p, target[0].variable, -1)
		wantLeast := gonumLeast(t, p, target[0].variable, 1)
		least, most, err := newSimplex(p).extent(target, math.Inf(1))
		if err != nil || math.Abs(least-wantLeast) > 1e-6 || math.Abs(most-wantMost) > 1e-6 {
			t.Errorf("extent() = %v to %v, %v; want %v to %v", least, most, err, wantLeast, wantMost)
		}
	}
}

// gonumLeast returns the least that sign times a variable can be, by way of the standard form that gonum takes: variables
// from 0, here over their lower limit, and equations, here with a variable for what is left to a limit.
func gonumLeast(t *testing.T, p *program, variable int, sign float64) float64 {
	t.Helper()
	n := len(p.x)
	width := n + n + 2*len(p.rows)
	a, b := mat.NewDense(n+2*len(p.rows), width, nil), make([]float64, n+2*len(p.rows))
	for v := range n {
		a.Set(v, v, 1)
		a.Set(v, n+v, 1)
		b[v] = p.hi[v] - p.lo[v]
	}
	for i, row := range p.rows {
		up, down, base := n+2*i, n+2*i+1, 0.0
		for _, term := range row.terms {
			a.Set(up, term.variable, term.weight)
			a.Set(down, term.variable, term.weight)
			base += term.weight * p.lo[term.variable]
		}
		a.Set(up, 2*n+2*i, 1)
		a.Set(down, 2*n+2*i+1, -1)
		b[up], b[down] = row.hi-base, row.lo-base
	}
	cost := make([]float64, width)
	cost[variable] = sign
	least, _, err := lp.Simplex(cost, a, b, 0, nil)
	if err != nil {
		t.Fatal(err)
	}
	return least + sign*p.lo[variable]
}
