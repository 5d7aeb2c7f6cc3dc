package scoring

// Definition says how one scale is scored. It is the part of an instrument file below "scales".
type Definition struct {
	ID    string `yaml:"id"`
	Title string `yaml:"title"`
	Rule  string `yaml:"rule"` // sum, mean, count, weighted or expected
	// Items are item codes. For expected they name the dimensions in both versions of the instrument.
	Items     []string            `yaml:"items"`
	Missing   MissingRule         `yaml:"missing"`
	AtLeast   *float64            `yaml:"at_least"`     // count only: the value from which an item counts
	AtLeastOf map[string]float64  `yaml:"at_least_of"`  // count only: that value for items that have one of their own
	OneOf     []string            `yaml:"needs_one_of"` // count only: the score is that of a count of 0 unless one of these counts
	Transform *Transform          `yaml:"transform"`    // sum, mean and count
	Table     map[float64]float64 `yaml:"table"`        // sum and count: score of every possible sum or count
	Reaches   *float64            `yaml:"reaches"`      // sum, mean and count: the score is 1 from this result on, else 0

	FullHealth float64                        `yaml:"full_health"` // weighted and expected: the constant
	AnyProblem float64                        `yaml:"any_problem"` // added unless every item is at its lowest level
	AnyLevel   map[float64]float64            `yaml:"any_level"`   // added once if some item is at this level
	Weights    map[string]map[float64]float64 `yaml:"weights"`     // item → level → weight; the lowest level may be left out and adds 0
	// Probabilities is for expected: item → level → probability of level 1, 2, … of the other version.
	Probabilities map[string]map[float64][]float64 `yaml:"probabilities"`
	// Round lists decimals to which the score is rounded, half away from zero, one after the other.
	Round []int `yaml:"round"`

	Range     []float64 `yaml:"range"`     // lowest and highest score, checked against the rule
	Direction string    `yaml:"direction"` // higher-better, higher-worse or neutral
	Bands     []Band    `yaml:"bands"`
	// Bands without a source of their own are from the source of the rule.
	BandsSource      string      `yaml:"bands_source"`
	BandsUnconfirmed bool        `yaml:"bands_unconfirmed"`
	Difference       *Difference `yaml:"minimal_important_difference"`
	Source           string      `yaml:"source"`
	Unconfirmed      bool        `yaml:"unconfirmed"` // the rule is ours, or nobody has compared it with its source yet
	Note             string      `yaml:"note"`
}

// MissingRule says which answers a scale can do without. The zero value is none. At most one of Allow, Answered and Share
// is given.
type MissingRule struct {
	Allow       int      `yaml:"allow"`    // so many may be missing
	Answered    int      `yaml:"answered"` // so many must be there
	Share       float64  `yaml:"share"`    // this share of the items must be there, rounded up: half of 7 is 4
	Only        []string `yaml:"only"`     // if given, no other item may be missing
	Fill        string   `yaml:"fill"`     // for a sum that allows any: person-mean, or none if missing items add nothing
	Source      string   `yaml:"source"`
	Unconfirmed bool     `yaml:"unconfirmed"`
}

// The ways to fill in missing answers.
const (
	fillMean = "person-mean"
	fillNone = "none"
)

// Transform is (score + Add) × Multiply ÷ Divide, in which a Multiply or Divide of 0 stands for 1. The division is kept
// apart because 100 ÷ 28, unlike 3.5714…, can be written down.
type Transform struct {
	Add      float64 `yaml:"add"`
	Multiply float64 `yaml:"multiply"`
	Divide   float64 `yaml:"divide"`
}

// Band is a label for the scores from From up to the next band.
type Band struct {
	From  float64 `yaml:"from"`
	Label string  `yaml:"label"`
}

// Difference is the smallest change that matters to people, with where that number is from.
type Difference struct {
	Value       float64 `yaml:"value"`
	Source      string  `yaml:"source"`
	Unconfirmed bool    `yaml:"unconfirmed"`
}

// Item is what scoring needs to know of an instrument's item.
type Item struct {
	Code     string
	Min, Max float64
	Options  []float64 // ascending; empty where any number from Min to Max may be given
	Reverse  bool
}

// Answer is one item's value. The zero value is missing.
type Answer struct {
	Value float64
	Given bool
}

// Score is the result for one person and scale.
type Score struct {
	Value    float64 // meaningful only if Valid
	Valid    bool
	Answered int // items answered
	Of       int // items of the scale
	Prorated bool
	Why      string // why not Valid, a sentence
}

// Fault is one mistake in a definition. Field is the path from the definition to what is wrong, such as "bands[2]".
type Fault struct{ Field, Message string }

// Faults is the error of Compile: every mistake it found, never empty.
type Faults []Fault

// Error returns the first mistake.
func (f Faults) Error() string { return f[0].Field + ": " + f[0].Message }
