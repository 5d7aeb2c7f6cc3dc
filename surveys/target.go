package surveys

// Target is what the study promised to be able to see: the smallest difference worth finding in one outcome at one wave
// and how sure it wants to be of finding it. Differences and SD are unadjusted, in the units of the scale; with SD 1 the
// difference is in standard deviations.
type Target struct {
	ID          string
	Title       string
	Wave        WaveID
	Scale       ScaleID
	Delta       float64 // smallest difference worth finding, > 0
	SD          float64 // > 0
	Alpha       float64 // two-sided, in (0, 1)
	Power       float64 // wanted, in (0, 1)
	ICC         float64 // planned intracluster correlation, in [0, 1]
	Correlation float64 // of the outcome with its baseline, in [0, 1)
	Arms        []TargetArm
}

// TargetArm is one arm's share of a target.
type TargetArm struct {
	Arm      ArmID
	N        int     // completes wanted
	Clusters int     // sites planned; the sites of the study file where 0
	CV       float64 // planned coefficient of variation of cluster size, divisor k
	Loss     float64 // planned share lost between baseline and the wave, in [0, 1)
}
