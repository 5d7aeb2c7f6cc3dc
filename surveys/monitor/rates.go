package monitor

import (
	"wellwave/scoring"
	"wellwave/surveys"
)

// The outcome rates below follow the American Association for Public Opinion Research, Standard Definitions: final
// dispositions of case codes and outcome rates for surveys, 10th edition, 2023, for surveys of specifically named
// persons. In its letters, I is complete, P partial, R refusal and break-off, NC non-contact, O other eligible and U
// unknown eligibility (its UH and UO together). O is in the lower part of every response, refusal and contact rate, and
// of COOP1 and COOP2; COOP3 and COOP4 leave out O because those people could not have answered. In CON1 to CON3 O counts
// as contacted. Whoever is pending counts as not contacted: nothing has come back from them so far.

// Rate is one outcome rate: Above divided by Below. Known is false, and Value 0, where nobody is counted below the line.
type Rate struct {
	Name    string  `json:"name"`
	Formula string  `json:"formula"`
	Value   float64 `json:"value"`
	Known   bool    `json:"known"`
	Above   float64 `json:"-"`
	Below   float64 `json:"-"` // not whole where e of those of unknown eligibility are in it
}

// Rates holds the outcome rates of a tally.
type Rates struct {
	// E is the share of those of unknown eligibility that is taken to be eligible: the share of the eligible among
	// everybody whose eligibility is known (the Standard Definitions' proportional allocation), and 1, which makes every
	// rate the lowest that it can be, as long as nobody was found ineligible.
	E    float64 `json:"e"`
	List []Rate  `json:"list"`
}

// Rate returns the rate called name, such as RR1.
func (r Rates) Rate(name string) Rate {
	for _, rate := range r.List {
		if rate.Name == name {
			return rate
		}
	}
	return Rate{Name: name}
}

// Rates returns the response, cooperation, refusal and contact rates of the enrolments that are due.
func (t Tally) Rates() Rates { return t.ratesWith(t.eligibleShare()) }

// refused returns R, to which those who broke off belong.
func (t Tally) refused() int { return t.Count(surveys.Refusal) + t.Count(surveys.BreakOff) }

// eligible returns I+P + R+NC+O: how many are known to be eligible.
func (t Tally) eligible() int {
	return t.Retained() + t.refused() + t.Count(surveys.NonContact) + t.Count(surveys.Pending) + t.Count(surveys.OtherEligible)
}

// eligibleShare returns e.
func (t Tally) eligibleShare() float64 {
	known := t.eligible() + t.Count(surveys.Ineligible)
	if known == 0 {
		return 1
	}
	return float64(t.eligible()) / float64(known)
}

// ratesWith returns the rates under an e that may come from a larger group, as for one site's part in its arm's rate.
func (t Tally) ratesWith(e float64) Rates {
	n := func(people int) float64 { return float64(people) }
	i, answered, r, o := n(t.Count(surveys.Complete)), n(t.Retained()), n(t.refused()), n(t.Count(surveys.OtherEligible))
	u, eligible := n(t.Count(surveys.UnknownEligibility)), n(t.eligible())
	contacted := answered + r + o
	rates := Rates{E: e, List: make([]Rate, 0, 16)}
	add := func(name, formula string, above, below float64) {
		rate := Rate{Name: name, Formula: formula, Known: below > 0, Above: above, Below: below}
		if rate.Known {
			rate.Value = above / below
		}
		rates.List = append(rates.List, rate)
	}
	add("RR1", "I / (I+P + R+NC+O + U)", i, eligible+u)
	add("RR2", "(I+P) / (I+P + R+NC+O + U)", answered, eligible+u)
	add("RR3", "I / (I+P + R+NC+O + eU)", i, eligible+e*u)
	add("RR4", "(I+P) / (I+P + R+NC+O + eU)", answered, eligible+e*u)
	add("RR5", "I / (I+P + R+NC+O)", i, eligible)
	add("RR6", "(I+P) / (I+P + R+NC+O)", answered, eligible)
	add("COOP1", "I / (I+P + R+O)", i, contacted)
	add("COOP2", "(I+P) / (I+P + R+O)", answered, contacted)
	add("COOP3", "I / (I+P + R)", i, answered+r)
	add("COOP4", "(I+P) / (I+P + R)", answered, answered+r)
	add("REF1", "R / (I+P + R+NC+O + U)", r, eligible+u)
	add("REF2", "R / (I+P + R+NC+O + eU)", r, eligible+e*u)
	add("REF3", "R / (I+P + R+NC+O)", r, eligible)
	add("CON1", "(I+P + R+O) / (I+P + R+NC+O + U)", contacted, eligible+u)
	add("CON2", "(I+P + R+O) / (I+P + R+NC+O + eU)", contacted, eligible+e*u)
	add("CON3", "(I+P + R+O) / (I+P + R+NC+O)", contacted, eligible)
	return rates
}

// Share is a count out of a number of people, with its 95 % Wilson interval read in two ways: as if people were
// independent, and with the effective number, n over the design effect, that their clustering in sites leaves.
type Share struct {
	Count       int              `json:"count"`
	Of          int              `json:"of"`
	Value       float64          `json:"value"` // 0 where nobody is counted
	Independent scoring.Interval `json:"independent"`
	EffectiveOf float64          `json:"effective_of"`
	Effective   scoring.Interval `json:"effective"`
}

// Known reports whether there is anybody to take a share of.
func (s Share) Known() bool { return s.Of > 0 }

// newShare returns the share of count in of, among people who come from sites of the given sizes, with ICC icc.
func newShare(count, of int, sizes []float64, icc float64) Share {
	s := Share{Count: count, Of: of}
	if of > 0 {
		s.Value = float64(count) / float64(of)
		s.EffectiveOf = float64(of) / designEffect(sizes, icc)
	}
	s.Independent = scoring.Wilson(float64(count), float64(of))
	s.Effective = scoring.Wilson(s.Value*s.EffectiveOf, s.EffectiveOf)
	return s
}

// designEffect returns how many times the variance of a share among people of sites of the given sizes n exceeds that
// among as many unrelated people: 1 + ((cv²+1)m − 1)ρ with the mean size m and the coefficient of variation cv (divisor k)
// of the k sites that have anybody. It is reckoned as 1 + (Σn²/Σn − 1)ρ, which is the same number, and is held at 1.
//
// Source: Eldridge SM, Ashby D, Kerry S. Int J Epidemiol 2006;35:1292–1300.
func designEffect(sizes []float64, icc float64) float64 {
	people, squares := 0.0, 0.0
	for _, n := range sizes {
		people += n
		squares += n * n
	}
	if people == 0 {
		return 1
	}
	return max(1, 1+(squares/people-1)*icc)
}

// Gap is the difference of two shares, with its 95 % Newcombe interval read in the same two ways.
type Gap struct {
	Value       float64          `json:"value"` // as a fraction; 0 where Known is false
	Known       bool             `json:"known"`
	Independent scoring.Interval `json:"independent"`
	Effective   scoring.Interval `json:"effective"`
}

// minus returns s − other.
func (s Share) minus(other Share) Gap {
	g := Gap{
		Known:       s.Known() && other.Known(),
		Independent: scoring.Newcombe(float64(s.Count), float64(s.Of), float64(other.Count), float64(other.Of)),
		Effective: scoring.Newcombe(s.Value*s.EffectiveOf, s.EffectiveOf,
			other.Value*other.EffectiveOf, other.EffectiveOf),
	}
	if g.Known {
		g.Value = s.Value - other.Value
	}
	return g
}

// siteShare is what one site contributes to an intracluster correlation.
type siteShare struct {
	arm       surveys.ArmID
	count, of int
}

// responseICC estimates the intracluster correlation of responding from the sites within arms, by the analysis of
// variance of a yes-or-no outcome, held at 0 from below. It is unknown with fewer than two sites in some arm or where
// nobody shares a site with anybody.
//
// Source: Donner A, Klar N. Design and analysis of cluster randomization trials in health research. Arnold 2000, 5.2;
// Ridout MS, Demétrio CGB, Firth D. Biometrics 1999;55:137–148.
func responseICC(sites []siteShare) (icc float64, known bool) {
	type total struct{ count, of, squares float64 }
	arms := make(map[surveys.ArmID]total)
	clusters, people := 0, 0.0
	for _, s := range sites {
		if s.of == 0 {
			continue
		}
		t := arms[s.arm]
		t.count += float64(s.count)
		t.of += float64(s.of)
		t.squares += float64(s.of) * float64(s.of)
		arms[s.arm] = t
		clusters++
		people += float64(s.of)
	}
	between, within, size := 0.0, 0.0, people
	for _, s := range sites {
		if s.of == 0 {
			continue
		}
		t := arms[s.arm]
		n, p := float64(s.of), float64(s.count)/float64(s.of)
		between += n * (p - t.count/t.of) * (p - t.count/t.of)
		within += n * p * (1 - p)
		size -= n * n / t.of
	}
	dfBetween, dfWithin := float64(clusters-len(arms)), people-float64(clusters)
	if dfBetween < 1 || dfWithin < 1 || between+within == 0 {
		return 0, false
	}
	between, within, size = between/dfBetween, within/dfWithin, size/dfBetween
	return max(0, (between-within)/(between+(size-1)*within)), true
}
