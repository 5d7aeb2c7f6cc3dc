package release

import (
	"fmt"
	"slices"
	"strings"

	"wellwave/surveys"
)

// planner lays out a plan.
type planner struct {
	study   *surveys.Study
	profile surveys.ReleaseProfile
	masked  bool
	plan    *Plan
	asks    []*surveys.Questionnaire // by file
}

// hides reports whether the release may not say what would tell the arms apart beside answers after baseline: the study is
// masked and not locked.
func (p *planner) hides() bool {
	return p.masked && slices.ContainsFunc(p.plan.Files, func(f File) bool { return !f.Baseline })
}

// leave notes what the study's plan names and the release may not carry.
func (p *planner) leave(format string, args ...any) {
	if text := fmt.Sprintf(format, args...); !slices.Contains(p.plan.Left, text) {
		p.plan.Left = append(p.plan.Left, text)
	}
}

// people lays out what is known of everybody: the keys that are no answers, and what came of each wave.
func (p *planner) people() {
	for _, key := range p.study.Release.Keys {
		switch {
		case !slices.Contains(surveys.PersonKeys(), key.Name):
			continue
		case key.Name == FromArm.String() && p.hides():
			p.leave("The arm: the study is masked and not locked, and answers after baseline are in this release.")
			continue
		case key.Name == FromSite.String():
			p.leave("The site: whoever knows where a person is registered would find them among few.")
			continue
		}
		c, _ := keyColumn(p.study, nil, key)
		p.plan.People = append(p.plan.People, c)
	}
	for _, f := range p.plan.Files {
		p.plan.People = append(p.plan.People, p.outcomes(f)...)
	}
}

// outcomes lays out what came of a wave. Neighbours know who died, was away or came late, so what leaves the team says only
// whether the answers are there.
func (p *planner) outcomes(f File) []Column {
	column := func(from From, t Type, label string) Column {
		return Column{Name: from.String(), Class: surveys.ClassParadata, From: from, Type: t, Wave: f.Wave, Label: label}
	}
	disposition := column(FromOutcome, Code, "What came of "+f.Title)
	if p.profile != surveys.TeamRelease {
		disposition.Options = []Option{{surveys.Complete.String(), "The primary outcome can be scored"},
			{surveys.Partial.String(), "At least half of the scored items that apply are answered"}, {noOutcome, "Fewer, or nothing"}}
		return []Column{disposition}
	}
	for _, d := range surveys.Dispositions() {
		disposition.Options = append(disposition.Options, Option{d.String(), d.Label()})
	}
	since := ", in days since the person's baseline"
	return []Column{disposition, column(FromDue, Days, "Day on which "+f.Title+" was due"+since),
		column(FromOpens, Days, "First day of its window"+since), column(FromCloses, Days, "Last day of its window"+since)}
}

// noOutcome stands for everything that is neither complete nor partial.
const noOutcome = "none"

// answers lays out what people answered in the i-th wave: keys, how the answers were given, items and scales.
func (p *planner) answers(i int) error {
	f, q, plan := &p.plan.Files[i], p.asks[i], &p.study.Release
	var keys []string
	for _, key := range plan.Keys {
		if slices.Contains(surveys.PersonKeys(), key.Name) {
			continue
		}
		if item, ok := q.Item(key.Name); ok {
			if err := p.admit(p.study.Withholds(item.Instrument, item.Item, surveys.ClassKey)); err != nil {
				return err
			}
		}
		if column, ok := keyColumn(p.study, q, key); ok {
			f.Columns = append(f.Columns, column)
			keys = append(keys, key.Name)
		}
	}
	f.Columns = append(f.Columns, p.paradata()...)
	p.cite(q.Instruments)
	for _, item := range q.Items {
		class := surveys.ClassOrdinary
		switch {
		case slices.Contains(plan.Sensitive, item.Code):
			class = surveys.ClassSensitive
		case !slices.Contains(plan.Items, item.Code):
			continue
		}
		if err := p.admit(p.study.Withholds(item.Instrument, item.Item, class)); err != nil {
			return err
		}
		if slices.Contains(keys, item.Code) {
			return surveys.Errorf(surveys.Invalid, "the release would have two columns %s: what is a key leaves as a key alone", item.Code)
		}
		c := itemColumn(q, item, class)
		c.Tells = tells(q, item, keys)
		f.Columns = append(f.Columns, c)
	}
	for _, scale := range q.Scales {
		if !slices.Contains(plan.Scales, surveys.ScaleID(scale.ID())) {
			continue
		}
		if err := p.admit(p.study.WithholdsScale(scale.Instrument, scale.Scale)); err != nil {
			return err
		}
		c := scaleColumn(scale, p.study.ScaleClass(scale.Instrument, scale.Scale))
		c.Instrument = string(scale.Instrument.ID)
		if q.Decides(scale, p.study.Primary) {
			c.Label += "; no score where a proxy gave any of its answers"
		}
		for _, code := range scale.Definition().Items {
			if item, ok := q.Item(code); ok {
				c.Tells = append(c.Tells, tells(q, item, keys)...)
			}
		}
		slices.Sort(c.Tells)
		c.Tells = slices.Compact(c.Tells)
		f.Columns = append(f.Columns, c)
	}
	return nil
}

// admit refuses what cannot leave by this plan's profile.
func (p *planner) admit(w surveys.Withheld) error {
	if w.From(p.profile) {
		return surveys.Errorf(surveys.Invalid, "%s", w.Why)
	}
	return nil
}

// cite notes what the plan does not have of the instruments yet.
func (p *planner) cite(instruments []*surveys.Instrument) {
	for _, i := range instruments {
		if slices.ContainsFunc(p.plan.Cited, func(c Cited) bool { return c.Instrument == string(i.ID) }) {
			continue
		}
		licence := []string{i.Licence.Holder, i.Licence.Terms, i.Licence.Attribution}
		p.plan.Cited = append(p.plan.Cited, Cited{string(i.ID), i.Title, i.Version, i.Citation, i.DOI,
			strings.Join(slices.DeleteFunc(licence, func(s string) bool { return s == "" }), "; ")})
	}
}

// longestName is how many bytes a column's name has at most: Stata keeps no more.
const longestName = 32

// prefixes names the waves in the columns of tables of several waves: by their own words where every name stays short enough,
// else w1, w2 and so on.
func (p *planner) prefixes() {
	for i := range p.plan.Files {
		p.plan.Files[i].Prefix = strings.ReplaceAll(string(p.plan.Files[i].Wave), "-", "_") + "_"
	}
	for _, t := range p.plan.tables() {
		for _, c := range t.columns {
			if len(c.name) > longestName {
				for i := range p.plan.Files {
					p.plan.Files[i].Prefix = fmt.Sprintf("w%d_", i+1)
				}
				return
			}
		}
	}
}

// paradata lays out how answers were given. Beyond the team it is left out but for whether they came in time: who was helped
// at home on a certain day is known to others too.
func (p *planner) paradata() []Column {
	if p.profile != surveys.TeamRelease {
		if len(p.study.Release.Paradata) > 0 {
			p.leave("How and when answers were given, but for whether they came in time: others may know it.")
		}
		return []Column{{Name: FromTiming.String(), Class: surveys.ClassParadata, From: FromTiming, Type: Code, Label: "Whether the answers came in time; empty where there are none",
			Options: []Option{{timely, "All in the window"}, {late, "Some after it had closed"}}}}
	}
	names := []string{FromMode.String(), FromDay.String()}
	for _, name := range p.study.Release.Paradata {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	var list []Column
	for _, name := range names {
		if name == FromMode.String() && p.hides() {
			p.leave("How answers were collected: the study is masked and not locked, and it would tell who has a links practitioner.")
			continue
		}
		list = append(list, paradataColumn(name))
	}
	return list
}

// The words of FromTiming.
const (
	timely = "in-window"
	late   = "late"
)

// rank puts the keys in the order of the study's plan, which is that of importance.
func (p *planner) rank() {
	p.plan.Keys = nil
	for _, key := range p.study.Release.Keys {
		for _, k := range p.plan.keys() {
			if k.column.Name == key.Name {
				p.plan.Keys = append(p.plan.Keys, k.name)
			}
		}
	}
}

// tells lists the keys among those that an item tells something of: by whether it is asked, or by being one of them.
func tells(q *surveys.Questionnaire, item surveys.QuestionItem, keys []string) []string {
	var found []string
	if slices.Contains(keys, item.Code) {
		found = append(found, item.Code)
	}
	if item.EnableWhen != nil {
		for _, condition := range item.EnableWhen.Conditions {
			if earlier, ok := q.Item(condition.Question); ok {
				found = append(found, tells(q, earlier, keys)...)
			}
		}
	}
	return found
}
