package climate

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat"

	"wellwave/scoring"
)

// Options say how the rounds are compared.
type Options struct {
	// First and Last are the rounds compared; 0 for the first and the last that there are.
	First, Last int
	Average     *Average         // nil to compare with the practices that are not of the programme
	Margin      *float64         // for the sentence, above 0; nil where none was fixed before the round
	Scales      map[string]Scale // by theme, for agreement and the ceiling; may be left out
}

// OtherPractices is what Results.Against says without a published average.
const OtherPractices = "all other practices"

// Errors of Compare besides [*ThemeError].
var (
	ErrNoScores = errors.New("there are no scores")
	ErrMargin   = errors.New("the margin must be above 0")
)

// Compare works out the results. It fails with [ErrNoScores], [ErrMargin] or a [*ThemeError], for a round that has no scores,
// and where the average lacks a theme in a round. Of one round there are starts and no changes.
func (d *Data) Compare(o Options) (*Results, error) {
	if len(d.themes) == 0 {
		return nil, ErrNoScores
	}
	if o.Margin != nil && !(*o.Margin > 0 && finite(*o.Margin)) {
		return nil, ErrMargin
	}
	if err := d.complete(); err != nil {
		return nil, err
	}
	r := &Results{Rounds: d.Rounds(), First: o.First, Last: o.Last, Against: OtherPractices, Margin: o.Margin}
	if r.First == 0 {
		r.First = d.rounds[0]
	}
	if r.Last == 0 {
		r.Last = d.rounds[len(d.rounds)-1]
	}
	for _, number := range []int{r.First, r.Last} {
		if !slices.Contains(d.rounds, number) {
			return nil, fmt.Errorf("there are no scores in round %d", number)
		}
	}
	if r.First > r.Last {
		return nil, fmt.Errorf("round %d does not come before round %d", r.First, r.Last)
	}
	if o.Average != nil {
		if err := o.Average.covers(d, r.First, r.Last); err != nil {
			return nil, err
		}
		r.Against, r.Weighting = o.Average.Name, o.Average.Weighting
	}
	for _, t := range d.themes {
		c := comparison{data: d, theme: t, first: r.First, last: r.Last, average: o.Average}
		r.Themes = append(r.Themes, c.compare(o))
	}
	r.Notes = d.notes(r.First, r.Last)
	return r, nil
}

// notes says where more people answered than there are staff.
func (d *Data) notes(first, last int) []string {
	var notes []string
	for at, p := range d.practices {
		for _, number := range slices.Compact([]int{first, last}) {
			staff, most := p.staff[number], 0
			for _, t := range d.themes {
				most = max(most, t.rounds[number].sample(at).N())
			}
			if staff > 0 && most > staff {
				notes = append(notes, fmt.Sprintf("In round %d more people answered in %s than it has staff, %d of %d: the census view takes it that all did.",
					number, p.name, most, staff))
			}
		}
	}
	return notes
}

// measure is a practice in a round.
type measure struct {
	n        int
	mean     float64
	variance scoring.Figure // of the respondents, divisor n − 1
	staff    int            // 0 for unknown
}

// sampling returns the variance of the mean that comes from who answered, with the staff as a sample from many.
func (m measure) sampling() scoring.Figure {
	return scoring.Figure{Value: m.variance.Value / float64(max(m.n, 1)), Known: m.variance.Known}
}

// census returns the variance of the mean that comes from who of the staff answered, v/n·(1 − n/N), 0 where all did. It is
// unknown without a headcount.
func (m measure) census() scoring.Figure {
	switch {
	case m.staff == 0:
		return scoring.Figure{}
	case m.n >= m.staff:
		return scoring.Figure{Known: true}
	}
	v := m.sampling()
	v.Value *= 1 - float64(m.n)/float64(m.staff)
	return v
}

// unit is a practice with respondents in both rounds.
type unit struct {
	practice    int
	first, last measure
}

func (u unit) rounds() [2]measure { return [2]measure{u.first, u.last} }
func (u unit) change() float64    { return u.last.mean - u.first.mean }

// sampling returns the variance of the change that comes from who answered, unknown where one person did in a round.
func (u unit) sampling() scoring.Figure { return sum(u.first.sampling(), u.last.sampling()) }

// sum adds two variances, unknown if either is.
func sum(a, b scoring.Figure) scoring.Figure {
	if !a.Known || !b.Known {
		return scoring.Figure{}
	}
	return scoring.Figure{Value: a.Value + b.Value, Known: true}
}

// comparison compares one theme.
type comparison struct {
	data        *Data
	theme       *theme
	first, last int
	average     *Average

	units             []unit // in the order of practices
	programme, others []unit
	dust              float64
	within            [2]scoring.Figure // variance within practices in each round, pooled over them
}

func (c *comparison) compare(o Options) Theme {
	c.measure()
	t := Theme{Theme: c.theme.name, Programme: c.group(c.programme), Others: c.group(c.others)}
	if c.average != nil {
		c.againstAverage(&t)
	} else {
		c.againstOthers(&t)
	}
	if c.first == c.last {
		t.noChange()
	}
	t.Practices = c.practices()
	t.Rounds = c.rounds(o.Scales[c.theme.name])
	if s := Sentence(t.Programme.Change, t.Others.Change, t.DifferenceOfChanges, o.Margin); s != "" {
		t.Sentence = s + ", " + From(t.StartDifference)
	}
	return t
}

// noChange takes away what there is not with one round.
func (t *Theme) noChange() {
	for _, g := range []*Group{&t.Programme, &t.Others} {
		g.Change, g.Low, g.High = scoring.Figure{}, scoring.Figure{}, scoring.Figure{}
	}
	t.DifferenceOfChanges, t.RespondentsWeighted, t.AdjustedForStart, t.Census = Difference{}, Difference{}, Difference{}, nil
}

// measure takes the measures of all practices.
func (c *comparison) measure() {
	first, last := c.theme.rounds[c.first], c.theme.rounds[c.last]
	largest := 0.0
	for at := range c.data.practices {
		u := unit{practice: at, first: c.of(first, at, c.first), last: c.of(last, at, c.last)}
		if u.first.n == 0 || u.last.n == 0 {
			continue
		}
		c.units = append(c.units, u)
		largest = max(largest, math.Abs(u.first.mean), math.Abs(u.last.mean))
		if c.data.practices[at].programme {
			c.programme = append(c.programme, u)
		} else {
			c.others = append(c.others, u)
		}
	}
	c.dust = dustOf(largest)
	for r := range c.within {
		squares, df := 0.0, 0
		for _, u := range c.units {
			if m := u.rounds()[r]; m.n > 1 {
				squares, df = squares+float64(m.n-1)*m.variance.Value, df+m.n-1
			}
		}
		c.within[r] = scoring.Figure{Value: squares / float64(max(df, 1)), Known: df > 0}
	}
}

func (c *comparison) of(r *themeRound, practice, number int) measure {
	s := r.sample(practice)
	return measure{n: s.N(), mean: s.Mean().Value, variance: s.Variance(), staff: c.data.practices[practice].staff[number]}
}

// sample returns the scores of a practice.
func (r *themeRound) sample(practice int) *scoring.Sample {
	if practice >= len(r.cells) {
		return new(scoring.Sample)
	}
	return &r.cells[practice].scores
}

// sampling returns the sampling variances of practices' means in the first round and of their changes. A practice with one
// respondent in a round stands there with the variance that practices have within on average, because leaving it out
// would take away the one that is measured worst.
func (c *comparison) sampling(units []unit) (starts, changes []scoring.Figure) {
	starts, changes = make([]scoring.Figure, len(units)), make([]scoring.Figure, len(units))
	for i, u := range units {
		if !u.first.variance.Known {
			u.first.variance = c.within[0]
		}
		if !u.last.variance.Known {
			u.last.variance = c.within[1]
		}
		starts[i], changes[i] = u.first.sampling(), u.sampling()
	}
	return starts, changes
}

func starts(units []unit) []float64 {
	xs := make([]float64, len(units))
	for i, u := range units {
		xs[i] = u.first.mean
	}
	return xs
}

func changes(units []unit) []float64 {
	xs := make([]float64, len(units))
	for i, u := range units {
		xs[i] = u.change()
	}
	return xs
}

func (c *comparison) group(units []unit) Group {
	g := Group{Practices: len(units)}
	if len(units) == 0 {
		return g
	}
	for _, u := range units {
		for r, m := range u.rounds() {
			g.Respondents[r] += m.n
		}
	}
	own := oneSample(changes(units), 0, c.dust)
	g.Start, g.Change, g.Low, g.High = known(stat.Mean(starts(units), nil)), own.Estimate, own.Low, own.High
	return g
}
