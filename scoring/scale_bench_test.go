package scoring

import (
	"math/rand/v2"
	"testing"
)

// These measure what every finished submission and every rescore pays: a 14-item response with its total and two parts,
// already decoded. The targets are 0.5 µs a response, better 0.1 µs, and no allocation.

const (
	benchItems     = 14
	benchResponses = 100_000
)

func benchScales(b testing.TB) []*Scale {
	all := items(benchItems, 1, 5)
	all[3].Reverse = true
	fill := MissingRule{Allow: 2, Fill: "person-mean"}
	return []*Scale{
		compile(b, Definition{Rule: "sum", Missing: fill}, all),
		compile(b, Definition{Rule: "mean", Items: codes(all)[:7], Missing: fill}, all),
		compile(b, Definition{Rule: "mean", Items: codes(all)[7:], Missing: fill}, all),
	}
}

func benchAnswers(n int) [][]Answer {
	random := rand.New(rand.NewPCG(1, 2))
	responses := make([][]Answer, n)
	for i := range responses {
		responses[i] = make([]Answer, benchItems)
		for j := range responses[i] {
			responses[i][j] = Answer{Value: float64(1 + random.IntN(5)), Given: random.IntN(40) > 0}
		}
	}
	return responses
}

// sink keeps the compiler from leaving the work out.
var sink float64

// BenchmarkScore14 scores one response on one 14-item scale.
func BenchmarkScore14(b *testing.B) {
	scale, answers := benchScales(b)[0], benchAnswers(1)[0]
	b.ReportAllocs()
	for b.Loop() {
		sink += scale.Score(answers).Value
	}
}

// BenchmarkScore14Three scores one response on a 14-item scale and its two parts.
func BenchmarkScore14Three(b *testing.B) {
	scales, answers := benchScales(b), benchAnswers(1)[0]
	b.ReportAllocs()
	for b.Loop() {
		for _, scale := range scales {
			sink += scale.Score(answers).Value
		}
	}
}

// BenchmarkScore100k scores 100,000 responses on three scales each, as a rescore of a large study does.
func BenchmarkScore100k(b *testing.B) {
	scales, responses := benchScales(b), benchAnswers(benchResponses)
	b.ReportAllocs()
	b.ResetTimer()
	for b.Loop() {
		for _, answers := range responses {
			for _, scale := range scales {
				sink += scale.Score(answers).Value
			}
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/benchResponses, "ns/response")
}

// BenchmarkScoreValueSet scores one state by a weighted value set.
func BenchmarkScoreValueSet(b *testing.B) {
	scale, answers := compile(b, uk3L, eq5dItems(3)), state("21321")
	b.ReportAllocs()
	for b.Loop() {
		sink += scale.Score(answers).Value
	}
}

func TestScoreDoesNotAllocate(t *testing.T) {
	scales, answers := benchScales(t), benchAnswers(1)[0]
	short := make([]Answer, benchItems) // too few answered: the sentence must be ready made
	value, worst := compile(t, uk3L, eq5dItems(3)), state("33333")
	if got := testing.AllocsPerRun(100, func() {
		for _, scale := range scales {
			sink += scale.Score(answers).Value + scale.Score(short).Value
		}
		sink += value.Score(worst).Value
	}); got != 0 {
		t.Errorf("Score allocates %v times, want 0", got)
	}
}
