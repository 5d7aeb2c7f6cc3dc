package office_test

import (
	"context"
	"strings"
	"testing"

	"wellwave/server/servertest"
	"wellwave/surveys"
	"wellwave/surveys/store/storetest"
)

func TestDates(t *testing.T) {
	o := servertest.NewOffice(t)
	storetest.LoadStudy(t, o.Store)
	person := o.Answered(1)[0]
	b := o.As(surveys.Auditor)
	servertest.WantText(t, "the study", b.Get("/office/studies/trial"), `href="/office/studies/trial/dates"`)
	servertest.WantText(t, "before any correction", b.Get("/office/studies/trial/dates"), "No day of a baseline has been corrected")
	at, err := o.Store.FindEnrolment(context.Background(), person)
	if err != nil {
		t.Fatal(err)
	}
	right := at.SampledAt.AddDate(0, 0, -10)
	if _, err := o.Store.Submit(context.Background(), surveys.Submission{By: surveys.Themselves(), Basis: surveys.Operator(), Study: storetest.Study, Enrolment: person, Wave: storetest.Baseline, Sitting: storetest.SittingID(77),
		Answers: storetest.Answers(1), How: surveys.Collection{Mode: surveys.Bulk}, Bulk: true, Correct: true, BlankKeeps: true, Finish: true, AnsweredAt: right}); err != nil {
		t.Fatal(err)
	}
	r := b.Get("/office/studies/trial/dates")
	servertest.WantText(t, "a correction", r, `<th scope="row">P00001</th>`, "north", right.Format("2006-01-02"), right.AddDate(0, 0, 90).Format("2006-01-02"), "later")
	if strings.Contains(r.Body, "/desk/people/") {
		t.Error("an auditor is led to the desk")
	}
	servertest.WantText(t, "a correction", o.As(surveys.Administrator).Get("/office/studies/trial/dates"), `href="/desk/people/`+string(person)+`"`)
}
