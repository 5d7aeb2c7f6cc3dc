package surveys

// Target is what the study promised to be able to see: the smallest difference worth finding in one outcome at one wave
// and how sure it wants to be of finding it. Differences and SD are unadjusted, in the units of the scale; with SD 1 the
// difference is in standard deviations. In JSON its parts have the names that they have in a study file.
type Target struct {
	ID          string      `json:"id"`
	Title       string      `json:"title"`
	Wave        WaveID      `json:"wave"`
	Scale       ScaleID     `json:"scale"`
	Delta       float64     `json:"difference"`  // smallest difference worth finding, > 0
	SD          float64     `json:"sd"`          // > 0
	Alpha       float64     `json:"alpha"`       // two-sided, in (0, 1)
	Power       float64     `json:"power"`       // wanted, in (0, 1)
	ICC         float64     `json:"icc"`         // planned intracluster correlation, in [0, 1]
	Correlation float64     `json:"correlation"` // of the outcome with its baseline, in [0, 1)
	Arms        []TargetArm `json:"arms"`
}

// TargetArm is one arm's share of a target.
type TargetArm struct {
	Arm      ArmID   `json:"arm"`
	N        int     `json:"people"`   // completes wanted
	Clusters int     `json:"clusters"` // sites planned; the sites of the study file where 0
	CV       float64 `json:"cv"`       // planned coefficient of variation of cluster size, divisor k
	Loss     float64 `json:"loss"`     // planned share lost between baseline and the wave, in [0, 1)
}

// Wanted returns how many completes all arms need together.
func (t Target) Wanted() int {
	n := 0
	for _, arm := range t.Arms {
		n += arm.N
	}
	return n
}
