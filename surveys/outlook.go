package surveys

import (
	"fmt"
	"slices"
	"strings"
)

// Outlook is what becomes of columns in the releases of a study: those of one class that leave, or that stay for one reason.
type Outlook struct {
	Class   Class
	Columns []string // items by their codes, as in Release.Keys and so on
	Why     string   // why they do not leave; empty if they do
}

// Outlook tells of every item that patients are asked, and every other column that the release plan names, whether it would leave
// and as what: first what leaves, then what does not. It needs no answers.
func (s *Study) Outlook() []Outlook {
	var leaves, stays []Outlook
	add := func(list *[]Outlook, class Class, why, column string) {
		at := slices.IndexFunc(*list, func(o Outlook) bool { return o.Class == class && o.Why == why })
		if at < 0 {
			at = len(*list)
			*list = append(*list, Outlook{Class: class, Why: why})
		}
		if columns := &(*list)[at].Columns; !slices.Contains(*columns, column) {
			*columns = append(*columns, column)
		}
	}
	plan, listed := &s.Release, make(map[string]Class)
	for _, key := range plan.Keys {
		listed[key.Name] = ClassKey
		if key.Name == "site" {
			add(&stays, ClassKey, "no release holds it", key.Name)
			continue
		}
		column := key.Name
		if len(key.Bands) > 0 {
			column += " in bands from " + strings.Join(formatted(key.Bands), ", ")
		}
		add(&leaves, ClassKey, "", column)
	}
	for class, codes := range map[Class][]string{ClassSensitive: plan.Sensitive, ClassOrdinary: plan.Items} {
		for _, code := range codes {
			listed[code] = class
		}
	}
	for _, instrument := range s.askedOfPatients() {
		for i := range instrument.Items {
			item := &instrument.Items[i]
			of := s.ClassOf(instrument, item)
			as, named := listed[item.Code]
			switch {
			case of.Class == 0:
			case !of.Class.leaves():
				add(&stays, of.Class, "never released", item.Code)
			case !named:
				add(&stays, of.Class, fmt.Sprintf("not under %s, %s", listOf(of.Class), classSources.Word(of.By)), item.Code)
			case as != ClassKey:
				add(&leaves, as, "", item.Code)
			}
		}
		for _, scale := range instrument.Scales {
			if slices.Contains(plan.Scales, ScaleID(scale.ID())) {
				add(&leaves, s.ScaleClass(instrument, scale), "", scale.ID())
			}
		}
	}
	for _, name := range plan.Paradata {
		add(&leaves, ClassParadata, "", name)
	}
	return append(leaves, stays...)
}

// listOf names the list of a release plan in which a class can leave.
func listOf(class Class) string {
	switch class {
	case ClassKey:
		return "keys"
	case ClassSensitive:
		return "sensitive"
	default:
		return "items"
	}
}

func formatted(numbers []float64) []string {
	texts := make([]string, len(numbers))
	for i, n := range numbers {
		texts[i] = FormatNumber(n)
	}
	return texts
}

// Unclassed names, for whoever writes the instrument's file, the items of which it says no class, with the class that follows.
func (i *Instrument) Unclassed() []string {
	codes := make(map[Class][]string)
	for at := range i.Items {
		if item := &i.Items[at]; item.Class == 0 && item.Kind != KindDisplay {
			codes[i.ClassOf(item)] = append(codes[i.ClassOf(item)], item.Code)
		}
	}
	var lines []string
	for _, class := range ItemClasses() {
		if len(codes[class]) > 0 {
			lines = append(lines, fmt.Sprintf("No class is said of %s: %s by kind.", strings.Join(codes[class], ", "), class))
		}
	}
	return lines
}
