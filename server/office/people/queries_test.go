package people_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"wellwave/server/servertest"
	"wellwave/surveys"
	"wellwave/surveys/store/storetest"
)

// A data manager decides between two questionnaires without seeing where the person belongs; nobody else sees them.
func TestDecideQuery(t *testing.T) {
	o := servertest.NewOffice(t)
	storetest.LoadStudy(t, o.Store)
	person := storetest.Enrol(t, o.Store, 1)[0]
	for i, mode := range []surveys.Mode{surveys.Web, surveys.Paper} {
		if _, err := o.Store.Submit(t.Context(), surveys.Submission{By: surveys.Themselves(), Basis: surveys.Operator(), Study: storetest.Study, Enrolment: person, Wave: storetest.Baseline,
			Sitting: storetest.SittingID(i + 1), Seq: 1, Answers: storetest.Answers(i), Finish: true, How: surveys.Collection{Mode: mode, Language: "en"}}); err != nil {
			t.Fatal(err)
		}
	}
	list, err := o.Store.ListQueries(t.Context(), storetest.Study)
	if err != nil || len(list) != 1 {
		t.Fatalf("%d queries, %v", len(list), err)
	}
	all := "/office/studies/trial/queries"
	at := all + "/" + list[0].ID
	for _, role := range []surveys.Role{surveys.Researcher, surveys.Administrator, surveys.Auditor} {
		servertest.WantStatus(t, role.String(), o.As(role).Get(at), http.StatusForbidden)
	}
	manager := o.As(surveys.DataManager)
	servertest.WantText(t, "the list", manager.Get(all), at, "P00001")
	shown := manager.Get(at)
	servertest.WantStatus(t, "the query", shown, http.StatusOK)
	for _, place := range []string{"north", "North", "ntervention"} {
		if strings.Contains(shown.Body, place) {
			t.Errorf("the page tells %q", place)
		}
	}
	servertest.WantStatus(t, "no reason", manager.Post(at, url.Values{"decision": {"taken"}}), http.StatusBadRequest)
	servertest.WantStatus(t, "a decision", manager.Post(at, url.Values{"decision": {"taken"}, "reason": {"query"}}), http.StatusSeeOther)
	servertest.WantStatus(t, "decided again", manager.Post(at, url.Values{"decision": {"kept"}, "reason": {"query"}}), http.StatusNotFound)
}
