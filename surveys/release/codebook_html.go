package release

import (
	"bytes"
	"fmt"
	"html/template"
	"strings"

	"wellwave/surveys/disclosure"
)

// codebookPage is codebook.html: one file that loads nothing, for a screen of any width, a keyboard, a screen reader and paper.
// Texts of study files may be in any language, so each cell finds its own direction.
var codebookPage = template.Must(template.New(codebookHTML).Parse(`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Codebook of release {{.Release}}: {{.Title}}</title>
<style>
:root { color-scheme: light; }
body { margin: 0 auto; max-width: 80rem; padding: 1rem; background: #fff; color: #1b1f24; font: 1rem/1.5 "Atkinson Hyperlegible", Verdana, sans-serif; overflow-wrap: break-word; }
a { color: #1f4e79; }
:focus-visible { outline: 3px solid #1b1f24; outline-offset: 2px; background: #ffdd55; color: #1b1f24; }
.skip { position: absolute; inset-inline-start: -100rem; }
.skip:focus { position: static; }
.wide { overflow-x: auto; margin-block: 1rem; }
table { border-collapse: collapse; min-width: 100%; }
caption { text-align: start; font-weight: bold; padding-block: .5rem; }
th, td { border: 1px solid #6b7380; padding: .375rem .5rem; text-align: start; vertical-align: top; min-width: 5rem; }
thead th { background: #e8edf2; }
tbody th { font-family: "DejaVu Sans Mono", Menlo, Consolas, monospace; font-weight: normal; white-space: nowrap; }
@media print { .skip, nav { display: none; } .wide { overflow: visible; } body { max-width: none; font-size: 8pt; } tr { break-inside: avoid; } thead { display: table-header-group; } th, td { min-width: 0; } tbody th { white-space: normal; } }
</style>
</head>
<body>
<a class="skip" href="#maincontent">Skip to the codebook</a>
<header>
<h1 dir="auto">{{.Title}}</h1>
<p>Codebook of release {{.Release}}, profile {{.Profile}}: at least {{.K}} people share every combination of the keys.</p>
</header>
<nav aria-label="Tables">
<h2>Tables</h2>
<ul>
{{- range .Tables}}
<li><a href="#{{.ID}}">{{.Name}}</a>, columns: {{len .Rows}}</li>
{{- end}}
</ul>
</nav>
<main id="maincontent" tabindex="-1">
<h2>What to know</h2>
<ul>
{{- range .Notes}}
<li dir="auto">{{.}}</li>
{{- end}}
</ul>
<h2>What is not included</h2>
<ul>
{{- range .Left}}
<li dir="auto">{{.}}</li>
{{- end}}
</ul>
{{- if .Cited}}
<h2>What to cite</h2>
<ul>
{{- range .Cited}}
<li dir="auto">{{.Title}}, version {{.Version}}: {{.Citation}}{{with .DOI}} <a href="https://doi.org/{{.}}">doi:{{.}}</a>{{end}}. {{.Licence}}.</li>
{{- end}}
</ul>
{{- end}}
{{- range .Tables}}
<h2 id="{{.ID}}">{{.Name}}</h2>
<div class="wide" role="region" tabindex="0" aria-labelledby="{{.ID}}">
<table>
<caption>Columns of {{.Name}}</caption>
<thead>
<tr>{{range $.Heads}}<th scope="col">{{.}}</th>{{end}}</tr>
</thead>
<tbody>
{{- range .Rows}}
<tr><th scope="row">{{.Name}}</th>{{range .Cells}}<td dir="auto">{{.}}</td>{{end}}</tr>
{{- end}}
</tbody>
</table>
</div>
{{- end}}
</main>
</body>
</html>
`))

// codebookTable and codebookRow are a table of the codebook and a column in it.
type (
	codebookTable struct {
		ID, Name string
		Rows     []codebookRow
	}
	codebookRow struct {
		Name  string
		Cells []string
	}
)

// inHTML is how many of the columns of codebook.csv the page has; citations and licences stand once in it, above the tables.
const inHTML = 12

// codebookHTML writes the codebook to read.
func (d *description) codebookHTML() ([]byte, error) {
	page := struct {
		*Manifest
		K           int
		Notes, Left []string
		Cited       []Cited
		Heads       []string
		Tables      []codebookTable
	}{d.manifest(), d.plan.K, append(d.notes(), countsNote(d.made.counts.step)), append(d.plan.notIncluded(), d.plan.Left...), nil, codebookHeaders[1:inHTML], nil}
	for _, c := range d.plan.Cited {
		page.Cited = append(page.Cited, Cited{c.Instrument, clean(c.Title), c.Version, strings.TrimRight(clean(c.Citation), "."), c.DOI, strings.TrimRight(clean(c.Licence), ".")})
	}
	for i, left := range page.Left {
		page.Left[i] = clean(left)
	}
	for i, t := range d.describeTables() {
		one := codebookTable{ID: fmt.Sprintf("table-%d", i+1), Name: t.name}
		for j := range t.variables {
			cells := t.variables[j].cells(d.plan.Rule)
			one.Rows = append(one.Rows, codebookRow{cells[0], cells[1 : inHTML-1]})
		}
		page.Tables = append(page.Tables, one)
	}
	var b bytes.Buffer
	if err := codebookPage.Execute(&b, page); err != nil {
		return nil, fmt.Errorf("write %s: %w", codebookHTML, err)
	}
	return b.Bytes(), nil
}

// countsNote says how the counts of a codebook are made.
func countsNote(step int) string {
	near := "the others stand as they are"
	if step > 1 {
		near = fmt.Sprintf("the others stand to the nearest %d", step)
	}
	return fmt.Sprintf("Counts of people below %d are hidden, with others so that they cannot be worked out; %s. Of what is hidden stands the range that it can be. "+
		"Least and greatest values stand where at least %d people have them. How people took part is not counted here.", disclosure.LeastCount, near, disclosure.LeastCount)
}
