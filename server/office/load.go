package office

import (
	"fmt"
	"net/http"

	"github.com/labstack/echo/v4"

	"wellwave/server/access"
	"wellwave/server/office/signedin"
	"wellwave/server/page"
	"wellwave/surveys"
	"wellwave/surveys/library"
)

// ShowLoad handles GET /office/load: a study file to write or to replace.
func (h *Studies) ShowLoad(c echo.Context) error {
	source := ""
	if id := c.QueryParam("study"); id != "" {
		if !access.Account(c).SeesStudy(surveys.StudyID(id)) {
			return echo.ErrNotFound
		}
		var err error
		if source, err = h.store.StudySource(c.Request().Context(), surveys.StudyID(id)); err != nil {
			return err
		}
	}
	return h.pages.Send(c, http.StatusOK, h.loadPage(c, source))
}

func (h *Studies) loadPage(c echo.Context, source string) *studyLoadPage {
	p := &studyLoadPage{Frame: h.frames.Plain(c, "Load a study file", page.Link{Label: "Studies", URL: "/office"}), Source: source}
	p.File = page.TextField{ID: "file", Label: "Files", Type: "file", Multiple: true,
		Hint: "A study file from your computer, and beside it the instruments, wording packs and interface packs of your own: several YAML files, or one ZIP with them. Or write the study file below."}
	return p
}

type loadForm struct {
	Source string `form:"source"` // what was written into the page
	Do     string `form:"do"`     // check; anything else loads the file
}

// Load handles POST /office/load. With check it only says what is wrong.
func (h *Studies) Load(c echo.Context) error {
	var form loadForm
	if err := page.Bind(c, &form); err != nil {
		return err
	}
	files, err := readStudyFiles(c, form.Source)
	if err == nil {
		files.definitions, err = library.DefinitionsWith(files.own)
	}
	if err != nil {
		return h.loadAgain(c, files, err)
	}
	ctx := c.Request().Context()
	if form.Do == "check" {
		_, err = h.store.CheckStudy(ctx, access.Account(c).ID, files.name, []byte(files.source), files.definitions)
		if err == nil {
			p := h.loadPage(c, files.source)
			p.Checked, p.With = true, len(files.own)
			return h.pages.Send(c, http.StatusOK, p)
		}
	} else {
		var study *surveys.Study
		if study, _, err = h.store.LoadStudy(ctx, access.Account(c).ID, files.name, []byte(files.source), files.definitions); err == nil {
			return c.Redirect(http.StatusSeeOther, signedin.StudyPath(study.ID))
		}
	}
	return h.loadAgain(c, files, err)
}

// loadAgain shows the page again with what is wrong with the files.
func (h *Studies) loadAgain(c echo.Context, files studyFiles, err error) error {
	kind := surveys.KindOf(err)
	if kind != surveys.Invalid && kind != surveys.Conflict {
		return err
	}
	p := h.loadPage(c, files.source)
	p.Faults, p.With = signedin.RefusalLines(err), len(files.own)
	p.Errors = []page.FieldError{{Field: "source", Text: fmt.Sprintf("The study file was not loaded: %s to mend.", signedin.Plural(len(p.Faults), "mistake", "mistakes"))}}
	return h.pages.Send(c, page.KindStatus[kind], p)
}
