package rounds

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"wellwave/server/access"
	"wellwave/server/office/signedin"
	"wellwave/server/page"
	"wellwave/surveys"
	"wellwave/surveys/climate"
	"wellwave/surveys/csvtable"
)

// A published average is loaded for the report of a round: a file whose means the programme's practices are compared with.

// longestAverageName is how many characters the name of an average has at most; it stands in headings and captions.
const longestAverageName = 60

const noProgramme = "No programme was named for this round in the study’s file, so there are no practices to compare with an average."

// averageMark tells whether the average that a page was made with is still the one that is loaded. It is empty for none.
func averageMark(average string) string {
	if average == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(average))
	return hex.EncodeToString(sum[:8])
}

// averageRounds returns the rounds that a file of averages for a round may have, numbered as they are held. It needs those
// that were set up, and the round itself.
func (h *Findings) averageRounds(ctx context.Context, f foundRound) ([]climate.PublishedRound, error) {
	held, err := h.store.Rounds(ctx, f.study.ID)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(held, func(a, b surveys.Round) int { return a.Wave.Opens.Compare(b.Wave.Opens) })
	var rounds []climate.PublishedRound
	for i, round := range held {
		own := round.Wave.ID == f.round.Wave.ID
		questionnaire, err := h.store.Questionnaire(ctx, round.Wave.Questionnaire)
		if err != nil {
			return nil, err
		}
		rounds = append(rounds, climate.PublishedRound{Number: i + 1, Wave: round.Wave, Questionnaire: questionnaire,
			Needed: own || round.Stage != surveys.RoundPlanned})
		if own {
			break
		}
	}
	return rounds, nil
}

// ShowAverage handles GET /office/studies/:study/rounds/:wave/average.
func (h *Findings) ShowAverage(c echo.Context) error {
	f, err := h.find(c)
	if err != nil {
		return err
	}
	p, err := h.averagePage(c, f)
	if err != nil {
		return err
	}
	return h.pages.Send(c, http.StatusOK, p)
}

func (h *Findings) averagePage(c echo.Context, f foundRound) (*averagePage, error) {
	p := &averagePage{Frame: h.frames.Study(c, "A published average for “"+f.round.Wave.Title+"”", f.study, f.state), ReportURL: f.path() + "/report"}
	p.Crumbs = []page.Link{{Label: "Staff rounds", URL: roundsPath(f.study.ID)}, {Label: f.round.Wave.Title, URL: f.path()}}
	rounds, err := h.averageRounds(c.Request().Context(), f)
	if err != nil {
		return nil, err
	}
	loaded := new(climate.Published)
	if f.round.Stage == surveys.RoundReported {
		p.Missing = "The results of this round are shown, so that what they are compared with cannot be changed any more. A later round can have another average."
		if loaded = f.report.Published; loaded == nil {
			return p, nil
		}
	} else {
		if f.round.Programme == "" {
			p.Missing = noProgramme
			return p, nil
		}
		p.Action = f.path() + "/average"
		p.Called = page.TextField{ID: "name", Label: "What it is an average of", Hint: "Such as a country and a year. It stands in every caption."}
		p.File = page.TextField{ID: "file", Label: "File", Type: "file", Hint: "A CSV file from your computer."}
		p.describe(rounds)
		text, err := h.store.StaffAverage(c.Request().Context(), f.study.ID, f.round.Wave.ID)
		if err != nil {
			return nil, err
		}
		if text == "" {
			return p, nil
		}
		if loaded, err = climate.ParsePublished(text); err != nil {
			return nil, err
		}
		p.RemoveAction, p.Called.Value = p.Action+"/remove", loaded.Name
	}
	p.Loaded = page.Capital(loaded.Called())
	p.Table = averageTable(loaded, rounds)
	return p, nil
}

// describe says what a file needs, with one that begins as it should.
func (p *averagePage) describe(rounds []climate.PublishedRound) {
	p.Example = []string{"round,factor,mean,sd,practices,respondents"}
	for _, round := range rounds {
		fact := page.Fact{Term: fmt.Sprint("Round ", round.Number), Text: round.Wave.Title}
		if !round.Needed {
			fact.Text += ", which was never set up and may be left out"
		}
		p.Rounds = append(p.Rounds, fact)
		for _, factor := range climate.Factors(round.Questionnaire) {
			if !slices.Contains(p.Factors, factor.Title) {
				p.Factors = append(p.Factors, factor.Title)
			}
			if round.Needed {
				p.Example = append(p.Example, fmt.Sprintf("%d,%s,,,,", round.Number, factor.ID))
			}
		}
	}
}

// averageTable is what was read from a file.
func averageTable(p *climate.Published, rounds []climate.PublishedRound) page.Table {
	t := page.Table{ID: "average", Caption: page.Capital(p.Called()) + ": what was read", Heads: page.Heads("Factor", "Round", "#Mean", "#SD", "#Practices", "#Respondents")}
	for _, round := range rounds {
		for _, factor := range climate.Factors(round.Questionnaire) {
			m, ok := p.At(factor.ID, round.Wave.ID)
			if !ok {
				continue
			}
			sd := ""
			if m.SD != nil {
				sd = fmt.Sprint(*m.SD)
			}
			t.Rows = append(t.Rows, page.Row(page.HeadCell(factor.Title), page.TextCell(round.Wave.Title), page.NumberCell(withDigits(m.Mean)),
				page.NumberCell(sd), countOrNone(m.Practices), countOrNone(m.Respondents)))
		}
	}
	return t
}

// withDigits writes a mean with the digits of its file, and two at least.
func withDigits(x float64) string {
	exactly := surveys.FormatNumber(x)
	if two := surveys.FixedNumber(x, 2); len(two) > len(exactly) {
		return two
	}
	return exactly
}

func countOrNone(n int) page.Cell {
	if n == 0 {
		return page.NumberCell("")
	}
	return signedin.CountCell(n)
}

type averageForm struct {
	Name string `form:"name"`
}

// LoadAverage handles POST /office/studies/:study/rounds/:wave/average. A file that cannot be used is told with its place.
func (h *Findings) LoadAverage(c echo.Context) error {
	f, err := h.find(c)
	if err != nil {
		return err
	}
	var form averageForm
	if err := page.Bind(c, &form); err != nil {
		return err
	}
	form.Name = strings.Join(strings.Fields(form.Name), " ")
	content, err := signedin.ReadUpload(c, "file")
	if err != nil {
		return err
	}
	err = h.loadAverage(c, f, form.Name, content)
	if err == nil {
		return c.Redirect(http.StatusSeeOther, f.path()+"/average")
	}
	kind := surveys.KindOf(err)
	if kind != surveys.Invalid && kind != surveys.Conflict {
		return err
	}
	p, pageErr := h.averagePage(c, f)
	if pageErr != nil {
		return pageErr
	}
	p.Errors = page.ShowErrors(err)
	p.Called.Value = form.Name
	var refused *surveys.Error
	if errors.As(err, &refused) {
		p.Called.Error, p.File.Error = refused.Fields["name"], refused.Fields["file"]
	}
	return h.pages.Send(c, page.KindStatus[kind], p)
}

// loadAverage reads and keeps an average. It fails with Invalid, and the field, for what cannot be used.
func (h *Findings) loadAverage(c echo.Context, f foundRound, name string, content []byte) error {
	ctx := c.Request().Context()
	wrong := make(map[string]string)
	switch {
	case name == "":
		wrong["name"] = "Write what it is an average of."
	case utf8.RuneCountInString(name) > longestAverageName:
		wrong["name"] = fmt.Sprintf("The name has more than %d characters.", longestAverageName)
	}
	if len(content) == 0 {
		wrong["file"] = "Choose a file with the average. An empty one has none."
	}
	if len(wrong) > 0 {
		return &surveys.Error{Kind: surveys.Invalid, Message: "The average was not loaded.", Fields: wrong}
	}
	if f.round.Programme == "" {
		return surveys.Errorf(surveys.Conflict, noProgramme)
	}
	rounds, err := h.averageRounds(ctx, f)
	if err != nil {
		return err
	}
	read, err := readPublished(name, content, rounds)
	if err != nil {
		return err
	}
	text, err := read.Text()
	if err != nil {
		return fmt.Errorf("write an average: %w", err)
	}
	return h.store.LoadAverage(context.WithoutCancel(ctx), access.Account(c).ID, f.study.ID, f.round.Wave.ID, name, text)
}

// readPublished reads a file. It fails with Invalid, and says where, for what cannot be used.
func readPublished(name string, content []byte, rounds []climate.PublishedRound) (*climate.Published, error) {
	table, err := csvtable.NewReader(bytes.NewReader(content), "")
	if err == nil {
		var read *climate.Published
		if read, err = climate.ReadPublished(table, name, rounds); err == nil {
			return read, nil
		}
	}
	var fault *csvtable.Error
	if errors.As(err, &fault) {
		says := page.Capital(strings.TrimSuffix(fault.Error(), ".")) + "."
		return nil, &surveys.Error{Kind: surveys.Invalid, Message: "The average was not loaded.", Fields: map[string]string{"file": says}}
	}
	return nil, err
}

// RemoveAverage handles POST /office/studies/:study/rounds/:wave/average/remove.
func (h *Findings) RemoveAverage(c echo.Context) error {
	f, err := h.find(c)
	if err != nil {
		return err
	}
	if err := h.store.RemoveAverage(context.WithoutCancel(c.Request().Context()), access.Account(c).ID, f.study.ID, f.round.Wave.ID); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, f.path()+"/average")
}

// averagePage loads a published average, and shows the one that is loaded.
type averagePage struct {
	signedin.Frame
	ReportURL    string
	Missing      string // why none can be loaded
	Loaded       string // what is
	Table        page.Table
	Action       string // empty where none can be
	RemoveAction string
	Called, File page.TextField
	Rounds       []page.Fact
	Factors      []string
	Example      []string // lines
}

func (*averagePage) Template() string { return "office/average" }
