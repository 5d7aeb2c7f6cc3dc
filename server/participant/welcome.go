package participant

import (
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"wellwave/server/page"
	"wellwave/server/tickets"
	"wellwave/surveys/store"
)

// Response answers the pages of a response before and after its questions.
type Response struct {
	store   *store.Store
	pages   *page.Renderer
	cookies *tickets.Cookies // for who helps
}

// GoOn handles GET /q/:handle/ and sends the browser to whatever comes next.
func (h *Response) GoOn(c echo.Context, v *visit) error {
	return c.Redirect(http.StatusSeeOther, v.path(v.nextPage()))
}

// ShowWelcome handles GET /q/:handle/welcome.
func (h *Response) ShowWelcome(c echo.Context, v *visit) error {
	key, fixed := v.cutWelcome()
	return h.pages.SendCached(c, key, page.Words{page.SlotHandle: v.handle}, fixed)
}

func (v *visit) cutWelcome() (page.CacheKey, func(page.Words) page.Page) {
	until := v.day(v.Window.Closes.Add(-time.Second))
	next := "consent"
	if v.Consented {
		next = v.nextStep(-1)
	}
	return v.cutKey((&welcomePage{}).Template(), until+" "+next), func(words page.Words) page.Page {
		v := v.withHandle(words[page.SlotHandle])
		p := &welcomePage{Base: v.base(v.Study.Title), Wave: v.Wave.Title, Length: v.words.LengthSentence(v.Questionnaire),
			Until: v.words.Say("You can answer until %s.", until), Next: v.words.Say("Start"), NextURL: v.path(next)}
		p.Notice = words[page.SlotNotice]
		if !v.ticket.Lent() {
			p.HelpURL = v.path("help")
		}
		return p
	}
}
