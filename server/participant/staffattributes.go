package participant

import (
	"net/url"

	"wellwave/server/question"
	"wellwave/surveys"
)

// What the anonymous survey asks staff about themselves, where the study does: at the end, and nobody needs to say it.

// Names of the fields. No item of a questionnaire has a hyphen in its code.
const (
	roleField   = "staff-role"
	tenureField = "staff-tenure"
)

// attributesOf reads what somebody said. Anything else than a choice of the page is as if it were passed over.
func attributesOf(form url.Values) (said surveys.StaffAttributes) {
	said.Role, _ = surveys.ParseStaffRole(form.Get(roleField))
	said.Tenure, _ = surveys.ParseStaffTenure(form.Get(tenureField))
	return said
}

// aboutStaff asks what the round asks, with what was typed; nothing where it asks nothing.
func (r *round) aboutStaff(form url.Values) []sectionView {
	if len(r.Attributes) == 0 {
		return nil
	}
	section := sectionView{Heading: r.words.Say("About you"), Intro: r.words.Say("You can leave this out.") + " " + r.kept()}
	for _, attribute := range r.Attributes {
		section.Questions = append(section.Questions, blockView{View: r.attribute(attribute, form)})
	}
	return []sectionView{section}
}

// kept says what becomes of what staff say about themselves.
func (r *round) kept() string {
	if r.WithAnswers {
		return r.words.Say("Your practice counts as one of 20 staff or more, so this is kept with your answers.")
	}
	return r.words.Say("Your practice counts as one of fewer than 20 staff, so this is not kept with your answers: it is locked by itself, and nothing connects the two.")
}

// attribute is one of the questions.
func (r *round) attribute(attribute surveys.StaffAttribute, form url.Values) question.View {
	view := question.View{Code: roleField, Input: "choices", Text: r.words.Say("What is your work in this practice?")}
	option := func(value, label string) {
		view.Options = append(view.Options, question.Option{ID: view.Code + "-" + value, Value: value, Label: label, Chosen: form.Get(view.Code) == value})
	}
	if attribute == surveys.AskTenure {
		view.Code, view.Text = tenureField, r.words.Say("How long have you worked in this practice?")
		option(surveys.UnderTwoYears.String(), r.words.Say("Under 2 years"))
		option(surveys.TwoToTenYears.String(), r.words.Say("2 to 10 years"))
		option(surveys.OverTenYears.String(), r.words.Say("Over 10 years"))
		option(surveys.TenureUnsaid.String(), r.words.Say("I would rather not say"))
		return view
	}
	option(surveys.ClinicalRole.String(), r.words.Say("Clinical"))
	option(surveys.OtherRole.String(), r.words.Say("Other"))
	option(surveys.RoleUnsaid.String(), r.words.Say("I would rather not say"))
	return view
}

// shownAbout says what is shown of it; empty where nothing is asked.
func (r *round) shownAbout() string {
	if len(r.Attributes) == 0 {
		return ""
	}
	return r.words.Say("What people say about their work is only shown in rounded shares, of at least 20 people.")
}

// storedAbout says on page one what is stored of it; empty where nothing is asked.
func (r *round) storedAbout() string {
	switch {
	case len(r.Attributes) == 0:
		return ""
	case r.WithAnswers:
		return r.words.Say("What you say about your work, if you do. Your practice counts as one of 20 staff or more, so it is kept with your answers.")
	default:
		return r.words.Say("What you say about your work, if you do. Your practice counts as one of fewer than 20 staff, so it is kept apart from your answers, and nothing connects the two.")
	}
}
