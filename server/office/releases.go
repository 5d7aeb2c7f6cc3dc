package office

import (
	"archive/zip"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"wellwave/server/access"
	"wellwave/server/office/signedin"
	"wellwave/server/page"
	"wellwave/surveys"
	"wellwave/surveys/release"
	"wellwave/surveys/store"
)

// Releases are the numbered snapshots that leave the team.
type Releases struct {
	frames *signedin.Frames
	store  *store.Store
	pages  *page.Renderer
	now    func() time.Time
}

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

// Ask handles GET /office/studies/:study/releases/new.
func (h *Releases) Ask(c echo.Context) error {
	study, state, err := signedin.FindStudy(c, h.store)
	if err != nil {
		return err
	}
	return h.pages.Send(c, http.StatusOK, h.newPage(c, study, state, surveys.SharedRelease))
}

func (h *Releases) newPage(c echo.Context, study *surveys.Study, state surveys.StudyState, chosen surveys.ReleaseProfile) *releaseNewPage {
	p := &releaseNewPage{Frame: h.frames.Study(c, "Make a release", study, state)}
	p.Narrow, p.Form, p.Typed = true, signedin.NewFormID(), signedin.TypedField(string(study.ID))
	p.Action, p.CancelURL = signedin.StudyPath(study.ID)+"/releases/new", signedin.StudyPath(study.ID)+"/releases"
	p.Profile = page.ChoiceField{ID: "profile", Name: "profile", Label: "For whom"}
	for i, profile := range surveys.ReleaseProfiles() {
		option := page.Choice{ID: "profile-" + profile.String(), Value: profile.String(), Label: profileSays(profile), Chosen: profile == chosen}
		if i == 0 {
			option.ID = p.Profile.ID
		}
		p.Profile.Options = append(p.Profile.Options, option)
	}
	return p
}

func profileSays(p surveys.ReleaseProfile) string {
	who := "anybody"
	switch p {
	case surveys.TeamRelease:
		who = "the study’s own team, under its protocol"
	case surveys.SharedRelease:
		who = "other researchers, under an agreement"
	}
	return fmt.Sprintf("%s: at least %d people share every combination of keys", page.Capital(who), p.K())
}

type releaseForm struct {
	Profile string `form:"profile" validate:"oneof=team shared open"`
	Excel   bool   `form:"excel"`
	ID      string `form:"form"` // see once
	Typed   string `form:"typed"`
}

// Make handles POST /office/studies/:study/releases/new. A release that would give people away is refused, with
// the keys at fault.
func (h *Releases) Make(c echo.Context) error {
	study, state, err := signedin.FindStudy(c, h.store)
	if err != nil {
		return err
	}
	var form releaseForm
	if err := page.Bind(c, &form); err != nil {
		return err
	}
	profile, _ := surveys.ParseReleaseProfile(form.Profile) // bind checked it
	if p := h.newPage(c, study, state, profile); !signedin.WasTyped(form.Typed, string(study.ID), &p.Typed, &p.Errors) {
		p.Excel = form.Excel
		return h.pages.Send(c, http.StatusBadRequest, p)
	}
	again, err := signedin.Once(c, h.store, form.ID, func(ctx context.Context) error {
		return inPrivateFolder(func(dir string) error {
			made, err := release.Make(ctx, h.store, release.Order{Study: study.ID, Profile: profile,
				By: access.Account(c).ID, Dir: dir, Excel: form.Excel})
			if err != nil || profile == surveys.TeamRelease {
				return err
			}
			return h.store.ProposeRelease(ctx, access.Account(c).ID, study.ID, made.Release)
		})
	})
	if again {
		p := h.newPage(c, study, state, profile)
		p.Excel = form.Excel
		p.Errors = []page.FieldError{{Text: "The button was pressed twice, and nothing was done the second time. The release stands in the list of releases as soon as it is made."}}
		return h.pages.Send(c, http.StatusConflict, p)
	}
	if kind := surveys.KindOf(err); kind == surveys.Invalid || kind == surveys.Conflict {
		p := h.newPage(c, study, state, profile)
		p.Excel = form.Excel
		for _, line := range signedin.RefusalLines(err) {
			for part := range strings.SplitSeq(page.Sentence(line), "; ") { // the combinations of keys at fault
				p.Errors = append(p.Errors, page.FieldError{Text: part})
			}
		}
		return h.pages.Send(c, page.KindStatus[kind], p)
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, signedin.StudyPath(study.ID)+"/releases")
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

// Download handles GET /office/studies/:study/releases/:number/files.zip.
func (h *Releases) Download(c echo.Context) error {
	number, err := strconv.Atoi(c.Param("number"))
	if err != nil {
		return echo.ErrNotFound
	}
	study := surveys.StudyID(c.Param("study"))
	return inPrivateFolder(func(dir string) error {
		if _, err := release.Write(c.Request().Context(), h.store, study, number, dir); err != nil {
			return err
		}
		if err := h.store.RecordDownload(c.Request().Context(), access.Account(c).ID, study, number); err != nil {
			return err
		}
		signedin.SendAs(c, "application/zip", fmt.Sprintf("%s-release-%d.zip", study, number))
		return zipFolder(c.Response(), dir)
	})
}

// inPrivateFolder gives fn a folder that only this process may read and that is gone afterwards.
func inPrivateFolder(fn func(dir string) error) error {
	parent, err := os.MkdirTemp("", "wellwave-")
	if err != nil {
		return surveys.Refuse(surveys.Unavailable, "The server has no room for the files just now. Please try again later.", err)
	}
	defer func() { _ = os.RemoveAll(parent) }() // private, and removed by the system if this fails
	return fn(filepath.Join(parent, "files"))
}

// zipFolder writes the files of a folder as a zip archive. Its bytes depend on names and contents alone.
func zipFolder(w io.Writer, dir string) error {
	entries, err := os.ReadDir(dir) // sorted by name
	if err != nil {
		return fmt.Errorf("list files: %w", err)
	}
	archive := zip.NewWriter(w)
	for _, entry := range entries {
		if err := zipFile(archive, filepath.Join(dir, entry.Name()), entry.Name()); err != nil {
			return err
		}
	}
	if err := archive.Close(); err != nil {
		return fmt.Errorf("finish archive: %w", err)
	}
	return nil
}

func zipFile(archive *zip.Writer, path, name string) error {
	file, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("archive %s: %w", name, err)
	}
	defer file.Close()
	member, err := archive.Create(name)
	if err != nil {
		return fmt.Errorf("archive %s: %w", name, err)
	}
	if _, err := io.Copy(member, file); err != nil {
		return fmt.Errorf("archive %s: %w", name, err)
	}
	return nil
}
