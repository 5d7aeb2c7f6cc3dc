package disclosure

// LeastCount is the least number of people that a count says: of fewer it is hidden, as are the ends of what people answered.
const LeastCount = 10

// Counted is a count as it may be shown.
type Counted struct {
	N         int  // rounded, where it is shown
	Hidden    bool // then it lies between Low and High, which says nothing that what is shown beside it does not
	Low, High int  // both included; for what is shown, where rounding leaves it
}

// Table returns what may be shown of a table of counts of people, each of whom is counted once, to somebody who knows how many
// there are in all. Counts of 1 to 9 are hidden and the others stand to the nearest multiple of step, 1 for as they are.
//
// What is hidden would be the total without the others, so the first of these is hidden too, and the next ones until every
// hidden count of 1 to 9 can be any of these numbers. They are taken in the order of the table and not by size: that the
// smallest was taken would bound it by the others. Where that does not do, and of fewer than 10 people, the whole table is hidden,
// with its zeros.
func Table(counts []int, step int) []Counted {
	figures := make([]Counted, len(counts))
	total, rare := 0, 0
	for i, n := range counts {
		total += n
		figures[i] = rounded(n, step)
		if figures[i].Hidden {
			rare++
		}
	}
	if total == 0 || rare == 0 {
		return figures
	}
	low, high := total, total // of all that are hidden, as the shown ones leave it
	for _, f := range figures {
		if !f.Hidden {
			low, high = low-f.High, high-f.Low
		}
	}
	var company []int
	for i, n := range counts {
		if len(company) > 0 && low >= LeastCount*len(company)+(LeastCount-1)*rare {
			break
		}
		if n >= LeastCount {
			low, high = low+figures[i].High, high+figures[i].Low
			figures[i].Hidden, figures[i].N = true, 0
			company = append(company, i)
		}
	}
	if len(company) == 0 || low < LeastCount*len(company)+(LeastCount-1)*rare {
		for i := range figures {
			figures[i] = Counted{Hidden: true, High: total}
		}
		return figures
	}
	for _, i := range company {
		figures[i].Low = max(LeastCount, low-(LeastCount-1)*rare)
		if len(company) > 1 {
			figures[i].Low = LeastCount
		}
		figures[i].High = high - rare - LeastCount*(len(company)-1)
	}
	return figures
}

// rounded is a count by itself.
func rounded(n, step int) Counted {
	switch {
	case n == 0:
		return Counted{}
	case n < LeastCount:
		return Counted{Hidden: true, Low: 1, High: LeastCount - 1}
	}
	near := (n + step/2) / step * step
	return Counted{N: near, Low: max(LeastCount, near-step/2), High: near + (step-1)/2}
}

// Together returns the range of what some of the figures of a table of total people come to, which tells nothing that they do not.
func Together(figures, others []Counted, total int) (low, high int) {
	low, high = total, total
	for _, f := range others {
		low, high = low-f.High, high-f.Low
	}
	var least, most int
	for _, f := range figures {
		least, most = least+f.Low, most+f.High
	}
	return max(0, low, least), min(high, most, total)
}
