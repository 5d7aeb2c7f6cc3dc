package releases

import (
	"fmt"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"wellwave/server/access"
	"wellwave/server/office/signedin"
	"wellwave/server/page"
	"wellwave/surveys"
)

// List handles GET /office/studies/:study/releases.
func (h *Releases) List(c echo.Context) error {
	study, state, err := signedin.FindStudy(c, h.store)
	if err != nil {
		return err
	}
	releases, err := h.store.ListReleases(c.Request().Context(), study.ID)
	if err != nil {
		return err
	}
	proposals, err := h.store.ListProposals(c.Request().Context(), study.ID)
	if err != nil {
		return err
	}
	account := access.Account(c)
	p := &releasesPage{Frame: h.frames.Study(c, "Releases", study, state), MayMake: access.Releasers.Has(account)}
	p.NewURL = signedin.StudyPath(study.ID) + "/releases/new"
	p.Releases = page.Table{ID: "releases", Caption: "Releases of this study", Heads: page.Heads("Number", "Profile", "#Responses", "Frozen", "")}
	p.Releases.Heads[4] = page.HiddenHead("Download")
	for _, r := range releases {
		download := page.Cell{}
		if p.MayMake {
			number := strconv.Itoa(r.Number)
			download = h.leaving(study.ID, r, proposals, "release "+number)
		}
		p.Releases.Rows = append(p.Releases.Rows, page.Row(page.HeadCell(strconv.Itoa(r.Number)), page.TextCell(fmt.Sprintf("%s (k = %d)", r.Profile, r.Profile.K())),
			signedin.CountCell(r.Responses), page.TextCell(page.SayTime(r.FrozenAt, study.Zone)), download))
	}
	return h.pages.Send(c, http.StatusOK, p)
}

// leaving leads to the files of a release, or to what has to happen before it may leave the team.
func (h *Releases) leaving(study surveys.StudyID, r surveys.Release, proposals []surveys.Proposal, which string) page.Cell {
	at := signedin.StudyPath(study) + "/releases/" + strconv.Itoa(r.Number)
	agreed, waiting := r.Profile == surveys.TeamRelease, surveys.ProposalID("")
	for _, p := range proposals {
		switch {
		case p.Kind != surveys.LetOut || p.Release != r.Number:
		case p.State == surveys.ProposalAgreed:
			agreed = true
		case p.State == surveys.ProposalWaiting && !p.Lapsed(h.now()):
			waiting = p.ID
		}
	}
	switch {
	case agreed:
		return page.LinkCell("Download", at+"/files.zip", which)
	case waiting != "":
		return page.LinkCell("Waits for a second person", signedin.ProposalsPath(study)+"/"+string(waiting), which)
	default:
		return page.LinkCell("Ask a second person", at+"/second-person", which)
	}
}

// ConfirmAsk handles GET /office/studies/:study/releases/:number/second-person.
func (h *Releases) ConfirmAsk(c echo.Context) error {
	study, state, err := signedin.FindStudy(c, h.store)
	if err != nil {
		return err
	}
	number, err := strconv.Atoi(c.Param("number"))
	if err != nil {
		return echo.ErrNotFound
	}
	p := &signedin.ConfirmPage{Frame: h.frames.Study(c, fmt.Sprintf("Ask that release %d may leave the team?", number), study, state), Button: "Ask for it"}
	p.Narrow, p.Says = true, []string{"Somebody else who may make releases has to agree within three days before its files can be downloaded."}
	p.Action, p.CancelURL = fmt.Sprintf("%s/releases/%d/second-person", signedin.StudyPath(study.ID), number), signedin.StudyPath(study.ID)+"/releases"
	return h.pages.Send(c, http.StatusOK, p)
}

// AskToLeave handles POST /office/studies/:study/releases/:number/second-person.
func (h *Releases) AskToLeave(c echo.Context) error {
	study := surveys.StudyID(c.Param("study"))
	number, err := strconv.Atoi(c.Param("number"))
	if err != nil {
		return echo.ErrNotFound
	}
	if err := h.store.ProposeRelease(c.Request().Context(), access.Account(c).ID, study, number); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, signedin.ProposalsPath(study))
}
