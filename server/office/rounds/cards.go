package rounds

import (
	"bytes"
	"context"
	"fmt"
	"net/http"

	"github.com/labstack/echo/v4"

	"wellwave/server/access"
	"wellwave/server/office/signedin"
	"wellwave/server/page"
	"wellwave/surveys"
	"wellwave/surveys/report"
)

// What is printed for a round: cards, of which each code is shown once and never again, and a poster.

func cardsPath(study surveys.StudyID, wave surveys.WaveID, site surveys.SiteID) string {
	return roundsPath(study) + "/" + string(wave) + "/" + string(site) + "/cards"
}

type cardsForm struct {
	As    string `form:"as" validate:"omitempty,oneof=pdf page"`
	Which string `form:"which" validate:"omitempty,oneof=new all"`
	ID    string `form:"form"` // see once
}

// Warnings and excuses about cards.
const (
	oldCardsStay = "New cards do not recall old ones. If cards for this round are already at the site, somebody could answer twice."
	cardsTwice   = "The button was pressed twice, and nothing was done the second time. The cards are made, and were shown once. " +
		"If you cannot see them in another window, make new ones: nobody can use a card that was never printed."
	drawCards = "Cut the cards up, shuffle them, and let everybody draw one: that is what keeps the survey anonymous. Nobody notes who drew which. " +
		"In the end the cards that are left over are counted and sent back in a sealed envelope."
)

// findSite returns the round and practice of the address, where cards can be made for it. Where they cannot, the page of
// the round says why, and its address is where to go.
func (h *Rounds) findSite(c echo.Context) (r round, site surveys.RoundSite, elsewhere string, err error) {
	if r, err = h.find(c); err != nil {
		return r, site, "", err
	}
	found := r.site(c.Param("site"))
	if found == nil || found.Staff == 0 {
		return r, site, "", echo.ErrNotFound
	}
	if !r.takesCards() {
		elsewhere = r.path()
	}
	return r, *found, elsewhere, nil
}

// ConfirmCards handles GET /office/studies/:study/rounds/:wave/:site/cards.
func (h *Rounds) ConfirmCards(c echo.Context) error {
	r, site, elsewhere, err := h.findSite(c)
	if err != nil {
		return err
	}
	if elsewhere != "" {
		return c.Redirect(http.StatusSeeOther, elsewhere)
	}
	return h.pages.Send(c, http.StatusOK, h.confirmCardsPage(c, r, site))
}

func (h *Rounds) confirmCardsPage(c echo.Context, r round, site surveys.RoundSite) *signedin.ConfirmPage {
	title := r.study.SiteTitle(site.Site)
	p := &signedin.ConfirmPage{Frame: h.frame(c, fmt.Sprintf("Make %d cards for %s?", site.CardsNeeded(), title), r)}
	p.Narrow = true
	p.Says = []string{
		fmt.Sprintf("%s has %s, so %d cards are made for %s: one for each, and a fifth more so that the pile is never empty.",
			title, signedin.Plural(site.Staff, "member of staff", "members of staff"), site.CardsNeeded(), r.Wave.Title),
		"The cards are shown once, to be printed. " + drawCards,
	}
	p.Warning = oldCardsStay
	p.Action, p.CancelURL, p.Button = cardsPath(r.study.ID, r.Wave.ID, site.Site), r.path(), "Make the cards"
	p.Fields = []page.HiddenField{signedin.NewFormID()}
	p.Choices = []page.ChoiceField{{ID: "as", Name: "as", Label: "How do you want them?", Options: []page.Choice{
		{ID: "as", Value: "pdf", Label: "As a PDF to print, ten to a page", Chosen: true},
		{ID: "as-page", Value: "page", Label: "On a page of this browser"}}}}
	return p
}

// MakeCards handles POST /office/studies/:study/rounds/:wave/:site/cards and shows the cards, once.
func (h *Rounds) MakeCards(c echo.Context) error {
	r, site, elsewhere, err := h.findSite(c)
	if err != nil {
		return err
	}
	if elsewhere != "" {
		return c.Redirect(http.StatusSeeOther, elsewhere)
	}
	var form cardsForm
	if err := page.Bind(c, &form); err != nil {
		return err
	}
	sheets, again, err := h.newSheets(c, r, form.ID, []surveys.RoundSite{site})
	if err != nil {
		return err
	}
	if again {
		p := h.confirmCardsPage(c, r, site)
		p.Errors = []page.FieldError{{Text: cardsTwice}}
		return h.pages.Send(c, http.StatusConflict, p)
	}
	if form.As == "pdf" {
		return h.sendCards(c, r, string(site.Site)+"-cards.pdf", sheets)
	}
	p := &cardsPage{Frame: h.frame(c, "Cards for "+sheets[0].Site, r), Site: sheets[0].Site, Wave: r.Wave.Title}
	p.Study, p.Address, p.BackURL, p.Until = r.study.Title, h.baseURL.Host, r.path(), r.lastDay()
	for _, card := range sheets[0].Cards {
		drawn, err := page.QRCode(card.Link)
		if err != nil {
			return err
		}
		p.Cards = append(p.Cards, cardView{Code: card.Code, QR: drawn})
	}
	return h.pages.Send(c, http.StatusOK, p)
}

// newSheets makes the cards of some practices as a form asks for, once.
func (h *Rounds) newSheets(c echo.Context, r round, form string, sites []surveys.RoundSite) (sheets []report.CardSheet, again bool, err error) {
	again, err = signedin.Once(c, h.store, form, func(ctx context.Context) error {
		for _, site := range sites {
			codes, err := h.store.MakeStaffCodes(ctx, access.Account(c).ID, r.study.ID, r.Wave.ID, site.Site, site.CardsNeeded())
			if err != nil {
				return err
			}
			sheet := report.CardSheet{Site: r.study.SiteTitle(site.Site)}
			for _, code := range codes {
				sheet.Cards = append(sheet.Cards, report.Card{Code: code, Link: signedin.LinkAddress(h.baseURL, code)})
			}
			sheets = append(sheets, sheet)
		}
		return nil
	})
	return sheets, again, err
}

// sendCards answers with cards in one file.
func (h *Rounds) sendCards(c echo.Context, r round, name string, sheets []report.CardSheet) error {
	var content bytes.Buffer // buffered, so that an error can still be answered with a page
	if err := report.WriteCards(&content, report.Cards{Study: r.study, State: r.state, Wave: r.Wave, Address: h.baseURL.Host, Sheets: sheets}); err != nil {
		return fmt.Errorf("draw cards: %w", err)
	}
	return r.sendPDF(c, name, &content)
}

func (r round) sendPDF(c echo.Context, name string, content *bytes.Buffer) error {
	signedin.SendAs(c, "application/pdf", fmt.Sprintf("%s-%s-%s", r.study.ID, r.Wave.ID, name))
	_, err := c.Response().Write(content.Bytes())
	return err
}

// cardSites returns the practices that can have some, and those of them that have none yet.
func (r round) cardSites() (all, without []surveys.RoundSite) {
	for _, site := range r.Sites {
		if site.Staff == 0 {
			continue
		}
		all = append(all, site)
		if site.Cards == 0 {
			without = append(without, site)
		}
	}
	return all, without
}

// ConfirmAllCards handles GET /office/studies/:study/rounds/:wave/cards.
func (h *Rounds) ConfirmAllCards(c echo.Context) error {
	r, err := h.find(c)
	if err != nil {
		return err
	}
	if all, _ := r.cardSites(); len(all) == 0 || !r.takesCards() {
		return c.Redirect(http.StatusSeeOther, r.path())
	}
	return h.pages.Send(c, http.StatusOK, h.allCardsPage(c, r))
}

func (h *Rounds) allCardsPage(c echo.Context, r round) *signedin.ConfirmPage {
	all, without := r.cardSites()
	p := &signedin.ConfirmPage{Frame: h.frame(c, "Make the cards of "+r.Wave.Title+"?", r), Action: r.path() + "/cards", CancelURL: r.path(), Button: "Make the cards"}
	p.Narrow = true
	p.Says = []string{"Each practice gets a card for every member of staff, and a fifth more so that the pile is never empty. All are in one PDF of ten cards to a page, and each practice begins on a new page.",
		"The codes are in that file once and never again: print it as soon as it is saved. " + drawCards}
	if missing := len(r.Sites) - len(all); missing > 0 {
		p.Says = append(p.Says, fmt.Sprintf("%s without a headcount and left out.", signedin.Plural(missing, "practice is", "practices are")))
	}
	p.Fields = []page.HiddenField{signedin.NewFormID()}
	switch {
	case len(without) == len(all):
		p.Says = append(p.Says, saysCards(all)+".")
	case len(without) == 0:
		p.Says = append(p.Says, saysCards(all)+".")
		p.Warning = "Every practice has cards already. " + oldCardsStay
	default:
		p.Warning = "Some practices have cards already. " + oldCardsStay
		p.Choices = []page.ChoiceField{{ID: "which", Name: "which", Label: "For which practices?", Options: []page.Choice{
			{ID: "which", Value: "new", Label: "Those that have none yet: " + saysCards(without), Chosen: true},
			{ID: "which-all", Value: "all", Label: "All: " + saysCards(all)}}}}
	}
	return p
}

// saysCards counts the cards that practices need.
func saysCards(sites []surveys.RoundSite) string {
	n := 0
	for _, site := range sites {
		n += site.CardsNeeded()
	}
	return fmt.Sprintf("%d cards for %s", n, signedin.Plural(len(sites), "practice", "practices"))
}

// MakeAllCards handles POST /office/studies/:study/rounds/:wave/cards.
func (h *Rounds) MakeAllCards(c echo.Context) error {
	r, err := h.find(c)
	if err != nil {
		return err
	}
	sites, without := r.cardSites()
	if len(sites) == 0 || !r.takesCards() {
		return c.Redirect(http.StatusSeeOther, r.path())
	}
	var form cardsForm
	if err := page.Bind(c, &form); err != nil {
		return err
	}
	if form.Which == "new" && len(without) > 0 {
		sites = without
	}
	sheets, again, err := h.newSheets(c, r, form.ID, sites)
	if err != nil {
		return err
	}
	if again {
		p := h.allCardsPage(c, r)
		p.Errors = []page.FieldError{{Text: cardsTwice}}
		return h.pages.Send(c, http.StatusConflict, p)
	}
	return h.sendCards(c, r, "cards.pdf", sheets)
}

// DownloadPoster handles GET /office/studies/:study/rounds/:wave/poster.pdf.
func (h *Rounds) DownloadPoster(c echo.Context) error {
	r, err := h.find(c)
	if err != nil {
		return err
	}
	var content bytes.Buffer // buffered, so that an error can still be answered with a page
	if err := report.WritePoster(&content, report.Poster{Study: r.study, State: r.state, Wave: r.Wave, Sealing: r.Sealing, Address: h.baseURL.Host}); err != nil {
		return fmt.Errorf("draw a poster: %w", err)
	}
	return r.sendPDF(c, "poster.pdf", &content)
}
