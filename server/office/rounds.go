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
	rounds, err := h.store.Rounds(c.Request().Context(), study.ID)
	if err != nil {
		return err
	}
	p := &roundsPage{frame: h.frames.study(c, "Staff rounds", study, state)}
	for _, round := range rounds {
		t := page.Table{ID: "round-" + string(round.Wave.ID), Caption: round.Wave.Title + ", " + windowSays(study, round.Wave),
			Heads: page.Heads("Site", "#Staff", "#Cards made", "")}
		t.Heads[3] = page.HiddenHead("Cards")
		for _, site := range round.Sites {
			cards := page.Cell{}
			title := study.SiteTitle(site.Site)
			if access.Team.Has(access.Account(c)) && site.Staff > 0 && round.Stage <= surveys.RoundOpen {
				cards = page.LinkCell("Make cards", cardsPath(study.ID, round.Wave.ID, site.Site), "for "+title)
			}
			t.Rows = append(t.Rows, page.Row(page.HeadCell(title), count(site.Staff), count(site.Cards), cards))
		}
		p.Rounds = append(p.Rounds, t)
	}
	return h.pages.Send(c, http.StatusOK, p)
}

func cardsPath(study surveys.StudyID, wave surveys.WaveID, site surveys.SiteID) string {
	return studyPath(study) + "/rounds/" + string(wave) + "/" + string(site) + "/cards"
}

// find returns the study, round and site of the address.
func (h *Rounds) find(c echo.Context) (*surveys.Study, surveys.StudyState, surveys.Wave, surveys.RoundSite, error) {
	study, state, err := findStudy(c, h.store)
	if err != nil {
		return nil, 0, surveys.Wave{}, surveys.RoundSite{}, err
	}
	rounds, err := h.store.Rounds(c.Request().Context(), study.ID)
	if err != nil {
		return nil, 0, surveys.Wave{}, surveys.RoundSite{}, err
	}
	for _, round := range rounds {
		for _, site := range round.Sites {
			if string(round.Wave.ID) == c.Param("wave") && string(site.Site) == c.Param("site") && site.Staff > 0 {
				return study, state, round.Wave, site, nil
			}
		}
	}
	return nil, 0, surveys.Wave{}, surveys.RoundSite{}, echo.ErrNotFound
}

// ConfirmCards handles GET /office/studies/:study/rounds/:wave/:site/cards.
func (h *Rounds) ConfirmCards(c echo.Context) error {
	study, state, wave, site, err := h.find(c)
	if err != nil {
		return err
	}
	return h.pages.Send(c, http.StatusOK, h.confirmCardsPage(c, study, state, wave, site))
}

func (h *Rounds) confirmCardsPage(c echo.Context, study *surveys.Study, state surveys.StudyState, wave surveys.Wave, site surveys.RoundSite) *confirmPage {
	title := study.SiteTitle(site.Site)
	p := &confirmPage{frame: h.frames.study(c, fmt.Sprintf("Make %d cards for %s?", site.CardsNeeded(), title), study, state)}
	p.Narrow = true
	p.Says = []string{
		fmt.Sprintf("%s has %s, so %d cards are made for %s: one for each, and a fifth more so that the pile is never empty.",
			title, plural(site.Staff, "member of staff", "members of staff"), site.CardsNeeded(), wave.Title),
		"The cards are shown once, to be printed. Cut them up, shuffle them, and let everybody draw one: that is what keeps the survey anonymous. Nobody notes who drew which.",
	}
	p.Warning = "New cards do not recall old ones. If cards for this round are already at the site, somebody could answer twice."
	p.Action, p.CancelURL, p.Button = cardsPath(study.ID, wave.ID, site.Site), studyPath(study.ID)+"/rounds", "Make the cards"
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
		codes, err = h.store.MakeStaffCodes(ctx, access.Account(c).ID, study.ID, wave.ID, site.Site, site.CardsNeeded())
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
	p := &cardsPage{frame: h.frames.study(c, "Cards for "+study.SiteTitle(site.Site), study, state), Site: study.SiteTitle(site.Site), Wave: wave.Title}
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
