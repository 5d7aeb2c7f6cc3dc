package power

import "math"

// Recruit returns how many people must be recruited for n to be analysed when the share loss is lost: ⌈n/(1−loss)⌉. Loss
// is in [0, 1). It takes people, not clusters: the number of clusters is the same before and after, and design effects are
// those of the size at analysis.
func Recruit(n, loss float64) float64 { return ceil(n / (1 - loss)) }

// ceil rounds up, forgiving the last bits that a quotient such as 70/(1−0.3) or the root of an equation is wrong by.
func ceil(x float64) float64 { return math.Ceil(x - min(1e-11*x, 1e-3)) }
