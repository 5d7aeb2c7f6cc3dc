package server

import "wellwave/surveys"

// bundleSheets adds what a worker needs to show several questions on one page: the tables of a questionnaire of one
// question a screen, or all questions, of which it leaves out those that do not apply.
func (h *participantHandlers) bundleSheets(v *visit, b *bundle) error {
	b.Sheets = make(map[string][2]int)
	for in := range v.grids() {
		b.Sheets[gridAddress(in)] = [2]int{in.from, in.to}
	}
	if v.Wave.Layout != surveys.OnePage {
		return nil
	}
	whole := wholeOf(v.Questionnaire)
	b.Sheets["all"] = [2]int{whole.from, whole.to}
	sh := v.emptySheet(whole)
	for i, item := range sh.items() {
		if item.First {
			section := newSection(sh.q, sh.words, item)
			section.List = h.pages.markers()[slotList]
			cut, err := h.pages.part(v.words.Pack, "participant/all", "sheet-section", section)
			if err != nil {
				return err
			}
			b.Sections = append(b.Sections, cut.list())
		}
		block, ok := sh.block(i)
		if !ok {
			b.Blocks = append(b.Blocks, "")
			continue
		}
		cut, err := h.pages.part(v.words.Pack, "participant/all", "sheet-question", block)
		if err != nil {
			return err
		}
		b.Blocks = append(b.Blocks, cut.whole())
	}
	return nil
}

// emptySheet is a sheet on which nothing stands.
func (v *visit) emptySheet(in span) *sheet {
	nothing := func(string) surveys.Value { return surveys.Value{} }
	sh := readSheet(v.Questionnaire, in, v.words, nil, nothing, v.shows)
	sh.grids = v.tables()
	return sh
}

// cutAll is the page of all questions as a worker fills it.
func (v *visit) cutAll() (cutKey, func(slotWords) page) {
	return v.cutKey((&allPage{}).template(), "worker"), func(words slotWords) page {
		v := v.withHandle(words[slotHandle])
		p := v.allPage(v.emptySheet(span{}))
		p.Sections, p.Earlier = nil, false
		p.Seq, p.Notice, p.List, p.Extra = words[slotSeq], words[slotNotice], words[slotList], words[slotAction]
		return p
	}
}
