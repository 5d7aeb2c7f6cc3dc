package office

import (
	"cmp"
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"wellwave/server/access"
	"wellwave/server/office/signedin"
	"wellwave/server/page"
	"wellwave/surveys"
	"wellwave/surveys/store"
)

// Proposals are what one account asked for and another has to decide.
type Proposals struct {
	frames *signedin.Frames
	store  *store.Store
	pages  *page.Renderer
	now    func() time.Time
}

// List handles GET /office/studies/:study/second-person.
func (h *Proposals) List(c echo.Context) error {
	study, state, err := signedin.FindStudy(c, h.store)
	if err != nil {
		return err
	}
	proposals, err := h.store.ListProposals(c.Request().Context(), study.ID)
	if err != nil {
		return err
	}
	p := &proposalsPage{Frame: h.frames.Study(c, "Second person", study, state)}
	p.Proposals = page.Table{ID: "proposals", Caption: "What was asked for", Heads: page.Heads("What", "Asked for", "By", "Decision")}
	for _, proposal := range proposals {
		by, err := h.nameOf(c, proposal.By)
		if err != nil {
			return err
		}
		what := page.Cell{Text: proposal.Kind.Label(), Head: true, Note: proposalAbout(proposal), URL: signedin.ProposalsPath(study.ID) + "/" + string(proposal.ID)}
		p.Proposals.Rows = append(p.Proposals.Rows, page.Row(what, page.TextCell(page.SayTime(proposal.At, study.Zone)), page.TextCell(by), h.decisionCell(proposal, study.Zone)))
	}
	return h.pages.Send(c, http.StatusOK, p)
}

func (h *Proposals) nameOf(c echo.Context, id surveys.AccountID) (string, error) {
	if id == "" {
		return "the person", nil
	}
	account, err := h.store.FindAccount(c.Request().Context(), id)
	return account.Name, err
}

// proposalAbout says what a proposal is about, where its kind does not.
func proposalAbout(p surveys.Proposal) string {
	switch {
	case p.Enrolment != "":
		return "person " + p.Label
	case p.Release != 0:
		return "release " + strconv.Itoa(p.Release)
	default:
		return ""
	}
}

func (h *Proposals) decisionCell(p surveys.Proposal, zone *time.Location) page.Cell {
	switch {
	case p.State == surveys.ProposalAgreed:
		return page.Cell{Text: "agreed", Badge: "good", Note: page.SayTime(p.DecidedAt, zone)}
	case p.State == surveys.ProposalRefused:
		return page.Cell{Text: "refused", Badge: "plain", Note: page.SayTime(p.DecidedAt, zone)}
	case p.Lapsed(h.now()):
		return page.Cell{Text: "not decided in time", Badge: "plain"}
	case p.Late(h.now()):
		return page.Cell{Text: "late", Badge: "alarm", Note: "was to be decided by " + page.SayTime(p.Due, zone)}
	default:
		return page.Cell{Text: "waits", Badge: "warn", Note: "to be decided by " + page.SayTime(p.Due, zone)}
	}
}

// Show handles GET /office/studies/:study/second-person/:proposal.
func (h *Proposals) Show(c echo.Context) error {
	p, _, err := h.page(c, "")
	if err != nil {
		return err
	}
	return h.pages.Send(c, http.StatusOK, p)
}

// page shows one proposal, and asks whoever may decide it.
func (h *Proposals) page(c echo.Context, ground string) (*proposalPage, surveys.Proposal, error) {
	study, state, err := signedin.FindStudy(c, h.store)
	if err != nil {
		return nil, surveys.Proposal{}, err
	}
	proposal, err := h.store.FindProposal(c.Request().Context(), study.ID, surveys.ProposalID(c.Param("proposal")))
	if err != nil {
		return nil, proposal, err
	}
	by, err := h.nameOf(c, proposal.By)
	if err != nil {
		return nil, proposal, err
	}
	p := &proposalPage{Frame: h.frames.Study(c, proposal.Kind.Label(), study, state), CancelURL: signedin.ProposalsPath(study.ID)}
	p.Narrow = true
	if about := proposalAbout(proposal); about != "" {
		p.Facts = append(p.Facts, page.Fact{Term: "About", Text: page.Capital(about)})
	}
	if proposal.Kind == surveys.LetOut {
		r, err := h.store.RegisteredRelease(c.Request().Context(), study.ID, proposal.Release)
		if err != nil {
			return nil, proposal, err
		}
		p.AboutURL = signedin.StudyPath(study.ID) + "/releases/" + strconv.Itoa(r.Number)
		p.Facts = append(p.Facts, page.Fact{Term: "Approval or agreement", Text: cmp.Or(r.Approval.Reference, "none was named")})
	}
	p.Facts = append(p.Facts, page.Fact{Term: "Asked for", Text: page.SayTime(proposal.At, study.Zone)}, page.Fact{Term: "By", Text: by})
	if proposal.Channel != 0 {
		p.Facts = append(p.Facts, page.Fact{Term: "How it came", Text: page.Capital(proposal.Channel.Label())})
	}
	if proposal.State == surveys.ProposalWaiting {
		p.Facts = append(p.Facts, page.Fact{Term: "To be decided by", Text: page.SayTime(proposal.Due, study.Zone)})
		p.Says = proposalSays(proposal)
	} else {
		decider, err := h.nameOf(c, proposal.DecidedBy)
		if err != nil {
			return nil, proposal, err
		}
		p.Facts = append(p.Facts, page.Fact{Term: "Decided", Text: page.SayTime(proposal.DecidedAt, study.Zone)}, page.Fact{Term: "Decided by", Text: decider},
			page.Fact{Term: "Ground", Text: proposal.GroundLabel()})
	}
	may := proposal.CheckDecider(access.Account(c))
	switch {
	case proposal.State != surveys.ProposalWaiting:
	case proposal.Lapsed(h.now()):
		p.Closed = "This was not decided in time. It has to be asked for again."
	case may != nil:
		p.Closed = page.ShowErrors(may)[0].Text
	default:
		p.Action = signedin.ProposalsPath(study.ID) + "/" + string(proposal.ID)
		p.Ground = page.ChoiceField{ID: "ground-" + proposal.Kind.Grounds()[0].Code, Name: "ground", Label: "What do you decide?"}
		for _, g := range proposal.Kind.Grounds() {
			p.Ground.Options = append(p.Ground.Options, page.Choice{ID: "ground-" + g.Code, Value: g.Code, Label: g.Label, Chosen: g.Code == ground})
		}
	}
	return p, proposal, nil
}

// proposalSays says what happens if a proposal is agreed to.
func proposalSays(p surveys.Proposal) []string {
	gone, back := "erased for good at once", "Nobody can take it back."
	if p.ErasureDays > 0 {
		gone, back = "erased for good after "+signedin.Plural(p.ErasureDays, "day", "days"), "Until then the team can take it back."
	}
	switch p.Kind {
	case surveys.EraseMore:
		return []string{"Staff have already had " + strconv.Itoa(surveys.ErasuresAnHour) + " people of this site erased within an hour, so nothing has happened yet to this one. Ask whoever recorded it before you agree.",
			"If you agree, the answers are out of use and " + gone + ". " + back}
	case surveys.EraseLocked:
		return []string{"The data were locked when this was asked for. Nothing more is collected from the person and their contact details are gone. Their answers are still in the locked data until you decide.",
			"The law gives a month. Your decision and its ground are kept, and have to be told to the person.",
			"If you erase, the answers are out of use and " + gone + ": analyses that were made may no longer match. " + back}
	case surveys.Unlock:
		return []string{"If you agree, the data stop being final: the study is closed again, and from there it can be opened.", "Analyses made from the locked data may no longer match."}
	default:
		return []string{"The release is made for people beyond the team. If you agree, its files can be downloaded and handed on, and nobody can call them back.",
			"Look at who is to have them, under which agreement, and at how the release hides people."}
	}
}

type decideForm struct {
	Ground string `form:"ground"`
}

// Decide handles POST /office/studies/:study/second-person/:proposal.
func (h *Proposals) Decide(c echo.Context) error {
	var form decideForm
	if err := page.Bind(c, &form); err != nil {
		return err
	}
	p, proposal, err := h.page(c, form.Ground)
	if err != nil {
		return err
	}
	err = h.store.DecideProposal(context.WithoutCancel(c.Request().Context()), access.Account(c), proposal.Study, proposal.ID, form.Ground)
	switch kind := surveys.KindOf(err); {
	case kind == surveys.Invalid && p.Action != "":
		p.Ground.Error = "Choose what you decide"
		p.Errors = []page.FieldError{{Field: p.Ground.ID, Text: p.Ground.Error}}
		return h.pages.Send(c, http.StatusBadRequest, p)
	case kind == surveys.Conflict || kind == surveys.Closed:
		p.Errors = page.ShowErrors(err)
		return h.pages.Send(c, page.KindStatus[kind], p)
	case err != nil:
		return err
	}
	return c.Redirect(http.StatusSeeOther, signedin.ProposalsPath(proposal.Study)+"/"+string(proposal.ID))
}

// proposalsPage lists what was asked for in a study that another account decides.
type proposalsPage struct {
	signedin.Frame
	Proposals page.Table
}

// proposalPage is one of these, with its decision or the form that asks for it.
type proposalPage struct {
	signedin.Frame
	Facts             []page.Fact
	AboutURL          string   // of the release that it is about
	Says              []string // what happens
	Closed            string   // why this account cannot decide it
	Action, CancelURL string   // no action where it cannot
	Ground            page.ChoiceField
}

func (*proposalsPage) Template() string { return "office/proposals" }

func (*proposalPage) Template() string { return "office/proposal" }
