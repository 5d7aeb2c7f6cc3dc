package surveys

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"wellwave/surveys/strictyaml"
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
		r.study.Release.Keys = append(r.study.Release.Keys, r.readKey(path, key, items[key.Name]))
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

// groupLabel is what a group of options can be called: it stands in cells as it is written.
var groupLabel = regexp.MustCompile(`^\pL[\pL\pN -]*$`)

// readKey checks how a key is recoded; item is nil for what is no item.
func (r *studyReader) readKey(path string, e keyEntry, item *Item) KeyColumn {
	key := KeyColumn{Name: e.Name, Bands: e.Bands, Bottom: e.Bottom, Top: e.Top}
	if !slices.IsSorted(e.Bands) || len(slices.Compact(slices.Clone(e.Bands))) < len(e.Bands) {
		r.wrong(path+".bands", "the lower bounds of the bands of “%s” must ascend", e.Name)
	}
	cut := e.Bottom != nil || e.Top != nil
	switch {
	case cut && len(e.Bands) > 0:
		r.wrong(path, "“%s” has bands, so it needs no top and no bottom", e.Name)
	case cut && (item == nil || !item.Kind.Numeric() || item.Kind.Chosen()):
		r.wrong(path, "only numbers have a top and a bottom, and “%s” is none", e.Name)
	case e.Bottom != nil && e.Top != nil && *e.Bottom >= *e.Top:
		r.wrong(path+".bottom", "the bottom of “%s” must be less than its top", e.Name)
	case len(e.Groups) > 0 && (item == nil || !item.Kind.Chosen() || item.Kind == KindMultiple || len(e.Bands) > 0):
		r.wrong(path+".groups", "only answers that are chosen from a list, and have no bands, can be put together; “%s” is not such", e.Name)
		return key
	}
	taken, labels := map[float64]bool{}, map[string]bool{}
	for i, g := range e.Groups {
		at := fmt.Sprintf("%s.groups[%d]", path, i)
		label := r.text(at+".label", g.Label, "what stands in the place of these options", maxWord)
		switch {
		case label != "" && !groupLabel.MatchString(label):
			r.wrong(at+".label", "“%s” cannot stand for options: write letters first, then digits, blanks and hyphens too", label)
		case labels[label]:
			r.wrong(at+".label", "“%s” stands for options twice", label)
		}
		labels[label] = true
		for j, option := range g.Options {
			if !slices.Contains(item.Options, option) || taken[option] {
				r.wrong(fmt.Sprintf("%s.options[%d]", at, j), "%s is no option of “%s”, or stands in two groups", FormatNumber(option), e.Name)
			}
			taken[option] = true
		}
		key.Groups = append(key.Groups, KeyGroup{label, g.Options})
	}
	return key
}

// releaseFile is a release plan by itself.
type releaseFile struct {
	Release struct {
		Keys      []keyEntry `yaml:"keys"`
		Items     []string   `yaml:"items"`
		Scales    []string   `yaml:"scales"`
		Paradata  []string   `yaml:"paradata"`
		Sensitive []string   `yaml:"sensitive"`
	} `yaml:"release"`
}

// WithPlan returns the study with another release plan in place of its own: that of a file, called name in messages, with a
// release section like that of a study file. Classes are the study's alone. It fails with Invalid and lists every mistake with its
// place.
func (s *Study) WithPlan(name string, data []byte) (*Study, error) {
	var f releaseFile
	doc, err := strictyaml.Decode(name, data, &f)
	if err != nil {
		return nil, wrongFile(err)
	}
	study := *s
	study.Release = ReleasePlan{}
	e := &f.Release
	r := &studyReader{doc: doc, study: &study, f: studyFile{Release: releaseEntry{Keys: e.Keys, Items: e.Items, Scales: e.Scales, Paradata: e.Paradata, Sensitive: e.Sensitive}}}
	r.readRelease()
	study.Release.Classes = s.Release.Classes
	if doc.Err() == nil {
		r.checkReleaseNames()
		r.checkClasses()
	}
	if err := wrongFile(doc.Err()); err != nil {
		return nil, err
	}
	return &study, nil
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
