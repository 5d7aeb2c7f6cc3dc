package surveys

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"wellwave/surveys/strictyaml"
)

// Columns of a release that are not named by an item or scale, and the endings of the second column that belongs to a value.
const (
	ReleaseID      = "id"        // the first of every file
	MissingEnding  = "_missing"  // items and SIMD: why the value is empty
	AnsweredEnding = "_answered" // scales: how many items were answered
	ProratedEnding = "_prorated" // scales: whether the mean of the answered items stands for the others
)

// ReleaseWaveColumns are what a release says of a wave besides how it was answered.
func ReleaseWaveColumns() []string {
	return []string{"wave", "disposition", "timing", "due", "opens", "closes"}
}

// takenName says why no item or scale of a release can have a name, nothing if it can.
func takenName(name string) string {
	switch {
	case name == ReleaseID, slices.Contains(paradata, name), slices.Contains(personKeys, name), slices.Contains(ReleaseWaveColumns(), name):
		return "is a column of releases themselves"
	case strings.HasSuffix(name, MissingEnding), strings.HasSuffix(name, AnsweredEnding), strings.HasSuffix(name, ProratedEnding):
		return "ends as the second columns of releases do"
	}
	return ""
}

// longestName is how many characters a name can have in Stata, which has the least room.
const longestName = 32

// foreignWords are words of languages in which data are analysed, in small letters, and of which one each is. SPSS and SAS know
// no difference between small and capital letters, Stata and R do.
var foreignWords = func() map[string]string {
	words := make(map[string]string)
	for _, language := range []struct{ name, words string }{
		{"SPSS", "all and by eq ge gt le lt ne not or to with"},
		{"Stata", "byte double float if in int long using str strl"},
		{"R", "else for function inf na na_integer_ na_real_ na_complex_ na_character_ nan next null repeat true false while break"},
	} {
		for word := range strings.FieldsSeq(language.words) {
			words[word] = language.name
		}
	}
	return words
}()

// textType is how Stata calls texts of a length.
var textType = regexp.MustCompile(`^str[0-9]+$`)

// remarkNames notes which of the names at the paths of a file a release or a statistics program will have trouble with. ending
// is that of the second column beside each.
func remarkNames(file *strictyaml.File, names []placedName) {
	seen := make(map[string]string)
	for _, n := range names {
		if n.name == "" {
			continue
		}
		lower := strings.ToLower(n.name)
		if why := takenName(n.name); why != "" {
			file.Remark(n.path, "“%s” %s, so a release cannot carry this: give it another name if it is to leave.", n.name, why)
		}
		program, ok := foreignWords[lower]
		if textType.MatchString(lower) {
			program, ok = "Stata", true
		}
		if ok {
			file.Remark(n.path, "“%s” is a word of %s, which will give the column another name or refuse it.", n.name, program)
		}
		if long := len(n.name + n.ending); long > longestName {
			file.Remark(n.path, "The column “%s” of a release has %d characters, and Stata keeps %d.", n.name+n.ending, long, longestName)
		}
		if other, ok := seen[lower]; ok && other != n.name {
			file.Remark(n.path, "“%s” and “%s” differ by capital letters alone, which SPSS and SAS take for the same.", other, n.name)
		}
		seen[lower] = n.name
	}
}

// placedName is the name of a column, and where the file says it.
type placedName struct{ path, name, ending string }

// remarkNames notes names of items and scales that others will have trouble with. Stored files know nothing of it.
func (p *instrumentParser) remarkNames() {
	var names []placedName
	for i := range p.entry.Items {
		if p.instrument.Items[i].Kind != KindDisplay {
			names = append(names, placedName{at("items", i) + ".code", p.entry.Items[i].Code, MissingEnding})
		}
	}
	for i := range p.entry.Scales {
		names = append(names, placedName{at("scales", i) + ".id", p.entry.Scales[i].ID, AnsweredEnding})
	}
	remarkNames(p.file, names)
	p.instrument.Remarks = p.file.Remarks()
}

// checkReleaseNames refuses what a release of the study could not carry, and notes what comes together in it from several
// instruments and differs too little.
func (r *studyReader) checkReleaseNames() {
	e := &r.f.Release
	var names []placedName
	add := func(list, name, ending string, i int) {
		path := fmt.Sprintf("release.%s[%d]", list, i)
		if why := takenName(name); why != "" {
			r.wrong(path, "the release cannot carry “%s”, because the name %s; give it another one in its instrument", name, why)
			return
		}
		names = append(names, placedName{path, name, ending})
	}
	for i, key := range e.Keys {
		if !slices.Contains(personKeys, key.Name) {
			add("keys", key.Name, MissingEnding, i)
		}
	}
	for i, code := range e.Items {
		add("items", code, MissingEnding, i)
	}
	for i, code := range e.Sensitive {
		add("sensitive", code, MissingEnding, i)
	}
	for i, id := range e.Scales {
		add("scales", id, AnsweredEnding, i)
	}
	remarkNames(r.doc, names)
}

// refuseForeseen refuses what is in order now and can only go wrong later.
func (r *studyReader) refuseForeseen() {
	r.checkReleaseNames()
	r.checkClasses()
	r.checkReach()
	r.doc.RejectTexts(bracesIn)
	r.doc.RejectTexts(unseenIn)
	for _, t := range r.titles {
		if strings.ContainsAny(t.text, "\n\r") {
			r.wrong(t.path, "%s goes over more than one line", t.what)
		}
	}
}

// title is a short text of a study file, and where it stands.
type title struct{ path, text, what string }

// unseen reports characters of a text that nobody sees: those that turn the direction of what follows, so that a text reads as
// another, those that control a device, and ends of lines that only some programs know. Marks of direction, which Arabic texts
// need, turn nothing.
func unseen(r rune) bool {
	return turns(r) || r == 0x2028 || r == 0x2029 || r == 0xfeff || unicode.IsControl(r) && r != '\n' && r != '\t'
}

func turns(r rune) bool { return r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 }

// unseenIn says what is wrong with a text that holds characters nobody sees.
func unseenIn(text string) string {
	i := strings.IndexFunc(text, unseen)
	if i < 0 {
		return ""
	}
	r, _ := utf8.DecodeRuneInString(text[i:])
	if turns(r) {
		return fmt.Sprintf("The text holds the character U+%04X, which turns the direction of what follows and is not seen. Write it without; the page itself sets the direction.", r)
	}
	return fmt.Sprintf("The text holds the character U+%04X, which is not seen. Write it without.", r)
}

// placeholder is what people write where they expect something to be put in: two braces, or one around a single word.
var placeholder = regexp.MustCompile(`\{\{[^{}]*(\}\})?|\}\}|\{[\pL\pN_.-]+\}`)

// bracesIn says what is wrong with a text in which somebody expects something to be put in place of braces.
func bracesIn(text string) string {
	found := placeholder.FindString(text)
	if found == "" {
		return ""
	}
	return fmt.Sprintf("“%s” would be shown as it stands: nothing is put in place of braces. Write what people are to read.", Excerpt(found))
}
