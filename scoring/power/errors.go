package power

import "errors"

// Errors that say why there is no number.
var (
	ErrAlpha       = errors.New("alpha must lie between 0 and 1")
	ErrPower       = errors.New("the wanted power must be higher than alpha and lower than 1")
	ErrDifference  = errors.New("the difference must be above 0")
	ErrSD          = errors.New("the standard deviation must be above 0")
	ErrCorrelation = errors.New("a correlation must lie above −1 and below 1")
	ErrBaseline    = errors.New("the baseline difference must be a number")
	ErrICC         = errors.New("the intracluster correlation must lie between 0 and 1")
	ErrSizes       = errors.New("each arm needs people, and both together more than two")
	ErrPairs       = errors.New("there must be more than one pair")
	ErrClusters    = errors.New("each arm needs at least one cluster, with people in it")
	ErrCV          = errors.New("a coefficient of variation must be 0 or more")
	ErrSpread      = errors.New("the sizes of clusters cannot vary so much")
	ErrEmpty       = errors.New("there are fewer people than clusters, and each cluster needs somebody")
	ErrDF          = errors.New("at least two degrees of freedom are needed, and the clusters give fewer")
	ErrProportion  = errors.New("a proportion must lie between 0 and 1")
	ErrSame        = errors.New("both proportions are 0 or both are 1, so there is nothing to compare")
)

// Errors of designs in order whose question has no answer.
var (
	ErrOutOfReach = errors.New("not reachable, however large the clusters")
	ErrNoOther    = errors.New("not reachable: even the furthest proportion is too near for this power with so few people")
	ErrTooFew     = errors.New("even the smallest sample that the test can use has more power than that")
	ErrTooMany    = errors.New("it would take more than 10^15 people")
)
