package signedin

import (
	"slices"

	"github.com/labstack/echo/v4"

	"wellwave/server/access"
	"wellwave/surveys"
	"wellwave/surveys/store"
)

// FindStudy returns the study that the address names.
func FindStudy(c echo.Context, kept *store.Store) (*surveys.Study, surveys.StudyState, error) {
	return kept.Study(c.Request().Context(), surveys.StudyID(c.Param("study")))
}

// ListStudies lists the studies that are the account's business, by id.
func ListStudies(c echo.Context, kept *store.Store) ([]surveys.StudyListing, error) {
	studies, err := kept.ListStudies(c.Request().Context())
	account := access.Account(c)
	return slices.DeleteFunc(studies, func(s surveys.StudyListing) bool { return !account.SeesStudy(s.ID) }), err
}

// FindSite returns the study and site of the address, if they are the account's business.
func FindSite(c echo.Context, kept *store.Store) (*surveys.Study, surveys.StudyState, surveys.Site, error) {
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

// Person is an enrolment with the study and site that it belongs to.
type Person struct {
	surveys.Enrolment
	TheirStudy *surveys.Study
	StudyState surveys.StudyState
	TheirSite  surveys.Site
}

// Path is the page of the person at the desk.
func (p Person) Path() string { return "/desk/people/" + string(p.ID) }

// FindPerson returns the person of the address, if they are the account's business. For a practice, a person of another site
// does not exist.
func FindPerson(c echo.Context, kept *store.Store) (Person, error) {
	return PersonOf(c, kept, surveys.EnrolmentID(c.Param("enrolment")))
}

// PersonOf returns the person of an enrolment in the same way.
func PersonOf(c echo.Context, kept *store.Store, id surveys.EnrolmentID) (Person, error) {
	ctx := c.Request().Context()
	enrolment, err := kept.FindEnrolment(ctx, id)
	if err != nil {
		return Person{}, err
	}
	if !access.Account(c).SeesSite(enrolment.Study, enrolment.Site) {
		return Person{}, echo.ErrNotFound
	}
	study, state, err := kept.Study(ctx, enrolment.Study)
	if err != nil {
		return Person{}, err
	}
	site, _ := study.Site(enrolment.Site) // a site may have left the study file and still have people
	if site.ID == "" {
		site = surveys.Site{ID: enrolment.Site, Title: string(enrolment.Site)}
	}
	return Person{enrolment, study, state, site}, nil
}

// FindPersonWave returns the person and the wave of the address.
func FindPersonWave(c echo.Context, kept *store.Store) (Person, surveys.Wave, error) {
	p, err := FindPerson(c, kept)
	if err != nil {
		return p, surveys.Wave{}, err
	}
	wave, ok := p.TheirStudy.Wave(surveys.WaveID(c.Param("wave")))
	if !ok || wave.Audience != surveys.Patients {
		return p, wave, echo.ErrNotFound
	}
	return p, wave, nil
}
