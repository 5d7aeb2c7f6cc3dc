package main

import (
	"cmp"
	"maps"
	"slices"

	"wellwave/scoring"
	decimals "wellwave/scoring/decimal"
	"wellwave/surveys"
	"wellwave/surveys/csvtable"
)

// description holds what is known of a table of answers. It grows with the number of groups and not with that of rows.
type description struct {
	items   []itemDescription // in the order of the instrument
	scales  []scaleDescription
	group   int              // the column of groups, −1 for none
	answers []scoring.Answer // of the row in hand, in the order of the instrument's items
}

// itemDescription describes the answers to one item, as they were given.
type itemDescription struct {
	column         answerColumn
	given, missing int
	values         scoring.Sample // of an item whose answers are numbers
	floor, ceiling int
}

// scaleDescription describes one scale, for those who answered all its items.
type scaleDescription struct {
	scale  *scoring.Scale
	codes  []string         // of its items
	nulls  []scoring.Figure // the items' variances if answers were spread evenly
	score  scoring.Sample
	terms  *scoring.Moments // of what the scale adds up
	groups map[string]*groupDescription
	filled scoring.Sample // all scores, also of those who left an answer out

	values []float64 // of the row in hand
}

// groupDescription describes the scores of one group.
type groupDescription struct {
	score scoring.Sample
	terms []scoring.Sample
}

func newScaleDescription(scale *scoring.Scale, instrument *surveys.Instrument) scaleDescription {
	items := scale.Items()
	s := scaleDescription{scale: scale, terms: scoring.NewMoments(len(items)), groups: make(map[string]*groupDescription), values: make([]float64, len(items))}
	for i, at := range items {
		item := &instrument.Items[at]
		s.codes = append(s.codes, item.Code)
		s.nulls = append(s.nulls, scale.NullVariance(i, possible(item)))
	}
	return s
}

// possible lists the possible answers of an item, none if they cannot be counted.
func possible(item *surveys.Item) []float64 {
	const most = 1001
	if item.Kind == surveys.KindDecimal || len(item.Options) > 0 || item.Max-item.Min >= most {
		return item.Options
	}
	var whole []float64
	for v := item.Min; v <= item.Max; v++ {
		whole = append(whole, v)
	}
	return whole
}

// add counts one row.
func (d *description) add(row *csvtable.Row) error {
	for i := range d.items {
		answer, fault := d.items[i].add(row)
		if fault != nil {
			return fault
		}
		d.answers[d.items[i].column.index] = answer
	}
	var group []byte
	if d.group >= 0 {
		group = csvtable.Trim(row.Bytes(d.group))
	}
	for i := range d.scales {
		d.scales[i].add(d.answers, group)
	}
	return nil
}

func (d *itemDescription) add(row *csvtable.Row) (scoring.Answer, *csvtable.Error) {
	answer, fault := d.column.read(row)
	item := d.column.item
	switch {
	case fault != nil:
	case answer.Given:
		d.given++
		d.values.Add(answer.Value)
		if answer.Value == item.Min {
			d.floor++
		}
		if answer.Value == item.Max {
			d.ceiling++
		}
	case !item.Kind.Numeric() && !d.column.form.Blank(row.Text(d.column.column)):
		d.given++
	default:
		d.missing++
	}
	return answer, fault
}

// share returns how many of those who answered are n.
func (d *itemDescription) share(n int) scoring.Figure {
	if d.values.N() == 0 {
		return scoring.Figure{}
	}
	return scoring.Figure{Value: float64(n) / float64(d.values.N()), Known: true}
}

// add counts one person, whose group is empty if it is not known.
func (d *scaleDescription) add(answers []scoring.Answer, group []byte) {
	score := d.scale.Score(answers)
	if score.Valid {
		d.filled.Add(score.Value)
	}
	if !score.Valid || score.Answered < score.Of {
		return
	}
	d.score.Add(score.Value)
	adds := d.scale.Terms(answers, d.values)
	if adds {
		d.terms.Add(d.values)
	}
	if len(group) == 0 {
		return
	}
	g := d.groups[string(group)]
	if g == nil {
		g = &groupDescription{terms: make([]scoring.Sample, len(d.codes))}
		d.groups[string(group)] = g
	}
	g.score.Add(score.Value)
	if adds {
		for i, v := range d.values {
			g.terms[i].Add(v)
		}
	}
}

// reliability is what the answers of a scale say about the scale.
type reliability struct {
	alpha             scoring.Figure
	low, high         scoring.Figure
	omega, omegaRaw   scoring.Figure
	whyNoOmega        string
	itemTotal         []scoring.Figure
	groups            []string // in the order in which people look for them
	oneWay            scoring.OneWay
	icc1, icc1N0      scoring.Figure
	icc1Low, icc1High scoring.Figure
	icc2              scoring.Figure
	agreement         []scoring.Figure // r_wg(j) by group
}

func (d *scaleDescription) reliability() reliability {
	var r reliability
	c := d.terms.Covariances()
	r.alpha = scoring.Alpha(c)
	r.low, r.high = ends(scoring.FeldtInterval(r.alpha, d.terms.N(), d.terms.Items()))
	for i := range d.codes {
		r.itemTotal = append(r.itemTotal, scoring.ItemTotal(c, i))
	}
	correlations, sds := scoring.Correlations(c)
	switch factor, err := scoring.OneFactor(correlations); {
	case !d.scale.Adds():
		r.whyNoOmega = "the score is no sum of items"
	case c == nil:
		r.whyNoOmega = "fewer than two people answered all items"
	case err != nil:
		r.whyNoOmega = err.Error()
	default:
		r.omega = scoring.Figure{Value: factor.OmegaTotal(), Known: true}
		r.omegaRaw = scoring.Figure{Value: factor.Scaled(sds).OmegaTotal(), Known: true}
	}
	d.compareGroups(&r)
	return r
}

// compareGroups adds what the groups say.
func (d *scaleDescription) compareGroups(r *reliability) {
	r.groups = slices.SortedFunc(maps.Keys(d.groups), compareWords)
	var scores []scoring.Sample
	for _, group := range r.groups {
		g := d.groups[group]
		scores = append(scores, g.score)
		r.agreement = append(r.agreement, scoring.WithinGroupAgreement(g.terms, d.nulls))
	}
	o := scoring.NewOneWay(scores)
	r.oneWay = o
	r.icc1, r.icc1N0, r.icc2 = o.ICC1(o.MeanSize()), o.ICC1(o.N0), o.ICC2()
	r.icc1Low, r.icc1High = ends(o.ICC1Interval(o.MeanSize()))
}

// ends returns the ends of an interval, both unknown if it is.
func ends(i scoring.Interval, known bool) (low, high scoring.Figure) {
	if !known {
		return scoring.Figure{}, scoring.Figure{}
	}
	return scoring.Figure{Value: i.Low, Known: true}, scoring.Figure{Value: i.High, Known: true}
}

// compareWords puts numbers in their order before words in theirs.
func compareWords(a, b string) int {
	x, errX := decimals.Parse(a, decimals.Written|decimals.Nearest)
	y, errY := decimals.Parse(b, decimals.Written|decimals.Nearest)
	switch {
	case errX == nil && errY == nil:
		return cmp.Or(cmp.Compare(x, y), cmp.Compare(a, b))
	case errX == nil:
		return -1
	case errY == nil:
		return 1
	}
	return cmp.Compare(a, b)
}
