package surveys

import (
	"fmt"
	"slices"
	"strings"
)

// paradata are the columns of how answers were given that a release may carry.
var paradata = append(CollectionNames(), "proxy", "day", "late")

// personKeys are the key columns that are not items.
var personKeys = []string{"arm", "site", "simd_decile", "simd_quintile"}

// ParadataColumns lists the columns of how answers were given that a study file may ask for.
func ParadataColumns() []string { return slices.Clone(paradata) }

// PersonKeys lists the key columns that are not items.
func PersonKeys() []string { return slices.Clone(personKeys) }

// readRelease checks that every column of the release plan exists and stands in one list.
func (r *studyReader) readRelease() {
	e, items, scales := &r.f.Release, map[string]*Item{}, map[ScaleID]bool{}
	for _, instrument := range r.study.askedOfPatients() {
		for i := range instrument.Items {
			items[instrument.Items[i].Code] = &instrument.Items[i]
		}
		for _, s := range instrument.Scales {
			scales[ScaleID(s.ID())] = true
		}
	}
	columns := map[string]bool{}
	for i, key := range e.Keys {
		path := fmt.Sprintf("release.keys[%d]", i)
		if !slices.Contains(personKeys, key.Name) {
			r.checkColumn(path+".name", key.Name, items)
		}
		r.once(path+".name", key.Name, columns)
		if !slices.IsSorted(key.Bands) || len(slices.Compact(slices.Clone(key.Bands))) < len(key.Bands) {
			r.wrong(path+".bands", "the lower bounds of the bands of “%s” must ascend", key.Name)
		}
		r.study.Release.Keys = append(r.study.Release.Keys, KeyColumn(key))
	}
	for _, list := range []struct {
		name  string
		codes []string
	}{{"items", e.Items}, {"sensitive", e.Sensitive}} {
		for i, code := range list.codes {
			path := fmt.Sprintf("release.%s[%d]", list.name, i)
			r.checkColumn(path, code, items)
			r.once(path, code, columns)
		}
	}
	for i, id := range e.Scales {
		path := fmt.Sprintf("release.scales[%d]", i)
		if !scales[ScaleID(id)] {
			r.wrong(path, "no instrument of the patients' waves has the scale “%s”", id)
		}
		r.once(path, id, columns)
		r.study.Release.Scales = append(r.study.Release.Scales, ScaleID(id))
	}
	for i, name := range e.Paradata {
		if !slices.Contains(paradata, name) {
			r.wrong(fmt.Sprintf("release.paradata[%d]", i), "“%s” is not known about an answer; choose from %s", name, strings.Join(paradata[:len(paradata)-1], ", ")+" and "+paradata[len(paradata)-1])
		}
	}
	r.study.Release.Items, r.study.Release.Sensitive, r.study.Release.Paradata = e.Items, e.Sensitive, e.Paradata
	r.readClasses(items)
}

// readClasses reads what the file says about the classes of items. Whether it may say so of them rests on their instruments, whose
// word can change while the study runs, so that is for checkClasses.
func (r *studyReader) readClasses(items map[string]*Item) {
	seen := map[string]bool{}
	for i, e := range r.f.Release.Classes {
		path := fmt.Sprintf("release.classes[%d]", i)
		reason := r.text(path+".reason", e.Reason, "the reason for this class", maxTitle)
		item, ok := items[e.Item]
		switch {
		case !ok:
			r.wrong(path+".item", "no instrument of the patients' waves has an item “%s”", e.Item)
			continue
		case seen[e.Item]:
			r.wrong(path+".item", "the item “%s” is given a class twice", e.Item)
		}
		seen[e.Item] = true
		class, wrong := classFor(item.Kind, e.Class, true)
		if wrong != "" {
			r.wrong(path+".class", "%s", wrong)
			continue
		}
		r.study.Release.Classes = append(r.study.Release.Classes, DeclaredClass{e.Item, class, reason})
	}
}

// checkClasses refuses what may not leave as the release plan has it.
func (r *studyReader) checkClasses() {
	for i, declared := range r.study.Release.Classes {
		r.eachAsked(declared.Item, func(instrument *Instrument, item *Item) {
			if said := instrument.ClassOf(item); !said.leaves() && declared.Class.leaves() {
				r.wrong(fmt.Sprintf("release.classes[%d].class", i), "the instrument “%s” says that “%s” is %s, which no study can let out", instrument.ID, item.Code, said)
			}
		})
	}
	check := func(path, code string, as Class) {
		r.eachAsked(code, func(instrument *Instrument, item *Item) {
			r.withheld(path, r.study.Withholds(instrument, item, as))
		})
	}
	for i, key := range r.study.Release.Keys {
		check(fmt.Sprintf("release.keys[%d].name", i), key.Name, ClassKey)
	}
	for i, code := range r.study.Release.Items {
		check(fmt.Sprintf("release.items[%d]", i), code, ClassOrdinary)
	}
	for i, code := range r.study.Release.Sensitive {
		check(fmt.Sprintf("release.sensitive[%d]", i), code, ClassSensitive)
	}
	for i, id := range r.study.Release.Scales {
		for _, instrument := range r.study.askedOfPatients() {
			if scale, ok := instrument.Scale(id); ok {
				r.withheld(fmt.Sprintf("release.scales[%d]", i), r.study.WithholdsScale(instrument, scale))
			}
		}
	}
}

// withheld refuses what cannot leave, and notes what nobody but the team gets before it has a class.
func (r *studyReader) withheld(path string, w Withheld) {
	switch {
	case w.Unclassified:
		r.doc.Remark(path, "Nobody has said what this gives away, and %s. Until the instrument or release.classes says so, it leaves for the study’s own team alone.", w.Why)
	case w.Why != "":
		r.wrong(path, "%s", w.Why)
	}
}

// eachAsked calls fn for the item in every instrument of the patients' waves that has it.
func (r *studyReader) eachAsked(code string, fn func(*Instrument, *Item)) {
	for _, instrument := range r.study.askedOfPatients() {
		if item, ok := instrument.Item(code); ok {
			fn(instrument, item)
		}
	}
}

// checkColumn checks that a column of the release is an item whose answers may leave.
func (r *studyReader) checkColumn(path, code string, items map[string]*Item) {
	item, ok := items[code]
	switch {
	case !ok:
		r.wrong(path, "no instrument of the patients' waves has an item “%s”", code)
	case item.Kind.Text():
		r.wrong(path, "the item “%s” is free text, in which people name themselves and others; it cannot be released", code)
	case item.Kind == KindDisplay:
		r.wrong(path, "the item “%s” is a text to read and has no answers", code)
	}
}

// once checks that a column stands in the release plan only once.
func (r *studyReader) once(path, name string, columns map[string]bool) {
	if columns[name] {
		r.wrong(path, "the column “%s” stands in the release plan twice", name)
	}
	columns[name] = true
}
