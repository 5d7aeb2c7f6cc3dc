package surveys

import (
	"crypto/sha256"
	"maps"
	"slices"

	"wellwave/surveys/locale"
)

// Translation is what a study itself says to participants, in another language than its file's. The study team writes it
// into the study file.
type Translation struct {
	Language string // BCP 47, such as ar
	Reviewed Review
	Title    string
	Contact  string
	Intro    string            // of the consent text
	Clauses  map[string]string // by id
	Waves    map[WaveID]string // titles
	Safety   string            // shown after an answer that raised an alert; empty where the study has no safety plan
}

func (s *Study) translation(language string) (Translation, bool) {
	i := slices.IndexFunc(s.Translations, func(t Translation) bool { return sameLanguage(t.Language, language) })
	if i < 0 {
		return Translation{}, false
	}
	return s.Translations[i], true
}

// In returns the study as it speaks to participants in a language: the study itself where it has no words in it.
func (s *Study) In(language string) *Study {
	t, ok := s.translation(language)
	if !ok {
		return s
	}
	said := *s
	said.Title, said.Contact = t.Title, t.Contact
	said.Consent = s.Consent.in(t)
	said.Waves = slices.Clone(s.Waves)
	for i := range said.Waves {
		said.Waves[i] = t.wave(said.Waves[i])
	}
	if s.Safety != nil {
		safety := *s.Safety
		safety.Text = t.Safety
		said.Safety = &safety
	}
	return &said
}

// WaveIn returns a wave of the study as it is called in a language.
func (s *Study) WaveIn(wave Wave, language string) Wave {
	if t, ok := s.translation(language); ok {
		return t.wave(wave)
	}
	return wave
}

func (t Translation) wave(wave Wave) Wave {
	wave.Title = t.Waves[wave.ID]
	return wave
}

func (c Consent) in(t Translation) Consent {
	c.Intro = t.Intro
	c.Clauses = slices.Clone(c.Clauses)
	for i := range c.Clauses {
		c.Clauses[i].Text = t.Clauses[c.Clauses[i].ID]
	}
	return c
}

// Offered lists the languages in which people can answer a questionnaire of the study: those that the product speaks and
// in which the study and every instrument have all their words, and once real people answer, where somebody has reviewed
// each of these. Its own language, English, comes first, and is the one in which a questionnaire may still show what has
// words in no other.
func (s *Study) Offered(q *Questionnaire, state StudyState) []string {
	unreviewed := s.Demo || !state.Fixed() // is enough to try a study out
	var offered []string
	for _, pack := range s.Packs() {
		translation, translated := s.translation(pack.Language)
		source := pack.Language == locale.Source
		switch {
		case source:
		case !translated, !unreviewed && (!pack.Ready() || translation.Reviewed.By == ""):
			continue
		case slices.ContainsFunc(q.Instruments, func(ins *Instrument) bool { return !q.worded(ins, pack.Language, unreviewed) }):
			continue
		}
		offered = append(offered, pack.Language)
	}
	return offered
}

// worded reports whether an instrument has all its words in a language.
func (q *Questionnaire) worded(ins *Instrument, language string, unreviewed bool) bool {
	pack, exact := q.Wording(ins, language)
	return exact && len(ins.Missing(pack)) == 0 && (unreviewed || pack.Reviewed.By != "" && !pack.Neutral)
}

// Unreviewed reports whether somebody who reads the questionnaire in a language reads words that nobody has reviewed.
func (s *Study) Unreviewed(q *Questionnaire, language string) bool {
	pack, ok := s.Pack(language)
	translation, _ := s.translation(language)
	return ok && language != locale.Source && (!pack.Ready() || translation.Reviewed.By == "" ||
		slices.ContainsFunc(q.Instruments, func(ins *Instrument) bool { return !q.worded(ins, language, false) }))
}

// readInterfaces takes the interface packs in the languages that the study is translated into.
func (r *studyReader) readInterfaces() {
	for _, pack := range r.own {
		if _, translated := r.f.Translations[pack.Language]; translated {
			r.study.Interfaces = append(r.study.Interfaces, pack)
		}
	}
}

// hashOf returns what a version of a study is known by: its file, and the interface packs that it takes.
func hashOf(data []byte, translations map[string]translationEntry, own []InterfaceSource) [sha256.Size]byte {
	sum := sha256.Sum256(data)
	for _, pack := range own {
		if _, translated := translations[pack.Language]; translated {
			of := sha256.Sum256(pack.Source)
			sum = sha256.Sum256(append(sum[:], of[:]...))
		}
	}
	return sum
}

type translationEntry struct {
	Reviewed *reviewEntry            `yaml:"reviewed"`
	Title    string                  `yaml:"title"`
	Contact  string                  `yaml:"contact"`
	Consent  consentTranslationEntry `yaml:"consent"`
	Waves    map[string]string       `yaml:"waves"`
	Safety   string                  `yaml:"safety"`
}

type consentTranslationEntry struct {
	Intro   string            `yaml:"intro"`
	Clauses map[string]string `yaml:"clauses"`
}

// readTranslations reads what the study says in other languages, after everything that they translate.
func (r *studyReader) readTranslations() {
	for _, language := range slices.Sorted(maps.Keys(r.f.Translations)) {
		path, e := "translations."+language, r.f.Translations[language]
		if _, ok := r.study.Pack(language); !ok || language == locale.Source {
			r.wrong(path, "“%s” is not a language that the pages for participants can be shown in besides English; there is: %s. Another needs an interface pack beside the study file", language, r.otherLanguages())
		}
		t := Translation{Language: language, Reviewed: parseReview(r.doc, path+".reviewed", e.Reviewed),
			Title:   r.text(path+".title", e.Title, "the title of the study", maxTitle),
			Contact: r.text(path+".contact", e.Contact, "the contact", maxTitle),
			Waves:   make(map[WaveID]string), Clauses: make(map[string]string)}
		for _, wave := range r.study.Waves {
			t.Waves[wave.ID] = r.text(path+".waves."+string(wave.ID), e.Waves[string(wave.ID)], "the title of this wave", maxTitle)
			delete(e.Waves, string(wave.ID))
		}
		if consent := r.study.Consent; consent.Version != "" {
			t.Intro = r.text(path+".consent.intro", e.Consent.Intro, "the introduction of the consent text", maxText)
			for _, clause := range consent.Clauses {
				t.Clauses[clause.ID] = r.text(path+".consent.clauses."+clause.ID, e.Consent.Clauses[clause.ID], "the text of this clause", maxText)
				delete(e.Consent.Clauses, clause.ID)
			}
		}
		if r.study.Safety != nil {
			t.Safety = r.text(path+".safety", e.Safety, "the text that is shown after an answer that raised an alert", maxSafetyText)
		}
		for _, id := range slices.Sorted(maps.Keys(e.Waves)) {
			r.wrong(path+".waves."+id, "the study has no wave “%s”", id)
		}
		for _, id := range slices.Sorted(maps.Keys(e.Consent.Clauses)) {
			r.wrong(path+".consent.clauses."+id, "the consent text has no clause “%s”", id)
		}
		r.study.Translations = append(r.study.Translations, t)
	}
}

// otherLanguages lists the languages of the interface besides English.
func (r *studyReader) otherLanguages() string {
	list := ""
	for _, pack := range r.study.Packs()[1:] {
		if list != "" {
			list += ", "
		}
		list += pack.Language
	}
	return list
}
