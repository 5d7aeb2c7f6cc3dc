package releases

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"wellwave/server/access"
	"wellwave/server/office/signedin"
	"wellwave/server/page"
	"wellwave/surveys"
	"wellwave/surveys/release"
)

// List handles GET /office/studies/:study/releases.
func (h *Releases) List(c echo.Context) error {
	study, state, err := signedin.FindStudy(c, h.store)
	if err != nil {
		return err
	}
	register, err := h.register(c, study)
	if err != nil {
		return err
	}
	p := &releasesPage{Frame: h.frames.Study(c, "Releases", study, state), MayMake: access.Releasers.Has(access.Account(c))}
	p.NewURL = signedin.StudyPath(study.ID) + "/releases/new"
	p.Releases = page.Table{ID: "releases", Caption: "Releases of this study, the latest first",
		Heads: page.Heads("Number", "For", "Asked for by", "Frozen", "#People", "#Responses", "Approval", "Files", "Fetched")}
	for _, e := range register {
		files := page.BadgeCell(e.kind, e.state)
		if e.next.URL != "" && access.Releasers.Has(access.Account(c)) {
			files.Badge, files.URL, files.Text, files.Hidden = "", e.next.URL, e.next.Label, "release "+strconv.Itoa(e.Number)
		}
		p.Releases.Rows = append(p.Releases.Rows, page.Row(page.Cell{Text: strconv.Itoa(e.Number), URL: releasePath(study.ID, e.Number), Head: true},
			page.TextCell(fmt.Sprintf("%s (k = %d)", e.Profile, e.Profile.K())), page.TextCell(e.asked), page.TextCell(page.SayTime(e.FrozenAt, study.Zone)),
			page.NumberCell(e.people()), signedin.CountCell(e.Responses), page.TextCell(e.approval()), files, page.TextCell(e.fetched(study.Zone))))
	}
	return h.pages.Send(c, http.StatusOK, p)
}

// Show handles GET /office/studies/:study/releases/:number.
func (h *Releases) Show(c echo.Context) error {
	study, state, err := signedin.FindStudy(c, h.store)
	if err != nil {
		return err
	}
	register, err := h.register(c, study)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(register, func(e entry) bool { return strconv.Itoa(e.Number) == c.Param("number") })
	if at < 0 {
		return echo.ErrNotFound
	}
	e := register[at]
	p := &releasePage{Frame: h.frames.Study(c, fmt.Sprintf("Release %d", e.Number), study, state), State: e.state, Kind: e.kind, Says: e.says}
	if access.Releasers.Has(access.Account(c)) {
		p.Next = e.next
	}
	p.Facts = []page.Fact{{Term: "For", Text: page.Capital(profileSays(e.Profile))}, {Term: "Asked for by", Text: e.asked},
		{Term: "Data version", Text: fmt.Sprintf("%d, frozen on %s", e.Number, page.SayTime(e.FrozenAt, study.Zone))},
		{Term: "People", Text: e.people()}, {Term: "Responses", Text: strconv.Itoa(e.Responses)}}
	if e.Profile != surveys.TeamRelease {
		p.Facts = append(p.Facts, page.Fact{Term: "Approval or agreement", Text: cmp.Or(e.Approval.Reference, "none was named")}, page.Fact{Term: "Agreed by", Text: cmp.Or(e.Approval.By, "nobody yet")})
		if !e.Approval.At.IsZero() {
			p.Facts = append(p.Facts, page.Fact{Term: "Agreed", Text: page.SayTime(e.Approval.At, study.Zone)})
		}
	}
	var manifest release.Manifest
	if err := json.Unmarshal([]byte(e.Manifest), &manifest); err != nil {
		return fmt.Errorf("read the manifest of release %d: %w", e.Number, err)
	}
	p.Documents = page.Table{ID: "documents", Caption: "What it is made of", Heads: page.Heads("File", "#Rows", "#Bytes")}
	for _, file := range manifest.Files {
		p.Documents.Rows = append(p.Documents.Rows, page.Row(page.HeadCell(file.Name), page.NumberCell(countOr(file.Rows)), page.NumberCell(strconv.FormatInt(file.Bytes, 10))))
	}
	p.Fetched = page.Table{ID: "fetched", Caption: "Who fetched its files", Heads: page.Heads("When", "Who")}
	for _, f := range e.downloads {
		p.Fetched.Rows = append(p.Fetched.Rows, page.Row(page.Cell{Text: page.SayTime(f.At, study.Zone), Head: true}, page.TextCell(f.who)))
	}
	if e.Assessment != "" {
		var a release.Assessment
		if err := json.Unmarshal([]byte(e.Assessment), &a); err != nil {
			return fmt.Errorf("read what was counted for release %d: %w", e.Number, err)
		}
		p.Made = viewOf(&a, study)
		p.Made.Title, p.Made.Rare = "How it hides people", nil
		p.Made.Says = []string{fmt.Sprintf("In every file at least %d share each combination of the keys. The smallest class that was measured is %d.", a.K, manifest.KMeasured)}
	}
	return h.pages.Send(c, http.StatusOK, p)
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
	p.Action, p.CancelURL = releasePath(study.ID, number)+"/second-person", releasePath(study.ID, number)
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
