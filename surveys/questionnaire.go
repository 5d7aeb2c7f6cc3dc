package surveys

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"wellwave/scoring"
	"wellwave/surveys/locale"
)

// Questionnaire is what a wave asks: the exact instruments, in order. It is named by the hash of what it is made of and
// never changes, so a response can keep the one that it began with.
type Questionnaire struct {
	Hash        string
	Study       StudyID
	Wave        WaveID
	Instruments []*Instrument
	Items       []QuestionItem
	Scales      []QuestionScale
	Packs       []*Wording // every language, of every instrument
	index       map[string]int
	scored      []bool // by item: some scale uses it
	safety      []int  // indexes of the safety items
}

// QuestionItem is an item at its place in a questionnaire.
type QuestionItem struct {
	*Item
	Index      int // from 0
	Instrument *Instrument
	First      bool // the first of its instrument
}

// QuestionScale is a scale over the items of one instrument of a questionnaire.
type QuestionScale struct {
	*scoring.Scale
	Instrument *Instrument
	from, to   int // the instrument's items in Questionnaire.Items
}

// Of returns those of a questionnaire's answers by item that are of the scale's instrument, as the scale takes them.
func (s QuestionScale) Of(answers []scoring.Answer) []scoring.Answer { return answers[s.from:s.to] }

// ScaleScore is the score of one scale with what it was made by.
type ScaleScore struct {
	Scale      ScaleID
	Instrument string // hash
	scoring.Score
}

// NewQuestionnaire puts instruments together in the order given. It fails with Invalid if an item code or scale id
// occurs twice. English packs come first, so that a reader for whom there is no other language gets the source of all.
func NewQuestionnaire(study StudyID, wave WaveID, instruments []*Instrument, packs []*Wording) (*Questionnaire, error) {
	q := &Questionnaire{Study: study, Wave: wave, Instruments: instruments, index: make(map[string]int)}
	for _, english := range []bool{true, false} {
		for _, pack := range packs {
			if sameLanguage(pack.Language, locale.Source) == english {
				q.Packs = append(q.Packs, pack)
			}
		}
	}
	scales := make(map[ScaleID]bool)
	var hashes []string
	for _, ins := range instruments {
		hashes = append(hashes, ins.Hash)
		from := len(q.Items)
		for i := range ins.Items {
			item := &ins.Items[i]
			if _, twice := q.index[item.Code]; twice {
				return nil, Errorf(Invalid, "two instruments of wave %s have an item %s", wave, item.Code)
			}
			q.index[item.Code] = len(q.Items)
			if item.Safety {
				q.safety = append(q.safety, len(q.Items))
			}
			q.Items = append(q.Items, QuestionItem{Item: item, Index: len(q.Items), Instrument: ins, First: i == 0})
		}
		for _, scale := range ins.Scales {
			id := ScaleID(scale.ID())
			if scales[id] {
				return nil, Errorf(Invalid, "two instruments of wave %s have a scale %s", wave, id)
			}
			scales[id] = true
			q.Scales = append(q.Scales, QuestionScale{Scale: scale, Instrument: ins, from: from, to: len(q.Items)})
		}
	}
	q.scored = make([]bool, len(q.Items))
	for _, scale := range q.Scales {
		for _, i := range scale.Items() {
			q.scored[scale.from+i] = true
		}
	}
	q.Hash = QuestionnaireHash(study, wave, hashes)
	return q, nil
}

// QuestionnaireHash returns the hash of the questionnaire made of the instruments with these hashes, in this order.
func QuestionnaireHash(study StudyID, wave WaveID, instruments []string) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\n%s\n%s\n", study, wave, strings.Join(instruments, "\n")))
	return hex.EncodeToString(sum[:16])
}

// Item returns the item with the given code.
func (q *Questionnaire) Item(code string) (QuestionItem, bool) {
	i, ok := q.index[code]
	if !ok {
		return QuestionItem{}, false
	}
	return q.Items[i], true
}

// Asked reports whether an item is put to somebody with these answers: it applies, and it is a question rather than a text
// to read.
func (q *Questionnaire) Asked(i int, answers func(code string) Value) bool {
	return q.Items[i].Kind != KindDisplay && q.Applies(i, answers)
}

// Applies reports whether an item's enable_when holds for somebody with these answers. What stands in an item that does not
// apply itself is no answer, and so on down a chain of conditions, which ends because each asks about earlier items only.
func (q *Questionnaire) Applies(i int, answers func(code string) Value) bool {
	applies, _ := q.Tells(i, func(code string) (Value, bool) { return answers(code), true })
	return applies
}

// Tells is Applies where only some answers may be known, because the others were given on another device. told is false if it
// rests on those. But of what was answered where answers are known, that it was asked is known there too.
func (q *Questionnaire) Tells(i int, known func(code string) (v Value, ok bool)) (applies, told bool) {
	applies, told = q.Items[i].EnableWhen.tells(func(code string) (Value, bool) {
		applies, told := q.Tells(q.index[code], known)
		if told && !applies {
			return Value{}, true
		}
		v, ok := known(code)
		return v, ok && told
	})
	if told {
		return applies, true
	}
	v, ok := known(q.Items[i].Code)
	asked := ok && v.Kind != Untouched
	return asked, asked
}
