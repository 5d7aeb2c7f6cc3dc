package releases

import (
	"fmt"

	"wellwave/server/office/signedin"
	"wellwave/server/page"
	"wellwave/surveys"
	"wellwave/surveys/release"
)

// resultID is where the page says what became of a release.
const resultID = "assessment-title"

// show puts onto the page what would become of a release, which takes the page's whole width.
func (p *releaseNewPage) show(a *release.Assessment, study *surveys.Study) {
	p.Narrow, p.Tried = false, viewOf(a, study)
}

// viewOf says in tables how a release would hide people. Counts of people who share a combination are in it and never which
// answers anybody gave, so that it may be read while a study is masked.
func viewOf(a *release.Assessment, study *surveys.Study) assessmentView {
	v := assessmentView{Title: "This release can be made", Kind: "good",
		Says: []string{fmt.Sprintf("It would hold %s. In every file at least %d have to share each combination of the keys.", signedin.Plural(a.People, "person", "people"), a.K)}}
	if len(a.Refused) > 0 {
		v.Title, v.Kind = "This release would be refused", "alarm"
	}
	for _, why := range a.Refused {
		v.Refused = append(v.Refused, page.Sentence(why))
	}
	for _, advice := range a.Advice {
		v.Advice = append(v.Advice, advice.String())
	}
	v.Rare = a.Rare
	v.Tables = []page.Table{risksOf(a), keysOf(a)}
	if len(a.After) > 0 {
		v.Tables = append(v.Tables, blanksOf(a, study))
	}
	return v
}

// keysOf lists the keys.
func keysOf(a *release.Assessment) page.Table {
	t := page.Table{ID: "keys", Caption: "The keys, the most important first", Heads: page.Heads("Key", "#Values", "#Cells blanked", "Bands")}
	for _, key := range a.Keys {
		bands := page.TextCell("")
		for i, band := range key.Bands {
			if i > 0 {
				bands.Text += ", "
			}
			bands.Text += band
		}
		t.Rows = append(t.Rows, page.Row(page.HeadCell(key.Name), signedin.CountCell(key.Values), signedin.CountCell(key.Blanked), bands))
	}
	return t
}

// risksOf says of each file how many people share the combinations, as the answers are and once cells are blanked.
func risksOf(a *release.Assessment) page.Table {
	t := page.Table{ID: "risks", Caption: "How many people share the combinations of keys",
		Heads: page.Heads("File", "#People", "#Classes", "#Smallest class", "#Greatest risk", "#Mean risk")}
	stages := []struct {
		says  string
		files []release.Measure
	}{{"As the answers are", a.Before}, {"Once cells are blanked", a.After}}
	if a.Blanked.Cells == 0 {
		stages = stages[:1]
	}
	for _, stage := range stages {
		if len(stages) > 1 && len(stage.files) > 0 {
			t.Rows = append(t.Rows, page.TableRow{Group: stage.says, Span: len(t.Heads)})
		}
		for _, m := range stage.files {
			if m.Rows == 0 {
				t.Rows = append(t.Rows, page.Row(page.Cell{Text: m.File, Head: true, Note: "nobody yet"}, signedin.CountCell(0), page.TextCell(""), page.TextCell(""), page.TextCell(""), page.TextCell("")))
				continue
			}
			t.Rows = append(t.Rows, page.Row(page.HeadCell(m.File), signedin.CountCell(m.Rows), signedin.CountCell(m.Classes), signedin.CountCell(m.Smallest),
				page.NumberCell(surveys.FixedNumber(m.Greatest, 3)), page.NumberCell(surveys.FixedNumber(m.Mean, 3))))
		}
	}
	return t
}

// blanksOf says how many cells of keys are blanked, in all and at the sites that lose any, and how many may be.
func blanksOf(a *release.Assessment, study *surveys.Study) page.Table {
	t := page.Table{ID: "blanks", Caption: "Blanked cells of the keys", Heads: page.Heads("Where", "#Cells", "#Of", "#At most", "")}
	t.Heads[4] = page.HiddenHead("Whether that is too many")
	row := func(where string, s release.Share, total bool) {
		verdict := page.BadgeCell("good", "within")
		if s.Cells > s.Most {
			verdict = page.BadgeCell("alarm", "too many")
		}
		t.Rows = append(t.Rows, page.TableRow{Total: total, Cells: []page.Cell{page.HeadCell(where), signedin.CountCell(s.Cells), signedin.CountCell(s.Of), signedin.CountCell(s.Most), verdict}})
	}
	for _, site := range a.Sites {
		row(study.SiteTitle(site.Site), site.Share, false)
	}
	row("All sites", a.Blanked, true)
	return t
}
