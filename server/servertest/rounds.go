package servertest

import (
	"wellwave/surveys"
	"wellwave/surveys/climate"
	"wellwave/surveys/store/storetest"
)

// AnswerStaff has n of a practice's staff answer the two statements of the staff round of the tests, each from 1 to 7.
func (o *Office) AnswerStaff(site surveys.SiteID, n int, answers func(who int) (first, second float64)) {
	o.T.Helper()
	ctx := o.T.Context()
	codes, err := o.Store.MakeStaffCodes(ctx, "", storetest.Study, storetest.Round, site, n)
	if err != nil {
		o.T.Fatal(err)
	}
	for who, code := range codes {
		card, err := o.Store.OpenLink(ctx, code)
		if err != nil {
			o.T.Fatal(err)
		}
		first, second := answers(who)
		if err := o.Store.SubmitStaff(ctx, surveys.StaffSubmission{StaffCode: card.StaffCode, Language: "en", Answers: []surveys.ItemAnswer{
			{Code: "climate_1", Value: surveys.Number(first)}, {Code: "climate_2", Value: surveys.Number(second)}}}); err != nil {
			o.T.Fatal(err)
		}
	}
}

// CloseRound ends the staff round of the tests, whose answers are opened with that.
func (o *Office) CloseRound() {
	o.T.Helper()
	if err := o.Store.CloseRound(o.T.Context(), "", storetest.Study, storetest.Round); err != nil {
		o.T.Fatal(err)
	}
}

// ReportRound works out what is shown of the staff round of the tests, once it is closed, and shows it.
func (o *Office) ReportRound() {
	o.T.Helper()
	ctx := o.T.Context()
	study, _, err := o.Store.Study(ctx, storetest.Study)
	if err != nil {
		o.T.Fatal(err)
	}
	rounds, err := o.Store.OpenedRounds(ctx, study.ID)
	if err != nil {
		o.T.Fatal(err)
	}
	report, err := climate.NewReport(study, rounds)
	if err != nil {
		o.T.Fatal(err)
	}
	text, err := report.Text()
	if err != nil {
		o.T.Fatal(err)
	}
	if err := o.Store.ReportRound(ctx, "", study.ID, storetest.Round, text, rounds[len(rounds)-1].Average); err != nil {
		o.T.Fatal(err)
	}
}
