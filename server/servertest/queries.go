package servertest

import (
	"context"

	"wellwave/surveys"
	"wellwave/surveys/store/storetest"
)

// Query returns the id of a query about a person who has not answered before: a complete questionnaire, and another on paper.
func (o *Office) Query(person surveys.EnrolmentID) string {
	o.T.Helper()
	for i, mode := range []surveys.Mode{surveys.Web, surveys.Paper} {
		if _, err := o.Store.Submit(context.Background(), surveys.Submission{By: surveys.Themselves(), Basis: surveys.Operator(), Study: storetest.Study, Enrolment: person, Wave: storetest.Baseline,
			Sitting: storetest.SittingID(700 + i), Seq: 1, Answers: storetest.Answers(i), Finish: true, How: surveys.Collection{Mode: mode, Language: "en"}}); err != nil {
			o.T.Fatal(err)
		}
	}
	list, err := o.Store.ListQueries(context.Background(), storetest.Study)
	if err != nil || len(list) == 0 {
		o.T.Fatalf("%d queries, %v", len(list), err)
	}
	return list[0].ID
}
