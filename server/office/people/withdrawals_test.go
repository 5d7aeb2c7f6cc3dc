package people_test

import (
	"net/http"
	"net/url"
	"testing"

	"wellwave/server/servertest"
	"wellwave/surveys"
	"wellwave/surveys/store/storetest"
)

// The pages on which erasure is confirmed and agreed to say how long it waits, as the study file has it.
func TestPagesSayHowLongErasureWaits(t *testing.T) {
	o := servertest.NewOffice(t)
	storetest.LoadStudy(t, o.Store)
	people := storetest.Enrol(t, o.Store, 10) // five at each site
	b := o.As(surveys.Researcher)
	at := func(i int) string { return "/office/studies/trial/withdrawals/" + string(people[2*i]) }
	form := url.Values{"level": {"erasure"}, "channel": {"telephone"}}
	storetest.DelayErasure(t, o.Store, 0)
	servertest.WantText(t, "in a study without a delay", b.Post(at(0), form), "erased for good at once", "and at once if you told your practice")
	storetest.DelayErasure(t, o.Store, 2)
	servertest.WantText(t, "in a study with two days", b.Post(at(0), form), "erased for good on", "and after 2 days if you told your practice")
	form.Set("confirm", "yes")
	for i := range 4 {
		servertest.WantStatus(t, "recorded", b.Post(at(i), form), http.StatusSeeOther)
	}
	storetest.DelayErasure(t, o.Store, 30)
	servertest.WantText(t, "what was promised", b.Get(at(0)), "and after 2 days if you told your practice")
	list, err := o.Store.ListProposals(t.Context(), storetest.Study)
	if err != nil || len(list) != 1 {
		t.Fatalf("ListProposals() = %+v, %v, want one", list, err)
	}
	servertest.WantText(t, "what is agreed to", o.As(surveys.DataManager).Get("/office/studies/trial/second-person/"+string(list[0].ID)), "erased for good after 2 days. Until then the team can take it back.")
}
