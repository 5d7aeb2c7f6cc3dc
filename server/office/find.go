package office

import (
	"slices"

	"github.com/labstack/echo/v4"

	"wellwave/server/access"
	"wellwave/surveys"
	"wellwave/surveys/store"
)

// findStudy returns the study that the address names.
func findStudy(c echo.Context, kept *store.Store) (*surveys.Study, surveys.StudyState, error) {
	return kept.Study(c.Request().Context(), surveys.StudyID(c.Param("study")))
}

// listStudies lists the studies that are the account's business, by id.
func listStudies(c echo.Context, kept *store.Store) ([]surveys.StudyListing, error) {
	studies, err := kept.ListStudies(c.Request().Context())
	account := access.Account(c)
	return slices.DeleteFunc(studies, func(s surveys.StudyListing) bool { return !account.SeesStudy(s.ID) }), err
}

// findSite returns the study and site of the address, if they are the account's business.
func findSite(c echo.Context, kept *store.Store) (*surveys.Study, surveys.StudyState, surveys.Site, error) {
	id, siteID := surveys.StudyID(c.Param("study")), surveys.SiteID(c.Param("site"))
	if !access.Account(c).SeesSite(id, siteID) {
		return nil, 0, surveys.Site{}, echo.ErrNotFound
	}
	study, state, err := kept.Study(c.Request().Context(), id)
	if err != nil {
		return nil, 0, surveys.Site{}, err
	}
	site, ok := study.Site(siteID)
	if !ok {
		return nil, 0, surveys.Site{}, echo.ErrNotFound
	}
	return study, state, site, nil
}

// person is an enrolment with the study and site that it belongs to.
type person struct {
	surveys.Enrolment
	study *surveys.Study
	state surveys.StudyState
	site  surveys.Site
}

func (p person) path() string { return "/desk/people/" + string(p.ID) }

// findPerson returns the person of the address, if they are the account's business. For a practice, a person of another site
// does not exist.
func findPerson(c echo.Context, kept *store.Store) (person, error) {
	return personOf(c, kept, surveys.EnrolmentID(c.Param("enrolment")))
}

// personOf returns the person of an enrolment in the same way.
func personOf(c echo.Context, kept *store.Store, id surveys.EnrolmentID) (person, error) {
	ctx := c.Request().Context()
	enrolment, err := kept.FindEnrolment(ctx, id)
	if err != nil {
		return person{}, err
	}
	if !access.Account(c).SeesSite(enrolment.Study, enrolment.Site) {
		return person{}, echo.ErrNotFound
	}
	study, state, err := kept.Study(ctx, enrolment.Study)
	if err != nil {
		return person{}, err
	}
	site, _ := study.Site(enrolment.Site) // a site may have left the study file and still have people
	if site.ID == "" {
		site = surveys.Site{ID: enrolment.Site, Title: string(enrolment.Site)}
	}
	return person{enrolment, study, state, site}, nil
}

// findPersonWave returns the person and the wave of the address.
func findPersonWave(c echo.Context, kept *store.Store) (person, surveys.Wave, error) {
	p, err := findPerson(c, kept)
	if err != nil {
		return p, surveys.Wave{}, err
	}
	wave, ok := p.study.Wave(surveys.WaveID(c.Param("wave")))
	if !ok || wave.Audience != surveys.Patients {
		return p, wave, echo.ErrNotFound
	}
	return p, wave, nil
}
