package disclosure

import (
	"fmt"
	"slices"
)

// Reason says why something is hidden, in words for the middle of a sentence. It never says more than everybody may
// know: whether a site had 7 answers or less than half of its staff is one reason, and so is whether an item had too few
// answers or answers that were all alike.
type Reason int

// The reasons. The zero value is the reason of what is shown.
const (
	TooFew     Reason = iota + 1 // of a site's own figures, and of a site that stands in no row and no pool
	FewOrAlike                   // of an item
	NotBoth                      // of a change: no site stands in both rounds
)

var reasonWords = []string{"", "too few answers", "too few answers or answers too much alike", "too few practices in both rounds"}

// String returns the reason's words, and nothing for what is shown.
func (r Reason) String() string { return word(reasonWords, int(r)) }

// MarshalText returns the reason's words.
func (r Reason) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// UnmarshalText reads the reason's words.
func (r *Reason) UnmarshalText(text []byte) error {
	i := slices.Index(reasonWords, string(text))
	if i < 0 {
		return fmt.Errorf("%q is not a reason for hiding something", text)
	}
	*r = Reason(i)
	return nil
}

// Shown is what may be shown of every round so far. It is kept as it was shown, as JSON, and handed to [Show] with the
// next round.
type Shown struct {
	Rounds []RoundShown `json:"rounds"`
	// Changes are those to the last round, from every round before it.
	Changes []Change `json:"changes,omitempty"`
}

// RoundShown is what may be shown of one round: the practices' own reports, and the programme's copy of factors and counts.
type RoundShown struct {
	ID          string        `json:"round"`
	Rules       Rules         `json:"rules"`
	Practices   []Practice    `json:"practices"`
	Factors     []FactorShown `json:"factors"`
	Respondents Respondents   `json:"respondents"`
}

// Practice is a practice's own report. Its response may stand in the programme's copy too, its items there only as
// [RoundShown.ItemRows] says, its mixes of roles and
// tenures not.
type Practice struct {
	Site     string      `json:"site"`
	Group    Group       `json:"group"`
	Response Band        `json:"response"`
	Factors  []OwnFactor `json:"factors,omitempty"`
	Items    []OwnItem   `json:"items,omitempty"`
	Roles    Mix         `json:"roles"`
	Tenures  *Mix        `json:"tenures,omitempty"` // nil where nobody was asked
}

// OwnFactor is a practice's mean of a factor, to one decimal. Its change between two rounds is the difference of the two
// as they are shown: from the exact means it would say more about each.
type OwnFactor struct {
	Code   string  `json:"factor"`
	Mean   float64 `json:"mean,omitempty"`
	Hidden Reason  `json:"hidden,omitempty"`
}

// OwnItem is how a practice answered one item: the shares of 1 to 3, 4, and 5 to 7 in percent, each to the nearest 10, so
// that they may add up to 90 or 110.
type OwnItem struct {
	Code   string `json:"item"`
	Factor string `json:"factor,omitempty"`
	Shares [3]int `json:"shares"`
	Hidden Reason `json:"hidden,omitempty"`
}

// FactorShown is the programme's copy of one factor in one round.
type FactorShown struct {
	Code string `json:"factor"`
	// Rows has a row for each site that stands alone, for each pool, and for each site that stands in neither.
	Rows []Row `json:"rows"`
	// The means of practices, each weighing alike.
	Programme Figure `json:"programme"`
	Others    Figure `json:"others"`
	All       Figure `json:"all"`
}

// Row is a site to one decimal, or a pool of sites to two. A site of a hidden row is in no figure either.
type Row struct {
	Group  Group    `json:"group"`
	Sites  []string `json:"sites"`
	Mean   float64  `json:"mean,omitempty"`
	Hidden Reason   `json:"hidden,omitempty"`
}

// Figure is the mean over some sites, to two decimals, or to one where it is the mean of one site.
type Figure struct {
	Mean float64 `json:"mean,omitempty"`
	// Units are the sites that stand alone, and the pools. Whatever is made of the exact means of whole units, such as an
	// interval, may be shown beside the mean; see [Spread].
	Units  [][]string `json:"units,omitempty"`
	Hidden Reason     `json:"hidden,omitempty"`
}

// Sites returns over how many sites the mean is.
func (f Figure) Sites() int { return sitesOf(f.Units) }

// Change is how a factor moved between two rounds.
type Change struct {
	Factor    string `json:"factor"`
	From      string `json:"from"`
	To        string `json:"to"`
	Programme Moved  `json:"programme"`
	Others    Moved  `json:"others"`
	All       Moved  `json:"all"`
	// Difference is the programme's change minus the others', where both are shown.
	Difference float64 `json:"difference"`
	Hidden     Reason  `json:"hidden,omitempty"`
}

// Moved is the mean change of some sites that stand in both rounds, and where they started; decimals as in [Figure].
type Moved struct {
	Start  float64 `json:"start,omitempty"`
	Change float64 `json:"change"`
	// Units are the sites that stand alone in both rounds, and the others in such parts as hold whole pools in both.
	Units  [][]string `json:"units,omitempty"`
	Hidden Reason     `json:"hidden,omitempty"`
}

// Sites returns over how many sites the change is.
func (m Moved) Sites() int { return sitesOf(m.Units) }

func sitesOf(units [][]string) int {
	n := 0
	for _, unit := range units {
		n += len(unit)
	}
	return n
}

// Alone returns the sites that stand alone in the factor. What needs more than the means of units, such as a figure of
// single respondents or one that weighs sites by them, may be made from the answers at these sites.
func (f FactorShown) Alone() []string {
	var alone []string
	for _, row := range f.Rows {
		if len(row.Sites) == 1 && row.Hidden == 0 {
			alone = append(alone, row.Sites[0])
		}
	}
	return alone
}

// ItemRow is an item of a site in the programme's copy.
type ItemRow struct {
	Site  string
	Group Group
	OwnItem
}

// ItemRows returns the items of the programme's copy: those that the practices' own reports show, of sites that stand
// alone in the item's factor.
func (r RoundShown) ItemRows() []ItemRow {
	alone := make(map[string][]string, len(r.Factors))
	for _, f := range r.Factors {
		alone[f.Code] = f.Alone()
	}
	var rows []ItemRow
	for _, p := range r.Practices {
		for _, item := range p.Items {
			if item.Hidden == 0 && (item.Factor == "" || slices.Contains(alone[item.Factor], p.Site)) {
				rows = append(rows, ItemRow{p.Site, p.Group, item})
			}
		}
	}
	return rows
}
