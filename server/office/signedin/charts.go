package signedin

import (
	"html/template"

	"wellwave/server/page"
	"wellwave/surveys/monitor"
	"wellwave/surveys/report"
)

// Chart is one chart for two widths of screen, drawn by the report package, which escapes its texts.
type Chart struct{ Wide, Narrow template.HTML }

// BothSizes draws a chart for wide and for narrow screens; a page shows the one that fits.
func BothSizes(id string, draw func(report.Size) *report.Chart) Chart {
	return Chart{Wide: draw(report.Wide).SVG(id + "-wide"), Narrow: draw(report.Narrow).SVG(id + "-narrow")}
}

// TableOf shows a table of the monitor.
func TableOf(id string, m monitor.Table) page.Table {
	t := page.Table{ID: id, Caption: m.Caption}
	for i, head := range m.Heads {
		t.Heads = append(t.Heads, page.Cell{Text: head, Number: i >= m.Words})
	}
	group := ""
	for _, row := range m.Rows {
		if row.Group != group {
			group = row.Group
			t.Rows = append(t.Rows, page.TableRow{Group: group, Span: len(m.Heads)})
		}
		cells := make([]page.Cell, len(row.Cells))
		for i, text := range row.Cells {
			cells[i] = page.Cell{Text: text, Head: i == 0, Number: i >= m.Words}
		}
		t.Rows = append(t.Rows, page.TableRow{Cells: cells, Total: row.Strong})
	}
	return t
}
