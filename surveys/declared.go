package surveys

import (
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Whoever is enrolled by a file has agreed somewhere else, if at all: on paper, or in another system. That is for the study
// team to declare, and it is kept as their word and not as the person's: on a page of the study they are asked all the same.

// DeclaredConsent is what the study team declares of somebody who agreed elsewhere.
type DeclaredConsent struct {
	Version string    // of the consent text
	On      time.Time // the first moment of the day on which they agreed
	Basis   string    // what the declaration rests on, such as where the signed forms are
	By      string    // who declares it
}

// ConsentDeclaration shows how a declaration is written, for a study with this version of the consent text.
func ConsentDeclaration(version string, on time.Time) string {
	return `--consent-declared "version ` + version + `; ` + on.Format(time.DateOnly) + `; signed forms kept at the sites; A. Researcher"`
}

var (
	declaredDay     = regexp.MustCompile(`\b[0-9]{4}-[0-9]{2}-[0-9]{2}\b`)
	declaredVersion = regexp.MustCompile(`(?i)\b(?:version\b[ =:]*|v[.=: ]*([0-9]))([^\s;,]*)`)
	declaredBy      = regexp.MustCompile(`(?i)^(?:(?:declared|declares|who)?[ _-]?(?:by|declares|who|declarer))\b[ =:]*`)
	declaredKey     = regexp.MustCompile(`(?i)^(?:basis|day|date|on|of|from)\b[ =:]*`)
)

// ReadDeclaredConsent reads a declaration: version, day, basis and who declares it, with semicolons or commas between them
// and, if somebody likes, with their names before them. known are the versions that the study's consent text has had. It fails
// with Invalid where one of the four is missing.
func ReadDeclaredConsent(text string, known []string, zone *time.Location) (DeclaredConsent, error) {
	var d DeclaredConsent
	wrong := func(what string) (DeclaredConsent, error) {
		version := "1"
		if len(known) > 0 {
			version = known[0]
		}
		return d, Errorf(Invalid, "the declaration of consent %s: write version, day, basis and who declares it, such as %s", what, ConsentDeclaration(version, time.Now().In(zone)))
	}
	if !utf8.ValidString(text) || len(text) > maxTitle {
		return wrong("is too long")
	}
	separator := ","
	if strings.Contains(text, ";") {
		separator = ";"
	}
	var parts []string
	for part := range strings.SplitSeq(text, separator) {
		part = strings.TrimSpace(part)
		if day := declaredDay.FindString(part); day != "" && d.On.IsZero() {
			on, err := ParseDay(day, zone)
			if err != nil {
				return wrong("has no day of the calendar")
			}
			d.On, part = on, strings.Replace(part, day, "", 1)
		}
		if found := declaredVersion.FindStringSubmatch(part); found != nil && d.Version == "" {
			d.Version, part = strings.Trim(found[1]+found[2], `"'`), strings.Replace(part, found[0], "", 1)
		} else if d.Version == "" && slices.Contains(known, part) {
			d.Version, part = part, ""
		}
		part = strings.TrimSpace(declaredKey.ReplaceAllString(strings.TrimSpace(part), ""))
		switch bare := declaredBy.ReplaceAllString(part, ""); {
		case bare != part && d.By == "":
			d.By = strings.TrimSpace(bare)
		case part != "":
			parts = append(parts, part)
		}
	}
	if d.By == "" && len(parts) > 1 {
		d.By, parts = parts[len(parts)-1], parts[:len(parts)-1]
	}
	d.Basis = strings.Join(parts, separator+" ")
	switch {
	case d.Version == "":
		return wrong("does not say which version of the text")
	case d.On.IsZero():
		return wrong("does not say on which day")
	case d.Basis == "":
		return wrong("does not say what it rests on")
	case d.By == "":
		return wrong("does not say who declares it")
	}
	return d, nil
}

// Check fails with Invalid for a version that the consent text never had, and for a day that has not come.
func (d *DeclaredConsent) Check(known []string, now time.Time) error {
	switch {
	case !slices.Contains(known, d.Version):
		return Errorf(Invalid, "the consent text of this study has no version “%s”; it has had %s", Excerpt(d.Version), strings.Join(known, ", "))
	case d.On.After(now):
		return Errorf(Invalid, "consent is declared for %s, which has not come yet", d.On.Format(time.DateOnly))
	}
	return nil
}
