package rounds_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"wellwave/server"
	"wellwave/server/servertest"
	"wellwave/surveys"
)

// wantPDF wants a file of which a browser keeps nothing but what is saved.
func wantPDF(t *testing.T, what string, r servertest.Reply, name string) {
	t.Helper()
	servertest.WantStatus(t, what, r, http.StatusOK)
	if !strings.HasPrefix(r.Body, "%PDF-") || !strings.Contains(r.Header.Get("Content-Disposition"), `filename="`+name+`"`) || r.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("%s: begins %.8q, headers %v, want a PDF called %s that is not cached", what, r.Body, r.Header, name)
	}
}

func TestCardsOfOnePractice(t *testing.T) {
	o := newRoundOffice(t, server.Config{})
	o.setUp()
	b := o.As(surveys.Researcher)
	at := roundAt + "/north/cards"
	r := b.Get(at)
	servertest.WantText(t, "the question", r, "Make 12 cards for North Practice?", "do not recall old ones", "As a PDF to print", "sealed envelope")
	form := url.Values{"as": {"pdf"}, "form": {servertest.HiddenValue(t, r.Body, "form")}}
	wantPDF(t, "the cards", b.Post(at, form), "trial-round-1-north-cards.pdf")
	r = b.Post(at, form)
	servertest.WantStatus(t, "the button pressed twice", r, http.StatusConflict)
	servertest.WantText(t, "the button pressed twice", r, "nothing was done the second time")
	servertest.WantStatus(t, "another kind", b.Post(at, url.Values{"as": {"doc"}, "form": form["form"]}), http.StatusBadRequest)
	wantAudited(t, o, "staff-codes.create", 1)
	r = b.Post(at, url.Values{"as": {"page"}, "form": {servertest.HiddenValue(t, b.Get(at).Body, "form")}})
	servertest.WantText(t, "on a page", r, "shown now and never again", `class="ww-cards__code"`, "Until 31 December 2026")
	if got := r.Header.Get("Cache-Control"); got != "no-store" {
		t.Errorf("the cards are sent with Cache-Control %q, want no-store", got)
	}
	servertest.WantText(t, "the round", b.Get(roundAt), "Cards made </span>24</td>")
	for _, wrong := range []string{roundsAt + "/baseline/north/cards", roundAt + "/west/cards"} {
		servertest.WantStatus(t, wrong, b.Post(wrong, nil), http.StatusNotFound)
	}
}

func TestCardsOfAllPractices(t *testing.T) {
	o := newRoundOffice(t, server.Config{}, "{id: south,", "{id: west, title: West Practice, arm: usual}\n  - {id: south,")
	o.setUp()
	b := o.As(surveys.Researcher)
	at := roundAt + "/cards"
	r := b.Get(at)
	servertest.WantText(t, "the question", r, "27 cards for 2 practices", "1 practice is without a headcount and left out")
	servertest.WantStatus(t, "a form without its id", b.Post(at, nil), http.StatusBadRequest)
	form := url.Values{"form": {servertest.HiddenValue(t, r.Body, "form")}}
	wantPDF(t, "the cards", b.Post(at, form), "trial-round-1-cards.pdf")
	servertest.WantStatus(t, "the button pressed twice", b.Post(at, form), http.StatusConflict)
	wantAudited(t, o, "staff-codes.create", 2)
	servertest.WantText(t, "the question", b.Get(at), "Every practice has cards already")

	wantRedirect(t, "a headcount", b.Post(roundAt, url.Values{"site": {"west"}, "staff": {"4"}, "contact": {""}}), roundAt)
	r = b.Get(at)
	servertest.WantText(t, "the question", r, "Those that have none yet: 5 cards for 1 practice", "All: 32 cards for 3 practices", "Some practices have cards already")
	wantPDF(t, "the cards of the new practice", b.Post(at, url.Values{"which": {"new"}, "form": {servertest.HiddenValue(t, r.Body, "form")}}), "trial-round-1-cards.pdf")
	wantAudited(t, o, "staff-codes.create", 3)
	wantPDF(t, "the cards of all", b.Post(at, url.Values{"which": {"all"}, "form": {servertest.HiddenValue(t, b.Get(at).Body, "form")}}), "trial-round-1-cards.pdf")
	wantAudited(t, o, "staff-codes.create", 6)
	servertest.WantStatus(t, "some practices", b.Post(at, url.Values{"which": {"some"}}), http.StatusBadRequest)
}

func TestPoster(t *testing.T) {
	o := newRoundOffice(t, server.Config{})
	b := o.As(surveys.Auditor)
	wantPDF(t, "the poster", b.Get(roundAt+"/poster.pdf"), "trial-round-1-poster.pdf")
	servertest.WantStatus(t, "of a wave that is no round", b.Get(roundsAt+"/baseline/poster.pdf"), http.StatusNotFound)
}
