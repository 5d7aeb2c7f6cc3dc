package surveys

import (
	"cmp"
	"encoding/json"
	"fmt"
	"time"
)

// Entry is a submission in the ledger: what came, how, and what became of it. Entries are added and never changed, except by
// erasure.
type Entry struct {
	Sitting    string
	Seq        int
	Page       int // the number on the page that was sent again changed, 0 where that is Seq
	Attempt    int // 0, or for a conflict its number among those of the same sequence
	Revision   int // of the response with it; for an entry that is not folded, as it was
	Verdict    Verdict
	LateDays   int
	ReceivedAt time.Time
	By         Author // nobody in the oldest entries
	Judges     bool   // no submission, but a revision at which entries before were judged anew
	Erased     bool   // of what follows nothing is left

	// The content.
	Accepted   []ItemAnswer // of a conflict all that came
	Refused    []RefusedItem
	Finish     bool
	Confirmed  bool // by the person; told where answers can raise alerts
	How        Collection
	AnsweredAt time.Time        // zero if unknown
	Redates    bool             // a correction that answers all there is again, and says when it was given
	Whole      bool             // its answers take the place of all that stood
	Why        CorrectionReason // of one that may replace answers; 0 for any other
}

// entry returns what the ledger keeps of a submission whatever becomes of it.
func (r *Response) entry(sub Submission, now time.Time) *Entry {
	e := &Entry{Sitting: sub.Sitting, Seq: sub.Seq, Page: sub.Page, ReceivedAt: now, By: sub.By, Accepted: sub.Answers, Finish: sub.Finish,
		Confirmed: !sub.Draft && r.Answers.q.HasSafetyItem(), How: sub.How.Tidied(), AnsweredAt: sub.AnsweredAt}
	if sub.Correct {
		e.Why = cmp.Or(sub.Why, SourceSays)
	}
	return e
}

// Receipt returns what the sender of an entry gets once the response holds it. Whether it raised an alert is the caller's to
// add.
func (r *Response) Receipt(e *Entry) Receipt {
	return Receipt{Response: r.ID, Alone: len(r.Answers.sittings) == 1 && r.Answers.sittings[0].id == e.Sitting, Sitting: e.Sitting, Seq: e.Seq, Revision: e.Revision, Verdict: e.Verdict, Refused: e.Refused,
		ReceivedAt: e.ReceivedAt, LateDays: e.LateDays, Finished: !r.FinishedAt.IsZero(), Disposition: r.Disposition}
}

// GivenAt is when an entry says that its answers were given: what a file or an entry screen says, else what the clock of the
// device said. It is zero where nothing says so, or says a time that had not come.
func (e *Entry) GivenAt() time.Time {
	at := e.AnsweredAt
	if at.IsZero() {
		at = e.How.DeviceTime
	}
	if at.After(e.ReceivedAt) {
		return time.Time{}
	}
	return at
}

// ByReceipt compares entries by the order in which they arrived, for a sort. The ledger does not tell it among those that
// were put aside after the same revision.
func ByReceipt(a, b Entry) int {
	aside := func(e Entry) int {
		if e.Verdict.Folded() {
			return 0
		}
		return 1
	}
	return cmp.Or(a.Revision-b.Revision, aside(a)-aside(b))
}

// entryContent is the JSON of an entry's content.
type entryContent struct {
	Answers   json.RawMessage `json:"answers"`
	Refused   []refusedJSON   `json:"refused,omitempty"`
	Finish    bool            `json:"finish,omitempty"`
	Confirmed bool            `json:"confirmed,omitempty"`
	Collection
	DeviceTime int64  `json:"device_time,omitempty"` // Unix milliseconds
	AnsweredAt int64  `json:"answered_at,omitempty"` // Unix milliseconds
	Redates    bool   `json:"redates,omitempty"`
	Whole      bool   `json:"whole,omitempty"`
	Why        string `json:"why,omitempty"`  // the word of a CorrectionReason
	Page       int    `json:"page,omitempty"` // stands last, see FromPage
}

// FromPage returns how the stored content of an entry ends that came from a page with the number, under another of its own.
func FromPage(number int) string { return fmt.Sprintf(`,"page":%d}`, number) }

type refusedJSON struct {
	Code   string          `json:"code"`
	Reason string          `json:"reason"`
	Value  json.RawMessage `json:"value"`
}

// Content returns the stored form of the content.
func (e *Entry) Content() (string, error) {
	content := entryContent{Answers: AppendAnswers(make([]byte, 0, 32+16*len(e.Accepted)), e.Accepted), Finish: e.Finish, Confirmed: e.Confirmed, Collection: e.How,
		DeviceTime: storedMoment(e.How.DeviceTime), AnsweredAt: storedMoment(e.AnsweredAt), Redates: e.Redates, Whole: e.Whole, Why: e.Why.String(), Page: e.Page}
	for _, item := range e.Refused {
		content.Refused = append(content.Refused, refusedJSON{item.Code, item.Reason, AppendAnswers(nil, []ItemAnswer{{"value", item.Value}})})
	}
	text, err := json.Marshal(&content)
	return string(text), err
}

// ReadContent reads what Content wrote.
func (e *Entry) ReadContent(text string) error {
	var content entryContent
	if err := json.Unmarshal([]byte(text), &content); err != nil {
		return fmt.Errorf("read submission %s/%d: %w", e.Sitting, e.Seq, err)
	}
	e.Finish, e.Confirmed, e.Redates, e.Page, e.How = content.Finish, content.Confirmed, content.Redates, content.Page, content.Collection
	e.How.DeviceTime, e.AnsweredAt = readMoment(content.DeviceTime), readMoment(content.AnsweredAt)
	e.Whole = content.Whole
	var known bool
	if e.Why, known = ParseCorrectionReason(content.Why); !known && content.Why != "" {
		return fmt.Errorf("read submission %s/%d: no reason is called %q", e.Sitting, e.Seq, content.Why)
	}
	err := EachAnswer(string(content.Answers), func(code string, v Value) error {
		e.Accepted = append(e.Accepted, ItemAnswer{code, v})
		return nil
	})
	for _, item := range content.Refused {
		if err == nil {
			err = EachAnswer(string(item.Value), func(_ string, v Value) error {
				e.Refused = append(e.Refused, RefusedItem{item.Code, item.Reason, v})
				return nil
			})
		}
	}
	return err
}

// storedMoment returns a moment as Unix milliseconds, 0 for none.
func storedMoment(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func readMoment(milliseconds int64) time.Time {
	if milliseconds == 0 {
		return time.Time{}
	}
	return time.UnixMilli(milliseconds).UTC()
}
