package participant

import (
	"wellwave/server/page"
	"wellwave/server/question"
	"wellwave/surveys"
)

// bundleSheets adds what a worker needs to show several questions on one page: the tables of a questionnaire with one
// question per page, or all questions, from which the worker leaves out those that do not apply.
func (h *Offline) bundleSheets(v *visit, b *bundle) error {
	b.Sheets = make(map[string][2]int)
	for in := range v.grids() {
		b.Sheets[gridAddress(in)] = [2]int{in.From, in.To}
	}
	if v.Wave.Layout != surveys.OnePage {
		return nil
	}
	whole := question.WholeOf(v.Questionnaire)
	b.Sheets["all"] = [2]int{whole.From, whole.To}
	sh := v.emptySheet(whole)
	for i, item := range sh.items() {
		if item.First {
			section := newSection(sh.q, sh.words, item)
			section.List = h.pages.Markers()[page.SlotList]
			cut, err := h.pages.Part(v.words.Pack, "participant/all", "sheet-section", section)
			if err != nil {
				return err
			}
			b.Sections = append(b.Sections, cut.List())
		}
		block, ok := sh.block(i)
		if !ok {
			b.Blocks = append(b.Blocks, "")
			continue
		}
		cut, err := h.pages.Part(v.words.Pack, "participant/all", "sheet-question", block)
		if err != nil {
			return err
		}
		b.Blocks = append(b.Blocks, cut.Whole())
	}
	return nil
}

// emptySheet is a sheet without answers.
func (v *visit) emptySheet(in question.Span) *sheet {
	nothing := func(string) surveys.Value { return surveys.Value{} }
	sh := readSheet(v.Questionnaire, in, v.words, nil, nothing, v.shows, nil)
	sh.grids = v.tables()
	return sh
}

// cutAll is the page of all questions as a worker fills it.
func (v *visit) cutAll() (page.CacheKey, func(page.Words) page.Page) {
	return v.cutKey((&allPage{}).Template(), "worker"), func(words page.Words) page.Page {
		v := v.withHandle(words[page.SlotHandle])
		p := v.allPage(v.emptySheet(question.Span{}))
		p.Sections, p.Earlier = nil, false
		p.Seq, p.Notice, p.List, p.Extra = words[page.SlotSeq], words[page.SlotNotice], words[page.SlotList], words[page.SlotAction]
		return p
	}
}
