package risk

// classes says which class each row of a table belongs to. Classes are numbered from 0 in the order in which they first stand.
type classes struct {
	of []uint32 // by row
	n  int
}

// whole is all rows in one class, which is how they look to somebody who knows nothing.
func (t *Table) whole() classes {
	return classes{make([]uint32, t.rows), min(t.rows, 1)}
}

// splitInto parts every class by one more column and writes the classes of rows into to, which is as long as the table.
func (k classes) splitInto(to []uint32, by *column) classes {
	parted := classes{of: to}
	values := len(by.numbers)
	// As long as a list of all pairs of class and value is not much longer than the table, looking up there is several times
	// as fast as in a map.
	if pairs := k.n * values; pairs <= 4*len(k.of) {
		numbers := make([]uint32, pairs) // one more than the number of the new class
		for row, class := range k.of {
			pair := int(class)*values + int(by.cells[row])
			if numbers[pair] == 0 {
				parted.n++
				numbers[pair] = uint32(parted.n)
			}
			to[row] = numbers[pair] - 1
		}
		return parted
	}
	numbers := make(map[uint64]uint32, k.n)
	for row, class := range k.of {
		pair := uint64(class)<<32 | uint64(by.cells[row])
		number, ok := numbers[pair]
		if !ok {
			number = uint32(parted.n)
			numbers[pair] = number
			parted.n++
		}
		to[row] = number
	}
	return parted
}

// sizes returns how many rows each class has.
func (k classes) sizes() []int {
	sizes := make([]int, k.n)
	for _, class := range k.of {
		sizes[class]++
	}
	return sizes
}
