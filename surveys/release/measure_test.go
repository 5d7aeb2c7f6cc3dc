package release

import (
	"fmt"
	"strings"
	"testing"

	"wellwave/surveys"
)

// twoFiles has a key of the person, a key of the first file and one that both files ask.
func twoFiles() *Plan {
	arm := Column{Name: "arm", Class: surveys.ClassKey, From: FromArm}
	age := Column{Name: "age", Class: surveys.ClassKey, From: FromItem}
	work := Column{Name: "work", Class: surveys.ClassKey, From: FromItem}
	return &Plan{K: 3, Files: []File{
		{Wave: "first", Name: "first.csv", Columns: []Column{arm, age, work}},
		{Wave: "second", Name: "second.csv", Columns: []Column{arm, work}},
	}}
}

func keys(person string, items ...string) []byte {
	b := []byte(person + string(cellEnd) + string(partEnd))
	for _, item := range items {
		b = append(b, item...)
		b = append(b, cellEnd)
	}
	return b
}

func TestVerdict(t *testing.T) {
	c := newClasses(twoFiles(), 100)
	for range 3 {
		c.add([][]byte{keys("links", "old", "1"), keys("links", "0")})
		c.add([][]byte{keys("links", "old", "1"), nil})
	}
	if err := c.verdict(); err != nil {
		t.Fatalf("verdict() with three of each = %v", err)
	}
	if got := c.measures(); got[0] != (Measure{"first.csv", 6, 2, 3}) || got[1] != (Measure{"second.csv", 3, 1, 3}) {
		t.Errorf("measures() = %+v", got)
	}
	c.add([][]byte{keys("links", "", "1"), nil})
	c.add([][]byte{nil, keys("links", "1")})
	err := c.verdict()
	if surveys.KindOf(err) != surveys.Invalid {
		t.Fatalf("verdict() = %v, want a refusal", err)
	}
	for _, want := range []string{
		"arm=links, age=(missing), first work=1, not in second.csv (in first.csv)",
		"arm=links, not in first.csv, second work=1 (in second.csv)",
		"fewer than 3 people",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("verdict() = %q, want it to say %q", err, want)
		}
	}
}

// Keys that tell everybody apart must not fill memory.
func TestTooManyCombinations(t *testing.T) {
	c := newClasses(twoFiles(), 100)
	for i := range fewestCombinations * 2 {
		c.add([][]byte{keys("links", fmt.Sprint(i), "1"), nil})
	}
	if len(c.counts) > fewestCombinations {
		t.Errorf("%d combinations are held", len(c.counts))
	}
	if err := c.verdict(); surveys.KindOf(err) != surveys.Invalid || !strings.Contains(err.Error(), "so finely") {
		t.Errorf("verdict() = %v, want a refusal", err)
	}
}

func TestRefusalNamesAFew(t *testing.T) {
	c := newClasses(twoFiles(), 100)
	for i := range 20 {
		c.add([][]byte{keys("links", fmt.Sprintf("%02d", i), "1"), nil})
	}
	err := c.verdict()
	if err == nil || !strings.Contains(err.Error(), "; and 12 more.") || strings.Contains(err.Error(), "age=08") {
		t.Errorf("verdict() = %v, want eight combinations and 12 more", err)
	}
}
