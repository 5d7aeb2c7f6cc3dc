package report

import (
	"io"

	"wellwave/surveys"
	"wellwave/surveys/climate"
	"wellwave/surveys/monitor"
)

// WriteFindings writes the programme's report of a staff round as a PDF. The same report and study give the same bytes.
func WriteFindings(w io.Writer, study *surveys.Study, r *climate.Report) error {
	banner := ""
	if study.Demo {
		banner = demoBanner
	}
	f := NewFindings(study, r)
	wave, _ := study.Wave(r.Round)
	d := newDocument("Staff survey: "+f.Round, banner, "Staff survey, "+f.Round, wave.Closes)
	d.block("Staff survey: "+f.Round, paperTitle, bold, textInk, 0)
	d.block(study.Title, paperHeading, regular, textInk, 2)
	d.heading(f.Finding, paperHeading, 20)
	for _, says := range f.Says {
		d.paragraph(says)
	}
	d.note("This file has no structure for screen readers; the round’s web page shows the same and is the accessible copy. " +
		"Characters that its fonts lack are printed as question marks.")
	for _, p := range f.Parts {
		d.findingsPart(p)
	}
	return d.write(w)
}

func (d *document) findingsPart(p FindingsPart) {
	d.heading(p.Title, paperSub, 12+6*float64(len(p.Says))+d.begins(p))
	for _, says := range p.Says {
		d.paragraph(says)
	}
	if p.Chart != nil {
		d.chart(p.Chart(Wide))
	}
	for _, t := range p.Tables {
		d.grouped(t)
	}
	for _, note := range p.Notes {
		d.note(note)
	}
}

// begins returns the height of what must stand below the part's first words.
func (d *document) begins(p FindingsPart) float64 {
	switch {
	case p.Chart != nil:
		return d.height(p.Chart(Wide))
	case len(p.Tables) > 0:
		t := groupedOf(p.Tables[0])
		t.fit()
		return t.opening()
	}
	return 10
}

// grouped draws a table with its groups as lines above their rows.
func (d *document) grouped(m monitor.Table) { d.table(groupedOf(m)) }

func groupedOf(m monitor.Table) table {
	t := tableOf(m)
	for _, row := range m.Rows {
		t.groups = append(t.groups, row.Group)
	}
	return t
}
