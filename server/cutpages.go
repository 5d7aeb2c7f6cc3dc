package server

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"regexp"
	"strconv"
	"sync"

	"wellwave/surveys"
)

// A page on which nothing that somebody answered is shown is the same for everybody but for a few short words: the
// handle, where Back leads, which question of how many it is, and the number of the next save. So the template is
// executed once for everything else that it depends on, with a marker in the place of each word; the result is cut at
// the markers, and a page is made by joining the pieces with the words of the person who asks for it. A page that shows
// an answer or a notice is rendered as any other.

// slot is a place in a cut page.
type slot int

const (
	slotHandle slot = iota
	slotBack
	slotPosition
	slotTotal
	slotSeq
	// Empty in pages that the server sends; a browser's worker fills them when it answers in the server's place.
	slotNotice // above the heading
	slotAction // beside the button
	slotList   // rows
	slotText   // of a row or a sentence
	slotNote   // beside it
	slotCount
)

// slotWords holds what goes into the slots. A word is letters, digits and hyphens only, so that it needs no escaping
// wherever in the HTML it stands.
type slotWords [slotCount]string

func (w slotWords) plain() bool {
	for _, word := range w {
		for _, r := range []byte(word) {
			if !(r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r == '-') {
				return false
			}
		}
	}
	return true
}

// cutKey is everything that the fixed part of a page depends on.
type cutKey struct {
	study         string // hash
	questionnaire *surveys.Questionnaire
	language      string
	reading       reading
	state         surveys.StudyState
	lent          bool   // on a tablet that was handed over
	detail        string // what else this kind of page depends on
	page          string // its template
}

// maxCutPages bounds the memory of the cache to some 5 MB.
const maxCutPages = 500

// cutPages keeps cut pages. A page that was dropped is cut again, so servers need not agree on what they keep.
type cutPages struct {
	renderer *Renderer
	markers  slotWords
	marker   *regexp.Regexp

	mu  sync.RWMutex
	cut map[cutKey]*cutPage
}

func newCutPages(r *Renderer) *cutPages {
	secret := rand.Text() // nobody can guess it, so no wording can hold a marker
	q := &cutPages{renderer: r, cut: make(map[cutKey]*cutPage)}
	for i := range q.markers {
		q.markers[i] = "slot" + secret + strconv.Itoa(i) + "x"
	}
	q.marker = regexp.MustCompile("slot" + secret + "([0-9])x")
	return q
}

// indentation is what templates are laid out with.
var indentation = regexp.MustCompile(`\n\s+`)

// cutPage is a rendered page without its words: the pieces between the slots, one more than there are slots.
type cutPage struct {
	pieces [][]byte
	slots  []slot
}

// fill writes the page with its words.
func (p *cutPage) fill(b *bytes.Buffer, words slotWords) {
	for i, s := range p.slots {
		b.Write(p.pieces[i])
		b.WriteString(words[s])
	}
	b.Write(p.pieces[len(p.slots)])
}

// whole returns the text of a cut page without slots.
func (p *cutPage) whole() string { return string(p.pieces[0]) }

// write writes the page that fixed makes, which is called with the markers as its words the first time that key is asked
// for.
func (q *cutPages) write(b *bytes.Buffer, key cutKey, words slotWords, fixed func(slotWords) page) error {
	if !words.plain() {
		return fmt.Errorf("cut page: a word that would need escaping")
	}
	cut, err := q.page(key, fixed)
	if err != nil {
		return err
	}
	cut.fill(b, words)
	return nil
}

// page returns the pieces of the page that fixed makes.
func (q *cutPages) page(key cutKey, fixed func(slotWords) page) (*cutPage, error) {
	q.mu.RLock()
	cut := q.cut[key]
	q.mu.RUnlock()
	if cut != nil {
		return cut, nil
	}
	cut, err := q.render(fixed(q.markers))
	if err != nil {
		return nil, err
	}
	q.keep(key, cut)
	return cut, nil
}

func (q *cutPages) render(p page) (*cutPage, error) {
	var b bytes.Buffer
	if err := q.renderer.execute(&b, p); err != nil {
		return nil, err
	}
	return q.cutUp(b.Bytes()), nil
}

func (q *cutPages) cutUp(html []byte) *cutPage {
	html = indentation.ReplaceAll(html, []byte("\n")) // a third of a page of questions
	cut := &cutPage{}
	from := 0
	for _, at := range q.marker.FindAllSubmatchIndex(html, -1) {
		cut.pieces = append(cut.pieces, html[from:at[0]])
		cut.slots = append(cut.slots, slot(html[at[2]]-'0'))
		from = at[1]
	}
	cut.pieces = append(cut.pieces, html[from:])
	return cut
}

func (q *cutPages) keep(key cutKey, cut *cutPage) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.cut) >= maxCutPages {
		for old := range q.cut { // any one: each is cheap to make again
			delete(q.cut, old)
			break
		}
	}
	q.cut[key] = cut
}

// cutPieces are a cut page's pieces with the numbers of the slots between them.
type cutPieces []any

func (p *cutPage) list() cutPieces {
	list := cutPieces{string(p.pieces[0])}
	for i, s := range p.slots {
		list = append(list, int(s), string(p.pieces[i+1]))
	}
	return list
}
