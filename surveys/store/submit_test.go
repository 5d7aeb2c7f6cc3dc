package store_test

import (
	"context"
	"testing"

	"wellwave/surveys"
	"wellwave/surveys/store/storetest"
)

func TestSubmitFirst(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		s := db.Open(t)
		storetest.LoadStudy(t, s)
		person := storetest.Enrol(t, s, 1)[0]
		ctx := context.Background()
		sub := surveys.Submission{Study: storetest.Study, Enrolment: person, Wave: storetest.Baseline, Sitting: storetest.SittingID(9), Seq: 1,
			Answers: storetest.Answers(1), Finish: true, How: surveys.Collection{Mode: surveys.Web, Language: "en"}}
		got, err := s.Submit(ctx, sub)
		if err != nil {
			t.Fatal(err)
		}
		if got.Verdict != surveys.Accepted || !got.Finished || got.Disposition != surveys.Complete || got.Revision != 1 {
			t.Errorf("Submit() = %+v, want an accepted, finished, complete response", got)
		}
		again, err := s.Submit(ctx, sub)
		if err != nil || !again.Repeated || again.Revision != got.Revision || !again.ReceivedAt.Equal(got.ReceivedAt) && again.ReceivedAt.UnixMilli() != got.ReceivedAt.UnixMilli() {
			t.Errorf("Submit() again = %+v, %v, want the first receipt", again, err)
		}
		sub.Answers = storetest.Answers(2)
		if _, err := s.Submit(ctx, sub); surveys.KindOf(err) != surveys.Conflict {
			t.Errorf("Submit() of other content under the same id = %v, want a conflict", err)
		}
	})
}
