package surveys

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
	"strings"
	"unicode"

	"wellwave/surveys/locale"
)

// Wording returns the pack of an instrument that suits a language, and where there is none the first that the instrument
// has; exact says which. It is nil for an instrument without any.
func (q *Questionnaire) Wording(ins *Instrument, language string) (pack *Wording, exact bool) {
	for _, p := range q.Packs {
		if p.Instrument != ins.ID || p.Version != ins.Version {
			continue
		}
		if sameLanguage(p.Language, language) {
			return p, true
		}
		if pack == nil {
			pack = p
		}
	}
	return pack, false
}

// sameLanguage compares languages without their regions.
func sameLanguage(a, b string) bool {
	a, _, _ = strings.Cut(a, "-")
	b, _, _ = strings.Cut(b, "-")
	return a == b
}

// checkLanguage fails with Invalid for answers of a file, or of another system, in a language in which the questionnaire has
// no wording, with or without its region. None is one that is not known.
func (q *Questionnaire) checkLanguage(sub Submission) error {
	language := sub.How.Language
	if !sub.Bulk || language == "" {
		return nil
	}
	known := []string{locale.Source}
	for _, pack := range q.Packs {
		if !slices.Contains(known, pack.Language) {
			known = append(known, pack.Language)
		}
	}
	for _, code := range known {
		bare, _, _ := strings.Cut(code, "-")
		if strings.EqualFold(language, code) || strings.EqualFold(language, bare) {
			return nil
		}
	}
	reason := "“" + Excerpt(language) + "” is not a language of this questionnaire: write " + either(known) + ", or nothing where it is not known"
	err := Errorf(Invalid, "%s", reason)
	err.Fields = map[string]string{"language": reason}
	return err
}

// Languages lists the languages in which every instrument of the questionnaire has a pack, in the order of the first
// instrument's.
func (q *Questionnaire) Languages() []string {
	var languages []string
	for _, pack := range q.Packs {
		known := slices.ContainsFunc(languages, func(have string) bool { return sameLanguage(have, pack.Language) })
		lacking := slices.ContainsFunc(q.Instruments, func(ins *Instrument) bool {
			_, exact := q.Wording(ins, pack.Language)
			return !exact
		})
		if !known && !lacking {
			languages = append(languages, pack.Language)
		}
	}
	return languages
}

// Only returns the questionnaire of one of its instruments alone. It fails with NotFound for one that it has not.
func (q *Questionnaire) Only(id InstrumentID) (*Questionnaire, error) {
	i := slices.IndexFunc(q.Instruments, func(ins *Instrument) bool { return ins.ID == id })
	if i < 0 {
		return nil, Errorf(NotFound, "wave %s has no instrument %s", q.Wave, id)
	}
	packs := slices.DeleteFunc(slices.Clone(q.Packs), func(pack *Wording) bool { return pack.Instrument != id })
	return NewQuestionnaire(q.Study, q.Wave, q.Instruments[i:i+1], packs)
}

// Printable lists the languages in which a questionnaire of the study can be printed: not those that are written from right to
// left.
func (s *Study) Printable(q *Questionnaire) []string {
	return slices.DeleteFunc(q.Languages(), s.RightToLeft)
}

// PrintedHash names what a questionnaire says in a language: the same instruments in other words have another.
func (q *Questionnaire) PrintedHash(language string) string {
	sum := sha256.New()
	sum.Write([]byte(q.Hash))
	for _, ins := range q.Instruments {
		if pack, _ := q.Wording(ins, language); pack != nil {
			sum.Write([]byte("\n" + pack.Hash))
		}
	}
	return hex.EncodeToString(sum.Sum(nil)[:16])
}

// Unprintable returns the first character of a pack that cannot be drawn, and 0 where all can. White space always can.
func (w *Wording) Unprintable(has func(rune) bool) rune {
	lacking := func(text string) rune {
		for _, r := range text {
			if !unicode.IsSpace(r) && !has(r) {
				return r
			}
		}
		return 0
	}
	found := cmp.Or(lacking(w.Title), lacking(w.Intro))
	for _, code := range slices.Sorted(maps.Keys(w.items)) {
		item := w.items[code]
		found = cmp.Or(found, lacking(item.title), lacking(item.text), lacking(item.hint))
		for _, value := range slices.Sorted(maps.Keys(item.labels)) {
			found = cmp.Or(found, lacking(item.labels[value]))
		}
	}
	return found
}
