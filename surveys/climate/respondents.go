package climate

import "math"

// This file compares changes with every respondent weighing alike: the difference in differences of the means over all
// respondents, which is the interaction in the least squares of score on programme, last round and both. Practices differ,
// so the error is that between practices and not between people.
//
// The variance is the bias-reduced one, CR2, with practices as clusters and independent errors of one variance as the
// working model, and the degrees of freedom are Satterthwaite's under it. In general both take matrices of the size of a
// cluster and of the number of clusters. Here every respondent of a cell, a group in a round, has the same row in the design,
// so that the hat matrix is 1/N within a cell of N respondents and 0 elsewhere, and all that is wanted comes from sums over
// practices. Of practice i, with n respondents of a cell and residuals that add up to R:
//
//	λ = 1 − n/N         the eigenvalue of I − H for the vector of ones; the others are 1
//	u = ± n / (N√λ)     minus in the first round; √λ is what makes CR2 of CR0
//	variance = Σᵢ (Σ of ± R/(N√λ) over cells)²
//	df = (Σ 1/N over cells)² / Σᵢⱼ G²ᵢⱼ
//	G    Gᵢᵢ = Σ n/N² over cells, and Gᵢⱼ = −Σ uᵢuⱼ/N over cells
//
// With an own cell for each group and round, groups add up: nothing of one depends on the other.
//
// A group of one practice says nothing about how practices differ: its λ are 0. The interval is then unknown, although with
// a generalised inverse the formula would give a number, that of the other group alone.
//
// Source: Bell RM, McCaffrey DF. Surv Methodol 2002;28:169–181; Pustejovsky JE, Tipton E. J Bus Econ Stat 2018;36:672–683.
// The numbers are those of clubSandwich's coef_test with vcov = "CR2" and test = "Satterthwaite".

// clustered is the change of the mean over all respondents of a group, with what its interval needs.
type clustered struct {
	practices, people int
	change            float64
	variance          float64
	expected, squares float64 // Σ Gᵢᵢ and Σ G²ᵢⱼ
}

// cluster returns that of a group's practices, which all have respondents in both rounds. Of one practice there is only the
// change.
func cluster(units []unit) clustered {
	c := clustered{practices: len(units)}
	var size, mean [2]float64
	for _, u := range units {
		for r, m := range u.rounds() {
			size[r] += float64(m.n)
			c.people += m.n
		}
	}
	for _, u := range units {
		for r, m := range u.rounds() {
			mean[r] += float64(m.n) / size[r] * m.mean
		}
	}
	c.change = mean[1] - mean[0]
	if len(units) < 2 {
		return c
	}
	sign := [2]float64{-1, 1}
	var cross [2][2]float64 // Σᵢ uᵢ of one cell times uᵢ of another
	var own float64         // Σᵢ (Σ u²/N)², which Σ G²ᵢⱼ over i ≠ j leaves out
	for _, u := range units {
		var meat, diagonal, weight float64
		var us [2]float64
		for r, m := range u.rounds() {
			n := float64(m.n)
			diagonal += n / (size[r] * size[r])
			us[r] = sign[r] * n / (size[r] * math.Sqrt(1-n/size[r]))
			meat += us[r] * (m.mean - mean[r])
			weight += us[r] * us[r] / size[r]
		}
		for r := range us {
			for s := range us {
				cross[r][s] += us[r] * us[s]
			}
		}
		c.variance += meat * meat
		c.expected += diagonal
		c.squares += diagonal * diagonal
		own += weight * weight
	}
	c.squares -= own
	for r := range cross {
		for s := range cross {
			c.squares += cross[r][s] * cross[r][s] / (size[r] * size[s])
		}
	}
	return c
}

// respondentsWeighted returns the change of the mean over all respondents of the programme's practices minus that of the
// others.
func respondentsWeighted(programme, others []unit, dust float64) Difference {
	if len(programme) == 0 || len(others) == 0 {
		return Difference{}
	}
	p, o := cluster(programme), cluster(others)
	estimate := p.change - o.change
	if p.practices < 2 || o.practices < 2 {
		return only(estimate)
	}
	expected := p.expected + o.expected
	return byT(estimate, p.variance+o.variance, expected*expected/(p.squares+o.squares), dust)
}

// respondentsAgainst returns the change of the mean over all respondents of the programme's practices minus a fixed one.
func respondentsAgainst(programme []unit, fixed, dust float64) Difference {
	if len(programme) == 0 {
		return Difference{}
	}
	p := cluster(programme)
	if p.practices < 2 {
		return only(p.change - fixed)
	}
	return byT(p.change-fixed, p.variance, p.expected*p.expected/p.squares, dust)
}
