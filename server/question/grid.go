package question

import (
	"slices"

	"wellwave/surveys"
)

// Span is a run of items of a questionnaire, from From up to but not including To.
type Span struct{ From, To int }

// WholeOf returns the span of all items.
func WholeOf(q *surveys.Questionnaire) Span { return Span{0, len(q.Items)} }

// mostColumns is how many answers fit beside a question on a kiosk.
const mostColumns = 7

// GridAt returns the questions that can be shown in one table with the i-th. They belong to the same instrument, have the
// same answers in the same words, and are asked whatever was answered before.
func (w Wording) GridAt(q *surveys.Questionnaire, i int) (Span, bool) {
	in := Span{i, i + 1}
	if !w.tabular(q.Items[i]) {
		return in, false
	}
	for in.From > 0 && w.sameAnswers(q.Items[in.From-1], q.Items[i]) {
		in.From--
	}
	for in.To < len(q.Items) && w.sameAnswers(q.Items[in.To], q.Items[i]) {
		in.To++
	}
	return in, in.To-in.From > 1
}

func (w Wording) tabular(item surveys.QuestionItem) bool {
	one := item.Kind == surveys.KindLikert || item.Kind == surveys.KindSingle || item.Kind == surveys.KindYesNo
	return one && len(item.Options) <= mostColumns && item.EnableWhen == nil && w.packs[item.Instrument] != nil
}

func (w Wording) sameAnswers(a, b surveys.QuestionItem) bool {
	if a.Instrument != b.Instrument || !w.tabular(a) || !slices.Equal(a.Options, b.Options) {
		return false
	}
	pack := w.packs[a.Instrument]
	return !slices.ContainsFunc(a.Options, func(value float64) bool { return pack.Label(a.Code, value) != pack.Label(b.Code, value) })
}
