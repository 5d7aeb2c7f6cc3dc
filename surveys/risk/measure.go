package risk

import "math"

// Risk is what the classes of some keys say about a table of at least one row.
//
// Prosecutor risk is that of a row to be picked out by somebody who knows the keys of a person and that the person is in
// the table: one divided by the size of the row's class (El Emam and Dankar, Protecting privacy using k-anonymity, 2008).
type Risk struct {
	Rows     int
	Classes  int
	Smallest int // the rows of the smallest class: the table is k-anonymous for this k (Sweeney 2002)
	Uniques  int // rows that are alone in their class
	// Below3, Below5 and Below10 count the rows in classes of fewer rows than that.
	Below3, Below5, Below10 int
	Greatest                float64     // prosecutor risk of the rows that are easiest to pick out, above 0 to 1
	Mean                    float64     // prosecutor risk of all rows, above 0 to 1
	Sensitive               []Sensitive // in the order in which it was asked for
}

// Sensitive is how well classes hide a column that somebody wants to find out. It tells the worst of all classes; what is
// missing is a value like others.
type Sensitive struct {
	// Distinct is in how many values the rows of a class differ at least (distinct l-diversity).
	Distinct int
	// Entropy is e to the power of the least Shannon entropy of a class, in natural logarithms (entropy l-diversity): 1 where
	// all rows of some class say the same (Machanavajjhala and others, l-Diversity: privacy beyond k-anonymity, 2006).
	Entropy float64
	// TotalVariation is how far the distribution of a class lies from that of the whole table at most: half the sum of the
	// absolute differences, 0 to 1 (Li, Li and Venkatasubramanian, t-Closeness, 2007, for values that are all equally far apart).
	TotalVariation float64
}

// Measure returns the risk by the keys, as columns of the table, which must have a row. Without keys all rows are one class.
func (t *Table) Measure(keys, sensitive []int) Risk {
	k := t.whole()
	for _, key := range keys {
		k = k.splitInto(k.of, &t.columns[key])
	}
	return t.measure(k, sensitive)
}

func (t *Table) measure(k classes, sensitive []int) Risk {
	sizes := k.sizes()
	r := Risk{Rows: t.rows, Classes: k.n, Smallest: t.rows, Mean: float64(k.n) / float64(t.rows)}
	for _, size := range sizes {
		r.Smallest = min(r.Smallest, size)
		if size == 1 {
			r.Uniques++
		}
		for _, below := range []struct {
			limit int
			rows  *int
		}{{3, &r.Below3}, {5, &r.Below5}, {10, &r.Below10}} {
			if size < below.limit {
				*below.rows += size
			}
		}
	}
	r.Greatest = 1 / float64(r.Smallest)
	for _, column := range sensitive {
		r.Sensitive = append(r.Sensitive, t.hidden(k, sizes, &t.columns[column]))
	}
	return r
}

// hidden returns how well classes of these sizes hide a column.
func (t *Table) hidden(k classes, sizes []int, column *column) Sensitive {
	parted := k.splitInto(make([]uint32, t.rows), column)
	counts := parted.sizes()
	all := classes{column.cells, len(column.numbers)}.sizes()
	distinct := make([]int, k.n)
	entropy := make([]float64, k.n)
	apart := make([]float64, k.n) // sum of the differences at the values that a class has
	held := make([]int, k.n)      // rows of the whole table with those values
	next := 0                     // the parts stand in the order of their first rows
	for row, part := range parted.of {
		if int(part) != next {
			continue
		}
		next++
		class, value := k.of[row], column.cells[row]
		share := float64(counts[part]) / float64(sizes[class])
		distinct[class]++
		entropy[class] -= share * math.Log(share)
		apart[class] += math.Abs(share - float64(all[value])/float64(t.rows))
		held[class] += all[value]
	}
	worst := Sensitive{Distinct: distinct[0], Entropy: entropy[0]}
	for class := range distinct {
		worst.Distinct = min(worst.Distinct, distinct[class])
		worst.Entropy = min(worst.Entropy, entropy[class])
		absent := float64(t.rows-held[class]) / float64(t.rows)
		worst.TotalVariation = max(worst.TotalVariation, (apart[class]+absent)/2)
	}
	worst.Entropy = math.Exp(worst.Entropy)
	return worst
}
