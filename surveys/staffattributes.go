package surveys

import "slices"

// StaffAttribute is something coarse that a round may ask staff about themselves beside its questionnaire. Nobody needs to
// say it.
type StaffAttribute uint8

// What may be asked; there is no more, because each further thing makes a member of a small team easier to tell.
const (
	AskRole   StaffAttribute = iota + 1 // the kind of work
	AskTenure                           // how long somebody has worked at the practice
)

var staffAttributeWords = Words[StaffAttribute]{AskRole: "role", AskTenure: "tenure"}

// String returns the word that stands in study files and in the rules of a round.
func (a StaffAttribute) String() string { return staffAttributeWords.Word(a) }

// ParseStaffAttribute returns the attribute named by word.
func ParseStaffAttribute(word string) (StaffAttribute, bool) { return staffAttributeWords.Parse(word) }

// MarshalText returns the word.
func (a StaffAttribute) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// UnmarshalText reads the word.
func (a *StaffAttribute) UnmarshalText(text []byte) error {
	return unmarshalWord(a, staffAttributeWords, "an attribute", text)
}

// StaffRole is a kind of work in a practice.
type StaffRole uint8

// The kinds of work.
const (
	ClinicalRole StaffRole = iota + 1
	OtherRole
	RoleUnsaid // somebody would rather not say, or passed the question over
)

var (
	staffRoleWords  = Words[StaffRole]{ClinicalRole: "clinical", OtherRole: "other", RoleUnsaid: "rather-not-say"}
	staffRoleLabels = Words[StaffRole]{ClinicalRole: "clinical work", OtherRole: "other work", RoleUnsaid: "rather not say"}
)

// String returns the word that stands in forms and in the database.
func (r StaffRole) String() string { return staffRoleWords.Word(r) }

// ParseStaffRole returns the kind of work named by word.
func ParseStaffRole(word string) (StaffRole, bool) { return staffRoleWords.Parse(word) }

// MarshalText returns the word.
func (r StaffRole) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// UnmarshalText reads the word.
func (r *StaffRole) UnmarshalText(text []byte) error {
	return unmarshalWord(r, staffRoleWords, "a kind of work", text)
}

// StaffTenure is how long somebody has worked at a practice, in three steps.
type StaffTenure uint8

// The steps.
const (
	UnderTwoYears StaffTenure = iota + 1
	TwoToTenYears
	OverTenYears
	TenureUnsaid // somebody would rather not say, or passed the question over
)

var (
	staffTenureWords  = Words[StaffTenure]{UnderTwoYears: "under-2", TwoToTenYears: "2-to-10", OverTenYears: "over-10", TenureUnsaid: "rather-not-say"}
	staffTenureLabels = Words[StaffTenure]{UnderTwoYears: "under 2 years", TwoToTenYears: "2 to 10 years", OverTenYears: "over 10 years", TenureUnsaid: "rather not say"}
)

// String returns the word that stands in forms and in the database.
func (t StaffTenure) String() string { return staffTenureWords.Word(t) }

// ParseStaffTenure returns the step named by word.
func ParseStaffTenure(word string) (StaffTenure, bool) { return staffTenureWords.Parse(word) }

// MarshalText returns the word.
func (t StaffTenure) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// UnmarshalText reads the word.
func (t *StaffTenure) UnmarshalText(text []byte) error {
	return unmarshalWord(t, staffTenureWords, "a tenure", text)
}

// StaffAttributes are what one member of staff said about themselves. What was not asked is 0.
type StaffAttributes struct {
	Role   StaffRole   `json:"role,omitempty"`
	Tenure StaffTenure `json:"tenure,omitempty"`
}

// Of returns what is kept of them where some are asked. Whoever passed a question over would rather not say: so what is kept
// looks the same whether or not anything was chosen.
func (s StaffAttributes) Of(asked []StaffAttribute) StaffAttributes {
	var kept StaffAttributes
	if slices.Contains(asked, AskRole) {
		if kept.Role = s.Role; s.Role == 0 {
			kept.Role = RoleUnsaid
		}
	}
	if slices.Contains(asked, AskTenure) {
		if kept.Tenure = s.Tenure; s.Tenure == 0 {
			kept.Tenure = TenureUnsaid
		}
	}
	return kept
}

// AttributeCount is how many gave one answer to an attribute.
type AttributeCount struct {
	Name string // in words for a report
	N    int
}

// Count counts what people said, each choice of the attribute in its own order; who was not asked is left out.
func (a StaffAttribute) Count(people []StaffAttributes) []AttributeCount {
	labels := []string(staffRoleLabels)
	if a == AskTenure {
		labels = staffTenureLabels
	}
	counts := make([]AttributeCount, len(labels)-1) // nobody counts under the empty first
	for i := range counts {
		counts[i].Name = labels[i+1]
	}
	for _, p := range people {
		at := int(p.Role)
		if a == AskTenure {
			at = int(p.Tenure)
		}
		if at > 0 {
			counts[at-1].N++
		}
	}
	return counts
}

// AttributesFrom is the headcount from which what staff say about themselves is kept with their answers. In a smaller team it
// could tell whose they are.
const AttributesFrom = 20

// Asks returns what staff of a practice are asked about themselves, and whether it is kept with their answers; where it is
// not, it is sealed apart from them. Where the server keeps the answers, staff of a small practice are asked nothing: what is
// stored in one commit can be joined by whoever copies the disk in between, and only sealing keeps that from saying anything.
func (r RoundRules) Asks(sealing Sealing, site SiteID) (asked []StaffAttribute, withAnswers bool) {
	withAnswers = slices.Contains(r.WithAnswers, site)
	if !withAnswers && sealing != ByCustodians {
		return nil, false
	}
	return r.Attributes, withAnswers
}

// Freeze fixes the attributes that a round asks, and the practices where they are kept with the answers.
func (r *RoundRules) Freeze(asked []StaffAttribute, sites []RoundSite) {
	if len(asked) == 0 {
		return
	}
	r.Attributes, r.AttributesFrom, r.WithAnswers = asked, AttributesFrom, nil
	for _, site := range sites {
		if site.Staff >= r.AttributesFrom {
			r.WithAnswers = append(r.WithAnswers, site.Site)
		}
	}
}

// Shrunk returns the practices whose attributes were to be kept with the answers, and whose headcount turned out to be too
// small for that since.
func (r RoundRules) Shrunk(sites []RoundSite) []SiteID {
	var shrunk []SiteID
	for _, site := range sites {
		if slices.Contains(r.WithAnswers, site.Site) && site.Staff < r.AttributesFrom {
			shrunk = append(shrunk, site.Site)
		}
	}
	return shrunk
}
