package disclosure

import "math"

// moves says how many answers to an item could stand at one option instead of another with everything as it is shown:
// moves[from][to].
type moves [7][7]int

// groupOf holds the group of each option.
var groupOf = [7]int{0, 0, 0, 1, 2, 2, 2}

// meet keeps of an item's moves what one more table leaves of them.
func meet(margins map[string]*moves, item string, m moves) {
	old := margins[item]
	if old == nil {
		margins[item] = &m
		return
	}
	for from := range m {
		for to := range m[from] {
			old[from][to] = min(old[from][to], m[from][to])
		}
	}
}

// moves returns how many answers to either item of a table could be others, without another margin for the other item: in
// each column as many as the cell that they leave can lose and the cell that they join can take.
func (p Pair) moves(cells *[7][7]Cell) (first, second moves) {
	var less, more [7][7]int
	for a, row := range p.Counts {
		for b, n := range row {
			if cells[a][b].Hidden != 0 {
				less[a][b], more[a][b] = n, countRange // more than this is never needed
				continue
			}
			for math.Round(float64(n-less[a][b]-1)/cellStep)*cellStep == float64(cells[a][b].N) {
				less[a][b]++
			}
			for math.Round(float64(n+more[a][b]+1)/cellStep)*cellStep == float64(cells[a][b].N) {
				more[a][b]++
			}
		}
	}
	for from := range 7 {
		for to := range 7 {
			for other := range 7 {
				first[from][to] += min(less[from][other], more[to][other])
				second[from][to] += min(less[other][from], more[other][to])
			}
		}
	}
	return first, second
}

// telling returns the items of which something hidden at a site could be told if all practices laid their reports beside
// the tables.
//
// People of the site could have answered otherwise as far as two things leave room for it together: others at the sites
// that show the item could have answered the other way round with the same shares to the nearest 10 %, and the margin could
// be another one with the same cells in every table.
func (r Round) telling(sites map[string]bool, margins map[string]*moves) map[string]bool {
	hidden := make(map[string][][3]int)
	room := make(map[string]*[3][3]int) // how many could stand in one group instead of another
	for code, m := range margins {
		room[code] = new([3][3]int)
		for from, row := range m {
			for to, n := range row {
				cell := &room[code][groupOf[from]][groupOf[to]]
				*cell = max(*cell, n)
			}
		}
	}
	for i := range r.Sites {
		m := &r.Sites[i]
		if !sites[m.Site] {
			continue
		}
		for j, own := range r.Rules.practice(m, 0).Items {
			counts := m.Items[j].Counts
			if room[own.Code] == nil {
				continue // in no table
			}
			if own.Hidden != 0 {
				hidden[own.Code] = append(hidden[own.Code], counts)
				continue
			}
			for from := range counts {
				for to := range counts {
					// The site's people move against those of the hidden one, the margin with them.
					room[own.Code][to][from] += movable(counts, from, to)
				}
			}
		}
	}
	telling := make(map[string]bool)
	for code, sites := range hidden {
		for _, counts := range sites {
			telling[code] = telling[code] || tells(counts, *room[code])
		}
	}
	return telling
}

// tells reports whether the count of a group could not range as far as it must, when room[from][to] of a site's people
// could stand in one group instead of another.
func tells(counts [3]int, room [3][3]int) bool {
	for k := range counts {
		up, down := 0, 0
		for other := range counts {
			if other != k {
				up = max(up, min(counts[other], room[other][k]))
				down = max(down, min(counts[k], room[k][other]))
			}
		}
		if up+down < min(countRange, counts[0]+counts[1]+counts[2]) {
			return true
		}
	}
	return false
}

// movable returns how many answers of one group could be in another with all shares to the nearest 10 % as they are.
func movable(counts [3]int, from, to int) int {
	if from == to {
		return 0
	}
	n := counts[0] + counts[1] + counts[2]
	t := 0
	for counts[from]-t > 1 && percent(counts[from]-t-1, n) == percent(counts[from], n) &&
		percent(counts[to]+t+1, n) == percent(counts[to], n) {
		t++
	}
	return t
}
