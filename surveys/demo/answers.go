package demo

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"

	"wellwave/surveys"
)

// Answers come from a latent trait model. Everybody has traits, which share a core, so that somebody who is low tends to
// be anxious as well and scales correlate; a second measurement keeps part of each trait, so that people resemble their
// former selves. An item's answer is its trait and some noise, cut at thresholds that give the item its shares of
// answers: a graded response model with a normal ogive (Samejima F. Psychometrika 1969;34 Suppl:1-97).

// trait is something about a person that answers show. Higher is better.
type trait int

const (
	health trait = iota
	wellbeing
	mood
	calm
	traits // how many there are
)

const (
	core     = 0.70 // share of a trait's standard deviation that comes from what all traits have in common
	kept     = 0.68 // correlation of a trait with itself nine months later
	siteSD   = 0.10 // of a site's mean, which is an intracluster correlation of about 0.01
	skipped  = 0.02 // of answers that may be missing
	declined = 0.006
)

// manner says how an item is answered: by which trait, how closely, and in which shares from the lowest option up.
type manner struct {
	trait   trait
	loading float64
	worse   bool // a higher answer means less of the trait
	shares  []float64
}

// manners is by the part of an item's code that names its instrument, or by the whole code.
var manners = map[string]manner{
	"eq5d5l_mo":  {health, 0.75, true, []float64{0.36, 0.24, 0.22, 0.15, 0.03}},
	"eq5d5l_sc":  {health, 0.70, true, []float64{0.62, 0.18, 0.13, 0.05, 0.02}},
	"eq5d5l_ua":  {health, 0.80, true, []float64{0.31, 0.26, 0.24, 0.14, 0.05}},
	"eq5d5l_pd":  {health, 0.70, true, []float64{0.20, 0.26, 0.27, 0.20, 0.07}},
	"eq5d5l_ad":  {mood, 0.75, true, []float64{0.28, 0.24, 0.26, 0.15, 0.07}},
	"eq5d5l_vas": {health, 0.75, false, scaleShares(101, 0.60, 0.21)},
	"wb":         {wellbeing, 0.72, false, []float64{0.09, 0.21, 0.35, 0.24, 0.11}},
	"phq8":       {mood, 0.76, true, []float64{0.38, 0.31, 0.17, 0.14}},
	"gad7":       {calm, 0.78, true, []float64{0.40, 0.30, 0.17, 0.13}},
	"ons4":       {wellbeing, 0.72, false, scaleShares(11, 0.62, 0.23)},
	"ons4_4":     {calm, 0.70, true, scaleShares(11, 0.42, 0.29)},
	"sc":         {0, 0.72, false, []float64{0.03, 0.06, 0.11, 0.19, 0.26, 0.23, 0.12}},
}

// scaleShares returns the shares of the n points of a scale whose answers lie about normally around a mean, both as
// parts of its length.
func scaleShares(n int, mean, sd float64) []float64 {
	shares := make([]float64, n)
	sum := 0.0
	for i := range shares {
		z := (float64(i)/float64(n-1) - mean) / sd
		shares[i] = math.Exp(-z * z / 2)
		if n > 50 && i%5 == 0 {
			shares[i] *= 12 // people mark round numbers
		}
		sum += shares[i]
	}
	for i := range shares {
		shares[i] /= sum
	}
	return shares
}

// mannerOf returns how an item is answered. It panics for an item without a manner, which is a mistake in this package.
func mannerOf(code string) manner {
	if m, ok := manners[code]; ok {
		return m
	}
	prefix, _, _ := strings.Cut(code, "_")
	m, ok := manners[prefix]
	if !ok {
		panic(fmt.Sprintf("demo: nobody knows how to answer %s", code))
	}
	return m
}

// profile is a person's traits at one time.
type profile [traits]float64

// newProfile draws traits around a mean.
func newProfile(r *rand.Rand, mean float64) profile {
	shared := r.NormFloat64()
	var p profile
	for i := range p {
		p[i] = mean + core*shared + math.Sqrt(1-core*core)*r.NormFloat64()
	}
	return p
}

// later returns the traits at the next measurement, which keep part of the present ones and shift by change.
func (p profile) later(r *rand.Rand, mean, change float64) profile {
	fresh := newProfile(r, 0)
	for i := range p {
		p[i] = mean + kept*(p[i]-mean) + math.Sqrt(1-kept*kept)*fresh[i] + change
	}
	return p
}

// answer gives one answer by the item's manner.
func (m manner) answer(r *rand.Rand, item *surveys.Item, value float64) float64 {
	if m.worse != item.Reverse {
		value = -value
	}
	latent := m.loading*value + math.Sqrt(1-m.loading*m.loading)*r.NormFloat64() + shift(item.Code)
	below := 0.5 * math.Erfc(-latent/math.Sqrt2) // the share of people below this one
	at := 0
	for sum := m.shares[0]; below > sum && at < len(m.shares)-1; sum += m.shares[at] {
		at++
	}
	if len(item.Options) > 0 {
		return item.Options[at]
	}
	return item.Min + float64(at)
}

// shift makes the items of an instrument differ a little in how readily people agree to them, always in the same way.
func shift(code string) float64 {
	sum := 0
	for _, letter := range code {
		sum = sum*31 + int(letter)
	}
	return float64(sum%7-3) * 0.06
}

// respond answers the items of an instrument in their order. mayMiss says which may be left out.
func respond(r *rand.Rand, instrument *surveys.Instrument, level func(manner) float64, mayMiss func(code string) bool) []surveys.ItemAnswer {
	answers := make([]surveys.ItemAnswer, 0, len(instrument.Items))
	for i := range instrument.Items {
		item := &instrument.Items[i]
		if item.Kind == surveys.KindDisplay {
			continue
		}
		m := mannerOf(item.Code)
		value := surveys.Number(m.answer(r, item, level(m)))
		if draw := r.Float64(); mayMiss(item.Code) {
			switch {
			case draw < skipped:
				value = surveys.Absent(surveys.Skipped)
			case draw < skipped+declined:
				value = surveys.Absent(surveys.PreferNotToSay)
			}
		}
		answers = append(answers, surveys.ItemAnswer{Code: item.Code, Value: value})
	}
	return answers
}
