package climate

import (
	"fmt"
	"math"
	"slices"

	"wellwave/scoring"
)

// Score is what one respondent scored on one theme. Respondents have no names; two equal scores are two people.
type Score struct {
	Practice  string
	Programme bool // the practice is of the programme; the same everywhere
	Round     int  // from 1 to MaxRound, a number or a year
	Staff     int  // headcount of the practice in the round, 0 where it is not known; the same for everybody in it
	Theme     string
	Value     float64
	// Items are the answers to the theme's items, after reversing, of a respondent who answered all of them; nil for
	// others. They serve alpha and agreement alone.
	Items []float64
}

// MaxRound is the highest number of a round.
const MaxRound = 9999

// ScoreError says what is wrong with a Score, and in which field.
type ScoreError struct {
	Field  string // practice, programme, round, staff, score or items
	Reason string
}

// Error returns the field and the reason.
func (e *ScoreError) Error() string { return e.Field + ": " + e.Reason }

// Data gathers scores in memory that grows with practices, rounds and themes, and not with respondents. The zero value is
// empty. Practices and themes keep the order in which they first come.
type Data struct {
	practices  []practice
	practiceAt map[string]int
	themes     []*theme
	themeAt    map[string]int
	rounds     []int // ascending
}

type practice struct {
	name      string
	programme bool
	staff     map[int]int // by round; 0 where it is said to be unknown
}

type theme struct {
	name   string
	items  int // 0 as long as nobody came with items
	rounds map[int]*themeRound
}

// themeRound is a theme in a round.
type themeRound struct {
	cells   []cell // by practice; there may be fewer than practices
	top     float64
	atTop   int              // respondents with the highest score so far
	moments *scoring.Moments // of items; nil as long as nobody came with them
}

// cell is a practice in a themeRound.
type cell struct {
	scores scoring.Sample
	items  []scoring.Sample
}

// Add counts a respondent's score. The error, if any, is a [*ScoreError], and the score is then not counted.
func (d *Data) Add(s Score) error {
	if fault := d.check(s); fault != nil {
		return fault
	}
	at, ok := d.practiceAt[s.Practice]
	if !ok {
		if d.practiceAt == nil {
			d.practiceAt, d.themeAt = make(map[string]int), make(map[string]int)
		}
		at = len(d.practices)
		d.practiceAt[s.Practice] = at
		d.practices = append(d.practices, practice{name: s.Practice, programme: s.Programme, staff: make(map[int]int)})
	}
	d.practices[at].staff[s.Round] = s.Staff
	t := d.theme(s.Theme)
	if t.items == 0 {
		t.items = len(s.Items)
	}
	d.round(t, s.Round).add(at, s)
	return nil
}

// check returns what is wrong with a score, nil if nothing is.
func (d *Data) check(s Score) *ScoreError {
	switch {
	case s.Practice == "":
		return &ScoreError{"practice", "the practice has no name"}
	case s.Round < 1 || s.Round > MaxRound:
		return &ScoreError{"round", fmt.Sprintf("a round is a whole number from 1 to %d", MaxRound)}
	case s.Staff < 0:
		return &ScoreError{"staff", "a headcount is above 0"}
	case !finite(s.Value):
		return &ScoreError{"score", "the score is no number"}
	case slices.ContainsFunc(s.Items, func(v float64) bool { return !finite(v) }):
		return &ScoreError{"items", "an answer is no number"}
	}
	if at, ok := d.practiceAt[s.Practice]; ok {
		p := &d.practices[at]
		if p.programme != s.Programme {
			return &ScoreError{"programme", fmt.Sprintf("the practice “%s” is both of the programme and not of it", s.Practice)}
		}
		if staff, known := p.staff[s.Round]; known && staff != s.Staff {
			return &ScoreError{"staff", fmt.Sprintf("the practice “%s” has two headcounts in round %d, %s and %s", s.Practice, s.Round, headcount(staff), headcount(s.Staff))}
		}
	}
	if at, ok := d.themeAt[s.Theme]; ok && len(s.Items) > 0 {
		if items := d.themes[at].items; items != 0 && items != len(s.Items) {
			return &ScoreError{"items", fmt.Sprintf("there are %d answers and the theme “%s” has %d items", len(s.Items), s.Theme, items)}
		}
	}
	return nil
}

func headcount(staff int) string {
	if staff == 0 {
		return "unknown"
	}
	return fmt.Sprint(staff)
}

func (d *Data) theme(name string) *theme {
	at, ok := d.themeAt[name]
	if !ok {
		at = len(d.themes)
		d.themeAt[name] = at
		d.themes = append(d.themes, &theme{name: name, rounds: make(map[int]*themeRound)})
	}
	return d.themes[at]
}

func (d *Data) round(t *theme, number int) *themeRound {
	r := t.rounds[number]
	if r == nil {
		r = new(themeRound)
		t.rounds[number] = r
		if i, found := slices.BinarySearch(d.rounds, number); !found {
			d.rounds = slices.Insert(d.rounds, i, number)
		}
	}
	return r
}

func (r *themeRound) add(practice int, s Score) {
	for len(r.cells) <= practice {
		r.cells = append(r.cells, cell{})
	}
	c := &r.cells[practice]
	if r.atTop == 0 || s.Value > r.top {
		r.top, r.atTop = s.Value, 0
	}
	if s.Value == r.top {
		r.atTop++
	}
	c.scores.Add(s.Value)
	if len(s.Items) == 0 {
		return
	}
	if r.moments == nil {
		r.moments = scoring.NewMoments(len(s.Items))
	}
	if c.items == nil {
		c.items = make([]scoring.Sample, len(s.Items))
	}
	r.moments.Add(s.Items)
	for i, v := range s.Items {
		c.items[i].Add(v)
	}
}

// Themes returns the names of the themes in the order in which they came.
func (d *Data) Themes() []string {
	names := make([]string, len(d.themes))
	for i, t := range d.themes {
		names[i] = t.name
	}
	return names
}

// Rounds returns the rounds in ascending order.
func (d *Data) Rounds() []int { return slices.Clone(d.rounds) }

// Practices returns how many practices are of the programme, and how many are not.
func (d *Data) Practices() (programme, others int) {
	for _, p := range d.practices {
		if p.programme {
			programme++
		}
	}
	return programme, len(d.practices) - programme
}

// ThemeError says that a theme was not asked in every round, so that the rounds cannot be compared.
type ThemeError struct {
	Theme string
	Round int // in which nobody has a score on it
}

// Error names both.
func (e *ThemeError) Error() string {
	return fmt.Sprintf("%s has no score in round %d, and themes must be the same in every round", themed(e.Theme), e.Round)
}

// themed names a theme in a sentence.
func themed(theme string) string {
	if theme == "" {
		return "the only theme"
	}
	return "the theme “" + theme + "”"
}

// complete returns a [*ThemeError] unless every theme has scores in every round.
func (d *Data) complete() error {
	for _, t := range d.themes {
		for _, number := range d.rounds {
			if t.rounds[number] == nil {
				return &ThemeError{Theme: t.name, Round: number}
			}
		}
	}
	return nil
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }
