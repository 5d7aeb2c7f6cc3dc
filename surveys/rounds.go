package surveys

import (
	"encoding/json"
	"strings"
	"time"
	"unicode/utf8"
)

// Sealing says who keeps the answers of a round shut until it is closed.
type Sealing uint8

// The ways of sealing.
const (
	ByCustodians Sealing = iota + 1 // encrypted as they arrive; two of three custodians open the round
	ByServer                        // readable to whoever holds the database; the server mixes them
)

var sealingWords = Words[Sealing]{ByCustodians: "custodians", ByServer: "server"}

// String returns the word that stands in study files and in the database.
func (s Sealing) String() string { return sealingWords.Word(s) }

// ParseSealing returns the way of sealing named by word.
func ParseSealing(word string) (Sealing, bool) { return sealingWords.Parse(word) }

// StaffPlan is what a study says about its anonymous staff survey.
type StaffPlan struct {
	Sealing   Sealing  // of rounds that are not set up yet
	Programme ArmID    // whose practices take part in the programme; empty where no two groups are compared
	Margin    *float64 // of a scale's mean: how much less than the average's change is still almost as much; nil for none
	// Attributes are what staff are asked about themselves in rounds that are not set up yet; none unless the study says so.
	Attributes []StaffAttribute
}

// RoundStage is how far a round of the staff survey has come. It only ever goes on.
type RoundStage uint8

// The stages.
const (
	RoundPlanned  RoundStage = iota + 1 // not set up: no cards, and no answers
	RoundOpen                           // set up; takes answers between its dates
	RoundClosed                         // takes no more answers; unspent cards are destroyed
	RoundOpened                         // the answers were opened and mixed
	RoundReported                       // what may be shown of it was worked out and is shown
)

var roundStageWords = Words[RoundStage]{RoundPlanned: "planned", RoundOpen: "open", RoundClosed: "closed", RoundOpened: "opened",
	RoundReported: "reported"}

// String returns the word that stands in the database.
func (s RoundStage) String() string { return roundStageWords.Word(s) }

// ParseRoundStage returns the stage named by word.
func ParseRoundStage(word string) (RoundStage, bool) { return roundStageWords.Parse(word) }

// Round is a round of the staff survey as the study team sees it. It holds nothing from which a single answer could be
// told, and no exact number of answers while there are any to come.
type Round struct {
	Wave        Wave
	Stage       RoundStage
	Sealing     Sealing
	Custodians  []string // names, once the round is set up to be opened by them
	Programme   ArmID    // whose practices take part in the programme: frozen at set-up; empty where none do
	Sites       []RoundSite
	Count       int // answers on the day of the last count, rounded down as package disclosure counts
	CountedOn   time.Time
	Certificate *Certificate // once the round is opened
}

// RoundSite is one practice in a round.
type RoundSite struct {
	Site    SiteID
	Staff   int    // headcount in this round; 0 where nobody has given one
	Contact string // whom in the practice to ask about the cards; an office, not a person's answer to anything
	Cards   int    // made so far
	Answers int    // once the round is closed, at least so many
	UpTo    int    // and at most so many, as package disclosure bands them; a report that told another band would narrow it
	Most    bool   // more than the share of the headcount from which a response is only called that
}

// CardsNeeded returns how many cards a site gets for a round: its headcount and a fifth more, rounded up, so that whoever
// draws last still has a choice.
func (s RoundSite) CardsNeeded() int { return s.Staff + (s.Staff+4)/5 }

// Limits of what a team may write about a practice in a round.
const (
	maxHeadcount = 1000
	maxContact   = 120
)

// Check fails with Invalid for a headcount out of range and an overlong contact.
func (s *RoundSite) Check() error {
	s.Contact = strings.Join(strings.Fields(s.Contact), " ")
	if s.Staff < 0 || s.Staff > maxHeadcount {
		return Errorf(Invalid, "A headcount is a whole number from 0 to %d.", maxHeadcount)
	}
	if utf8.RuneCountInString(s.Contact) > maxContact {
		return Errorf(Invalid, "The contact has more than %d characters.", maxContact)
	}
	return nil
}

// RoundRules are what a round goes by from when it is set up, so that nobody can choose them by its answers.
type RoundRules struct {
	Programme ArmID    `json:"programme,omitempty"` // whose practices take part in the programme
	Margin    *float64 `json:"margin,omitempty"`    // see StaffPlan
	// Shown is the JSON of the thresholds above which something is shown, as package disclosure reads it.
	Shown json.RawMessage `json:"shown,omitempty"`
	// Attributes are what staff are asked about themselves. It is kept with the answers of the practices in WithAnswers alone,
	// which had AttributesFrom staff or more when the round was set up.
	Attributes     []StaffAttribute `json:"attributes,omitempty"`
	AttributesFrom int              `json:"attributes_from,omitempty"`
	WithAnswers    []SiteID         `json:"with_answers,omitempty"`
}

// OpenedRound is a round whose answers can be read, for those who work out what may be shown of it.
type OpenedRound struct {
	Wave          Wave
	Questionnaire *Questionnaire
	Stage         RoundStage // RoundOpened or RoundReported
	Rules         RoundRules
	Sites         []RoundSite // with exact headcounts and without answers
	Answers       []OpenedAnswer
	// Apart is the JSON of what may be shown of the attributes that were kept apart from answers, by the words of what was asked,
	// as package disclosure mixes them. Nothing else is kept of them.
	Apart   json.RawMessage
	Report  string // JSON of what is shown of it; empty unless it is reported
	Average string // JSON of the published average loaded for it; empty for none
}

// ReportedRound is a round of which results are shown, for those who draw them. It holds no answer.
type ReportedRound struct {
	Wave          Wave
	Questionnaire *Questionnaire
	Report        string // JSON of what is shown of it
}

// OpenedAnswer is what one member of staff answered, in stored form.
type OpenedAnswer struct {
	Site       SiteID
	Answers    string
	Attributes StaffAttributes // nothing where they are not kept with the answers
}

// Certificate is what is kept of the opening of a round's answers: enough to show that all that was sealed was opened,
// and nothing of a single practice.
type Certificate struct {
	OpenedOn string   `json:"opened_on"` // the day in the study's zone, as 2026-03-31
	Sealed   int      `json:"sealed"`    // how many answers were opened, in the steps of package disclosure
	Digest   string   `json:"digest"`    // SHA-256 over all ciphertexts in the order of their bytes, hex; empty where the server kept them
	By       []string `json:"by"`        // the custodians whose keys were used
}

// StaffCustodian is somebody who keeps one of the three keys to the staff survey's answers. What is known of the key is
// its public half.
type StaffCustodian struct {
	Number    int // from 1 to 3
	Name      string
	Recipient string
	Proved    bool // the key was read back, so it was written down rightly
}

// Check fails with Invalid for a number out of range and for a name that is empty or too long.
func (c *StaffCustodian) Check() error {
	c.Name = strings.Join(strings.Fields(c.Name), " ")
	if c.Number < 1 || c.Number > 3 {
		return Errorf(NotFound, "There are three custodians.")
	}
	if c.Name == "" {
		return Errorf(Invalid, "Write who keeps this key.")
	}
	if utf8.RuneCountInString(c.Name) > maxContact {
		return Errorf(Invalid, "The name has more than %d characters.", maxContact)
	}
	return nil
}

// LongestAnswers returns a bound on the bytes of the stored form of any answers to the questionnaire.
func (q *Questionnaire) LongestAnswers() int {
	const (
		punctuation = 4  // quotation marks, colon, comma
		anyOther    = 40 // numbers, dates, and a reason why there is none
		escaped     = 6  // bytes of a character in JSON at worst
	)
	bytes := 2
	for i := range q.Items {
		item := &q.Items[i]
		bytes += len(item.Code) + punctuation + max(anyOther, escaped*item.MaxLength+2, 5*len(item.Options))
	}
	return bytes
}
