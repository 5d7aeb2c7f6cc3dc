package release

import (
	"math"
	"slices"
	"sort"
)

// bandLabels names the bands that the ascending lower bounds cut, from the one below the first bound to the one above
// the last. A label has no hyphen, which spreadsheets would turn into a date.
func bandLabels(bounds []float64, whole bool) []string {
	for _, bound := range bounds {
		whole = whole && bound == math.Trunc(bound)
	}
	number := func(n float64) string { return string(appendNumber(nil, n)) }
	last := len(bounds) - 1
	labels := []string{"under " + number(bounds[0])}
	for i := range last {
		from, to := number(bounds[i]), number(bounds[i+1])
		switch {
		case !whole:
			labels = append(labels, from+" to under "+to)
		case bounds[i]+1 == bounds[i+1]:
			labels = append(labels, from)
		default:
			labels = append(labels, from+" to "+number(bounds[i+1]-1))
		}
	}
	return append(labels, number(bounds[last])+" and over")
}

// band returns the index in bandLabels of the band that n lies in.
func band(bounds []float64, n float64) int {
	return sort.Search(len(bounds), func(i int) bool { return bounds[i] > n })
}

// ascends reports whether bounds can cut bands.
func ascends(bounds []float64) bool {
	return slices.IsSortedFunc(bounds, func(a, b float64) int {
		if a < b {
			return -1
		}
		return 1
	})
}
