package releases

import (
	"fmt"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"wellwave/server/office/signedin"
	"wellwave/server/page"
	"wellwave/surveys"
)

func releasePath(study surveys.StudyID, number int) string {
	return signedin.StudyPath(study) + "/releases/" + strconv.Itoa(number)
}

// entry is a release as the register has it.
type entry struct {
	surveys.Release
	asked       string // who asked for it
	state, kind string // whether its files can be had, and the badge that says so
	says        string // what has to happen first, or why they cannot
	next        page.Link
	downloads   []fetched // the latest first
}

// fetched is somebody who fetched the files.
type fetched struct {
	At  time.Time
	who string
}

// register returns the releases of a study, the latest first.
func (h *Releases) register(c echo.Context, study *surveys.Study) ([]entry, error) {
	ctx := c.Request().Context()
	releases, err := h.store.ListReleases(ctx, study.ID)
	if err != nil {
		return nil, err
	}
	proposals, err := h.store.ListProposals(ctx, study.ID)
	if err != nil {
		return nil, err
	}
	downloads, err := h.store.ListDownloads(ctx, study.ID)
	if err != nil {
		return nil, err
	}
	names := map[surveys.AccountID]string{}
	who := func(by surveys.AccountID, from surveys.Author) (string, error) {
		if by == "" {
			if from.ID != "" {
				return from.ID + ", at the command line", nil
			}
			return "the command line", nil
		}
		if _, known := names[by]; !known {
			account, err := h.store.FindAccount(ctx, by)
			if err != nil {
				return "", err
			}
			names[by] = account.Name
		}
		return names[by], nil
	}
	list := make([]entry, len(releases))
	for i, r := range releases {
		e := &list[i]
		e.Release = r
		if e.asked, err = who(r.By, surveys.Author{}); err != nil {
			return nil, err
		}
		for _, d := range downloads {
			if d.Object != strconv.Itoa(r.Number) {
				continue
			}
			name, err := who(d.By, d.From)
			if err != nil {
				return nil, err
			}
			e.downloads = append(e.downloads, fetched{d.At, name})
		}
		e.judge(proposals, h.now())
	}
	return list, nil
}

// judge says whether the files of a release can be had, and what comes next.
func (e *entry) judge(proposals []surveys.Proposal, now time.Time) {
	path := releasePath(e.Study, e.Number)
	if err := e.CheckAgain(); err != nil {
		e.state, e.kind, e.says = "cannot be made again", "alarm", page.ShowErrors(err)[0].Text
		return
	}
	if e.MayLeave() {
		e.state, e.kind, e.next = "can be fetched", "good", page.Link{Label: "Download", URL: path + "/files.zip"}
		e.says = "Its files can be written again, to the same bytes, for as long as nothing in it is erased."
		return
	}
	e.state, e.kind, e.says = "needs a second person", "warn", "Somebody else has to agree before its files leave the team."
	e.next = page.Link{Label: "Ask a second person", URL: path + "/second-person"}
	for _, p := range proposals {
		if p.Kind == surveys.LetOut && p.Release == e.Number && p.State == surveys.ProposalWaiting && !p.Lapsed(now) {
			e.state, e.next = "waits for a second person", page.Link{Label: "Waits for a second person", URL: signedin.ProposalsPath(e.Study) + "/" + string(p.ID)}
		}
	}
}

// people is how many people the release holds; releases of older versions did not count them.
func (e *entry) people() string { return countOr(e.People) }

// approval says who agreed, and to what.
func (e *entry) approval() string {
	switch {
	case e.Profile == surveys.TeamRelease:
		return "not needed"
	case e.Approval.At.IsZero():
		return "nobody yet"
	case e.Approval.Reference == "":
		return e.Approval.By
	default:
		return e.Approval.By + ", " + e.Approval.Reference
	}
}

// fetched says how often the files were fetched, and who was the last.
func (e *entry) fetched(zone *time.Location) string {
	if len(e.downloads) == 0 {
		return "by nobody"
	}
	last := e.downloads[0]
	says := fmt.Sprintf("%s, %s", last.who, page.SayTime(last.At, zone))
	if n := len(e.downloads) - 1; n > 0 {
		says += fmt.Sprintf("; %s before", signedin.Plural(n, "time", "times"))
	}
	return says
}

// countOr is a count, and nothing for 0.
func countOr(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}
