package release

import (
	"slices"
	"strings"

	"wellwave/surveys"
)

// keyColumn returns the column of a key, or false where the key is an item that the wave does not ask.
func keyColumn(study *surveys.Study, q *surveys.Questionnaire, key surveys.KeyColumn) (Column, bool) {
	c := Column{Name: key.Name, Class: surveys.ClassKey, Type: Code}
	whole := true
	switch key.Name {
	case FromArm.String():
		c.From, c.Label = FromArm, "Arm of the study"
		for _, arm := range study.Arms {
			c.Options = append(c.Options, Option{string(arm.ID), arm.Title})
		}
	case FromSite.String():
		c.From, c.Label = FromSite, "Site that recruited the person"
		for _, site := range study.Sites {
			c.Options = append(c.Options, Option{string(site.ID), site.Title})
		}
	case FromDecile.String():
		c.From, c.Type, c.Min, c.Max = FromDecile, Number, 1, 10
		c.Label = "Tenth of the Scottish Index of Multiple Deprivation, 1 the most deprived"
	case FromQuintile.String():
		c.From, c.Type, c.Min, c.Max = FromQuintile, Number, 1, 5
		c.Label = "Fifth of the Scottish Index of Multiple Deprivation, 1 the most deprived"
	default:
		item, ok := q.Item(key.Name)
		if !ok {
			return Column{}, false
		}
		c = itemColumn(q, item, surveys.ClassKey)
		whole = item.Kind != surveys.KindDecimal
	}
	if len(key.Bands) > 0 && c.banded() {
		c.Type, c.Bands, c.Labels, c.Options = Banded, key.Bands, bandLabels(key.Bands, whole), nil
	}
	c.Bottom, c.Top = key.Bottom, key.Top
	if c.Bottom != nil {
		c.Min = max(c.Min, *c.Bottom)
	}
	if c.Top != nil {
		c.Max = min(c.Max, *c.Top)
	}
	c.group(key.Groups)
	return c, true
}

// group puts options together.
func (c *Column) group(groups []surveys.KeyGroup) {
	for _, g := range groups {
		together := Group{Label: g.Label}
		for _, option := range g.Options {
			together.Codes = append(together.Codes, surveys.FormatNumber(option))
		}
		var labels []string
		c.Options = slices.DeleteFunc(slices.Clone(c.Options), func(o Option) bool {
			found := slices.Contains(together.Codes, o.Code)
			if found {
				labels = append(labels, o.Label)
			}
			return found
		})
		c.Options = append(c.Options, Option{g.Label, strings.Join(labels, "; ")})
		c.Groups = append(c.Groups, together)
	}
}

// banded reports whether the column's values are numbers that bands can cut.
func (c *Column) banded() bool {
	return c.Type == Number || c.Type == Days || c.From == FromItem && (c.Type == Code || c.Type == Boolean)
}

func paradataColumn(name string) Column {
	c := Column{Name: name, Class: surveys.ClassParadata, Type: Code}
	switch name {
	case FromMode.String():
		c.From, c.Label = FromMode, "How the answers were collected"
		c.Options = described(surveys.DescribedModes())
	case FromLanguage.String():
		c.From, c.Label = FromLanguage, "Language of the questionnaire (BCP 47)"
	case FromHelper.String():
		c.From, c.Label = FromHelper, "Who helped with the answers; empty for nobody"
		c.Options = described(surveys.DescribedHelpers())
	case FromPlace.String():
		c.From, c.Label = FromPlace, "Where the answers were given; empty where it is not known"
		c.Options = described(surveys.DescribedPlaces())
	case FromAids.String():
		c.From, c.Type, c.Label = FromAids, Set, "Aids to reading that were used for any of the answers; empty for none"
		c.Options = described(surveys.DescribedAids())
	case FromProxy.String():
		c.From, c.Type, c.Label = FromProxy, Boolean, "Whether somebody else gave any of the answers in the person's place"
	case FromDay.String():
		c.From, c.Type, c.Label = FromDay, Days, "Day of the answers, in days since the person's baseline; empty where it is not known"
	case FromLate.String():
		c.From, c.Type, c.Label = FromLate, Number, "The most days after closing on which any of the answers came, 1 for the first; 0 where all came in time"
	default:
		c.Type = 0
	}
	return c
}

// described are the codes that a codebook describes.
func described(codes []surveys.Choice) []Option {
	options := make([]Option, len(codes))
	for i, one := range codes {
		options[i] = Option{one.Code, one.Label}
	}
	return options
}

// typeOf says how an item's cells are read; 0 for what is never released.
func typeOf(kind surveys.ItemKind) Type {
	switch kind {
	case surveys.KindSingle, surveys.KindLikert:
		return Code
	case surveys.KindMultiple:
		return Set
	case surveys.KindRating, surveys.KindVAS, surveys.KindInteger, surveys.KindDecimal:
		return Number
	case surveys.KindYesNo:
		return Boolean
	case surveys.KindDate:
		return Days
	default: // what people write themselves, and texts to read
		return 0
	}
}

func itemColumn(q *surveys.Questionnaire, item surveys.QuestionItem, class surveys.Class) Column {
	c := Column{Name: item.Code, Class: class, From: FromItem, Instrument: string(item.Instrument.ID), Type: typeOf(item.Kind), Label: item.Code,
		Source: item.Instrument.Title + ", version " + item.Instrument.Version}
	if c.Type == Number {
		c.Min, c.Max = item.Min, item.Max
	}
	words := wordsFor(q, item.Instrument)
	if words != nil {
		c.Label = words.Question(item.Code)
	}
	if item.Kind.Chosen() {
		for _, value := range item.Options {
			option := Option{Code: surveys.FormatNumber(value)}
			if words != nil {
				option.Label = words.Label(item.Code, value)
			}
			c.Options = append(c.Options, option)
		}
	}
	return c
}

// wordsFor returns the pack whose words a codebook may carry: English where there is one. Wording that its holder
// licensed to the study's team is not the team's to pass on, so of such an instrument only neutral labels leave.
func wordsFor(q *surveys.Questionnaire, instrument *surveys.Instrument) *surveys.Wording {
	var best *surveys.Wording
	for _, pack := range q.Packs {
		if pack.Instrument != instrument.ID || pack.Version != instrument.Version ||
			instrument.Licence.Wording == surveys.WordingNeutral && !pack.Neutral {
			continue
		}
		if best == nil || english(pack) && !english(best) {
			best = pack
		}
	}
	return best
}

func english(pack *surveys.Wording) bool {
	return pack.Language == "en" || len(pack.Language) > 2 && pack.Language[:3] == "en-"
}

func scaleColumn(scale surveys.QuestionScale, class surveys.Class) Column {
	lo, hi := scale.Range()
	c := Column{Name: scale.ID(), Class: class, From: FromScale, Type: Number, Label: scale.Definition().Title, Min: lo, Max: hi,
		Rule: scale.Definition().Rule, Source: scale.Definition().Source}
	if direction := scale.Definition().Direction; direction != "" {
		c.Label += " (" + direction + ")"
	}
	if scale.Definition().Unconfirmed {
		c.Source += " (unconfirmed)"
	}
	return c
}
