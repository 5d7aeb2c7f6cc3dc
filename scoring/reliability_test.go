package scoring

import (
	"encoding/csv"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"
)

// table returns the rows of a CSV file by column name.
func table(t *testing.T, path string) (names []string, rows [][]string) {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }() // only read
	r := csv.NewReader(file)
	r.Comment = '#'
	if rows, err = r.ReadAll(); err != nil {
		t.Fatal(err)
	}
	return rows[0], rows[1:]
}

// expected returns the numbers that reliability.R wrote.
func expected(t *testing.T, name string) map[string]float64 {
	t.Helper()
	first, rows := table(t, filepath.Join("testdata", name))
	values := make(map[string]float64)
	for _, row := range append(rows, first) {
		v, err := strconv.ParseFloat(row[1], 64)
		if err != nil {
			t.Fatal(err)
		}
		values[row[0]] = v
	}
	return values
}

// answered is what a file of answers holds for the test of one scale: complete cases, and their groups.
type answered struct {
	items  []string
	values [][]float64
	groups []string
}

func answersOf(t *testing.T, path, group string, items []string, reversed string, reverse func(float64) float64) answered {
	t.Helper()
	names, rows := table(t, path)
	at := make(map[string]int)
	for i, name := range names {
		at[name] = i
	}
	a := answered{items: items}
next:
	for _, row := range rows {
		values := make([]float64, len(items))
		for i, item := range items {
			v, err := strconv.ParseFloat(row[at[item]], 64)
			if err != nil {
				continue next
			}
			if values[i] = v; item == reversed {
				values[i] = reverse(v)
			}
		}
		a.values, a.groups = append(a.values, values), append(a.groups, row[at[group]])
	}
	return a
}

// figures works out everything that reliability.R does.
func (a answered) figures(t *testing.T, null Figure) map[string]float64 {
	t.Helper()
	k := len(a.items)
	moments := NewMoments(k)
	var scores Sample
	sums, spread, nulls := make(map[string]*Sample), make(map[string][]Sample), make([]Figure, k)
	for n, values := range a.values {
		moments.Add(values)
		total := 0.0
		for _, v := range values {
			total += v
		}
		scores.Add(total)
		group := a.groups[n]
		if group == "" {
			continue
		}
		if sums[group] == nil {
			sums[group], spread[group] = new(Sample), make([]Sample, k)
		}
		sums[group].Add(total)
		for i, v := range values {
			spread[group][i].Add(v)
		}
	}
	c := moments.Covariances()
	alpha := Alpha(c)
	interval, _ := FeldtInterval(alpha, moments.N(), k)
	correlations, sds := Correlations(c)
	factor, err := OneFactor(correlations)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]float64{"n": float64(moments.N()), "mean": scores.Mean().Value, "sd": scores.SD().Value,
		"alpha": alpha.Value, "alpha_low": interval.Low, "alpha_high": interval.High,
		"omega_total": factor.OmegaTotal(), "omega_total_raw": factor.Scaled(sds).OmegaTotal()}
	var groups []Sample
	for i, item := range a.items {
		got["item_total."+item], got["loading."+item] = ItemTotal(c, i).Value, factor.Loadings[i]
		nulls[i] = null
	}
	for group, sample := range sums {
		groups = append(groups, *sample)
		got["rwgj."+group] = WithinGroupAgreement(spread[group], nulls).Value
	}
	o := NewOneWay(groups)
	icc, _ := o.ICC1Interval(o.MeanSize())
	got["icc1"], got["icc1_n0"], got["icc2"] = o.ICC1(o.MeanSize()).Value, o.ICC1(o.N0).Value, o.ICC2().Value
	got["icc1_low"], got["icc1_high"] = icc.Low, icc.High
	return got
}

func compare(t *testing.T, got, want map[string]float64) {
	t.Helper()
	for name, v := range got {
		if w, ok := want[name]; !ok || !(math.Abs(v-w) <= 1e-11*max(1, math.Abs(w))) {
			t.Errorf("%s = %.15g, want %.15g", name, v, w)
		}
	}
}

// Expected values: R 4.2.2, testdata/reliability.R, which psych 2.2.9 and multilevel 2.7 agreed with.
func TestReliability(t *testing.T) {
	items := []string{"q1", "q2", "q3", "q4", "q5", "q6"}
	a := answersOf(t, filepath.Join("testdata", "reliability_answers.csv"), "group", items, "q3", func(v float64) float64 { return 6 - v })
	compare(t, a.figures(t, Figure{2, true}), expected(t, "reliability_expected.csv"))
}

// Expected values: R 4.2.2, testdata/reliability.R on the data set bfi of the R package psychTools 2.2.9 with the groups
// of its column education. Revelle's documentation gives alpha 0.81 for N1 to N5.
func TestReliabilityOfPersonalityItems(t *testing.T) {
	path := os.Getenv("WELLWAVE_BFI")
	if path == "" {
		path = filepath.Join("..", "..", "shared", "data", "real", "bfi.csv")
	}
	if _, err := os.Stat(path); err != nil {
		t.Skipf("the file is not here: %v; WELLWAVE_BFI names it", err)
	}
	a := answersOf(t, path, "education", []string{"N1", "N2", "N3", "N4", "N5"}, "", nil)
	compare(t, a.figures(t, Figure{35.0 / 12, true}), expected(t, "reliability_bfi.csv"))
}

// Expected values: k parallel items whose correlation is r have alpha kr/(1 + (k−1)r), which is the formula of Spearman and
// Brown; as one factor explains them, omega is the same and every loading √r.
func TestParallelItems(t *testing.T) {
	for _, k := range []int{3, 4, 10} {
		for _, r := range []float64{0.1, 0.5, 0.9} {
			c := mat.NewSymDense(k, nil)
			for i := range k {
				for j := range i {
					c.SetSym(i, j, r)
				}
				c.SetSym(i, i, 1)
			}
			want := float64(k) * r / (1 + float64(k-1)*r)
			if got := Alpha(c); !within(got.Value, want, 1e-14) {
				t.Errorf("alpha of %d items with r %v = %v, want %v", k, r, got, want)
			}
			factor, err := OneFactor(c)
			if err != nil || !within(factor.OmegaTotal(), want, 1e-12) || !within(factor.Loadings[k-1], math.Sqrt(r), 1e-12) {
				t.Errorf("omega of %d items with r %v = %v, %v, want %v", k, r, factor.OmegaTotal(), err, want)
			}
		}
	}
}

func within(got, want, tolerance float64) bool { return math.Abs(got-want) <= tolerance }

// TestOneFactorOfThree compares with the closed form: λ₁² = r₁₂r₁₃/r₂₃ and so on.
func TestOneFactorOfThree(t *testing.T) {
	l := []float64{0.9, 0.5, -0.2}
	factor, err := OneFactor(implied(l))
	if err != nil {
		t.Fatal(err)
	}
	for i := range l {
		if !within(factor.Loadings[i], l[i], 1e-11) || !within(factor.Uniquenesses[i], 1-l[i]*l[i], 1e-11) {
			t.Errorf("%v, want loadings %v", factor, l)
		}
	}
}

// implied returns the correlations of items with these loadings.
func implied(loadings []float64) *mat.SymDense {
	r := mat.NewSymDense(len(loadings), nil)
	for i := range loadings {
		for j := range i {
			r.SetSym(i, j, loadings[i]*loadings[j])
		}
		r.SetSym(i, i, 1)
	}
	return r
}

func TestOneFactorRefusals(t *testing.T) {
	symmetric := func(values ...float64) *mat.SymDense {
		return mat.NewSymDense(int(math.Sqrt(float64(len(values)))), values)
	}
	tests := []struct {
		name string
		give *mat.SymDense
		want error
	}{
		{"an item without variance", nil, ErrNoSpread},
		{"two items", symmetric(1, 0.5, 0.5, 1), ErrFewItems},
		{"the same item twice", symmetric(1, 1, 0.5, 1, 1, 0.5, 0.5, 0.5, 1), ErrDependent},
		// 0.8 · 0.7 ÷ 0.3 would be a squared loading of 1.87.
		{"an item that is the factor", symmetric(1, 0.8, 0.7, 0.8, 1, 0.3, 0.7, 0.3, 1), ErrHeywood},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if f, err := OneFactor(tt.give); !errors.Is(err, tt.want) {
				t.Errorf("%v, %v; want %v", f, err, tt.want)
			}
		})
	}
}

// factorScores returns the correlations of random answers to k items that have a trait in common.
func factorScores(k int, seed uint64) *mat.SymDense {
	random := rand.New(rand.NewPCG(seed, 1))
	moments := NewMoments(k)
	values := make([]float64, k)
	for range 40 + k {
		trait := random.NormFloat64()
		for i := range values {
			values[i] = math.Round(trait*float64(1+i%3) + 2*random.NormFloat64())
		}
		moments.Add(values)
	}
	r, _ := Correlations(moments.Covariances())
	return r
}

// Where the likelihood is so flat that the gain of a step of 2e-6 is lost in rounding, or a uniqueness so near 0 that
// rounding makes steps of 1e-9, there is a solution and it is found.
func TestOneFactorOfFlatLikelihoods(t *testing.T) {
	for _, tt := range []struct {
		items int
		seed  uint64
	}{{7, 0xc30}, {5, 209}, {4, 1653}} {
		if _, err := OneFactor(factorScores(tt.items, tt.seed)); err != nil {
			t.Errorf("%d items, seed %d: %v", tt.items, tt.seed, err)
		}
	}
}

// TestOneFactorLikelihood wants what holds at the highest likelihood and nowhere else: with Σ = λλ′ + Ψ the diagonal of
// Σ⁻¹(Σ−R)Σ⁻¹ is 0, and Σ⁻¹(Σ−R)Σ⁻¹λ as well (Jöreskog 1967, equations 12 and 13).
func TestOneFactorLikelihood(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k := rapid.IntRange(3, 9).Draw(t, "items")
		r := factorScores(k, rapid.Uint64().Draw(t, "seed"))
		factor, err := OneFactor(r)
		if errors.Is(err, ErrHeywood) {
			t.Skip("no proper solution")
		}
		if err != nil {
			t.Fatal(err)
		}
		sigma := implied(factor.Loadings)
		for i, u := range factor.Uniquenesses {
			sigma.SetSym(i, i, factor.Loadings[i]*factor.Loadings[i]+u)
		}
		var cholesky mat.Cholesky
		if !cholesky.Factorize(sigma) {
			t.Fatal("Σ is not positive definite")
		}
		var inverse mat.SymDense
		var difference, left, both mat.Dense
		var slope mat.VecDense
		_ = cholesky.InverseTo(&inverse) // cannot fail after Factorize
		difference.Sub(sigma, r)
		left.Mul(&inverse, &difference)
		both.Mul(&left, &inverse)
		slope.MulVec(&both, mat.NewVecDense(k, factor.Loadings))
		for i := range k {
			if !within(both.At(i, i), 0, 1e-8) || !within(slope.AtVec(i), 0, 1e-8) {
				t.Errorf("item %d: %g and %g at the solution %v, want 0", i, both.At(i, i), slope.AtVec(i), factor)
			}
		}
		if omega := factor.OmegaTotal(); !(omega >= 0 && omega <= 1) {
			t.Errorf("omega = %v", omega)
		}
	})
}

// TestReliabilityOrder wants the same bits whatever the order of people, and the same figures whatever the order of items.
func TestReliabilityOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k := rapid.IntRange(2, 6).Draw(t, "items")
		people := rapid.SliceOfN(rapid.SliceOfN(rapid.IntRange(0, 6), k, k), 3, 60).Draw(t, "people")
		item := rapid.Permutation(upTo(k)).Draw(t, "order of items")
		person := rapid.Permutation(upTo(len(people))).Draw(t, "order of people")
		plain, shuffled, turned := NewMoments(k), NewMoments(k), NewMoments(k)
		for n := range people {
			plain.Add(floats(people[n], upTo(k)))
			shuffled.Add(floats(people[person[n]], upTo(k)))
			turned.Add(floats(people[n], item))
		}
		a, b, c := Alpha(plain.Covariances()), Alpha(shuffled.Covariances()), Alpha(turned.Covariances())
		if a != b || a.Known != c.Known || !within(a.Value, c.Value, 1e-9*max(1, math.Abs(a.Value))) {
			t.Errorf("alpha %v, of other rows %v, of other columns %v", a, b, c)
		}
		if a.Known && a.Value > 1 {
			t.Errorf("alpha = %v", a)
		}
		for i := range k {
			x, y := ItemTotal(plain.Covariances(), item[i]), ItemTotal(turned.Covariances(), i)
			if x.Known != y.Known || !within(x.Value, y.Value, 1e-7) {
				t.Errorf("item-total %v, of other columns %v", x, y)
			}
		}
	})
}

func upTo(n int) []int {
	numbers := make([]int, n)
	for i := range numbers {
		numbers[i] = i
	}
	return numbers
}

func floats(values, order []int) []float64 {
	f := make([]float64, len(order))
	for i, at := range order {
		f[i] = float64(values[at])
	}
	return f
}

func TestUndefinedReliability(t *testing.T) {
	one, nobody := NewMoments(3), NewMoments(3)
	one.Add([]float64{1, 2, 3})
	constant := NewMoments(3)
	for i := range 5 {
		constant.Add([]float64{float64(i), 0.1, float64(-i)}) // the sum is always 0.1
	}
	for name, c := range map[string]*mat.SymDense{"one person": one.Covariances(), "nobody": nobody.Covariances(), "constant sum": constant.Covariances(), "one item": mat.NewSymDense(1, []float64{1})} {
		alpha := Alpha(c)
		if _, ok := FeldtInterval(alpha, 5, 3); alpha.Known || ok {
			t.Errorf("%s: alpha %v", name, alpha)
		}
	}
	if r, _ := Correlations(constant.Covariances()); r != nil {
		t.Error("correlations of an item without variance")
	}
	if v := ItemTotal(constant.Covariances(), 1); v.Known {
		t.Errorf("item-total of an item without variance = %v", v)
	}
	if v := ItemTotal(constant.Covariances(), 0); !within(v.Value, -1, 1e-12) {
		t.Errorf("item-total of an item that the others cancel = %v, want −1", v)
	}
}

// TestTerms wants what each rule adds up: reversed answers, and for a count 0 or 1.
func TestTerms(t *testing.T) {
	two := 2.0
	items := []Item{{Code: "a", Min: 1, Max: 3, Options: []float64{1, 2, 3}}, {Code: "b", Min: 1, Max: 3, Options: []float64{1, 2, 3}, Reverse: true}}
	tests := []struct {
		give   Definition
		answer []Answer
		want   string
		null   float64 // of the second item: 2/3 for three options, p(1−p) for a count
	}{
		{Definition{ID: "s", Rule: "sum", Items: []string{"a", "b"}, Direction: "neutral"}, []Answer{{1, true}, {1, true}}, "true [1 3]", 2.0 / 3},
		{Definition{ID: "s", Rule: "mean", Items: []string{"b", "a"}, Direction: "neutral"}, []Answer{{1, true}, {3, true}}, "true [1 1]", 2.0 / 3},
		{Definition{ID: "s", Rule: "count", Items: []string{"a", "b"}, AtLeast: &two, Direction: "neutral"}, []Answer{{1, true}, {1, true}}, "true [0 1]", 2.0 / 9},
		{Definition{ID: "s", Rule: "sum", Items: []string{"a", "b"}, Direction: "neutral"}, []Answer{{1, true}, {}}, "false", 2.0 / 3},
		{Definition{ID: "s", Rule: "sum", Items: []string{"a", "b"}, Direction: "neutral"}, []Answer{{1, true}, {4, true}}, "false", 2.0 / 3},
	}
	for _, tt := range tests {
		scale, err := Compile(tt.give, items)
		if err != nil {
			t.Fatal(err)
		}
		values := make([]float64, 2)
		got := "false"
		if scale.Terms(tt.answer, values) {
			got = fmt.Sprint(true, values)
		}
		if got != tt.want {
			t.Errorf("%s of %v: %s, want %s", tt.give.Rule, tt.answer, got, tt.want)
		}
		if null := scale.NullVariance(1, items[1].Options); !within(null.Value, tt.null, 1e-15) {
			t.Errorf("null variance = %v, want %v", null, tt.null)
		}
	}
}
