package surveys

import "slices"

// applyLate folds in the accepted answers of an entry that came after closing. They fill items without an answer, so
// that nothing given in time is changed; an answer given in time that is still on its way replaces them, because they
// leave no sequence behind.
func (s *Answers) applyLate(e *Entry) {
	proxy := e.How.Proxy()
	at, fills := s.hear(e.Sitting, e.Seq), s.lateFills(proxy)
	for _, a := range e.Accepted {
		if i, ok := s.q.index[a.Code]; ok && e.Seq >= s.sittings[at].seqs[i] && fills(i, a.Value) {
			s.stand(i, a.Value, at, proxy)
		}
	}
}

// lateFills returns a function that says whether a late value is put into the i-th item.
func (s *Answers) lateFills(proxy bool) func(i int, v Value) bool {
	if !proxy {
		return func(i int, v Value) bool { return v.fills(s.values[i]) }
	}
	own := s.ownScored()
	return func(i int, v Value) bool { return v.fills(s.values[i]) && !own[i] }
}

// resists reports whether any of these answers, being late, would not replace another that stands.
func (s *Answers) resists(answers []ItemAnswer, proxy bool) bool {
	fills := s.lateFills(proxy)
	return slices.ContainsFunc(answers, func(a ItemAnswer) bool {
		i := s.q.index[a.Code]
		return s.says(i, a.Value, proxy) && !fills(i, a.Value)
	})
}

// fills reports whether a late value may be put where another stands: an answer where there is none, and a reason for
// having none only where nothing was said.
func (v Value) fills(standing Value) bool {
	return v.Given() && !standing.Given() || standing.Kind == Untouched
}
