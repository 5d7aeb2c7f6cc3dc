package office

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"wellwave/server/access"
	"wellwave/server/office/signedin"
	"wellwave/server/page"
	"wellwave/surveys"
)

// datesPage lists what corrected days of baseline have moved.
type datesPage struct {
	signedin.Frame
	Moved page.Table
}

func (*datesPage) Template() string { return "office/dates" }

// Dates handles GET /office/studies/:study/dates.
func (h *Studies) Dates(c echo.Context) error {
	study, state, err := signedin.FindStudy(c, h.store)
	if err != nil {
		return err
	}
	moves, err := h.store.ListBaselineMoves(c.Request().Context(), study.ID)
	if err != nil {
		return err
	}
	p := &datesPage{Frame: h.frames.Study(c, "Corrected days of baseline", study, state)}
	moved := surveys.NewMovedTable(study.Zone, moves)
	p.Moved = page.Table{ID: "moved", Caption: "What each correction moved", Heads: page.Heads(moved.Heads...)}
	for i, day := range moved.Days {
		p.Moved.Heads[i].Number = day // which does not break at its hyphens
	}
	desk := access.Desk.Has(access.Account(c))
	for i, cells := range moved.Rows {
		row := []page.Cell{{Text: cells[0], Head: true}}
		if desk {
			row[0].URL = "/desk/people/" + string(moved.People[i])
		}
		for i, text := range cells[1:] {
			row = append(row, page.Cell{Text: text, Number: moved.Days[i+1]})
		}
		p.Moved.Rows = append(p.Moved.Rows, page.Row(row...))
	}
	return h.pages.Send(c, http.StatusOK, p)
}
