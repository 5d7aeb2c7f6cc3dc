package participant

import (
	"fmt"
	"net/http"

	"github.com/labstack/echo/v4"

	"wellwave/server/page"
)

// ShowThanks handles GET /q/:handle/thanks.
func (h *Questions) ShowThanks(c echo.Context, v *visit) error {
	if !v.Finished {
		return c.Redirect(http.StatusSeeOther, v.path(""))
	}
	key, fixed := v.cutThanks(v.LateDays > 0, v.closed() == nil, false)
	return h.pages.SendCached(c, key, page.Words{page.SlotHandle: v.handle}, fixed)
}

func (v *visit) cutThanks(late, open, waiting bool) (page.CacheKey, func(page.Words) page.Page) {
	return v.cutKey((&thanksPage{}).Template(), fmt.Sprint(late, open, waiting, v.Consented, v.Left)), func(words page.Words) page.Page {
		v := v.withHandle(words[page.SlotHandle])
		p := &thanksPage{Base: v.base(v.words.Say("Thank you")), Waiting: waiting, LeaveAction: v.path("leave"),
			Next: v.words.Say("The study team counts your answers together with everybody else’s. You do not need to do anything else now.")}
		p.Script, p.Notice = true, words[page.SlotNotice]
		p.Kiosk.Done = true
		if waiting {
			p.Next = v.words.Say("Once they have arrived, the study team counts your answers together with everybody else’s.")
		}
		if late {
			p.Late = v.words.Say("What was received after closing is kept with a note of that.")
		}
		if open {
			p.ChangeURL = v.path(v.reviewPage())
		}
		return p
	}
}
