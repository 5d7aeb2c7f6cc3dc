package signedin

import (
	"fmt"
	"strconv"

	"wellwave/server/page"
	"wellwave/surveys"
	"wellwave/surveys/monitor"
)

// CountCell is a cell with a whole number.
func CountCell(n int) page.Cell { return page.NumberCell(strconv.Itoa(n)) }

// ShareOf is n as a percentage, and nothing where there is nothing to have a share of.
func ShareOf(n, of int) string {
	if of == 0 {
		return ""
	}
	return monitor.FormatPercent(float64(n) / float64(of))
}

// YesNo is one of two texts.
func YesNo(condition bool, yes, no string) string {
	if condition {
		return yes
	}
	return no
}

// Plural is a number with its noun.
func Plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}

// WindowSays says when a wave can be answered.
func WindowSays(study *surveys.Study, wave surveys.Wave) string {
	if wave.Audience == surveys.Staff {
		return page.SayDay(wave.Opens, study.Zone) + " to " + page.SayDay(surveys.AddDays(wave.Closes, -1), study.Zone)
	}
	if wave.Baseline {
		return fmt.Sprintf("the baseline itself; open for %s", Plural(wave.After, "day", "days"))
	}
	return fmt.Sprintf("due %s after baseline, open %d before to %d after", Plural(wave.DueAfter, "day", "days"), wave.Before, wave.After)
}

// ShortHash is the part of a hash that people compare.
func ShortHash(hash string) string { return hash[:min(12, len(hash))] }
