package rounds_test

import (
	"net/http"
	"strings"
	"testing"

	"wellwave/server/servertest"
	"wellwave/surveys"
	"wellwave/surveys/store/storetest"
)

// Tables of pairs of items are a file of the report from 100 respondents; below that the page and the file say why not.
func TestPairsOfItems(t *testing.T) {
	const pairs = roundAt + "/pairs.csv"
	t.Run("of a few", func(t *testing.T) {
		o := servertest.NewOffice(t)
		storetest.LoadStudy(t, o.Store)
		team := o.As(surveys.Researcher)
		openedRound(t, o)
		preview := team.Get(reportPath)
		const why = "need 100 respondents in these. In this round there are none, because fewer answered."
		servertest.WantText(t, "the preview", preview, why)
		servertest.WantStatus(t, "the file before the report", team.Get(pairs), http.StatusConflict)
		team.Post(reportPath, formOf(t, preview))
		page := team.Get(reportPath)
		servertest.WantText(t, "the report", page, why)
		if strings.Contains(page.Body, pairs) {
			t.Error("the report leads to a file that there is not")
		}
		got := team.Get(pairs)
		servertest.WantStatus(t, "the file", got, http.StatusConflict)
		servertest.WantText(t, "the file", got, "Tables of pairs of items need 100 respondents")
	})
	t.Run("of many", func(t *testing.T) {
		o := servertest.NewOffice(t)
		storetest.LoadStudy(t, o.Store)
		team, auditor := o.As(surveys.Researcher), o.As(surveys.Auditor)
		for _, site := range []surveys.SiteID{"north", "south"} {
			o.AnswerStaff(site, 60, func(who int) (first, second float64) { return float64(1 + who%7), float64(7 - (who+who/56)%7) })
		}
		o.CloseRound()
		team.Post(reportPath, formOf(t, team.Get(reportPath)))
		servertest.WantText(t, "the report", team.Get(reportPath), `href="`+pairs+`"`, "has all 1 as a file")
		got := auditor.Get(pairs)
		servertest.WantStatus(t, "the file", got, http.StatusOK)
		servertest.WantText(t, "the file", got, "round,first_item,second_item,first_answer,second_answer,respondents,hidden\n",
			"round-1,climate_1,climate_2,3,3,15,\n", "round-1,climate_1,climate_2,1,2,,too few answers\n")
		if name := got.Header.Get("Content-Disposition"); !strings.Contains(name, `filename="trial-round-1-pairs.csv"`) {
			t.Errorf("the file is called %s", name)
		}
	})
}
