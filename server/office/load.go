package office

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"wellwave/server/access"
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
	p := &studyLoadPage{frame: h.frames.plain(c, "Load a study file", page.Link{Label: "Studies", URL: "/office"}), Source: source}
	p.File = page.TextField{ID: "file", Label: "Study file", Type: "file", Hint: "A YAML file from your computer, or write it below."}
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
	name, source, err := readStudyFile(c, form.Source)
	if err != nil {
		return err
	}
	definitions, err := library.Definitions()
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	if form.Do == "check" {
		_, err = h.store.CheckStudy(ctx, access.Account(c).ID, name, []byte(source), definitions)
		if err == nil {
			p := h.loadPage(c, source)
			p.Checked = true
			return h.pages.Send(c, http.StatusOK, p)
		}
	} else {
		var study *surveys.Study
		if study, _, err = h.store.LoadStudy(ctx, access.Account(c).ID, name, []byte(source), definitions); err == nil {
			return c.Redirect(http.StatusSeeOther, studyPath(study.ID))
		}
	}
	if kind := surveys.KindOf(err); kind == surveys.Invalid || kind == surveys.Conflict {
		p := h.loadPage(c, source)
		p.Faults = refusalLines(err)
		p.Errors = []page.FieldError{{Field: "source", Text: fmt.Sprintf("The study file was not loaded: %s to mend.", plural(len(p.Faults), "mistake", "mistakes"))}}
		return h.pages.Send(c, page.KindStatus[kind], p)
	}
	return err
}

// readStudyFile returns the file that was chosen, or what was written into the page if none was.
func readStudyFile(c echo.Context, written string) (name, source string, err error) {
	upload, err := c.FormFile("file")
	if errors.Is(err, http.ErrMissingFile) || err == nil && upload.Size == 0 {
		return "study.yaml", strings.ReplaceAll(written, "\r\n", "\n"), nil
	}
	if errors.Is(err, http.ErrNotMultipart) {
		return "", "", echo.ErrBadRequest
	}
	if err != nil {
		return "", "", fmt.Errorf("read upload: %w", err)
	}
	file, err := upload.Open()
	if err != nil {
		return "", "", fmt.Errorf("open upload: %w", err)
	}
	defer file.Close()
	data, err := io.ReadAll(file) // bounded by the route's body limit
	if err != nil {
		return "", "", fmt.Errorf("read upload: %w", err)
	}
	return upload.Filename, string(data), nil
}

// refusalLines returns the sentences of a refusal that lists several.
func refusalLines(err error) []string {
	var refused *surveys.Error
	if !errors.As(err, &refused) {
		return nil
	}
	return strings.Split(strings.TrimSpace(refused.Message), "\n")
}
