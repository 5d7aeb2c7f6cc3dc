package monitor

import (
	"math"
	"testing"

	"wellwave/surveys"

	"pgregory.net/rapid"
)

func tally(counts map[surveys.Disposition]int) Tally {
	var t Tally
	for d, n := range counts {
		t.Add(d, "", n)
	}
	return t
}

// Expected values: the formulas of the AAPOR Standard Definitions (10th edition, 2023) worked by hand on I 60, P 10, R 12
// and break-off 3, NC 20, O 5, U 30 and 10 ineligible: eligible 110, e = 110/120.
func TestRates(t *testing.T) {
	rates := tally(map[surveys.Disposition]int{surveys.Complete: 60, surveys.Partial: 10, surveys.Refusal: 12, surveys.BreakOff: 3, surveys.NonContact: 14, surveys.Pending: 6,
		surveys.OtherEligible: 5, surveys.UnknownEligibility: 30, surveys.Ineligible: 10, surveys.NotYetDue: 99}).Rates()
	e := 110.0 / 120
	if math.Abs(rates.E-e) > 1e-15 {
		t.Errorf("e = %v, want %v", rates.E, e)
	}
	want := map[string]float64{
		"RR1": 60 / 140., "RR2": 70 / 140., "RR3": 60 / (110 + 30*e), "RR4": 70 / (110 + 30*e), "RR5": 60 / 110., "RR6": 70 / 110.,
		"COOP1": 60 / 90., "COOP2": 70 / 90., "COOP3": 60 / 85., "COOP4": 70 / 85.,
		"REF1": 15 / 140., "REF2": 15 / (110 + 30*e), "REF3": 15 / 110.,
		"CON1": 90 / 140., "CON2": 90 / (110 + 30*e), "CON3": 90 / 110.,
	}
	if len(rates.List) != len(want) {
		t.Errorf("%d rates, want %d", len(rates.List), len(want))
	}
	for name, value := range want {
		if got := rates.Rate(name); !got.Known || math.Abs(got.Value-value) > 1e-15 {
			t.Errorf("%s = %v, want %v", name, got.Value, value)
		}
	}
}

func TestRatesOfNobody(t *testing.T) {
	for _, give := range []Tally{{}, tally(map[surveys.Disposition]int{surveys.NotYetDue: 5}), tally(map[surveys.Disposition]int{surveys.Ineligible: 3})} {
		for _, rate := range give.Rates().List {
			if rate.Known || rate.Value != 0 {
				t.Errorf("%s of nobody = %v, want unknown", rate.Name, rate.Value)
			}
		}
	}
}

func TestRatesProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var give Tally
		for _, d := range surveys.Dispositions() {
			give.Add(d, "", rapid.IntRange(0, 400).Draw(t, d.String()))
		}
		rates := give.Rates()
		if rates.E < 0 || rates.E > 1 {
			t.Errorf("e = %v", rates.E)
		}
		value := func(name string) float64 { return rates.Rate(name).Value }
		for _, rate := range rates.List {
			if !(rate.Value >= 0 && rate.Value <= 1+1e-15) {
				t.Errorf("%s = %v, want 0 to 1", rate.Name, rate.Value)
			}
		}
		for _, pair := range [][2]string{{"RR1", "RR2"}, {"RR3", "RR4"}, {"RR5", "RR6"}, {"RR1", "RR3"}, {"RR3", "RR5"}, {"RR2", "RR4"},
			{"RR4", "RR6"}, {"COOP1", "COOP2"}, {"COOP3", "COOP4"}, {"COOP1", "COOP3"}, {"REF1", "REF2"}, {"REF2", "REF3"}, {"CON1", "CON2"},
			{"CON2", "CON3"}, {"RR2", "CON1"}} {
			if rates.Rate(pair[1]).Known && value(pair[0]) > value(pair[1])+1e-15 {
				t.Errorf("%s %v above %s %v", pair[0], value(pair[0]), pair[1], value(pair[1]))
			}
		}
	})
}

// Expected numbers: Wilson and Newcombe intervals of the model study's published counts, by R 4.2.2
// prop.test(x, n, correct = FALSE) and Newcombe's method 10 worked from them.
func TestShare(t *testing.T) {
	intervention, comparison := newShare(214, 288, nil, 0), newShare(561, 612, nil, 0)
	tests := []struct{ name, got, want string }{
		{"intervention", intervention.Percent(), "74.3%"},
		{"its interval", intervention.IndependentText(), "69.0 to 79.0%"},
		{"comparison", comparison.Percent(), "91.7%"},
		{"its interval", comparison.IndependentText(), "89.2 to 93.6%"},
		{"both", newShare(775, 900, nil, 0).Percent(), "86.1%"},
		{"their interval", newShare(775, 900, nil, 0).IndependentText(), "83.7 to 88.2%"},
		{"difference", intervention.minus(comparison).Points(), "−17.4 points"},
		{"its interval", intervention.minus(comparison).IndependentText(), "−23.0 to −12.1"},
		{"without a cluster effect", intervention.EffectiveText(), "69.0 to 79.0%"},
		{"nobody", newShare(0, 0, nil, 0.01).Percent(), "–"},
	}
	for _, tt := range tests {
		if tt.got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, tt.got, tt.want)
		}
	}
}

// Expected design effects: the sizes 12 to 52 and 35 to 106 at ρ 0.01 have cv .4221155062 and .3294887287 and design
// effects 1.350186916 and 1.767379679 by R 4.2.2, 1+((cv^2+1)*mean(n)-1)*.01 with cv the root of mean((n-mean(n))^2)/mean(n)^2.
// Equal sites of 41: 1 + 40ρ.
func TestDesignEffect(t *testing.T) {
	tests := []struct {
		name string
		give []float64
		icc  float64
		want float64
	}{
		{"unequal sites", []float64{12, 18, 24, 30, 36, 42, 52}, 0.01, 1.350186916},
		{"larger unequal sites", []float64{35, 45, 55, 65, 75, 85, 95, 106}, 0.01, 1.767379679},
		{"equal sites", []float64{41, 41, 41}, 0.05, 3},
		{"an empty site changes nothing", []float64{41, 0, 41}, 0.05, 3},
		{"one site", []float64{21}, 0.05, 2},
		{"one person a site", []float64{1, 1, 1}, 0.3, 1},
		{"no correlation", []float64{3, 90}, 0, 1},
		{"nobody", nil, 0.05, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := designEffect(tt.give, tt.icc); math.Abs(got-tt.want) > 1e-9 {
				t.Errorf("designEffect(%v, %v) = %.10f, want %.10f", tt.give, tt.icc, got, tt.want)
			}
		})
	}
	share := newShare(107, 214, []float64{12, 18, 24, 30, 36, 42, 52}, 0.01)
	if want := 214 / 1.350186916; math.Abs(share.EffectiveOf-want) > 1e-6 {
		t.Errorf("effective number = %v, want %v", share.EffectiveOf, want)
	}
}

// Expected values: with each site all yes or all no the correlation is 1; with the same share in every site it is below
// 0 and held there. The third is Donner and Klar's formula by hand: sites 8/10, 4/10 and 6/10 in one arm give mean
// squares 0.4 between and 6.4/27 within, so (0.4 − 0.237037)/(0.4 + 9·0.237037) = 0.0643275.
func TestResponseICC(t *testing.T) {
	tests := []struct {
		name      string
		give      []siteShare
		want      float64
		wantKnown bool
	}{
		{"all or nothing", []siteShare{{"a", 10, 10}, {"a", 0, 10}}, 1, true},
		{"alike", []siteShare{{"a", 5, 10}, {"a", 5, 10}}, 0, true},
		{"three sites", []siteShare{{"a", 8, 10}, {"a", 4, 10}, {"a", 6, 10}}, 0.0643275, true},
		{"arms differ, sites do not", []siteShare{{"a", 9, 10}, {"a", 9, 10}, {"b", 2, 10}, {"b", 2, 10}}, 0, true},
		{"one site an arm", []siteShare{{"a", 8, 10}, {"b", 4, 10}}, 0, false},
		{"everybody answered", []siteShare{{"a", 10, 10}, {"a", 8, 8}}, 0, false},
		{"one person a site", []siteShare{{"a", 1, 1}, {"a", 0, 1}}, 0, false},
		{"nobody", []siteShare{{"a", 0, 0}}, 0, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, known := responseICC(tt.give)
			if math.Abs(got-tt.want) > 1e-6 || known != tt.wantKnown {
				t.Errorf("responseICC = %v, %v, want %v, %v", got, known, tt.want, tt.wantKnown)
			}
		})
	}
}
