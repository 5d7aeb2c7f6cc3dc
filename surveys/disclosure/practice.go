package disclosure

import "slices"

// practice returns a practice's own report.
func (r Rules) practice(m *Measured, group Group) Practice {
	p := Practice{Site: m.Site, Group: group, Response: r.Response(m.Respondents, m.Headcount)}
	for _, f := range m.Factors {
		own := OwnFactor{Code: f.Code, Hidden: TooFew}
		if r.enough(f.N, r.MeanFrom, m.Headcount) {
			own.Mean, own.Hidden = round1(f.Mean), 0
		}
		p.Factors = append(p.Factors, own)
	}
	p.Items = r.items(m, p.Factors)
	p.Roles = r.Mix(m.Roles)
	if len(m.Tenures) > 0 {
		tenures := r.Mix(m.Tenures)
		p.Tenures = &tenures
	}
	return p
}

// items returns the items of a practice. What is below the threshold for its mean of a factor shows no item of it either:
// items known in part would tell the mean.
func (r Rules) items(m *Measured, factors []OwnFactor) []OwnItem {
	own := make([]OwnItem, len(m.Items))
	for i, item := range m.Items {
		own[i] = OwnItem{Code: item.Code, Factor: item.Factor, Hidden: FewOrAlike}
		mean := item.Factor == "" ||
			slices.ContainsFunc(factors, func(f OwnFactor) bool { return f.Code == item.Factor && f.Hidden == 0 })
		if mean && r.enough(item.N(), r.ItemFrom, m.Headcount) && slices.Min(item.Counts[:]) > 0 {
			own[i].Hidden = 0
			for k, n := range item.Counts {
				own[i].Shares[k] = percent(n, item.N())
			}
		}
	}
	for _, f := range factors {
		if f.Hidden == 0 && !itemsSafe(f, m.Items, own) {
			for i := range own {
				if own[i].Factor == f.Code {
					own[i].Hidden, own[i].Shares = FewOrAlike, [3]int{}
				}
			}
		}
	}
	return own
}

// itemsSafe reports whether the hidden items of a factor keep their range beside the factor's mean and the items that are
// shown. A mean near an end of the scale says by itself that hardly anybody answered at the other; that is left to the
// mean, and only what the shown items add to it counts.
//
// The mean of a factor is the mean of its items, so if the shown ones take up what the factor's mean lies below 7 or above
// 1, little is left for those that are hidden.
func itemsSafe(f OwnFactor, items []Item, own []OwnItem) bool {
	var n, usedBelow, usedAbove float64 // how far the shown items lie below 7 and above 1 at least, all together
	for i, item := range items {
		if item.Factor != f.Code {
			continue
		}
		n++
		if own[i].Hidden == 0 {
			low, high := itemMean(own[i].Shares, item.N())
			usedBelow, usedAbove = usedBelow+highest-high, usedAbove+low-lowest
		}
	}
	below := n * min(highest-lowest, highest-f.Mean+halfTenth) // and how far all items do at most
	above := n * min(highest-lowest, f.Mean+halfTenth-lowest)
	for i, item := range items {
		if item.Factor != f.Code || own[i].Hidden == 0 || item.N() == 0 {
			continue
		}
		now, alone := groupRanges(item.N(), below-usedBelow, above-usedAbove), groupRanges(item.N(), below, above)
		for k := range now {
			if now[k] < min(countRange, alone[k])-tolerance {
				return false
			}
		}
	}
	return true
}

// groupRanges returns how far the three counts of an item with n answers can range when its mean lies at most below under 7
// and above over 1. Who answers 1 to 3 lies at least 4 below 7, who answers 4 is 3 from either end, and who answers 5 to 7
// lies at least 4 above 1.
func groupRanges(n int, below, above float64) [3]float64 {
	share := func(x float64) float64 { return max(0, min(1, x)) }
	all := float64(n)
	return [3]float64{
		all * (share(below/4) + share(above/3) - 1),
		all * min(share(below/3), share(above/3)),
		all * (share(above/4) + share(below/3) - 1),
	}
}

// itemMean returns the limits of an item's mean when its shares are known to the nearest 10 % and none of them is none. With
// few answers a share is one count, or two.
func itemMean(shares [3]int, n int) (low, high float64) {
	var least, most [3]int
	for k, share := range shares {
		least[k], most[k] = countsOf(share, n)
		least[k] = max(1, least[k])
	}
	fill := func(values, order [3]int) float64 {
		sum, left := 0, n
		for k := range values {
			sum, left = sum+least[k]*values[k], left-least[k]
		}
		for _, k := range order {
			more := max(0, min(left, most[k]-least[k]))
			sum, left = sum+more*values[k], left-more
		}
		return float64(sum) / float64(n)
	}
	return fill([3]int{1, 4, 5}, [3]int{0, 1, 2}), fill([3]int{3, 4, 7}, [3]int{2, 1, 0})
}

// countsOf returns the least and the most of n that are a share to the nearest 10 %.
func countsOf(share, n int) (least, most int) {
	for least < n && percent(least, n) < share {
		least++
	}
	for most = least; most < n && percent(most+1, n) == share; {
		most++
	}
	return least, most
}
