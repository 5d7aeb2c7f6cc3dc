package disclosure_test

import (
	"fmt"
	"math/bits"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"wellwave/surveys/disclosure"
)

// people makes a class of n people who are in both of two files.
func people(n int, keys ...string) disclosure.Class {
	return disclosure.Class{Keys: keys, Members: []disclosure.Members{{Files: 3, N: n}}}
}

// after says what is left of the keys, as age/sex, and how many people share it.
func after(t interface{ Fatalf(string, ...any) }, classes []disclosure.Class, blankings []disclosure.Blanking, files int) map[string][]int {
	left := map[string][]int{}
	add := func(keys []string, blank uint64, m disclosure.Members) {
		words := slices.Clone(keys)
		for i := range words {
			if blank>>i&1 == 1 {
				words[i] = "·"
			}
		}
		key := strings.Join(words, "/")
		if left[key] == nil {
			left[key] = make([]int, files)
		}
		for f := range files {
			if m.Files>>f&1 == 1 {
				left[key][f] += m.N
			}
		}
	}
	for i, c := range classes {
		for _, m := range c.Members {
			for _, b := range blankings {
				if b.Class == i && b.Files == m.Files {
					add(c.Keys, b.Keys, b.Members)
					m.N -= b.N
				}
			}
			if m.N < 0 {
				t.Fatalf("more people of %v are blanked than there are", c.Keys)
			}
			if m.N > 0 {
				add(c.Keys, 0, m)
			}
		}
	}
	return left
}

func TestSuppress(t *testing.T) {
	tests := []struct {
		name    string
		classes []disclosure.Class
		want    map[string][]int
	}{
		{"nobody is rare", []disclosure.Class{people(5, "a", "x"), people(7, "b", "x")}, map[string][]int{"a/x": {5, 5}, "b/x": {7, 7}}},
		{"the less important key goes", []disclosure.Class{people(3, "a", "x"), people(2, "a", "y"), people(9, "b", "x")},
			map[string][]int{"a/·": {5, 5}, "b/x": {9, 9}}},
		{"the other where that helps", []disclosure.Class{people(3, "a", "x"), people(2, "b", "x"), people(9, "c", "z")},
			map[string][]int{"·/x": {5, 5}, "c/z": {9, 9}}},
		{"those who are alone take others along", []disclosure.Class{people(2, "a", "x"), people(20, "a", "y")},
			map[string][]int{"a/·": {5, 5}, "a/y": {17, 17}}},
		{"a class that can spare nobody goes along whole", []disclosure.Class{people(2, "a", "x"), people(6, "a", "y")},
			map[string][]int{"a/·": {8, 8}}},
		{"rare in one file alone", []disclosure.Class{
			{Keys: []string{"a", "x"}, Members: []disclosure.Members{{Files: 1, N: 8}, {Files: 3, N: 2}}},
			{Keys: []string{"a", "y"}, Members: []disclosure.Members{{Files: 1, N: 8}, {Files: 3, N: 12}}}},
			map[string][]int{"a/·": {13, 5}, "a/y": {17, 9}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			blankings, ok := disclosure.Suppress(tt.classes, 5)
			if got := after(t, tt.classes, blankings, 2); !ok || !reflect.DeepEqual(got, tt.want) {
				t.Errorf("left are %v (%t), want %v", got, ok, tt.want)
			}
		})
	}
	if _, ok := disclosure.Suppress([]disclosure.Class{people(4, "a", "x")}, 5); ok {
		t.Error("four people are hidden among five")
	}
}

// Whatever the classes are, nobody is left in a combination that fewer than k of a file share, and whoever knows the keys of a
// person still finds k people of each file who may be that person: their class, or those who lost keys and agree in the rest.
func TestSuppressHides(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		keys, k := rapid.IntRange(1, 4).Draw(t, "keys"), rapid.SampledFrom([]int{5, 10, 12}).Draw(t, "k")
		files := rapid.IntRange(1, 3).Draw(t, "files")
		seen := map[string]bool{}
		var classes []disclosure.Class
		total := make([]int, files)
		for range rapid.IntRange(1, 30).Draw(t, "classes") {
			c := disclosure.Class{}
			for range keys {
				c.Keys = append(c.Keys, rapid.SampledFrom([]string{"", "1", "2", "3"}).Draw(t, "cell"))
			}
			if seen[fmt.Sprint(c.Keys)] {
				continue
			}
			seen[fmt.Sprint(c.Keys)] = true
			for pattern := uint64(1); pattern < 1<<files; pattern += 2 { // everybody is in the first file
				if n := rapid.IntRange(0, 15).Draw(t, "people"); n > 0 {
					c.Members = append(c.Members, disclosure.Members{Files: pattern, N: n})
					for f := range files {
						total[f] += n * int(pattern>>f&1)
					}
				}
			}
			if len(c.Members) > 0 {
				classes = append(classes, c)
			}
		}
		blankings, ok := disclosure.Suppress(classes, k)
		possible := !slices.ContainsFunc(total, func(n int) bool { return 0 < n && n < k })
		if ok != possible {
			t.Fatalf("ok is %t, and the files have %v people", ok, total)
		}
		if !ok {
			return
		}
		for key, sizes := range after(t, classes, blankings, files) {
			for f, n := range sizes {
				if 0 < n && n < k {
					t.Fatalf("%d people of file %d share %s", n, f, key)
				}
			}
		}
		mixed := slices.Clone(classes)
		slices.Reverse(mixed)
		again, _ := disclosure.Suppress(mixed, k)
		if a, b := after(t, classes, blankings, files), after(t, mixed, again, files); !reflect.DeepEqual(a, b) {
			t.Fatalf("in another order: %v and %v", a, b)
		}
		for _, b := range blankings {
			if b.N < 1 || b.Keys == 0 || bits.Len64(b.Keys) > keys {
				t.Fatalf("no blanking: %+v", b)
			}
		}
	})
}
