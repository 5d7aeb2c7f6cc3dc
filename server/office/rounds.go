package office

import (
	"context"
	"fmt"
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"wellwave/server/access"
	"wellwave/server/page"
	"wellwave/surveys"
	"wellwave/surveys/store"
)

// Rounds are the waves of the anonymous staff survey, and the cards that open them.
type Rounds struct {
	frames  *Frames
	store   *store.Store
	pages   *page.Renderer
	baseURL *url.URL // that the cards lead to
}

// Show handles GET /office/studies/:study/rounds.
func (h *Rounds) Show(c echo.Context) error {
	study, state, err := findStudy(c, h.store)
	if err != nil {
		return err
	}
	counts, err := h.store.StaffProgress(c.Request().Context(), study.ID)
	if err != nil {
		return err
	}
	type place struct {
		wave surveys.WaveID
		site surveys.SiteID
	}
	progress := make(map[place]surveys.StaffCount, len(counts))
	for _, n := range counts {
		progress[place{n.Wave, n.Site}] = n
	}
	p := &roundsPage{frame: h.frames.study(c, "Staff rounds", study, state)}
	for _, wave := range study.Waves {
		if wave.Audience != surveys.Staff {
			continue
		}
		t := page.Table{ID: "round-" + string(wave.ID), Caption: wave.Title + ", " + windowSays(study, wave),
			Heads: page.Heads("Site", "#Staff", "#Answered", "#Share of staff", "#Cards not used", "")}
		t.Heads[5] = page.HiddenHead("Cards")
		for _, site := range study.Sites {
			n := progress[place{wave.ID, site.ID}]
			cards := page.Cell{}
			if access.Team.Has(access.Account(c)) && site.Staff > 0 {
				cards = page.LinkCell("Make cards", cardsPath(study.ID, wave.ID, site.ID), "for "+site.Title)
			}
			t.Rows = append(t.Rows, page.Row(page.HeadCell(site.Title), count(site.Staff), count(n.Answered), page.NumberCell(shareOf(n.Answered, site.Staff)), count(n.Open), cards))
		}
		p.Rounds = append(p.Rounds, t)
	}
	return h.pages.Send(c, http.StatusOK, p)
}

func cardsPath(study surveys.StudyID, wave surveys.WaveID, site surveys.SiteID) string {
	return studyPath(study) + "/rounds/" + string(wave) + "/" + string(site) + "/cards"
}

// find returns the study, round and site of the address.
func (h *Rounds) find(c echo.Context) (*surveys.Study, surveys.StudyState, surveys.Wave, surveys.Site, error) {
	study, state, err := findStudy(c, h.store)
	if err != nil {
		return nil, 0, surveys.Wave{}, surveys.Site{}, err
	}
	wave, isWave := study.Wave(surveys.WaveID(c.Param("wave")))
	site, isSite := study.Site(surveys.SiteID(c.Param("site")))
	if !isWave || !isSite || wave.Audience != surveys.Staff || site.Staff == 0 {
		return nil, 0, surveys.Wave{}, surveys.Site{}, echo.ErrNotFound
	}
	return study, state, wave, site, nil
}

// ConfirmCards handles GET /office/studies/:study/rounds/:wave/:site/cards.
func (h *Rounds) ConfirmCards(c echo.Context) error {
	study, state, wave, site, err := h.find(c)
	if err != nil {
		return err
	}
	return h.pages.Send(c, http.StatusOK, h.confirmCardsPage(c, study, state, wave, site))
}

func (h *Rounds) confirmCardsPage(c echo.Context, study *surveys.Study, state surveys.StudyState, wave surveys.Wave, site surveys.Site) *confirmPage {
	p := &confirmPage{frame: h.frames.study(c, fmt.Sprintf("Make %d cards for %s?", site.Cards(), site.Title), study, state)}
	p.Narrow = true
	p.Says = []string{
		fmt.Sprintf("%s has %s, so %d cards are made for %s: one for each, and a fifth more so that the pile is never empty.",
			site.Title, plural(site.Staff, "member of staff", "members of staff"), site.Cards(), wave.Title),
		"The cards are shown once, to be printed. Cut them up, shuffle them, and let everybody draw one: that is what keeps the survey anonymous. Nobody notes who drew which.",
	}
	p.Warning = "New cards do not recall old ones. If cards for this round are already at the site, somebody could answer twice."
	p.Action, p.CancelURL, p.Button = cardsPath(study.ID, wave.ID, site.ID), studyPath(study.ID)+"/rounds", "Make the cards"
	p.Fields = []page.HiddenField{newFormID()}
	return p
}

type cardsForm struct {
	ID string `form:"form"` // see once
}

// MakeCards handles POST /office/studies/:study/rounds/:wave/:site/cards and shows the cards, once.
func (h *Rounds) MakeCards(c echo.Context) error {
	study, state, wave, site, err := h.find(c)
	if err != nil {
		return err
	}
	var form cardsForm
	if err := page.Bind(c, &form); err != nil {
		return err
	}
	var codes []string
	again, err := once(c, h.store, form.ID, func(ctx context.Context) (err error) {
		codes, err = h.store.MakeStaffCodes(ctx, access.Account(c).ID, study.ID, wave.ID, site.ID, site.Cards())
		return err
	})
	if err != nil {
		return err
	}
	if again {
		p := h.confirmCardsPage(c, study, state, wave, site)
		p.Errors = []page.FieldError{{Text: "The button was pressed twice, and nothing was done the second time. The cards are made, and were shown once. " +
			"If you cannot see them in another window, make new ones: nobody can use a card that was never printed."}}
		return h.pages.Send(c, http.StatusConflict, p)
	}
	p := &cardsPage{frame: h.frames.study(c, "Cards for "+site.Title, study, state), Site: site.Title, Wave: wave.Title}
	p.Study, p.Address, p.BackURL = study.Title, h.baseURL.Host, studyPath(study.ID)+"/rounds"
	p.Until = page.SayDay(wave.Closes.AddDate(0, 0, -1), study.Zone)
	for _, code := range codes {
		drawn, err := page.QRCode(linkAddress(h.baseURL, code))
		if err != nil {
			return err
		}
		p.Cards = append(p.Cards, cardView{Code: code, QR: drawn})
	}
	return h.pages.Send(c, http.StatusOK, p)
}
