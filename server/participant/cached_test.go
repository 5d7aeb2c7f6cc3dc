package participant

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"testing"

	"github.com/labstack/echo/v4"

	"wellwave/server/page"
	"wellwave/server/question"
	"wellwave/surveys/locale"
	"wellwave/surveys/store/storetest"
)

// TestCutPageIsTheRenderedPage compares a page made of pieces with the same page rendered whole.
func TestCutPageIsTheRenderedPage(t *testing.T) {
	db := storetest.New(t)
	storetest.LoadStudy(t, db)
	sitting, err := db.Occasion(context.Background(), storetest.Enrol(t, db, 1)[0], storetest.Baseline)
	if err != nil {
		t.Fatal(err)
	}
	r, err := page.NewRenderer(Pages(), false)
	if err != nil {
		t.Fatal(err)
	}
	indentation := regexp.MustCompile(`\n\s+`) // which is left out of pieces
	send := func(send func(echo.Context) error) string {
		t.Helper()
		reply := httptest.NewRecorder()
		if err := send(echo.New().NewContext(httptest.NewRequest(http.MethodGet, "/", nil), reply)); err != nil {
			t.Fatal(err)
		}
		return reply.Body.String()
	}
	for i := range sitting.Questionnaire.Items {
		for _, handle := range []string{"0123456789abcdef", "fedcba9876543210"} {
			v := &visit{Occasion: sitting, handle: handle, words: question.WordingOf(sitting.Questionnaire, locale.English(), locale.Source)}
			whole := send(func(c echo.Context) error { return r.Send(c, http.StatusOK, v.questionPage(i, v.place(i), nil)) })
			for range 2 { // cut, then kept
				cut := send(func(c echo.Context) error {
					return r.SendCached(c, page.CacheKey{Detail: fmt.Sprint(i)}, v.place(i), func(words page.Words) page.Page {
						return v.withHandle(words[page.SlotHandle]).questionPage(i, words, nil)
					})
				})
				if want := indentation.ReplaceAllString(whole, "\n"); cut != want {
					t.Errorf("question %d in pieces = %s, want %s", i+1, cut, want)
				}
			}
		}
	}
}
