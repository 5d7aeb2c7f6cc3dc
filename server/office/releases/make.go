package releases

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/labstack/echo/v4"

	"wellwave/server/access"
	"wellwave/server/office/signedin"
	"wellwave/server/page"
	"wellwave/surveys"
	"wellwave/surveys/release"
)

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
	p.ApprovesItself = h.demo
	p.Approval = page.TextField{ID: "approval", Label: "Approval or agreement", Autocomplete: "off",
		Hint: "Its number or date, such as DSA-2026-14. Needed unless the release is for the study’s own team; it stands in the manifest."}
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
	Profile  string `form:"profile" validate:"oneof=team shared open"`
	Excel    bool   `form:"excel"`
	Try      bool   `form:"try"` // of the button that makes nothing
	Approval string `form:"approval"`
	ID       string `form:"form"` // see once
	Typed    string `form:"typed"`
}

// Make handles POST /office/studies/:study/releases/new: it makes a release or, by the other button, says what would become of
// one. A release that would give people away is refused, with what would help.
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
	p := h.newPage(c, study, state, profile)
	p.Excel, p.Approval.Value = form.Excel, form.Approval
	order := release.Order{Study: study.ID, Profile: profile, By: access.Account(c).ID, Excel: form.Excel, Approval: h.approval(form.Approval)}
	if form.Try {
		p.Form.Value, p.Typed.Value = form.ID, form.Typed
		return h.try(c, p, study, order)
	}
	if !signedin.WasTyped(form.Typed, string(study.ID), &p.Typed, &p.Errors) {
		return h.pages.Send(c, http.StatusBadRequest, p)
	}
	again, err := signedin.Once(c, h.store, form.ID, func(ctx context.Context) error { return h.make(ctx, order) })
	if again {
		p.Errors = []page.FieldError{{Text: "The button was pressed twice, and nothing was done the second time. The release stands in the list of releases as soon as it is made."}}
		return h.pages.Send(c, http.StatusConflict, p)
	}
	if err != nil {
		return h.refuse(c, p, study, err)
	}
	return c.Redirect(http.StatusSeeOther, signedin.StudyPath(study.ID)+"/releases")
}

// try shows what would become of a release. Nothing is made.
func (h *Releases) try(c echo.Context, p *releaseNewPage, study *surveys.Study, order release.Order) error {
	tried, err := release.Try(c.Request().Context(), h.store, order)
	if err != nil {
		return h.refuse(c, p, study, err)
	}
	p.show(tried, study)
	return h.pages.Send(c, http.StatusOK, p)
}

// make makes a release, and asks for a second person where it is for people beyond the team.
func (h *Releases) make(ctx context.Context, order release.Order) error {
	return inPrivateFolder(func(dir string) error {
		order.Dir = dir
		made, err := release.Make(ctx, h.store, order)
		if err != nil || order.Profile == surveys.TeamRelease || h.demo {
			return err
		}
		return h.store.ProposeRelease(ctx, order.By, order.Study, made.Release)
	})
}

// itself is who agrees to releases of a demonstration, where everybody is invented and whoever tries it may be alone.
const itself = "the demonstration, which agrees by itself"

// approval is what a release is asked for under. Nobody has agreed yet, but in a demonstration.
func (h *Releases) approval(reference string) surveys.Approval {
	a := surveys.Approval{Reference: reference}
	if h.demo {
		a.By = itself
	}
	return a
}

// refuse shows the form again and says why there is no release: with what was counted, where that is why.
func (h *Releases) refuse(c echo.Context, p *releaseNewPage, study *surveys.Study, err error) error {
	kind := surveys.KindOf(err)
	var refusal *release.Refusal
	switch {
	case errors.As(err, &refusal):
		p.Errors = []page.FieldError{{Field: resultID, Text: "The release was not made: too many people could be found in it."}}
		p.show(refusal.Assessment, study)
	case signedin.FieldOf(err, p.Approval.ID) != "":
		p.Errors = page.ShowErrors(err, &p.Approval)
	case kind == surveys.Invalid || kind == surveys.Conflict:
		for _, line := range signedin.RefusalLines(err) {
			p.Errors = append(p.Errors, page.FieldError{Text: page.Sentence(line)})
		}
	default:
		return err
	}
	return h.pages.Send(c, page.KindStatus[kind], p)
}
