package surveys

import (
	"crypto/sha256"
	"encoding/hex"
)

// A program that sends answers with an API key must learn nothing from being refused, or not refused, about answers that it did
// not send: from the question that an answer leads to, say, or from what is called a repeat. What it may hear rests on what it
// sends, and on whether anybody has answered at all. All else is kept and resolved by the server, and the team sees it.

// anotherWay refuses a program or file that brings a questionnaire which somebody has begun already, whatever they said in it.
func anotherWay() error {
	return Errorf(Conflict, "this participant has already answered this wave in another way")
}

// tell returns those of the refused answers that the sender of a file or of another system hears of, for which all that it sends
// is refused. To a key, that a question does not apply is told in two cases only: nobody has answered yet, which it would have heard
// otherwise, or that follows from what it sends alone.
func (r *Response) tell(sub Submission, refused []RefusedItem, late bool) []RefusedItem {
	if sub.By.Kind != ByKey || r.Revision == 0 && !sub.Correct {
		return refused
	}
	q := r.Answers.q
	sent := make(map[string]Value, len(sub.Answers))
	for _, a := range sub.Answers {
		sent[a.Code] = a.Value.normal()
	}
	known := func(code string) (Value, bool) {
		v, ok := sent[code]
		return v, ok && !late // a late answer may replace nothing, and then another one stands
	}
	var told []RefusedItem
	for _, item := range refused {
		if item.Reason == DoesNotApply {
			if applies, settled := q.settles(q.index[item.Code], known); applies || !settled {
				continue
			}
		}
		told = append(told, item)
	}
	return told
}

// settles reports whether an item applies, as far as what is known settles it. Unlike Tells it takes no answer for known because
// somebody has given it: it counts only where it is settled that its question is asked.
func (q *Questionnaire) settles(i int, known func(code string) (v Value, ok bool)) (applies, settled bool) {
	return q.Items[i].EnableWhen.tells(func(code string) (Value, bool) {
		applies, settled := q.settles(q.index[code], known)
		if !settled || !applies {
			return Value{}, settled
		}
		return known(code)
	})
}

// Parted keeps a program from going on with a sitting that somebody else has begun: a file's, say, whose id follows from who and
// what. A correction is then of a sitting of the program's own. Anything else fails with Conflict, whatever it says.
func (s Submission) Parted() (Submission, error) {
	if !s.Correct {
		return s, anotherWay()
	}
	sum := sha256.Sum256([]byte(s.Sitting + "\n" + s.By.ID))
	s.Sitting = hex.EncodeToString(sum[:len(s.Sitting)/2])
	return s, nil
}
