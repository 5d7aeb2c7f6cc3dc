package server

import (
	"slices"

	"wellwave/surveys"
)

// span is a run of items of a questionnaire, the last one not included.
type span struct{ from, to int }

// wholeOf returns the span of all items.
func wholeOf(q *surveys.Questionnaire) span { return span{0, len(q.Items)} }

// mostColumns is how many answers fit beside a question on a tablet.
const mostColumns = 7

// gridAt returns the questions that can stand in a table with the i-th: of the same instrument, with the same answers in
// the same words, and each asked whatever was answered before.
func (w wording) gridAt(q *surveys.Questionnaire, i int) (span, bool) {
	in := span{i, i + 1}
	if !w.tabular(q.Items[i]) {
		return in, false
	}
	for in.from > 0 && w.sameAnswers(q.Items[in.from-1], q.Items[i]) {
		in.from--
	}
	for in.to < len(q.Items) && w.sameAnswers(q.Items[in.to], q.Items[i]) {
		in.to++
	}
	return in, in.to-in.from > 1
}

func (w wording) tabular(item surveys.QuestionItem) bool {
	one := item.Kind == surveys.KindLikert || item.Kind == surveys.KindSingle || item.Kind == surveys.KindYesNo
	return one && len(item.Options) <= mostColumns && item.EnableWhen == nil && w.packs[item.Instrument] != nil
}

func (w wording) sameAnswers(a, b surveys.QuestionItem) bool {
	if a.Instrument != b.Instrument || !w.tabular(a) || !slices.Equal(a.Options, b.Options) {
		return false
	}
	pack := w.packs[a.Instrument]
	return !slices.ContainsFunc(a.Options, func(value float64) bool { return pack.Label(a.Code, value) != pack.Label(b.Code, value) })
}
