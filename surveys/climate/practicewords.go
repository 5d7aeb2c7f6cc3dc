package climate

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"wellwave/scoring/decimal"
	"wellwave/surveys/disclosure"
)

// When says which round it is and when it was held.
func (p *PracticeReport) When() string { return p.Round + ", " + p.Held.Format("January 2006") }

// ResponseSays says how many of the team answered.
func (p *PracticeReport) ResponseSays() string {
	band := p.Response
	switch {
	case !p.Took:
		return "Your practice took no part in this round."
	case band.Most:
		return "Most of your team answered."
	case band.High == 0:
		return "Nobody of your team answered."
	case band.Low == 0:
		return fmt.Sprintf("Fewer than %d of your team answered.", band.High+1)
	}
	return fmt.Sprintf("%d to %d of your team answered.", band.Low, band.High)
}

// middle is the middle of the scale: below it nothing is called a strength.
const middle = (bottom + top) / 2

// Lead says what the practice's strength is and where it differs most from all practices, of two alike the one that stands
// first. It is empty where nothing of the practice's own is shown.
func (p *PracticeReport) Lead() string {
	best, far := p.best(1), p.farthest()
	if best == nil {
		return ""
	}
	worst := p.best(-1)
	strength := best.Title + " is your strength"
	switch level := *best.Mean; {
	case len(p.shown()) == 1:
		strength = ""
	case *worst.Mean*p.better[worst.ID] == *best.Mean*p.better[best.ID]:
		strength = "Your team answered every theme alike"
	case (level-middle)*p.better[best.ID] <= 0:
		strength = best.Title + " is the theme in which your team does best"
	}
	differs := ""
	if far != nil {
		apart, _ := far.Apart()
		differs = inSentence(far.Title) + " is where your team differs most from all practices: " + aboveBelow(apart)
		if apart == 0 {
			differs = noneDiffers
		}
	}
	switch {
	case strength == "" && differs == "":
		return ""
	case differs == "":
		return strength + "."
	case strength == "":
		return sentence(differs)
	}
	if far.ID == best.ID && differs != noneDiffers && strength == best.Title+" is your strength" {
		apart, _ := far.Apart()
		if apart < 0 {
			return strength + "; all the same it is where your team differs most from all practices: " + aboveBelow(apart) + "."
		}
		return strength + ", and where your team differs most from all practices: " + aboveBelow(apart) + "."
	}
	return strength + "; " + differs + "."
}

const noneDiffers = "in no theme does your team differ from all practices by a tenth of a point"

func aboveBelow(apart float64) string {
	if apart < 0 {
		return Decimal(-apart, 1) + " below"
	}
	return Decimal(apart, 1) + " above"
}

// shown are the factors of which the practice's own mean is shown.
func (p *PracticeReport) shown() []*PracticeFactor {
	var shown []*PracticeFactor
	for i := range p.Factors {
		if p.Factors[i].Mean != nil {
			shown = append(shown, &p.Factors[i])
		}
	}
	return shown
}

// best returns the factor with the best mean, or with side −1 the one with the worst, nil where none is shown.
func (p *PracticeReport) best(side float64) *PracticeFactor {
	var best *PracticeFactor
	for _, f := range p.shown() {
		if best == nil || side*p.better[f.ID]*(*f.Mean) > side*p.better[best.ID]*(*best.Mean) {
			best = f
		}
	}
	return best
}

// farthest returns the factor in which the practice lies farthest from all practices.
func (p *PracticeReport) farthest() *PracticeFactor {
	var far *PracticeFactor
	most := -1.0
	for _, f := range p.shown() {
		if apart, ok := f.Apart(); ok && max(apart, -apart) > most {
			far, most = f, max(apart, -apart)
		}
	}
	return far
}

// Withheld says why the practice reads nothing of its own, nil where it does.
func (p *PracticeReport) Withheld() []string {
	switch {
	case p.Own():
		return nil
	case !p.Took:
		return []string{"So there are no figures of your own. How all practices answered may be of use in a meeting all the same."}
	}
	says := []string{fmt.Sprintf("The figures of a practice are shown from %d answers on, if at least %s of the team answered. With fewer, a figure could point at single "+
		"colleagues, and this survey promises that it never does.", p.Rules.MeanFrom, partOf(p.Rules.MeanShare))}
	if slices.ContainsFunc(p.Factors, func(f PracticeFactor) bool { return f.Counted }) {
		return append(says, "Nothing that your team answered is lost: together with the answers of other practices it counts in the average of all practices.")
	}
	return append(says, fmt.Sprintf("Answers of small numbers count in the average of all practices only together, from %d practices on.", p.Rules.PoolFrom))
}

func partOf(of float64) string {
	if of == 0.5 {
		return "half"
	}
	return Decimal(100*of, 0) + "%"
}

// ChangeSays says which of the practice's changes are more than chance makes.
func (p *PracticeReport) ChangeSays() string {
	if !p.Own() {
		return ""
	}
	if p.Before == "" {
		return "This was the first round, so there is no change to show yet."
	}
	var rose, fell []string
	changes := 0
	for _, f := range p.shown() {
		change, ok := f.Change()
		if !ok {
			continue
		}
		changes++
		switch {
		case f.Chance == nil:
		case change > *f.Chance:
			rose = append(rose, inSentence(f.Title))
		case -change > *f.Chance:
			fell = append(fell, inSentence(f.Title))
		}
	}
	switch {
	case changes == 0:
		return "Your own figures of the round before are not shown, so there is no change to show."
	case rose == nil && fell == nil:
		return "Since the round before, no theme of yours changed by more than chance alone can make of it."
	}
	var parts []string
	if rose != nil {
		parts = append(parts, and(rose)+" rose")
	}
	if fell != nil {
		parts = append(parts, and(fell)+" fell")
	}
	says := "Since the round before, " + strings.Join(parts, " and ") + " by more than chance alone makes."
	if changes > len(rose)+len(fell) {
		says += " What else changed may be chance."
	}
	return says
}

// ChanceSays says how large chance is, over all factors; empty where nothing of the practice's own is shown.
func (p *PracticeReport) ChanceSays() string {
	most, compared := 0.0, false
	for _, f := range p.shown() {
		if f.Chance != nil {
			most = max(most, *f.Chance)
		}
		_, ok := f.Change()
		compared = compared || ok
	}
	switch {
	case most == 0:
		return ""
	case !compared:
		return fmt.Sprintf("In a team of your size, the next round may lie up to %s above or below this one by chance alone, even if nothing has changed.", Decimal(most, 1))
	}
	return fmt.Sprintf("In a team of your size, a change of up to %s either way is what chance alone makes, even if nothing has changed.", Decimal(most, 1))
}

// AverageSays says how all practices changed since the round before, with the 95 % interval in plain words.
func (f PracticeFactor) AverageSays() string {
	g := f.Average
	switch {
	case g.Change == nil:
		return "not shown"
	case g.Low == nil || g.High == nil:
		return Signed(*g.Change, 2) + "; how much of it is chance cannot be said"
	}
	between := fmt.Sprintf(" (between %s and %s)", Signed(*g.Low, 2), Signed(*g.High, 2))
	switch {
	case *g.Low > 0:
		return "rose by " + Decimal(*g.Change, 2) + ", more than by chance" + between
	case *g.High < 0:
		return "fell by " + Decimal(-*g.Change, 2) + ", more than by chance" + between
	}
	return Signed(*g.Change, 2) + ", which may be chance" + between
}

// StatementsSay says why some statements or all are not listed; empty where every one may be.
func (p *PracticeReport) StatementsSay() string {
	rule := fmt.Sprintf("A statement is shown from %d answers on, and only if there are some in each of the three groups: "+
		"where all answered alike, everybody’s answer would be known.", p.Rules.ItemFrom)
	switch {
	case !p.Own() || p.Unlisted == 0:
		return ""
	case len(p.Strongest) == 0:
		return "No single statement can be shown. " + rule
	case p.Unlisted == 1:
		return "One statement cannot be shown, and may be among your strongest or weakest. " + rule
	}
	return fmt.Sprintf("%d statements cannot be shown, and may be among your strongest or weakest. %s", p.Unlisted, rule)
}

// RolesSay says who answered, by their work and by how long they have been there, where that may be shown; else it is empty.
func (p *PracticeReport) RolesSay() string {
	return MixSays("Who answered", p.Roles, p.Tenures)
}

// MixSays says what people said about themselves, after a few words on who they are; empty where nothing may be shown. Tenures
// may be nil.
func MixSays(who string, roles disclosure.Mix, tenures *disclosure.Mix) string {
	var says []string
	if parts := mixParts(roles); parts != "" {
		says = append(says, who+", to the nearest 10%: "+parts+".")
	}
	if tenures != nil {
		if parts := mixParts(*tenures); parts != "" {
			if len(says) > 0 {
				who = "How long they have worked there"
			} else {
				who += ", by how long they have worked there"
			}
			says = append(says, who+", to the nearest 10%: "+parts+".")
		}
	}
	return strings.Join(says, " ")
}

// mixParts lists the shares of a mix, empty where it is hidden.
func mixParts(mix disclosure.Mix) string {
	if mix.Hidden != 0 || len(mix.Shown) == 0 {
		return ""
	}
	var parts []string
	for _, share := range mix.Shown {
		parts = append(parts, share.Name+" "+shareSays(share.Percent))
	}
	if len(mix.Rest) > 0 {
		parts = append(parts, and(mix.Rest)+" together "+shareSays(mix.RestPercent))
	}
	return strings.Join(parts, "; ")
}

// shareSays says a share to the nearest 10 %, which is never of nobody.
func shareSays(percent int) string {
	if percent == 0 {
		return "under 5%"
	}
	return fmt.Sprintf("%d%%", percent)
}

// CannotSay lists what the numbers cannot say, and what everybody may rely on.
func (p *PracticeReport) CannotSay() []string {
	var says []string
	if chance := p.ChanceSays(); chance != "" {
		says = append(says, chance+" A difference from other practices is no proof that one is safer.")
	}
	says = append(says, fmt.Sprintf("Nobody can see who answered what. Means are shown from %d answers and %s of a team, statements from %d answers, in three groups and to the "+
		"nearest 10%%, so their shares may add up to 90 or 110; roles from %d answers.", p.Rules.MeanFrom, partOf(p.Rules.MeanShare), p.Rules.ItemFrom, p.Rules.RolesFrom))
	says = append(says, p.AllSays())
	if p.Before != "" && slices.ContainsFunc(p.Factors, func(f PracticeFactor) bool { return f.Average.Low != nil }) {
		says = append(says, "“Between” is the 95% interval: in 19 of 20 such surveys it holds the true change of practices like these. "+
			"A change of your own is the difference of the two means as they are shown.")
	}
	return says
}

// AllSays says what is meant by all practices, or why they are not shown.
func (p *PracticeReport) AllSays() string {
	low, high := 0, 0
	for _, f := range p.Factors {
		if f.All != nil {
			if low == 0 {
				low = f.Practices
			}
			low, high = min(low, f.Practices), max(high, f.Practices)
		}
	}
	switch {
	case high == 0:
		return fmt.Sprintf("How all practices answered is shown where at least %d others are in it, so that nobody can work out the figures of one.", p.Rules.PoolFrom)
	case low == high:
		return fmt.Sprintf("All practices: the %d practices of this study whose answers may be shown, each counting alike.", high)
	}
	return fmt.Sprintf("All practices: the %d to %d practices of this study whose answers may be shown, each counting alike.", low, high)
}

// String puts a group of answers into words, as 80% agree.
func (a Answered) String() string { return strconv.Itoa(a.Percent) + "% " + a.Says }

// Decimal writes x with a true minus sign, and never as minus nought.
func Decimal(x float64, decimals int) string {
	s := decimal.Fixed(x, decimals)
	digits, negative := strings.CutPrefix(s, "-")
	if negative && strings.Trim(digits, "0.") != "" {
		return "−" + digits
	}
	return digits
}

// Signed is Decimal with a plus sign before what is above 0.
func Signed(x float64, decimals int) string {
	if s := Decimal(x, decimals); x < 0 || strings.Trim(s, "0.") == "" {
		return s
	}
	return "+" + Decimal(x, decimals)
}

// and joins names as a sentence does.
func and(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}

// inSentence returns a title with a small first letter, unless the word starts with an abbreviation.
func inSentence(title string) string {
	first, size := utf8.DecodeRuneInString(title)
	second, _ := utf8.DecodeRuneInString(title[size:])
	if size == 0 || unicode.IsUpper(second) || unicode.IsDigit(second) {
		return title
	}
	return string(unicode.ToLower(first)) + title[size:]
}

// sentence makes a sentence of words.
func sentence(words string) string {
	first, size := utf8.DecodeRuneInString(words)
	return string(unicode.ToUpper(first)) + words[size:] + "."
}

// HigherIsBetter reports whether a high mean is good in every factor.
func (p *PracticeReport) HigherIsBetter() bool {
	for _, side := range p.better {
		if side < 0 {
			return false
		}
	}
	return true
}
