// Package question shows the items of a questionnaire in a language and reads what a form holds for them. Participants
// answer them, and the office types them from paper.
package question

import (
	"fmt"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"wellwave/server/page"
	"wellwave/surveys"
	"wellwave/surveys/locale"
)

// Wording is what a questionnaire says in one language, with one pack for each instrument.
type Wording struct {
	*locale.Pack                 // what the pages around it say
	languages    []page.Language // in which it is also available
	Neutral      bool            // some instrument has only neutral labels
	unreviewed   bool            // some of it has not been reviewed
	packs        map[*surveys.Instrument]*surveys.Wording
	foreign      map[*surveys.Instrument]bool // instruments without a pack in this language
	Listen       string                       // the button that reads a question out; none where empty
}

// WordingFor returns what a questionnaire of a study says to a reader.
func WordingFor(r page.Reader, study *surveys.Study, q *surveys.Questionnaire, state surveys.StudyState) Wording {
	offered := study.Offered(q, state)
	pack := r.Among(offered, study.Pack)
	w := WordingOf(q, pack, pack.Language)
	w.languages = page.OtherLanguages(offered, pack, study.Pack)
	w.unreviewed = study.Unreviewed(q, w.Language)
	return w
}

// Base is the frame of a page for participants of a study. Its title is in their language.
func (w Wording) Base(title string, study *surveys.Study, state surveys.StudyState, r page.Reading) page.Base {
	base := page.PlainBaseIn(w.Pack, title)
	base.BelongTo(study, state, w.Neutral)
	if w.unreviewed {
		base.Banners = append(base.Banners, page.Banner{Kind: "neutral", Text: w.Say("Nobody has reviewed this translation yet.")})
	}
	base.HelpLines, base.Contact = true, study.Contact
	base.Languages, base.Reading = w.languages, r
	base.Aids = r.Aids(w.Pack, false)
	return base
}

// Problem words a refusal of what somebody typed.
func (w Wording) Problem(err error) string { return page.TroubleOf(err).In(w.Pack) }

// Reason words why an answer was set aside, as the ledger has it.
func (w Wording) Reason(reason string) string { return page.Sentence(w.Say(reason)) }

// WordingOf picks the packs of a questionnaire in a language. For an instrument without one it takes the instrument's first:
// a question in the wrong language can be answered, an empty page cannot.
func WordingOf(q *surveys.Questionnaire, pack *locale.Pack, language string) Wording {
	w := Wording{Pack: pack, packs: make(map[*surveys.Instrument]*surveys.Wording, len(q.Instruments)), foreign: make(map[*surveys.Instrument]bool)}
	for _, ins := range q.Instruments {
		var exact bool
		w.packs[ins], exact = q.Wording(ins, language)
		if pack := w.packs[ins]; pack != nil {
			w.foreign[ins] = !exact
			w.Neutral = w.Neutral || pack.Neutral
		}
	}
	return w
}

// Question returns the view of an item with nothing answered.
func (w Wording) Question(item surveys.QuestionItem) View {
	pack := w.packs[item.Instrument]
	if pack == nil {
		return View{Code: item.Code, Input: "display", Text: item.Code}
	}
	q := View{Code: item.Code, Intro: pack.Intro, Listen: w.Listen, Topic: pack.ItemTitle(item.Code), Text: pack.Question(item.Code), Hint: pack.Hint(item.Code)}
	if w.foreign[item.Instrument] {
		q.Lang, q.Dir = pack.Language, locale.Direction(pack.Language)
	}
	switch item.Kind {
	case surveys.KindSingle, surveys.KindLikert, surveys.KindYesNo:
		q.Input = "choices"
	case surveys.KindMultiple:
		q.Input, q.Multi = "choices", true
		if q.Hint == "" {
			q.Hint = w.Say("Tick all that apply.")
		}
	case surveys.KindRating:
		q.Input = "rating"
	case surveys.KindVAS:
		q.Input, q.Whole, q.Scale = "vas", true, newScale(item.Min, item.Max)
		if q.Hint == "" {
			q.Hint = w.Say("Type a whole number from %s to %s.", q.Scale.Lowest, q.Scale.Highest)
		}
	case surveys.KindInteger:
		q.Input, q.Whole = "number", true
	case surveys.KindDecimal:
		q.Input = "number"
	case surveys.KindDate:
		q.Input = "date"
		for _, part := range DateParts {
			q.Parts = append(q.Parts, Part{ID: item.Code + part.Suffix, Label: w.Say(part.label)})
		}
	case surveys.KindShortText:
		q.Input = "line"
	case surveys.KindLongText:
		q.Input = "long"
	default:
		q.Input = "display"
	}
	if item.Kind == surveys.KindRating || item.Kind == surveys.KindVAS {
		q.Low, q.High = endLabels(item.Item, pack)
	}
	for i, value := range ChoicesOf(item.Item) {
		number := surveys.FormatNumber(value)
		option := Option{ID: item.Code + "-" + strconv.Itoa(i), Value: number, Label: number}
		if item.Kind != surveys.KindRating {
			option.Label = pack.Label(item.Code, value)
		}
		q.Options = append(q.Options, option)
	}
	return q
}

// ChoicesOf returns the values that an item offers to pick from: its options, or each step of a rating.
func ChoicesOf(item *surveys.Item) []float64 {
	if item.Kind != surveys.KindRating {
		return item.Options
	}
	var steps []float64
	for step := item.Min; step <= item.Max; step++ {
		steps = append(steps, step)
	}
	return steps
}

// newScale returns a scale with a tick at each tenth, or only at the ends if the tenths are not whole numbers.
func newScale(lowest, highest float64) *Scale {
	view := &Scale{Lowest: surveys.FormatNumber(lowest), Highest: surveys.FormatNumber(highest)}
	step := (highest - lowest) / 10
	if step != math.Trunc(step) {
		step = highest - lowest
	}
	for tick := highest; tick >= lowest; tick -= step {
		view.Ticks = append(view.Ticks, surveys.FormatNumber(tick))
	}
	return view
}

// endLabels says what both ends of a rating or a visual analogue scale mean, each after its number. Both are empty if the
// pack has no words for them.
func endLabels(item *surveys.Item, pack *surveys.Wording) (low, high string) {
	if len(item.Labelled) == 0 {
		return "", ""
	}
	end := func(value float64) string {
		return fmt.Sprintf("%s: %s", surveys.FormatNumber(value), pack.Label(item.Code, value))
	}
	return end(item.Labelled[0]), end(item.Labelled[len(item.Labelled)-1])
}

// Fill puts what a form held into the view.
func (q *View) Fill(form url.Values) {
	q.Value = form.Get(q.Code)
	for i := range q.Parts {
		q.Parts[i].Value = form.Get(q.Parts[i].ID)
	}
	for i := range q.Options {
		q.Options[i].Chosen = slices.Contains(form[q.Code], q.Options[i].Value)
	}
}

// AnswerWords writes an answer as its page shows it.
func (w Wording) AnswerWords(item surveys.QuestionItem, value surveys.Value) string {
	pack := w.packs[item.Instrument]
	switch {
	case !value.Given() || pack == nil:
		return w.Say(NotAnswered)
	case item.Kind == surveys.KindMultiple:
		var labels []string
		for _, member := range value.Members() {
			labels = append(labels, pack.Label(item.Code, member))
		}
		return strings.Join(labels, "\n")
	case item.Kind.Chosen():
		return pack.Label(item.Code, value.Number)
	case item.Kind == surveys.KindDate:
		day, err := time.Parse(time.DateOnly, value.Text)
		if err != nil {
			return value.Text
		}
		return w.Date(day)
	default:
		return value.String()
	}
}

// Heading returns the heading of an instrument's questions. It is empty if there is only one instrument.
func (w Wording) Heading(q *surveys.Questionnaire, ins *surveys.Instrument) string {
	if pack := w.packs[ins]; pack != nil && len(q.Instruments) > 1 {
		return pack.Title
	}
	return ""
}

// Intro returns what an instrument says before its first question.
func (w Wording) Intro(ins *surveys.Instrument) string {
	if pack := w.packs[ins]; pack != nil {
		return pack.Intro
	}
	return ""
}

// Texts for the absence of an answer.
const NotAnswered = "Not answered"
