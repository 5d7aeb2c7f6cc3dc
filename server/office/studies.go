package office

import (
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"wellwave/server/access"
	"wellwave/server/office/signedin"
	"wellwave/server/page"
	"wellwave/surveys"
	"wellwave/surveys/monitor"
	"wellwave/surveys/store"
)

// Studies are loaded from files, and go from draft to locked.
type Studies struct {
	frames *signedin.Frames
	store  *store.Store
	pages  *page.Renderer
	now    func() time.Time
}

// List handles GET /office.
func (h *Studies) List(c echo.Context) error {
	studies, err := signedin.ListStudies(c, h.store)
	if err != nil {
		return err
	}
	p := &studiesPage{Frame: h.frames.Plain(c, "Studies"), MayLoad: access.Team.Has(access.Account(c))}
	p.Studies = page.Table{ID: "studies", Caption: "All studies", Heads: page.Heads("Study", "State", "#Arms", "#Sites", "#Waves", "")}
	p.Studies.Heads[5] = page.HiddenHead("Monitor")
	for _, study := range studies {
		p.Studies.Rows = append(p.Studies.Rows, page.Row(
			page.Cell{Text: study.Title, URL: signedin.StudyPath(study.ID), Head: true, Note: string(study.ID)},
			page.BadgeCell(stateBadge(study.State), study.State.String()),
			page.NumberCell(strconv.Itoa(len(study.Arms))), page.NumberCell(strconv.Itoa(len(study.Sites))), page.NumberCell(strconv.Itoa(len(study.Waves))),
			page.LinkCell("Monitor", signedin.StudyPath(study.ID)+"/monitor", "of "+study.Title)))
	}
	return h.pages.Send(c, http.StatusOK, p)
}

func stateBadge(state surveys.StudyState) string {
	switch state {
	case surveys.Live:
		return "good"
	case surveys.Pilot:
		return "notice"
	default:
		return "plain"
	}
}

// Show handles GET /office/studies/:study.
func (h *Studies) Show(c echo.Context) error {
	study, state, err := signedin.FindStudy(c, h.store)
	if err != nil {
		return err
	}
	account := access.Account(c)
	p := &studyPage{Frame: h.frames.Study(c, study.Title, study, state)}
	p.State, p.StateKind, p.StateSays = state.String(), stateBadge(state), stateSays(state)
	p.MayLoad, p.LoadURL = access.Team.Has(account), "/office/load?study="+string(study.ID)
	if p.MayLoad {
		for _, next := range state.Next() {
			p.Changes = append(p.Changes, page.Link{Label: changeOf(state, next).button, URL: signedin.StudyPath(study.ID) + "/state/" + next.String()})
		}
	}
	p.Facts = studyFacts(study)
	instruments, err := h.instrumentTable(c, study)
	if err != nil {
		return err
	}
	versions, err := h.versionTable(c, study)
	if err != nil {
		return err
	}
	p.Tables = []page.Table{waveTable(study), instruments, siteTable(study), versions}
	p.DatesURL = signedin.StudyPath(study.ID) + "/dates"
	if access.Auditors.Has(account) {
		entries, err := h.store.ListAudit(c.Request().Context(), study.ID, "", 5)
		if err != nil {
			return err
		}
		p.AuditURL = "/office/audit?study=" + string(study.ID)
		if p.Recent, err = auditTable(c, h.store, "Done lately", entries); err != nil {
			return err
		}
	}
	return h.pages.Send(c, http.StatusOK, p)
}

func stateSays(state surveys.StudyState) string {
	switch state {
	case surveys.Draft:
		return "Nobody can answer yet. The study file may change in any way."
	case surveys.Pilot:
		return "People can answer, to try it out. These answers never reach a release."
	case surveys.Live:
		return "People answer. The study file may only be added to."
	case surveys.Ended:
		return "No answers are taken any more. The study can be opened again or locked."
	default:
		return "The data are final."
	}
}

func studyFacts(study *surveys.Study) []page.Fact {
	facts := []page.Fact{{Term: "Id", Text: string(study.ID)}, {Term: "Time zone", Text: study.Zone.String()}, {Term: "Primary scale", Text: string(study.Primary)}}
	for _, arm := range study.Arms {
		sites := 0
		for _, site := range study.Sites {
			if site.Arm == arm.ID {
				sites++
			}
		}
		facts = append(facts, page.Fact{Term: "Arm " + string(arm.ID), Text: fmt.Sprintf("%s, %s", arm.Title, signedin.Plural(sites, "site", "sites"))})
	}
	if study.Consent.Version != "" {
		facts = append(facts, page.Fact{Term: "Consent text", Text: fmt.Sprintf("version %s, %s", study.Consent.Version, signedin.Plural(len(study.Consent.Clauses), "clause", "clauses"))})
	}
	for _, target := range study.Targets {
		facts = append(facts, page.Fact{Term: "Target", Text: monitor.TargetText(target)})
	}
	return facts
}

func siteTable(study *surveys.Study) page.Table {
	t := page.Table{ID: "sites", Caption: "Sites", Heads: page.Heads("Site", "Id", "Arm", "#Staff")}
	for _, site := range study.Sites {
		arm, _ := study.Arm(site.Arm)
		t.Rows = append(t.Rows, page.Row(page.HeadCell(site.Title), page.TextCell(string(site.ID)), page.TextCell(arm.Title), page.NumberCell(strconv.Itoa(site.Staff))))
	}
	return t
}

func waveTable(study *surveys.Study) page.Table {
	t := page.Table{ID: "waves", Caption: "Waves and rounds", Heads: page.Heads("Wave", "Answered by", "Window", "Layout", "Instruments")}
	for _, wave := range study.Waves {
		instruments := ""
		for i, id := range wave.Instruments {
			if i > 0 {
				instruments += ", "
			}
			instruments += string(id)
		}
		t.Rows = append(t.Rows, page.Row(page.Cell{Text: wave.Title, Head: true, Note: string(wave.ID)},
			page.TextCell(wave.Audience.String()), page.TextCell(signedin.WindowSays(study, wave)), page.TextCell(layoutSays(wave)), page.TextCell(instruments)))
	}
	return t
}

func layoutSays(wave surveys.Wave) string {
	says := "one question a screen"
	if wave.Layout == surveys.OnePage {
		says = "all on one page"
	}
	if wave.Grids {
		says += ", tables where there is room"
	}
	return says
}

// instrumentTable lists the instruments of a study with what may be shown of their wording.
func (h *Studies) instrumentTable(c echo.Context, study *surveys.Study) (page.Table, error) {
	t := page.Table{ID: "instruments", Caption: "Instruments", Heads: page.Heads("Instrument", "Version", "Licence", "Wording", "Content")}
	packs, err := h.packsOf(c, study)
	if err != nil {
		return t, err
	}
	for _, ref := range study.Instruments {
		instrument, err := h.store.Instrument(c.Request().Context(), ref.Hash)
		if err != nil {
			return t, err
		}
		licence := instrument.Licence.Terms
		if instrument.Licence.Holder != "" {
			licence = instrument.Licence.Holder + ": " + licence
		}
		licenceCell := page.Cell{Text: licence}
		if record, ok := study.Licence(ref.ID); ok {
			licenceCell.Note = record.Sentence(study.Zone)
			switch {
			case !record.Holds(h.now()):
				licenceCell.Text, licenceCell.Badge = "the licence has ended", "alarm"
			case record.EndsSoon(h.now()):
				licenceCell.Text, licenceCell.Badge = "the licence ends soon", "warn"
			}
		}
		t.Rows = append(t.Rows, page.Row(page.Cell{Text: instrument.Title, Head: true, Note: string(ref.ID)}, page.TextCell(ref.Version), licenceCell,
			wordingState(packs[ref.ID]), page.TextCell(signedin.ShortHash(ref.Hash))))
	}
	return t, nil
}

// packsOf returns the wording packs of every instrument of a study.
func (h *Studies) packsOf(c echo.Context, study *surveys.Study) (map[surveys.InstrumentID][]*surveys.Wording, error) {
	packs := make(map[surveys.InstrumentID][]*surveys.Wording)
	for _, wave := range study.Waves {
		q, err := h.store.CurrentQuestionnaire(c.Request().Context(), study.ID, wave.ID)
		if err != nil {
			return nil, err
		}
		seen := make(map[surveys.InstrumentID]bool, len(packs))
		for id := range packs {
			seen[id] = true
		}
		for _, pack := range q.Packs {
			if !seen[pack.Instrument] {
				packs[pack.Instrument] = append(packs[pack.Instrument], pack)
			}
		}
	}
	return packs, nil
}

// wordingState says in which languages an instrument can be asked and whether that is its published wording.
func wordingState(packs []*surveys.Wording) page.Cell {
	if len(packs) == 0 {
		return page.BadgeCell("alarm", "none")
	}
	var note string
	for i, pack := range packs {
		if i > 0 {
			note += ", "
		}
		note += pack.Language
		if i > 0 && pack.Reviewed.By == "" {
			note += " (not reviewed)"
		}
	}
	switch first := packs[0]; { // the study's own language comes first and must be reviewed before it goes live; others are offered once they are
	case first.Neutral:
		return page.Cell{Text: "neutral labels", Badge: "warn", Note: note}
	case first.Reviewed.By == "":
		return page.Cell{Text: "not reviewed", Badge: "warn", Note: note}
	default:
		return page.Cell{Text: "reviewed", Badge: "good", Note: note}
	}
}

// versionTable lists the versions of a study file.
func (h *Studies) versionTable(c echo.Context, study *surveys.Study) (page.Table, error) {
	t := page.Table{ID: "versions", Caption: "Versions of the study file", Heads: page.Heads("Version", "Loaded", "Content")}
	versions, err := h.store.ListStudyVersions(c.Request().Context(), study.ID)
	if err != nil {
		return t, err
	}
	for _, v := range versions {
		t.Rows = append(t.Rows, page.Row(page.HeadCell(strconv.Itoa(v.Version)), page.TextCell(page.SayTime(v.LoadedAt, study.Zone)), page.TextCell(signedin.ShortHash(v.Hash))))
	}
	return t, nil
}

// stateChange says what a change of a study's state means to those who make it.
type stateChange struct {
	title, button string
	says          []string
	warning       string
	alarm         bool
}

// changeOf words the change from one state to another.
func changeOf(from, to surveys.StudyState) stateChange {
	switch {
	case to == surveys.Pilot:
		return stateChange{"Open this study as a pilot?", "Open the pilot", []string{
			"Links and codes start to work, so that you can try everything out with real pages.",
			"Answers given in the pilot are kept apart and never reach a release. Every page says that it is a trial."},
			"A pilot does not become a draft again, because its answers exist.", false}
	case to == surveys.Live && from == surveys.Ended:
		return stateChange{"Open this study again?", "Open again", []string{
			"Links and codes work again for everybody whose window is open."}, "", false}
	case to == surveys.Live:
		return stateChange{"Open this study?", "Open the study", []string{
			"People can answer from now on, and their answers count.",
			"The study file may then only be added to: a change of meaning needs a new study."},
			"A live study does not become a draft or a pilot again.", false}
	case to == surveys.Ended && from == surveys.Locked:
		return stateChange{"Ask that this study is unlocked?", "Ask for it", []string{
			"Nothing happens before a second person of the team agrees, within three days.",
			"Then the data stop being final: the study is closed again, and from there it can be opened.",
			"Who asked, who agreed and when stays in the audit trail."},
			"Analyses made from the locked data may no longer match.", true}
	case to == surveys.Ended:
		return stateChange{"Close this study?", "Close the study", []string{
			"Links and codes stop working at once for everybody, whether or not their window is still open.",
			"What has arrived stays. The study can be opened again later."},
			"People who are in the middle of a questionnaire keep what they have saved, and cannot go on.", true}
	default:
		return stateChange{"Lock this study?", "Lock the data", []string{
			"The data become final, and nothing about any response changes from then on.",
			"Who locked it and when stays in the audit trail."}, "", false}
	}
}

// findChange returns the study of the address and the state that it may go to.
func (h *Studies) findChange(c echo.Context) (study *surveys.Study, from, to surveys.StudyState, err error) {
	study, from, err = signedin.FindStudy(c, h.store)
	if err != nil {
		return nil, 0, 0, err
	}
	to, ok := surveys.ParseStudyState(c.Param("state"))
	if !ok {
		return nil, 0, 0, echo.ErrNotFound
	}
	return study, from, to, surveys.CheckState(from, to)
}

// ConfirmState handles GET /office/studies/:study/state/:state.
func (h *Studies) ConfirmState(c echo.Context) error {
	study, from, to, err := h.findChange(c)
	if err != nil {
		return err
	}
	return h.pages.Send(c, http.StatusOK, h.stateConfirmPage(c, study, from, to))
}

func (h *Studies) stateConfirmPage(c echo.Context, study *surveys.Study, from, to surveys.StudyState) *signedin.ConfirmPage {
	change := changeOf(from, to)
	p := &signedin.ConfirmPage{Frame: h.frames.Study(c, change.title, study, from)}
	p.Narrow = true
	p.Says, p.Warning, p.Button, p.Alarm = change.says, change.warning, change.button, change.alarm
	p.Action, p.CancelURL = signedin.StudyPath(study.ID)+"/state/"+to.String(), signedin.StudyPath(study.ID)
	if typesState(from, to) {
		p.Typed = signedin.TypedField(string(study.ID))
	}
	return p
}

type stateForm struct {
	Typed string `form:"typed"`
}

// typesState reports whether a change is confirmed by typing: to the lock and away from it.
func typesState(from, to surveys.StudyState) bool {
	return from == surveys.Locked || to == surveys.Locked
}

// SetState handles POST /office/studies/:study/state/:state. Unlocking is only proposed. If something prevents it, such as a missing wording pack, the
// same page names it.
func (h *Studies) SetState(c echo.Context) error {
	study, from, to, err := h.findChange(c)
	if err != nil {
		return err
	}
	var form stateForm
	if err := page.Bind(c, &form); err != nil {
		return err
	}
	if typesState(from, to) {
		p := h.stateConfirmPage(c, study, from, to)
		if !signedin.WasTyped(form.Typed, string(study.ID), &p.Typed, &p.Errors) {
			return h.pages.Send(c, http.StatusBadRequest, p)
		}
	}
	if from == surveys.Locked {
		if err := h.store.ProposeUnlock(c.Request().Context(), access.Account(c).ID, study.ID); err != nil {
			return err
		}
		return c.Redirect(http.StatusSeeOther, signedin.ProposalsPath(study.ID))
	}
	err = h.store.SetStudyState(c.Request().Context(), access.Account(c).ID, study.ID, to)
	if kind := surveys.KindOf(err); kind == surveys.Conflict || kind == surveys.Invalid {
		p := h.stateConfirmPage(c, study, from, to)
		for _, line := range signedin.RefusalLines(err) {
			p.Errors = append(p.Errors, page.FieldError{Text: line})
		}
		return h.pages.Send(c, page.KindStatus[kind], p)
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, signedin.StudyPath(study.ID))
}
