package accounts

import (
	"errors"
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"wellwave/server/access"
	"wellwave/server/office/signedin"
	"wellwave/server/page"
	"wellwave/surveys"
)

// everyStudy is the value of the box for every study. No study has it as its id, because those have no capitals.
const everyStudy = "EVERY"

// grantForm is the boxes that are ticked.
type grantForm struct {
	Studies []string `form:"studies"`
}

func (f grantForm) grant() surveys.Grant {
	var g surveys.Grant
	for _, study := range f.Studies {
		if study == everyStudy {
			g.Every = true
			continue
		}
		g.Studies = append(g.Studies, surveys.StudyID(study))
	}
	return g.Clean()
}

// studyBoxes are the boxes of the studies that an account may be given.
func (h *Accounts) studyBoxes(c echo.Context, given surveys.Grant) ([]page.Clause, error) {
	boxes := []page.Clause{{ID: "studies", Value: everyStudy, Text: "Every study, those that come later too", Ticked: given.Every}}
	studies, err := signedin.ListStudies(c, h.store)
	if err != nil {
		return nil, err
	}
	for _, study := range studies {
		boxes = append(boxes, page.Clause{ID: "study-" + string(study.ID), Value: string(study.ID), Text: study.Title, Ticked: slices.Contains(given.Studies, study.ID)})
	}
	return boxes, nil
}

// sayGrant says which studies an account sees.
func (h *Accounts) sayGrant(c echo.Context, a surveys.Account) (string, error) {
	switch {
	case a.Role == surveys.Practice:
		return "the one of its site", nil
	case a.SeesEvery():
		return "every study", nil
	case len(a.Grant.Studies) == 0:
		return "none yet", nil
	}
	text := ""
	for _, id := range a.Grant.Studies {
		study, _, err := h.store.Study(c.Request().Context(), id)
		if err != nil {
			return "", err
		}
		if text != "" {
			text += "; "
		}
		text += study.Title
	}
	return text, nil
}

// grantPage asks which studies an account sees.
type grantPage struct {
	signedin.Frame
	For, Action, CancelURL string
	Studies                []page.Clause
}

func (*grantPage) Template() string { return "office/account-studies" }

// AskGrant handles GET /office/accounts/:account/studies.
func (h *Accounts) AskGrant(c echo.Context) error {
	a, err := h.findGranted(c)
	if err != nil {
		return err
	}
	p, err := h.grantPage(c, a, a.Grant)
	if err != nil {
		return err
	}
	return h.pages.Send(c, http.StatusOK, p)
}

func (h *Accounts) grantPage(c echo.Context, a surveys.Account, given surveys.Grant) (*grantPage, error) {
	at := "/office/accounts/" + string(a.ID)
	p := &grantPage{Frame: h.frames.Plain(c, "Which studies does "+a.Name+" see?", accountsCrumb), For: a.Role.Label(), Action: at + "/studies", CancelURL: at}
	p.Narrow = true
	var err error
	p.Studies, err = h.studyBoxes(c, given)
	return p, err
}

// Grant handles POST /office/accounts/:account/studies.
func (h *Accounts) Grant(c echo.Context) error {
	a, err := h.findGranted(c)
	if err != nil {
		return err
	}
	var form grantForm
	if err := page.Bind(c, &form); err != nil {
		return err
	}
	err = h.store.GrantStudies(c.Request().Context(), access.Account(c).ID, a.ID, form.grant())
	var refused *surveys.Error
	if errors.As(err, &refused) && refused.Kind == surveys.NotFound { // a study that is not there
		p, pageErr := h.grantPage(c, a, form.grant())
		if pageErr != nil {
			return pageErr
		}
		p.Errors = []page.FieldError{{Field: "studies", Text: page.Sentence(refused.Message)}}
		return h.pages.Send(c, http.StatusBadRequest, p)
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/office/accounts/"+string(a.ID))
}

// findGranted returns the account of the address, if its role is given studies.
func (h *Accounts) findGranted(c echo.Context) (surveys.Account, error) {
	a, err := h.store.FindAccount(c.Request().Context(), surveys.AccountID(c.Param("account")))
	if err == nil && !a.Role.Granted() {
		return a, echo.ErrNotFound
	}
	return a, err
}
